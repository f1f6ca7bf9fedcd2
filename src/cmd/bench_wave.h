#pragma once
// What stockade bench measures of a depot.

#include <cstdint>

#include "base/result.h"

namespace cmd {

struct BenchWave {
  std::int64_t stores = 2'500, lines = 400;  // of each order
  int threads = 1;
  bool json = false;
};

// A depot with half of what its stores order, each order sent twice and once more under another
// number, shares at the close of the wave. Error: evidence_bad where the rule is not kept.
base::Result<> bench_wave(const BenchWave& wanted);

}  // namespace cmd
