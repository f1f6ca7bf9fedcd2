#include "nightly/order_run.h"

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "nightly/allocate.h"
#include "nightly/terms.h"

namespace nightly {
namespace {

using estate::Estate;

constexpr std::size_t lines_per_chunk = 4096;
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

class Run {
 public:
  explicit Run(const OrderRunInput& input)
      : in_(input),
        sources_(Sources::build(input.estate, input.as_of)),
        schedule_(Schedule::build(input.estate, input.as_of)) {}

  Night night(std::span<const std::uint8_t> in_range) {
    const std::size_t chunks = (in_.columns.size() + lines_per_chunk - 1) / lines_per_chunk;
    std::vector<Part> parts(chunks);
    base::for_ranges(in_.threads, in_.columns.size(), lines_per_chunk,
                     [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                       for (std::size_t line = begin; line < end; ++line)
                         if (in_range[line] != 0) plan(line, parts[chunk]);
                     });
    Night night;
    double unserved = 0, expected = 0;
    for (Part& part : parts) {
      night.orders.insert(night.orders.end(), part.orders.begin(), part.orders.end());
      night.lines += part.lines;
      night.lines_due += part.lines_due;
      night.lines_unknown += part.lines_unknown;
      unserved += part.unserved;
      expected += part.expected;
    }
    night.availability_lost = expected > 0 ? unserved / expected : 0;
    share_depots(night.orders);
    std::erase_if(night.orders,
                  [](const OrderLine& o) { return o.units <= 0 && o.cut_units <= 0; });
    return night;
  }

 private:
  struct Part {
    std::vector<OrderLine> orders;
    std::size_t lines = 0, lines_due = 0, lines_unknown = 0;
    double unserved = 0, expected = 0;
  };

  void plan(std::size_t line, Part& part) const {
    const std::uint32_t site = in_.columns.site[line], product = in_.columns.product[line];
    ++part.lines;
    const bool known = in_.positions.known[line] != 0;
    if (!known) ++part.lines_unknown;
    const Source source = sources_.of(site, product);
    const auto drops =
        schedule_.drops(site, in_.estate.products[product].chain, source, in_.as_of, in_.as_of);
    if (drops.empty()) return;
    Terms terms = terms_of(in_.estate, in_.columns, line, drops.front().on_shelf);
    if (!terms.orderable) return;
    if (!in_.units_max.empty() && in_.units_max[line] > 0)
      terms.order_max = terms.order_max > 0 ? std::min(terms.order_max, in_.units_max[line])
                                            : in_.units_max[line];
    ++part.lines_due;
    const auto demand = in_.outlook.line(line);
    const auto receipts = in_.positions.receipts_of(line);
    std::vector<planner::Receipt> with_earlier;  // receipts and the orders of earlier drops tonight
    for (const Drop& drop : drops) {
      const Interval interval = interval_of(in_.columns.kind, drop);
      planner::Position position = position_of(line, terms, interval);
      position.receipts = with_earlier.empty() ? receipts : with_earlier;
      OrderLine order = order_of(line, source, drop, terms, position, demand);
      part.expected += order.expected_demand;
      if (!known) part.unserved += unserved(demand, interval, order.units);
      if (drops.size() > 1) {
        if (with_earlier.empty()) with_earlier.assign(receipts.begin(), receipts.end());
        with_earlier.push_back({interval.on_shelf, order.units});
        std::stable_sort(with_earlier.begin(), with_earlier.end(),
                         [](const planner::Receipt& a, const planner::Receipt& b) {
                           return a.period < b.period;
                         });
      }
      if (order.units > 0 || order.cut_units > 0 || order.flow == estate::Flow::cross_dock)
        part.orders.push_back(order);
    }
  }

  planner::Position position_of(std::size_t line, const Terms& terms,
                                const Interval& interval) const {
    planner::Position position;
    position.stock_known = in_.positions.known[line] != 0;
    position.on_hand_units = in_.positions.on_hand_units[line];
    position.batches = in_.positions.batches_of(line);
    position.on_shelf = interval.on_shelf;
    position.next_on_shelf = interval.next_on_shelf;
    position.service_level =
        terms.quantile(interval.next_on_shelf - interval.on_shelf, in_.settings);
    position.life_periods = terms.life_periods;
    position.life_level = terms.life_quantile(in_.settings);
    position.presentation_units_min = terms.presentation;
    position.shelf_units_max = terms.shelf_max;
    position.order_multiple_units = terms.multiple;
    position.order_units_max = terms.order_max;
    return position;
  }

