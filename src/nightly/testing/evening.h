#pragma once
// A small estate with all that an order run hands on, and nights made by hand, for tests of what is
// written about them.

#include <vector>

#include "estate/testing/small_estate.h"
#include "nightly/order_run.h"

namespace nightly::testing {

using estate::testing::Files;

inline const Date as_of = base::make_date(2026, 1, 6);

// Two stores of different owners with a depot, three products, and two suppliers, one of whom
// delivers to stores.
inline Files night_files() {
  return {
      {"estate.toml", "format = 1\nname = \"Small\"\nperiod = \"day\"\n"},
      {"sites.csv",
       "site,name,kind,depot,ownership,postcode\n"
       "S1,High Street,store,D1,own,AB1 2CD\nS2,,store,D1,franchise,\n"
       "D1,North depot,depot,,own,EF3 4GH\n"},
      {"suppliers.csv", "supplier,name,email\nA,Dairy Ltd,orders@example.com\nB,,\nC,Idle,\n"},
      {"products.csv",
       "product,name,category,supplier,chain,case_units,unit_cost,measure\n"
       "P1,\"Milk, 2 l\",dairy,A,chilled,6,0.805,each\nP2,White loaf,bread,B,ambient,1,0.5,each\n"
       "P3,Carrots,veg,A,ambient,5000,0.0011,g\n"},
      {"supplier_items.csv", "supplier,product,supplier_item,case_gtin\nA,P1,=MLK,0501\n"},
      {"sales.csv",
       "date,site,product,units\n2025-01-03,S2,P2,4\n2026-01-05,S1,P1,3\n2026-01-06,S1,P1,6\n"
       "2026-01-06,S1,P2,5\n2026-01-06,S2,P1,2\n2026-01-06,S2,P3,900\n"},
      {"stock.csv", "site,product,on_hand_units,as_of\nS1,P1,4,2026-01-06\nS2,P1,7,2026-01-04\n"},
      {"on_order.csv", "site,product,due_date,units,order\nS1,P2,2026-01-02,10,OLD-7\n"}};
}

// An estate with all that an order run hands on, and a night to fill in.
class Evening {
 public:
  explicit Evening(const Files& files = night_files(), bool lenient = false)
      : estate(*estate::testing::read_files(files, {.lenient = lenient})),
        columns(build_columns(estate, as_of, order_horizon_periods)),
        fold(planner::default_settings(columns.kind)),
        outlook(columns, planner::rebuild(columns.history, columns.pools, columns.events, fold, 1),
                fold, order_horizon_periods),
        in_range(columns.size(), 1) {
    night.lines = columns.size();
  }

  OrderRunInput input() const {
    return {estate, columns, outlook, positions, fold.settings(), in_range, as_of, 1};
  }
  // A chilled line of the depot for the day after tomorrow that lasts two days.
  OrderLine line(std::string_view site, std::string_view product) const {
    OrderLine line;
    line.line = columns.find(find_site(estate, site), find_product(estate, product));
    line.units = 12;
    line.source_site = find_site(estate, "D1");
    line.drop = 1;
    line.on_shelf = as_of + 2;
    line.next_on_shelf = as_of + 4;
    line.multiple = 6;
    line.expected_demand = 8.125;
    line.order_up_to = 16;
    line.on_hand = 4;
    return line;
  }

  estate::Estate estate;
  Columns columns;
  planner::Fold fold;
  Outlook outlook;
  Positions positions;
  std::vector<std::uint8_t> in_range;
  Night night;
};

// Milk from the depot, cut and in a begun case; bread straight from the baker on another day; milk
// of the franchise, all of it cut; its carrots, without a stock record.
class FullEvening : public Evening {
 public:
  explicit FullEvening(const Files& files = night_files(), bool lenient = false)
      : Evening(files, lenient) {
    add_store_lines();
    const std::uint32_t depot = find_site(estate, "D1"), dairy = find_supplier(estate, "A");
    const std::uint32_t milk = find_product(estate, "P1"), carrots = find_product(estate, "P3");
    night.depot_orders = {{depot, dairy, milk, 24, 4, as_of + 3, "demand"},
                          {depot, dairy, carrots, 10'000, 2, as_of + 3, "minimum"}};
    night.supplier_forecast = {{dairy, depot, milk, as_of + 4, 24, 36, 12}};
    night.lines_due = 4;
    night.lines_unknown = 1;
    night.availability_lost = 0.125;
    positions.tasks = {{find_site(estate, "S1"), milk, TaskReason::overdue, {50'000}}};
    positions.overdue = {{0, base::make_date(2026, 1, 2)}};
  }

 private:
  void add_store_lines() {
    OrderLine milk = line("S1", "P1");
    milk.units = 13;
    milk.cut_units = 5;
    milk.cut_reason = CutReason::no_stock;
    OrderLine bread = line("S1", "P2");
    bread.source_site = estate::none;
    bread.source_supplier = find_supplier(estate, "B");
    bread.on_shelf = as_of + 1;
    bread.multiple = 1;
    bread.reason = OrderReason::presentation;
    OrderLine cut = line("S2", "P1");
    cut.units = 0;
    cut.cut_units = 6;
    cut.cut_reason = CutReason::vehicle;
    OrderLine carrots = line("S2", "P3");
    carrots.units = carrots.multiple = 5000;
    carrots.stock_known = false;
    carrots.reason = OrderReason::stock_unknown;
    night.orders = {milk, bread, cut, carrots};
  }
};

}  // namespace nightly::testing
