#include "planner/small_numbers.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/prng.h"
#include "planner/observation.h"

namespace planner {
namespace {

TEST(SmallFloat, every_code_is_a_number_that_comes_back_and_they_ascend) {
  float before = -1;
  for (std::uint32_t i = 0; i < 0x10000; ++i) {
    const auto code = std::bit_cast<SmallFloat>(static_cast<std::uint16_t>(i));
    const float value = code;
    ASSERT_GT(value, before);
    ASSERT_EQ(SmallFloat(value), code) << value;
    before = value;
  }
}

TEST(SmallFloat, it_is_within_a_four_thousandth_of_what_was_stored) {
  base::Prng prng(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = static_cast<float>(std::exp(prng.uniform() * 21 - 6.9));
    const float kept = SmallFloat(value);
    ASSERT_LE(std::abs(kept - value), value / 4096) << value;
  }
  EXPECT_EQ(static_cast<float>(SmallFloat(0.0f)), 0);
  EXPECT_EQ(static_cast<float>(SmallFloat(1e-9f)), 0);
  EXPECT_NEAR(static_cast<float>(SmallFloat(1e9f)), 2'096'640, 1000);
}

TEST(WeekdayUnits, all_seven_stay_within_a_ten_thousandth_of_the_largest) {
  base::Prng prng(2);
  for (int life = 0; life < 200; ++life) {
    const double size = std::exp(prng.normal() * 4);
    WeekdayUnits kept;
    std::array<double, weekdays> exact{};
    double largest_ever = 0;
    for (int t = 0; t < 200; ++t) {
      const auto day = static_cast<std::size_t>(prng.below(weekdays));
      exact[day] = prng.below(4) == 0 ? 0 : size * std::exp(prng.normal());
      const std::uint32_t total = kept.set(static_cast<int>(day), exact[day], kept.total());
      ASSERT_EQ(total, kept.total());
      largest_ever = std::max(largest_ever, exact[day]);
      for (std::size_t d = 0; d < weekdays; ++d)
        ASSERT_NEAR(kept.units(static_cast<int>(d)), exact[d], largest_ever * 1e-4);
    }
  }
}

TEST(WeekdayUnits, a_share_is_over_the_mean_of_the_days_learned) {
  WeekdayUnits units;
  EXPECT_EQ(units.total(), 0u);
  units.set(2, 3, units.total());
  EXPECT_EQ(units.share(2, units.total()), 1);
  units.set(5, 9, units.total());
  EXPECT_NEAR(units.share(2, units.total()), 0.5, 1e-4);
  EXPECT_NEAR(units.share(5, units.total()), 1.5, 1e-4);
  EXPECT_FALSE(units.learned(0));
  EXPECT_TRUE(units.learned(5));
  units.set(2, 0, units.total());
  units.set(5, 0, units.total());
  EXPECT_EQ(units.total(), 0u);
}

TEST(RawPeriod, units_are_exact_to_8192_and_within_a_two_thousandth_above) {
  for (std::int32_t units = 0; units <= RawPeriod::exact_units_max; ++units)
    ASSERT_EQ(Observation(RawPeriod(units, Seen::full)), (Observation{units, Seen::full}));
  for (std::int32_t units = 8193; units <= RawPeriod::units_max; units += 7) {
    const Observation kept = RawPeriod(units, Seen::censored);
    ASSERT_LE(std::abs(kept.units - units), units / 2048 + 1) << units;
    ASSERT_EQ(kept.seen, Seen::censored);
    ASSERT_EQ(Observation(RawPeriod(kept)), kept);
  }
  EXPECT_EQ(RawPeriod(2'000'000'000, Seen::promoted).units(), RawPeriod::units_max);
  EXPECT_EQ(RawPeriod(), RawPeriod(Observation{}));
}

}  // namespace
}  // namespace planner
