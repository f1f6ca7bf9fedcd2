#include "nightly/hold.h"

#include <algorithm>
#include <set>

namespace nightly {
namespace {

using estate::Estate;

constexpr std::int32_t weeks = 8;
constexpr std::int32_t young_periods = 28;
// An order is held from so many times the largest of its past on; of less than a few, from so many
// times a few.
constexpr std::int64_t past_factor = 10;
constexpr std::int32_t units_few = 3;

// What the causes reach, in a form that a line can be looked up in.
class Reach {
 public:
  Reach(const Estate& estate, const Columns& columns, const std::vector<Cause>& causes)
      : site_(estate.sites.size(), 0),
        product_(estate.products.size(), 0),
        supplier_(estate.suppliers.size(), 0),
        chain_(estate.sites.size() * chains, 0),
        line_(columns.size(), 0) {
    for (std::size_t i = 0; i < causes.size(); ++i)
      for (const Suspect& suspect : causes[i].suspects)
        add(estate, columns, suspect.scope, static_cast<std::uint16_t>(i + 1));
  }

  bool has_suppliers() const { return any_supplier_; }

  std::uint16_t of(const Columns& columns, std::size_t line, estate::Chain chain) const {
    const std::uint32_t site = columns.site[line];
    std::uint16_t first = 0;
    for (const std::uint16_t mark : {line_[line], product_[columns.product[line]], site_[site],
                                     chain_[site * chains + static_cast<std::size_t>(chain)]})
      if (mark != 0 && (first == 0 || mark < first)) first = mark;
    return first;
  }
  std::uint16_t of_supplier(std::uint32_t supplier) const {
    return supplier == estate::none ? std::uint16_t{0} : supplier_[supplier];
  }

 private:
  static constexpr std::size_t chains = 3;

  static void mark(std::uint16_t& at, std::uint16_t number) {
    if (at == 0) at = number;
  }

  void add(const Estate& estate, const Columns& columns, const Scope& scope, std::uint16_t number) {
    if (scope.site != estate::none && estate.sites[scope.site].kind == estate::SiteKind::depot)
      return;
    if (scope.site != estate::none && scope.product != estate::none) {
      const std::uint32_t line = columns.find(scope.site, scope.product);
      if (line != estate::none) mark(line_[line], number);
    } else if (scope.site != estate::none && scope.chain >= 0) {
      mark(chain_[scope.site * chains + static_cast<std::size_t>(scope.chain)], number);
    } else if (scope.site != estate::none) {
      mark(site_[scope.site], number);
    } else if (scope.supplier != estate::none) {
      any_supplier_ = true;
      mark(supplier_[scope.supplier], number);
    } else if (scope.product != estate::none) {
      mark(product_[scope.product], number);
    }
  }

  std::vector<std::uint16_t> site_, product_, supplier_, chain_, line_;
  bool any_supplier_ = false;
};

// Whether a cause reaches what a depot orders.
class DepotReach {
 public:
  explicit DepotReach(const std::vector<Cause>& causes) {
    for (const Cause& cause : causes)
      for (const Suspect& suspect : cause.suspects) scopes_.insert(suspect.scope);
  }
  bool holds(const DepotOrderLine& line) const {
    const auto has = [&](std::uint32_t site, std::uint32_t product, std::uint32_t supplier) {
      return scopes_.contains({site, product, supplier, -1});
    };
    constexpr std::uint32_t any = estate::none;
    return has(any, line.product, any) || has(any, any, line.supplier) ||
           has(any, line.product, line.supplier) || has(line.depot, any, line.supplier) ||
           has(line.depot, line.product, line.supplier);
  }

