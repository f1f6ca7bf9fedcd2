#include "nightly/order_numbers.h"

#include <set>

#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using testing::Evening;
using testing::Files;

// Sites and suppliers whose ids differ only in where the dashes are.
Files dashed_files() {
  return {{"estate.toml", "format = 1\nname = \"Dashes\"\nperiod = \"day\"\n"},
          {"sites.csv",
           "site,kind,depot\nA,store,D\nA-,store,D\nA-B,store,D\nD,depot,\n"
           "D-E,depot,\n"},
          {"suppliers.csv", "supplier\nC\nB-C\n-\nF\nE-F\nA_B\n"},
          {"products.csv", "product\nP1\n"},
          {"sales.csv",
           "date,site,product,units\n2026-01-06,A,P1,1\n2026-01-06,A-,P1,1\n"
           "2026-01-06,A-B,P1,1\n"}};
}

class OrderNumbersTest : public ::testing::Test {
 protected:
  OrderNumbersTest() : evening_(dashed_files()) {}
  // `supplier` empty: nobody supplies it.
  void store_order(const char* site, const char* supplier) {
    OrderLine line;
    line.line = evening_.columns.find(find_site(evening_.estate, site), 0);
    line.units = 1;
    line.on_shelf = line.next_on_shelf = testing::as_of + 1;
    if (*supplier != 0) line.source_supplier = find_supplier(evening_.estate, supplier);
    evening_.night.orders.push_back(line);
  }
  void depot_order(const char* depot, const char* supplier) {
    evening_.night.depot_orders.push_back({find_site(evening_.estate, depot),
                                           find_supplier(evening_.estate, supplier), 0, 1, 1,
                                           testing::as_of + 1, "demand"});
  }
  std::vector<std::string> numbers() const {
    return number_orders(evening_.input(), evening_.night).orders;
  }

  Evening evening_;
};

TEST_F(OrderNumbersTest, orders_whose_ids_differ_only_in_their_dashes_never_share_a_number) {
  store_order("A", "B-C");
  store_order("A", "-");
  store_order("A", "C");
  store_order("A-", "");
  store_order("A-", "C");
  store_order("A-B", "C");
  store_order("A-B", "");
  depot_order("D", "E-F");
  depot_order("D-E", "F");
  const auto orders = numbers();
  EXPECT_EQ(orders.size(), 9u);
  EXPECT_EQ(std::set(orders.begin(), orders.end()).size(), orders.size());
}

TEST_F(OrderNumbersTest, a_dash_within_an_id_is_a_tilde_and_every_other_id_stands_as_it_is) {
  store_order("A-B", "A_B");
  depot_order("D", "E-F");
  EXPECT_EQ(numbers(), (std::vector<std::string>{"A~B-A_B-20260107-0-ambient", "D-E~F-20260107"}));
}

}  // namespace
}  // namespace nightly
