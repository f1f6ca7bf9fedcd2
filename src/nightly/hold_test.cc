#include "nightly/hold.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using testing::Evening;

// A store with a launch, and bread that sold 4 a day, 9 on the Thursday three weeks ago. Tonight is
// a Tuesday; the lines of an Evening cover Thursday and Friday.
testing::Files shop() {
  std::string sales = "date,site,product,units\n";
  for (int day = 0; day < 70; ++day) {
    const Date date = testing::as_of - day;
    const bool peak = date == testing::as_of + 2 - 21;
    sales += fmt::format("{},S1,P2,{}\n", base::to_string(date), peak ? 9 : 4);
  }
  return {{"estate.toml", "format = 1\nname = \"Small\"\nperiod = \"day\"\n"},
          {"sites.csv", "site,kind,depot\nS1,store,D1\nD1,depot,\n"},
          {"products.csv", "product\nP1\nP2\n"},
          {"range.csv", "site,product,status,launch_units\nS1,P1,launch,10\nS1,P2,active,\n"},
          {"sales.csv", sales}};
}

class HoldTest : public ::testing::Test {
 protected:
  // What the line orders once it is held.
  OrderLine held(OrderLine line, const PastOrders& orders = {}) {
    evening_.night.orders = {line};
    hold(evening_.input(), {}, std::vector<std::uint16_t>(evening_.columns.size(), 1),
         OwnPast(evening_.columns, orders), evening_.night);
    return evening_.night.orders[0];
  }
  OrderLine bread(std::int32_t units, std::int32_t multiple = 1) {
    OrderLine line = evening_.line("S1", "P2");
    line.units = units;
    line.multiple = multiple;
    return line;
  }
  PastOrders orders_of(std::int32_t units, std::size_t nights) {
    return {{{0, 0, 99}, {evening_.columns.site[1], evening_.columns.product[1], units}}, nights};
  }

  Evening evening_{shop()};
};

TEST_F(HoldTest, a_held_line_orders_at_most_what_it_sold_over_the_same_days) {
  const OrderLine line = held(bread(500));
  EXPECT_EQ(line.units, 9 + 4);
  EXPECT_EQ(line.cut_units, 500 - 13);
  EXPECT_EQ(line.cut_reason, CutReason::held);
  EXPECT_EQ(line.held, 1);
}

TEST_F(HoldTest, a_proposal_below_its_past_goes_out_as_it_is) {
  const OrderLine line = held(bread(5));
  EXPECT_EQ(line.units, 5);
  EXPECT_EQ(line.cut_units, 0);
  EXPECT_EQ(line.cut_reason, CutReason::none);
}

TEST_F(HoldTest, past_sales_are_rounded_up_to_whole_packs) {
  EXPECT_EQ(held(bread(600, 6)).units, 18);
}

TEST_F(HoldTest, past_orders_decide_once_four_such_nights_are_remembered) {
  EXPECT_EQ(held(bread(500), orders_of(8, 4)).units, 8);
  EXPECT_EQ(held(bread(500), orders_of(8, 3)).units, 13);
  EXPECT_EQ(held(bread(500), orders_of(20, 1)).units, 20);
}

TEST_F(HoldTest, a_launch_goes_out_at_its_launch_quantity) {
  OrderLine line = evening_.line("S1", "P1");
  line.reason = OrderReason::launch;
  line.units = 600;
  line.multiple = 6;
  EXPECT_EQ(held(line).units, 12);
}

TEST_F(HoldTest, a_cause_reaches_the_lines_of_its_scope_and_the_first_one_counts) {
  const std::uint32_t site = find_site(evening_.estate, "S1");
  const std::uint32_t bread = find_product(evening_.estate, "P2");
  const auto reached = [&](std::vector<Scope> scopes) {
    std::vector<Cause> causes;
    for (const Scope& scope : scopes)
      causes.push_back({"x", "", "", false, {{.scope = scope}}, {}});
    return lines_reached(evening_.estate, evening_.columns, causes, testing::as_of);
  };
  using Marks = std::vector<std::uint16_t>;
  EXPECT_EQ(reached({{.product = bread}}), (Marks{0, 1}));
  EXPECT_EQ(reached({{.site = site}}), (Marks{1, 1}));
  EXPECT_EQ(reached({{.site = site, .product = bread}, {.site = site}}), (Marks{2, 1}));
  EXPECT_EQ(reached({{.site = site, .chain = 1}}), (Marks{0, 0}));
  EXPECT_EQ(reached({{.site = site, .chain = 0}}), (Marks{1, 1}));
}

}  // namespace
}  // namespace nightly
