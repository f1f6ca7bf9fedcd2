#include "nightly/depot_orders.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "base/parallel.h"
#include "nightly/depot_demand.h"
#include "nightly/depot_position.h"
#include "nightly/order_limits.h"
#include "nightly/supplier_forecast.h"
#include "nightly/surge_guard.h"
#include "nightly/terms.h"
#include "planner/supplier_order.h"

namespace nightly {
namespace {

// A depot buys fresh goods for the median of what can still be sent: many stores leave little to
// chance.
constexpr double life_level = 0.5;

using estate::none;

constexpr std::size_t products_per_chunk = 64;
constexpr double units_max = 2e9;

std::int32_t whole(double units) {
  return static_cast<std::int32_t>(std::clamp(units, 0.0, units_max));
}

// What a supplier sells a product in: cases, and how many of them make a step.
struct Packing {
  std::int32_t case_units = 1;
  std::int32_t step_cases = 1;
};

Packing packing_of(const estate::Estate& estate, const Source& source, std::uint32_t product) {
  const estate::Product& goods = estate.products[product];
  Packing packing{.case_units = supplier_case_units(estate, source.supplier, product)};
  if (source.order_basis == estate::OrderBasis::layers)
    packing.step_cases = std::max(goods.layer_cases, 1);
  if (source.order_basis == estate::OrderBasis::pallets)
    packing.step_cases = std::max(goods.pallet_cases, 1);
  return packing;
}

double service_level(const estate::Policy& policy, const planner::Settings& settings,
                     std::int32_t interval_periods) {
  Terms terms;
  if (policy.shortage_cost && policy.holding_cost && !policy.service_level) {
    terms.shortage_cost = *policy.shortage_cost;
    terms.holding_cost = *policy.holding_cost;
  } else {
    terms.level = policy.service_level.value_or(0.97);
  }
  return terms.quantile(interval_periods, settings);
}

// What a product needs before it is rounded to steps.
struct Want {
  double position_units = 0;
  double until_next_units = 0;
  double need_units = 0;
  double room_units = units_max;  // that sell within their life
  bool rounds_up = true;
};

class Orders {
 public:
  Orders(const OrderRunInput& input, const DepotDemand& demand, const DepotStock& depots,
         const Night& night)
      : in_(input),
        demand_(demand),
        positions_(input, demand, depots, night),
        kind_(input.columns.kind),
        tomorrow_(input.columns.history.last_period + 1) {}

  void place(Night& night) const {
    const std::span products = demand_.products();
    std::vector<planner::SupplierLine> lines(products.size());
    base::for_ranges(in_.threads, products.size(), products_per_chunk,
                     [&](std::size_t begin, std::size_t end, std::size_t) {
                       for (std::size_t i = begin; i < end; ++i)
                         if (orders_tonight(products[i])) lines[i] = line_of(i);
                     });
    std::vector<std::vector<std::uint32_t>> members(demand_.supplies().size());
    for (std::uint32_t i = 0; i < products.size(); ++i) {
      if (products[i].supply == none) ++night.depot_products_unsupplied;
      if (orders_tonight(products[i])) members[products[i].supply].push_back(i);
    }
    for (std::size_t supply = 0; supply < members.size(); ++supply)
      place_one(demand_.supplies()[supply], members[supply], lines, night);
    std::ranges::sort(night.depot_orders, {}, [](const DepotOrderLine& line) {
      return std::tuple(line.depot, line.supplier, line.product);
    });
  }

 private:
  const DepotSupply& supply_of(std::size_t product) const {
    return demand_.supplies()[demand_.products()[product].supply];
  }
  bool orders_tonight(const DepotProduct& product) const {
    return product.supply != none && demand_.supplies()[product.supply].tonight.orders_today;
  }

