#pragma once
// Whether a continuity copy is what a site of the roster signed, byte for byte; and, for somebody
// who may open it, whether what is inside is what was claimed.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "journal/roster.h"
#include "vault/claim.h"

namespace vault {

struct VerifyOptions {
  std::int64_t now_s = 0;
  std::optional<std::int64_t> age_s_max = {};  // an older copy does not hold
  io::Path identity = {};                      // a file for age; empty: the copy stays closed
  int threads = 1;
};

struct Verified {
  std::optional<Claim> claim;       // once a signature of the roster's key is found to hold
  std::int64_t age_s = 0;           // of the copy
  bool is_opened = false;           // it was decrypted and all of it looked at
  std::vector<std::string> faults;  // everything that does not hold, each with its file; none: good
};

// A clock may be so far behind a site's before a copy counts as one from the future.
inline constexpr std::int64_t clock_slack_s = 10 * 60;

// `path` is the encrypted file or its note; the other lies beside it. Errors: input_missing where
// there is no such file; io_failed also where age or tar cannot be run.
base::Result<Verified> verify(io::Disk& disk, const io::Path& path, const journal::Roster& roster,
                              const VerifyOptions& options);

}  // namespace vault
