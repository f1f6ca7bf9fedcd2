#include "nightly/direct_orders.h"

#include <gtest/gtest.h>

#include "nightly/stock_position.h"
#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using testing::Evening;
using testing::Files;

// The baker B brings bread (cases of 1) and milk (cases of 6) straight to S1, on these terms.
Files baker(const std::string& basis, int min, int max) {
  Files files = testing::night_files();
  files["supply.csv"] = fmt::format(
      "to_site,from,product,flow,order_basis,min_order,max_order\n"
      "S1,B,P1,direct,{0},{1},{2}\nS1,B,P2,direct,{0},{1},{2}\nS2,B,P1,direct,{0},{1},{2}\n",
      basis, min, max);
  return files;
}

class Bakery : public Evening {
 public:
  explicit Bakery(const Files& files) : Evening(files) {
    positions = stock_positions(estate, columns, outlook, in_range, testing::as_of);
  }
  // Three a day are expected; `on_hand` of them are there when the goods come.
  void add(const char* product, std::int32_t units, std::int32_t multiple, double on_hand,
           const char* site = "S1") {
    OrderLine order = line(site, product);
    order.product = columns.product[order.line];
    order.units = units;
    order.multiple = multiple;
    order.source_site = estate::none;
    order.source_supplier = find_supplier(estate, "B");
    order.flow = estate::Flow::direct;
    order.expected_demand = 6;
    order.expected_on_hand = on_hand;
    night.orders.push_back(order);
  }
  const std::vector<OrderLine>& fitted() {
    fit_direct_orders(input(), night);
    return night.orders;
  }
};

TEST(DirectOrders, below_the_minimum_the_line_that_lasts_the_shortest_grows_where_one_runs_out) {
  Bakery bakery(baker("units", 20, 0));
  bakery.add("P1", 6, 6, 5);
  bakery.add("P2", 2, 1, 4);
  const auto& orders = bakery.fitted();
  EXPECT_GE(orders[0].units + orders[1].units, 20);
  EXPECT_LT(orders[0].units + orders[1].units, 26);
  EXPECT_EQ(orders[0].units % 6, 0);
  EXPECT_EQ(orders[1].reason, OrderReason::minimum);
  EXPECT_EQ(orders[1].cut_units, 0);
  EXPECT_EQ(bakery.night.direct_orders_below_minimum, 0u);
}

TEST(DirectOrders, below_the_minimum_an_order_that_nobody_is_out_without_waits) {
  Bakery bakery(baker("units", 20, 0));
  bakery.add("P1", 6, 6, 7);
  bakery.add("P2", 2, 1, 9);
  const auto& orders = bakery.fitted();
  EXPECT_EQ(orders[0].units, 0);
  EXPECT_EQ(orders[0].cut_units, 6);
  EXPECT_EQ(orders[1].cut_reason, CutReason::order_min);
  EXPECT_EQ(bakery.night.direct_orders_below_minimum, 1u);
}

TEST(DirectOrders, above_the_maximum_what_lasts_longest_is_cut_and_says_so) {
  Bakery bakery(baker("units", 0, 10));
  bakery.add("P1", 6, 6, 0);
  bakery.add("P2", 9, 1, 3);
  const auto& orders = bakery.fitted();
  EXPECT_EQ(orders[0].units, 6);
  EXPECT_EQ(orders[1].units, 4);
  EXPECT_EQ(orders[1].cut_units, 5);
  EXPECT_EQ(orders[1].cut_reason, CutReason::order_max);
}

TEST(DirectOrders, a_line_without_a_stock_record_and_one_that_was_cut_never_grow) {
  Bakery bakery(baker("units", 20, 0));
  bakery.add("P1", 6, 6, 0);
  bakery.night.orders.back().stock_known = false;
  bakery.add("P2", 2, 1, 0);
  bakery.night.orders.back().cut_units = 3;
  bakery.night.orders.back().cut_reason = CutReason::shelf;
  const auto& orders = bakery.fitted();
  EXPECT_EQ(orders[0].units, 0);
  EXPECT_EQ(orders[1].units, 0);
  EXPECT_EQ(bakery.night.direct_orders_below_minimum, 1u);
}

TEST(DirectOrders, the_shelf_the_life_and_order_units_max_bound_what_grows) {
  for (const std::string column : {"shelf_units_max", "order_units_max"}) {
    Files files = baker("units", 12, 0);
    files["range.csv"] = "site,product," + column + "\nS1,P2,10\n";
    Bakery bakery(files);
    bakery.add("P2", 2, 1, 0);
    EXPECT_EQ(bakery.fitted()[0].units, 0) << column;
    files["range.csv"] = "site,product," + column + "\nS1,P2,12\n";
    Bakery wide(files);
    wide.add("P2", 2, 1, 0);
    EXPECT_EQ(wide.fitted()[0].units, 12) << column;
  }
}

TEST(DirectOrders, sites_and_drops_are_orders_of_their_own) {
  Bakery bakery(baker("units", 12, 0));
  bakery.add("P1", 6, 6, 7);
  bakery.add("P2", 6, 1, 7);
  bakery.night.orders.back().drop = 2;
  bakery.add("P1", 6, 6, 7, "S2");
  bakery.fitted();
  EXPECT_EQ(bakery.night.direct_orders_below_minimum, 3u);
}

TEST(DirectOrders, limits_in_cases_pence_and_weight_count_parts_of_a_case) {
  struct Row {
    const char* basis;
    int enough;
  };
  // Six of twelve to a case at 80.5p each: half a case, 483p.
  for (const Row row : {Row{"cases", 1}, Row{"pence", 966}}) {
    for (const int more : {0, 1}) {
      Files files = baker(row.basis, row.enough + more, 0);
      files["supplier_items.csv"] = "supplier,product,case_units\nB,P1,12\n";
      Bakery bakery(files);
      bakery.add("P1", 12, 6, 7);
      EXPECT_EQ(bakery.fitted()[0].units, more == 0 ? 12 : 0) << row.basis;
    }
  }
}

TEST(DirectOrders, without_limits_or_from_a_depot_nothing_changes) {
  Bakery bakery(baker("units", 0, 0));
  bakery.add("P1", 6, 6, 7);
  Bakery depot(baker("units", 20, 0));
  depot.add("P1", 6, 6, 7);
  depot.night.orders[0].source_supplier = estate::none;
  depot.night.orders[0].source_site = find_site(depot.estate, "D1");
  EXPECT_EQ(bakery.fitted()[0].units, 6);
  EXPECT_EQ(depot.fitted()[0].units, 6);
}

}  // namespace
}  // namespace nightly
