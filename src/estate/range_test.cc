#include "estate/range.h"

#include <gtest/gtest.h>

#include "estate/testing/small_estate.h"

namespace estate {
namespace {

using testing::Files;
using testing::read_files;
using testing::small_estate;

const Date as_of = base::make_date(2026, 1, 6);

std::string listed(const Estate& estate, const std::vector<RangeLine>& lines) {
  std::string text;
  for (const RangeLine& line : lines)
    text += estate.sites[line.site].id + " " + estate.products[line.product].id + "\n";
  return text;
}

TEST(Range, without_a_file_what_sold_lately_or_has_stock_is_in_range) {
  Files files = small_estate();
  files["sales.csv"] += "2025-07-10,S1,P3,9\n2025-07-11,S2,P2,9\n";
  files["stock.csv"] = "site,product,on_hand_units\nS2,P3,4\n";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  const RangeLines lines = lines_in_range(*estate, as_of);
  EXPECT_EQ(listed(*estate, lines.ordered), "S1 P1\nS1 P2\nS2 P1\nS2 P2\nS2 P3\n");
  EXPECT_EQ(listed(*estate, lines.dormant), "S1 P3\n");
  EXPECT_EQ(lines.ordered[0].range_row, none);
  const RangeLines a_day_later = lines_in_range(*estate, as_of + 1);
  EXPECT_EQ(listed(*estate, a_day_later.dormant), "S1 P3\nS2 P2\n");
}

TEST(Range, a_line_whose_sales_were_all_returned_and_that_has_no_stock_is_dormant) {
  const auto estate = read_files(small_estate());
  EXPECT_EQ(listed(*estate, lines_in_range(*estate, as_of).dormant), "S2 P3\n");
}

TEST(Range, rows_of_the_file_count_if_valid_on_the_day_after_and_the_latest_wins) {
  Files files = small_estate();
  files["range.csv"] =
      "site,product,from_date,to_date,status\n"
      "S1,P1,,,active\n"
      "S1,P1,2026-01-07,2026-01-08,blocked\n"
      "S1,P2,2026-01-08,,active\n"
      "S1,P3,,2026-01-06,active\n"
      "S2,P3,2026-01-07,2026-01-07,run_down\n"
      "D1,P1,,,active\n";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  const RangeLines lines = lines_in_range(*estate, as_of);
  EXPECT_EQ(listed(*estate, lines.ordered), "S2 P3\n");
  EXPECT_EQ(listed(*estate, lines.blocked), "S1 P1\n");
  EXPECT_TRUE(lines.dormant.empty());
  EXPECT_EQ(estate->range[lines.ordered[0].range_row].status, RangeStatus::run_down);
  EXPECT_EQ(listed(*estate, lines_in_range(*estate, as_of + 2).ordered), "S1 P1\nS1 P2\n");
}

TEST(Range, sites_order_from_the_day_they_open_until_the_day_they_close) {
  Files files = small_estate();
  files["sites.csv"] =
      "site,kind,opened_on,closed_on\nS1,store,2026-01-06,2026-01-08\nS2,online,,2026-01-06\n";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(listed(*estate, lines_in_range(*estate, as_of - 1).ordered), "S2 P1\n");
  EXPECT_EQ(listed(*estate, lines_in_range(*estate, as_of).ordered), "S1 P1\nS1 P2\n");
  EXPECT_EQ(lines_in_range(*estate, as_of + 2).ordered.size(), 0u);
}

}  // namespace
}  // namespace estate
