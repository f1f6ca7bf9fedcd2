#pragma once
// Seeded chance: the same seed gives the same numbers everywhere. Not for keys.

#include <array>
#include <cstdint>

namespace base {

// One step of SplitMix64 (Steele, Lea, Flood 2014): spreads any 64 bits into 64 well-mixed ones.
std::uint64_t mix(std::uint64_t value);

// xoshiro256** 1.0 (Blackman and Vigna 2018), seeded through SplitMix64.
class Prng {
 public:
  explicit Prng(std::uint64_t seed);

  std::uint64_t next();
  // Uniform in [0, 1).
  double uniform();
  // Uniform in [0, count). Requires count > 0.
  std::uint64_t below(std::uint64_t count);
  // Standard normal (Box and Muller 1958).
  double normal();
  // Poisson with the given mean; means above 64 use a rounded normal. Requires mean >= 0.
  std::int64_t poisson(double mean);
  // Gamma with the given shape and mean 1 (Marsaglia and Tsang 2000). Requires shape > 0.
  double gamma(double shape);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace base
