#include "nightly/share_stock.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nightly/allocate.h"
#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::steady_shop;
using testing::table;
using testing::tonight;
using testing::WholeNight;

// Two shops that sell 10 a day each; orders are on the shelf on Wednesday and last a day. Both have
// nothing and are to have what sells on average.
Files two_shops(const std::string& depot_stock, const std::string& flow = "stock") {
  Files files = steady_shop();
  files["sites.csv"] = table("site,kind,depot S1,store,D1 S2,store,D1 D1,depot,");
  std::string& sales = files["sales.csv"];
  const std::string rows = sales.substr(sales.find('\n') + 1);
  sales += rows;
  for (std::size_t at = sales.size() - rows.size();
       (at = sales.find("S1", at)) != std::string::npos; ++at)
    sales[at + 1] = '2';
  files["range.csv"] = table("site,product,service_level S1,P1,0.5 S2,P1,0.5");
  files["supply.csv"] = table("to_site,from,flow S1,D1," + flow + " S2,D1," + flow);
  files["stock.csv"] = table(
      "site,product,on_hand_units,expiry_date,blocked_units,as_of S1,P1,0,,, "
      "S2,P1,0,,, " +
      depot_stock);
  return files;
}

std::pair<std::int32_t, std::int32_t> shares(const Files& files) {
  const WholeNight night(files);
  return {night.order("S1").units, night.order("S2").units};
}

TEST(ShareStock, too_little_goes_to_the_shop_that_lasts_the_fewest_days) {
  Files files = two_shops("D1,P1,14,,,");
  EXPECT_EQ(shares(files), std::pair(7, 7));
  // A shop with 14 still has 4 when the goods come.
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,14 S2,P1,0 D1,P1,8");
  const auto [first, second] = shares(files);
  EXPECT_EQ(first + second, 8);
  EXPECT_NEAR(second - first, 4, 1);
  EXPECT_EQ(WholeNight(files).order("S1").cut_reason, CutReason::no_stock);
}

TEST(ShareStock, blocked_units_are_not_shared) {
  EXPECT_EQ(shares(two_shops("D1,P1,14,,6,")), std::pair(4, 4));
}

TEST(ShareStock, goods_go_only_to_shelves_that_they_can_still_reach) {
  Files files = two_shops("D1,P1,8,2026-03-05,, D1,P1,4,2026-03-20,,");
  files["products.csv"] = table("product,date_kind,life_on_receipt_days P1,use_by,2");
  // S1's goods are on the shelf on Wednesday, S2's on Thursday, too late for the older lot.
  files["supply.csv"] = table("to_site,from,flow,lead_days S1,D1,stock,2 S2,D1,stock,3");
  EXPECT_EQ(shares(files), std::pair(8, 4));
  files["supply.csv"] = table("to_site,from,flow,lead_days S1,D1,stock,3 S2,D1,stock,3");
  EXPECT_EQ(shares(files), std::pair(2, 2));
}

TEST(ShareStock, old_depot_stock_has_lost_what_stores_were_expected_to_take) {
  Files files = two_shops("D1,P1,54,,,2026-02-28");
  const auto [first, second] = shares(files);
  EXPECT_NEAR(first + second, 14, 1);
  files["movements.csv"] = table(
      "date,site,product,units,reason 2026-03-01,D1,P1,30,transfer_out "
      "2026-03-02,D1,P1,10,transfer_out 2026-03-02,D1,P1,4,received");
  EXPECT_EQ(shares(files), std::pair(9, 9));
}

TEST(ShareStock, late_orders_of_depots_are_judged_as_those_of_stores) {
  Files files = two_shops("D1,P1,0,,,");
  files["suppliers.csv"] = table("supplier,lead_days A,2");
  files["products.csv"] = table("product,supplier P1,A");
  const auto on_order = [&](const std::string& row) {
    files["on_order.csv"] = table("site,product,due_date,units,order,status D1,P1," + row);
    return shares(files);
  };
  EXPECT_EQ(on_order("2026-03-03,14,A,"), std::pair(7, 7));
  EXPECT_EQ(on_order("2026-03-04,14,A,"), std::pair(0, 0));  // not on the shelf on that day
  EXPECT_EQ(on_order("2026-03-02,14,A,"), std::pair(7, 7));
  EXPECT_EQ(on_order("2026-03-01,14,A,"), std::pair(0, 0));
  EXPECT_EQ(WholeNight(files).night.depot_overdue.size(), 1u);
  EXPECT_EQ(on_order("2026-02-01,14,A,reinstated"), std::pair(7, 7));
  EXPECT_TRUE(WholeNight(files).night.depot_overdue.empty());
}

