#include "nightly/compare.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "estate/testing/small_estate.h"
#include "nightly/compare_files.h"

namespace nightly {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* ours_header =
    "order,line,site,product,units,cases,source,drop,due_date,expected_demand,order_up_to,on_hand,"
    "on_order,cut,cut_reason,held,reason\n";

// A row of orders.csv in which only these columns matter.
std::string our_row(const std::string& site, const std::string& product, int units,
                    const std::string& reason = "demand", int cut = 0,
                    const std::string& cut_reason = "", const std::string& held = "") {
  return fmt::format("O1,1,{},{},{},1,D1,0,2026-01-08,1.0,1,0,0,{},{},{},{}\n", site, product,
                     units, cut, cut_reason, held, reason);
}

base::Result<ComparedOrders> read_both(const std::string& our_rows, const std::string& theirs) {
  estate::testing::MemoryDisk disk({{"orders.csv", ours_header + our_rows}, {"t.csv", theirs}});
  ComparedOrders orders;
  if (auto read = read_ours(disk, "out", orders); !read) return std::unexpected(read.error());
  if (auto read = read_theirs(disk, "t.csv", orders); !read) return std::unexpected(read.error());
  return orders;
}

std::string message(const base::Result<ComparedOrders>& result) {
  return result ? "no error" : result.error().message;
}

// "S1 P1 only_ours 5-0 demand"
std::vector<std::string> lines_of(const ComparedOrders& orders, const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const ComparedLine& line : comparison.lines)
    lines.push_back(fmt::format("{} {} {} {}-{} {}", orders.sites.text(line.site),
                                orders.products.text(line.product), text_of(line.side),
                                line.ours_units, line.theirs_units, orders.words.text(line.why)));
  return lines;
}

std::vector<std::string> compared(const std::string& our_rows, const std::string& theirs) {
  auto orders = read_both(our_rows, theirs);
  if (!orders) return {orders.error().message};
  const Comparison comparison = compare(*orders, nullptr, {});
  return lines_of(*orders, comparison);
}

TEST(Compare, puts_every_line_on_its_side_and_the_largest_difference_first) {
  EXPECT_THAT(compared(our_row("S1", "P1", 5) + our_row("S1", "P2", 4) + our_row("S1", "P3", 6) +
                           our_row("S2", "P1", 7),
                       "site,product,units\nS2,P1,7\nS1,P2,1\nS1,P3,8\nS2,P9,4\n"),
              ElementsAre("S1 P1 only_ours 5-0 demand", "S2 P9 only_theirs 0-4 not_ordered",
                          "S1 P2 ours_higher 4-1 demand", "S1 P3 ours_lower 6-8 demand",
                          "S2 P1 same 7-7 demand"));
}

TEST(Compare, sorts_equal_differences_by_id_whatever_the_order_of_rows) {
  EXPECT_THAT(compared(our_row("S2", "P1", 1) + our_row("S1", "P2", 1) + our_row("S10", "P1", 1),
                       "units,product,site\n1,P0,S1\n"),
              ElementsAre("S1 P0 only_theirs 0-1 not_ordered", "S1 P2 only_ours 1-0 demand",
                          "S10 P1 only_ours 1-0 demand", "S2 P1 only_ours 1-0 demand"));
}

TEST(Compare, sums_drops_and_due_dates_of_a_line) {
  EXPECT_THAT(compared(our_row("S1", "P1", 2) + our_row("S1", "P1", 3, "presentation"),
                       "site,product,units,due_date\nS1,P1,1,2026-01-08\nS1,P1,3,2026-01-09\n"),
              ElementsAre("S1 P1 ours_higher 5-4 demand"));
}

TEST(Compare, names_what_limited_a_line_before_its_reason) {
  EXPECT_THAT(compared(our_row("S1", "P1", 2) + our_row("S1", "P1", 3, "demand", 4, "shelf"),
                       "site,product,units\n"),
              ElementsAre("S1 P1 only_ours 5-0 shelf"));
  EXPECT_THAT(compared(our_row("S1", "P1", 2, "demand", 0, "", "1"), "site,product,units\n"),
              ElementsAre("S1 P1 only_ours 2-0 held"));
  EXPECT_THAT(compared(our_row("S1", "P1", 2, "launch", 0, "", "0"), "site,product,units\n"),
              ElementsAre("S1 P1 only_ours 2-0 launch"));
  EXPECT_THAT(
      compared(our_row("S1", "P1", 0, "demand", 6, "life"), "site,product,units\nS1,P1,6\n"),
      ElementsAre("S1 P1 only_theirs 0-6 life"));
}

