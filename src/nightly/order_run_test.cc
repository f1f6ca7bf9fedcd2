#include "nightly/order_run.h"

#include <gtest/gtest.h>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::steady_shop;
using testing::table;
using testing::tonight;
using testing::WholeNight;

// The steady shop with nothing left and one range row, its columns and values.
Files with_range(const std::string& columns, const std::string& row, int units_per_day = 10) {
  Files files = steady_shop(units_per_day);
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0");
  files["range.csv"] = table("site,product," + columns + " S1,P1," + row);
  return files;
}

// Tonight's goods are on the shelf on Wednesday 4 March and last until Thursday's come.
TEST(OrderRun, a_steady_shop_orders_its_day) {
  const WholeNight night(with_range("status", "active"));
  EXPECT_EQ(night.order().on_shelf, tonight + 2);
  EXPECT_NEAR(night.order().expected_demand, 10, 0.5);
  EXPECT_GE(night.order().units, 10);
  EXPECT_EQ(night.night.lines, 1u);
}

TEST(OrderRun, a_line_whose_range_begins_until_its_shelf_day_is_ordered_ahead) {
  for (const auto& [from, ordered] :
       {std::pair{"2026-03-03", true}, {"2026-03-04", true}, {"2026-03-05", false}}) {
    const WholeNight night(with_range("from_date", from));
    EXPECT_EQ(night.order().units > 0, ordered) << from;
    EXPECT_EQ(night.night.lines, ordered ? 1u : 0u) << from;
  }
}

TEST(OrderRun, stock_of_a_line_that_is_not_yet_in_range_waits_for_it) {
  Files files = with_range("from_date,service_level", "2026-03-04,0.5");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,9");
  EXPECT_NEAR(WholeNight(files).order().units, 1, 1);
  files["range.csv"] = table("site,product,service_level S1,P1,0.5");
  EXPECT_NEAR(WholeNight(files).order().units, 10, 1);
}

TEST(OrderRun, a_store_that_opens_until_its_shelf_day_is_ordered_for) {
  for (const bool with_rows : {true, false})
    for (const auto& [opened, ordered] :
         {std::pair{"2026-03-03", true}, {"2026-03-04", true}, {"2026-03-05", false}}) {
      Files files = with_range("status", "active");
      if (!with_rows) files.erase("range.csv");
      files["sites.csv"] = table(fmt::format(
          "site,kind,depot,opened_on,like_site S1,store,D1,{},S2 S2,store,D1,, D1,depot,,,",
          opened));
      std::string& sales = files["sales.csv"];  // of the store that it is like
      for (std::size_t at = 0; (at = sales.find("S1", at)) != std::string::npos; ++at)
        sales[at + 1] = '2';
      files["stock.csv"] = table("site,product,on_hand_units S1,P1,1");
      EXPECT_EQ(WholeNight(files).order().units > 0, ordered) << opened << with_rows;
    }
}

TEST(OrderRun, nothing_is_ordered_for_days_after_the_range_or_the_store_has_ended) {
  Files weekly_drop = with_range("presentation_units_min", "50");
  weekly_drop["deliveries.csv"] =
      table("site,chain,order_weekday,drop,deliver_weekday S1,ambient,1,1,3");
  EXPECT_NEAR(WholeNight(weekly_drop).order().expected_demand, 70, 2);
  EXPECT_EQ(WholeNight(weekly_drop).order().reason, OrderReason::presentation);
  for (const bool by_range : {true, false}) {
    Files files = weekly_drop;
    if (by_range)
      files["range.csv"] = table("site,product,to_date,presentation_units_min S1,P1,2026-03-06,50");
    else
      files["sites.csv"] = table("site,kind,depot,closed_on S1,store,D1,2026-03-07 D1,depot,,");
    const OrderLine order = WholeNight(files).order();
    EXPECT_NEAR(order.expected_demand, 30, 1) << by_range;
    EXPECT_EQ(order.next_on_shelf, tonight + 5) << by_range;
    EXPECT_EQ(order.reason, OrderReason::demand) << by_range;
  }
  weekly_drop["range.csv"] = table("site,product,to_date S1,P1,2026-03-03");
  EXPECT_EQ(WholeNight(weekly_drop).order().units, 0);
}

