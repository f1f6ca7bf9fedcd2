#include "planner/scarcity.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"
#include "planner/distribution.h"
#include "planner/scarcity_oracle.h"

namespace planner {
namespace {

struct Wish {
  std::uint32_t store = 0, group = no_index, lane = no_index, drop = no_index, need = no_index;
  std::int32_t wanted = 0, multiple = 1, picks = 1, load = 0, drop_use = 1, shelf_day = 0;
  float on_hand = 0, mean = 5, variance = 7, days = 1, need_weight = 1, effort = 1;
  int tier = 5, lifeline = 0;
};

struct Lot {
  std::int32_t last_day;
  std::int64_t units;
  std::int32_t first_day = 0;
};

// One or more depots as people would write them down; columns on demand.
struct Depots {
  std::vector<std::vector<Wish>> wishes;  // per depot
  std::vector<std::vector<Lot>> groups;
  std::vector<std::int64_t> picks, load, drops;
  std::size_t needs = 0;
};

struct Columns {
  explicit Columns(Depots of) : depots(std::move(of)) {
    depot_begin.push_back(0);
    for (const auto& of_depot : depots.wishes) {
      for (const Wish& wish : of_depot) all.push_back(wish);
      depot_begin.push_back(all.size());
    }
    for (const auto& lots : depots.groups) {
      lot_begin.push_back(lot_units.size());
      for (const Lot& lot : lots) {
        lot_first_day.push_back(lot.first_day);
        lot_last_day.push_back(lot.last_day);
        lot_units.push_back(lot.units);
      }
    }
    lot_begin.push_back(lot_units.size());
    fill(store, &Wish::store), fill(group, &Wish::group), fill(lane, &Wish::lane);
    fill(drop, &Wish::drop), fill(need, &Wish::need), fill(wanted, &Wish::wanted);
    fill(multiple, &Wish::multiple), fill(picks, &Wish::picks), fill(load, &Wish::load);
    fill(drop_use, &Wish::drop_use), fill(shelf_day, &Wish::shelf_day);
    fill(on_hand, &Wish::on_hand), fill(mean, &Wish::mean), fill(variance, &Wish::variance);
    fill(days, &Wish::days), fill(need_weight, &Wish::need_weight), fill(effort, &Wish::effort);
    fill(tier, &Wish::tier), fill(lifeline, &Wish::lifeline);
    claims = {depot_begin, store,    group,    shelf_day, lane, drop,     need,
              need_weight, wanted,   multiple, picks,     load, drop_use, on_hand,
              mean,        variance, days,     effort,    tier, lifeline};
    resources = {lot_begin,    lot_first_day, lot_last_day, lot_units,
                 depots.picks, depots.load,   depots.drops, depots.needs};
  }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  template <class T, class Field>
  void fill(std::vector<T>& column, Field Wish::*field) {
    for (const Wish& wish : all) column.push_back(static_cast<T>(wish.*field));
  }

