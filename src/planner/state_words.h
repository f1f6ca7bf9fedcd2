#pragma once
// Where the numbers of a line's state stand, for kernels that read those of many lines at once.

#include <bit>
#include <cstddef>

#include "planner/line_state.h"

namespace planner {

// In words of four bytes. The small numbers stand in halves: dispersion after the weekdays' learned
// bits, then both of promotions, then both counts.
struct StateWords {
  std::size_t units, factors, weekdays, dispersion, promotion, counts, all;
};
inline constexpr StateWords words_at{0, 2, 4, 8, 9, 10, 11};
static_assert(sizeof(LineState) == 44 && offsetof(LineState, level_units) == 0 &&
              offsetof(LineState, level_factors) == 8 && offsetof(LineState, own_weekday) == 16 &&
              offsetof(LineState, dispersion) == 34 && offsetof(LineState, promotion_units) == 36 &&
              offsetof(LineState, promotion_expected) == 38 &&
              offsetof(LineState, known_count) == 40 && offsetof(LineState, error_count) == 42);

// The numbers of Fold::Counted, in doubles.
struct CountedNumbers {
  std::size_t own_weekday_gain, own_share, pool_share, dispersion_weight, prior_weight;
};
inline constexpr CountedNumbers counted_at{0, 1, 2, 3, 4};
static_assert(offsetof(Fold::Counted, own_weekday_gain) == 0 &&
              offsetof(Fold::Counted, own_share) == 8 &&
              offsetof(Fold::Counted, pool_share) == 16 &&
              offsetof(Fold::Counted, dispersion_weight) == 24 &&
              offsetof(Fold::Counted, prior_weight) == 32 && sizeof(Fold::Counted) == 48);
static_assert(std::endian::native == std::endian::little);

}  // namespace planner
