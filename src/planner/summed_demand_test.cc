#include "planner/summed_demand.h"

#include <vector>

#include <gtest/gtest.h>

#include "planner/testing/many_lines.h"

namespace planner {
namespace {

using testing::ManyLines;

constexpr std::int32_t origin = ManyLines::origin;

// What DemandSums says in fewer words: period by period, line by line.
struct Slow {
  std::vector<Moments> sums;
  double all = 0, squares = 0;

  explicit Slow(std::size_t periods) : sums(periods) {}
  void add(const Demand::Line& line, std::int32_t first, std::int32_t from, std::int32_t to) {
    double units = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const std::int32_t period = first + static_cast<std::int32_t>(i);
      if (period < from || period >= to) continue;
      const Moments one = line.in(period);
      sums[i].mean += one.mean;
      sums[i].variance += one.variance;
      units += one.mean;
    }
    all += units;
    squares += units * units;
  }
};

void expect_same(const Slow& slow, DemandSums& sums, std::size_t group) {
  std::vector<Moments> fast(slow.sums.size());
  EXPECT_NEAR(sums.write(group, fast), slow.squares / (slow.all * slow.all), 1e-12);
  for (std::size_t i = 0; i < fast.size(); ++i) {
    EXPECT_EQ(fast[i].mean, slow.sums[i].mean) << i;
    EXPECT_EQ(fast[i].variance, slow.sums[i].variance) << i;
  }
}

TEST(DemandSums, are_those_of_the_lines_period_by_period) {
  const ManyLines lines(300);
  for (const std::size_t periods : {1u, 7u, 18u, 21u, 80u})  // the last pass the profiles' end
    for (const std::int32_t first : {origin + 1, origin + 4}) {
      DemandSums sums(lines.demand(), first, periods, 3);
      std::vector<Slow> slow(3, Slow(periods));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        sums.add(i % 3, lines.demand().line(i));
        slow[i % 3].add(lines.demand().line(i), first, 0, first + 1000);
      }
      for (std::size_t group = 0; group < 3; ++group) expect_same(slow[group], sums, group);
    }
}

TEST(DemandSums, take_lines_of_groups_side_by_side_as_one_by_one) {
  const ManyLines lines(300);
  constexpr std::size_t periods = 18, groups = 40;
  const std::int32_t first = origin + 1;
  const std::vector<Promotion> promotions{{origin + 3, origin + 9, 2}};
  DemandSums sums(lines.demand(), first, periods, groups);
  std::vector<Slow> slow(groups, Slow(periods));
  std::vector<Demand::Line> taken;
  // Runs that begin and end within a tile, with and without lines that wait already.
  std::size_t line = 0;
  for (const auto& [group, count] :
       {std::pair{0u, 40u}, {3u, 20u}, {8u, 8u}, {5u, 3u}, {16u, 19u}, {1u, 1u}, {0u, 16u}}) {
    taken.clear();
    for (std::size_t k = 0; k < count; ++k, ++line) {
      const bool is_promoted = line % 7 == 0;
      taken.push_back(is_promoted ? lines.demand().line(line, promotions)
                                  : lines.demand().line(line));
      slow[group + k].add(taken.back(), first, 0, first + 1000);
    }
    sums.add(group, taken);
  }
  for (std::size_t group = 0; group < groups; ++group) expect_same(slow[group], sums, group);
}

TEST(DemandSums, know_promotions_closed_periods_and_when_a_line_is_in_range) {
  const ManyLines lines(90);
  const std::vector<Promotion> promotions{{origin + 3, origin + 9, 2},
                                          {origin + 8, origin + 30, 3}};
  const std::vector<std::int32_t> closed{origin + 4, origin + 12, origin + 400};
  const std::int32_t first = origin + 2;
  constexpr std::size_t periods = 18;
  DemandSums sums(lines.demand(), first, periods, 1);
  Slow slow(periods);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = i % 3 == 0   ? lines.demand().line(i)
                      : i % 3 == 1 ? lines.demand().line(i, promotions, closed)
                                   : lines.demand().line(i, {}, closed);
    const auto from = first - 2 + static_cast<std::int32_t>(i % 8);
    const auto to = from + static_cast<std::int32_t>(i % 20);
    sums.add(0, line, from, to);
    slow.add(line, first, from, to);
  }
  expect_same(slow, sums, 0);
}

}  // namespace
}  // namespace planner
