#pragma once
// Sharing goods that pass through a depot that keeps none.

#include <cstdint>
#include <limits>
#include <span>

#include "base/date.h"

namespace nightly {

using base::Date;

// No share is larger than this.
inline constexpr std::int32_t share_units_max = std::numeric_limits<std::int32_t>::max() / 2;

// One claimant's wish for a product, and what it gets.
struct Share {
  Date on_shelf;  // the goods have to be there on this day
  std::int32_t wanted_units = 0;
  std::int32_t most_units = 0;  // of goods that come anyway; at least wanted_units
  std::int32_t multiple = 1;    // units go out in multiples; only the last of a wish may be less
  double on_hand = 0;           // expected when the goods arrive
  double demand_per_day = 0;
  std::int32_t given_units = 0;
};

// First the wishes, multiple by multiple to the claimant whose goods (expected and given) last the
// fewest days, the first in the span on a tie; then, by the same rule, what every claimant can hold
// beyond his wish, so that the surplus goes by expected demand; what is less than a multiple goes
// to the claimant who can hold it and lasts the fewest days. Returns what nobody can hold.
std::int64_t allocate_arrivals(std::int64_t units, std::span<Share> shares);

}  // namespace nightly
