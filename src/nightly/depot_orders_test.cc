#include "nightly/depot_orders.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "nightly/depot_demand.h"

namespace nightly {
namespace {

using estate::none;
using estate::OrderBasis;

// Indexes into the estate that `Town` makes.
constexpr std::uint32_t depot = 0, other_depot = 1, first_shop = 2;
constexpr std::uint32_t dairy = 0, mill = 1;
constexpr std::uint32_t milk = 0, flour = 1;

const Date sunday = base::make_date(2026, 3, 1);

// A depot with two shops that sell 5 of everything on every day, so 10 a day. Everybody orders
// every night; suppliers bring it to the depot on the second day, so tonight's order counts from
// Tuesday 3 March and has to last until Wednesday's goods are on the shelves on Thursday: 30 units
// of demand, Monday to Wednesday.
class Town {
 public:
  explicit Town(std::size_t products = 1) {
    estate.sites.resize(4);
    const std::vector<std::string> names{"D1", "D2", "S1", "S2"};
    for (std::uint32_t s = 0; s < 4; ++s) {
      estate.sites[s].id = names[s];
      if (s < first_shop)
        estate.sites[s].kind = estate::SiteKind::depot;
      else
        estate.sites[s].depot = depot;
    }
    estate.suppliers.resize(2);
    estate.suppliers[dairy].id = "DAIRY";
    estate.suppliers[mill].id = "MILL";
    // A depot that begins with nothing would be a surge.
    for (estate::Supplier& supplier : estate.suppliers) supplier.surge_max = 1'000'000;
    estate.products.resize(products);
    for (std::size_t p = 0; p < products; ++p) {
      estate.products[p].id = fmt::format("P{:02}", p);
      estate.products[p].supplier = dairy;
      estate.products[p].case_units = 12;
    }
    estate.policy.service_level = 0.97;
    estate.stock.batch.clear();
  }

  // What each shop sells in a period, 5 units if nothing is said.
  void sell(std::uint32_t product, std::int32_t units) {
    units_.resize(estate.products.size(), 5);
    units_[product] = units;
  }
  void stock(std::uint32_t product, std::int32_t units, Date expiry = base::date_max,
             Date as_of = base::date_min, std::int32_t blocked = 0) {
    stock_rows_.push_back({product, units, expiry, as_of, blocked});
  }
  void on_order(std::uint32_t product, std::int32_t units, Date due, std::string source = {}) {
    estate.on_order.push_back({.site = depot,
                               .product = product,
                               .due = due,
                               .units = units,
                               .order = {},
                               .source = std::move(source),
                               .status = {}});
  }
  // How both shops get everything.
  void flow(estate::Flow flow) {
    for (std::uint32_t s = first_shop; s < estate.sites.size(); ++s) {
      estate::SupplyRow row{};
      row.to_site = s;
      row.from_site = depot;
      row.flow = flow;
      estate.supply.push_back(row);
    }
  }
  // A shop's order of tonight.
  void shop_orders(std::uint32_t shop, std::uint32_t product, std::int32_t units,
                   std::int32_t cut = 0, CutReason why = CutReason::none) {
    orders_.push_back({shop, product, units, cut, why});
  }
  // What a shop has: without this, nobody knows.
  void shop_has(std::uint32_t shop, std::uint32_t product, std::int32_t units) {
    shop_stock_.push_back({shop, product, units});
  }

  Night night(int threads = 1) {
    fill();
    const Columns columns = build_columns(estate, sunday, order_horizon_periods);
    const planner::Settings settings = planner::default_settings(columns.kind);
    const planner::Fold fold(settings);
    const Outlook outlook(columns, state_of(columns, fold), fold, order_horizon_periods);
    const Positions positions = positions_of(columns);
    const std::vector<std::uint8_t> in_range(columns.size(), 1);
    Night night;
    for (const ShopOrder& order : orders_) {
      OrderLine& line = night.orders.emplace_back();
      line.line = columns.find(order.shop, order.product);
      line.units = order.units;
      line.cut_units = order.cut;
      line.cut_reason = order.why;
      line.source_site = depot;
    }
    std::ranges::sort(night.orders, {}, &OrderLine::line);
    const OrderRunInput input{estate,   columns,  outlook, positions,
                              settings, in_range, sunday,  threads};
    const DepotDemand demand = DepotDemand::build(input);
    order_from_suppliers(input, demand, DepotStock::build(input, demand), night);
    return night;
  }

