#include "base/prng.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace base {

std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

Prng::Prng(std::uint64_t seed) {
  for (auto& word : state_) {
    word = mix(seed);
    seed += 0x9e3779b97f4a7c15u;
  }
}

std::uint64_t Prng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Prng::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::uint64_t Prng::below(std::uint64_t count) {
  return static_cast<std::uint64_t>((static_cast<__uint128_t>(next()) * count) >> 64);
}

double Prng::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::int64_t Prng::poisson(double mean) {
  if (mean > 64) {
    const double drawn = std::round(mean + std::sqrt(mean) * normal());
    return drawn < 0 ? 0 : static_cast<std::int64_t>(drawn);
  }
  const double limit = std::exp(-mean);
  double product = uniform();
  std::int64_t count = 0;
  while (product > limit) {
    product *= uniform();
    ++count;
  }
  return count;
}

double Prng::gamma(double shape) {
  const double boost = shape < 1 ? std::pow(1 - uniform(), 1 / shape) : 1;
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal();
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
      return boost * d * v / shape;
  }
}

}  // namespace base