  OrderLine order_of(std::size_t line, const Source& source, const Drop& drop, const Terms& terms,
                     const planner::Position& position, const planner::Demand::Line& demand) const {
    const planner::Replenishment r =
        planner::replenish(demand, in_.columns.history.last_period, position, in_.settings);
    OrderLine order;
    order.line = static_cast<std::uint32_t>(line);
    order.product = in_.columns.product[line];
    order.units = r.units;
    order.cut_units = r.cut_units;
    order.cut_reason = r.limit == planner::Limit::shelf       ? CutReason::shelf
                       : r.limit == planner::Limit::life      ? CutReason::life
                       : r.limit == planner::Limit::order_max ? CutReason::order_max
                                                              : CutReason::none;
    order.reason = !position.stock_known      ? OrderReason::stock_unknown
                   : r.raised_to_presentation ? OrderReason::presentation
                                              : OrderReason::demand;
    order.source_site = drop.source_site;
    order.source_supplier = drop.source_supplier;
    order.flow = source.flow;
    order.drop = drop.drop;
    order.on_shelf = drop.on_shelf;
    order.next_on_shelf = drop.next_on_shelf;
    order.multiple = terms.multiple;
    order.expected_demand = r.expected_demand;
    order.expected_on_hand = r.expected_on_hand;
    order.order_up_to = r.order_up_to;
    order.on_hand = position.on_hand_units;
    for (const planner::Receipt& receipt : position.receipts)
      if (receipt.period < position.next_on_shelf)
        order.on_order = static_cast<std::int32_t>(
            std::min<std::int64_t>(std::int64_t{order.on_order} + receipt.units, share_units_max));
    order.stock_known = position.stock_known;
    raise_launch(line, terms, position, order);
    return order;
  }

  // A launch that never sold and has nothing yet starts with its launch quantity.
  void raise_launch(std::size_t line, const Terms& terms, const planner::Position& position,
                    OrderLine& order) const {
    const std::uint32_t row = in_.columns.range_row[line];
    if (row == estate::none) return;
    const estate::RangeRow& range = in_.estate.range[row];
    if (range.status != estate::RangeStatus::launch || range.launch_units <= order.units) return;
    if (in_.outlook.state().current[line].known_count > 0) return;
    if (!position.stock_known || position.on_hand_units > 0 || order.on_order > 0) return;
    std::int32_t room = share_units_max;
    for (const std::int32_t limit : {terms.shelf_max, terms.order_max})
      if (limit > 0) room = std::min(room, limit);
    order.units = std::max(
        order.units, planner::round_to_multiple(range.launch_units, terms.multiple, room, false));
    order.cut_units = std::max(0, range.launch_units - order.units);
    order.cut_reason = order.cut_units == 0      ? CutReason::none
                       : room == terms.order_max ? CutReason::order_max
                                                 : CutReason::shelf;
    order.order_up_to = std::max(order.order_up_to, range.launch_units);
    order.reason = OrderReason::launch;
  }

  // Sales that would be missed if the shelf of a line without a stock record were empty: an upper
  // bound.
  static double unserved(const planner::Demand::Line& demand, const Interval& interval,
                         std::int32_t units) {
    const planner::Moments moments = demand.over(interval.on_shelf, interval.next_on_shelf);
    return moments.mean - planner::bounded(moments, units).moments.mean;
  }

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
  Sources sources_;
  Schedule schedule_;
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
    case CutReason::held:
      return "held";
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

std::vector<std::uint8_t> in_range_of(const Columns& columns, const estate::RangeLines& range) {
  std::vector<std::uint8_t> in_range(columns.size(), 0);
  for (const estate::RangeLine& line : range.ordered)
    if (const std::uint32_t at = columns.find(line.site, line.product); at != estate::none)
      in_range[at] = 1;
  return in_range;
}

Night order_run(const OrderRunInput& input) { return Run(input).night(input.in_range); }

}  // namespace nightly
