#include "nightly/played_depots.h"

#include <algorithm>
#include <limits>

#include "nightly/depot_stock.h"

namespace nightly {
namespace {

constexpr std::int64_t row_units_max = std::numeric_limits<std::int32_t>::max();

bool is_depot(const estate::Estate& estate, std::uint32_t site) {
  return estate.sites[site].kind == estate::SiteKind::depot;
}

// A lot knows the last day that it may reach a shelf, with the life that it needs there.
Date expiry_of_lot(const estate::Product& product, const DepotLot& lot) {
  if (lot.last_on_shelf == base::date_max) return base::date_max;
  return lot.last_on_shelf + std::max(product.life_on_receipt_days - 1, 0);
}

}  // namespace

PlayedDepots::PlayedDepots(const OrderRunInput& tonight, const DepotDemand& demand)
    : estate_(tonight.estate) {
  const DepotStock stock = DepotStock::build(tonight, demand);
  for (const DepotGoods& there : stock.goods()) {
    Goods& goods = goods_[{there.depot, there.product}];
    goods.known = there.stock_known;
    const estate::Product& product = estate_.products[there.product];
    for (const DepotLot& lot : stock.lots(there))
      add_lot(goods, expiry_of_lot(product, lot), lot.units);
    for (const DepotLot& lot : stock.arrivals(there))
      goods.arrivals.push_back({lot.there, lot.units, expiry_of_lot(product, lot)});
    std::ranges::stable_sort(goods.arrivals, {}, &Arrival::due);
  }
  for (const estate::CustomerOrderRow& row : estate_.customer_orders)
    if (is_depot(estate_, row.site)) customers_.push_back(row);
}

void PlayedDepots::add_lot(Goods& goods, Date expiry, std::int64_t units) {
  if (units <= 0) return;
  const auto place = std::ranges::lower_bound(goods.lots, expiry, {}, &Lot::expiry);
  if (place != goods.lots.end() && place->expiry == expiry)
    place->units += units;
  else
    goods.lots.insert(place, {expiry, units});
}

Date PlayedDepots::expiry_of(std::uint32_t product, Date received) const {
  const estate::Product& goods = estate_.products[product];
  if (goods.date_kind == estate::DateKind::none || goods.life_into_depot_days == 0)
    return base::date_max;
  return received + (goods.life_into_depot_days - 1);
}

void PlayedDepots::receive(Date day) {
  for (auto& [key, goods] : goods_) {
    auto arrival = goods.arrivals.begin();
    for (; arrival != goods.arrivals.end() && arrival->due <= day; ++arrival) {
      add_lot(goods, arrival->expiry, arrival->units);
    }
    goods.arrivals.erase(goods.arrivals.begin(), arrival);
  }
}

std::int64_t PlayedDepots::expire(Date day) {
  std::int64_t wasted = 0;
  for (auto& [key, goods] : goods_) {
    auto lot = goods.lots.begin();
    for (; lot != goods.lots.end() && (lot->expiry <= day || lot->units == 0); ++lot)
      wasted += lot->units;
    goods.lots.erase(goods.lots.begin(), lot);
  }
  return wasted;
}

PlayedDepots::Shipment PlayedDepots::ship(const OrderLine& order) {
  Shipment shipment;
  const estate::Product& product = estate_.products[order.product];
  const bool passes = order.flow == estate::Flow::cross_dock;
  const auto found = goods_.find({order.source_site, order.product});
  if (!passes && (found == goods_.end() || !found->second.known)) {
    shipment.lots.push_back({order.units, base::date_max});
    shipment.unrecorded_units = order.units;
    return shipment;
  }
  if (found == goods_.end()) return shipment;
  std::int64_t left = order.units;
  const auto take = [&](std::int64_t& there, Date expiry) {
    const auto part = std::min(left, there);
    if (part <= 0) return;
    there -= part;
    left -= part;
    shipment.lots.push_back({static_cast<std::int32_t>(part), expiry});
  };
  for (Lot& lot : found->second.lots)
    if (lot.expiry == base::date_max || last_on_shelf(product, lot.expiry) >= order.on_shelf)
      take(lot.units, lot.expiry);
  for (Arrival& arrival : found->second.arrivals)
    if (arrival.due < order.on_shelf || (passes && arrival.due == order.on_shelf))
      take(arrival.units, arrival.expiry);
  return shipment;
}

void PlayedDepots::order(std::uint32_t depot, std::uint32_t product, Date due, std::int32_t units) {
  Goods& goods = goods_[{depot, product}];
  const auto place = std::ranges::upper_bound(goods.arrivals, due, {}, &Arrival::due);
  goods.arrivals.insert(place, {due, units, expiry_of(product, due)});
}

std::int64_t PlayedDepots::serve_customers(Date day) {
  std::int64_t served = 0;
  for (estate::CustomerOrderRow& row : customers_) {
    if (row.due && *row.due > day + 1) continue;
    const auto found = goods_.find({row.site, row.product});
    if (found == goods_.end()) continue;
    for (Lot& lot : found->second.lots) {
      const std::int64_t part = std::min<std::int64_t>(row.units, lot.units);
      lot.units -= part;
      row.units -= static_cast<std::int32_t>(part);
      served += part;
    }
  }
  std::erase_if(customers_, [](const estate::CustomerOrderRow& row) { return row.units <= 0; });
  return served;
}

void PlayedDepots::write(estate::Estate& estate) const {
  estate.stock = {};
  estate.on_order.clear();
  estate.customer_orders = customers_;
  estate::Stock& stock = estate.stock;
  const auto add_row = [&](const Key& key, Date expiry, std::int64_t units) {
    stock.site.push_back(key.first);
    stock.product.push_back(key.second);
    stock.on_hand_units.push_back(static_cast<std::int32_t>(std::min(units, row_units_max)));
    stock.blocked_units.push_back(0);
    stock.expiry.push_back(expiry);
    stock.as_of.push_back(base::date_min);
    stock.counted_on.push_back(base::date_min);
  };
  for (const auto& [key, goods] : goods_) {
    std::size_t rows = 0;
    for (const Lot& lot : goods.lots)
      if (lot.units > 0) {
        add_row(key, lot.expiry, lot.units);
        ++rows;
      }
    if (goods.known && rows == 0) add_row(key, base::date_max, 0);
    for (const Arrival& arrival : goods.arrivals)
      if (arrival.units > 0)
        estate.on_order.push_back(
            {.site = key.first,
             .product = key.second,
             .due = arrival.due,
             .units = static_cast<std::int32_t>(std::min(arrival.units, row_units_max)),
             .order = {},
             .source = {},
             .status = {},
             .expiry = arrival.expiry});
  }
}

std::int64_t PlayedDepots::stock_units() const {
  std::int64_t units = 0;
  for (const auto& [key, goods] : goods_)
    for (const Lot& lot : goods.lots) units += lot.units;
  return units;
}

std::int64_t PlayedDepots::coming_units() const {
  std::int64_t units = 0;
  for (const auto& [key, goods] : goods_)
    for (const Arrival& arrival : goods.arrivals) units += arrival.units;
  return units;
}

}  // namespace nightly
