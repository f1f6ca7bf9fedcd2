#include "nightly/share_scarce.h"

#include <gtest/gtest.h>

#include "nightly/depot_capacity.h"
#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::steady_shop;
using testing::table;
using testing::WholeNight;

// A shop that sells 10 a day, has nothing, and gets on Wednesday what was picked on Tuesday, in
// cases of one, as its depot's hands and vehicles allow.
Files shop(const std::string& capacity) {
  Files files = steady_shop();
  files["range.csv"] = table("site,product,service_level S1,P1,0.5");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0");
  files["capacity.csv"] = table("depot,chain,date,weekday,pick_cases,loads " + capacity);
  return files;
}

TEST(ShareScarce, hands_limit_what_goes_out_and_the_cut_says_so) {
  const WholeNight night(shop("D1,ambient,2026-03-03,,4,"));
  const OrderLine order = night.order();
  EXPECT_EQ(order.units, 4);
  EXPECT_EQ(order.cut_units, 6);
  EXPECT_EQ(order.cut_reason, CutReason::pick_capacity);
  ASSERT_EQ(night.night.capacity_used.size(), 1u);
  const LaneUse& lane = night.night.capacity_used[0];
  EXPECT_EQ(lane.day, base::make_date(2026, 3, 3));
  EXPECT_EQ(lane.picks_used, 4 * picks_per_case);
  EXPECT_EQ(lane.picks_max, 4 * picks_per_case);
  EXPECT_EQ(lane.load_max, std::nullopt);
  EXPECT_EQ(lane.withheld_for_hands, 6 * picks_per_case);
}

TEST(ShareScarce, a_limit_for_the_date_counts_before_one_for_the_weekday_and_that_before_any) {
  const std::string any = "D1,ambient,,,2,", weekday = " D1,ambient,,2,3,",
                    date = " D1,ambient,2026-03-03,,4,", another = " D1,ambient,,3,1,";
  EXPECT_EQ(WholeNight(shop(any + another)).order().units, 2);
  EXPECT_EQ(WholeNight(shop(any + weekday)).order().units, 3);
  EXPECT_EQ(WholeNight(shop(any + weekday + date)).order().units, 4);
  // A row that does not say it leaves it to the next.
  EXPECT_EQ(WholeNight(shop(any + " D1,ambient,2026-03-03,,,9")).order().units, 2);
}

TEST(ShareScarce, lorries_limit_what_goes_out_by_pallets_cages_or_volume) {
  Files files = shop("D1,ambient,,,,1");
  for (const char* product : {"product,pallet_cases\nP1,1\n", "product,cage_cases\nP1,1\n"}) {
    files["products.csv"] = product;
    EXPECT_EQ(WholeNight(files).order().units, 10);
  }
  files["products.csv"] = "product,case_volume_ml\nP1,6240000\n";  // 5.2 pallets of 26
  EXPECT_EQ(WholeNight(files).order().units, 5);
  EXPECT_EQ(WholeNight(files).order().cut_reason, CutReason::vehicle);
}

TEST(ShareScarce, a_drop_carries_what_its_own_vehicle_takes_in_the_words_of_its_row) {
  Files files = shop("D1,ambient,,,,");
  files["products.csv"] = "product,cage_cases,case_weight_g,case_units\nP1,4,2500,1\n";
  const auto carried = [&](const std::string& capacity) {
    std::string rows = "site,chain,order_weekday,drop,deliver_weekday,capacity,capacity_basis";
    for (int day = 1; day <= 7; ++day)
      rows += fmt::format(" S1,ambient,{},1,{},{}", day, (day + 1) % 7 + 1, capacity);
    files["deliveries.csv"] = table(rows);
    return WholeNight(files).order();
  };
  EXPECT_EQ(carried(",").units, 10);
  EXPECT_EQ(carried("3,units").units, 3);
  EXPECT_EQ(carried("7,cases").units, 7);
  EXPECT_EQ(carried("2,cages").units, 8);
  EXPECT_EQ(carried("9,kg").units, 3);
  EXPECT_EQ(carried("9,kg").cut_reason, CutReason::vehicle);
}

// A shop that sells 10 a day of each of three goods of the first tier, has plenty of the first and
// none of the others, and a depot that can pick ten cases.
Files three_goods(const std::string& products) {
  Files files = shop("D1,ambient,,,10,");
  const std::string sales = files["sales.csv"];
  for (const char* product : {"P2", "P3"}) {
    std::string rows = sales.substr(sales.find('\n') + 1);
    for (std::size_t at = 0; (at = rows.find("P1", at)) != std::string::npos;)
      rows.replace(at, 2, product);
    files["sales.csv"] += rows;
  }
  files["range.csv"] = table("site,product,service_level S1,P1,0.5 S1,P2,0.5 S1,P3,0.5");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,40 S1,P2,0 S1,P3,0");
  files["products.csv"] = table(products);
  return files;
}

TEST(ShareScarce, a_need_that_another_article_serves_waits_behind_one_that_nothing_serves) {
  const WholeNight alone(three_goods("product,tier,need_group P1,1, P2,1, P3,1,"));
  EXPECT_EQ(alone.order("S1", "P2").units, 5);
  EXPECT_EQ(alone.order("S1", "P3").units, 5);
  const WholeNight together(three_goods("product,tier,need_group P1,1,milk P2,1,milk P3,1,"));
  EXPECT_EQ(together.order("S1", "P2").units, 0);
  EXPECT_EQ(together.order("S1", "P3").units, 10);
}

TEST(ShareScarce, lines_above_the_crisis_range_are_counted_and_not_ordered) {
  Files files = shop("D1,ambient,,,,");
  files["products.csv"] = "product,tier\nP1,3\n";
  const WholeNight night(files);
  OrderRunInput input = night.input;
  input.tier_max = 3;
  EXPECT_EQ(order_run(input, night.routes, night.depots).orders.size(), 1u);
  input.tier_max = 2;
  const Night crisis = order_run(input, night.routes, night.depots);
  EXPECT_TRUE(crisis.orders.empty());
  EXPECT_EQ(crisis.lines_above_tier, 1u);
}

TEST(ShareScarce, first_come_serves_the_first_shop_whole) {
  Files files = shop("D1,ambient,,,12,");
  files["sites.csv"] = table("site,kind,depot S1,store,D1 S2,store,D1 D1,depot,");
  std::string& sales = files["sales.csv"];
  const std::string rows = sales.substr(sales.find('\n') + 1);
  sales += rows;
  for (std::size_t at = sales.size() - rows.size();
       (at = sales.find("S1", at)) != std::string::npos; ++at)
    sales[at + 1] = '2';
  files["range.csv"] = table("site,product,service_level S1,P1,0.5 S2,P1,0.5");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0 S2,P1,0");
  const WholeNight night(files);
  EXPECT_EQ(night.order("S1").units, 6);
  EXPECT_EQ(night.order("S2").units, 6);
  OrderRunInput input = night.input;
  input.share_rule = ShareRule::first_come;
  const Night queue = order_run(input, night.routes, night.depots);
  EXPECT_EQ(queue.orders[0].units, 10);
  EXPECT_EQ(queue.orders[1].units, 2);
  EXPECT_EQ(queue.orders[1].cut_reason, CutReason::pick_capacity);
}

}  // namespace
}  // namespace nightly
