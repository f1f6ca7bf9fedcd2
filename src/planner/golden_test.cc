// Values that the model gave when they were written down: a change of any formula or constant shows
// here, and is then made on purpose.

#include <cmath>
#include <cstdlib>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "planner/demand_oracle.h"
#include "planner/replenish_oracle.h"
#include "planner/testing/random_estate.h"

namespace planner {
namespace {

struct Golden {
  std::size_t line;
  double level, tomorrow, month_ahead, month_ahead_variance, week, week_variance;
  std::int32_t median, high;  // of the week: quantiles 0.5 and 0.975
  std::int32_t units;         // ordered from 5 on hand, for the periods 3 to 9
};

// One line's values from `demand`, a function from a range of periods to moments.
template <class Over>
Golden values(std::size_t line, double level, std::int32_t origin, Over&& over,
              const Settings& settings) {
  const Moments tomorrow = over(origin + 1, origin + 2), month = over(origin + 28, origin + 29),
                week = over(origin + 1, origin + 8);
  Position position;
  position.on_hand_units = 5;
  position.on_shelf = origin + 3;
  position.next_on_shelf = origin + 10;
  position.order_multiple_units = 2;
  const auto order = oracle::replenish(over, origin, position, settings);
  return {line,
          level,
          tomorrow.mean,
          month.mean,
          month.variance,
          week.mean,
          week.variance,
          oracle::quantile(week, 0.5),
          oracle::quantile(week, 0.975),
          order.units};
}

void expect_golden(const Golden& is, const Golden& was) {
  const auto near = [&](double a, double b, const char* what) {
    EXPECT_NEAR(a, b, 1e-5 * std::abs(b)) << "line " << is.line << ", " << what;
  };
  near(is.level, was.level, "level");
  near(is.tomorrow, was.tomorrow, "tomorrow");
  near(is.month_ahead, was.month_ahead, "month ahead");
  near(is.month_ahead_variance, was.month_ahead_variance, "its variance");
  near(is.week, was.week, "seven periods");
  near(is.week_variance, was.week_variance, "their variance");
  EXPECT_EQ(is.median, was.median) << is.line;
  EXPECT_EQ(is.high, was.high) << is.line;
  EXPECT_EQ(is.units, was.units) << is.line;
}

void print(const Golden& g) {
  fmt::print("      {{{}, {:.9g}, {:.9g}, {:.9g}, {:.9g}, {:.9g}, {:.9g}, {}, {}, {}}},\n", g.line,
             g.level, g.tomorrow, g.month_ahead, g.month_ahead_variance, g.week, g.week_variance,
             g.median, g.high, g.units);
}

// Oracle and planner both still give `wanted`. With STOCKADE_GOLDEN set, prints the rows that the
// oracle gives instead, to be pasted here.
void compare(Period kind, int periods, const std::vector<Golden>& wanted) {
  const auto estate = testing::random_estate(2024, {kind, periods});
  const History history = estate.history();
  const oracle::Oracle oracle(history, estate.pools, estate.events, estate.kin(), estate.settings,
                              28);
  const Fold fold(estate.settings);
  const State state = rebuild(history, estate.pools, estate.events, fold, 1);
  const Profiles profiles =
      build_profiles(state.series, estate.pools, estate.events, estate.settings, state.origin,
                     state.origin + 1, state.origin + 28);
  const Priors priors(state, estate.pools, estate.kin(), fold, 1);
  const Demand demand(state, estate.pools, profiles, fold, priors);
  for (const Golden& golden : wanted) {
    const std::size_t i = golden.line;
    ASSERT_LT(i, estate.size());
    const auto slow = values(
        i, oracle::level(estate.settings, oracle.current(i), static_cast<double>(oracle.prior(i))),
        state.origin,
        [&](std::int32_t from, std::int32_t to) {
          return oracle.over(i, from, to, estate.promotions[i]);
        },
        estate.settings);
    const auto line = demand.line(i, estate.promotions[i]);
    const auto fast = values(
        i, line.level(), state.origin,
        [&](std::int32_t from, std::int32_t to) { return line.over(from, to); }, estate.settings);
    if (std::getenv("STOCKADE_GOLDEN")) {
      print(slow);
      continue;
    }
    expect_golden(slow, golden);
    expect_golden(fast, golden);
  }
}

TEST(Golden, daily_lines_have_the_values_written_down) {
  compare(
      Period::day, 800,
      {
          {0, 0.923490542, 0.576858398, 0.576387385, 0.786592757, 5.7795158, 8.27209932, 5, 12, 10},
          {3, 0.562714195, 0.345550519, 0.482406496, 0.591907447, 3.52175087, 4.4491401, 3, 8, 6},
          {7, 0.357340951, 0.268288716, 0.192785005, 0.236250873, 2.18029949, 2.72743675, 2, 6, 2},
          {11, 0.802023525, 0.47997728, 0.498807812, 0.705401937, 5.12251178, 7.54984294, 5, 11, 8},
          {15, 0.172767092, 0.137879414, 0.183013894, 0.21733518, 1.11346887, 1.33407911, 1, 4, 0},
          {18, 0.835292531, 0.661402014, 0.427547709, 0.464906325, 5.33660251, 6.13548173, 5, 11,
           8},
      });
}

TEST(Golden, weekly_lines_have_the_values_written_down) {
  compare(
      Period::week, 170,
      {
          {0, 2.83650538, 1.680874, 2.47255161, 4.2166533, 12.1494564, 23.5051933, 12, 23, 24},
          {3, 0.680195613, 0.403074547, 0.592919292, 0.821453307, 2.91344661, 4.19917013, 3, 8, 4},
          {7, 0.247313106, 0.121278533, 0.276527606, 0.413283731, 0.95880671, 1.43997334, 1, 4, 0},
          {11, 0.839169655, 0.525480302, 0.671597581, 1.19122741, 3.74159406, 6.92833583, 3, 10, 8},
          {15, 2.25004073, 1.21879906, 1.59076837, 2.38706676, 10.5247775, 18.5801381, 10, 20, 20},
          {18, 13.7198789, 8.59126168, 10.9801843, 50.8434717, 61.172633, 354.484286, 59, 103, 112},
      });
}

}  // namespace
}  // namespace planner