TEST(Compare, leaves_out_lines_that_neither_side_orders) {
  auto orders = read_both(our_row("S1", "P1", 0, "demand", 6, "life"),
                          "site,product,units\nS1,P1,0\nS1,P2,0\n");
  ASSERT_TRUE(orders) << message(orders);
  const Comparison comparison = compare(*orders, nullptr, {});
  EXPECT_THAT(comparison.lines, IsEmpty());
  EXPECT_EQ(comparison.neither_lines, 2u);
}

TEST(Compare, refuses_a_row_of_theirs_that_comes_twice) {
  EXPECT_EQ(message(read_both("", "site,product,units\nS1,P1,1\nS1,P2,1\nS1,P1,2\n")),
            "t.csv:4: the same site, product and due_date as in line 2; expected each once");
  EXPECT_EQ(message(read_both("",
                              "site,product,units,due_date\nS1,P1,1,2026-01-01\nS2,P1,1,\n"
                              "S2,P1,1,\nS1,P1,1,2026-01-01\n")),
            "t.csv:4: the same site, product and due_date as in line 3; expected each once");
}

TEST(Compare, names_file_line_column_and_value_of_a_bad_field) {
  EXPECT_EQ(message(read_both("", "site,product,units\nS1,P1,x\n")),
            "t.csv:2: column units: \"x\": expected a whole number");
  EXPECT_EQ(message(read_both("", "site,product,units\nS1,P1,1\n\nS1,P2,-1\n")),
            "t.csv:4: column units: \"-1\": expected a whole number from 0 to 1000000000");
  EXPECT_EQ(message(read_both("", "site,product\nS1,P1\n")), "t.csv:1: expected a column units");
  EXPECT_EQ(message(read_both(our_row("S 1", "P1", 1), "site,product,units\n")).substr(0, 41),
            "out/orders.csv:2: column site: \"S 1\": exp");
}

TEST(Compare, wants_a_folder_that_holds_orders) {
  estate::testing::MemoryDisk disk({});
  ComparedOrders orders;
  const auto read = read_ours(disk, "nowhere", orders);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, base::ErrorCode::input_missing);
  EXPECT_THAT(read.error().message, HasSubstr("nowhere"));
}

// The small estate with prices, categories, a range and a closed shop.
estate::Estate priced_estate() {
  auto files = estate::testing::small_estate();
  files["products.csv"] =
      "product,name,category,unit_cost,unit_price\n"
      "P1,Milk,dairy,0.50,0.90\nP2,Bread,bakery,,1.20\nP3,Salt,,,\nP4,Tea,dairy,2,\n";
  files["sites.csv"] =
      "site,kind,depot,closed_on\nS1,store,D1,\nS2,store,D1,\nS3,store,D1,2025-01-01\nD1,depot,,\n";
  files["range.csv"] = "site,product,status\nS1,P1,\nS1,P2,\nS1,P3,blocked\nS2,P1,\n";
  return estate::testing::read_files(files).value();
}

