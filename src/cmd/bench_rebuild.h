#pragma once
// What stockade bench measures of a centre that is lost.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace cmd {

struct BenchRebuild {
  std::string folder;  // a new one; removed in the end
  std::int64_t sites = 2'500, days = 14, events_per_day = 3'000;
  std::int64_t missing_percent = 0, lying_percent = 0;  // of the sites
  int threads = 1;
  bool json = false;
};

// Writes the journals of stores, each event a commit of its own, loses some, forges some, and
// rebuilds the centre from the rest. Error: evidence_bad where a missing or lying store is not
// named; input_bad for a folder that is there already, io_failed.
base::Result<> bench_rebuild(const BenchRebuild& wanted);

}  // namespace cmd
