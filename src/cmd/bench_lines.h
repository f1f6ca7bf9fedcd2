#pragma once
// Lines with a history that is made up in memory, in the mix that a large grocer has; for
// benchmarks.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "crypto/sha256.h"
#include "io/clock.h"
#include "io/process.h"
#include "planner/history.h"

namespace cmd {

inline constexpr std::int32_t last_made_period = 20'600;  // a day in May 2026
inline constexpr double made_rows_per_period_max = 0.6;   // more than the mix ever sells
inline constexpr std::size_t made_lines_per_site = 8'000;

struct MadeLines {
  std::size_t lines = 0;
  std::size_t lines_per_site = made_lines_per_site;
  int threads = 1;
};

// Everything that the lines showed from `first` to last_made_period + 1, in rows. The state is
// built from the days before the last and advanced by it. The same for any number of threads.
planner::History make_history(const MadeLines& wanted, std::int32_t first);

// What a feed of the last day alone says: its rows, and nothing of the days before.
planner::History last_day_of(const planner::History& whole);

// Thirty categories in a dozen regions.
planner::Pools make_pools(const MadeLines& wanted);

// Two festivals that come every year.
std::vector<planner::Event> make_events(std::int32_t first);

struct Lap {
  double seconds = 0, cpu_seconds = 0;
};

// What a piece of work took.
template <class Work>
Lap timed(Work&& work) {
  const double start = io::real_clock().seconds(), cpu_start = io::cpu_seconds();
  work();
  return {io::real_clock().seconds() - start, io::cpu_seconds() - cpu_start};
}

template <class Column>
void add(crypto::Sha256& digest, const Column& values) {
  digest.add(
      {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(*values.data())});
}

}  // namespace cmd