  void place_one(const DepotSupply& supply, std::span<const std::uint32_t> members,
                 std::span<const planner::SupplierLine> lines, Night& night) const {
    std::vector<planner::SupplierLine> order;
    for (const std::uint32_t i : members) order.push_back(lines[i]);
    const planner::SupplierFit fit = planner::fit_order(order, limits_of(supply.source, kind_));
    if (waits(fit)) ++night.depot_orders_below_minimum;
    if (fit == planner::SupplierFit::unreachable)
      night.minimums_out_of_reach.push_back({supply.depot, supply.source.supplier});
    for (std::size_t k = 0; k < members.size(); ++k) {
      const DepotProduct& product = demand_.products()[members[k]];
      const std::int32_t wanted = lines[members[k]].steps, given = order[k].steps;
      if (given == 0) continue;
      const Packing packing = packing_of(in_.estate, supply.source, product.product);
      night.depot_orders.push_back({.depot = product.depot,
                                    .supplier = supply.source.supplier,
                                    .product = product.product,
                                    .units = given * order[k].step_units,
                                    .cases = given * packing.step_cases,
                                    .due = supply.tonight.on_shelf,
                                    .reason = given > wanted       ? "minimum"
                                              : given < wanted     ? "maximum"
                                              : product.cross_dock ? "cross_dock"
                                                                   : "demand",
                                    .order = order[k]});
    }
  }

  planner::SupplierLine line_of(std::size_t product) const {
    const DepotProduct& goods = demand_.products()[product];
    const DepotSupply& supply = supply_of(product);
    const Interval interval = interval_of(kind_, supply.tonight);
    const Packing packing = packing_of(in_.estate, supply.source, goods.product);
    const Want want =
        goods.cross_dock ? want_cross_dock(product, interval) : want_stock(product, interval);
    const std::int32_t lag = goods.cross_dock ? 0 : stock_lag_periods(kind_);
    const std::int32_t periods = interval.next_on_shelf + lag - tomorrow_;
    planner::SupplierLine line{
        .position_units = want.position_units,
        .units_per_period = want.until_next_units / periods,
        .until_next_units = want.until_next_units,
        .step_units = whole(double{1} * packing.case_units * packing.step_cases)};
    line.step_measure = measure_of(in_.estate, supply.source, goods.product, line.step_units);
    const std::int32_t need = whole(want.need_units), room = whole(want.room_units);
    line.steps_max = room / line.step_units;
    line.steps = want.rounds_up
                     ? planner::round_to_multiple(need, line.step_units, room,
                                                  want.position_units < want.until_next_units) /
                           line.step_units
                     : std::min(need, room) / line.step_units;
    line.steps_max = std::max(line.steps_max, line.steps);
    return line;
  }

  Want want_stock(std::size_t product, const Interval& interval) const {
    const DepotPosition position = positions_.of(product);
    const std::int32_t lag = stock_lag_periods(kind_);
    const std::int32_t end = interval.next_on_shelf + lag;
    const planner::Moments demand = demand_.over(product, tomorrow_, end);
    Want want{.until_next_units = demand.mean};
    if (position.stock_known) {
      want.position_units = position.stock_units + position.due_before_units + position.due_units -
                            position.store_units - position.customer_units;
      const double level = service_level(in_.estate.policy, in_.settings,
                                         interval.next_on_shelf - interval.on_shelf);
      want.need_units = std::ceil(planner::quantile(demand, level) - want.position_units - 1e-9);
    } else {
      // Whatever is there is taken to last until tonight's goods come.
      want.position_units = demand_.mean(product, tomorrow_, interval.on_shelf + lag) +
                            position.due_units - position.customer_units;
      want.need_units = want.until_next_units - want.position_units;
      want.rounds_up = false;
    }
    want.room_units = room_in_depot(product, want.position_units);
    return want;
  }

  // Of fresh goods no more than stores sell until the last day on which they may reach a shelf.
  double room_in_depot(std::size_t product, double position_units) const {
    const estate::Product& goods = in_.estate.products[demand_.products()[product].product];
    if (goods.date_kind == estate::DateKind::none || goods.life_into_depot_days == 0)
      return units_max;
    const Date arrival = supply_of(product).tonight.on_shelf;
    const Date last = std::max(last_on_shelf(goods, arrival + goods.life_into_depot_days - 1),
                               arrival + (kind_ == planner::Period::day ? stock_lag_days : 0));
    const planner::Moments demand = demand_.over(product, tomorrow_, period_of(kind_, last) + 1);
    return planner::quantile(demand, life_level) - position_units;
  }