  Depots depots;
  std::vector<Wish> all;
  std::vector<std::size_t> depot_begin, lot_begin;
  std::vector<std::int32_t> lot_first_day, lot_last_day;
  std::vector<std::int64_t> lot_units;
  std::vector<std::uint32_t> store, group, lane, drop, need;
  std::vector<std::int32_t> wanted, multiple, picks, load, drop_use, shelf_day;
  std::vector<float> on_hand, mean, variance, days, need_weight, effort;
  std::vector<std::uint8_t> tier, lifeline;
  Claims claims;
  Resources resources;
};

Allocation run(const Depots& depots, int threads = 1) {
  const Columns columns(depots);
  return allocate(columns.claims, columns.resources, threads);
}

using Units = std::vector<std::int32_t>;

std::int64_t sum(const Units& units) {
  return std::accumulate(units.begin(), units.end(), std::int64_t{0});
}

// Stores 0, 1, 2 ... each want so much of one product of which there is `units`.
Depots one_product(std::int64_t units, const std::vector<Wish>& wishes) {
  Depots depots{{wishes}, {{{100, units}}}, {}, {}, {}};
  for (std::uint32_t i = 0; i < wishes.size(); ++i)
    depots.wishes[0][i].store = i, depots.wishes[0][i].group = 0;
  return depots;
}

// All wishes go through one pair of hands.
Depots one_lane(std::int64_t picks, std::vector<Wish> wishes) {
  for (Wish& wish : wishes) wish.lane = 0;
  return {{wishes}, {}, {picks}, {}, {}, 100};
}

TEST(Scarcity, enough_for_all_gives_everybody_what_was_wanted) {
  const Allocation result = run(one_product(30, {{.wanted = 10}, {.wanted = 20}}));
  EXPECT_EQ(result.given_units, (Units{10, 20}));
  EXPECT_TRUE(result.cuts.empty());
}

TEST(Scarcity, half_the_goods_for_twenty_stores_leave_none_with_nothing_and_lifelines_whole) {
  for (const int tier : {1, 5}) {
    std::vector<Wish> wishes;
    for (int i = 0; i < 20; ++i)
      wishes.push_back({.wanted = 12 + i % 19 + (i == 19 ? 9 : 0),
                        .on_hand = static_cast<float>(i % 7 * 4),
                        .mean = static_cast<float>(4 + i % 5 * 3),
                        .variance = 20,
                        .tier = tier,
                        .lifeline = i % 5 == 0 ? 2 + i % 2 : i % 2});
    Units wanted;
    for (const Wish& wish : wishes) wanted.push_back(wish.wanted);
    ASSERT_EQ(sum(wanted), 420);
    const Allocation result = run(one_product(210, wishes));
    EXPECT_EQ(sum(result.given_units), 210);
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_GT(result.given_units[i], 0);
      if (tier == 1 && i % 5 == 0) {
        EXPECT_EQ(result.given_units[i], wanted[i]);
      }
    }
  }
}

TEST(Scarcity, the_first_tier_of_lifeline_stores_is_served_whole_before_all_others) {
  EXPECT_EQ(run(one_product(12, {{.wanted = 10, .tier = 1},
                                 {.wanted = 10, .on_hand = 50, .tier = 1, .lifeline = 2}}))
                .given_units,
            (Units{2, 10}));
}

TEST(Scarcity, where_even_lifelines_do_not_fit_packs_go_where_goods_last_the_fewest_days) {
  // 2, 4 and 6 days of cover at 2 a day: one each first, then two to the store with 2 + 0.5 days.
  const Wish wish{.wanted = 8, .mean = 2, .tier = 1, .lifeline = 3};
  std::vector<Wish> wishes(3, wish);
  for (std::size_t i = 0; i < 3; ++i) wishes[i].on_hand = static_cast<float>(4 * (i + 1));
  EXPECT_EQ(run(one_product(6, wishes)).given_units, (Units{4, 1, 1}));
}

TEST(Scarcity, ordinary_goods_go_one_pack_each_by_lifeline_then_cover_then_site) {
  const std::vector<Wish> wishes{{.wanted = 4, .multiple = 2, .on_hand = 1},
                                 {.wanted = 4, .multiple = 2, .on_hand = 0},
                                 {.wanted = 4, .multiple = 2, .on_hand = 0},
                                 {.wanted = 4, .multiple = 2, .on_hand = 9, .lifeline = 1}};
  EXPECT_EQ(run(one_product(2, wishes)).given_units, (Units{0, 0, 0, 2}));
  EXPECT_EQ(run(one_product(4, wishes)).given_units, (Units{0, 2, 0, 2}));
  EXPECT_EQ(run(one_product(6, wishes)).given_units, (Units{0, 2, 2, 2}));
  EXPECT_EQ(run(one_product(8, wishes)).given_units, (Units{2, 2, 2, 2}));
}

TEST(Scarcity, what_is_left_goes_to_the_highest_chance_of_selling) {
  const std::vector<Wish> wishes{{.wanted = 6, .mean = 2, .variance = 2},
                                 {.wanted = 6, .mean = 6, .variance = 6}};
  // One each; then 1 - P(0..n) of the second store beats the first's until both are alike.
  EXPECT_EQ(run(one_product(6, wishes)).given_units, (Units{1, 5}));
}

TEST(Scarcity, hard_work_for_the_same_chance_comes_later) {
  // The first pack is the delivery's minimum.
  EXPECT_EQ(run(one_lane(3, {{.wanted = 3, .effort = 3}, {.wanted = 2}})).given_units,
            (Units{1, 2}));
}

TEST(Scarcity, a_village_gets_some_milk_not_one_article_of_each) {
  // Five milks of 2 a day in cases of 10, and crisps that would sell out for certain.
  std::vector<Wish> wishes;
  for (int i = 0; i < 5; ++i)
    wishes.push_back(
        {.need = 0, .wanted = 10, .multiple = 10, .mean = 2, .variance = 2, .tier = 1});
  wishes.push_back({.wanted = 40, .multiple = 10, .mean = 90, .variance = 90, .tier = 6});
  EXPECT_EQ(run(one_lane(1, wishes)).given_units, (Units{10, 0, 0, 0, 0, 0}));
  EXPECT_EQ(run(one_lane(3, wishes)).given_units, (Units{10, 0, 0, 0, 0, 20}));
}

TEST(Scarcity, a_sister_on_the_shelf_or_on_its_way_serves_the_need) {
  std::vector<Wish> wishes{
      {.wanted = 40, .multiple = 10, .mean = 90, .variance = 90, .tier = 6},
      {.need = 0, .wanted = 10, .multiple = 10, .mean = 2, .variance = 2, .tier = 1},
      {.need = 0, .wanted = 0, .on_hand = 4, .mean = 2, .tier = 1}};
  EXPECT_EQ(run(one_lane(2, wishes)).given_units, (Units{20, 0, 0}));
  wishes[2].on_hand = 1;  // a quarter of what four customers a day ask for
  EXPECT_EQ(run(one_lane(2, wishes)).given_units, (Units{10, 10, 0}));
  Depots depots = one_lane(2, wishes);
  depots.wishes[0][2].wanted = 3;
  depots.wishes[0][2].lane = no_index;  // another lorry has room for it
  EXPECT_EQ(run(depots).given_units, (Units{20, 0, 3}));
}

TEST(Scarcity, at_lifeline_stores_the_rest_of_the_first_tier_follows_its_needs) {
  const Wish milk{.need = 0, .wanted = 10, .multiple = 10, .mean = 2, .variance = 2, .tier = 1};
  std::vector<Wish> wishes{milk, milk, milk, milk};
  for (std::uint32_t i = 0; i < 4; ++i) {
    wishes[i].store = wishes[i].need = i / 2;
    wishes[i].lifeline = i < 2 ? 2 : 0;
  }
  EXPECT_EQ(run(one_lane(2, wishes)).given_units, (Units{10, 10, 0, 0}));
  EXPECT_EQ(run(one_lane(3, wishes)).given_units, (Units{10, 10, 10, 0}));
}

TEST(Scarcity, no_delivery_stays_empty_while_hands_are_left) {
  const Wish sure{.store = 0, .wanted = 5, .mean = 90, .variance = 90};
  const Wish unlikely{.store = 1, .wanted = 5, .on_hand = 30, .mean = 1, .variance = 1};
  EXPECT_EQ(run(one_lane(5, {sure, sure, unlikely, unlikely})).given_units, (Units{4, 0, 1, 0}));
}

TEST(Scarcity, goods_that_do_not_last_long_enough_are_for_those_who_sell_them_sooner) {
  Depots depots = one_product(0, {{.wanted = 5, .shelf_day = 12}, {.wanted = 9, .shelf_day = 8}});
  depots.groups = {{{9, 6}, {20, 4}}};
  const Allocation result = run(depots);
  EXPECT_EQ(result.given_units, (Units{4, 6}));
  EXPECT_EQ(result.cuts, (std::vector<Cut>{{0, 1, 0, 0}, {1, 3, 0, 0}}));
}

TEST(Scarcity, goods_that_come_tomorrow_are_for_those_who_get_a_lorry_after_that) {
  Depots depots = one_product(0, {{.wanted = 5, .shelf_day = 3}, {.wanted = 9, .shelf_day = 5}});
  depots.groups = {{{4, 4, 0}, {20, 6, 5}}};
  EXPECT_EQ(run(depots).given_units, (Units{4, 6}));
  depots.groups = {{{5, 7, 0}}};  // all last until the second day: the first is not left empty
  EXPECT_EQ(sum(run(depots).given_units), 7);
}

TEST(Scarcity, every_withheld_unit_says_what_stood_in_the_way) {
  // 12 wanted: the goods fill 8 of them, the hands 2 more packs than were given, the lorry none.
  Depots depots{{{{.store = 0, .group = 0, .lane = 0, .drop = 0, .wanted = 24, .multiple = 2}}},
                {{{100, 16}}},
                {6},
                {},
                {2}};
  const Allocation result = run(depots);
  EXPECT_EQ(result.given_units, (Units{4}));
  EXPECT_EQ(result.cuts, (std::vector<Cut>{{0, 8, 4, 8}}));
  EXPECT_EQ(result.picks_used, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(result.drop_used, (std::vector<std::int64_t>{2}));
}

TEST(Scarcity, without_hands_nothing_goes_out_and_all_is_refused_for_want_of_them) {
  const Allocation result = run(one_lane(0, {{.wanted = 3, .tier = 1, .lifeline = 3}}));
  EXPECT_EQ(result.given_units, (Units{0}));
  EXPECT_EQ(result.cuts, (std::vector<Cut>{{0, 0, 3, 0}}));
}

TEST(Scarcity, expected_sold_agrees_with_the_closed_formula) {
  base::Prng prng(1);
  for (int i = 0; i < 500; ++i) {
    const double mean = 0.05 + prng.uniform() * 30;
    const double variance = mean * (1 + prng.uniform() * 3);
    const auto stock = static_cast<std::int64_t>(prng.below(40));
    const auto units = static_cast<std::int64_t>(prng.below(30));
    EXPECT_NEAR(expected_sold({mean, variance}, stock, units),
                oracle::expected_sold(mean, variance, stock, units), 1e-8);
  }
  EXPECT_NEAR(expected_sold({250, 400}, 200, 1000), expected_sold({199, 400}, 149, 1000), 0.05);
}

// A small depot in which everything may be short. Means and stocks are such that sums of them are
// exact in any order, so that a tie is a tie.
Depots random_depots(std::uint64_t seed, int count = 1) {
  base::Prng prng(seed);
  const auto pick = [&](auto... values) {
    const std::common_type_t<decltype(values)...> list[]{values...};
    return list[prng.below(sizeof...(values))];
  };
  Depots result;
  for (int depot = 0; depot < count; ++depot) {
    const auto stores = 1 + static_cast<std::uint32_t>(prng.below(4));
    const auto products = 1 + static_cast<std::uint32_t>(prng.below(3));
    const auto group = static_cast<std::uint32_t>(result.groups.size());
    const auto lane = static_cast<std::uint32_t>(result.picks.size());
    const auto drop = static_cast<std::uint32_t>(result.drops.size());
    std::vector<Wish> product(products), wishes;
    for (Wish& wish : product) {
      wish.multiple = pick(1, 1, 2, 3, 4);
      wish.tier = pick(1, 1, 2, 5);
      wish.picks = pick(1, 1, 1, 2, 0);
      wish.load = pick(0, 1, 3);
      wish.effort = pick(1.0f, 1.0f, 2.0f);
      wish.need_weight = pick(1.0f, 1.0f, 2.0f);
    }
    const bool kin = prng.below(3) > 0, dated = prng.below(2) == 0;
    for (std::uint32_t s = 0; s < stores; ++s) {
      const int lifeline = pick(0, 0, 1, 2, 3);
      const float days = pick(1.0f, 1.0f, 2.0f);
      for (std::uint32_t p = 0; p < products; ++p) {
        Wish wish = product[p];
        wish.store = s;
        if (prng.below(10) > 0) wish.group = group + p;
        if (prng.below(10) > 0) wish.lane = lane + static_cast<std::uint32_t>(prng.below(2));
        if (prng.below(3) == 0) wish.drop = drop + s;
        if (kin && prng.below(4) > 0) wish.need = static_cast<std::uint32_t>(result.needs) + s;
        wish.wanted = static_cast<std::int32_t>(prng.below(10));
        wish.shelf_day = dated ? pick(5, 7, 9) : 5;
        wish.on_hand = pick(-1.0f, 0.0f, 0.0f, 0.5f, 1.0f, 2.5f, 6.0f);
        wish.mean = pick(0.0f, 0.5f, 2.0f, 4.0f, 8.0f);
        wish.variance = wish.mean * pick(0.5f, 1.0f, 2.0f);
        wish.days = days;
        wish.lifeline = lifeline;
        wishes.push_back(wish);
      }
    }
    const auto some = [&](std::uint64_t most) {
      return static_cast<std::int64_t>(prng.below(most));
    };
    for (std::uint32_t p = 0; p < products; ++p) {
      std::vector<Lot> lots;
      if (dated) lots.push_back({6, some(6)}), lots.push_back({8, some(6), pick(0, 6)});
      lots.push_back({20, some(dated ? 12 : 30), dated ? pick(0, 6, 8) : 0});
      result.groups.push_back(lots);
    }
    for (int i = 0; i < 2; ++i) {
      result.picks.push_back(pick(some(12), some(30), no_limit));
      result.load.push_back(pick(some(12), some(40), no_limit));
    }
    for (std::uint32_t s = 0; s < stores; ++s) result.drops.push_back(some(8));
    result.needs += stores;
    result.wishes.push_back(wishes);
  }
  return result;
}

TEST(Scarcity, agrees_with_the_oracle_unit_for_unit_and_reason_for_reason) {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    const Columns columns(random_depots(seed));
    const Allocation result = allocate(columns.claims, columns.resources, 1);
    const auto slow = oracle::allocate(columns.claims, columns.resources,
                                       [&](std::size_t claim, std::int32_t given) {
                                         return chance_of_next_pack(columns.claims, claim, given);
                                       });
    ASSERT_EQ(result.given_units, slow.given_units) << "seed " << seed;
    ASSERT_EQ(result.cuts, slow.cuts) << "seed " << seed;
    for (const Cut& cut : result.cuts) {
      seen["no_stock"] += cut.no_stock_units > 0;
      seen["pick_capacity"] += cut.pick_capacity_units > 0;
      seen["vehicle"] += cut.vehicle_units > 0;
    }
    seen["before"] += sum(slow.before_chance_units) > 0;
    seen["chance"] += sum(slow.before_chance_units) < sum(slow.given_units);
  }
  for (const auto& [what, times] : seen) EXPECT_GT(times, 100) << what;
}

// The largest sum of chances over all ways to add packs to `units`.
double best_sum(const Columns& columns, std::size_t claim, Units& units) {
  if (claim == columns.all.size())
    return oracle::is_possible(columns.claims, columns.resources, units) ? 0 : -1e9;
  const std::int32_t before = units[claim], multiple = columns.all[claim].multiple;
  double best = best_sum(columns, claim + 1, units), gained = 0;
  while (units[claim] < columns.all[claim].wanted) {
    gained += chance_of_next_pack(columns.claims, claim, units[claim]);
    units[claim] = std::min(columns.all[claim].wanted, units[claim] + multiple);
    best = std::max(best, gained + best_sum(columns, claim + 1, units));
  }
  units[claim] = before;
  return best;
}

TEST(Scarcity, the_last_stage_finds_the_largest_sum_of_chances_where_packs_are_equal) {
  int gained_something = 0;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    Depots depots = random_depots(seed);
    for (Wish& wish : depots.wishes[0]) {
      wish.lane = 0, wish.drop = no_index, wish.picks = 1, wish.load = 0, wish.effort = 1;
      wish.multiple = 2, wish.wanted = std::min(wish.wanted, 6) / 2 * 2, wish.shelf_day = 5;
    }
    depots.picks[0] = std::min<std::int64_t>(depots.picks[0], 8);
    depots.load[0] = no_limit;
    const Columns columns(depots);
    const auto chance = [&](std::size_t claim, std::int32_t given) {
      return chance_of_next_pack(columns.claims, claim, given);
    };
    const Allocation result = allocate(columns.claims, columns.resources, 1);
    Units units = oracle::allocate(columns.claims, columns.resources, chance).before_chance_units;
    double gained = 0;
    for (std::size_t i = 0; i < units.size(); ++i)
      for (std::int32_t given = units[i]; given < result.given_units[i]; given += 2)
        gained += chance(i, given);
    EXPECT_NEAR(gained, best_sum(columns, 0, units), 1e-9) << "seed " << seed;
    gained_something += gained > 0;
  }
  EXPECT_GT(gained_something, 15);
}

