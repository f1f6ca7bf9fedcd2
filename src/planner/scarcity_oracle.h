#pragma once
// Shares what is short the slow and obvious way; tests hold planner/scarcity against it.

#include <functional>
#include <vector>

#include "planner/scarcity.h"

namespace planner::oracle {

// The chance of claim k's next pack when so many units are given already.
using Chance = std::function<double(std::size_t claim, std::int32_t given_units)>;

struct Shared {
  std::vector<std::int32_t> before_chance_units;  // per claim, when the last stage begins
  std::vector<std::int32_t> given_units;
  std::vector<Cut> cuts;
};

// Pack by pack: looks at every claim each time, takes the one whose turn it is, and works out from
// the beginning what is left. For one depot.
Shared allocate(const Claims& claims, const Resources& resources, const Chance& chance);

// Whether so many units of each claim can go out together: goods, hands and vehicles.
bool is_possible(const Claims& claims, const Resources& resources,
                 const std::vector<std::int32_t>& units);

// Of `units` more on top of `stock` how many sell, from the closed formula of each probability.
double expected_sold(double mean, double variance, std::int64_t stock, std::int64_t units);

}  // namespace planner::oracle
