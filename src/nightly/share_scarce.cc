#include "nightly/share_scarce.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <tuple>

#include "nightly/depot_capacity.h"
#include "nightly/first_come.h"
#include "planner/scarcity.h"

namespace nightly {
namespace {

using estate::none;
using planner::no_index;

constexpr std::uint8_t customer_tier = 5;

std::int32_t days_of(const OrderLine& order) {
  return std::max(order.next_on_shelf - order.on_shelf, 1);
}

// The days that tonight's orders of a depot's product are for.
struct OrderDays {
  Date first = base::date_max, until = base::date_min;
  double sum = 0;
  int count = 0;

  void add(const OrderLine& order) {
    first = std::min(first, order.on_shelf);
    until = std::max(until, order.next_on_shelf);
    sum += days_of(order);
    ++count;
  }
};

// Names as numbers, and whether goods of one need can be added up by weight.
class Needs {
 public:
  explicit Needs(const estate::Estate& estate) : of_product_(estate.products.size(), no_index) {
    std::map<std::string_view, std::uint32_t> numbers;
    for (std::size_t p = 0; p < estate.products.size(); ++p) {
      const estate::Product& product = estate.products[p];
      if (product.need_group.empty()) continue;
      const auto [place, is_new] =
          numbers.try_emplace(product.need_group, static_cast<std::uint32_t>(by_weight_.size()));
      if (is_new) by_weight_.push_back(1);
      of_product_[p] = place->second;
      if (grams_per_unit(product) <= 0) by_weight_[place->second] = 0;
    }
  }

  std::uint32_t of(std::uint32_t product) const { return of_product_[product]; }
  // What one unit is worth where unlike goods of a need are added up.
  float weight(std::uint32_t number, const estate::Product& product) const {
    return by_weight_[number] != 0 ? grams_per_unit(product) : 1.0F;
  }

 private:
  static float grams_per_unit(const estate::Product& product) {
    if (product.measure == estate::Measure::g) return 1;
    return static_cast<float>(product.case_weight_g) /
           static_cast<float>(std::max(product.case_units, 1));
  }

  std::vector<std::uint32_t> of_product_;
  std::vector<std::uint8_t> by_weight_;  // per need
};

// The columns behind planner::Claims and planner::Resources.
class ClaimTable {
 public:
  ClaimTable(const OrderRunInput& input, const Routes& routes, const DepotStock& depots,
             const SharedGoods& goods, const std::vector<OrderLine>& orders)
      : in_(input),
        routes_(routes),
        goods_(goods),
        orders_(orders),
        lanes_(input.estate),
        needs_(input.estate),
        days_(depots.goods().size()) {
    sort_by_depot();
    add_lots(depots);
    for (std::uint32_t depot = 0; depot < in_.estate.sites.size(); ++depot) add_depot(depot);
  }

  planner::Claims claims() const {
    return {.depot_begin = depot_begin_,
            .store = store_,
            .group = group_,
            .shelf_day = shelf_day_,
            .lane = lane_,
            .drop = drop_,
            .need = need_,
            .need_weight = need_weight_,
            .wanted_units = wanted_,
            .multiple_units = multiple_,
            .pack_picks = pack_picks_,
            .pack_load = pack_load_,
            .pack_drop = pack_drop_,
            .on_hand_units = on_hand_,
            .demand_mean = mean_,
            .demand_variance = variance_,
            .days = interval_,
            .tier = tier_,
            .lifeline = lifeline_};
  }
  planner::Resources resources() const {
    return {lot_begin_,         lot_first_,        lot_last_,      lot_units_,
            lanes_.picks_max(), lanes_.load_max(), drop_capacity_, need_count_};
  }
  const Lanes& lanes() const { return lanes_; }
  // The order behind a claim, or none for a customer's.
  std::uint32_t order_of(std::size_t claim) const {
    return origin_[claim] < orders_.size() ? origin_[claim] : none;
  }
  std::uint32_t lane_of(std::size_t claim) const { return lane_[claim]; }
  std::size_t size() const { return origin_.size(); }

 private:
  using NeedKey = std::tuple<std::uint32_t, std::int32_t, Date>;  // need group, drop, on shelf
  using DropKey = std::tuple<estate::Chain, std::int32_t, Date>;

  // Orders stay in their order, by line and so by site and product; behind them customers'.
  void sort_by_depot() {
    const auto customers = static_cast<std::uint32_t>(goods_.of_customers.size());
    const auto depot_of = [&](std::uint32_t i) {
      if (i >= orders_.size()) {
        const std::size_t row = i - orders_.size();
        return goods_.of_customers[row] == none ? none : in_.estate.customer_orders[row].site;
      }
      return orders_[i].flow == estate::Flow::direct ? none : orders_[i].source_site;
    };
    const auto count = static_cast<std::uint32_t>(orders_.size()) + customers;
    begin_.assign(in_.estate.sites.size() + 1, 0);
    for (std::uint32_t i = 0; i < count; ++i)
      if (const std::uint32_t depot = depot_of(i); depot != none) ++begin_[depot + 1];
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    members_.resize(begin_.back());
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (std::uint32_t i = 0; i < count; ++i)
      if (const std::uint32_t depot = depot_of(i); depot != none) members_[next[depot]++] = i;
  }