  // Tonight's orders as "product units reason" in the order of the night, with a comma between.
  std::string orders() { return text_of(night().depot_orders); }
  static std::string text_of(const std::vector<DepotOrderLine>& lines) {
    std::string text;
    for (const DepotOrderLine& line : lines)
      text += fmt::format("{}P{:02} {} {}", text.empty() ? "" : ", ", line.product, line.units,
                          line.reason);
    return text;
  }

  estate::Estate estate;

 private:
  struct StockRow {
    std::uint32_t product;
    std::int32_t units;
    Date expiry, as_of;
    std::int32_t blocked;
  };
  struct ShopOrder {
    std::uint32_t shop, product;
    std::int32_t units, cut;
    CutReason why;
  };
  struct ShopStock {
    std::uint32_t shop, product;
    std::int32_t units;
  };

  void fill() {
    units_.resize(estate.products.size(), 5);
    estate.range.clear();
    for (std::uint32_t s = first_shop; s < estate.sites.size(); ++s)
      for (std::uint32_t p = 0; p < estate.products.size(); ++p)
        if (units_[p] > 0) {
          estate::RangeRow& row = estate.range.emplace_back();
          row.site = s;
          row.product = p;
        }
    std::ranges::stable_sort(
        stock_rows_, {}, [](const StockRow& row) { return std::pair(row.product, row.expiry); });
    estate.stock = {};
    for (const StockRow& row : stock_rows_) {
      estate.stock.site.push_back(depot);
      estate.stock.product.push_back(row.product);
      estate.stock.on_hand_units.push_back(row.units);
      estate.stock.blocked_units.push_back(row.blocked);
      estate.stock.expiry.push_back(row.expiry);
      estate.stock.as_of.push_back(row.as_of);
      estate.stock.counted_on.push_back(base::date_min);
    }
    std::ranges::stable_sort(estate.on_order, {}, [](const estate::OnOrderRow& row) {
      return std::tuple(row.site, row.product, row.due);
    });
  }

  // Every line has sold the same units for ever, so that its variance is the least there is.
  planner::State state_of(const Columns& columns, const planner::Fold& fold) const {
    planner::State state =
        planner::rebuild(columns.history, columns.pools, columns.events, fold, 1);
    for (std::size_t line = 0; line < columns.size(); ++line) {
      planner::LineState& known = state.current[line];
      known.level_units.fill(static_cast<float>(units_[columns.product[line]]));
      known.level_factors.fill(1);
      known.known_count = known.error_count = 10'000;
    }
    return state;
  }

  Positions positions_of(const Columns& columns) const {
    Positions positions;
    positions.known.assign(columns.size(), 0);
    positions.on_hand_units.assign(columns.size(), 0);
    positions.batch_begin.assign(columns.size() + 1, 0);
    positions.receipt_begin.assign(columns.size() + 1, 0);
    for (const ShopStock& row : shop_stock_) {
      const std::uint32_t line = columns.find(row.shop, row.product);
      positions.known[line] = 1;
      positions.on_hand_units[line] = row.units;
    }
    return positions;
  }

