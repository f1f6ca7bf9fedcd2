#include "nightly/share_stock.h"

#include <algorithm>
#include <numeric>

#include "base/parallel.h"
#include "nightly/allocate.h"
#include "nightly/share_scarce.h"

namespace nightly {
namespace {

using estate::none;

constexpr std::size_t goods_per_chunk = 64;

// Members of each of a depot's goods, side by side and in the order in which they came.
class Groups {
 public:
  // goods_of[i] is the group of member i, or none.
  Groups(std::size_t groups, std::span<const std::uint32_t> goods_of) : begin_(groups + 1) {
    for (const std::uint32_t group : goods_of)
      if (group != none) ++begin_[group + 1];
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    members_.resize(begin_.back());
    std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
    for (std::uint32_t i = 0; i < goods_of.size(); ++i)
      if (goods_of[i] != none) members_[next[goods_of[i]]++] = i;
  }
  std::span<const std::uint32_t> of(std::size_t group) const {
    return std::span(members_).subspan(begin_[group], begin_[group + 1] - begin_[group]);
  }

 private:
  std::vector<std::uint32_t> begin_, members_;
};

std::int32_t days_of(const OrderLine& order) {
  return std::max(order.next_on_shelf - order.on_shelf, 1);
}

class Sharing {
 public:
  Sharing(const OrderRunInput& input, const DepotStock& depots, Night& night)
      : in_(input),
        depots_(depots),
        orders_(night.orders),
        stores_(depots.goods().size(), goods_of_orders()),
        customers_(depots.goods().size(), goods_of_customers()) {}

  // What one product's sharing leaves undone.
  struct Result {
    std::int64_t customer_units_short = 0;
    std::vector<DepotLeft> left;
  };

  // Each product on its own, so that they can go in parallel.
  void share_passing(std::size_t group, Result& result) {
    if (passes(group)) share_arrivals(group, depots_.goods()[group], result);
  }

  // Of goods per claimant, those that are shared from stock; none in place of others.
  void keep_stock(std::vector<std::uint32_t>& goods_of) const {
    for (std::uint32_t& group : goods_of)
      if (group != none && (!depots_.goods()[group].stock_known || passes(group))) group = none;
  }

  std::vector<std::uint32_t> goods_of_orders() const {
    std::vector<std::uint32_t> goods(orders_.size(), none);
    for (std::size_t i = 0; i < orders_.size(); ++i)
      if (orders_[i].source_site != none && orders_[i].flow != estate::Flow::direct)
        goods[i] = depots_.find(orders_[i].source_site, orders_[i].product);
    return goods;
  }
  std::vector<std::uint32_t> goods_of_customers() const {
    std::vector<std::uint32_t> goods;
    for (const estate::CustomerOrderRow& row : in_.estate.customer_orders)
      goods.push_back(depots_.find(row.site, row.product));
    return goods;
  }

 private:
  // Whether all goods of a product only pass through the depot tonight.
  bool passes(std::size_t group) const {
    const std::span members = stores_.of(group);
    return !members.empty() && std::ranges::all_of(members, [&](std::uint32_t i) {
      return orders_[i].flow == estate::Flow::cross_dock;
    });
  }

  static Share share_of(const OrderLine& order) {
    return {order.on_shelf,
            order.units,
            std::max(order.units, order.units_max),
            order.multiple,
            order.expected_on_hand,
            order.expected_demand / days_of(order),
            0};
  }

  // Claims of customers that are due after one day and up to another, those without a day due at
  // once; on the shelf not before `first`.
  void add_customers(std::size_t group, Date after, Date until, Date first, double days,
                     std::vector<Share>& shares) const {
    for (const std::uint32_t i : customers_.of(group)) {
      const estate::CustomerOrderRow& row = in_.estate.customer_orders[i];
      const Date due = row.due.value_or(base::date_min + 1);
      if (row.units <= 0 || due <= after || due > until) continue;
      shares.push_back({std::max(due, first), row.units, row.units, 1, 0, row.units / days, 0});
    }
  }