 private:
  std::set<Scope> scopes_;
};

std::int32_t launch_units(const OrderRunInput& input, const OrderLine& order) {
  const std::uint32_t row = input.columns.range_row[order.line];
  return row == estate::none ? 0 : input.estate.range[row].launch_units;
}

std::int64_t whole_multiples(std::int64_t units, std::int32_t multiple) {
  const std::int64_t pack = std::max(multiple, 1);
  return (units + pack - 1) / pack * pack;
}

}  // namespace

std::vector<std::uint16_t> lines_reached(const Estate& estate, const Columns& columns,
                                         const std::vector<Cause>& causes, Date as_of) {
  std::vector<std::uint16_t> reached(columns.size(), 0);
  if (causes.empty()) return reached;
  const Reach reach(estate, columns, causes);
  const Sources sources = Sources::build(estate, as_of);
  for (std::size_t line = 0; line < columns.size(); ++line) {
    const std::uint32_t site = columns.site[line], product = columns.product[line];
    reached[line] = reach.of(columns, line, estate.products[product].chain);
    if (reached[line] == 0 && reach.has_suppliers())
      reached[line] = reach.of_supplier(sources.of(site, product).supplier);
  }
  return reached;
}

std::int64_t OwnPast::largest_sold(const OrderLine& order) const {
  const planner::History& history = columns_.history;
  const std::int32_t step = columns_.kind == planner::Period::day ? 7 : 1;
  const std::int32_t from = period_of(columns_.kind, order.on_shelf);
  const std::int32_t length = std::max(1, period_of(columns_.kind, order.next_on_shelf) - from);
  const auto periods = history.row_period.begin();
  const auto begin = periods + static_cast<std::ptrdiff_t>(history.row_begin[order.line]);
  const auto end = periods + static_cast<std::ptrdiff_t>(history.row_begin[order.line + 1]);
  std::int64_t largest = 0;
  for (std::int32_t week = 1; week <= weeks + length / step; ++week) {
    const std::int32_t then = from - week * step;
    if (then + length - 1 > history.last_period) continue;
    std::int64_t sold = 0;
    for (auto row = std::lower_bound(begin, end, then); row != end && *row < then + length; ++row)
      sold += columns_.row_sold[static_cast<std::size_t>(row - periods)];
    largest = std::max(largest, sold);
  }
  return largest;
}

std::int32_t OwnPast::largest_units(const OrderLine& order) const {
  std::int64_t units = orders_.of(columns_.site[order.line], columns_.product[order.line]);
  if (units == 0 || orders_.nights < orders_nights_min)
    units = std::max(units, whole_multiples(largest_sold(order), order.multiple));
  return static_cast<std::int32_t>(std::min<std::int64_t>(units, 2'000'000'000));
}

std::vector<Suspect> exploded(const OrderRunInput& input, const std::vector<OrderLine>& orders,
                              const OwnPast& past) {
  std::vector<Suspect> found;
  const planner::History& history = input.columns.history;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const OrderLine& order = orders[i];
    const std::uint32_t row = input.columns.range_row[order.line];
    const std::int64_t floor =
        std::max({units_few, order.multiple,
                  row == estate::none ? 0 : input.estate.range[row].presentation_units_min});
    if (order.reason == OrderReason::launch || order.units <= past_factor * floor) continue;
    const std::uint64_t first = history.row_begin[order.line];
    if (first == history.row_begin[order.line + 1] ||
        history.row_period[first] > history.last_period - young_periods)
      continue;
    const std::int64_t largest = past.largest_units(order);
    if (order.units <= past_factor * std::max(floor, largest)) continue;
    found.push_back({{input.columns.site[order.line], order.product},
                     static_cast<std::uint32_t>(i),
                     base::date_min,
                     largest,
                     order.units});
  }
  return found;
}

void hold(const OrderRunInput& input, const std::vector<Cause>& causes,
          const std::vector<std::uint16_t>& reached, const OwnPast& past, Night& night) {
  for (OrderLine& order : night.orders) {
    order.held = reached[order.line];
    if (order.held == 0) continue;
    const std::int32_t units_max =
        order.reason == OrderReason::launch
            ? static_cast<std::int32_t>(whole_multiples(launch_units(input, order), order.multiple))
            : past.largest_units(order);
    const std::int32_t withheld = std::max(0, order.units - units_max);
    ++night.lines_held;
    if (withheld == 0) continue;
    order.units -= withheld;
    order.cut_units += withheld;
    order.cut_reason = CutReason::held;
  }
  const DepotReach depots(causes);
  for (DepotOrderLine& line : night.depot_orders)
    if (depots.holds(line)) line.reason = "held";
}

}  // namespace nightly