  std::vector<std::int32_t> units_;
  std::vector<StockRow> stock_rows_;
  std::vector<ShopOrder> orders_;
  std::vector<ShopStock> shop_stock_;
};

// 30 units are expected, and 42 are enough in 97 nights of 100: their variance is 1.02 * 30 of the
// shops' own, 0.012 * (30^2 - 3 * 10^2) / 2 of what is unsure about the two levels, and
// 0.05^2 * 30^2 + 0.08^2 * 3 * 10^2 that both shops share, 38.4 in all.
TEST(DepotOrders, an_order_fills_up_to_what_the_shops_may_sell_until_the_next_one_is_there) {
  EXPECT_EQ(planner::quantile({30, 38.37}, 0.97), 42);
  for (const auto& [stock, order] : {std::pair{42, ""},
                                     {41, "P00 12 demand"},
                                     {30, "P00 12 demand"},
                                     {29, "P00 24 demand"},
                                     {0, "P00 48 demand"}}) {
    Town town;
    town.stock(milk, stock);
    EXPECT_EQ(town.orders(), order) << stock;
  }
}

TEST(DepotOrders, the_order_is_due_on_the_day_the_goods_can_be_picked) {
  Town town;
  town.stock(milk, 0);
  const DepotOrderLine line = town.night().depot_orders.at(0);
  EXPECT_EQ(line.depot, depot);
  EXPECT_EQ(line.supplier, dairy);
  EXPECT_EQ(line.cases, 4);
  EXPECT_EQ(line.due, sunday + 2);
}

TEST(DepotOrders, what_shops_order_tonight_is_gone_from_the_depot) {
  Town town;
  town.stock(milk, 100);
  town.shop_orders(first_shop, milk, 60);
  EXPECT_EQ(town.orders(), "P00 12 demand");  // 40 left
}

TEST(DepotOrders, what_the_depot_could_not_send_is_owed_and_what_shelves_cannot_take_is_not) {
  Town town;
  town.stock(milk, 10);
  town.shop_orders(first_shop, milk, 10, 20, CutReason::no_stock);
  EXPECT_EQ(town.orders(), "P00 72 demand");  // 20 short of nothing, so 62
  Town full;
  full.stock(milk, 10);
  full.shop_orders(first_shop, milk, 10, 20, CutReason::shelf);
  EXPECT_EQ(full.orders(), "P00 48 demand");
}

TEST(DepotOrders, goods_under_way_count_if_they_come_before_the_next_order) {
  for (const auto& [due, order] : {std::pair{sunday + 1, "P00 12 demand"},
                                   {sunday + 2, "P00 12 demand"},
                                   {sunday + 3, "P00 48 demand"}}) {
    Town town;
    town.stock(milk, 0);
    town.on_order(milk, 36, due);
    EXPECT_EQ(town.orders(), order) << base::to_string(due);
  }
}

TEST(DepotOrders, a_supplier_who_is_late_by_a_whole_interval_is_not_waited_for) {
  Town late, lost, dropped;
  for (Town* town : {&late, &lost, &dropped}) town->stock(milk, 0);
  late.on_order(milk, 36, sunday);
  EXPECT_EQ(late.orders(), "P00 12 demand");
  lost.on_order(milk, 36, sunday - 1);
  EXPECT_EQ(lost.orders(), "P00 48 demand");
  dropped.on_order(milk, 36, sunday + 1);
  dropped.estate.on_order[0].status = "cancelled";
  EXPECT_EQ(dropped.orders(), "P00 48 demand");
}

TEST(DepotOrders, shops_that_are_not_ours_get_what_they_ordered_when_it_is_due) {
  for (const auto& [due, order] :
       {std::pair<std::optional<Date>, const char*>{std::nullopt, "P00 24 demand"},
        {sunday + 3, "P00 24 demand"},
        {sunday + 4, ""}}) {
    Town town;
    town.stock(milk, 42);
    town.estate.customer_orders.push_back(
        {.order = "C1", .site = depot, .product = milk, .units = 20, .due = due});
    EXPECT_EQ(town.orders(), order);
  }
}

TEST(DepotOrders, goods_that_only_other_shops_want_are_bought_for_them) {
  Town town(2);
  town.sell(flour, 0);
  town.stock(milk, 42);
  town.stock(flour, 5);
  town.estate.customer_orders.push_back(
      {.order = "C1", .site = depot, .product = flour, .units = 20, .due = std::nullopt});
  EXPECT_EQ(town.orders(), "P01 24 demand");
}

TEST(DepotOrders, without_a_stock_record_a_depot_orders_one_days_demand_and_no_more) {
  Town town;
  town.estate.products[milk].case_units = 5;
  EXPECT_EQ(town.orders(), "P00 10 demand");
  town.on_order(milk, 3, sunday + 2);
  EXPECT_EQ(town.orders(), "P00 5 demand");
}

TEST(DepotOrders, blocked_and_negative_stock_is_none) {
  Town town;
  town.stock(milk, 42, base::date_max, base::date_min, 12);
  EXPECT_EQ(town.orders(), "P00 12 demand");
  Town negative;
  negative.stock(milk, -500);
  EXPECT_EQ(negative.orders(), "P00 48 demand");
}

TEST(DepotOrders, stock_counted_two_days_ago_has_since_lost_two_days_sales) {
  Town town;
  town.stock(milk, 61, base::date_max, sunday - 2);
  EXPECT_EQ(town.orders(), "P00 12 demand");  // 41 left
  town.on_order(milk, 12, sunday - 2);        // came, or comes: nobody has looked since
  EXPECT_EQ(town.orders(), "");
}

TEST(DepotOrders, stock_that_reaches_no_shelf_with_life_enough_does_not_count) {
  for (const auto& [expiry, order] :
       {std::pair{sunday + 3, "P00 48 demand"}, {sunday + 4, "P00 24 demand"}, {sunday + 20, ""}}) {
    Town town;
    town.estate.products[milk].date_kind = estate::DateKind::use_by;
    town.estate.products[milk].life_on_receipt_days = 3;
    town.stock(milk, 60, expiry);
    EXPECT_EQ(town.orders(), order) << base::to_string(expiry);
  }
}

TEST(DepotOrders, fresh_goods_are_bought_for_the_days_on_which_they_may_still_be_sent) {
  Town town;
  estate::Product& product = town.estate.products[milk];
  product.date_kind = estate::DateKind::use_by;
  product.life_into_depot_days = 8;
  product.life_on_receipt_days = 7;
  product.case_units = 4;
  town.stock(milk, 0);
  // They come on Tuesday and may reach shelves until Wednesday: what sells until then, no reserve.
  EXPECT_EQ(planner::quantile({30, 38.37}, 0.5), 30);
  EXPECT_EQ(town.orders(), "P00 28 demand");
  product.life_into_depot_days = 11;
  EXPECT_EQ(town.orders(), "P00 44 demand");
  product.life_into_depot_days = 8;
  product.case_units = 36;  // more than sells, but better than an empty shelf
  EXPECT_EQ(town.orders(), "P00 36 demand");
}

TEST(DepotOrders, two_suppliers_get_an_order_each) {
  Town town(2);
  town.estate.products[flour].supplier = mill;
  town.estate.suppliers[mill].order_weekdays = 1 << 6;  // on Sundays: until next Tuesday's goods
  town.stock(milk, 0);
  town.stock(flour, 0);
  const Night night = town.night();
  ASSERT_EQ(night.depot_orders.size(), 2);
  EXPECT_EQ(night.depot_orders[0].supplier, dairy);
  EXPECT_EQ(night.depot_orders[0].units, 48);
  EXPECT_EQ(night.depot_orders[1].supplier, mill);
  // Nine days and 90 units, of variance 91.8 + 0.006 * (8100 - 900) + 26.01 = 161.01.
  EXPECT_EQ(planner::quantile({90, 161.01}, 0.97), 115);
  EXPECT_EQ(night.depot_orders[1].units, 120);
}

TEST(DepotOrders, no_order_leaves_on_a_day_that_is_not_the_suppliers) {
  Town town;
  town.estate.suppliers[dairy].order_weekdays = 1;  // Mondays
  town.stock(milk, 0);
  EXPECT_EQ(town.orders(), "");
}

TEST(DepotOrders, goods_that_nobody_supplies_are_counted_and_not_ordered) {
  Town town(2);
  town.estate.products[flour].supplier = none;
  town.stock(milk, 0);
  const Night night = town.night();
  EXPECT_EQ(Town::text_of(night.depot_orders), "P00 48 demand");
  EXPECT_EQ(night.depot_products_unsupplied, 1);
}

TEST(DepotOrders, goods_that_suppliers_bring_to_shops_are_not_the_depots) {
  Town town;
  town.stock(milk, 0);
  town.flow(estate::Flow::direct);
  EXPECT_EQ(town.orders(), "");
}

TEST(DepotOrders, a_calendar_that_names_another_depot_moves_the_demand_there) {
  Town town;
  for (std::uint32_t s = first_shop; s < first_shop + 2; ++s)
    for (std::uint8_t day = 0; day < 7; ++day)
      town.estate.deliveries.push_back({.site = s,
                                        .chain = estate::Chain::ambient,
                                        .order_weekday = day,
                                        .drop = 1,
                                        .source_site = other_depot,
                                        .route = {}});
  const Night night = town.night();
  ASSERT_EQ(night.depot_orders.size(), 0);  // 10 units a day are less than a case of 12
  town.estate.products[milk].case_units = 10;
  const Night tens = town.night();
  ASSERT_EQ(tens.depot_orders.size(), 1);
  EXPECT_EQ(tens.depot_orders[0].depot, other_depot);
  EXPECT_EQ(tens.depot_orders[0].units, 10);
}

TEST(DepotOrders, an_urgent_order_is_raised_to_the_suppliers_minimum) {
  Town town(2);
  town.estate.suppliers[dairy].order_basis = OrderBasis::cases;
  town.estate.suppliers[dairy].min_order = 6;
  town.stock(milk, 18);   // two cases make 42
  town.stock(flour, 60);  // enough
  // 42 -> 54 -> 66 for milk, then 60 -> 72 for flour, then milk again.
  EXPECT_EQ(town.orders(), "P00 60 minimum, P01 12 minimum");
}

TEST(DepotOrders, an_order_below_the_minimum_waits_if_nothing_runs_out) {
  Town town(2);
  town.estate.suppliers[dairy].order_basis = OrderBasis::cases;
  town.estate.suppliers[dairy].min_order = 6;
  town.stock(milk, 30);
  town.stock(flour, 60);
  const Night night = town.night();
  EXPECT_EQ(Town::text_of(night.depot_orders), "");
  EXPECT_EQ(night.depot_orders_below_minimum, 1);
  EXPECT_TRUE(night.minimums_out_of_reach.empty());
}

TEST(DepotOrders, a_minimum_that_goods_run_out_for_but_cannot_reach_is_named) {
  Town town(2);
  town.estate.suppliers[dairy].order_basis = OrderBasis::cases;
  town.estate.suppliers[dairy].min_order = 60'000;
  town.stock(milk, 0);
  const Night night = town.night();
  EXPECT_EQ(Town::text_of(night.depot_orders), "");
  EXPECT_EQ(night.depot_orders_below_minimum, 1);
  ASSERT_EQ(night.minimums_out_of_reach.size(), 1u);
  EXPECT_EQ(night.minimums_out_of_reach[0].supplier, dairy);
}

TEST(DepotOrders, an_order_is_cut_to_the_suppliers_maximum) {
  Town town(2);
  town.estate.suppliers[dairy].order_basis = OrderBasis::units;
  town.estate.suppliers[dairy].max_order = 60;
  town.stock(milk, 0);    // 48
  town.stock(flour, 20);  // 24, which make 44
  EXPECT_EQ(town.orders(), "P00 36 maximum, P01 24 demand");
}

TEST(DepotOrders, layers_and_pallets_are_ordered_whole) {
  Town town;
  town.stock(milk, 20);
  town.estate.products[milk].layer_cases = 3;
  town.estate.products[milk].pallet_cases = 10;
  town.estate.suppliers[dairy].order_basis = OrderBasis::layers;
  EXPECT_EQ(town.orders(), "P00 36 demand");
  town.estate.suppliers[dairy].order_basis = OrderBasis::pallets;
  EXPECT_EQ(town.orders(), "P00 120 demand");
  town.estate.suppliers[dairy].min_order = 2;
  EXPECT_EQ(town.orders(), "P00 240 minimum");
}

TEST(DepotOrders, a_minimum_in_pence_counts_what_cases_cost) {
  Town town(2);
  town.stock(milk, 20);
  town.stock(flour, 42);
  town.estate.products[milk].unit_cost = base::Money{10'000};  // 12 pounds a case
  town.estate.supplier_items.push_back({.supplier = dairy,
                                        .product = flour,
                                        .supplier_item = {},
                                        .case_gtin = {},
                                        .case_units = 6,
                                        .case_cost = base::Money{50'000}});
  town.estate.suppliers[dairy].order_basis = OrderBasis::pence;
  town.estate.suppliers[dairy].min_order = 2400;
  EXPECT_EQ(town.orders(), "P00 24 demand");
  town.estate.suppliers[dairy].min_order = 2900;
  EXPECT_EQ(town.orders(), "P00 24 demand, P01 6 minimum");
  town.estate.suppliers[dairy].min_order = 2901;  // flour would last 48 units now, milk 44
  EXPECT_EQ(town.orders(), "P00 36 minimum, P01 6 minimum");
}

TEST(DepotOrders, a_minimum_in_kilograms_counts_what_cases_weigh) {
  Town town;
  town.stock(milk, 20);
  town.estate.products[milk].case_weight_g = 12'400;
  town.estate.suppliers[dairy].order_basis = OrderBasis::kg;
  town.estate.suppliers[dairy].min_order = 25;
  EXPECT_EQ(town.orders(), "P00 36 minimum");
  town.estate.products[milk].case_weight_g = 0;  // then nobody can say
  EXPECT_EQ(town.orders(), "P00 24 demand");
}

TEST(DepotOrders, cross_dock_goods_are_ordered_for_the_day_that_the_delivery_feeds) {
  Town town;
  town.flow(estate::Flow::cross_dock);
  town.estate.products[milk].case_units = 4;
  EXPECT_EQ(town.orders(), "P00 12 cross_dock");
  town.on_order(milk, 4, sunday + 2);
  EXPECT_EQ(town.orders(), "P00 8 cross_dock");
}

TEST(DepotOrders, cross_dock_goods_for_shops_that_are_known_make_up_what_those_are_short_of) {
  // Two days of 5 a shop: 16 are enough in 97 nights of 100.
  EXPECT_EQ(planner::quantile({10, 10.2 + 0.012 * 50}, 0.97), 17);
  Town town;
  town.flow(estate::Flow::cross_dock);
  town.estate.products[milk].case_units = 1;
  town.shop_has(first_shop, milk, 9);
  town.shop_has(first_shop + 1, milk, 100);
  EXPECT_EQ(town.orders(), "P00 8 cross_dock");
  town.on_order(milk, 3, sunday + 1);
  EXPECT_EQ(town.orders(), "P00 5 cross_dock");
  town.shop_orders(first_shop, milk, 3);  // which takes those three on
  EXPECT_EQ(town.orders(), "P00 5 cross_dock");
}

TEST(DepotOrders, cross_dock_goods_for_other_shops_come_on_top) {
  Town town;
  town.flow(estate::Flow::cross_dock);
  town.estate.products[milk].case_units = 4;
  town.estate.customer_orders.push_back(
      {.order = "C1", .site = depot, .product = milk, .units = 9, .due = std::nullopt});
  EXPECT_EQ(town.orders(), "P00 20 cross_dock");
}

TEST(DepotOrders, cross_dock_goods_do_not_outlive_their_demand_when_a_minimum_raises_them) {
  Town town(2);
  town.flow(estate::Flow::cross_dock);
  town.estate.suppliers[dairy].order_basis = OrderBasis::units;
  town.estate.suppliers[dairy].min_order = 100;
  for (estate::Product& product : town.estate.products) product.case_units = 5;
  town.estate.products[milk].date_kind = estate::DateKind::use_by;
  town.estate.products[milk].life_on_receipt_days = 3;
  EXPECT_EQ(town.orders(), "P00 30 minimum, P01 70 minimum");
}

TEST(DepotOrders, a_lead_of_years_is_looked_at_and_breaks_nothing) {
  Town town(2);
  town.estate.supply.push_back(estate::SupplyRow{});
  town.estate.supply[0].to_site = first_shop;
  town.estate.supply[0].from_site = depot;
  town.estate.supply[0].product = flour;
  town.estate.supply[0].flow = estate::Flow::cross_dock;
  town.estate.sites[first_shop + 1].depot = none;
  town.estate.suppliers[dairy].lead_days = 36'500;
  town.stock(milk, 0);
  town.shop_has(first_shop, flour, 0);
  const Night night = town.night();
  ASSERT_EQ(night.depot_orders.size(), 2);
  EXPECT_GT(night.depot_orders[0].units, 366 * 5);
  EXPECT_GT(night.depot_orders[1].units, order_horizon_periods * 5);
  EXPECT_EQ(night.supplier_forecast.size(), 28);  // ordered long ago
}

TEST(DepotOrders, goods_that_one_shop_gets_from_stock_are_kept_in_stock_for_all) {
  Town town;
  town.flow(estate::Flow::cross_dock);
  town.estate.supply.pop_back();
  town.stock(milk, 0);
  EXPECT_EQ(town.orders(), "P00 48 demand");
}

TEST(DepotOrders, a_weekly_estate_orders_a_week_ahead) {
  Town town;
  town.estate.period = estate::PeriodKind::week;
  town.sell(milk, 50);
  town.stock(milk, 0);
  const Night night = town.night();
  ASSERT_EQ(night.depot_orders.size(), 1);
  // Goods come on Monday and have to last the week: 100 units, their variance 2 * 237.5 of the
  // shops' own and (0.1^2 + 0.2^2) * 100^2 that they share.
  EXPECT_EQ(planner::quantile({100, 975}, 0.97), 166);
  EXPECT_EQ(night.depot_orders[0].due, sunday + 1);
  EXPECT_EQ(night.depot_orders[0].units, 168);
  ASSERT_EQ(night.supplier_forecast.size(), 12);
  for (std::size_t week = 0; week < 12; ++week) {
    EXPECT_EQ(night.supplier_forecast[week].date, sunday + 1 + 7 * static_cast<int>(week));
    EXPECT_EQ(night.supplier_forecast[week].units, 100);
  }
  EXPECT_EQ(night.supplier_forecast[0].committed_units, night.depot_orders[0].units);
}

TEST(SupplierForecast, a_supplier_is_told_what_each_of_fourteen_days_will_bring) {
  Town town;
  town.stock(milk, 0);
  town.on_order(milk, 7, sunday + 1);
  town.on_order(milk, 5, sunday + 4, "DAIRY");
  town.on_order(milk, 6, sunday + 5, "MILL");
  const Night night = town.night();
  ASSERT_EQ(night.supplier_forecast.size(), 14);
  for (int day = 0; day < 14; ++day) {
    const SupplierForecastRow& row = night.supplier_forecast[static_cast<std::size_t>(day)];
    EXPECT_EQ(row.supplier, dairy);
    EXPECT_EQ(row.date, sunday + 1 + day);
    EXPECT_EQ(row.units, 10);
    EXPECT_EQ(row.units_high, planner::quantile({10, 10.2 + 0.25 + 0.64}, 0.95));
    EXPECT_EQ(row.committed_units, day == 0   ? 7
                                   : day == 1 ? night.depot_orders[0].units
                                   : day == 3 ? 5
                                              : 0);
  }
}

TEST(SupplierForecast, a_supplier_with_two_order_days_a_week_brings_the_days_between) {
  Town town;
  town.stock(milk, 0);
  town.estate.suppliers[dairy].order_weekdays = 1 << 0 | 1 << 3;  // Monday and Thursday
  const Night night = town.night();
  std::string text;
  for (const SupplierForecastRow& row : night.supplier_forecast)
    text += fmt::format("{}:{} ", row.date - sunday, row.units);
  // Wednesdays and Saturdays; tonight is Sunday.
  EXPECT_EQ(text, "3:30 6:40 10:30 13:40 ");
}

TEST(SupplierForecast, fractions_are_carried_so_that_sums_are_right) {
  Town town;
  town.sell(milk, 1);
  town.estate.sites.pop_back();  // one shop, 1 a day
  town.estate.suppliers[dairy].order_weekdays = 1 << 0 | 1 << 3;
  const Night night = town.night();
  std::int32_t sum = 0;
  for (const SupplierForecastRow& row : night.supplier_forecast) sum += row.units;
  EXPECT_EQ(sum, 14);
}

// A town with goods, stock, orders and terms of all kinds.
Town any_town() {
  const auto products = *rc::gen::inRange<std::uint32_t>(1, 12);
  Town town(products);
  for (std::uint32_t s = 0; s < 2; ++s) {
    estate::Supplier& supplier = town.estate.suppliers[s];
    supplier.order_basis =
        *rc::gen::element(OrderBasis::units, OrderBasis::cases, OrderBasis::layers,
                          OrderBasis::pallets, OrderBasis::kg, OrderBasis::pence);
    supplier.min_order = *rc::gen::element(0, 5, 40, 10'000);
    supplier.max_order = *rc::gen::element(0, 30, 200, 20'000);
    supplier.lead_days = *rc::gen::element(0, 1, 2, 4, 10, 150);
    supplier.order_weekdays = static_cast<std::uint8_t>(*rc::gen::inRange(1, 128) | 1 << 6);
  }
  if (*rc::gen::arbitrary<bool>()) town.flow(estate::Flow::cross_dock);
  for (std::uint32_t p = 0; p < products; ++p) {
    estate::Product& product = town.estate.products[p];
    product.case_units = *rc::gen::inRange(1, 25);
    product.layer_cases = *rc::gen::inRange(0, 4);
    product.pallet_cases = product.layer_cases * 5;
    product.case_weight_g = *rc::gen::element(0, 700, 9'000);
    product.supplier = *rc::gen::element(dairy, mill, none);
    if (*rc::gen::arbitrary<bool>()) product.unit_cost = base::Money{*rc::gen::inRange(1, 50'000)};
    if (*rc::gen::arbitrary<bool>()) {
      product.date_kind = estate::DateKind::use_by;
      product.life_into_depot_days = *rc::gen::inRange(0, 12);
      product.life_on_receipt_days = *rc::gen::inRange(0, 8);
    }
    town.sell(p, *rc::gen::inRange(1, 30));
    for (int rows = *rc::gen::inRange(0, 3); rows > 0; --rows)
      town.stock(p, *rc::gen::inRange(-10, 200), sunday + *rc::gen::inRange(-2, 15));
    if (*rc::gen::arbitrary<bool>()) town.shop_has(first_shop, p, *rc::gen::inRange(0, 30));
    if (*rc::gen::arbitrary<bool>())
      town.on_order(p, *rc::gen::inRange(0, 60), sunday + *rc::gen::inRange(-3, 8));
  }
  return town;
}

auto fields(const DepotOrderLine& line) {
  return std::tuple(line.depot, line.supplier, line.product, line.units, line.cases, line.due,
                    line.reason);
}
auto fields(const SupplierForecastRow& row) {
  return std::tuple(row.supplier, row.depot, row.product, row.date, row.units, row.units_high,
                    row.committed_units);
}

RC_GTEST_PROP(DepotOrders, orders_are_whole_cases_sorted_and_within_the_maximum, ()) {
  Town town = any_town();
  const Night night = town.night();
  std::vector<std::int64_t> units(2, 0), cases(2, 0);
  for (const DepotOrderLine& line : night.depot_orders) {
    RC_ASSERT(line.units > 0);
    RC_ASSERT(line.units == line.cases * town.estate.products[line.product].case_units);
    units[line.supplier] += line.units;
    cases[line.supplier] += line.cases;
  }
  RC_ASSERT(std::ranges::is_sorted(night.depot_orders, {}, [](const DepotOrderLine& line) {
    return std::tuple(line.depot, line.supplier, line.product);
  }));
  for (std::uint32_t s = 0; s < 2; ++s) {
    const estate::Supplier& supplier = town.estate.suppliers[s];
    if (supplier.max_order == 0) continue;
    if (supplier.order_basis == OrderBasis::units) RC_ASSERT(units[s] <= supplier.max_order);
    if (supplier.order_basis == OrderBasis::cases) RC_ASSERT(cases[s] <= supplier.max_order);
  }
}

RC_GTEST_PROP(DepotOrders, the_night_is_the_same_with_any_number_of_threads, ()) {
  Town town = any_town();
  const Night one = town.night(1), three = town.night(3);
  RC_ASSERT(std::ranges::equal(
      one.depot_orders, three.depot_orders, {}, [](const auto& line) { return fields(line); },
      [](const auto& line) { return fields(line); }));
  RC_ASSERT(std::ranges::equal(
      one.supplier_forecast, three.supplier_forecast, {},
      [](const auto& row) { return fields(row); }, [](const auto& row) { return fields(row); }));
}

}  // namespace
}  // namespace nightly
