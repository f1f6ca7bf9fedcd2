#include "io/clock.h"

#include <gtest/gtest.h>

namespace io {
namespace {

TEST(SimClock, setting_the_wall_leaves_the_running_time_alone) {
  SimClock clock(1'000'000);
  clock.advance(1'500);
  clock.set_wall(10);
  EXPECT_EQ(clock.wall_ms(), 10);
  EXPECT_DOUBLE_EQ(clock.seconds(), 1.5);
}

TEST(RealClock, the_wall_is_in_this_century) {
  EXPECT_GT(real_clock().wall_ms(), 1'577'836'800'000);  // 2020-01-01
  EXPECT_LT(real_clock().wall_ms(), 4'102'444'800'000);  // 2100-01-01
}

}  // namespace
}  // namespace io
