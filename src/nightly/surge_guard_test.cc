#include "nightly/surge_guard.h"

#include <gtest/gtest.h>

#include "nightly/depot_orders.h"
#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::WholeNight;

// The steady shop and its depot, both empty: the dairy, who brings goods in two days, is asked for
// far more than the 70 units of a week over seven order days.
Files empty_town(std::string_view supplier_columns, std::string_view supplier_values) {
  Files files = testing::steady_shop();
  files["products.csv"] = "product,supplier,case_units,pallet_cases\nP1,A,2,5\n";
  files["suppliers.csv"] =
      fmt::format("supplier,lead_days{}\nA,2{}\n", supplier_columns, supplier_values);
  files["stock.csv"] = "site,product,on_hand_units\nD1,P1,0\nS1,P1,0\n";
  return files;
}

class Night {
 public:
  explicit Night(const Files& files) : whole_(files) {
    order_from_suppliers(whole_.input, whole_.demand, whole_.depots, whole_.night);
  }
  std::int32_t units() const {
    return whole_.night.depot_orders.empty() ? 0 : whole_.night.depot_orders.front().units;
  }
  std::string reason() const {
    return whole_.night.depot_orders.empty() ? "" : whole_.night.depot_orders.front().reason;
  }
  const std::vector<SurgeHeld>& held() const { return whole_.night.surge_held; }

 private:
  WholeNight whole_;
};

TEST(SurgeGuardTest, a_confirmed_day_is_not_exceeded_and_what_is_held_is_told) {
  const Night free(empty_town(",order_basis,surge_max", ",cases,1000"));
  const Night night(empty_town(",order_basis,surge_max", ",cases,12"));
  ASSERT_GT(free.units(), 24);
  EXPECT_TRUE(free.held().empty());
  EXPECT_EQ(night.units(), 24);
  EXPECT_EQ(night.reason(), "surge");
  ASSERT_EQ(night.held().size(), 1u);
  EXPECT_EQ(night.held()[0].wanted_units, free.units());
  EXPECT_EQ(night.held()[0].units, 24);
  EXPECT_EQ(night.held()[0].limit, SurgeLimit::supplier);
}

TEST(SurgeGuardTest, without_a_word_of_the_supplier_a_day_may_ask_for_twice_a_usual_one) {
  // A week's 70 units or so over seven order days, twice, in whole cases of two.
  EXPECT_NEAR(Night(empty_town("", "")).units(), 20, 2);
}

TEST(SurgeGuardTest, short_lived_goods_may_ask_for_less_above_a_usual_day) {
  Files files = empty_town("", "");
  files["products.csv"] =
      "product,supplier,case_units,date_kind,life_on_receipt_days,life_into_depot_days\n"
      "P1,A,1,use_by,7,10\n";
  EXPECT_NEAR(Night(files).units(), 13, 1);
}

TEST(SurgeGuardTest, what_depots_received_tells_what_a_usual_day_is) {
  Files files = empty_town("", "");
  files["movements.csv"] = "date,site,product,units,reason\n";
  for (int day = 10; day < 20; ++day)
    files["movements.csv"] += fmt::format("2026-02-{},D1,P1,18,received\n", day);
  EXPECT_EQ(Night(files).units(), 36);
}

TEST(SurgeGuardTest, a_depot_is_sent_no_more_than_it_can_take_in_or_pick) {
  Files files = empty_town(",surge_max", ",100000");
  files["capacity.csv"] = "depot,chain,receive_pallets\nD1,ambient,3\n";
  EXPECT_EQ(Night(files).units(), 30);
  EXPECT_EQ(Night(files).held()[0].limit, SurgeLimit::receive);
  files["on_order.csv"] = "site,product,due_date,units\nD1,P1,2026-03-04,10\n";
  EXPECT_EQ(Night(files).units(), 20);
  files["on_order.csv"] = "site,product,due_date,units\n";
  // Goods of tonight come on Wednesday: until the Tuesday after, a case a day can be picked.
  files["capacity.csv"] = "depot,chain,pick_cases\nD1,ambient,1\n";
  EXPECT_EQ(Night(files).held()[0].limit, SurgeLimit::pick);
  EXPECT_EQ(Night(files).units(), 16);
}

TEST(SurgeGuardTest, a_supplier_who_serves_stores_is_guarded_too) {
  Files files = empty_town(",surge_max", ",8");
  files["supply.csv"] = "to_site,from,flow\nS1,A,direct\n";
  const WholeNight before(files);
  WholeNight night(files);
  order_from_suppliers(night.input, night.demand, night.depots, night.night);
  ASSERT_GT(before.order().units, 8);
  EXPECT_EQ(night.order().units, 8);
  EXPECT_EQ(night.order().cut_units, before.order().cut_units + before.order().units - 8);
  EXPECT_EQ(night.order().cut_reason, CutReason::surge);
}

}  // namespace
}  // namespace nightly
