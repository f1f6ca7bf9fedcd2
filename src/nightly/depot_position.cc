#include "nightly/depot_position.h"

#include <algorithm>
#include <ranges>

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

std::uint64_t key(std::uint32_t site, std::uint32_t product) {
  return std::uint64_t{site} << 32 | product;
}

}  // namespace

Date last_on_shelf(const estate::Product& product, Date expiry) {
  return expiry - std::max(product.life_on_receipt_days - 1, 0);
}

DepotPositions::DepotPositions(const OrderRunInput& input, const DepotDemand& demand,
                               const Night& night)
    : in_(input),
      demand_(demand),
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
  const Date known_on = add_stock(product, position);
  add_due(product, known_on, position);
  return position;
}

std::vector<std::uint32_t> DepotPositions::stock_rows(const DepotProduct& goods) const {
  const estate::Stock& stock = in_.estate.stock;
  const auto rows = std::views::iota(std::uint32_t{0}, static_cast<std::uint32_t>(stock.size()));
  const auto own = std::ranges::equal_range(
      rows, key(goods.depot, goods.product), {},
      [&](std::uint32_t row) { return key(stock.site[row], stock.product[row]); });
  std::vector<std::uint32_t> result;
  for (const std::uint32_t row : own)
    if (stock.as_of[row] <= in_.as_of) result.push_back(row);
  return result;
}

Date DepotPositions::add_stock(std::size_t product, DepotPosition& position) const {
  const DepotProduct& goods = demand_.products()[product];
  const estate::Stock& stock = in_.estate.stock;
  const std::vector<std::uint32_t> rows = stock_rows(goods);
  position.stock_known = !rows.empty();
  Date known_on = in_.as_of;
  for (const std::uint32_t row : rows)
    if (stock.as_of[row] != base::date_min) known_on = std::min(known_on, stock.as_of[row]);

  const planner::Period kind = in_.columns.kind;
  const std::int32_t tomorrow = in_.columns.history.last_period + 1;
  const Date earliest =
      date_of(kind, tomorrow) + (kind == planner::Period::day ? stock_lag_days : 0);
  const std::int32_t periods_since = tomorrow - 1 - period_of(kind, known_on);
  double gone = demand_.mean(product, tomorrow, tomorrow + periods_since);
  const double promised = position.store_units + position.customer_units;
  for (const std::uint32_t row : rows) {
    const double there = std::max(0, stock.on_hand_units[row] - stock.blocked_units[row]);
    const double left = std::max(0.0, there - gone);
    gone -= there - left;
    double usable = position.stock_units + left;
    if (stock.expiry[row] != base::date_max) {
      const Date last = last_on_shelf(in_.estate.products[goods.product], stock.expiry[row]);
      if (last < earliest) continue;
      usable =
          std::min(usable, promised + demand_.mean(product, tomorrow, period_of(kind, last) + 1));
    }
    position.stock_units = std::max(position.stock_units, usable);
  }
  return known_on;
}

void DepotPositions::add_due(std::size_t product, Date known_on, DepotPosition& position) const {
  const DepotProduct& goods = demand_.products()[product];
  const Drop& tonight = demand_.supplies()[goods.supply].tonight;
  const auto& orders = in_.estate.on_order;
  auto row = std::lower_bound(orders.begin(), orders.end(), key(goods.depot, goods.product),
                              [](const estate::OnOrderRow& order, std::uint64_t wanted) {
                                return key(order.site, order.product) < wanted;
                              });
  for (; row != orders.end() && row->site == goods.depot && row->product == goods.product; ++row) {
    if (row->status == "cancelled" || row->status == "received") continue;
    if (row->due + (tonight.next_on_shelf - tonight.on_shelf) <= known_on) continue;
    if (row->due < tonight.on_shelf)
      position.due_before_units += row->units;
    else if (row->due < tonight.next_on_shelf)
      position.due_units += row->units;
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
