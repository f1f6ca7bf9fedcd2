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
  const auto prior = prior_levels(state, estate.pools, estate.kin(), fold);
  const Demand demand(state, estate.pools, profiles, fold, prior);
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
          {0, 0.92383811, 0.576857806, 0.577895225, 0.789482255, 5.76064226, 8.25169347, 5, 12, 10},
          {3, 0.564695057, 0.343929349, 0.482832123, 0.589585524, 3.52145802, 4.42789691, 3, 8, 6},
          {7, 0.358557454, 0.269041368, 0.191504547, 0.234736255, 2.17443801, 2.72064151, 2, 6, 2},
          {11, 0.801198993, 0.481748502, 0.494372205, 0.699707253, 5.10946961, 7.53639803, 5, 11,
           8},
          {15, 0.172775259, 0.134567834, 0.186726434, 0.22160046, 1.10991363, 1.32880592, 1, 4, 0},
          {18, 0.837883506, 0.661809389, 0.418107332, 0.45294476, 5.3451415, 6.12528371, 5, 11, 8},
      });
}

TEST(Golden, weekly_lines_have_the_values_written_down) {
  compare(
      Period::week, 170,
      {
          {0, 2.83950297, 1.65751283, 2.51442511, 4.29385334, 12.0021538, 23.1120563, 12, 23, 24},
          {3, 0.681824087, 0.398003519, 0.603766089, 0.836394003, 2.88196831, 4.14597637, 3, 8, 4},
          {7, 0.27454905, 0.126517584, 0.426707257, 0.661999974, 1.07076434, 1.65326463, 1, 4, 0},
          {11, 0.843188553, 0.524044312, 0.500742764, 0.874834423, 3.75347706, 6.94381106, 3, 10,
           8},
          {15, 2.17839907, 1.1609636, 0, 0, 9.99221952, 17.1059207, 10, 19, 20},
          {18, 13.7709245, 8.55867244, 8.17811242, 33.3908221, 61.3016494, 355.868789, 60, 103,
           112},
      });
}

}  // namespace
}  // namespace planner