TEST(Scarcity, the_number_of_threads_changes_nothing) {
  const Depots depots = random_depots(11, 7);
  const Allocation one = run(depots, 1);
  EXPECT_FALSE(one.cuts.empty());
  EXPECT_EQ(one, run(depots, 2));
  EXPECT_EQ(one, run(depots, 5));
}

RC_GTEST_PROP(Scarcity, never_gives_more_than_there_is_and_accounts_for_every_unit, ()) {
  const Depots depots =
      random_depots(*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::inRange(1, 4));
  const Columns columns(depots);
  const Allocation result = allocate(columns.claims, columns.resources, 1);
  RC_ASSERT(oracle::is_possible(columns.claims, columns.resources, result.given_units));
  std::vector<std::int64_t> picks(depots.picks.size()), load(depots.picks.size());
  std::vector<std::int64_t> drops(depots.drops.size());
  std::vector<std::int32_t> withheld(columns.all.size());
  for (const Cut& cut : result.cuts)
    withheld[cut.claim] = cut.no_stock_units + cut.pick_capacity_units + cut.vehicle_units;
  for (std::size_t i = 0; i < columns.all.size(); ++i) {
    const Wish& wish = columns.all[i];
    const std::int32_t given = result.given_units[i];
    RC_ASSERT(given >= 0 && given + withheld[i] == wish.wanted);
    RC_ASSERT(given % wish.multiple == 0 || given == wish.wanted);
    const std::int32_t packs = (given + wish.multiple - 1) / wish.multiple;
    if (wish.lane != no_index) picks[wish.lane] += packs * wish.picks;
    if (wish.lane != no_index) load[wish.lane] += packs * wish.load;
    if (wish.drop != no_index) drops[wish.drop] += packs * wish.drop_use;
  }
  RC_ASSERT(result.picks_used == picks);
  RC_ASSERT(result.load_used == load);
  RC_ASSERT(result.drop_used == drops);
}

