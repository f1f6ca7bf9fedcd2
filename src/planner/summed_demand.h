#pragma once
// Demand of many lines together: what they get wrong one by one cancels out, what they get wrong
// together does not.

#include <cstdint>
#include <span>

#include "planner/distribution.h"

namespace planner {

// What all lines get wrong together, relative to their demand: for a whole interval (a slump) and
// for one period (weather, a pay day). Without it the errors of many lines would cancel out.
struct CommonError {
  double lasting, passing;
};

struct SummedDemand {
  std::span<const Moments> periods;  // sums over the lines, one entry per period to come
  double concentration = 0;          // sum of squared shares of the lines in all demand
};

// Demand of the periods [begin, end), counted from the first; those past the last entry are as
// those looked at are on average. Requires: 0 <= begin <= end, and some period.
Moments summed_over(const SummedDemand& demand, std::int32_t begin, std::int32_t end,
                    CommonError error, double level_variance);

}  // namespace planner
