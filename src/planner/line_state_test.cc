#include "planner/line_state.h"

#include <cmath>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "base/prng.h"

namespace planner {
namespace {

constexpr Factors plain{1, 1};

// A daily line that has sold `units` every day for `days` days, beginning on a Monday.
LineState steady(const Fold& fold, std::int32_t units, int days) {
  LineState state;
  for (int t = 0; t < days; ++t) fold.step(state, {units, Seen::full}, plain, t % weekdays);
  return state;
}

// Any observation of any kind, with factors between a fifth and five.
struct Drawn {
  Observation seen;
  Factors factors;
};
Drawn draw(base::Prng& prng, double mean) {
  constexpr std::array kinds{Seen::unknown, Seen::full, Seen::full, Seen::censored, Seen::promoted};
  const auto factor = [&] { return static_cast<float>(std::exp(prng.normal() * 0.5)); };
  return {{static_cast<std::int32_t>(prng.poisson(mean)), kinds[prng.below(kinds.size())]},
          {factor(), factor()}};
}

// Calls check(fold, state before, what came, state after) along random lives of lines.
template <class Check>
void live(Check&& check) {
  for (const Period kind : {Period::day, Period::week}) {
    const Fold fold(default_settings(kind));
    base::Prng prng(21);
    for (int line = 0; line < 60; ++line) {
      const double mean = std::exp(prng.normal() * 2);
      LineState state;
      for (int t = 0; t < 120; ++t) {
        const Drawn drawn = draw(prng, mean);
        const LineState before = state;
        fold.step(state, drawn.seen, drawn.factors, t % weekdays);
        check(fold, before, drawn, state);
      }
    }
  }
}

TEST(LineState, it_takes_44_bytes_without_padding) {
  EXPECT_EQ(sizeof(LineState), 44u);
  EXPECT_EQ(sizeof(LineState), 4 * sizeof(float) + 3 * sizeof(SmallFloat) + sizeof(WeekdayUnits) +
                                   2 * sizeof(std::uint16_t));
  EXPECT_TRUE(std::has_unique_object_representations_v<WeekdayUnits>);
}

TEST(LineState, a_period_that_nobody_reported_leaves_it_as_it_was) {
  live([](const Fold&, const LineState& before, const Drawn& came, const LineState& after) {
    if (came.seen.seen != Seen::unknown) return;
    EXPECT_EQ(std::memcmp(&before, &after, sizeof before), 0);
  });
}

TEST(LineState, an_empty_shelf_never_lowers_a_level) {
  int raised = 0;
  live([&](const Fold& fold, const LineState& before, const Drawn& came, const LineState& after) {
    if (came.seen.seen != Seen::censored) return;
    EXPECT_GE(fold.level(after, 0), fold.level(before, 0) * (1 - 1e-6));
    raised += fold.level(after, 0) > fold.level(before, 0);
  });
  EXPECT_GT(raised, 100);
}

TEST(LineState, an_empty_shelf_teaches_neither_weekday_nor_dispersion) {
  live([](const Fold&, const LineState& before, const Drawn& came, const LineState& after) {
    if (came.seen.seen != Seen::censored) return;
    EXPECT_EQ(before.own_weekday, after.own_weekday);
    EXPECT_EQ(before.dispersion, after.dispersion);
    EXPECT_EQ(before.known_count, after.known_count);
  });
}

TEST(LineState, a_promotion_teaches_its_own_factor_and_nothing_else) {
  int taught = 0;
  live([&](const Fold&, const LineState& before, const Drawn& came, const LineState& after) {
    if (came.seen.seen != Seen::promoted) return;
    LineState other = after;
    other.promotion_units = before.promotion_units;
    other.promotion_expected = before.promotion_expected;
    EXPECT_EQ(other, before);
    taught += after.promotion_expected != before.promotion_expected;
  });
  EXPECT_GT(taught, 100);
}

TEST(LineState, a_launch_on_promotion_teaches_no_uplift) {
  const Fold fold(default_settings(Period::day));
  LineState state;
  for (int t = 0; t < 7; ++t) fold.step(state, {40, Seen::promoted}, plain, t);
  EXPECT_EQ(state, LineState{});
}

TEST(LineState, a_line_without_a_sale_stays_as_if_never_seen) {
  const Fold fold(default_settings(Period::day));
  EXPECT_EQ(steady(fold, 0, 400), LineState{});
}

TEST(LineState, a_line_begins_with_its_first_sale_even_if_that_emptied_the_shelf) {
  const Fold fold(default_settings(Period::day));
  LineState state;
  fold.step(state, {6, Seen::censored}, plain, 0);
  EXPECT_NEAR(fold.level(state, 0), 6, 1e-5);
  for (int t = 1; t < 60; ++t) fold.step(state, {0, Seen::full}, plain, t % weekdays);
  EXPECT_EQ(state.known_count, 59);
  EXPECT_LT(fold.level(state, 0), 0.5);
}

TEST(LineState, twice_the_sales_give_twice_the_level_and_the_same_weekdays) {
  const Fold fold(default_settings(Period::day));
  base::Prng prng(3);
  LineState one, two;
  for (int t = 0; t < 300; ++t) {
    const auto units = static_cast<std::int32_t>(prng.poisson(7));
    const Factors factors{1, static_cast<float>(0.5 + prng.uniform())};
    fold.step(one, {units, Seen::full}, factors, t % weekdays);
    fold.step(two, {2 * units, Seen::full}, factors, t % weekdays);
  }
  EXPECT_EQ(2 * fold.level(one, 0), fold.level(two, 0));
  for (int d = 0; d < weekdays; ++d)
    EXPECT_EQ(fold.weekday_factor(one, 1, d), fold.weekday_factor(two, 1, d));
}

TEST(LineState, the_level_blends_discounted_units_over_discounted_factors) {
  const Settings settings = default_settings(Period::week);
  const Fold fold(settings);
  base::Prng prng(4);
  LineState state;
  std::vector<double> units, factors;
  for (int t = 0; t < 80; ++t) {
    units.push_back(1 + static_cast<double>(prng.poisson(9)));
    factors.push_back(static_cast<double>(static_cast<float>(0.2 + prng.uniform())));
    fold.step(state, {static_cast<std::int32_t>(units.back()), Seen::full},
              {1, static_cast<float>(factors.back())}, 0);
  }
  double wanted = 0;
  for (std::size_t r = 0; r < 2; ++r) {
    double above = 0, below = 0;
    for (std::size_t t = 0; t < units.size(); ++t) {
      const double weight =
          std::pow(1 - settings.level_rate[r], static_cast<double>(units.size() - 1 - t)) *
          std::pow(std::max(factors[t], 0.3), -2);
      above += weight * units[t];
      below += weight * factors[t];
    }
    wanted += settings.level_weight[r] * above / below;
  }
  EXPECT_NEAR(fold.level(state, 0), wanted, wanted * 1e-5);
}

TEST(LineState, a_steady_line_is_at_its_sales_on_every_weekday_from_the_first_day_on) {
  const Fold daily(default_settings(Period::day)), weekly(default_settings(Period::week));
  for (int periods = 1; periods < 500; ++periods) {
    EXPECT_NEAR(weekly.level(steady(weekly, 12, periods), 0), 12, 1e-3) << periods;
    const LineState line = steady(daily, 10, periods);
    for (int d = 0; d < weekdays; ++d)
      EXPECT_NEAR(daily.level(line, 0) * daily.weekday_factor(line, 1, d), 10, 0.01) << periods;
  }
}

TEST(LineState, a_weekday_that_the_line_never_saw_has_its_pools_factor) {
  const Fold fold(default_settings(Period::day));
  LineState state;
  for (int t = 0; t < 100; ++t)
    if (t % weekdays != 6) fold.step(state, {t % weekdays < 3 ? 4 : 8, Seen::full}, plain, t % 7);
  EXPECT_EQ(fold.weekday_factor(state, 1.5f, 6), 1.5);
  EXPECT_LT(fold.weekday_factor(state, 1, 0), 0.9);
}

TEST(LineState, a_prior_rules_a_new_line_and_fades) {
  for (const Period kind : {Period::day, Period::week}) {
    const Fold fold(default_settings(kind));
    EXPECT_NEAR(fold.level({}, 30), 30, 1e-5);
    double before = 30;
    for (const int days : {1, 3, 10, 40, 160}) {
      const double level = fold.level(steady(fold, 10, days), 30);
      EXPECT_LT(level, before);
      EXPECT_GT(level, 10 * (1 - 1e-5));
      before = level;
    }
    EXPECT_NEAR(before, 10, kind == Period::day ? 0.5 : 2.5);
  }
}

TEST(LineState, a_line_learns_its_own_weekdays_and_they_average_one) {
  const Fold fold(default_settings(Period::day));
  LineState state;
  for (int t = 0; t < 700; ++t) {
    const int weekday = t % weekdays;
    fold.step(state, {weekday == 5 ? 24 : 6, Seen::full}, plain, weekday);
  }
  double sum = 0;
  for (int d = 0; d < weekdays; ++d) sum += fold.weekday_factor(state, 1, d);
  EXPECT_NEAR(sum, 7, 1e-6);
  EXPECT_GT(fold.weekday_factor(state, 1, 5), 2);
  EXPECT_LT(fold.weekday_factor(state, 1, 1), 0.9);
}

TEST(LineState, a_day_of_an_event_that_closes_the_shop_teaches_no_weekday) {
  const Fold fold(default_settings(Period::day));
  const LineState before = steady(fold, 10, 70);
  LineState after = before;
  fold.step(after, {9, Seen::full}, {1, 0.1f}, 0);
  EXPECT_EQ(before.own_weekday, after.own_weekday);
}

TEST(LineState, weeks_of_strong_factors_count_less_and_days_do_not) {
  const auto shift = [](Period kind) {
    const Fold fold(default_settings(kind));
    LineState quiet = steady(fold, 10, 60), strong = quiet;
    fold.step(quiet, {15, Seen::full}, {1, 1}, 0);
    fold.step(strong, {60, Seen::full}, {1, 4}, 0);
    return std::pair{fold.level(quiet, 0) - 10, fold.level(strong, 0) - 10};
  };
  const auto [week_quiet, week_strong] = shift(Period::week);
  EXPECT_LT(week_strong, week_quiet / 2);
  const auto [day_quiet, day_strong] = shift(Period::day);
  EXPECT_GT(day_strong, day_quiet);
}

TEST(LineState, the_dispersion_ratio_begins_at_one_and_follows_the_errors) {
  const Fold fold(default_settings(Period::day));
  EXPECT_EQ(fold.dispersion_ratio({}), 1);
  EXPECT_LT(fold.dispersion_ratio(steady(fold, 10, 300)), 0.2);
  LineState wild;
  for (int t = 0; t < 400; ++t)
    fold.step(wild, {t % 5 == 0 ? 50 : 1, Seen::full}, plain, t % weekdays);
  EXPECT_GT(fold.dispersion_ratio(wild), 2);
}

TEST(LineState, one_freak_period_counts_as_at_most_so_many_usual_errors) {
  const Settings settings = default_settings(Period::day);
  const Fold fold(settings);
  LineState state = steady(fold, 1, 300);
  const float before = state.dispersion;
  fold.step(state, {100'000, Seen::full}, plain, 0);
  EXPECT_NEAR(static_cast<double>(state.dispersion - before),
              settings.dispersion_rate * settings.dispersion_error_max, 1e-3);
}

TEST(LineState, variance_exceeds_the_mean_and_grows_with_mean_ratio_and_distance) {
  for (const Period kind : {Period::day, Period::week}) {
    const Fold fold(default_settings(kind));
    double before = 0;
    for (double mean = 0.01; mean < 1000; mean *= 1.3) {
      const double variance = fold.variance(mean, 0.7, 3);
      EXPECT_GE(variance, 1.02 * mean);
      EXPECT_GT(variance, before);
      EXPECT_GE(fold.variance(mean, 1.4, 3), variance);
      EXPECT_GE(fold.variance(mean, 0.7, 20), variance);
      before = variance;
    }
  }
}

// What a few lines show, lane by lane, and their pools' factors.
struct Lives {
  std::vector<RawPeriod> seen;  // [period * line_lanes + lane]
  std::array<std::vector<float>, line_lanes> weekday, common;

  LaneTrack track(std::size_t from, std::size_t periods) const {
    LaneTrack track{.periods = periods, .seen = seen.data() + from * line_lanes};
    for (std::size_t lane = 0; lane < line_lanes; ++lane) {
      track.weekday_factors[lane] = weekday[lane].data() + from;
      track.common_factors[lane] = common[lane].data() + from;
    }
    return track;
  }
};

// Lines of all sizes, from one sale a year to more units than are kept exactly, some of which grow
// or shrink a thousandfold on the way; on some days a factor is 0.
Lives draw_lives(base::Prng& prng, std::size_t periods) {
  Lives lives;
  lives.seen.resize(periods * line_lanes);
  for (std::size_t lane = 0; lane < line_lanes; ++lane) {
    double mean = std::exp(prng.normal() * 4);
    for (std::size_t t = 0; t < periods; ++t) {
      if (prng.below(200) == 0) mean *= std::exp(prng.normal() * 5);
      mean = std::min(mean, 3e6);
      const Drawn drawn = draw(prng, mean);
      if (prng.below(20) != 0) lives.seen[t * line_lanes + lane] = drawn.seen;
      lives.weekday[lane].push_back(drawn.factors.weekday);
      lives.common[lane].push_back(prng.below(50) == 0 ? 0 : drawn.factors.common);
    }
  }
  return lives;
}

TEST(LineState, lines_side_by_side_take_the_steps_that_each_takes_alone) {
  base::Prng prng(33);
  for (const double power : {0.0, 2.0, 1.5})
    for (const Period kind : {Period::day, Period::week}) {
      Settings settings = default_settings(kind);
      settings.level_factor_power = power;
      const Fold fold(settings);
      for (int life = 0; life < 40; ++life) {
        const Lives lives = draw_lives(prng, 400);
        std::array<LineState, line_lanes> alone{}, together{};
        const std::size_t lines = life % 3 == 0 ? 1 + prng.below(line_lanes) : line_lanes;
        for (std::size_t t = 0, count = 0; t < 400; t += count) {
          count = std::min<std::size_t>(prng.below(4) == 0 ? 1 : prng.below(90), 400 - t);
          const LaneTrack track = lives.track(t, count);
          fold.steps(std::span(together).first(lines), track, static_cast<int>(t % weekdays));
          for (std::size_t lane = 0; lane < lines; ++lane)
            for (std::size_t k = 0; k < count; ++k)
              fold.step(alone[lane], track.seen[k * line_lanes + lane],
                        {track.weekday_factors[lane][k], track.common_factors[lane][k]},
                        static_cast<int>((t + k) % weekdays));
          ASSERT_EQ(std::memcmp(&alone, &together, sizeof alone), 0) << life << " " << t;
        }
      }
    }
}

TEST(LineState, counts_stop_at_their_largest_value) {
  const Fold fold(default_settings(Period::week));
  const LineState state = steady(fold, 3, 70'000);
  EXPECT_EQ(state.known_count, 65'535);
  EXPECT_EQ(state.error_count, 65'535);
  EXPECT_NEAR(fold.level(state, 50), 3 + 47 * 0.01 / 1.01, 0.01);  // the prior's lasting share
}

}  // namespace
}  // namespace planner
