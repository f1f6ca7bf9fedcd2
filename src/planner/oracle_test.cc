#include <cmath>

#include <gtest/gtest.h>

#include "planner/demand_oracle.h"
#include "planner/replenish_oracle.h"
#include "planner/testing/random_estate.h"

namespace planner {
namespace {

using testing::random_estate;
using testing::random_position;
using testing::RandomEstate;
using testing::RandomOptions;

constexpr std::int32_t horizon = 28;

// The estates that every comparison runs over: with and without a year of history, and younger than
// the raw periods.
struct Case {
  std::uint64_t seed;
  RandomOptions options;
};
const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {1, {Period::day, 830}},        {2, {Period::day, 470}},
      {3, {Period::day, 90}},         {4, {Period::day, 20}},
      {5, {Period::day, 1}},          {6, {Period::week, 160}},
      {7, {Period::week, 230}},       {8, {Period::week, 70}},
      {9, {Period::week, 27}},        {10, {Period::week, 29}},
      {11, {Period::day, 440, 1, 2}}, {12, {Period::day, 420, 4, 6, true}},
  };
  return all;
}

// The planner and the oracle over one estate.
struct Both {
  explicit Both(const Case& which)
      : estate(random_estate(which.seed, which.options)),
        history(estate.history()),
        fold(estate.settings),
        oracle(history, estate.pools, estate.events, estate.kin(), estate.settings, horizon),
        state(rebuild(history, estate.pools, estate.events, fold, 2)),
        profiles(build_profiles(state.series, estate.pools, estate.events, estate.settings,
                                state.origin, estate.first_period, state.origin + horizon)),
        priors(state, estate.pools, estate.kin(), fold, 2),
        demand(state, estate.pools, profiles, fold, priors) {}

  Demand::Line line(std::size_t i) const {
    return demand.line(i, estate.promotions[i], estate.closed[estate.site[i]]);
  }
  oracle::Over over(std::size_t i) const {
    return [this, i](std::int32_t from, std::int32_t to) {
      return oracle.over(i, from, to, estate.promotions[i], estate.closed[estate.site[i]]);
    };
  }

  RandomEstate estate;
  History history;
  Fold fold;
  oracle::Oracle oracle;
  State state;
  Profiles profiles;
  Priors priors;
  Demand demand;
};

class OracleTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  static const Both& both(std::size_t number) {
    static std::vector<std::unique_ptr<Both>> made(cases().size());
    if (!made[number]) made[number] = std::make_unique<Both>(cases()[number]);
    return *made[number];
  }
  const Both& b = both(GetParam());
};

// `value` is what a float keeps of something within 1e-9 of `exact`.
void expect_kept(float value, double exact, std::string_view what) {
  EXPECT_GE(value, static_cast<float>(exact * (1 - 1e-9))) << what;
  EXPECT_LE(value, static_cast<float>(exact * (1 + 1e-9))) << what;
}

void expect_close(double value, double exact, double relative, std::string_view what) {
  EXPECT_NEAR(value, exact, std::abs(exact) * relative + 1e-12) << what;
}

void expect_close(const LineState& state, const LineState& exact) {
  const auto same = [](auto value, auto wanted) {
    expect_close(static_cast<double>(value), static_cast<double>(wanted), 2e-6, "state");
  };
  for (std::size_t r = 0; r < rates_max; ++r) {
    same(state.level_units[r], exact.level_units[r]);
    same(state.level_factors[r], exact.level_factors[r]);
  }
  // What is kept in two bytes may fall on either side of a half.
  const auto near = [](double value, double wanted) {
    expect_close(value, wanted, 1e-3, "rounded state");
  };
  for (int d = 0; d < weekdays; ++d) near(state.own_weekday.units(d), exact.own_weekday.units(d));
  near(static_cast<double>(state.dispersion), static_cast<double>(exact.dispersion));
  near(static_cast<double>(state.promotion_units), static_cast<double>(exact.promotion_units));
  near(static_cast<double>(state.promotion_expected),
       static_cast<double>(exact.promotion_expected));
  EXPECT_EQ(state.known_count, exact.known_count);
  EXPECT_EQ(state.error_count, exact.error_count);
}

TEST_P(OracleTest, every_stretch_of_a_line_is_observed_as_the_whole_diary_has_it) {
  base::Prng prng(GetParam());
  for (std::size_t i = 0; i < b.estate.size(); ++i) {
    const oracle::Diary& diary = b.oracle.diaries()[i];
    for (int k = 0; k < 10; ++k) {
      const auto from =
          b.estate.first_period - 20 + static_cast<std::int32_t>(prng.below(diary.size() + 30));
      std::vector<Observation> seen(prng.below(60));
      observe(b.history, i, from, seen);
      for (std::size_t at = 0; at < seen.size(); ++at) {
        const auto index = from + static_cast<std::int32_t>(at) - b.estate.first_period;
        const bool inside = index >= 0 && index < static_cast<std::int32_t>(diary.size());
        EXPECT_EQ(seen[at], inside ? diary[static_cast<std::size_t>(index)] : Observation{});
      }
    }
  }
}

