#include "nightly/order_run.h"

#include <algorithm>
#include <map>

#include "nightly/allocate.h"
#include "nightly/plan_lines.h"

namespace nightly {
namespace {

using estate::Estate;

// A supplier's delivery that was due so many days ago is taken to be there, not yet booked.
constexpr int late_days_max = 3;

// A depot's stock of one product that can still reach a shelf, by the last day that the life it
// must have on receipt allows.
struct DepotLot {
  Date last_on_shelf;  // date_max = no limit
  std::int64_t units;
};

struct DepotGoods {
  bool stock_known = false;
  std::vector<DepotLot> lots;
  struct Arrival {
    Date due;
    std::int64_t units;
  };
  std::vector<Arrival> arrivals;

  std::int64_t available(Date on_shelf) const {
    std::int64_t units = 0;
    for (const DepotLot& lot : lots)
      if (lot.last_on_shelf >= on_shelf) units += lot.units;
    for (const Arrival& arrival : arrivals)
      if (arrival.due < on_shelf) units += arrival.units;
    return std::max<std::int64_t>(units, 0);
  }
};

using DepotKey = std::pair<std::uint32_t, std::uint32_t>;  // depot, product

std::map<DepotKey, DepotGoods> depot_goods(const Estate& estate, Date as_of) {
  std::map<DepotKey, DepotGoods> goods;
  const estate::Stock& stock = estate.stock;
  for (std::size_t i = 0; i < stock.size(); ++i) {
    if (estate.sites[stock.site[i]].kind != estate::SiteKind::depot) continue;
    if (stock.as_of[i] > as_of) continue;  // not seen yet
    const estate::Product& product = estate.products[stock.product[i]];
    DepotGoods& entry = goods[{stock.site[i], stock.product[i]}];
    entry.stock_known = true;
    const Date last = stock.expiry[i] == base::date_max
                          ? base::date_max
                          : stock.expiry[i] - std::max(product.life_on_receipt_days - 1, 0);
    entry.lots.push_back({last, std::int64_t{stock.on_hand_units[i]} - stock.blocked_units[i]});
  }
  for (const estate::OnOrderRow& row : estate.on_order)
    if (estate.sites[row.site].kind == estate::SiteKind::depot && row.due > as_of - late_days_max &&
        row.status != "cancelled" && row.status != "received")
      goods[{row.site, row.product}].arrivals.push_back({std::max(row.due, as_of), row.units});
  return goods;
}

class Sharing {
 public:
  explicit Sharing(const OrderRunInput& input) : in_(input) {}

  void share_depots(std::vector<OrderLine>& orders) const {
    const auto goods = depot_goods(in_.estate, in_.as_of);
    std::map<std::pair<DepotKey, Date>, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (orders[i].source_site == estate::none || orders[i].flow == estate::Flow::direct) continue;
      const DepotKey key{orders[i].source_site, in_.columns.product[orders[i].line]};
      groups[{key, orders[i].flow == estate::Flow::cross_dock ? orders[i].on_shelf : Date{}}]
          .push_back(i);
    }
    for (const auto& [key, members] : groups) {
      const auto found = goods.find(key.first);
      if (found == goods.end()) continue;  // nobody said what the depot has
      if (orders[members.front()].flow == estate::Flow::cross_dock)
        share_arrivals(found->second, members, orders);
      else if (found->second.stock_known)
        share_stock(found->second, members, orders);
    }
  }

  std::vector<Share> shares_of(const std::vector<std::size_t>& members,
                               const std::vector<OrderLine>& orders) const {
    std::vector<Share> shares;
    for (const std::size_t i : members) {
      const OrderLine& order = orders[i];
      const std::int32_t days = std::max(order.next_on_shelf - order.on_shelf, 1);
      shares.push_back(
          {order.units, order.multiple, order.expected_on_hand, order.expected_demand / days, 0});
    }
    return shares;
  }

  void share_stock(const DepotGoods& goods, const std::vector<std::size_t>& members,
                   std::vector<OrderLine>& orders) const {
    Date earliest = base::date_max;
    for (const std::size_t i : members) earliest = std::min(earliest, orders[i].on_shelf);
    std::vector<Share> shares = shares_of(members, orders);
    allocate_scarce(goods.available(earliest), shares);
    for (std::size_t k = 0; k < members.size(); ++k) {
      OrderLine& order = orders[members[k]];
      const std::int32_t withheld = order.units - shares[k].given_units;
      if (withheld <= 0) continue;
      order.units = shares[k].given_units;
      order.cut_units += withheld;
      order.cut_reason = CutReason::no_stock;
    }
  }

  // Goods that arrive at the depot for this drop go out whole.
  void share_arrivals(const DepotGoods& goods, const std::vector<std::size_t>& members,
                      std::vector<OrderLine>& orders) const {
    const Date on_shelf = orders[members.front()].on_shelf;
    const std::int32_t gap = std::max(orders[members.front()].next_on_shelf - on_shelf, 1);
    std::int64_t arriving = 0;
    for (const DepotGoods::Arrival& arrival : goods.arrivals)
      if (arrival.due <= on_shelf && arrival.due > on_shelf - gap) arriving += arrival.units;
    if (arriving == 0) return;  // nothing announced: the wish goes on as it is
    std::vector<Share> shares = shares_of(members, orders);
    allocate_whole(arriving, shares);
    for (std::size_t k = 0; k < members.size(); ++k) {
      OrderLine& order = orders[members[k]];
      const std::int32_t withheld = std::max(0, order.units - shares[k].given_units);
      order.units = shares[k].given_units;
      order.cut_units += withheld;
      if (withheld > 0) order.cut_reason = CutReason::no_stock;
      order.reason = OrderReason::cross_dock;
    }
  }

  const OrderRunInput& in_;
};

}  // namespace

std::string_view text_of(CutReason reason) {
  switch (reason) {
    case CutReason::none:
      return "";
    case CutReason::no_stock:
      return "no_stock";
    case CutReason::pick_capacity:
      return "pick_capacity";
    case CutReason::vehicle:
      return "vehicle";
    case CutReason::order_max:
      return "order_max";
    case CutReason::shelf:
      return "shelf";
    case CutReason::life:
      return "life";
  }
  return {};
}

std::string_view text_of(OrderReason reason) {
  switch (reason) {
    case OrderReason::demand:
      return "demand";
    case OrderReason::presentation:
      return "presentation";
    case OrderReason::launch:
      return "launch";
    case OrderReason::stock_unknown:
      return "stock_unknown";
    case OrderReason::cross_dock:
      return "cross_dock";
  }
  return {};
}

Night order_run(const OrderRunInput& input, const Routes& routes) {
  Night night;
  plan_lines(input, routes, night);
  Sharing(input).share_depots(night.orders);
  std::erase_if(night.orders, [](const OrderLine& o) { return o.units <= 0 && o.cut_units <= 0; });
  return night;
}

}  // namespace nightly
