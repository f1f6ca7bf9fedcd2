#include "planner/demand.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/prng.h"
#include "planner/testing/steady_line.h"

namespace planner {
namespace {

using testing::SteadyLine;

constexpr std::int32_t origin = SteadyLine::origin;

TEST(Demand, a_stretch_adds_means_and_lets_the_level_vary_for_all_its_periods_at_once) {
  SteadyLine steady(4);
  steady.set_factor(origin + 3, 2.5f);
  const auto line = steady.line();
  double mean = 0, variance = 0, pairs = 0;
  for (int a = 2; a < 6; ++a) {
    mean += line.in(origin + a).mean;
    variance += line.in(origin + a).variance;
    for (int b = 2; b < 6; ++b)
      if (a != b) pairs += line.in(origin + a).mean * line.in(origin + b).mean;
  }
  const Moments stretch = line.over(origin + 2, origin + 6);
  EXPECT_NEAR(stretch.mean, mean, 1e-12);
  EXPECT_NEAR(stretch.variance, variance + steady.settings().level_variance * pairs, 1e-9);
  EXPECT_EQ(line.over(origin + 4, origin + 4).mean, 0);
}

TEST(Demand, a_closed_shop_sells_nothing) {
  SteadyLine steady(4);
  const std::vector<std::int32_t> closed{origin + 2, origin + 5};
  const auto line = steady.line({}, closed);
  EXPECT_EQ(line.in(origin + 2).mean, 0);
  EXPECT_EQ(line.in(origin + 2).variance, 0);
  EXPECT_NEAR(line.over(origin + 1, origin + 7).mean, 16, 1e-5);
}

TEST(Demand, a_promotion_lifts_its_own_days_by_what_was_announced_until_the_line_knows_better) {
  SteadyLine steady(4);
  const std::vector<Promotion> announced{{origin + 2, origin + 3, 2}};
  EXPECT_NEAR(steady.line(announced).in(origin + 1).mean, 4, 1e-6);
  EXPECT_NEAR(steady.line(announced).in(origin + 2).mean, 8, 1e-6);
  EXPECT_NEAR(steady.line(announced).in(origin + 3).mean, 8, 1e-6);
  EXPECT_NEAR(steady.line(announced).in(origin + 4).mean, 4, 1e-6);
  steady.state().promotion_units = 400;
  steady.state().promotion_expected = 100;
  EXPECT_NEAR(steady.line(announced).in(origin + 2).mean, 16, 0.2);
}

TEST(Demand, a_promotion_of_unknown_strength_lifts_as_those_of_its_pool_did) {
  SteadyLine steady(4);
  const std::vector<Promotion> silent{{origin + 2, origin + 3, 0}};
  EXPECT_NEAR(steady.line(silent).in(origin + 2).mean, 4, 1e-6);  // nobody knows anything
  steady.state().promotion_units = 3000;
  steady.state().promotion_expected = 2000;
  EXPECT_NEAR(steady.line(silent).in(origin + 2).mean, 4 * 1.5, 0.05);
}

TEST(Demand, of_two_promotions_on_a_day_the_one_that_began_first_counts) {
  SteadyLine steady(4);
  const std::vector<Promotion> both{{origin + 1, origin + 5, 2}, {origin + 2, origin + 3, 3}};
  EXPECT_NEAR(steady.line(both).in(origin + 2).mean, 8, 1e-6);
}

// Four lines: two of product 0, of which one never sold; two of product 1 that never sold.
struct Launches {
  Launches() : fold(default_settings(Period::day)) {
    pools =
        build_pools(std::vector<std::uint32_t>{0, 0, 0, 0}, std::vector<std::uint32_t>{0, 0, 0, 0});
    state.current.resize(4);
    state.current[0].level_units.fill(6);
    state.current[0].level_factors.fill(1);
    state.current[0].known_count = 200;
  }
  std::vector<float> priors() const {
    const Priors priors(state, pools, {product, like}, fold, 1);
    std::vector<float> all;
    for (std::size_t line = 0; line < state.current.size(); ++line) all.push_back(priors.of(line));
    return all;
  }

  Fold fold;
  Pools pools;
  State state;
  std::vector<std::uint32_t> product{0, 0, 1, 1}, like{no_index, no_index, 0, 1};
};

TEST(Demand, a_launch_leans_on_its_like_line_then_its_product_then_its_pool) {
  Launches launches;
  // Line 2 resembles line 0; line 3 resembles line 1, which never sold, and so has its pool only.
  EXPECT_EQ(launches.priors(), (std::vector<float>{6, 6, 6, 6}));
  launches.state.current[3] = launches.state.current[0];
  launches.state.current[3].level_units.fill(10);
  launches.like[2] = no_index;
  EXPECT_EQ(launches.priors(), (std::vector<float>{6, 6, 10, 10}));
  launches.like[2] = 0;
  EXPECT_EQ(launches.priors(), (std::vector<float>{6, 6, 6, 10}));
  launches.state.current[3] = {};
  launches.product = {0, 1, 2, 2};
  launches.like[2] = no_index;
  EXPECT_EQ(launches.priors(), (std::vector<float>{6, 6, 6, 6}));
}

TEST(Demand, priors_and_uplifts_of_many_lines_do_not_depend_on_the_number_of_threads) {
  constexpr std::uint32_t lines = 200'000, products = 300;
  base::Prng prng(3);
  const Fold fold(default_settings(Period::day));
  std::vector<std::uint32_t> product(lines), like(lines, no_index), region(lines);
  State state;
  state.current.resize(lines);
  double sold = 0, expected = 0, level_sum = 0, known = 0;
  for (std::uint32_t i = 0; i < lines; ++i) {
    product[i] = i % products;
    region[i] = i % 7;
    LineState& line = state.current[i];
    line.known_count = i % 2 == 0 ? 100 : 0;
    line.level_units.fill(static_cast<float>(prng.uniform()));
    line.level_factors.fill(1);
    line.promotion_units = static_cast<float>(3 * prng.uniform());
    line.promotion_expected = static_cast<float>(prng.uniform());
    sold += static_cast<double>(line.promotion_units);
    expected += static_cast<double>(line.promotion_expected);
    if (product[i] != 4) continue;
    level_sum += fold.level(line, 0);
    known += 1;
  }
  const Pools pools = build_pools(product, region);
  Profiles profiles;
  profiles.first_period = 1;
  profiles.period_count = 1;
  profiles.weekday.assign(pools.size(), 1);
  profiles.common = profiles.weekday;
  const std::vector<Promotion> silent{{1, 1, 0}};
  const Priors one(state, pools, {product, like}, fold, 1),
      three(state, pools, {product, like}, fold, 3);
  const Demand of_one(state, pools, profiles, fold, one),
      of_three(state, pools, profiles, fold, three);
  for (std::size_t i = 0; i < lines; i += 97) {
    EXPECT_EQ(one.of(i), three.of(i));
    EXPECT_EQ(of_one.line(i, silent).in(1).mean, of_three.line(i, silent).in(1).mean);
  }
  EXPECT_NEAR(one.of(4), level_sum / known, 1e-6);
  state.current[0].promotion_units = state.current[0].promotion_expected = 0;
  EXPECT_NEAR(of_one.line(0, silent).in(1).mean / of_one.line(0).in(1).mean, sold / expected, 0.2);
}

TEST(Demand, where_nobody_ever_sold_anything_nothing_is_expected) {
  Launches launches;
  launches.state.current[0] = {};
  EXPECT_EQ(launches.priors(), (std::vector<float>{0, 0, 0, 0}));
}

}  // namespace
}  // namespace planner
