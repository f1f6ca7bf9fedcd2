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

struct BenchOrder {
  std::size_t stores = 0, lines = 0;  // lines of each store
  int threads = 1;
  bool json = false;
};
inline constexpr std::size_t lines_max = 50'000'000;

// Plays one night of an estate that is made up in memory: a day's sales come in, stores order,
// depots share out what is short and order from suppliers. Prints what each stage took. The rules
// are those of stockade order from the planner up; its tables (calendars, sources, range rows) are
// replaced by columns, which are made before anything is timed. Error: usage (more than lines_max).
base::Result<> bench_order(const BenchOrder& wanted);

struct BenchBook {
  std::size_t lines = 0;
  bool json = false;
};

// Makes a book of stores and depots in memory, 8,000 lines each, with an order line open for every
// third line and two expiry lots on every fourth; prints the memory of a line, and how fast a
// store's events are decoded and applied. Memory is the growth of the process's peak.
base::Result<> bench_book(const BenchBook& wanted);

}  // namespace cmd
