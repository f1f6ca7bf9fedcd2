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
  // The roster, if there is one, must outlive the reader: it says which keys speak for the site.
  PeerReader(io::Disk& disk, io::Path folder, std::string estate,
             const journal::Roster* roster = nullptr);

  // Reads from where it stands up to the newest checkpoint, whose root must be that of the entries,
  // and hands over what there is; where a person decided to believe less of the journal
  // (site/believed.h), up to there. A journal that cannot be read on is handed over with the reason
  // why, once; it is tried again.
  void read(const TakePeer& take);

 private:
  base::Result<> read_on(const TakePeer& take);
  base::Result<> identify();
  base::Result<> read_believed(const Believed& believed, const TakePeer& take);
  base::Result<> check_root(const journal::Checkpoint& checkpoint);
  base::Result<std::uint64_t> spoken_for(std::uint64_t size) const;
  base::Result<> hand_over(std::uint64_t size, const TakePeer& take);

  io::Disk& disk_;
  std::string estate_;
  const journal::Roster* roster_;
  Peer peer_;
  journal::VerifierKey key_;
  journal::Place place_;        // behind what was handed over
  journal::Frontier frontier_;  // of the same
  bool is_over_ = false;
};

}  // namespace site
