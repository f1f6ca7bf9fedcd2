#include <vector>

#include <gtest/gtest.h>

#include "planner/demand.h"
#include "planner/testing/many_lines.h"

namespace planner {
namespace {

using testing::ManyLines;

constexpr std::int32_t origin = ManyLines::origin;

void expect_as_one_by_one(const std::vector<Demand::Line>& lines, std::int32_t from,
                          std::vector<Demand::Line::Split> splits) {
  Demand::Line::over(lines, from, splits);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& [middle, end, before, after] = splits[i];
    const Moments slow_before = lines[i].over(from, middle),
                  slow_after = lines[i].over(middle, end);
    ASSERT_EQ(before.mean, slow_before.mean) << i;
    ASSERT_EQ(before.variance, slow_before.variance) << i;
    ASSERT_EQ(after.mean, slow_after.mean) << i;
    ASSERT_EQ(after.variance, slow_after.variance) << i;
  }
}

TEST(SplitDemand, is_that_of_each_line_on_its_own_to_the_last_bit) {
  const ManyLines made(700);
  const std::vector<Promotion> promotions{{origin + 2, origin + 3, 2}};
  const std::vector<std::int32_t> closed{origin + 2};
  for (std::int32_t from = origin + 1; from <= origin + weekdays; ++from) {
    std::vector<Demand::Line> lines;
    std::vector<Demand::Line::Split> splits;
    for (std::size_t i = 0; i < made.size(); ++i) {
      lines.push_back(i % 10 == 3   ? made.demand().line(i, promotions, closed)
                      : i % 10 == 7 ? made.demand().line(i, {}, closed)
                                    : made.demand().line(i));
      const std::int32_t middle = from + static_cast<std::int32_t>(i % 5);
      splits.push_back({middle, middle + 1 + static_cast<std::int32_t>(i / 5 % 9), {}, {}});
    }
    expect_as_one_by_one(lines, from, splits);
  }
}

TEST(SplitDemand, past_the_end_of_the_profiles_is_that_of_each_line_too) {
  const ManyLines made(20);
  std::vector<Demand::Line> lines;
  for (std::size_t i = 0; i < made.size(); ++i) lines.push_back(made.demand().line(i));
  const std::int32_t from = origin + ManyLines::horizon - 3;
  expect_as_one_by_one(lines, from,
                       std::vector<Demand::Line::Split>(made.size(), {from + 1, from + 6, {}, {}}));
}

TEST(SplitDemand, of_no_lines_is_nothing) { Demand::Line::over({}, origin + 1, {}); }

}  // namespace
}  // namespace planner