TEST_P(OracleTest, pools_sum_exactly_what_their_lines_sold_in_full) {
  const GroupSeries& series = b.state.series;
  EXPECT_EQ(series.period_count,
            std::max(0, static_cast<int>(b.oracle.sums().units[0].size()) - raw_periods));
  for (std::size_t pool = 0; pool < series.pool_count; ++pool)
    for (std::int32_t t = 0; t < series.period_count; ++t) {
      const auto at =
          pool * static_cast<std::size_t>(series.period_count) + static_cast<std::size_t>(t);
      EXPECT_EQ(static_cast<double>(series.units[at]), b.oracle.sums().units[pool][t]);
      EXPECT_EQ(static_cast<double>(series.line_periods[at]), b.oracle.sums().lines[pool][t]);
    }
}

TEST_P(OracleTest, profiles_are_those_of_direct_sums) {
  for (std::uint32_t pool = 0; pool < b.estate.pools.size(); ++pool)
    for (std::int32_t t = b.profiles.first_period;
         t < b.profiles.first_period + b.profiles.period_count; ++t) {
      const auto index = b.estate.index(t);
      const oracle::PoolFactors& exact = b.oracle.factors();
      expect_kept(b.profiles.weekday[b.profiles.at(pool, t)], exact.weekday[pool][index],
                  "weekday");
      expect_kept(b.profiles.common[b.profiles.at(pool, t)],
                  exact.season[pool][index] * exact.event[pool][index], "common");
    }
}

TEST_P(OracleTest, a_line_folds_to_the_same_bytes_from_the_same_factors) {
  for (std::size_t i = 0; i < b.estate.size(); ++i) {
    std::vector<Factors> factors;
    for (std::int32_t t = b.estate.first_period; t <= b.estate.last_period; ++t) {
      const std::size_t at = b.profiles.at(b.estate.pools.leaf[i], t);
      factors.push_back({b.profiles.weekday[at], b.profiles.common[at]});
    }
    const oracle::Diary diary = oracle::kept(b.oracle.diaries()[i]);
    EXPECT_EQ(b.state.current[i],
              oracle::fold(b.estate.settings, diary, factors, b.estate.first_period));
  }
}

TEST_P(OracleTest, states_and_priors_are_those_of_the_oracle) {
  for (std::size_t i = 0; i < b.estate.size(); ++i) {
    expect_close(b.state.current[i], b.oracle.current(i));
    expect_close(b.state.settled[i], b.oracle.settled(i));
    expect_close(static_cast<double>(b.priors.of(i)), static_cast<double>(b.oracle.prior(i)), 1e-6,
                 "prior");
  }
}

TEST_P(OracleTest, demand_of_periods_and_stretches_is_that_of_the_oracle) {
  const std::int32_t origin = b.state.origin;
  for (std::size_t i = 0; i < b.estate.size(); ++i)
    for (const auto& [from, to] : {std::pair{1, 2}, {3, 4}, {1, 8}, {5, 12}, {20, 28}, {4, 4}}) {
      const Moments fast = b.line(i).over(origin + from, origin + to);
      const Moments slow = b.over(i)(origin + from, origin + to);
      expect_close(fast.mean, slow.mean, 1e-5, "mean");
      expect_close(fast.variance, slow.variance, 1e-5, "variance");
    }
}

TEST_P(OracleTest, every_line_orders_the_same_units) {
  base::Prng prng(100 + GetParam());
  for (std::size_t i = 0; i < b.estate.size(); ++i)
    for (int k = 0; k < 12; ++k) {
      auto made = random_position(prng, b.state.origin, b.line(i).level());
      const Position& position = made.get();
      const auto fast = replenish(b.line(i), b.state.origin, position, b.estate.settings);
      const auto slow = oracle::replenish(b.over(i), b.state.origin, position, b.estate.settings);
      EXPECT_EQ(fast.units, slow.units) << i << ' ' << k;
      EXPECT_EQ(fast.need_units, slow.need_units) << i << ' ' << k;
      EXPECT_EQ(fast.order_up_to, slow.order_up_to) << i << ' ' << k;
      EXPECT_EQ(fast.cut_units, slow.cut_units) << i << ' ' << k;
      EXPECT_EQ(fast.limit, slow.limit) << i << ' ' << k;
      EXPECT_EQ(fast.raised_to_presentation, slow.raised_to_presentation) << i << ' ' << k;
      expect_close(fast.expected_demand, slow.expected_demand, 1e-5, "expected demand");
      EXPECT_NEAR(fast.expected_on_hand, slow.expected_on_hand,
                  1e-5 * (1 + std::abs(position.on_hand_units)));
    }
}

INSTANTIATE_TEST_SUITE_P(RandomEstates, OracleTest,
                         ::testing::Range<std::size_t>(0, cases().size()));

TEST(Oracle, quantiles_and_bounded_moments_agree_over_their_whole_range) {
  base::Prng prng(5);
  for (int i = 0; i < 1000; ++i) {
    const double mean = std::exp(prng.uniform() * 14 - 7);
    const double variance = mean * (0.9 + std::exp(prng.uniform() * 6 - 3));
    const double level = 0.02 + 0.975 * prng.uniform();
    EXPECT_EQ(quantile({mean, variance}, level), oracle::quantile({mean, variance}, level))
        << mean << ' ' << variance << ' ' << level;
    const double bound = mean * std::exp(prng.uniform() * 4 - 2);
    const Bounded fast = bounded({mean, variance}, bound);
    const Bounded slow = oracle::bounded({mean, variance}, bound);
    expect_close(fast.moments.mean, slow.moments.mean, 1e-9, "mean");
    EXPECT_NEAR(fast.moments.variance, slow.moments.variance, 1e-9 * (variance + mean * mean));
    EXPECT_NEAR(fast.below, slow.below, 1e-9);
  }
}

}  // namespace
}  // namespace planner