  // The sum of what stores will order for the drops that tonight's order feeds.
  Want want_cross_dock(std::size_t product, const Interval& interval) const {
    const DepotPosition position = positions_.of(product);
    const std::int32_t sold_by = sold_in_stores_by(product, interval.on_shelf);
    // Profiles reach no further.
    const std::int32_t reach = tomorrow_ + order_horizon_periods;
    const std::int32_t begin = std::min(interval.on_shelf, reach);
    const std::int32_t end = std::min({interval.next_on_shelf, sold_by, reach});
    double known_short = 0, known_before = 0, unknown = 0, unknown_before = 0;
    for (const std::uint32_t index : demand_.lines_of(product)) {
      const planner::Demand::Line line = in_.outlook.line(index);
      const auto [first, last] = periods_in_range(in_, index);
      const auto clipped = [&](std::int32_t period) { return std::clamp(period, first, last); };
      const double before = line.over(clipped(tomorrow_), clipped(begin)).mean;
      if (in_.positions.known[index] == 0) {
        unknown += line.over(clipped(begin), clipped(end)).mean;
        unknown_before += before;
      } else {
        known_short += store_shortage(index, line, interval, end);
        known_before += before;
      }
    }
    // What comes before is for all stores; a store that is not known is taken to live on its part.
    const double all_before = known_before + unknown_before;
    const double known_share = all_before > 0 ? known_before / all_before : unknown > 0 ? 0 : 1;
    const double coming = position.stock_units + position.due_before_units - position.store_units;
    const double need = std::max(0.0, known_short - known_share * coming) + unknown +
                        position.customer_units - position.due_units;
    Want want{.until_next_units = demand_.mean(product, tomorrow_, end)};
    want.need_units = std::ceil(std::max(0.0, need) - 1e-9);
    want.position_units = want.until_next_units - want.need_units;
    if (sold_by != std::numeric_limits<std::int32_t>::max())
      want.room_units = demand_.mean(product, tomorrow_, sold_by) - want.position_units;
    return want;
  }

  // The period by which goods that reach stores in `on_shelf` have to be sold.
  std::int32_t sold_in_stores_by(std::size_t product, std::int32_t on_shelf) const {
    const estate::Product& goods = in_.estate.products[demand_.products()[product].product];
    if (goods.date_kind == estate::DateKind::none || goods.life_on_receipt_days == 0)
      return std::numeric_limits<std::int32_t>::max();
    return on_shelf + (kind_ == planner::Period::day ? goods.life_on_receipt_days
                                                     : std::max(1, goods.life_on_receipt_days / 7));
  }

  // What a store with a stock record is short of until the delivery after the one ordered tonight.
  double store_shortage(std::uint32_t index, const planner::Demand::Line& line,
                        const Interval& interval, std::int32_t end) const {
    const Terms terms = terms_of(in_.estate, in_.columns, index, in_.as_of + 1);
    const double level = terms.quantile(interval.next_on_shelf - interval.on_shelf, in_.settings);
    const auto [first, last] = periods_in_range(in_, index);
    double there = in_.positions.on_hand_units[index] + positions_.ordered_units(index);
    for (const planner::Receipt& receipt : in_.positions.receipts_of(index))
      if (receipt.period < end) there += receipt.units;
    return std::max(
        0.0, planner::quantile(line.over(first, std::clamp(end, first, last)), level) - there);
  }

  const OrderRunInput& in_;
  const DepotDemand& demand_;
  DepotPositions positions_;
  planner::Period kind_;
  std::int32_t tomorrow_;
};

}  // namespace

void order_from_suppliers(const OrderRunInput& input, const DepotDemand& demand,
                          const DepotStock& depots, Night& night) {
  Orders(input, demand, depots, night).place(night);
  guard_surges(input, demand, night);
  forecast_for_suppliers(input, demand, night);
}

}  // namespace nightly
