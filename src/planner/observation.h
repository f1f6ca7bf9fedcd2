#pragma once
// What was seen of a line in one period, and the two bytes that are kept of it.

#include <algorithm>
#include <bit>
#include <cstdint>

namespace planner {

// What is known of a line in one period.
enum class Seen : std::uint8_t {
  unknown,   // the site did not report, was closed, or the period is said to teach nothing
  full,      // the shelf held stock: units are demand
  censored,  // the shelf was empty at some time: demand was at least units
  promoted,  // full, on promotion: teaches the promotion factor and nothing else
};

struct Observation {
  std::int32_t units = 0;  // full-price demand >= 0; 0 where unknown
  Seen seen = Seen::unknown;

  friend bool operator==(const Observation&, const Observation&) = default;
};

// An observation as the planner keeps and folds it: two bits say what was seen, fourteen how many
// units. Up to exact_units_max units are exact; above, in steps of 1/1024 of the power of two
// below, so that the error is at most 1/2048; what is more than units_max counts as units_max.
class RawPeriod {
 public:
  static constexpr std::int32_t exact_units_max = 8192;
  static constexpr std::int32_t units_max = 2'096'128;

  constexpr RawPeriod() = default;
  constexpr RawPeriod(std::int32_t units, Seen seen)
      : bits_(
            static_cast<std::uint16_t>(static_cast<unsigned>(seen) << code_bits | encode(units))) {}
  constexpr RawPeriod(const Observation& seen) : RawPeriod(seen.units, seen.seen) {}

  constexpr Seen seen() const { return static_cast<Seen>(bits_ >> code_bits); }
  constexpr std::int32_t units() const {
    const std::uint32_t code = bits_ & code_mask;
    if (code < linear) [[likely]]
      return static_cast<std::int32_t>(code);
    const std::uint32_t octave = (code - linear) >> fraction_bits;
    const std::uint32_t fraction = code & ((1u << fraction_bits) - 1);
    return static_cast<std::int32_t>(((1u << fraction_bits) + fraction)
                                     << (octave + linear_bits - fraction_bits));
  }
  constexpr operator Observation() const { return {units(), seen()}; }

  friend bool operator==(RawPeriod, RawPeriod) = default;

  // Where the bits stand, for who reads many at once. Codes below `linear` are units.
  static constexpr int code_bits = 14, linear_bits = 13;
  static constexpr std::uint32_t code_mask = (1u << code_bits) - 1, linear = 1u << linear_bits;

 private:
  static constexpr int fraction_bits = 10;

  static constexpr std::uint32_t encode(std::int32_t units) {
    const auto value = static_cast<std::uint32_t>(std::clamp(units, 0, units_max));
    if (value < linear) [[likely]]
      return value;
    const int shift = std::bit_width(value) - 1 - fraction_bits;
    // A fraction that rounds up to the next power of two carries into the octave by itself.
    const std::uint32_t rounded = (value + (1u << (shift - 1))) >> shift;
    const auto octave = static_cast<std::uint32_t>(shift - (linear_bits - fraction_bits));
    return linear + (octave << fraction_bits) + rounded - (1u << fraction_bits);
  }

  std::uint16_t bits_ = 0;
};
static_assert(sizeof(RawPeriod) == 2);

}  // namespace planner
