#include "planner/supplier_order.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace planner {
namespace {

// Cases of 12 at 10 units a day, bought for 3 days, as many steps as one likes.
SupplierLine product(double position_units, std::int32_t steps) {
  return {.position_units = position_units,
          .units_per_period = 10,
          .until_next_units = 30,
          .step_units = 12,
          .step_measure = 1,
          .steps_max = 1000,
          .steps = steps};
}

std::vector<std::int32_t> steps_of(const std::vector<SupplierLine>& lines) {
  std::vector<std::int32_t> steps;
  for (const SupplierLine& line : lines) steps.push_back(line.steps);
  return steps;
}

using Steps = std::vector<std::int32_t>;
constexpr SupplierLimits ten_cases{.min = 10, .max = 0, .cover_periods_max = 91};

TEST(SupplierOrder, an_order_within_its_limits_goes_as_needed) {
  std::vector lines{product(10, 8), product(20, 4)};
  EXPECT_EQ(fit_order(lines, {.min = 12, .max = 12, .cover_periods_max = 91}),
            SupplierFit::as_needed);
  EXPECT_EQ(steps_of(lines), (Steps{8, 4}));
}

TEST(SupplierOrder, nothing_needed_is_no_order_even_below_the_minimum) {
  std::vector lines{product(100, 0), product(10, 0)};
  EXPECT_EQ(fit_order(lines, ten_cases), SupplierFit::as_needed);
  EXPECT_EQ(steps_of(lines), (Steps{0, 0}));
}

TEST(SupplierOrder, below_the_minimum_an_order_waits_while_everything_lasts_until_the_next) {
  std::vector lines{product(30, 2), product(200, 0)};
  EXPECT_EQ(fit_order(lines, ten_cases), SupplierFit::withheld);
  EXPECT_EQ(steps_of(lines), (Steps{0, 0}));
}

TEST(SupplierOrder, an_urgent_order_is_raised_case_by_case_where_goods_last_the_shortest) {
  // 24 + 2 * 12 = 48 and 60 units; cases go 60, 72 | 72, 84 | 84, 96 ... until there are ten.
  std::vector lines{product(24, 2), product(60, 0)};
  EXPECT_EQ(fit_order(lines, ten_cases), SupplierFit::raised);
  EXPECT_EQ(steps_of(lines), (Steps{7, 3}));
}

TEST(SupplierOrder, slow_goods_with_much_cover_are_not_raised) {
  std::vector lines{product(24, 2), product(60, 0)};
  lines[1].units_per_period = 0.5;  // 120 days
  EXPECT_EQ(fit_order(lines, ten_cases), SupplierFit::raised);
  EXPECT_EQ(steps_of(lines), (Steps{10, 0}));
}

TEST(SupplierOrder, a_minimum_beyond_all_reason_is_not_bought) {
  std::vector lines{product(24, 2)};
  EXPECT_EQ(fit_order(lines, {.min = 75, .max = 0, .cover_periods_max = 91}),
            SupplierFit::unreachable);
  EXPECT_EQ(lines[0].steps, 0);
  lines = {product(24, 2)};
  EXPECT_EQ(fit_order(lines, {.min = 74, .max = 0, .cover_periods_max = 91}), SupplierFit::raised);
  EXPECT_EQ(lines[0].steps, 74);  // 24 + 73 * 12 = 900 units last 90 days, so one more goes
}

TEST(SupplierOrder, goods_are_not_raised_beyond_their_life) {
  std::vector lines{product(24, 2), product(60, 0)};
  lines[0].steps_max = 3;
  EXPECT_EQ(fit_order(lines, ten_cases), SupplierFit::raised);
  EXPECT_EQ(steps_of(lines), (Steps{3, 7}));
}

TEST(SupplierOrder, above_the_maximum_cases_come_off_where_goods_last_the_longest) {
  // 84, 60 and 62 units: the first loses two, the third one.
  std::vector lines{product(0, 7), product(36, 2), product(50, 1)};
  EXPECT_EQ(fit_order(lines, {.min = 0, .max = 7, .cover_periods_max = 91}), SupplierFit::cut);
  EXPECT_EQ(steps_of(lines), (Steps{5, 2, 0}));
}

TEST(SupplierOrder, goods_that_nobody_sells_are_cut_first) {
  std::vector lines{product(0, 7), product(-5, 3)};
  lines[1].units_per_period = 0;
  EXPECT_EQ(fit_order(lines, {.min = 0, .max = 8, .cover_periods_max = 91}), SupplierFit::cut);
  EXPECT_EQ(steps_of(lines), (Steps{7, 1}));
}

TEST(SupplierOrder, goods_of_unknown_weight_leave_the_minimum_unjudged) {
  std::vector lines{product(24, 2), product(60, 1)};
  lines[1].step_measure = 0;
  EXPECT_EQ(fit_order(lines, ten_cases), SupplierFit::as_needed);
  EXPECT_EQ(steps_of(lines), (Steps{2, 1}));
}

TEST(SupplierOrder, absurd_limits_take_no_longer) {
  std::vector<SupplierLine> lines(1000, product(0, 5));
  for (SupplierLine& line : lines) line = {0, 1e7, 1e8, 1, 1, 2'000'000'000, 2'000'000'000};
  EXPECT_EQ(fit_order(lines, {.min = 0, .max = 1, .cover_periods_max = 91}), SupplierFit::cut);
  EXPECT_EQ(lines.front().steps, 1);  // ties come off from the last
  for (SupplierLine& line : lines) line = {0, 1e7, 1e8, 1, 1, 2'000'000'000, 1};
  EXPECT_EQ(fit_order(lines, {.min = 900'000'000'001, .max = 0, .cover_periods_max = 91}),
            SupplierFit::raised);
  EXPECT_EQ(lines.front().steps, 900'000'001);
  EXPECT_EQ(lines.back().steps, 900'000'000);
}

double cover(const SupplierLine& line) {
  return (line.position_units + static_cast<double>(line.steps) * line.step_units) /
         line.units_per_period;
}

std::int64_t total(const std::vector<SupplierLine>& lines) {
  std::int64_t sum = 0;
  for (const SupplierLine& line : lines) sum += line.steps * line.step_measure;
  return sum;
}

// The rule as it is told: one step at a time.
void raise_slowly(std::vector<SupplierLine>& lines, SupplierLimits limits) {
  while (total(lines) < limits.min) {
    SupplierLine* best = nullptr;
    for (SupplierLine& line : lines)
      if (line.steps < line.steps_max && cover(line) < limits.cover_periods_max &&
          (!best || cover(line) < cover(*best)))
        best = &line;
    if (!best) {
      for (SupplierLine& line : lines) line.steps = 0;
      return;
    }
    ++best->steps;
  }
}

void cut_slowly(std::vector<SupplierLine>& lines, std::int64_t max) {
  while (total(lines) > max) {
    SupplierLine* best = nullptr;
    for (SupplierLine& line : lines)
      if (line.steps > 0 && (!best || cover(line) >= cover(*best))) best = &line;
    --best->steps;
  }
}

std::vector<SupplierLine> any_lines() {
  return *rc::gen::container<std::vector<SupplierLine>>(rc::gen::exec([] {
    SupplierLine line;
    line.position_units = *rc::gen::inRange(-50, 200);
    line.units_per_period = *rc::gen::inRange(1, 40);
    line.until_next_units = line.units_per_period * 3;
    line.step_units = *rc::gen::inRange(1, 25);
    line.step_measure = *rc::gen::inRange(1, 5);
    line.steps = *rc::gen::inRange(0, 20);
    line.steps_max = line.steps + *rc::gen::inRange(0, 30);
    return line;
  }));
}

RC_GTEST_PROP(SupplierOrder, the_fast_way_gives_what_one_step_at_a_time_gives, ()) {
  const std::vector<SupplierLine> lines = any_lines();
  const SupplierLimits limits{.min = *rc::gen::inRange(0, 300),
                              .max = *rc::gen::inRange(0, 300),
                              .cover_periods_max = *rc::gen::inRange(1, 30)};
  std::vector<SupplierLine> fast = lines, slow = lines;
  fit_order(fast, limits);
  if (total(lines) > 0 && total(lines) < limits.min) {
    if (std::ranges::any_of(lines, [](const SupplierLine& line) {
          return line.position_units < line.until_next_units;
        }))
      raise_slowly(slow, limits);
    else
      for (SupplierLine& line : slow) line.steps = 0;
  }
  if (limits.max > 0) cut_slowly(slow, limits.max);
  RC_ASSERT(steps_of(fast) == steps_of(slow));
}

}  // namespace
}  // namespace planner
