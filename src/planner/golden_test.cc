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
  const Demand demand(state, estate.pools, profiles, fold, priors, 1);
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
          {0, 0.924566729, 0.579682242, 0.57877251, 0.79133006, 5.78615899, 8.29675394, 5, 12, 10},
          {3, 0.563875261, 0.344548629, 0.482167951, 0.589089756, 3.52905333, 4.44019887, 3, 8, 6},
          {7, 0.357982559, 0.269497051, 0.192148808, 0.235509778, 2.18420906, 2.73293966, 2, 6, 2},
          {11, 0.803602689, 0.483397968, 0.496580263, 0.702325699, 5.13267289, 7.56667047, 5, 11,
           8},
          {15, 0.17286341, 0.134304095, 0.187971038, 0.222662443, 1.11401499, 1.3312888, 1, 4, 0},
          {18, 0.83641143, 0.66162007, 0.418685056, 0.453708002, 5.34385069, 6.12538318, 5, 11, 8},
      });
}

TEST(Golden, weekly_lines_have_the_values_written_down) {
  compare(
      Period::week, 170,
      {
          {0, 2.83650538, 1.680874, 2.47255161, 4.21665534, 12.1494564, 23.505203, 12, 23, 24},
          {3, 0.680195613, 0.403074547, 0.592919292, 0.82147087, 2.91344661, 4.19925556, 3, 8, 4},
          {7, 0.247313106, 0.121278533, 0.276527606, 0.413270437, 0.95880671, 1.43992765, 1, 4, 0},
          {11, 0.839169655, 0.525480302, 0.671597581, 1.1910624, 3.74159406, 6.92742395, 3, 10, 8},
          {15, 2.25004073, 1.21879906, 1.59076837, 2.38705553, 10.5247775, 18.580064, 10, 20, 20},
          {18, 13.7198789, 8.59126168, 10.9801843, 50.8350841, 61.172633, 354.441267, 59, 103, 112},
      });
}

}  // namespace
}  // namespace planner
