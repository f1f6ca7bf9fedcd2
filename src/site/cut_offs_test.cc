#include "site/cut_offs.h"

#include <gtest/gtest.h>

namespace site {
namespace {

const base::Date monday = base::make_date(2026, 6, 15);

estate::DeliveryRow delivery(std::uint8_t order_weekday, std::int32_t drop, int cut_off_minute) {
  estate::DeliveryRow row;
  row.site = 3;
  row.chain = estate::Chain::chilled;
  row.order_weekday = order_weekday;
  row.drop = drop;
  row.cut_off_minute = cut_off_minute;
  return row;
}

trade::OrderKey key_of_drop(std::uint8_t drop) {
  trade::OrderKey key;
  key.drop = drop;
  key.chain = trade::Chain::chilled;
  return key;
}

TEST(CutOffs, are_those_of_the_delivery_that_is_ordered_on_the_day) {
  estate::Estate estate;
  estate.deliveries = {delivery(0, 1, 22 * 60), delivery(0, 2, 15 * 60), delivery(1, 1, 60)};
  EXPECT_EQ(cut_off_minute(estate, 3, key_of_drop(1), monday), 22 * 60);
  EXPECT_EQ(cut_off_minute(estate, 3, key_of_drop(2), monday), 15 * 60);
  EXPECT_EQ(cut_off_minute(estate, 3, key_of_drop(1), monday + 1), 60);
}

TEST(CutOffs, that_nobody_has_said_lie_in_the_night) {
  estate::Estate estate;
  estate.deliveries = {delivery(0, 1, -1)};
  EXPECT_EQ(cut_off_minute(estate, 3, key_of_drop(1), monday), default_cut_off_minute);
  EXPECT_EQ(cut_off_minute(estate, 4, key_of_drop(1), monday), default_cut_off_minute);
}

TEST(LocalTime, of_a_minute_of_a_day_is_that_minute_of_that_day) {
  for (const int minute : {0, 1, 13 * 60 + 5, 22 * 60}) {
    const LocalTime time = local_time(local_ms(monday, minute));
    EXPECT_EQ(time.day, monday);
    EXPECT_EQ(time.minute, minute);
  }
  EXPECT_EQ(local_time(local_ms(monday, 26 * 60)).day, monday + 1);
  EXPECT_EQ(local_time(local_ms(monday, 26 * 60)).minute, 120);
}

TEST(CutOffs, of_suppliers_are_those_of_the_supply_that_is_valid_on_the_day) {
  estate::Estate estate;
  estate.suppliers.resize(2);
  estate.suppliers[0].id = "dairy";
  estate.suppliers[1].id = "mill";
  const auto supply = [](std::uint32_t supplier, int cut_off) {
    estate::SupplyRow row;
    row.to_site = 7;
    row.from_supplier = supplier;
    row.cut_off_minute = cut_off;
    return row;
  };
  estate::SupplyRow early = supply(0, 9 * 60);
  early.to = monday - 1;
  estate.supply = {early, supply(0, 10 * 60), supply(1, -1)};
  EXPECT_EQ(supplier_cut_off_minute(estate, 7, "dairy", monday - 1), 9 * 60);
  EXPECT_EQ(supplier_cut_off_minute(estate, 7, "dairy", monday), 10 * 60);
  EXPECT_EQ(supplier_cut_off_minute(estate, 7, "mill", monday), default_cut_off_minute);
  EXPECT_EQ(supplier_cut_off_minute(estate, 8, "dairy", monday), default_cut_off_minute);
}

}  // namespace
}  // namespace site