RC_GTEST_PROP(Scarcity, of_a_short_product_nothing_stays_behind, ()) {
  std::vector<Wish> wishes = random_depots(*rc::gen::arbitrary<std::uint64_t>()).wishes[0];
  std::int64_t wanted = 0;
  for (Wish& wish : wishes) {
    wish.lane = wish.drop = wish.need = no_index, wish.multiple = 1;
    wanted += wish.wanted;
  }
  const auto there = *rc::gen::inRange<std::int64_t>(0, wanted + 1);
  RC_ASSERT(sum(run(one_product(there, wishes)).given_units) == there);
}

RC_GTEST_PROP(Scarcity, more_of_a_product_gives_no_store_of_the_first_tier_less, ()) {
  std::vector<Wish> wishes = random_depots(*rc::gen::arbitrary<std::uint64_t>()).wishes[0];
  const auto multiple = *rc::gen::inRange(1, 4);
  for (Wish& wish : wishes) {
    wish.lane = wish.drop = wish.need = no_index, wish.multiple = multiple, wish.tier = 1;
    wish.wanted = wish.wanted / multiple * multiple;
  }
  const auto there = *rc::gen::inRange<std::int64_t>(0, 60);
  const Units less = run(one_product(there, wishes)).given_units;
  const Units more = run(one_product(there + *rc::gen::inRange(1, 9), wishes)).given_units;
  for (std::size_t i = 0; i < less.size(); ++i) RC_ASSERT(less[i] <= more[i]);
}

}  // namespace
}  // namespace planner