TEST(Compare, with_an_estate_values_lines_at_cost_or_else_price) {
  auto orders = read_both(our_row("S1", "P1", 9) + our_row("S1", "P2", 5) + our_row("S1", "P3", 50),
                          "site,product,units\nS1,P1,1\n");
  ASSERT_TRUE(orders) << message(orders);
  const estate::Estate estate = priced_estate();
  const Comparison comparison = compare(*orders, &estate, base::make_date(2026, 1, 6));
  EXPECT_THAT(lines_of(*orders, comparison),
              ElementsAre("S1 P2 only_ours 5-0 demand", "S1 P1 ours_higher 9-1 demand",
                          "S1 P3 only_ours 50-0 demand"));
  EXPECT_EQ(comparison.lines[0].value, base::Money{60'000});
  EXPECT_EQ(comparison.lines[1].value, base::Money{40'000});
  EXPECT_EQ(comparison.unpriced_lines, 1u);
  EXPECT_EQ(comparison.all.ours_value, base::Money{105'000});
  EXPECT_EQ(comparison.all.gross_value, base::Money{100'000});
  ASSERT_EQ(comparison.by_category.size(), 3u);
  EXPECT_EQ(comparison.by_category[0].name, "bakery");
  EXPECT_EQ(comparison.by_category[1].name, "dairy");
  EXPECT_EQ(comparison.by_category[2].name, "");
}

TEST(Compare, with_an_estate_says_why_a_line_is_not_ours) {
  auto orders = read_both("",
                          "site,product,units\nS1,P1,9\nS1,P3,8\nS1,P4,7\nS9,P1,6\nS1,P9,5\n"
                          "S3,P1,4\n");
  ASSERT_TRUE(orders) << message(orders);
  const estate::Estate estate = priced_estate();
  const Comparison comparison = compare(*orders, &estate, base::make_date(2026, 1, 6));
  std::map<std::string, std::string> why;
  for (const ComparedLine& line : comparison.lines)
    why[orders->sites.text(line.site) + orders->products.text(line.product)] =
        orders->words.text(line.why);
  EXPECT_EQ(why["S1P1"], "not_ordered");
  EXPECT_EQ(why["S1P3"], "blocked");
  EXPECT_EQ(why["S1P4"], "not_in_range");
  EXPECT_EQ(why["S9P1"], "unknown_site");
  EXPECT_EQ(why["S1P9"], "unknown_product");
  EXPECT_EQ(why["S3P1"], "not_trading");
}

TEST(Compare, cuts_the_value_of_a_line_so_that_sums_cannot_overflow) {
  auto orders = read_both(our_row("S1", "P4", 1'000'000'000), "site,product,units\n");
  ASSERT_TRUE(orders) << message(orders);
  const estate::Estate estate = priced_estate();
  const Comparison comparison = compare(*orders, &estate, base::make_date(2026, 1, 6));
  EXPECT_EQ(comparison.lines[0].value, line_value_max);
}

// The slow obvious version: a map from line to both quantities.
RC_GTEST_PROP(Compare, agrees_with_two_maps, ()) {
  using Rows = std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>>;
  const auto digit = rc::gen::inRange<std::uint32_t>(0, 4);
  const auto rows = rc::gen::container<Rows>(rc::gen::tuple(digit, digit, digit));
  const Rows our_rows = *rows, their_rows = *rows;
  ComparedOrders orders;
  for (std::uint32_t i = 4; i-- > 0;) {
    orders.sites.number_of(fmt::format("S{}", i));
    orders.products.number_of(fmt::format("P{}", i));
  }
  const std::uint32_t demand = orders.words.number_of("demand");
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::int64_t, std::int64_t>> both;
  for (const auto& [site, product, units] : our_rows) {
    orders.ours.push_back({site, product, units, demand});
    both[{site, product}].first += units;
  }
  for (const auto& [site, product, units] : their_rows) {
    orders.theirs.push_back({site, product, units});
    both[{site, product}].second += units;
  }
  const Comparison comparison = compare(orders, nullptr, {});

  std::uint64_t lines = 0, neither = 0;
  std::int64_t gross = 0;
  for (const auto& [key, units] : both) {
    if (units.first == 0 && units.second == 0) {
      ++neither;
      continue;
    }
    ++lines;
    gross += std::abs(units.first - units.second);
  }
  RC_ASSERT(comparison.neither_lines == neither);
  RC_ASSERT(comparison.all.lines == lines);
  RC_ASSERT(comparison.all.gross_units == gross);
  for (const ComparedLine& line : comparison.lines)
    RC_ASSERT(
        (both.at({line.site, line.product}) == std::pair(line.ours_units, line.theirs_units)));
  for (const auto* groups : {&comparison.by_side, &comparison.by_why, &comparison.by_site}) {
    std::uint64_t counted = 0;
    for (const Tally& tally : *groups) counted += tally.lines;
    RC_ASSERT(counted == lines);
  }
  for (std::size_t i = 1; i < comparison.lines.size(); ++i)
    RC_ASSERT(std::abs(comparison.lines[i - 1].difference_units()) >=
              std::abs(comparison.lines[i].difference_units()));
}

}  // namespace
}  // namespace nightly
