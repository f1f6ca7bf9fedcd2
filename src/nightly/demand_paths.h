#pragma once
// Demand of days to come, one possibility after the other: seeded draws from the outlook, or a
// demand that is known.

#include <cstdint>
#include <span>
#include <vector>

#include "nightly/backtest.h"
#include "nightly/columns.h"
#include "planner/distribution.h"
#include "planner/settings.h"

namespace nightly {

// Periods, both included.
struct PeriodSpan {
  std::int32_t first = 0, last = 0;
  std::int32_t count() const { return last - first + 1; }
  bool holds(std::int32_t period) const { return first <= period && period <= last; }
};

// What customers want of a line in a period.
class DemandSource {
 public:
  virtual ~DemandSource() = default;
  // `expected`: the outlook's moments for that line and period.
  virtual std::int32_t units(std::size_t line, std::int32_t period,
                             planner::Moments expected) const = 0;
};

// One sample path: every draw depends on the seed, the path, the line and the period only. Demand
// is negative binomial with the outlook's moments, of whose variance the part that the level's
// uncertainty makes is one draw for all periods of a line. On top comes what all stores get wrong
// together (CommonError of depot_demand.h): one draw for a product, one for a product and period
// of `common`; without it the errors of many lines would cancel out.
class SampledDemand final : public DemandSource {
 public:
  SampledDemand(const Columns& columns, const planner::Settings& settings, std::uint64_t seed,
                std::uint32_t path, PeriodSpan common);
  std::int32_t units(std::size_t line, std::int32_t period,
                     planner::Moments expected) const override;

 private:
  const Columns& columns_;
  double level_variance_;
  std::uint64_t seed_;
  PeriodSpan common_;
  std::vector<float> of_line_;    // level factor
  std::vector<float> of_period_;  // per product and period of common_
};

// Recorded or true demand of some periods; 0 where it has no row. Outside of them, the expectation
// rounded.
class KnownDemand final : public DemandSource {
 public:
  KnownDemand(const Columns& columns, std::span<const TrueDemand> rows, PeriodSpan span);
  std::int32_t units(std::size_t line, std::int32_t period,
                     planner::Moments expected) const override;

 private:
  PeriodSpan span_;
  std::vector<std::int32_t> units_;  // per line and period
};

}  // namespace nightly
