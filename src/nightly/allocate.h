#pragma once
// Sharing what a depot has among the stores that ordered it.

#include <cstdint>
#include <limits>
#include <span>

namespace nightly {

// No share is larger than this.
inline constexpr std::int32_t share_units_max = std::numeric_limits<std::int32_t>::max() / 2;

// One store's wish for a product, and what it gets.
struct Share {
  std::int32_t wanted_units = 0;
  std::int32_t multiple = 1;  // units go out in multiples; only the last of a wish may be less
  double on_hand = 0;         // expected when the goods arrive
  double demand_per_period = 0;
  std::int32_t given_units = 0;
};

// Too little for all: multiple by multiple to the store whose goods (expected and given) last the
// fewest periods, the first in the span on a tie, until nothing fits. With enough for all,
// everybody gets what was wanted.
void allocate_scarce(std::int64_t available_units, std::span<Share> shares);

// All of it, whoever wanted how much: in proportion to the wishes, by largest remainder in
// multiples (the first on a tie); what is left below a multiple goes to the largest wish. For goods
// that pass through a depot that keeps none.
void allocate_whole(std::int64_t units, std::span<Share> shares);

}  // namespace nightly
