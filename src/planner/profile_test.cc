#include "planner/profile.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/prng.h"

namespace planner {
namespace {

// Two categories in two regions; leaves sell what `units` says in every period.
struct Shops {
  Shops(Period kind, int periods) : settings(default_settings(kind)) {
    pools =
        build_pools(std::vector<std::uint32_t>{0, 0, 1, 1}, std::vector<std::uint32_t>{0, 1, 0, 1});
    series.first_period = 18'263;  // 2020-01-02, a Thursday
    series.period_count = periods;
    series.pool_count = pools.size();
    series.units.assign(pools.size() * static_cast<std::size_t>(periods), 0);
    series.line_periods = series.units;
  }

  std::size_t at(std::uint32_t pool, int t) const {
    return pool * static_cast<std::size_t>(series.period_count) + static_cast<std::size_t>(t);
  }
  void sell(int leaf, int t, std::int64_t units, std::int64_t lines = 10) {
    for (std::uint32_t pool = pools.leaf[static_cast<std::size_t>(leaf)]; pool != no_index;
         pool = pools.pools[pool].parent) {
      series.units[at(pool, t)] += units;
      series.line_periods[at(pool, t)] += lines;
    }
  }
  template <class Units>
  void sell_everywhere(Units&& units) {
    for (int t = 0; t < series.period_count; ++t)
      for (int leaf = 0; leaf < 4; ++leaf) sell(leaf, t, static_cast<std::int64_t>(units(t)));
  }
  Profiles build(int ahead = 28) const {
    const std::int32_t origin = series.last_period() + raw_periods;
    return build_profiles(series, pools, events, settings, origin, series.first_period,
                          origin + ahead);
  }
  std::int32_t period(int t) const { return series.first_period + t; }
  void add_event(std::vector<int> days, std::uint32_t region, std::uint32_t category,
                 double uplift) {
    events.push_back({});
    events.back().region = region;
    events.back().category = category;
    events.back().uplift = uplift;
    for (const int day : days) events.back().periods.push_back(period(day));
  }

