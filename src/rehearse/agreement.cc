#include "rehearse/agreement.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "journal/frame.h"
#include "journal/scan.h"
#include "rebuild/rebuild.h"
#include "site/key.h"

namespace rehearse {
namespace {

constexpr std::int64_t round_ms = 1'500;  // a signature is due after a second
constexpr int steps_max = 600;

bool counts(const Member& member) { return !member.is_attacker && member.taint == Taint::none; }

bool must_hold(Estate& estate, const Member& holder, const Member& owner) {
  if (!counts(owner) || holder.is_attacker || holder.taint == Taint::lost || &holder == &owner)
    return false;
  const auto& site = owner.host->plan().site;
  const auto origin = site::origin_of(estate_name, site.code, site.epoch);
  return want_of(holder.host->plan(), estate.roster(), origin) >= syncing::Want::entries;
}

std::uint64_t journal_size(Member& member) {
  std::uint64_t size = 0;
  member.host->look([&](const site::View& view) { size = view.journal.size(); });
  return size;
}

bool all_is_held(Estate& estate) {
  for (auto& owner : estate.members()) {
    if (!counts(*owner) || !owner->is_up()) continue;
    const std::uint64_t size = journal_size(*owner);
    for (auto& holder : estate.members()) {
      if (!must_hold(estate, *holder, *owner) || !holder->is_up()) continue;
      const auto copy = holder->host->copies().find(owner->host->origin());
      if (!copy || (*copy)->size() != size || !(*copy)->checkpoint() ||
          (*copy)->checkpoint()->checkpoint.size != size)
        return false;
    }
  }
  return true;
}

// The segments, without the space behind the newest frame.
std::vector<std::pair<std::string, std::string>> bytes_of(io::Disk& disk, const io::Path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  const auto names = journal::list_segments(disk, folder);
  if (!names) return files;
  for (const std::string& name : *names) {
    auto bytes = io::read_file(disk, folder / name);
    const auto header = bytes ? journal::parse_header(*bytes)
                              : base::Result<journal::ParsedHeader>(std::unexpected(bytes.error()));
    if (!header) return {};
    bytes->resize(journal::frames_end(*bytes, header->bytes));
    files.emplace_back(name, *std::move(bytes));
  }
  return files;
}

void check_bytes(Estate& estate, Member& owner) {
  const auto original = bytes_of(owner.host->disk(), journal_path);
  const std::uint64_t size = journal_size(owner);
  for (auto& holder : estate.members()) {
    if (!must_hold(estate, *holder, owner)) continue;
    const auto copy = holder->host->copies().find(owner.host->origin());
    const std::uint64_t held = copy ? (*copy)->size() : 0;
    if (held != size)
      estate.complain(fmt::format("{} holds {} of the {} entries of {}", holder->host->name(), held,
                                  size, owner.host->name()));
    else if (bytes_of(holder->host->disk(), copies_path / owner.host->folder_name()) != original)
      estate.complain(fmt::format("{}: its copy of {} is not the original", holder->host->name(),
                                  owner.host->name()));
  }
}

// What a site's book says of each journal that it has read, its own included.
std::vector<rebuild::Part> parts_of(Estate& estate, Member& member) {
  std::vector<rebuild::Part> parts;
  member.host->look([&](const site::View& view) {
    const auto add = [&](const std::string& origin, std::uint64_t entries, trade::SiteCode site) {
      const trade::Partition* partition = view.book.find(site);
      const Member* owner = estate.of_origin(origin);
      if (partition == nullptr || owner == nullptr || !counts(*owner)) return;
      parts.push_back({origin, entries, crypto::sha256(trade::encode(*partition))});
    };
    add(member.host->origin(), view.journal.size(), member.host->plan().site.code);
    for (const site::Peer& peer : view.peers) {
      if (!peer.site) continue;
      const auto origin =
          fmt::format("stockade/{}/{}", estate_name, std::string(peer.folder.filename().string()));
      std::string name = origin;
      name[name.rfind('-')] = '/';
      add(name, peer.entries, *peer.site);
    }
  });
  return parts;
}

// Who holds everything, and has read it.
bool sees_everything(const Member& member) {
  return counts(member) && (member.is_centre() || member.is_depot());
}

// Lies are found out, by somebody who can prove it or has set the journal aside; and nobody else is
// called a liar.
void check_liars(Estate& estate) {
  for (auto& owner : estate.members()) {
    if (owner->is_attacker || owner->taint == Taint::lost) continue;
    std::string accused_by, aside_at;
    for (auto& holder : estate.members()) {
      if (holder->is_attacker) continue;
      if (holder->host->disk().exists(copies_path / syncing::evidence_folder /
                                      owner->host->folder_name()))
        accused_by = holder->host->name();
      if (holder != owner && holder->host->has_core())
        holder->host->look([&](const site::View& view) {
          if (view.book.quarantine(owner->host->plan().site.code)) aside_at = holder->host->name();
        });
    }
    const std::string& name = owner->host->name();
    const bool has_twin = std::ranges::any_of(estate.members(), [&](const auto& other) {
      return other->is_attacker && other->host->origin() == owner->host->origin();
    });
    if (has_twin && !accused_by.empty()) owner->taint = Taint::two_histories;  // shown late
    if (owner->taint == Taint::two_histories && accused_by.empty() && !owner->is_refused)
      estate.complain(name + " has signed two histories, and nobody says so");
    if (owner->taint == Taint::absurd && aside_at.empty())
      estate.complain(name + " has signed an absurd entry, and nobody has set it aside");
    if (owner->taint != Taint::two_histories && !accused_by.empty())
      estate.complain(
          fmt::format("{} has evidence against {}, which did nothing", accused_by, name));
    if (owner->taint == Taint::none && !aside_at.empty())
      estate.complain(fmt::format("{} has set {} aside, which did nothing", aside_at, name));
  }
}

}  // namespace

void settle(Estate& estate, int rounds_max) {
  for (int round = 0; round < rounds_max; ++round) {
    estate.pass(round_ms);
    for (auto& member : estate.members()) {
      if (!member->is_up()) continue;
      if (member->host->has_core()) member->host->look([](const site::View&) {});
      for (const std::string& to : member->host->plan().dials) estate.dial(*member, to);
    }
    estate.travel_until_quiet(steps_max);
    if (all_is_held(estate)) break;
  }
  for (auto& member : estate.members()) estate.read_peers(*member);
}

std::string check_agreement(Estate& estate) {
  check_liars(estate);
  for (auto& owner : estate.members()) {
    if (!counts(*owner)) continue;
    if (!owner->is_up())
      estate.complain(owner->host->name() + " is down after the heal");
    else
      check_bytes(estate, *owner);
  }
  std::map<std::pair<std::string, std::uint64_t>, std::pair<journal::Digest, std::string>> states;
  std::string digest;
  for (auto& member : estate.members()) {
    if (!member->host->has_core() || member->is_attacker) continue;
    const auto parts = parts_of(estate, *member);
    for (const rebuild::Part& part : parts) {
      const auto [row, is_new] = states.try_emplace({part.origin, part.entries},
                                                    std::pair(part.state, member->host->name()));
      if (!is_new && row->second.first != part.state)
        estate.complain(fmt::format("{} and {} have read {} entries of {} and do not agree",
                                    row->second.second, member->host->name(), part.entries,
                                    part.origin));
    }
    if (!sees_everything(*member)) continue;
    const std::string mine = to_hex(rebuild::estate_digest(parts));
    if (digest.empty()) digest = mine;
    if (digest == mine) continue;
    estate.complain(fmt::format("{} makes another digest of the estate", member->host->name()));
    for (const rebuild::Part& part : parts)
      estate.diary().note("{} has read {} entries of {}", member->host->name(), part.entries,
                          part.origin);
    member->host->look([&](const site::View& view) {
      for (const site::Peer& peer : view.peers)
        if (!peer.why.empty()) estate.diary().note("{}: {}", member->host->name(), peer.why);
    });
  }
  return digest;
}

}  // namespace rehearse
