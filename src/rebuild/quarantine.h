#pragma once
// Believing less of another site's journal, after a look at what that changes.

#include <cstdint>
#include <string>
#include <vector>

#include "io/disk.h"
#include "trade/words.h"

namespace rebuild {

// All entries of the journal, and the first ones that would still be believed.
struct Both {
  std::int64_t all = 0, kept = 0;
};

struct LineChange {
  trade::ProductId product;
  Both on_hand;
};
struct Difference {
  std::string origin;
  Both entries, events;
  std::vector<LineChange> lines;                        // by product; those that differ
  std::vector<std::pair<std::string, Both>> documents;  // how many of each kind; those that differ
};

// Folds the journal in the folder twice: whole, and its first `entries` only, or fewer where that
// is in the middle of a commit. Errors: evidence_bad where there is no journal or it does not hold
// so far; io_failed.
base::Result<Difference> difference(io::Disk& disk, const io::Path& folder, std::uint64_t entries);

// From now on only the first entries count, for every site that reads the folder. Errors: as above.
base::Result<> quarantine(io::Disk& disk, const io::Path& folder, std::uint64_t entries,
                          const std::string& why);
// Takes that back. Error: nothing_to_do, io_failed.
base::Result<> lift_quarantine(io::Disk& disk, const io::Path& folder);

}  // namespace rebuild
