#include "nightly/depot_position.h"

#include <algorithm>

#include "nightly/terms.h"

namespace nightly {
namespace {

using estate::none;

// What a depot holds back tonight, its stores ask for again; what their own shelves cannot take,
// they do not.
bool is_asked_again(CutReason reason) {
  return reason == CutReason::no_stock || reason == CutReason::pick_capacity ||
         reason == CutReason::vehicle;
}

}  // namespace

DepotPositions::DepotPositions(const OrderRunInput& input, const DepotDemand& demand,
                               const DepotStock& depots, const Night& night)
    : in_(input),
      demand_(demand),
      depots_(depots),
      night_(night),
      store_units_(demand.products().size()),
      customer_units_(demand.products().size()) {
  for (const OrderLine& order : night.orders) {
    if (order.source_site == none || order.flow == estate::Flow::direct) continue;
    const std::uint32_t product = demand.find(order.source_site, in_.columns.product[order.line]);
    if (product == none) continue;
    store_units_[product] += order.units;
    if (is_asked_again(order.cut_reason)) store_units_[product] += order.cut_units;
  }
  for (const estate::CustomerOrderRow& row : in_.estate.customer_orders) {
    const std::uint32_t product = demand.find(row.site, row.product);
    if (product == none) continue;
    const std::int32_t end = end_of_interval(demand.products()[product]);
    if (!row.due || period_of(in_.columns.kind, *row.due) < end)
      customer_units_[product] += row.units;
  }
}

std::int32_t DepotPositions::end_of_interval(const DepotProduct& product) const {
  if (product.supply == none) return 0;
  const Interval interval =
      interval_of(in_.columns.kind, demand_.supplies()[product.supply].tonight);
  return interval.next_on_shelf + (product.cross_dock ? 0 : stock_lag_periods(in_.columns.kind));
}

DepotPosition DepotPositions::of(std::size_t product) const {
  DepotPosition position;
  position.store_units = static_cast<double>(store_units_[product]);
  position.customer_units = static_cast<double>(customer_units_[product]);
  const DepotProduct& wanted = demand_.products()[product];
  const std::uint32_t found = depots_.find(wanted.depot, wanted.product);
  if (found == none) return position;
  add_stock(product, depots_.goods()[found], position);
  add_due(product, depots_.goods()[found], position);
  return position;
}

void DepotPositions::add_stock(std::size_t product, const DepotGoods& goods,
                               DepotPosition& position) const {
  position.stock_known = goods.stock_known;
  const planner::Period kind = in_.columns.kind;
  const std::int32_t tomorrow = in_.columns.history.last_period + 1;
  const Date earliest =
      date_of(kind, tomorrow) + (kind == planner::Period::day ? stock_lag_days : 0);
  const double promised = position.store_units + position.customer_units;
  for (const DepotLot& lot : depots_.lots(goods)) {
    double usable = position.stock_units + static_cast<double>(lot.units);
    if (lot.last_on_shelf != base::date_max) {
      if (lot.last_on_shelf < earliest) continue;
      usable = std::min(usable, promised + demand_.mean(product, tomorrow,
                                                        period_of(kind, lot.last_on_shelf) + 1));
    }
    position.stock_units = std::max(position.stock_units, usable);
  }
}

void DepotPositions::add_due(std::size_t product, const DepotGoods& goods,
                             DepotPosition& position) const {
  const Drop& tonight = demand_.supplies()[demand_.products()[product].supply].tonight;
  for (const DepotLot& lot : depots_.arrivals(goods)) {
    if (lot.there < tonight.on_shelf)
      position.due_before_units += static_cast<double>(lot.units);
    else if (lot.there < tonight.next_on_shelf)
      position.due_units += static_cast<double>(lot.units);
  }
}

std::int32_t DepotPositions::ordered_units(std::uint32_t line) const {
  auto order = std::lower_bound(
      night_.orders.begin(), night_.orders.end(), line,
      [](const OrderLine& candidate, std::uint32_t wanted) { return candidate.line < wanted; });
  std::int32_t units = 0;
  for (; order != night_.orders.end() && order->line == line; ++order) units += order->units;
  return units;
}

}  // namespace nightly
