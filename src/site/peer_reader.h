#pragma once
// Reads another site's journal in a folder, as far as that site has signed it. Who keeps the folder
// is believed about whose journal it is; the entries are judged where they are admitted.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/scan.h"
#include "journal/tree.h"
#include "site/believed.h"
#include "site/core.h"

namespace site {

inline constexpr std::size_t peer_events_max = 4'096;  // handed over at once

// Takes what came next, with the state after it. False: nothing more of this journal.
using TakePeer = std::function<bool(const Peer& peer, std::span<const std::string> events)>;

// For one thread at a time.
class PeerReader {
 public:
  PeerReader(io::Disk& disk, io::Path folder, std::string estate);

  // Reads from where it stands up to the newest checkpoint, whose root must be that of the entries,
  // and hands over what there is; where a person decided to believe less of the journal
  // (site/believed.h), up to there. A journal that cannot be read on is handed over with the reason
  // why, once; it is tried again. The roster, if there is one, says which keys speak for the site:
  // each time the one that is in use then. Where a newer one ends the key behind an earlier entry
  // than was handed over, all is handed over anew, from the first entry on.
  void read(const TakePeer& take, const journal::Roster* roster = nullptr);

 private:
  base::Result<> read_on(const TakePeer& take, const journal::Roster* roster);
  base::Result<> identify();
  void begin_anew_if_ended(const journal::Roster& roster);
  base::Result<> read_believed(const Believed& believed, const TakePeer& take);
  base::Result<> check_root(const journal::Checkpoint& checkpoint);
  base::Result<std::uint64_t> spoken_for(std::uint64_t size, const journal::Roster* roster) const;
  base::Result<> hand_over(std::uint64_t size, const TakePeer& take);

  io::Disk& disk_;
  std::string estate_;
  Peer peer_;
  journal::VerifierKey key_;
  journal::Place place_;         // behind what was handed over
  journal::Frontier frontier_;   // of the same
  std::uint64_t judged_by_ = 0;  // number of the roster by which it was handed over
  bool is_over_ = false;
};

}  // namespace site
