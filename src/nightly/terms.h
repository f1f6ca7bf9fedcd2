#pragma once
// The terms of a line: what its range row, its product and the estate's policy say about ordering
// it.

#include "nightly/columns.h"
#include "nightly/schedule.h"

namespace nightly {

// A longer life limits no order.
inline constexpr std::int32_t life_periods_max = 60;

// Days on which dated goods can be sold, the day of their receipt included; 0 = no limit known.
std::int32_t life_days(const estate::Product& product);

struct Terms {
  bool orderable = true;          // false: blocked or running down, or not in range tonight
  std::int32_t multiple = 1;      // units
  std::int32_t presentation = 0;  // units, at least
  std::int32_t shelf_max = 0;     // units, 0 = no limit
  std::int32_t order_max = 0;     // units, 0 = no limit
  std::int32_t life_periods = 0;  // periods in which goods can be sold after receipt, 0 = no limit
  double margin = -1;             // 1 - cost / price; -1 = unknown
  double shortage_cost = 0;       // per unit; 0 with `level` set
  double holding_cost = 0;        // per unit and period
  double level = 0;               // service level where no costs are given, else 0
  std::int32_t launch = 0;        // units to start with, if the line is a launch, else 0

  // The quantile of demand to stock for an interval of so many periods.
  double quantile(std::int32_t interval_periods, const planner::Settings& settings) const;
  // The quantile of demand within its life up to which goods that expire are stocked.
  double life_quantile(const planner::Settings& settings) const;
};

// The terms of all lines on any day: what products say is worked out once, so that a look-up is a
// few reads. Refers to the estate and the columns.
class LineTerms {
 public:
  LineTerms(const estate::Estate& estate, const Columns& columns);
  Terms of(std::size_t line, Date on) const;

 private:
  const estate::Estate& estate_;
  const Columns& columns_;
  std::vector<Terms> of_product_;  // with the policy, without a range row
};

// The same for one line.
Terms terms_of(const estate::Estate& estate, const Columns& columns, std::size_t line, Date on);

// A Drop in periods.
struct Interval {
  bool orders = false;
  std::int32_t on_shelf = 0;
  std::int32_t next_on_shelf = 0;
};
Interval interval_of(planner::Period kind, const Drop& drop);

}  // namespace nightly
