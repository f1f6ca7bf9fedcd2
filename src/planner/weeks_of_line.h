#pragma once
// A line's demand a week at a time, one period a lane: what the kernels that ask for it are told.

#include <array>
#include <cstddef>

#include "planner/line_state.h"

namespace planner {

inline constexpr std::size_t week_lanes = 8;  // places for the days of a week, and one more

// One line. Factors and times have one entry per period of the weeks asked for, and one more.
struct WeeksOfLine {
  const WeekdayUnits* own;
  Fold::WeekdayBlend blend;
  const float* weekday;
  const float* common;
  const double* times;  // 1, or what a promotion makes of it; 0: nothing is sold
  double level, ratio;
};

// What all lines have in common.
struct WeekTerms {
  double linear, quadratic, horizon_base, horizon_growth;
  std::array<double, week_lanes> ahead;  // periods from the first that can be asked for
  int first_weekday;                     // of the first period asked for
  std::size_t weeks;

  // The first period asked for is so many after the first that can be, and falls on `weekday`.
  WeekTerms(const Settings& settings, std::int32_t ahead_of_first, int weekday,
            std::size_t week_count)
      : linear(settings.dispersion_linear),
        quadratic(settings.dispersion_quadratic),
        horizon_base(settings.horizon_base),
        horizon_growth(settings.horizon_growth),
        first_weekday(weekday),
        weeks(week_count) {
    for (std::size_t lane = 0; lane < week_lanes; ++lane)
      ahead[lane] = ahead_of_first + static_cast<double>(lane);
  }
};

}  // namespace planner
