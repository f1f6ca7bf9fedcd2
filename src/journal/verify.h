#pragma once
// The verdict about a journal's past from its bytes alone: every frame, link, entry, document,
// signature and witness; the first thing that does not hold, and what is still worth trusting.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/roster.h"
#include "journal/scan.h"

namespace journal {

struct VerifyOptions {
  const Roster* roster = nullptr;       // whose keys are believed; without it, the journal's own
  std::optional<VerifierKey> key = {};  // the journal must be under this one
  std::vector<VerifierKey> witnesses = {};  // beside those of the roster
  std::uint64_t witnesses_min = 0;          // so many must have cosigned the checkpoint
  std::uint64_t known_entries = 0;          // somebody has seen so many
  std::vector<std::string> seen = {};       // checkpoint notes that others hold, whole
  // The folder is a copy that another site holds: what lies beside the segments may be missing,
  // documents and broken records that were set aside. What is there must fit.
  bool is_copy = false;
};

struct WitnessSeen {
  std::string name;
  std::uint64_t seconds = 0;  // when it cosigned the checkpoint, since 1970-01-01 UTC
};

struct VerifyReport {
  bool ok = true;
  std::string origin;
  std::uint64_t entries = 0;  // whole ones from the start
  std::optional<std::uint64_t> checkpoint_size;
  // Everything found wrong, the first one first. Without any, ok.
  std::vector<Fault> faults;
  std::uint64_t trustworthy = 0;    // entries before anything that is wrong
  std::uint64_t unsigned_tail = 0;  // whole entries behind the checkpoint
  std::uint64_t bytes = 0;          // of entries
  std::uint64_t documents = 0;
  std::vector<WitnessSeen> witnesses;
  std::vector<std::string> set_aside;  // files that hold broken records
};

// Never writes. Error: io_failed; evidence_bad where the folder holds no journal.
base::Result<VerifyReport> verify(io::Disk& disk, const io::Path& folder,
                                  const VerifyOptions& options);

}  // namespace journal
