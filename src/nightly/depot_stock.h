#pragma once
// What depots have tonight and what is coming to them: one reading, for sharing among stores and
// for orders to suppliers.

#include <cstdint>
#include <span>
#include <vector>

#include "nightly/depot_demand.h"
#include "nightly/open_orders.h"

namespace nightly {

// Goods of a depot with one date. Blocked units are not among them.
struct DepotLot {
  Date there;  // the first day they can be picked; as_of for what is in stock
  Date
      last_on_shelf;  // the last day they may reach a shelf with the life they need; date_max = any
  std::int64_t units;
};

struct DepotGoods {
  std::uint32_t depot = 0, product = 0;
  bool stock_known = false;
  std::uint32_t first_lot = 0, lot_count = 0;          // by last_on_shelf
  std::uint32_t first_arrival = 0, arrival_count = 0;  // by the day they are there
};

// All products of depots of which stock.csv or on_order.csv says something.
//
// - Each row of stock.csv is rolled from its own as_of to tonight (see RollingStock): by what
//   movements.csv says on days for which it has any row of the depot, and by what stores are
//   expected to sell in as many days to come for the others. Negative rows count as 0.
// - Orders under way are judged as those of stores are: settled by receipts; there already if
//   nobody has looked since; tomorrow if late by less than one delivery; overdue otherwise.
// - Goods go to stores while they can be on a shelf with life_on_receipt_days left. An order's
// goods
//   have the date that on_order.csv gives them, or else life_into_depot_days.
class DepotStock {
 public:
  static DepotStock build(const OrderRunInput& input, const DepotDemand& demand);

  std::span<const DepotGoods> goods() const { return goods_; }  // by depot, product
  std::span<const DepotLot> lots(const DepotGoods& goods) const {
    return std::span(lots_).subspan(goods.first_lot, goods.lot_count);
  }
  std::span<const DepotLot> arrivals(const DepotGoods& goods) const {
    return std::span(arrivals_).subspan(goods.first_arrival, goods.arrival_count);
  }
  // The index of a depot's product in goods(), or estate::none. One look-up.
  std::uint32_t find(std::uint32_t depot, std::uint32_t product) const {
    return index_[depot].empty() ? estate::none : index_[depot][product];
  }
  std::span<const OverdueOrder> overdue() const { return overdue_; }  // by row

 private:
  class Reader;

  std::vector<DepotGoods> goods_;
  std::vector<DepotLot> lots_, arrivals_;
  std::vector<OverdueOrder> overdue_;
  std::vector<std::vector<std::uint32_t>> index_;  // per site and product; empty: no depot's goods
};

// The last day on which goods with this date may reach a shelf.
Date last_on_shelf(const estate::Product& product, Date expiry);

}  // namespace nightly
