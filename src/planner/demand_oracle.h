#pragma once
// The demand model the slow and obvious way; tests hold the fast one against it.
//
// Written from the model's formulas (docs/design/demand.md): dense vectors, plain loops, nothing
// remembered between calls that could be computed again. It shares types with the planner, but no
// code.

#include <cstdint>
#include <span>
#include <vector>

#include "planner/demand.h"
#include "planner/replenish.h"

namespace planner::oracle {

// What was seen of one line in every period from history.first_period to history.last_period.
using Diary = std::vector<Observation>;
Diary observe(const History& history, std::size_t line);

// The units of an observation as they are kept: exact up to 8192, then to the nearest of 1024 steps
// between a power of two and the next.
std::int32_t kept(std::int32_t units);
Diary kept(Diary diary);

// Per pool, per period from the first: units of lines seen in full, and how many lines that were.
struct PoolSums {
  std::vector<std::vector<double>> units, lines;
};
PoolSums sum_pools(const std::vector<Diary>& diaries, const Pools& pools);

// Per pool, per period from the history's first.
struct PoolFactors {
  std::vector<std::vector<double>> weekday, event, season;

  Factors of(std::uint32_t pool, std::size_t index) const;
};

// Factors of the periods first_period to `to`, seen from the close of `origin`.
PoolFactors profiles(const PoolSums& sums, const Pools& pools, std::span<const Event> events,
                     const Settings& settings, std::int32_t first_period, std::int32_t origin,
                     std::int32_t to);

// A line's state after the whole of `seen`; factors has an entry for each of its periods.
LineState fold(const Settings& settings, std::span<const Observation> seen,
               std::span<const Factors> factors, std::int32_t first_period);
double level(const Settings& settings, const LineState& state, double prior);

// Everything above for one estate, and demand and orders of its lines.
class Oracle {
 public:
  // Factors reach `horizon` periods past the history's last. The arguments must outlive the oracle.
  Oracle(const History& history, const Pools& pools, std::span<const Event> events, Kin kin,
         const Settings& settings, std::int32_t horizon);

  const std::vector<Diary>& diaries() const { return diaries_; }
  const PoolSums& sums() const { return sums_; }
  const PoolFactors& factors() const { return factors_; }
  // Through the last period, and through the last that is no longer raw.
  const LineState& current(std::size_t line) const { return current_[line]; }
  const LineState& settled(std::size_t line) const { return settled_[line]; }
  float prior(std::size_t line) const { return prior_[line]; }
  // What promotions did to a pool's demand.
  double pool_uplift(std::uint32_t pool) const;
  Moments in(std::size_t line, std::int32_t period, std::span<const Promotion> promotions = {},
             std::span<const std::int32_t> closed = {}) const;
  // The periods [from, to).
  Moments over(std::size_t line, std::int32_t from, std::int32_t to,
               std::span<const Promotion> promotions = {},
               std::span<const std::int32_t> closed = {}) const;

 private:
  float prior_of(std::size_t line) const;
  double announced_or_learned(std::size_t line, const Promotion& promotion) const;

  const History& history_;
  const Pools& pools_;
  Kin kin_;
  Settings settings_;
  std::vector<Diary> diaries_;
  PoolSums sums_;
  PoolFactors factors_;
  std::vector<LineState> current_, settled_;
  std::vector<float> prior_;
};

}  // namespace planner::oracle
