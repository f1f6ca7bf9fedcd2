#pragma once
// What stockade bench can measure; one function each.

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace cmd {

struct BenchState {
  std::size_t lines = 0;
  std::int32_t periods = 0;  // days of history
  int threads = 1;
  bool json = false;
};

// Builds the state of lines whose history is made up in memory, takes it over one more day, and
// prints what both took. Only building and advancing are timed. Error: usage (more rows than a
// history can hold).
base::Result<> bench_state(const BenchState& wanted);

}  // namespace cmd
