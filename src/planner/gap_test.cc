#include "planner/gap.h"

#include <cmath>

#include <gtest/gtest.h>

namespace planner {
namespace {

TEST(Gap, a_line_that_sells_every_other_day_has_a_gap_of_eight_days_at_most) {
  EXPECT_EQ(gap_quantile(90, 180, 0.995), 8);  // 0.5^8 = 0.0039
}

TEST(Gap, a_line_that_sells_daily_is_missed_within_a_day) {
  EXPECT_EQ(gap_quantile(182, 182, 0.995), 1);
}

TEST(Gap, the_quantile_is_the_first_gap_that_chance_does_not_explain) {
  for (int sold = 0; sold <= 60; ++sold) {
    const double p = (sold + 0.5) / 61;
    const int gap = gap_quantile(sold, 60, 0.995);
    EXPECT_LE(std::pow(1 - p, gap), 0.005 * (1 + 1e-9)) << sold;
    if (gap > 1) {
      EXPECT_GT(std::pow(1 - p, gap - 1), 0.005) << sold;
    }
  }
}

TEST(Gap, what_sells_less_often_may_pause_longer) {
  for (int sold = 1; sold <= 100; ++sold)
    EXPECT_LE(gap_quantile(sold, 100, 0.995), gap_quantile(sold - 1, 100, 0.995));
}

}  // namespace
}  // namespace planner
