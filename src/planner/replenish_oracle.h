#pragma once
// Orders the slow and obvious way; tests hold planner/replenish against it.

#include <cstdint>
#include <functional>

#include "planner/replenish.h"

namespace planner::oracle {

// The smallest n whose probabilities from 0 to n, each from its own closed formula, reach the
// level.
std::int32_t quantile(Moments demand, double level);

// min(G, bound) of a gamma-distributed G, from the power series of the incomplete gamma function.
Bounded bounded(Moments demand, double bound);

// Steps through multiples one by one.
std::int32_t round_to_multiple(std::int32_t need, std::int32_t multiple, std::int32_t room,
                               bool runs_empty);

// Demand of the periods [from, to).
using Over = std::function<Moments(std::int32_t from, std::int32_t to)>;

// Steps from the origin to the arrival period by period.
Replenishment replenish(const Over& over, std::int32_t origin, const Position& position,
                        const Settings& settings);

}  // namespace planner::oracle