TEST(ShareStock, shops_that_are_not_ours_get_their_part_of_what_is_short) {
  Files files = two_shops("D1,P1,15,,,");
  files["customer_orders.csv"] =
      table("order,site,product,units,due_date C1,D1,P1,10,2026-03-04 C2,D1,P1,99,2026-03-05");
  const WholeNight night(files);
  EXPECT_EQ(shares(files), std::pair(5, 5));
  EXPECT_EQ(night.night.customer_units_short, 5);
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0 S2,P1,0 D1,P1,100");
  EXPECT_EQ(WholeNight(files).night.customer_units_short, 0);
}

TEST(ShareStock, the_shares_are_the_same_with_any_number_of_threads) {
  const Files files = two_shops("D1,P1,15,,,");
  const WholeNight one(files), two(files, tonight, 2);
  for (const char* site : {"S1", "S2"}) EXPECT_EQ(one.order(site).units, two.order(site).units);
}

Files cross_dock(int arriving, const std::string& range = "S1,P1,0.5,, S2,P1,0.5,,") {
  Files files = two_shops("D1,P1,0,,,", "cross_dock");
  files["range.csv"] = table("site,product,service_level,shelf_units_max,order_units_max " + range);
  files["on_order.csv"] =
      table(fmt::format("site,product,due_date,units D1,P1,2026-03-04,{}", arriving));
  return files;
}

TEST(ShareStock, cross_dock_goods_go_out_whole_by_expected_demand) {
  EXPECT_EQ(shares(cross_dock(12)), std::pair(6, 6));
  EXPECT_EQ(shares(cross_dock(30)), std::pair(15, 15));
  // The first shop wants nothing, but what nobody wanted is shared by days of cover.
  Files files = cross_dock(40);
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,40 S2,P1,0 D1,P1,0");
  const auto [first, second] = shares(files);
  EXPECT_EQ(first + second, 40);
  EXPECT_NEAR(second - first, 30, 2);  // the first has 30 on the day
}

TEST(ShareStock, cross_dock_goods_stop_at_shelf_and_order_maximum_and_the_rest_is_left) {
  const Files files = cross_dock(100, "S1,P1,0.5,20, S2,P1,0.5,,16");
  const WholeNight night(files);
  EXPECT_EQ(shares(files), std::pair(20, 16));
  ASSERT_EQ(night.night.left_at_depots.size(), 1u);
  EXPECT_EQ(night.night.left_at_depots[0].units, 64);
}

TEST(ShareStock, cross_dock_goods_stop_at_what_sells_within_their_life) {
  Files files = cross_dock(100);
  files["products.csv"] = table("product,date_kind,life_on_receipt_days P1,use_by,2");
  const WholeNight night(files);
  EXPECT_LE(night.order("S1").units, 20);
  ASSERT_EQ(night.night.left_at_depots.size(), 1u);
  EXPECT_EQ(night.night.left_at_depots[0].units,
            100 - night.order("S1").units - night.order("S2").units);
}

TEST(ShareStock, cross_dock_goods_never_exceed_the_expected_sales_of_a_line_without_a_record) {
  Files files = cross_dock(100);
  files["stock.csv"] = table("site,product,on_hand_units S2,P1,0");
  const OrderLine order = WholeNight(files).order("S1");
  EXPECT_LE(order.units, order.expected_demand);
  EXPECT_EQ(order.reason, OrderReason::stock_unknown);
}

TEST(ShareStock, one_arrival_goes_to_one_drop) {
  Files files = cross_dock(12);
  files["supply.csv"] = table("to_site,from,flow,lead_days S1,D1,cross_dock,2 S2,D1,cross_dock,3");
  const auto [first, second] = shares(files);
  EXPECT_EQ(first, 12);
  EXPECT_NEAR(second, 10, 1);  // nothing is announced for Thursday
}

RC_GTEST_PROP(Allocate, arrivals_go_out_whole_up_to_what_can_be_held, ()) {
  std::vector<Share> shares(*rc::gen::inRange<std::size_t>(1, 5));
  std::int64_t room = 0;
  for (Share& share : shares) {
    share.wanted_units = *rc::gen::inRange(0, 20);
    share.most_units = share.wanted_units + *rc::gen::inRange(0, 20);
    share.multiple = *rc::gen::inRange(1, 7);
    share.demand_per_day = *rc::gen::inRange(0, 5);
    room += share.most_units;
  }
  const std::int64_t units = *rc::gen::inRange(0, 120);
  const std::int64_t left = allocate_arrivals(units, shares);
  std::int64_t given = 0;
  for (const Share& share : shares) {
    RC_ASSERT(share.given_units <= share.most_units);
    given += share.given_units;
  }
  RC_ASSERT(given + left == units);
  RC_ASSERT(left == std::max<std::int64_t>(0, units - room));
}

}  // namespace
}  // namespace nightly
