#include <vector>

#include <gtest/gtest.h>

#include "planner/demand.h"
#include "planner/testing/many_lines.h"

namespace planner {
namespace {

using testing::ManyLines;

constexpr std::int32_t origin = ManyLines::origin;

struct Stretch {
  std::int32_t middle, end;
};

void expect_as_one_by_one(const std::vector<Demand::Line>& lines, std::int32_t from,
                          const std::vector<Stretch>& stretches) {
  std::vector<std::int32_t> middle, end;
  for (const Stretch& stretch : stretches) {
    middle.push_back(stretch.middle);
    end.push_back(stretch.end);
  }
  std::vector<double> before_mean(lines.size()), before_variance(lines.size()),
      after_mean(lines.size()), after_variance(lines.size());
  Demand::Line::over(lines, from,
                     {middle, end, before_mean, before_variance, after_mean, after_variance});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Moments before = lines[i].over(from, middle[i]);
    const Moments after = lines[i].over(middle[i], end[i]);
    ASSERT_EQ(before_mean[i], before.mean) << i;
    ASSERT_EQ(before_variance[i], before.variance) << i;
    ASSERT_EQ(after_mean[i], after.mean) << i;
    ASSERT_EQ(after_variance[i], after.variance) << i;
  }
}

TEST(SplitDemand, is_that_of_each_line_on_its_own_to_the_last_bit) {
  const ManyLines made(700);
  const std::vector<Promotion> promotions{{origin + 2, origin + 3, 2}};
  const std::vector<std::int32_t> closed{origin + 2};
  for (std::int32_t from = origin + 1; from <= origin + weekdays; ++from) {
    std::vector<Demand::Line> lines;
    std::vector<Stretch> stretches;
    for (std::size_t i = 0; i < made.size(); ++i) {
      lines.push_back(i % 10 == 3   ? made.demand().line(i, promotions, closed)
                      : i % 10 == 7 ? made.demand().line(i, {}, closed)
                                    : made.demand().line(i));
      const std::int32_t middle = from + static_cast<std::int32_t>(i % 5);
      stretches.push_back({middle, middle + 1 + static_cast<std::int32_t>(i / 5 % 9)});
    }
    expect_as_one_by_one(lines, from, stretches);
  }
}

TEST(SplitDemand, past_the_end_of_the_profiles_is_that_of_each_line_too) {
  const ManyLines made(20);
  std::vector<Demand::Line> lines;
  for (std::size_t i = 0; i < made.size(); ++i) lines.push_back(made.demand().line(i));
  const std::int32_t from = origin + ManyLines::horizon - 3;
  expect_as_one_by_one(lines, from, std::vector<Stretch>(made.size(), {from + 1, from + 6}));
}

TEST(SplitDemand, of_no_lines_is_nothing) { Demand::Line::over({}, origin + 1, {}); }

}  // namespace
}  // namespace planner
