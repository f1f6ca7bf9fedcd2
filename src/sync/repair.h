#pragma once
// Repairs a journal, or a copy of one, from another copy of the same: what differs is replaced, and
// only if the whole then verifies.

#include <optional>
#include <vector>

#include "io/disk.h"
#include "journal/note.h"

namespace syncing {

struct Replaced {
  std::string file;                  // inside the journal's folder
  std::uint64_t begin = 0, end = 0;  // bytes of the file that are new, from the first to the last
  std::string set_aside;  // the file inside the folder that keeps what was there; empty if nothing
};

struct Repaired {
  std::string origin;
  std::uint64_t entries = 0, signed_entries = 0;  // of the repaired journal
  std::vector<Replaced> replaced;
};

// Makes the journal in `folder` whole with what the copy in `donor` has, which must verify by
// itself. Nobody may be writing either. `key` is whose journal it is; without it, its first header
// must be readable and says so. The folder changes in one step, or not at all.
// Errors: nothing_to_do where the journal verifies already; evidence_bad where the copy does not
// hold, is of another journal, is not of this history, or does not reach far enough.
base::Result<Repaired> repair(io::Disk& disk, const io::Path& folder, const io::Path& donor,
                              const std::optional<journal::VerifierKey>& key, bool is_copy = false);

}  // namespace syncing