  Settings settings;
  Pools pools;
  GroupSeries series;
  std::vector<Event> events;
};

TEST(Profile, without_history_every_factor_is_one) {
  for (const Period kind : {Period::day, Period::week}) {
    Shops shops(kind, 0);
    const Profiles profiles = shops.build();
    EXPECT_EQ(profiles.period_count, 56);
    for (const float factor : profiles.weekday) EXPECT_EQ(factor, 1);
    for (const float factor : profiles.common) EXPECT_EQ(factor, 1);
  }
}

TEST(Profile, in_the_first_year_there_is_no_season) {
  for (const Period kind : {Period::day, Period::week}) {
    Shops shops(kind, kind == Period::day ? 330 : 20);
    shops.sell_everywhere([](int t) { return 20 + t; });
    const Profiles profiles = shops.build(1);
    for (const float factor : profiles.common) EXPECT_EQ(factor, 1);
  }
}

TEST(Profile, a_period_sees_nothing_newer_than_the_raw_periods_before_it) {
  base::Prng prng(70);
  Shops shops(Period::day, 800);
  shops.sell_everywhere([&](int) { return prng.poisson(30); });
  shops.add_event({10, 370, 740}, no_index, no_index, 1);
  shops.add_event({200, 560, 700}, 0, no_index, 1);
  const Profiles before = shops.build();
  for (int cut : {100, 420, 600, 772, 799}) {
    Shops changed = shops;
    for (int leaf = 0; leaf < 4; ++leaf) changed.sell(leaf, cut, 500);
    const Profiles after = changed.build();
    bool moved = false;
    for (std::uint32_t pool = 0; pool < shops.pools.size(); ++pool)
      for (int t = 0; t < before.period_count; ++t) {
        const std::size_t at = before.at(pool, before.first_period + t);
        const bool same =
            before.weekday[at] == after.weekday[at] && before.common[at] == after.common[at];
        if (t < cut + raw_periods) {
          EXPECT_TRUE(same) << cut << ' ' << t;
        }
        moved = moved || !same;
      }
    EXPECT_TRUE(moved) << cut;
  }
}

TEST(Profile, a_busy_saturday_is_learned_and_the_week_averages_one) {
  Shops shops(Period::day, 300);
  // Index 2 is a Saturday.
  shops.sell_everywhere([](int t) { return t % 7 == 2 ? 300 : 100; });
  const Profiles profiles = shops.build(7);
  const std::int32_t last = profiles.first_period + profiles.period_count - 1;
  for (std::uint32_t pool = 0; pool < shops.pools.size(); ++pool) {
    double sum = 0;
    for (std::int32_t t = last - 6; t <= last; ++t) {
      const auto factor = static_cast<double>(profiles.weekday[profiles.at(pool, t)]);
      const bool saturday = (t - shops.series.first_period) % 7 == 2;
      EXPECT_NEAR(factor, saturday ? 300 / (900 / 7.0) : 100 / (900 / 7.0), 0.15);
      sum += factor;
    }
    EXPECT_NEAR(sum, 7, 0.01);
  }
}

TEST(Profile, weeks_have_no_weekday) {
  Shops shops(Period::week, 100);
  shops.sell_everywhere([](int t) { return 50 + t % 7 * 20; });
  for (const float factor : shops.build().weekday) EXPECT_EQ(factor, 1);
}

TEST(Profile, last_years_season_comes_back_shrunk_towards_one) {
  Shops shops(Period::day, 790);
  shops.sell_everywhere([](int t) { return 4000 * (1 + 0.5 * std::sin(2 * M_PI * t / 365.25)); });
  const Profiles profiles = shops.build(28);
  for (const int t : {731 + 45, 731 + 75}) {
    const double truth = 1 + 0.5 * std::sin(2 * M_PI * t / 365.25);
    const auto factor = static_cast<double>(profiles.common[profiles.at(0, shops.period(t))]);
    EXPECT_GT(factor, 1 + 0.75 * (truth - 1));
    EXPECT_LT(factor, truth);
  }
}

TEST(Profile, a_year_after_an_outage_the_year_before_is_still_shrunk) {
  Shops shops(Period::week, 150);
  for (int t = 0; t < 150; ++t) {
    if (t >= 110 && t < 120) continue;  // nobody reported
    for (int leaf = 0; leaf < 3; ++leaf) shops.sell(leaf, t, 2000);
    shops.sell(3, t, t >= 58 && t < 68 ? 0 : 5);  // a handful of lines, by chance without a sale
  }
  const Profiles profiles = shops.build(28);
  const std::uint32_t leaf = shops.pools.leaf[3];
  for (int t = 164; t < 170; ++t)
    EXPECT_GT(profiles.common[profiles.at(leaf, shops.period(t))], 0.6) << t;
}

TEST(Profile, lines_that_come_and_go_are_no_season) {
  Shops shops(Period::day, 790);
  for (int t = 0; t < 790; ++t) {
    for (int leaf = 0; leaf < 3; ++leaf) shops.sell(leaf, t, 2000, 10);
    // A slow category of many lines that is sold in a part of the year only.
    if (t % 365 > 20 && t % 365 < 120) shops.sell(3, t, 200, 100);
  }
  const Profiles profiles = shops.build(28);
  for (const float factor : profiles.common) EXPECT_NEAR(factor, 1, 0.01);
}

TEST(Profile, a_day_when_all_is_shut_is_learned_and_kept_out_of_the_season) {
  Shops shops(Period::day, 1100);
  shops.sell_everywhere([](int t) { return t % 365 == 50 ? 0 : 1000; });
  shops.add_event({50, 415, 780, 1145}, no_index, no_index, 1);
  const Profiles profiles = shops.build(28);
  EXPECT_LT(profiles.common[profiles.at(0, shops.period(1145))], 0.25);
  EXPECT_NEAR(profiles.common[profiles.at(0, shops.period(1140))], 1, 0.02);
  EXPECT_NEAR(profiles.common[profiles.at(0, shops.period(1144))], 1, 0.05);  // the eve
}

TEST(Profile, the_day_before_an_event_has_a_factor_of_its_own_in_daily_estates) {
  Shops shops(Period::day, 1100);
  shops.sell_everywhere([](int t) { return t % 365 == 49 ? 3000 : 1000; });
  shops.add_event({50, 415, 780, 1145}, no_index, no_index, 1);
  const Profiles with = shops.build(28);
  EXPECT_GT(with.common[with.at(0, shops.period(1144))], 2);
  EXPECT_NEAR(with.common[with.at(0, shops.period(1145))], 1, 0.2);
  shops.settings.event_eve = false;
  const Profiles without = shops.build(28);
  EXPECT_LT(without.common[without.at(0, shops.period(1144))], 1.5);
}

TEST(Profile, before_an_event_was_ever_seen_the_estates_word_counts_in_its_scope_alone) {
  const auto factors = [](std::uint32_t region, std::uint32_t category) {
    Shops shops(Period::day, 200);
    shops.sell_everywhere([](int) { return 1000; });
    shops.add_event({210}, region, category, 3);
    const Profiles profiles = shops.build(28);
    std::vector<double> of_leaf;
    for (const std::uint32_t leaf : shops.pools.leaf)
      of_leaf.push_back(static_cast<double>(profiles.common[profiles.at(leaf, shops.period(210))]));
    return of_leaf;
  };
  EXPECT_EQ(factors(no_index, no_index), (std::vector<double>{3, 3, 3, 3}));
  EXPECT_EQ(factors(1, no_index), (std::vector<double>{1, 3, 1, 3}));
  EXPECT_EQ(factors(no_index, 1), (std::vector<double>{1, 1, 3, 3}));
  EXPECT_EQ(factors(0, 1), (std::vector<double>{1, 1, 3, 1}));
  EXPECT_EQ(factors(7, no_index), (std::vector<double>{1, 1, 1, 1}));
}

TEST(Profile, of_each_year_the_day_nearest_to_the_anniversary_speaks_loudest) {
  Shops shops(Period::day, 800);
  shops.sell_everywhere([](int t) { return t == 450 ? 5000 : t == 300 ? 100 : 1000; });
  shops.add_event({300, 450, 450 + 365}, no_index, no_index, 1);
  const Profiles profiles = shops.build(28);
  EXPECT_GT(profiles.common[profiles.at(0, shops.period(450 + 365))], 2.5);
}

TEST(Profile, of_two_days_equally_near_to_the_anniversary_the_earlier_one_speaks) {
  Shops shops(Period::day, 800);
  shops.settings.year_periods = 364;
  shops.sell_everywhere([](int t) { return t == 450 ? 5000 : t == 454 ? 100 : 1000; });
  shops.add_event({450, 454, 452 + 364}, no_index, no_index, 1);
  const Profiles profiles = shops.build(28);
  EXPECT_GT(profiles.common[profiles.at(0, shops.period(452 + 364))], 2.5);
}

TEST(Pools, each_line_has_a_leaf_whose_ancestors_are_its_category_and_everything) {
  const std::vector<std::uint32_t> category{2, 0, 2, 2, 0}, region{1, 1, 0, 1, 3};
  const Pools pools = build_pools(category, region);
  EXPECT_EQ(pools.size(), 1u + 2u + 4u);
  for (std::size_t line = 0; line < category.size(); ++line) {
    const Pool& leaf = pools.pools[pools.leaf[line]];
    EXPECT_EQ(leaf.category, category[line]);
    EXPECT_EQ(leaf.region, region[line]);
    const Pool& parent = pools.pools[leaf.parent];
    EXPECT_EQ(parent.category, category[line]);
    EXPECT_EQ(parent.region, no_index);
    EXPECT_EQ(parent.parent, 0u);
  }
  EXPECT_EQ(pools.leaf[0], pools.leaf[3]);
  EXPECT_EQ(build_pools({}, {}).size(), 1u);
}

}  // namespace
}  // namespace planner
