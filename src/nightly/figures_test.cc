#include "nightly/figures.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using nightly::testing::as_of;
using nightly::testing::Evening;
using nightly::testing::FullEvening;

TEST(Figures, orders_are_added_up_with_pieces_and_weight_apart) {
  const FullEvening evening;
  const Figures figures = figures_of(evening.input(), evening.night);
  EXPECT_EQ(figures.ordered.lines, 3);
  EXPECT_EQ(figures.ordered.cases, 3 + 12 + 1);
  EXPECT_EQ(figures.ordered.quantity.pieces, 13 + 12);
  EXPECT_EQ(figures.ordered.quantity.grams, 5000);
  EXPECT_EQ(figures.ordered.value.pence(), 2197);  // £10.465, £6 and £5.50
  EXPECT_EQ(figures.by_category.size(), 3u);
  EXPECT_EQ(figures.by_category.at("dairy").quantity.pieces, 13);
  EXPECT_EQ(figures.by_due.at(as_of + 1).lines, 1);
  EXPECT_EQ(figures.by_due.at(as_of + 2).lines, 2);
}

TEST(Figures, what_is_withheld_adds_up_by_reason_and_by_owner) {
  const FullEvening evening;
  const Figures figures = figures_of(evening.input(), evening.night);
  EXPECT_EQ(figures.withheld_for(CutReason::no_stock).units(), 5);
  EXPECT_EQ(figures.withheld_for(CutReason::vehicle).units(), 6);
  EXPECT_EQ(figures.withheld_from(estate::Ownership::own).units(), 5);
  EXPECT_EQ(figures.withheld_from(estate::Ownership::franchise).units(), 6);
  EXPECT_EQ(figures.withheld_in_all().units(), 11);
}

TEST(Figures, fill_counts_what_the_depot_withholds_and_not_what_the_shelf_cannot_take) {
  Evening evening;
  OrderLine whole = evening.line("S1", "P1");
  whole.units = 6;
  whole.cut_units = 100;
  whole.cut_reason = CutReason::shelf;
  OrderLine part = whole;
  part.units = 2;
  part.cut_units = 4;
  part.cut_reason = CutReason::pick_capacity;
  evening.night.orders = {whole, part};
  const Figures figures = figures_of(evening.input(), evening.night);
  const Fill& own = figures.fill_by_owner[static_cast<std::size_t>(estate::Ownership::own)];
  EXPECT_EQ(own.lines, 2);
  EXPECT_EQ(own.whole_lines, 1);
  EXPECT_DOUBLE_EQ(own.given.share_of(own.wanted), 8.0 / 12);
  EXPECT_EQ(figures.fill_by_lifeline[0].lines + figures.fill_by_lifeline[2].lines, 2);
}

TEST(Figures, a_supplier_has_the_orders_of_depots_and_of_stores_that_he_serves) {
  const FullEvening evening;
  const Figures figures = figures_of(evening.input(), evening.night);
  ASSERT_EQ(figures.suppliers.size(), 2u);
  EXPECT_EQ(evening.estate.suppliers[figures.suppliers[0].supplier].id, "A");
  EXPECT_EQ(figures.suppliers[0].group.lines, 2);
  EXPECT_EQ(figures.suppliers[0].first_due, as_of + 3);
  EXPECT_EQ(evening.estate.suppliers[figures.suppliers[1].supplier].id, "B");
  EXPECT_EQ(figures.suppliers[1].group.cases, 12);
}

TEST(Figures, cover_is_the_stock_after_the_order_over_a_days_sales) {
  Evening evening;
  OrderLine line = evening.line("S1", "P1");  // two days until the next drop
  line.expected_demand = 8;
  line.expected_on_hand = 3.9;
  line.units = 12;
  evening.night.orders = {line};  // 15.9 at 4 a day
  EXPECT_THAT(figures_of(evening.input(), evening.night).cover,
              ::testing::ElementsAre(0, 0, 0, 1, 0, 0, 0, 0, 0));
  evening.night.orders[0].expected_on_hand = 4;  // 4 days
  EXPECT_EQ(figures_of(evening.input(), evening.night).cover[4], 1);
  evening.night.orders[0].units = 1'000;
  EXPECT_EQ(figures_of(evening.input(), evening.night).cover[8], 1);
  evening.night.orders[0].expected_demand = 0;  // lasts for ever, says nothing
  EXPECT_THAT(figures_of(evening.input(), evening.night).cover, ::testing::Each(0));
}

TEST(Figures, stock_records_of_stores_are_classed_by_age) {
  const FullEvening evening;  // one of tonight, one two days old
  EXPECT_THAT(figures_of(evening.input(), evening.night).stock_age,
              ::testing::ElementsAre(1, 0, 1, 0, 0, 0));
}

TEST(Figures, the_largest_lines_come_first_and_ties_in_the_order_of_the_night) {
  Evening evening;
  evening.night.orders.assign(25, evening.line("S1", "P1"));
  evening.night.orders[20].units = 99;
  evening.night.orders[4].units = 50;
  EXPECT_THAT(figures_of(evening.input(), evening.night).largest,
              ::testing::ElementsAre(20, 4, 0, 1, 2, 3, 5, 6, 7, 8));
}

TEST(Figures, a_product_without_cost_counts_at_its_price_or_as_unvalued) {
  Evening evening;
  evening.night.orders = {evening.line("S1", "P1"), evening.line("S1", "P2")};
  evening.estate.products[0].unit_cost.reset();
  evening.estate.products[0].unit_price = base::Money{12'500};
  evening.estate.products[1].unit_cost.reset();
  const Figures figures = figures_of(evening.input(), evening.night);
  EXPECT_EQ(figures.ordered.value.pence(), 1'500);
  EXPECT_EQ(figures.lines_unvalued, 1);
}

TEST(Value, a_sum_that_64_bits_cannot_hold_stops_at_the_most_they_can) {
  Value value;
  value.add({12'345}, 2);  // £2.469
  EXPECT_EQ(value.pence(), 247);
  for (int i = 0; i < 1'000; ++i) value.add({10'000'000'000'000}, 1'000'000'000);
  EXPECT_EQ(value.pence(), std::numeric_limits<std::int64_t>::max());
}

TEST(Quantity, is_said_in_pieces_kilograms_or_both) {
  Quantity quantity;
  quantity.add(estate::Measure::each, 3'275);
  EXPECT_EQ(in_words(quantity), "3,275");
  quantity.add(estate::Measure::g, 39'700);
  EXPECT_EQ(in_words(quantity), "3,275 and 39.7 kg");
  EXPECT_EQ(quantity.units(), 42'975);
  EXPECT_EQ(in_words({0, 500}), "0.5 kg");
}

}  // namespace
}  // namespace nightly
