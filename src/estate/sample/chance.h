#pragma once
// Chance for the sample estate: every thing draws from a seed of its own, so nothing depends on
// order or threads.

#include <cmath>
#include <cstdint>

#include "base/prng.h"

namespace estate::sample {

// What a seed is for. A new stream goes to the end: the others keep their numbers.
enum class Stream : std::uint64_t {
  stores,
  store,
  deliveries,
  range,
  product,
  supplier,
  promotions,
  promotion,
  prices,
  life_cycle,
  weather,
  storms,
  store_days,
  line,
  supply_gap,
  depot,
  dark,
  customers
};

inline std::uint64_t seed_of(std::uint64_t seed, Stream stream, std::uint64_t a = 0,
                             std::uint64_t b = 0) {
  const std::uint64_t named = base::mix(seed ^ base::mix(static_cast<std::uint64_t>(stream) + 1));
  return base::mix(base::mix(named + a) ^ base::mix(b + 0x632be59bd9b4e019u));
}

inline base::Prng prng_of(std::uint64_t seed, Stream stream, std::uint64_t a = 0,
                          std::uint64_t b = 0) {
  return base::Prng(seed_of(seed, stream, a, b));
}

// Uniform in [0, 1) from one seed, for single decisions.
inline double uniform_of(std::uint64_t seed) {
  return static_cast<double>(base::mix(seed) >> 11) * 0x1p-53;
}

// Lognormal with median 1.
inline double lognormal(base::Prng& prng, double sigma) { return std::exp(sigma * prng.normal()); }

inline int between(base::Prng& prng, int low, int high) {
  return low + static_cast<int>(prng.below(static_cast<std::uint64_t>(high - low + 1)));
}

// A count with the given mean and variance mean + mean^2 / shape (negative binomial). Small means
// walk the distribution from zero with one uniform number; large ones mix a gamma and a Poisson.
inline std::int64_t negative_binomial(base::Prng& prng, double mean, double shape) {
  if (mean <= 0) return 0;
  if (mean > 20) return prng.poisson(mean * prng.gamma(shape));
  const double odds = mean / (shape + mean);
  double probability = std::exp(-shape * std::log1p(mean / shape));
  double left = prng.uniform() - probability;
  std::int64_t count = 0;
  while (left >= 0 && count < 1000) {
    probability *= odds * (shape + static_cast<double>(count)) / static_cast<double>(count + 1);
    left -= probability;
    ++count;
  }
  return count;
}

}  // namespace estate::sample
