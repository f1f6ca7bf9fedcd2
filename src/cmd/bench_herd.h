#pragma once
// What stockade bench measures of a centre whose stores all come back at once.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace cmd {

struct BenchHerd {
  std::string folder;  // a new one; removed in the end
  std::int64_t sites = 2'500, events_per_day = 3'000;
  bool json = false;
};

// Writes a day's journal of each store. Then all of them dial a centre over TLS at the same moment,
// each on a connection of its own from a second process, and give it their day, while others go on
// asking the centre. Error: evidence_bad where a copy is not the whole journal.
base::Result<> bench_herd(const BenchHerd& wanted);

}  // namespace cmd
