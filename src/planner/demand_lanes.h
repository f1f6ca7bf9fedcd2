#pragma once
// Demand of many lines side by side: what the kernels that ask for it are told.

#include <cstddef>
#include <cstdint>
#include <span>

#include "planner/line_state.h"

namespace planner {

// Lines that a kernel takes together at most; columns have a multiple of it, and who has fewer
// lines repeats one.
inline constexpr std::size_t demand_lanes = 8;

// One entry per line.
struct DemandColumns {
  const std::int32_t* line;     // its number
  const std::int32_t* pool_at;  // where the factors of its pool begin
  const double* prior;          // units per period, see Priors
};

// What all lines have in common in a period.
struct PeriodTerms {
  std::int32_t factor;  // where its factors are among those of a pool
  double grown;         // variance over mean squared that comes of the time until then
};

// What all lines have in common.
struct DemandTerms {
  const Settings* settings;
  const Fold::Counted* counted;
  std::int32_t counted_last;
  const LineState* states;  // of all lines, which are fewer than 190 million
  const Factors* factors;   // of all pools and periods
  int first_weekday;
  std::span<const PeriodTerms> periods;  // consecutive, the first on first_weekday
};

}  // namespace planner
