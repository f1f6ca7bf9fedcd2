#pragma once
// What stockade bench measures of stores that nobody hears.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace cmd {

struct BenchSilent {
  std::string folder;  // a new one, for the sample
  std::int64_t stores = 250, lines = 120;
  int silent_percent = 40;  // besides all lifelines
  int threads = 1;
  bool json = false;
};

// A sample estate with its true demand of the week to come; the standing orders of its last night
// against what the planner would order each night if it heard what the silent stores sell.
base::Result<> bench_silent(const BenchSilent& wanted);

}  // namespace cmd
