#pragma once
// The planner's rule that Stockade is measured against: seasonal index, 13-week mean, cover a fixed
// number of periods.

#include <vector>

#include "nightly/columns.h"

namespace nightly {

// What the rule expects, seen from the close of columns.history.last_period. Only in-stock periods
// count. index: mean over lines of each period's sales, averaged by season (ISO week; weekday in
// daily estates), divided by the mean over seasons. level: mean of the last 13 weeks' sales, each
// divided by its index.
class BenchmarkRule {
 public:
  explicit BenchmarkRule(const Columns& columns);
  // Forecast of the periods [from, to) of one line, units.
  double expected(std::size_t line, std::int32_t from, std::int32_t to) const;

 private:
  int season_of(std::int32_t period) const;

  planner::Period kind_;
  std::vector<double> index_;  // per season
  std::vector<double> level_;  // per line; 0 where no period of the last 13 weeks was in stock
};

// Mean of a line's in-stock sales in the 13 weeks up to `last`, 0 without any.
double recent_mean(const planner::History& history, planner::Period kind, std::size_t line,
                   std::int32_t last);

}  // namespace nightly
