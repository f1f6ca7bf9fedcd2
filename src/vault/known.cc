#include "vault/known.h"

#include <algorithm>

#include <fmt/core.h>

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

struct Found {
  io::Path folder;
  journal::Origin origin;
};

// Copies of the estate's journals, of each site the newest epoch, by site.
Result<std::vector<Found>> find_copies(io::Disk& disk, const io::Path& copies,
                                       const journal::Origin& own) {
  std::map<std::string, Found> newest;
  if (disk.exists(copies)) {
    for (const std::string& name : TRY(disk.list(copies))) {
      const auto key = site::journal_key(disk, copies / name);
      if (!key || !*key) continue;
      const auto origin = journal::parse_origin((*key)->name);
      if (!origin || origin->estate != own.estate || origin->site == own.site) continue;
      Found& found = newest[origin->site];
      if (found.folder.empty() || found.origin.epoch < origin->epoch)
        found = {copies / name, *origin};
    }
  }
  std::vector<Found> list;
  for (auto& [site, found] : newest) list.push_back(std::move(found));
  return list;
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
  for (const Found& found : TRY(find_copies(disk, data / site::copies_folder, *own)))
    known.journals.push_back(folding.read(disk, found.folder, to_string(found.origin)));
  return known;
}

}  // namespace vault
