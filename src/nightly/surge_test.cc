#include "nightly/surge.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace nightly {
namespace {

constexpr std::uint32_t anyone = 0;

// Ten cases of ten units, a thousandth of which is one on the scales of docks.
SurgeLine line(std::int32_t cases, double position = 0, double daily = 10) {
  SurgeLine line;
  line.order = {.position_units = position,
                .units_per_period = daily,
                .until_next_units = 0,
                .step_units = 10,
                .step_measure = 1,
                .steps_max = cases,
                .steps = cases};
  line.allowance = anyone;
  line.step_milli_cases = 1000;
  return line;
}

TEST(SurgeTest, what_a_supplier_confirmed_is_not_exceeded_and_the_hungriest_goods_go) {
  // 100 and 0 units there: of five cases, four go to the second before the first has its sixth.
  std::vector lines{line(10, 100), line(10, 0)};
  spread_surge(lines, std::vector<std::int64_t>{10}, {}, {});
  EXPECT_EQ(lines[0].order.steps, 0);
  EXPECT_EQ(lines[1].order.steps, 10);
  EXPECT_EQ(lines[0].limit, SurgeLimit::supplier);
  EXPECT_EQ(lines[1].limit, SurgeLimit::none);
}

TEST(SurgeTest, goods_that_come_first_go_whole_before_the_others_get_any) {
  std::vector lines{line(10, 0), line(10, 1000)};
  lines[1].first = true;
  spread_surge(lines, std::vector<std::int64_t>{12}, {}, {});
  EXPECT_EQ(lines[0].order.steps, 2);
  EXPECT_EQ(lines[1].order.steps, 10);
}

TEST(SurgeTest, an_allowance_of_nothing_lets_nothing_go) {
  std::vector lines{line(3)};
  spread_surge(lines, std::vector<std::int64_t>{0}, {}, {});
  EXPECT_EQ(lines[0].order.steps, 0);
}

TEST(SurgeTest, enough_for_all_changes_nothing) {
  std::vector lines{line(3), line(4)};
  const std::vector<std::int64_t> room{7000};
  for (SurgeLine& one : lines) one.floor = 0;
  spread_surge(lines, std::vector<std::int64_t>{7}, {}, room);
  EXPECT_EQ(lines[0].order.steps, 3);
  EXPECT_EQ(lines[1].order.steps, 4);
  EXPECT_EQ(lines[0].limit, SurgeLimit::none);
}

TEST(SurgeTest, a_dock_takes_in_no_more_than_it_can_from_all_suppliers_together) {
  std::vector lines{line(10), line(10), line(10)};
  for (SurgeLine& one : lines) one.dock = 0, one.step_milli_pallets = 500;
  lines[1].allowance = 1;
  lines[2].dock = estate::none;  // straight to a store
  spread_surge(lines, std::vector<std::int64_t>{100, 100}, std::vector<std::int64_t>{4000}, {});
  EXPECT_EQ(lines[0].order.steps + lines[1].order.steps, 8);
  EXPECT_EQ(lines[0].limit, SurgeLimit::receive);
  EXPECT_EQ(lines[2].order.steps, 10);
}

TEST(SurgeTest, an_unknown_measure_is_left_alone) {
  std::vector lines{line(10), line(10)};
  lines[0].order.step_measure = 0;
  spread_surge(lines, std::vector<std::int64_t>{4}, {}, {});
  EXPECT_EQ(lines[0].order.steps, 10);
  EXPECT_EQ(lines[1].order.steps, 4);
}

TEST(SurgeTest, a_usual_day_is_the_median_of_the_recorded_ones_or_what_is_expected) {
  const std::vector<std::int64_t> days{10, 20, 10, 1000, 10, 30, 20, 20};
  EXPECT_EQ(default_allowance(days, 5, surge_factor_keeping, 1, 0), 40);
  EXPECT_EQ(default_allowance(std::vector<std::int64_t>{10}, 5, surge_factor_keeping, 1, 0), 10);
  EXPECT_EQ(default_allowance({}, 5, surge_factor_short, 1, 0), 7);
  EXPECT_EQ(default_allowance({}, 5, surge_factor_short, 6, 0), 12);
  EXPECT_EQ(default_allowance({}, 0, surge_factor_short, 6, 12), 12);
}

TEST(SurgeTest, goods_with_a_week_of_life_are_short_lived) {
  estate::Product milk;
  milk.date_kind = estate::DateKind::use_by;
  milk.life_on_receipt_days = 7;
  EXPECT_TRUE(is_short_lived(milk));
  milk.shelf_life_days = 9;
  EXPECT_FALSE(is_short_lived(milk));
  EXPECT_FALSE(is_short_lived(estate::Product{}));
}

RC_GTEST_PROP(SurgeTest, no_limit_is_exceeded_nothing_is_added_and_first_comes_first, ()) {
  const auto count = *rc::gen::inRange(1, 12);
  std::vector<SurgeLine> lines;
  for (int i = 0; i < count; ++i) {
    lines.push_back(
        line(*rc::gen::inRange(0, 30), *rc::gen::inRange(-50, 200), *rc::gen::inRange(0, 40)));
    lines.back().order.step_measure = *rc::gen::inRange(1, 5);
    lines.back().allowance = static_cast<std::uint32_t>(*rc::gen::inRange(0, 3));
    lines.back().dock = static_cast<std::uint32_t>(*rc::gen::inRange(0, 2));
    lines.back().step_milli_pallets = *rc::gen::inRange(1, 400);
    lines.back().floor = 0;
    lines.back().first = *rc::gen::arbitrary<bool>();
  }
  const std::vector<SurgeLine> wanted = lines;
  const std::vector<std::int64_t> allowances{*rc::gen::inRange(0, 100), *rc::gen::inRange(0, 100),
                                             *rc::gen::inRange(0, 100)};
  const std::vector<std::int64_t> docks{*rc::gen::inRange(0, 9000), *rc::gen::inRange(0, 9000)};
  const std::vector<std::int64_t> floors{*rc::gen::inRange(0, 90'000)};
  spread_surge(lines, allowances, docks, floors);
  std::vector<std::int64_t> asked(3, 0), pallets(2, 0);
  std::int64_t cases = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const SurgeLine& one = lines[i];
    RC_ASSERT(one.order.steps >= 0);
    RC_ASSERT(one.order.steps <= wanted[i].order.steps);
    RC_ASSERT((one.limit == SurgeLimit::none) == (one.order.steps == wanted[i].order.steps));
    asked[one.allowance] += one.order.steps * one.order.step_measure;
    cases += one.order.steps * one.step_milli_cases;
    pallets[one.dock] += one.order.steps * one.step_milli_pallets;
  }
  for (std::size_t i = 0; i < 3; ++i) RC_ASSERT(asked[i] <= allowances[i]);
  for (std::size_t i = 0; i < 2; ++i) RC_ASSERT(pallets[i] <= docks[i]);
  RC_ASSERT(cases <= floors[0]);
  // While a line that comes first waits for its supplier, none of the others gets any of him,
  // short of a step that would have been too large.
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::size_t k = 0; k < lines.size(); ++k)
      if (lines[i].first && lines[i].limit == SurgeLimit::supplier && !lines[k].first &&
          lines[k].allowance == lines[i].allowance)
        RC_ASSERT(lines[k].order.steps * lines[k].order.step_measure <
                  lines[i].order.step_measure + 5);
}

}  // namespace
}  // namespace nightly
