#include "planner/replenish.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "planner/testing/many_lines.h"
#include "planner/testing/random_estate.h"
#include "planner/testing/steady_line.h"

namespace planner {
namespace {

using testing::random_position;
using testing::SteadyLine;

constexpr std::int32_t origin = SteadyLine::origin;

// Ordered tonight, on the shelf the day after tomorrow, to last for three days.
Position usual(std::int32_t on_hand) {
  Position position;
  position.on_hand_units = on_hand;
  position.on_shelf = origin + 2;
  position.next_on_shelf = origin + 5;
  return position;
}

TEST(Gone, it_stays_between_what_expired_and_what_was_there) {
  base::Prng prng(31);
  for (int life = 0; life < 500; ++life) {
    Gone gone(0.02);
    double available = 20 * prng.uniform(), expired = 0;
    for (int k = 0; k < 8; ++k) {
      switch (prng.below(3)) {
        case 0:
          available += 10 * prng.uniform();
          break;
        case 1:
          expired = std::min(available, expired + 8 * prng.uniform());
          gone.expire(expired);
          break;
        default: {
          const double mean = 10 * prng.uniform();
          gone.sell({mean, mean * (1 + prng.uniform())}, available);
        }
      }
      const Moments now = gone.moments();
      EXPECT_LE(now.mean, available + 1e-9);
      EXPECT_GE(now.mean, expired - 1e-9);
      EXPECT_GE(now.variance, 0);
      // A quantity between two bounds varies by at most half their distance.
      EXPECT_LE(now.variance, std::pow(available - expired, 2) / 4 + 1e-9);
    }
  }
}

TEST(Gone, an_empty_shelf_sells_nothing_and_a_full_one_all_that_is_wanted) {
  Gone empty(0.01), full(0.01);
  empty.sell({5, 9}, 0);
  EXPECT_EQ(empty.moments().mean, 0);
  full.sell({5, 9}, 1000);
  EXPECT_EQ(full.moments().mean, 5);
  EXPECT_EQ(full.moments().variance, 9);
}

TEST(Gone, lost_sales_do_not_come_back) {
  Gone gone(0);
  gone.sell({50, 60}, 3);
  gone.sell({4, 5}, 100);
  EXPECT_NEAR(gone.moments().mean, 7, 0.01);
}

TEST(Gone, stretches_of_one_line_vary_together) {
  Gone gone(0.05);
  gone.sell({10, 12}, 1e6);
  EXPECT_NEAR(gone.with({20, 22}).variance, 12 + 22 + 2 * 0.05 * 10 * 20, 1e-12);
  // What was cut off by an empty shelf no longer moves with demand.
  Gone cut(0.05);
  cut.sell({1000, 1200}, 10);
  EXPECT_NEAR(cut.with({20, 22}).variance, 22, 1e-3);
}

TEST(Rounding, it_follows_the_rule_that_shopkeepers_are_told) {
  struct {
    const char* words;
    std::int32_t need, multiple, room;
    bool runs_empty;
    std::int32_t units;
  } const cases[] = {
      {"nothing is needed", 0, 6, 100, true, 0},
      {"there is too much already", -5, 6, 100, true, 0},
      {"seven are needed and come in sixes: two cases", 7, 6, 100, false, 12},
      {"twelve are needed: exactly two cases", 12, 6, 100, false, 12},
      {"two cases do not fit, one does", 7, 6, 11, false, 6},
      {"two cases fit exactly", 7, 6, 12, false, 12},
      {"not even one fits, and there is enough: none", 3, 6, 5, false, 0},
      {"the shelf runs empty and half a case fits: one", 3, 6, 3, true, 6},
      {"the shelf runs empty but not even half a case fits: none", 3, 6, 2, true, 0},
      {"the shelf is over full", 3, 6, 0, true, 0},
      {"single units have no rounding", 7, 1, 5, true, 5},
      {"an odd case: half of seven is four", 1, 7, 4, true, 7},
      {"an odd case: three of seven is less than half", 1, 7, 3, true, 0},
  };
  for (const auto& c : cases)
    EXPECT_EQ(round_to_multiple(c.need, c.multiple, c.room, c.runs_empty), c.units) << c.words;
}

TEST(Rounding, units_are_whole_multiples_and_the_room_is_passed_by_at_most_half_of_one) {
  for (std::int32_t need = -2; need < 30; ++need)
    for (std::int32_t multiple = 1; multiple < 9; ++multiple)
      for (std::int32_t room = 0; room < 30; ++room)
        for (const bool empty : {false, true}) {
          const std::int32_t units = round_to_multiple(need, multiple, room, empty);
          EXPECT_EQ(units % multiple, 0);
          EXPECT_LT(units, std::max(need, 0) + multiple);
          EXPECT_LE(2 * std::max(0, units - room), multiple);
          if (room >= need + multiple) {
            EXPECT_GE(units, need);
          }
        }
}

TEST(Replenish, an_empty_shelf_gets_a_quantile_of_demand_until_the_next_drop) {
  SteadyLine steady(8);
  const auto line = steady.line();
  const auto result = replenish(line, origin, usual(0), steady.settings());
  EXPECT_EQ(result.units, quantile(line.over(origin + 2, origin + 5), 0.97));
  EXPECT_EQ(result.order_up_to, result.units);
  EXPECT_NEAR(result.expected_demand, 24, 1e-5);
  EXPECT_EQ(result.limit, Limit::none);
}

TEST(Replenish, negative_stock_counts_as_none) {
  SteadyLine steady(8);
  EXPECT_EQ(replenish(steady.line(), origin, usual(-7), steady.settings()).units,
            replenish(steady.line(), origin, usual(0), steady.settings()).units);
}

// With exact distributions more stock would never need more; two moments let the need rise again by
// a unit here and there, yet never past that of an empty shelf.
RC_GTEST_PROP(Replenish, no_stock_needs_more_than_an_empty_shelf_or_a_unit_more_than_less_stock,
              ()) {
  SteadyLine steady(0.05 * std::exp(*rc::gen::inRange(0, 640) / 100.0));
  steady.state().dispersion = static_cast<float>(*rc::gen::inRange(50, 300) / 100.0);
  steady.state().error_count = 1000;
  const auto line = steady.line();
  Position position = usual(0);
  position.on_shelf = origin + *rc::gen::inRange(1, 5);
  position.next_on_shelf = position.on_shelf + *rc::gen::inRange(1, 6);
  position.service_level = *rc::gen::inRange(500, 999) / 1000.0;
  position.life_periods = *rc::gen::inRange(0, 4);
  std::int32_t of_empty = 0, least = 0;
  for (std::int32_t stock = 0; stock <= 50; ++stock) {
    position.on_hand_units = stock;
    const std::int32_t need = replenish(line, origin, position, steady.settings()).need_units;
    if (stock == 0) least = of_empty = need;
    RC_ASSERT(need <= of_empty);
    RC_ASSERT(need <= least + 1);
    least = std::min(least, need);
  }
}

TEST(Replenish, more_stock_hardly_ever_orders_more_and_a_higher_level_never_less) {
  base::Prng prng(8);
  for (const double mean : {0.3, 2.0, 9.0, 70.0}) {
    SteadyLine steady(mean);
    const auto line = steady.line();
    for (int k = 0; k < 40; ++k) {
      auto made = random_position(prng, origin, mean);
      Position position = made.get();
      position.stock_known = true;
      position.batches = {};
      double before = 1e9;
      for (std::int32_t stock = 0; stock < 12 * mean + 5; stock += 1 + static_cast<int>(mean / 5)) {
        position.on_hand_units = stock;
        const auto result = replenish(line, origin, position, steady.settings());
        EXPECT_LE(result.need_units, 1 + before + 0.1 * mean) << stock;
        before = result.need_units;
      }
      position.on_hand_units = 0;
      before = 0;
      for (const double level : {0.3, 0.6, 0.9, 0.97, 0.995}) {
        position.service_level = level;
        const auto result = replenish(line, origin, position, steady.settings());
        EXPECT_GE(result.need_units, before) << level;
        before = result.need_units;
      }
    }
  }
}

TEST(Replenish, goods_under_way_are_not_ordered_again) {
  SteadyLine steady(8);
  const auto without = replenish(steady.line(), origin, usual(0), steady.settings());
  for (const std::int32_t due : {origin + 2, origin + 4}) {
    const Receipt receipt{due, 10};
    Position position = usual(0);
    position.receipts = {&receipt, 1};
    EXPECT_EQ(replenish(steady.line(), origin, position, steady.settings()).units,
              without.units - 10);
  }
  const Receipt after{origin + 5, 10};
  Position position = usual(0);
  position.receipts = {&after, 1};
  EXPECT_EQ(replenish(steady.line(), origin, position, steady.settings()).units, without.units);
}

TEST(Replenish, a_line_without_a_stock_record_never_orders_above_its_expected_sales) {
  base::Prng prng(9);
  for (const double mean : {0.2, 3.0, 40.0}) {
    SteadyLine steady(mean);
    const auto line = steady.line();
    for (int k = 0; k < 300; ++k) {
      auto made = random_position(prng, origin, mean);
      Position position = made.get();
      position.stock_known = false;
      const auto result = replenish(line, origin, position, steady.settings());
      EXPECT_LE(result.units, line.over(position.on_shelf, position.next_on_shelf).mean);
      EXPECT_EQ(result.units % position.order_multiple_units, 0);
      if (position.order_units_max > 0) {
        EXPECT_LE(result.units, position.order_units_max);
      }
    }
  }
}

TEST(Replenish, no_order_passes_its_maximum_and_what_is_withheld_is_named) {
  base::Prng prng(10);
  for (const double mean : {0.5, 4.0, 30.0}) {
    SteadyLine steady(mean);
    const auto line = steady.line();
    for (int k = 0; k < 600; ++k) {
      auto made = random_position(prng, origin, mean);
      const Position& position = made.get();
      const auto result = replenish(line, origin, position, steady.settings());
      if (position.order_units_max > 0) {
        EXPECT_LE(result.units, position.order_units_max);
      }
      EXPECT_EQ(result.units % position.order_multiple_units, 0);
      if (!position.stock_known) continue;
      EXPECT_EQ(result.cut_units, std::max(0, result.need_units - result.units));
      EXPECT_EQ(result.limit != Limit::none, result.cut_units > 0);
    }
  }
}

TEST(Replenish, a_maximum_below_one_case_orders_nothing_even_where_the_shelf_has_less_room) {
  SteadyLine steady(5);
  Position position = usual(0);
  position.order_multiple_units = 12;
  position.shelf_units_max = 6;
  position.order_units_max = 8;
  EXPECT_EQ(replenish(steady.line(), origin, position, steady.settings()).units, 0);
  position.order_units_max = 12;
  EXPECT_EQ(replenish(steady.line(), origin, position, steady.settings()).units, 12);
}

TEST(Replenish, the_shelf_is_not_overfilled_by_more_than_half_a_case) {
  base::Prng prng(11);
  for (const double mean : {0.5, 4.0, 30.0}) {
    SteadyLine steady(mean);
    const auto line = steady.line();
    int full = 0;
    for (int k = 0; k < 600; ++k) {
      auto made = random_position(prng, origin, mean);
      Position position = made.get();
      position.stock_known = true;
      position.receipts = {};
      position.shelf_units_max = 1 + static_cast<std::int32_t>(prng.below(40));
      const auto result = replenish(line, origin, position, steady.settings());
      if (result.units == 0) continue;
      const double over = result.expected_on_hand + result.units - position.shelf_units_max;
      EXPECT_LE(over, position.order_multiple_units / 2.0 + 1);
      full += result.limit == Limit::shelf;
    }
    EXPECT_GT(full, 0);
  }
}

TEST(Replenish, fresh_goods_are_ordered_only_up_to_the_life_level_of_demand_within_their_life) {
  SteadyLine steady(6);
  const auto line = steady.line();
  Position position = usual(0);
  position.next_on_shelf = origin + 9;
  position.life_periods = 2;
  for (const double level : {0.2, 0.5}) {
    position.life_level = level;
    const auto result = replenish(line, origin, position, steady.settings());
    EXPECT_EQ(result.units, quantile(line.over(origin + 2, origin + 4), level));
    EXPECT_EQ(result.limit, Limit::life);
    EXPECT_GT(result.cut_units, 0);
  }
}

TEST(Replenish, stock_that_expires_before_the_arrival_is_as_good_as_none) {
  SteadyLine steady(0.5);
  const Batch batch{origin, 30};
  Position position = usual(30);
  position.batches = {&batch, 1};
  const auto result = replenish(steady.line(), origin, position, steady.settings());
  const auto empty = replenish(steady.line(), origin, usual(0), steady.settings());
  EXPECT_EQ(result.units, empty.units);
  EXPECT_NEAR(result.expected_on_hand, 0, 1e-9);
}

TEST(Replenish, stock_that_expires_within_the_interval_is_made_up_for) {
  SteadyLine steady(4);
  const Batch batch{origin + 2, 16};
  Position position = usual(16);
  const auto undated = replenish(steady.line(), origin, position, steady.settings());
  position.batches = {&batch, 1};
  const auto dated = replenish(steady.line(), origin, position, steady.settings());
  EXPECT_GT(dated.units, undated.units);
  const Batch later{origin + 4, 16};
  position.batches = {&later, 1};
  EXPECT_EQ(replenish(steady.line(), origin, position, steady.settings()).units, undated.units);
}

TEST(Replenish, how_many_records_hold_the_stock_of_one_date_does_not_matter) {
  SteadyLine steady(5);
  const std::vector<Batch> one{{origin + 1, 12}, {origin + 3, 7}};
  const std::vector<Batch> many{
      {origin + 1, 4}, {origin + 1, 3}, {origin + 1, 5}, {origin + 3, 1}, {origin + 3, 6}};
  Position position = usual(25);
  position.on_shelf = origin + 4;
  position.next_on_shelf = origin + 8;
  position.batches = one;
  const auto from_one = replenish(steady.line(), origin, position, steady.settings());
  position.batches = many;
  const auto from_many = replenish(steady.line(), origin, position, steady.settings());
  EXPECT_EQ(from_one.expected_on_hand, from_many.expected_on_hand);
  EXPECT_EQ(from_one.units, from_many.units);
}

TEST(Replenish, a_presentation_minimum_stands_on_the_shelf_when_the_next_drop_comes) {
  SteadyLine steady(2);
  Position position = usual(0);
  position.presentation_units_min = 20;
  const auto result = replenish(steady.line(), origin, position, steady.settings());
  EXPECT_EQ(result.units, 26);  // 3 days of 2, and the 20
  EXPECT_TRUE(result.raised_to_presentation);
  position.presentation_units_min = 1;
  EXPECT_FALSE(
      replenish(steady.line(), origin, position, steady.settings()).raised_to_presentation);
}

// Both orders: one line after the other, and all at once.
TEST(Replenish, many_lines_order_bit_for_bit_what_each_orders_alone) {
  const testing::ManyLines lines(3000, 4);
  base::Prng prng(7);
  std::vector<Demand::Line> demand;
  std::vector<testing::RandomPosition> random(lines.size());
  std::vector<Position> positions;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    demand.push_back(lines.demand().line(i));
    if (i % 2 == 0) {
      positions.push_back(lines.position(i));
    } else {
      random[i] = random_position(prng, origin, demand.back().level());
      positions.push_back(random[i].get());
    }
  }
  std::vector<Replenishment> together(lines.size());
  replenish(demand, origin, positions, lines.settings(), together);
  int ordered = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto alone = replenish(demand[i], origin, positions[i], lines.settings());
    EXPECT_EQ(together[i].expected_demand, alone.expected_demand);
    EXPECT_EQ(together[i].expected_on_hand, alone.expected_on_hand);
    EXPECT_EQ(together[i].order_up_to, alone.order_up_to);
    EXPECT_EQ(together[i].need_units, alone.need_units);
    EXPECT_EQ(together[i].units, alone.units);
    EXPECT_EQ(together[i].cut_units, alone.cut_units);
    EXPECT_EQ(together[i].limit, alone.limit);
    EXPECT_EQ(together[i].raised_to_presentation, alone.raised_to_presentation);
    ordered += alone.units > 0;
  }
  EXPECT_GT(ordered, 500);
}

TEST(Replenish, a_closed_shop_orders_nothing) {
  SteadyLine steady(9);
  const std::vector<std::int32_t> closed{origin + 2, origin + 3, origin + 4};
  const auto result = replenish(steady.line({}, closed), origin, usual(0), steady.settings());
  EXPECT_EQ(result.units, 0);
  EXPECT_EQ(result.expected_demand, 0);
}

}  // namespace
}  // namespace planner
