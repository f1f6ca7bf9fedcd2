#include "nightly/columns.h"

#include <gtest/gtest.h>

#include "base/prng.h"
#include "nightly/testing/evening.h"

namespace nightly {
namespace {

// Three sites with different lines, one of them a depot, which has none.
Columns lines_of_three_sites() {
  Columns columns;
  columns.site = {0, 0, 0, 0, 2, 2};
  columns.product = {1, 2, 5, 9, 0, 5};
  columns.site_begin = {0, 4, 4, 6};
  return columns;
}

TEST(Columns, ascending_find_agrees_with_find_in_any_order) {
  const Columns columns = lines_of_three_sites();
  AscendingFind ascending(columns), leaping(columns);
  base::Prng prng(1);
  for (std::uint32_t site = 0; site < 3; ++site)
    for (std::uint32_t product = 0; product < 11; ++product) {
      EXPECT_EQ(ascending.find(site, product), columns.find(site, product));
      const auto any_site = static_cast<std::uint32_t>(prng.below(3));
      const auto any_product = static_cast<std::uint32_t>(prng.below(11));
      EXPECT_EQ(leaping.find(any_site, any_product), columns.find(any_site, any_product));
    }
}

TEST(Columns, are_the_same_whatever_the_number_of_threads) {
  const testing::Evening evening;
  const Columns& one = evening.columns;
  const Columns four = build_columns(evening.estate, testing::as_of, order_horizon_periods, {}, 4);
  EXPECT_EQ(four.site, one.site);
  EXPECT_EQ(four.product, one.product);
  EXPECT_EQ(four.range_row, one.range_row);
  EXPECT_EQ(four.row_sold, one.row_sold);
  EXPECT_EQ(four.history.row_begin, one.history.row_begin);
  EXPECT_EQ(four.history.row_period, one.history.row_period);
  EXPECT_EQ(four.history.row_units, one.history.row_units);
  EXPECT_EQ(four.history.row_flags, one.history.row_flags);
}

TEST(Columns, keep_the_lines_of_a_carried_state_that_nothing_else_names) {
  const testing::Evening evening;
  const auto site = evening.columns.site.front();
  const auto products = static_cast<std::uint32_t>(evening.estate.products.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> all;
  for (std::uint32_t product = 0; product < products; ++product) all.emplace_back(site, product);
  const Columns more = build_columns(evening.estate, testing::as_of, 0, all, 2);
  for (const auto& [at, product] : all) EXPECT_NE(more.find(at, product), estate::none);
}

}  // namespace
}  // namespace nightly
