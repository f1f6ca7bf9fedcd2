#include "nightly/standing_orders.h"

#include <gtest/gtest.h>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using namespace testing;

// Units of the shop's deliveries of its one product, one after the other.
std::vector<std::int32_t> units_of(const std::vector<StandingDelivery>& deliveries) {
  std::vector<std::int32_t> units;
  for (const StandingDelivery& delivery : deliveries)
    units.push_back(delivery.lines.empty() ? 0 : delivery.lines[0].units);
  return units;
}

std::int64_t sum(std::span<const std::int32_t> units) {
  std::int64_t total = 0;
  for (const std::int32_t one : units) total += one;
  return total;
}

Files with_stock(Files files, int units) {
  files["stock.csv"] = table(fmt::format("site,product,on_hand_units S1,P1,{}", units));
  return files;
}

TEST(StandingOrders, cover_a_fortnight_of_nights_and_replace_what_will_be_sold) {
  const WholeNight night(with_stock(steady_shop(10), 40));
  const auto deliveries = standing_orders(night.input);
  ASSERT_EQ(deliveries.size(), 14u);
  EXPECT_EQ(deliveries.front().on_shelf, tonight + 2);
  EXPECT_EQ(deliveries.back().order_date, tonight + 13);
  const auto units = units_of(deliveries);
  // The level is reached with the first drops; from then on they bring what is sold.
  EXPECT_NEAR(static_cast<double>(sum(std::span(units).last(7))), 70, 10);
}

TEST(StandingOrders, begin_with_what_the_planner_orders_tonight) {
  const WholeNight night(with_stock(steady_shop(10), 12));
  EXPECT_EQ(units_of(standing_orders(night.input)).front(), night.order().units);
}

TEST(StandingOrders, carry_what_a_case_brought_too_much_on_to_the_next_drops) {
  Files files = with_stock(steady_shop(10), 40);
  files["products.csv"] = table("product,case_units P1,24");
  const WholeNight night(files);
  const auto units = units_of(standing_orders(night.input));
  for (const std::int32_t one : units) EXPECT_EQ(one % 24, 0);
  EXPECT_NEAR(static_cast<double>(sum(std::span(units).subspan(2))), 120, 24);
  EXPECT_EQ(std::ranges::count(units, 0) > 4, true);
}

TEST(StandingOrders, give_a_line_without_a_stock_record_what_it_will_sell_and_no_more) {
  Files files = steady_shop(10);
  files["products.csv"] = table("product,case_units P1,24");
  const WholeNight night(files);
  const auto units = units_of(standing_orders(night.input));
  EXPECT_LE(sum(units), 140 + 2);
  EXPECT_GE(sum(units), 140 - 26);
}

TEST(StandingOrders, leave_no_orders_of_a_promotion_behind) {
  Files files = with_stock(steady_shop(10), 40);
  files["promotions.csv"] =
      "promotion,product,from_date,to_date,uplift\n" +
      fmt::format("X,P1,{},{},3\n", base::to_string(tonight + 3), base::to_string(tonight + 5));
  const WholeNight night(files);
  const auto units = units_of(standing_orders(night.input));
  const WholeNight without(with_stock(steady_shop(10), 40));
  const auto plain = units_of(standing_orders(without.input));
  EXPECT_GT(sum(std::span(units).first(4)), sum(std::span(plain).first(4)) + 30);
  EXPECT_LE(sum(std::span(units).last(6)), sum(std::span(plain).last(6)));
}

TEST(StandingOrders, begin_a_launch_with_its_launch_units_once) {
  Files files = with_stock(steady_shop(10), 40);
  files["products.csv"] = table("product P1 P2");
  files["range.csv"] = "site,product,status,launch_units,from_date\nS1,P1,active,,\n" +
                       fmt::format("S1,P2,launch,30,{}\n", base::to_string(tonight + 4));
  files["stock.csv"] += "S1,P2,0\n";
  const WholeNight night(files);
  std::vector<std::int32_t> launch;
  for (const StandingDelivery& delivery : standing_orders(night.input))
    for (const StandingLine& line : delivery.lines)
      if (line.product == find_product(night.estate, "P2")) launch.push_back(line.units);
  ASSERT_FALSE(launch.empty());
  EXPECT_GE(launch.front(), 30);
  EXPECT_EQ(std::ranges::count_if(launch, [](int units) { return units >= 30; }), 1);
}

TEST(StandingOrders, are_the_same_with_any_number_of_threads) {
  const Files files = with_stock(steady_shop(7), 9);
  const WholeNight one(files, tonight, 1), four(files, tonight, 4);
  EXPECT_EQ(units_of(standing_orders(one.input)), units_of(standing_orders(four.input)));
}

}  // namespace
}  // namespace nightly
