#include "nightly/commitments.h"

#include <gtest/gtest.h>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::WholeNight;

constexpr std::string_view on_order_header = "site,product,due_date,units,source\n";

Files town(std::string_view orders) {
  Files files = testing::steady_shop();
  files["products.csv"] =
      "product,supplier,date_kind,life_on_receipt_days,life_into_depot_days\nP1,A,use_by,4,9\n";
  files["suppliers.csv"] = "supplier,lead_days\nA,2\n";
  files["stock.csv"] = "site,product,on_hand_units\nD1,P1,0\nS1,P1,0\n";
  files["on_order.csv"] = std::string(on_order_header) + std::string(orders);
  return files;
}

std::vector<Commitment> commitments(const WholeNight& night,
                                    std::span<const SupplierForecastRow> told = {}) {
  return commitments_of(night.input, night.demand, told);
}

// A future in which so many units are ordered for each of the days.
PlayedPath future(const WholeNight& night, std::initializer_list<std::pair<Date, int>> orders) {
  PlayedPath path;
  for (const auto& [due, units] : orders)
    path.orders.push_back({0, find_site(night.estate, "D1"), 0, 0, due, units, 0});
  return path;
}

TEST(CommitmentsTest, an_order_that_never_came_was_made_all_the_same) {
  const WholeNight night(town("D1,P1,2026-02-20,30,A\nD1,P1,2026-03-04,50,A\n"));
  const auto made = commitments(night);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].units, 30);
  // Made for 20 February with nine days of life, of which stores need four.
  EXPECT_EQ(base::to_string(made[0].until), "2026-02-25");
}

TEST(CommitmentsTest, what_suppliers_were_told_counts_where_it_is_more) {
  const WholeNight night(town("D1,P1,2026-02-20,30,A\n"));
  const std::uint32_t depot = find_site(night.estate, "D1");
  std::vector<SupplierForecastRow> told{{.supplier = 0,
                                         .depot = depot,
                                         .product = 0,
                                         .date = base::make_date(2026, 2, 28),
                                         .committed_units = 40}};
  EXPECT_EQ(commitments(night, told)[0].units, 40);
  told[0].committed_units = 20;
  EXPECT_EQ(commitments(night, told)[0].units, 30);
}

TEST(CommitmentsTest, orders_take_up_what_was_made_until_it_is_too_old) {
  const WholeNight night(town("D1,P1,2026-02-20,30,A\n"));
  auto made = commitments(night);
  made[0].until = base::make_date(2026, 3, 5);
  const std::vector paths{
      future(night, {{base::make_date(2026, 3, 4), 10}, {base::make_date(2026, 3, 6), 90}}),
      future(night, {{base::make_date(2026, 3, 4), 30}})};
  take_up(paths, made);
  EXPECT_EQ(made[0].taken_units, 20);  // the mean of 10 and 30
  EXPECT_EQ(made[0].surplus(), 10);
}

TEST(CommitmentsTest, nothing_is_taken_up_twice) {
  const WholeNight night(town("D1,P1,2026-02-18,30,A\nD1,P1,2026-02-20,30,A\n"));
  auto made = commitments(night);
  ASSERT_EQ(made.size(), 2u);
  for (Commitment& one : made) one.until = base::date_max;
  const std::vector paths{future(night, {{base::make_date(2026, 3, 4), 40}})};
  take_up(paths, made);
  EXPECT_EQ(made[0].taken_units, 30);
  EXPECT_EQ(made[1].taken_units, 10);
}

}  // namespace
}  // namespace nightly
