#pragma once
// Entropy: the one way to unpredictable bytes, for key material.

#include <cstdint>
#include <span>

#include "base/prng.h"

namespace io {

class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The kernel's generator. Stops the process if the kernel has none: no key may be guessable.
Entropy& real_entropy();

// The same bytes for the same seed. For tests only.
class SimEntropy final : public Entropy {
 public:
  explicit SimEntropy(std::uint64_t seed) : prng_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(prng_.next());
  }

 private:
  base::Prng prng_;
};

}  // namespace io