  static std::int64_t short_units(std::span<const Share> customers) {
    std::int64_t units = 0;
    for (const Share& share : customers) units += share.wanted_units - share.given_units;
    return units;
  }

  static void give(const Share& share, OrderLine& order) {
    const std::int32_t withheld = std::max(0, order.units - share.given_units);
    order.units = share.given_units;
    order.cut_units += withheld;
    if (withheld > 0) order.cut_reason = CutReason::no_stock;
  }

  // Each arrival belongs to the first of tonight's drops that can take it.
  void share_arrivals(std::size_t group, const DepotGoods& goods, Result& result) {
    std::vector<std::uint32_t> members(stores_.of(group).begin(), stores_.of(group).end());
    std::ranges::stable_sort(members, {}, [&](std::uint32_t i) { return orders_[i].on_shelf; });
    Date after = base::date_min;  // the drop before
    DepotLeft left{goods.depot, goods.product, 0};
    for (auto begin = members.begin(); begin != members.end();) {
      const Date on_shelf = orders_[*begin].on_shelf;
      const auto end = std::find_if(
          begin, members.end(), [&](std::uint32_t i) { return orders_[i].on_shelf != on_shelf; });
      const std::span drop(begin, end);
      left.units += share_drop(group, goods, drop, after, result);
      after = on_shelf;
      begin = end;
    }
    if (left.units > 0) result.left.push_back(left);
  }

  // Returns what is left at the depot of what arrives for one drop.
  std::int64_t share_drop(std::size_t group, const DepotGoods& goods,
                          std::span<const std::uint32_t> members, Date after, Result& result) {
    const Date on_shelf = orders_[members.front()].on_shelf;
    std::vector<Share> shares;
    double days = 0;
    std::int32_t gap = next_drop_days_max;
    for (const std::uint32_t i : members) {
      shares.push_back(share_of(orders_[i]));
      days += days_of(orders_[i]);
      gap = std::min(gap, days_of(orders_[i]));
    }
    std::int64_t arriving = 0;
    for (const DepotLot& lot : depots_.arrivals(goods))
      if (lot.there <= on_shelf && lot.there > std::max(after, on_shelf - gap))
        arriving += lot.units;
    if (arriving == 0) return 0;
    add_customers(group, after, on_shelf, on_shelf, days / static_cast<double>(members.size()),
                  shares);
    const std::int64_t left = allocate_arrivals(arriving, shares);
    for (std::size_t k = 0; k < members.size(); ++k) {
      OrderLine& order = orders_[members[k]];
      give(shares[k], order);
      if (order.stock_known) order.reason = OrderReason::cross_dock;
    }
    result.customer_units_short += short_units(std::span(shares).subspan(members.size()));
    return left;
  }

  const OrderRunInput& in_;
  const DepotStock& depots_;
  std::vector<OrderLine>& orders_;
  Groups stores_, customers_;  // per product of depots_
};

}  // namespace

void share_depots(const OrderRunInput& input, const Routes& routes, const DepotStock& depots,
                  Night& night) {
  Sharing sharing(input, depots, night);
  const std::size_t count = depots.goods().size();
  std::vector<Sharing::Result> parts((count + goods_per_chunk - 1) / goods_per_chunk);
  base::for_ranges(input.threads, count, goods_per_chunk,
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     for (std::size_t group = begin; group < end; ++group)
                       sharing.share_passing(group, parts[chunk]);
                   });
  for (const Sharing::Result& part : parts) {
    night.customer_units_short += part.customer_units_short;
    night.left_at_depots.insert(night.left_at_depots.end(), part.left.begin(), part.left.end());
  }
  std::vector<std::uint32_t> of_orders = sharing.goods_of_orders();
  std::vector<std::uint32_t> of_customers = sharing.goods_of_customers();
  sharing.keep_stock(of_orders);
  sharing.keep_stock(of_customers);
  share_scarce(input, routes, depots, {of_orders, of_customers}, night);
}

}  // namespace nightly