  // Goods that come are on shelves after the depot's lag, all until their last day.
  void add_lots(const DepotStock& depots) {
    const planner::Period kind = in_.columns.kind;
    std::vector<std::tuple<Date, Date, std::int64_t>> lots;  // last, first, units
    lot_begin_.push_back(0);
    for (const DepotGoods& goods : depots.goods()) {
      lots.clear();
      for (const DepotLot& lot : depots.lots(goods))
        lots.emplace_back(lot.last_on_shelf, base::date_min, lot.units);
      for (const DepotLot& lot : depots.arrivals(goods))
        lots.emplace_back(lot.last_on_shelf,
                          date_of(kind, period_of(kind, lot.there) + stock_lag_periods(kind)),
                          lot.units);
      std::ranges::sort(lots);
      for (const auto& [last, first, units] : lots) {
        lot_first_.push_back(first.days);
        lot_last_.push_back(last.days);
        lot_units_.push_back(units);
      }
      lot_begin_.push_back(lot_units_.size());
    }
  }

  void add_depot(std::uint32_t depot) {
    if (begin_[depot] == begin_[depot + 1]) return;
    if (depot_begin_.empty()) depot_begin_.push_back(0);
    const std::span members =
        std::span(members_).subspan(begin_[depot], begin_[depot + 1] - begin_[depot]);
    std::uint32_t site = none;
    for (const std::uint32_t i : members) {
      if (i >= orders_.size()) {
        add_customer(i);
        continue;
      }
      if (const std::uint32_t own = in_.columns.site[orders_[i].line]; own != site) {
        site = own;
        need_of_.clear();
        drop_of_.clear();
      }
      add_order(i, site);
    }
    depot_begin_.push_back(size());
  }

  void add_order(std::uint32_t i, std::uint32_t site) {
    const OrderLine& order = orders_[i];
    const estate::Product& product = in_.estate.products[order.product];
    origin_.push_back(i);
    store_.push_back(site);
    group_.push_back(goods_.of_orders[i] == none ? no_index : goods_.of_orders[i]);
    if (goods_.of_orders[i] != none) days_[goods_.of_orders[i]].add(order);
    shelf_day_.push_back(order.on_shelf.days);
    wanted_.push_back(order.units);
    add_pack(product, order.multiple, order.source_site, pick_day(order));
    add_drop(order, product);
    add_need(order, product);
    on_hand_.push_back(static_cast<float>(order.expected_on_hand));
    mean_.push_back(static_cast<float>(order.expected_demand));
    variance_.push_back(order.demand_variance);
    interval_.push_back(static_cast<float>(days_of(order)));
    tier_.push_back(product.tier);
    lifeline_.push_back(in_.estate.sites[site].lifeline);
  }

  // A customer's order is due on its day or, if that has passed or is not said, on the first of the
  // stores' days; one due after all of tonight's orders have been sold waits. It lasts as long as
  // theirs do on average.
  void add_customer(std::uint32_t i) {
    const std::size_t row = i - orders_.size();
    const estate::CustomerOrderRow& wish = in_.estate.customer_orders[row];
    const estate::Product& product = in_.estate.products[wish.product];
    const std::uint32_t group = goods_.of_customers[row];
    const OrderDays& days = days_[group];
    const Date due = wish.due.value_or(base::date_min);
    if (wish.units <= 0 || days.count == 0 || due >= days.until) return;
    const Date on_shelf = std::max(due, days.first);
    origin_.push_back(i);
    store_.push_back(static_cast<std::uint32_t>(in_.estate.sites.size() + row));
    group_.push_back(group);
    shelf_day_.push_back(on_shelf.days);
    wanted_.push_back(wish.units);
    add_pack(product, 1, wish.site, on_shelf - stock_lag_periods(in_.columns.kind));
    drop_.push_back(no_index);
    pack_drop_.push_back(0);
    need_.push_back(no_index);
    need_weight_.push_back(1);
    on_hand_.push_back(0);
    mean_.push_back(static_cast<float>(wish.units));
    variance_.push_back(0);
    interval_.push_back(static_cast<float>(days.sum / days.count));
    tier_.push_back(customer_tier);
    lifeline_.push_back(0);
  }

  // Goods from stock are picked the day before they are on the shelf, others on that day.
  Date pick_day(const OrderLine& order) const {
    return order.on_shelf -
           (order.flow == estate::Flow::stock ? stock_lag_periods(in_.columns.kind) : 0);
  }

  void add_pack(const estate::Product& product, std::int32_t multiple, std::uint32_t depot,
                Date day) {
    multiple_.push_back(multiple);
    lane_.push_back(lanes_.any() ? lanes_.of(depot, product.chain, day) : no_index);
    pack_picks_.push_back(lanes_.any() ? picks_of(product, multiple) : 0);
    pack_load_.push_back(lanes_.any() ? load_of(product, multiple) : 0);
  }

