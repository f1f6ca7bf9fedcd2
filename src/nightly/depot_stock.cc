#include "nightly/depot_stock.h"

#include <algorithm>
#include <cmath>

#include "nightly/rolling_stock.h"

namespace nightly {
namespace {

using estate::none;

using Key = std::pair<std::uint32_t, std::uint32_t>;  // depot, product

// Days that dated goods have left when they come to a depot; 0 = not known.
std::int32_t life_into_depot(const estate::Product& product) {
  if (product.date_kind == estate::DateKind::none) return 0;
  return product.life_into_depot_days > 0 ? product.life_into_depot_days : product.shelf_life_days;
}

// The periods of which a depot has recorded movements, per site, ascending.
std::vector<std::vector<std::int32_t>> recorded_periods(const OrderRunInput& input) {
  std::vector<std::vector<std::int32_t>> periods(input.estate.sites.size());
  for (const estate::MovementRow& row : input.estate.movements)
    if (input.estate.sites[row.site].kind == estate::SiteKind::depot && row.date <= input.as_of)
      periods[row.site].push_back(period_of(input.columns.kind, row.date));
  for (auto& own : periods) {
    std::ranges::sort(own);
    own.erase(std::ranges::unique(own).begin(), own.end());
  }
  return periods;
}

// Days from one delivery of a depot's product to the next.
std::int32_t delivery_days(const DepotDemand& demand, std::uint32_t product) {
  if (product == none || demand.products()[product].supply == none) return next_drop_days_max;
  const DepotSupply& supply = demand.supplies()[demand.products()[product].supply];
  if (supply.tonight.orders_today) return supply.tonight.next_on_shelf - supply.tonight.on_shelf;
  if (supply.deliveries.empty()) return next_drop_days_max;
  return supply.deliveries.front().next_on_shelf - supply.deliveries.front().on_shelf;
}

}  // namespace

Date last_on_shelf(const estate::Product& product, Date expiry) {
  if (expiry == base::date_max) return expiry;
  return expiry - std::max(product.life_on_receipt_days - 1, 0);
}

// Reads one product after the other.
class DepotStock::Reader {
 public:
  Reader(const OrderRunInput& input, const DepotDemand& demand, DepotStock& result)
      : in_(input),
        demand_(demand),
        result_(result),
        recorded_(recorded_periods(input)),
        notes_receipts_(notes_receipts(input.estate, input.as_of)),
        tomorrow_(input.columns.history.last_period + 1) {}

  void add(Key key, std::span<const std::uint32_t> stock_rows) {
    DepotGoods goods{.depot = key.first, .product = key.second};
    const std::uint32_t product = demand_.find(goods.depot, goods.product);
    const std::int32_t gap_days = delivery_days(demand_, product);
    count(stock_rows, goods);
    const auto [first, last] = order_rows(in_.estate, goods.depot, goods.product);
    open_orders(in_.estate, first, last, in_.as_of, gap_days, open_);
    goods.first_arrival = static_cast<std::uint32_t>(result_.arrivals_.size());
    add_orders(goods, gap_days);
    goods.arrival_count =
        static_cast<std::uint32_t>(result_.arrivals_.size()) - goods.first_arrival;
    goods.first_lot = static_cast<std::uint32_t>(result_.lots_.size());
    add_lots(goods, product);
    goods.lot_count = static_cast<std::uint32_t>(result_.lots_.size()) - goods.first_lot;
    result_.goods_.push_back(goods);
  }

 private:
  void count(std::span<const std::uint32_t> rows, DepotGoods& goods) {
    const estate::Stock& stock = in_.estate.stock;
    rolling_.clear();
    for (const std::uint32_t row : rows) {
      const Date as_of = stock.as_of[row] == base::date_min ? in_.as_of : stock.as_of[row];
      if (as_of > in_.as_of) continue;  // not seen yet
      goods.stock_known = true;
      rolling_.count(as_of, stock.expiry[row],
                     std::max(0, stock.on_hand_units[row] - stock.blocked_units[row]));
    }
  }

