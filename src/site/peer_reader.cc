#include "site/peer_reader.h"

#include <utility>

#include <fmt/core.h>

#include "journal/files.h"
#include "site/key.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

Result<> unpack(const journal::Frame& frame, std::vector<std::string>& events,
                std::int64_t& at_ms) {
  for (const std::string_view bytes : frame.entries) {
    const auto entry = TRY(journal::parse_entry(bytes));
    at_ms = entry.stamp.at_ms;
    if (entry.kind != journal::EntryKind::events) continue;
    for (const std::string_view event : TRY(journal::unpack_events(entry.body)))
      events.emplace_back(event);
  }
  return {};
}

}  // namespace

PeerReader::PeerReader(io::Disk& disk, io::Path folder, std::string estate)
    : disk_(disk), estate_(std::move(estate)) {
  peer_.folder = std::move(folder);
}

void PeerReader::read(const TakePeer& take, const journal::Roster* roster) {
  if (roster != nullptr) begin_anew_if_ended(*roster);
  if (is_over_) return;
  const std::string why_before = std::exchange(peer_.why, {});
  const auto outcome = read_on(take, roster);
  if (!outcome) peer_.why = outcome.error().message;
  if (!is_over_ && peer_.why != why_before) (void)take(peer_, {});
}

// Each roster is asked once: what is handed over under it is within what it says.
void PeerReader::begin_anew_if_ended(const journal::Roster& roster) {
  if (std::exchange(judged_by_, roster.number) == roster.number || frontier_.size() == 0) return;
  if (!journal::judge_key(roster, key_, frontier_.size()).entry) return;
  place_ = {};
  frontier_ = {};
  is_over_ = false;
  peer_.entries = 0;
  peer_.root = {};
  peer_.at_ms = 0;
  ++peer_.begun_anew;
}

Result<> PeerReader::read_on(const TakePeer& take, const journal::Roster* roster) {
  if (!peer_.site) TRY(identify());
  if (const auto believed = TRY(load_believed(disk_, peer_.folder)))
    return read_believed(*believed, take);
  const auto stored = TRY(journal::load_checkpoint(disk_, peer_.folder, key_));
  if (!stored || stored->checkpoint.size <= frontier_.size()) return {};
  TRY(check_root(stored->checkpoint));
  const std::uint64_t size = stored->checkpoint.size,
                      spoken_for_size = TRY(spoken_for(size, roster));
  TRY(hand_over(spoken_for_size, take));
  if (spoken_for_size == size) return {};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: the roster has revoked its key behind entry {}",
                                peer_.folder.string(), spoken_for_size));
}

// A person's decision stands in for the signature: it names the root of what is believed.
Result<> PeerReader::read_believed(const Believed& believed, const TakePeer& take) {
  const std::string folder = peer_.folder.string();
  if (frontier_.size() > believed.entries)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: only its first {} entries are believed ({}), and {} were "
                                  "taken before; they go when the site is started again",
                                  folder, believed.entries, believed.why, frontier_.size()));
  if (frontier_.size() < believed.entries) {
    TRY(check_root({key_.name, believed.entries, believed.root}));
    TRY(hand_over(believed.entries, take));
  }
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: only its first {} entries are believed: {}", folder,
                                believed.entries, believed.why));
}

// How many of so many entries the roster lets the key speak for.
Result<std::uint64_t> PeerReader::spoken_for(std::uint64_t size,
                                             const journal::Roster* roster) const {
  if (roster == nullptr) return size;
  const journal::Standpoint stands = journal::judge_key(*roster, key_, size);
  if (stands.why.empty()) return size;
  if (stands.entry) return *stands.entry;
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", peer_.folder.string(), stands.why));
}

Result<> PeerReader::identify() {
  const auto key = TRY(journal_key(disk_, peer_.folder));
  const auto origin = key ? journal::parse_origin(key->name) : std::nullopt;
  const auto site = origin ? code_of(*origin) : std::nullopt;
  if (!site || origin->estate != estate_)
    return base::fail(ErrorCode::evidence_bad, fmt::format("{}: holds no journal of a site of {}",
                                                           peer_.folder.string(), estate_));
  key_ = *key;
  peer_.site = site;
  peer_.epoch = static_cast<std::uint16_t>(origin->epoch);
  return {};
}

// Nothing is handed over before the signature over all of it is known to hold.
Result<> PeerReader::check_root(const journal::Checkpoint& checkpoint) {
  journal::Frontier frontier = frontier_;
  const auto end = TRY(journal::scan(disk_, peer_.folder, place_,
                                     [&](const journal::Frame& frame, const journal::Place&) {
                                       for (const journal::Digest& leaf : frame.leaves)
                                         if (frontier.size() < checkpoint.size)
                                           frontier.append(leaf);
                                     }));
  const bool holds = frontier.size() == checkpoint.size && frontier.root() == checkpoint.root;
  if (holds && end.key == key_) return {};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: its entries are not the {} that its site has signed",
                                peer_.folder.string(), checkpoint.size));
}

Result<> PeerReader::hand_over(std::uint64_t size, const TakePeer& take) {
  std::vector<std::string> events;
  bool is_further = false;  // than what was given; entries without events count, too
  Result<> outcome;
  const auto give = [&] {
    is_further = false;
    peer_.root = frontier_.root();
    is_over_ = !take(peer_, events);
    events.clear();
  };
  const auto on_frame = [&](const journal::Frame& frame, const journal::Place& begin) {
    if (!outcome || is_over_ || frontier_.size() + frame.entries.size() > size) return;
    place_ = begin;
    const std::size_t whole = events.size();
    std::int64_t at_ms = peer_.at_ms;
    outcome = unpack(frame, events, at_ms);
    if (!outcome) return events.resize(whole);
    for (const journal::Digest& leaf : frame.leaves) frontier_.append(leaf);
    place_.offset += frame.bytes;
    place_.next += frame.entries.size();
    place_.link = frame.check;
    peer_.entries = frontier_.size();
    peer_.at_ms = at_ms;
    is_further = true;
    if (events.size() >= peer_events_max) give();
  };
  const auto end = journal::scan(disk_, peer_.folder, place_, on_frame);
  if (is_further && !is_over_) give();
  if (!end) return std::unexpected(end.error());
  return outcome;
}

}  // namespace site
