#pragma once
// Seeded chance in the words that a rehearsal uses.

#include <cstdint>
#include <span>
#include <vector>

#include "base/prng.h"

namespace rehearse {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : prng_(seed) {}

  std::uint64_t next() { return prng_.next(); }
  // Uniform in [0, count). Requires count > 0.
  std::uint64_t below(std::uint64_t count) { return prng_.below(count); }
  bool once_in(std::uint64_t count) { return prng_.below(count) == 0; }
  // Uniform from first to last, both included.
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first +
           static_cast<std::int64_t>(prng_.below(static_cast<std::uint64_t>(last - first) + 1));
  }
  template <class Range>
  auto& one_of(Range& values) {
    return values[prng_.below(std::size(values))];
  }

 private:
  base::Prng prng_;
};

}  // namespace rehearse