  void add_drop(const OrderLine& order, const estate::Product& product) {
    const Drop* own = nullptr;
    for (const Drop& drop : routes_.drops(order.line))
      if (drop.drop == order.drop && drop.on_shelf == order.on_shelf) own = &drop;
    if (own == nullptr || own->capacity <= 0) {
      drop_.push_back(no_index);
      pack_drop_.push_back(0);
      return;
    }
    const auto [place, is_new] =
        drop_of_.try_emplace({product.chain, order.drop, order.on_shelf},
                             static_cast<std::uint32_t>(drop_capacity_.size()));
    if (is_new) drop_capacity_.push_back(drop_capacity_of(*own));
    drop_.push_back(place->second);
    pack_drop_.push_back(drop_part_of(own->capacity_basis, product, order.multiple));
  }

  void add_need(const OrderLine& order, const estate::Product& product) {
    const std::uint32_t number = needs_.of(order.product);
    if (number == no_index) {
      need_.push_back(no_index);
      need_weight_.push_back(1);
      return;
    }
    const auto [place, is_new] = need_of_.try_emplace({number, order.drop, order.on_shelf},
                                                      static_cast<std::uint32_t>(need_count_));
    need_count_ += is_new;
    need_.push_back(place->second);
    need_weight_.push_back(needs_.weight(number, product));
  }

  const OrderRunInput& in_;
  const Routes& routes_;
  const SharedGoods& goods_;
  const std::vector<OrderLine>& orders_;
  Lanes lanes_;
  const Needs needs_;
  std::vector<OrderDays> days_;  // per goods of depots

  std::vector<std::size_t> begin_;            // per site and one more: into the next
  std::vector<std::uint32_t> members_;        // orders, then customers' orders
  std::map<NeedKey, std::uint32_t> need_of_;  // of the store at hand
  std::map<DropKey, std::uint32_t> drop_of_;

  std::vector<std::size_t> depot_begin_, lot_begin_;
  std::vector<std::uint32_t> origin_, store_, group_, lane_, drop_, need_;
  std::vector<std::int32_t> shelf_day_, wanted_, multiple_, pack_picks_, pack_load_, pack_drop_;
  std::vector<float> need_weight_, on_hand_, mean_, variance_, interval_;
  std::vector<std::uint8_t> tier_, lifeline_;
  std::vector<std::int32_t> lot_first_, lot_last_;
  std::vector<std::int64_t> lot_units_, drop_capacity_;
  std::size_t need_count_ = 0;
};

// The reason with the largest part, the first of equals.
CutReason reason_of(const planner::Cut& cut) {
  const auto most = std::max({cut.no_stock_units, cut.pick_capacity_units, cut.vehicle_units});
  if (most == cut.no_stock_units) return CutReason::no_stock;
  return most == cut.pick_capacity_units ? CutReason::pick_capacity : CutReason::vehicle;
}

void apply(const planner::Cut& cut, OrderLine& order) {
  const std::int32_t withheld = cut.no_stock_units + cut.pick_capacity_units + cut.vehicle_units;
  order.units -= withheld;
  if (withheld >= order.cut_units) order.cut_reason = reason_of(cut);
  order.cut_units += withheld;
}

std::vector<LaneUse> lane_uses(const ClaimTable& table, const planner::Allocation& allocation,
                               const OrderRunInput& input, const Night& night) {
  if (!table.lanes().any()) return {};
  std::vector<std::array<std::int64_t, 2>> withheld(table.lanes().picks_max().size());
  for (const planner::Cut& cut : allocation.cuts) {
    const std::uint32_t order = table.order_of(cut.claim);
    if (order == none) continue;
    const estate::Product& product = input.estate.products[night.orders[order].product];
    auto& sums = withheld[table.lane_of(cut.claim)];
    sums[0] += picks_of(product, cut.pick_capacity_units);
    sums[1] += picks_of(product, cut.vehicle_units);
  }
  return table.lanes().uses(allocation, withheld);
}

}  // namespace

void share_scarce(const OrderRunInput& input, const Routes& routes, const DepotStock& depots,
                  const SharedGoods& goods, Night& night) {
  const ClaimTable table(input, routes, depots, goods, night.orders);
  if (table.size() == 0) return;
  const planner::Allocation allocation =
      input.share_rule == ShareRule::first_come
          ? first_come(table.claims(), table.resources())
          : planner::allocate(table.claims(), table.resources(), input.threads);
  for (const planner::Cut& cut : allocation.cuts) {
    const std::uint32_t order = table.order_of(cut.claim);
    if (order == none)
      night.customer_units_short +=
          cut.no_stock_units + cut.pick_capacity_units + cut.vehicle_units;
    else
      apply(cut, night.orders[order]);
  }
  night.capacity_used = lane_uses(table, allocation, input, night);
}

}  // namespace nightly