  void add_orders(const DepotGoods& goods, std::int32_t gap_days) {
    const estate::Product& product = in_.estate.products[goods.product];
    const Date looked_on = goods.stock_known && notes_receipts_[goods.depot] == 0
                               ? rolling_.newest_count()
                               : in_.as_of;
    for (const OpenOrder& order : open_) {
      const Date expiry = std::min(in_.estate.on_order[order.row].expiry,
                                   expiry_after(order.due, life_into_depot(product)));
      const Date last = last_on_shelf(product, expiry);
      switch (coming(order, looked_on, gap_days, in_.as_of)) {
        case Coming::ahead:
          result_.arrivals_.push_back({order.due, last, order.units});
          break;
        case Coming::late:
          result_.arrivals_.push_back({in_.as_of + 1, last, order.units});
          break;
        case Coming::came:
          rolling_.arrive(order.due, expiry, order.units);
          break;
        case Coming::overdue:
          result_.overdue_.push_back({order.row, order.due});
      }
    }
  }

  void add_lots(const DepotGoods& goods, std::uint32_t product) {
    if (!goods.stock_known) return;
    const estate::Product& about = in_.estate.products[goods.product];
    if (rolling_.oldest_count() < in_.as_of) {
      add_movements(in_.estate, goods.depot, goods.product, life_into_depot(about), in_.as_of,
                    rolling_);
      rolling_.leave_between_counts(in_.as_of, [&](Date after, Date until) -> std::int64_t {
        if (product == none) return 0;
        const std::int32_t periods = unrecorded(goods.depot, after, until);
        return std::llround(demand_.mean(product, tomorrow_, tomorrow_ + periods));
      });
    }
    for (const RollingStock::Lot& lot : rolling_.lots())
      if (lot.units > 0)
        result_.lots_.push_back({in_.as_of, last_on_shelf(about, lot.expiry), lot.units});
  }

  std::int32_t unrecorded(std::uint32_t depot, Date after, Date until) const {
    const std::int32_t first = period_of(in_.columns.kind, after) + 1;
    const std::int32_t last = period_of(in_.columns.kind, until);
    const auto& own = recorded_[depot];
    const auto known = std::ranges::upper_bound(own, last) - std::ranges::lower_bound(own, first);
    return last - first + 1 - static_cast<std::int32_t>(known);
  }

  const OrderRunInput& in_;
  const DepotDemand& demand_;
  DepotStock& result_;
  std::vector<std::vector<std::int32_t>> recorded_;
  std::vector<std::uint8_t> notes_receipts_;  // per site
  std::int32_t tomorrow_;
  RollingStock rolling_;         // of the product at hand
  std::vector<OpenOrder> open_;  // as above
};

DepotStock DepotStock::build(const OrderRunInput& input, const DepotDemand& demand) {
  const estate::Estate& estate = input.estate;
  const auto is_depot = [&](std::uint32_t site) {
    return estate.sites[site].kind == estate::SiteKind::depot;
  };
  std::vector<std::pair<Key, std::uint32_t>> rows;  // of stock.csv; none: only on order
  for (std::uint32_t i = 0; i < estate.stock.size(); ++i)
    if (is_depot(estate.stock.site[i]))
      rows.push_back({{estate.stock.site[i], estate.stock.product[i]}, i});
  for (const estate::OnOrderRow& row : estate.on_order)
    if (is_depot(row.site)) rows.push_back({{row.site, row.product}, none});
  std::ranges::sort(rows);

  DepotStock result;
  result.index_.resize(estate.sites.size());
  Reader reader(input, demand, result);
  std::vector<std::uint32_t> stock_rows;
  for (std::size_t i = 0; i < rows.size();) {
    const Key key = rows[i].first;
    stock_rows.clear();
    for (; i < rows.size() && rows[i].first == key; ++i)
      if (rows[i].second != none) stock_rows.push_back(rows[i].second);
    auto& index = result.index_[key.first];
    index.resize(estate.products.size(), none);
    index[key.second] = static_cast<std::uint32_t>(result.goods_.size());
    reader.add(key, stock_rows);
  }
  return result;
}

}  // namespace nightly