TEST(OrderRun, range_rows_that_follow_each_other_are_one_stay_with_terms_of_their_own) {
  Files files = with_range("to_date", "2026-03-03");
  files["range.csv"] = table(
      "site,product,from_date,to_date,order_multiple_units S1,P1,,2026-03-03,1 "
      "S1,P1,2026-03-04,,7");
  const OrderLine order = WholeNight(files).order();
  EXPECT_GT(order.units, 0);
  EXPECT_EQ(order.units % 7, 0);
  EXPECT_EQ(order.next_on_shelf, tonight + 3);
  files["range.csv"] =
      table("site,product,from_date,to_date,status S1,P1,,,active S1,P1,2026-03-04,,blocked");
  EXPECT_EQ(WholeNight(files).order().units, 0);
}

TEST(OrderRun, a_week_that_the_range_has_a_day_of_is_ordered_for) {
  for (const auto& [from, ordered] : {std::pair{"2026-03-18", true}, {"2026-03-23", false}}) {
    Files files = with_range("from_date", from);
    files["estate.toml"] = "format = 1\nname = \"Small\"\nperiod = \"week\"\n";
    files["sales.csv"] = "date,site,product,units\n";
    for (int week = 40; week >= 0; --week)
      files["sales.csv"] += fmt::format("{},S1,P1,10\n", base::to_string(tonight - 7 * week));
    EXPECT_EQ(WholeNight(files, tonight + 6).order().units > 0, ordered) << from;
  }
}

TEST(OrderRun, a_line_that_nobody_supplies_is_ordered_with_an_empty_source) {
  Files files = with_range("status", "active");
  files["sites.csv"] = table("site,kind S1,store");
  const OrderLine order = WholeNight(files).order();
  EXPECT_GT(order.units, 0);
  EXPECT_EQ(order.source_site, estate::none);
  EXPECT_EQ(order.source_supplier, estate::none);
}

// A launch that never sold, beside a line that makes the shop known.
Files launch(const std::string& columns, const std::string& values) {
  Files files = steady_shop();
  files["products.csv"] = table("product P1 P2");
  files["range.csv"] =
      table("site,product,status,like_product,launch_units" + columns + " S1,P1,active,,0" +
            std::string(static_cast<std::size_t>(std::ranges::count(columns, ',')), ',') +
            " S1,P2,launch,P1,100" + values);
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0 S1,P2,0");
  return files;
}

TEST(OrderRun, a_launch_starts_with_its_launch_units_under_shelf_and_order_maximum) {
  const OrderLine free = WholeNight(launch("", "")).order("S1", "P2");
  EXPECT_EQ(free.units, 100);
  EXPECT_EQ(free.reason, OrderReason::launch);
  const OrderLine shelf =
      WholeNight(launch(",shelf_units_max,order_units_max", ",60,80")).order("S1", "P2");
  EXPECT_EQ(shelf.units, 60);
  EXPECT_EQ(shelf.cut_units, 40);
  EXPECT_EQ(shelf.cut_reason, CutReason::shelf);
  const OrderLine order =
      WholeNight(launch(",shelf_units_max,order_units_max,order_multiple_units", ",80,60,25"))
          .order("S1", "P2");
  EXPECT_EQ(order.units, 50);
  EXPECT_EQ(order.cut_units, 50);
  EXPECT_EQ(order.cut_reason, CutReason::order_max);
}

TEST(OrderRun, a_launch_that_has_goods_already_is_ordered_like_any_line) {
  Files files = launch("", "");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0 S1,P2,1");
  EXPECT_LT(WholeNight(files).order("S1", "P2").units, 50);
}

TEST(OrderRun, a_launch_without_a_stock_record_orders_its_expected_sales) {
  Files files = launch("", "");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0");
  const OrderLine order = WholeNight(files).order("S1", "P2");
  EXPECT_EQ(order.reason, OrderReason::stock_unknown);
  EXPECT_GT(order.units, 0);
  EXPECT_LE(order.units, order.expected_demand);
}

TEST(OrderRun, later_drops_of_a_night_count_on_the_earlier_ones) {
  Files files = with_range("service_level", "0.5");
  files["deliveries.csv"] =
      table("site,chain,order_weekday,drop,deliver_weekday S1,ambient,1,1,3 S1,ambient,1,2,5");
  const WholeNight night(files);
  ASSERT_EQ(night.night.orders.size(), 2u);
  EXPECT_NEAR(night.night.orders[0].units, 20, 2);
  EXPECT_NEAR(night.night.orders[1].units, 50, 3);
  EXPECT_EQ(night.night.orders[1].drop, 2);
}

}  // namespace
}  // namespace nightly
