// The planner against its oracle on real data, through the same reading and columns as every night.

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/testing/shared.h"
#include "estate/read.h"
#include "io/disk.h"
#include "nightly/columns.h"
#include "nightly/outlook.h"
#include "planner/demand_oracle.h"
#include "planner/replenish_oracle.h"

namespace nightly {
namespace {

constexpr std::int32_t horizon = 28;

struct Case {
  const char* folder;
  const char* as_of;
};

class RealData : public testing::TestWithParam<Case> {};

// Three positions of a line: nothing at all, a few periods of stock with goods under way, plenty.
std::vector<std::int32_t> stocks(double level) {
  return {0, static_cast<std::int32_t>(2 * level) + 1, static_cast<std::int32_t>(30 * level) + 20};
}

void expect_float(float value, double exact) {
  EXPECT_GE(value, static_cast<float>(exact * (1 - 1e-9)));
  EXPECT_LE(value, static_cast<float>(exact * (1 + 1e-9)));
}

void compare_profiles(const Columns& columns, const planner::Profiles& profiles,
                      const planner::oracle::PoolFactors& exact) {
  for (std::uint32_t pool = 0; pool < columns.pools.size(); ++pool)
    for (std::size_t t = 0; t < static_cast<std::size_t>(profiles.period_count); ++t) {
      const std::size_t at =
          profiles.at(pool, profiles.first_period + static_cast<std::int32_t>(t));
      expect_float(profiles.weekday[at], exact.weekday[pool][t]);
      expect_float(profiles.common[at], exact.season[pool][t] * exact.event[pool][t]);
    }
}

TEST_P(RealData, factors_states_demand_and_orders_are_those_of_the_oracle) {
  const Case& which = GetParam();
  const auto folder = base::testing::shared_path("data") / which.folder;
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "NOT TESTED: real data is missing at " << folder.string();
  const base::Date as_of = *base::parse_date(which.as_of);
  auto estate = estate::read_estate(io::real_disk(), folder, {.as_of = as_of});
  ASSERT_TRUE(estate) << estate.error().message;
  const Columns columns = build_columns(*estate, as_of, horizon);
  const planner::Fold fold(planner::default_settings(columns.kind));
  const planner::Settings& settings = fold.settings();
  const planner::State state =
      planner::rebuild(columns.history, columns.pools, columns.events, fold, 2);
  const Outlook outlook(columns, state, fold, horizon);
  const planner::oracle::Oracle oracle(columns.history, columns.pools, columns.events,
                                       columns.kin(), settings, horizon);
  const std::int32_t origin = state.origin;
  compare_profiles(columns,
                   planner::build_profiles(state.series, columns.pools, columns.events, settings,
                                           origin, columns.history.first_period, origin + horizon),
                   oracle.factors());

  int ordered = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto line = outlook.line(i);
    EXPECT_EQ(state.current[i].known_count, oracle.current(i).known_count);
    const auto over = [&](std::int32_t from, std::int32_t to) {
      return oracle.over(i, from, to, columns.promotions_of(i), columns.closed[columns.site[i]]);
    };
    for (const int ahead : {1, 7, 28}) {
      const auto fast = line.in(origin + ahead), slow = over(origin + ahead, origin + ahead + 1);
      EXPECT_NEAR(fast.mean, slow.mean, 1e-5 * slow.mean);
      EXPECT_NEAR(fast.variance, slow.variance, 1e-5 * slow.variance);
    }
    for (const std::int32_t stock : stocks(line.level())) {
      const planner::Receipt due{origin + 2, stock / 3};
      const planner::Batch batch{origin + 3, stock / 2};
      planner::Position position;
      position.on_hand_units = stock;
      position.receipts = {&due, 1};
      if (i % 2 == 0) position.batches = {&batch, 1};
      position.on_shelf = origin + 3;
      position.next_on_shelf = origin + 3 + static_cast<std::int32_t>(1 + i % 4);
      position.order_multiple_units = static_cast<std::int32_t>(1 + i % 7);
      const auto fast = planner::replenish(line, origin, position, settings);
      const auto slow = planner::oracle::replenish(over, origin, position, settings);
      EXPECT_EQ(fast.units, slow.units) << i << ' ' << stock;
      EXPECT_EQ(fast.order_up_to, slow.order_up_to) << i << ' ' << stock;
      ordered += fast.units > 0;
    }
  }
  EXPECT_GT(ordered, static_cast<int>(columns.size()));
}

INSTANTIATE_TEST_SUITE_P(Oracle, RealData,
                         testing::Values(Case{"vn2", "2023-05-08"}, Case{"vn2", "2024-04-08"},
                                         Case{"m5-foods", "2013-12-20"},
                                         Case{"m5-foods", "2016-04-24"}),
                         [](const auto& tested) {
                           std::string name =
                               fmt::format("{}_{}", tested.param.folder, tested.param.as_of);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace nightly
