#include "vault/known.h"

#include <functional>

#include <fmt/core.h>

#include "site/held_nights.h"
#include "site/key.h"
#include "site/peer_reader.h"
#include "site/sold_sign.h"
#include "trade/till.h"

namespace vault {
namespace {

using base::ErrorCode;
using base::Result;

// Folds one journal into the book.
class Folding {
 public:
  Folding(Known& known, const journal::Roster& roster) : known_(known), roster_(roster) {}

  JournalRead read(io::Disk& disk, const io::Path& folder, const std::string& origin) {
    JournalRead row{origin, {}, 0, journal::empty_root(), {}};
    site::PeerReader reader(disk, folder, roster_.estate);
    const auto take_all = [&](const site::Peer& peer, std::span<const std::string> events) {
      row.why = peer.why;
      if (peer.site) row.site = *peer.site;
      for (const std::string& event : events) {
        if (take(row.site, event)) continue;
        row.why = fmt::format("an event behind its first {} entries cannot be true", row.entries);
        return false;
      }
      row.entries = peer.entries;
      row.root = peer.root;
      return true;
    };
    reader.read(take_all, &roster_);
    return row;
  }

 private:
  bool take(trade::SiteCode site, std::string_view bytes) {
    if (!trade::admit(known_.book, site, bytes)) return false;
    const auto event = trade::decode(bytes);
    if (!event) return true;
    const trade::Partition& partition = *known_.book.find(site);
    trade::each_traded(
        partition, event->body,
        [&](trade::Cause cause, trade::LineNo line, std::int64_t units, std::int64_t) {
          if (const int sign = site::sold_sign(cause); sign != 0)
            known_.sold[{site, partition.day, line}] += sign * units;
        });
    return true;
  }

  Known& known_;
  const journal::Roster& roster_;
};

// Journals of one site by their epochs, the newest first.
using Epochs = std::map<std::uint64_t, io::Path, std::greater<>>;

// The estate's journals in a site's folder, by site.
Result<std::map<std::string, Epochs>> find_journals(io::Disk& disk, const io::Path& data,
                                                    const journal::Origin& own) {
  std::map<std::string, Epochs> found;
  found[own.site][own.epoch] = data / site::journal_folder;
  const io::Path copies = data / site::copies_folder;
  if (!disk.exists(copies)) return found;
  for (const std::string& name : TRY(disk.list(copies))) {
    const auto key = site::journal_key(disk, copies / name);
    if (!key || !*key) continue;
    const auto origin = journal::parse_origin((*key)->name);
    if (origin && origin->estate == own.estate)
      found[origin->site].try_emplace(origin->epoch, copies / name);
  }
  return found;
}

// The nights that a centre's journal names, of which the newest of each store is kept. A centre
// that goes on in its next epoch goes on with those of the one before.
void keep_nights(io::Disk& disk, const trade::Partition& centre, const Epochs& epochs,
                 site::HeldNights& newest) {
  site::NamedNight named;
  for (const auto& [epoch, folder] : epochs) named.folders.push_back(folder);
  for (auto told = centre.nights.rbegin(); told != centre.nights.rend(); ++told) {
    const auto held = newest.find(told->first.store);
    if (held != newest.end() && trade::to_day(held->second.night.day) >= told->first.day) continue;
    named.document = told->second;
    if (auto night = site::read_night(disk, told->first, named))
      newest.insert_or_assign(told->first.store, *std::move(night));
  }
}

}  // namespace

Result<Known> read_known(io::Disk& disk, const io::Path& data, const std::string& origin,
                         const journal::Roster& roster) {
  const io::Path own_folder = data / site::journal_folder;
  const auto own = journal::parse_origin(origin);
  const auto key = TRY(site::journal_key(disk, own_folder));
  if (!own || !key || key->name != origin)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: is not the journal of {}", own_folder.string(), origin));
  Known known;
  Folding folding(known, roster);
  known.journals.push_back(folding.read(disk, own_folder, origin));
  if (const JournalRead& row = known.journals.front(); !row.why.empty())
    return base::fail(ErrorCode::evidence_bad, row.why);
  const auto found = TRY(find_journals(disk, data, *own));
  for (const auto& [code, epochs] : found) {
    const auto& [epoch, folder] = *epochs.begin();
    if (code != own->site)
      known.journals.push_back(
          folding.read(disk, folder, to_string(journal::Origin{own->estate, code, epoch})));
  }
  for (const auto& [code, partition] : known.book.partitions()) {
    const auto epochs = found.find(site::origin_of(own->estate, code, 1).site);
    if (partition.site.kind == trade::SiteKind::centre && epochs != found.end())
      keep_nights(disk, partition, epochs->second, known.nights);
  }
  return known;
}

}  // namespace vault
