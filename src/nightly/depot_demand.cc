#include "nightly/depot_demand.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "base/parallel.h"
#include "nightly/range_days.h"
#include "nightly/terms.h"

namespace nightly {
namespace {

using estate::none;

constexpr std::size_t lines_per_chunk = 4096;
constexpr std::size_t products_per_chunk = 64;
constexpr std::uint32_t chain_count = 3;
constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();
// Goods without a supplier are looked at for so long.
constexpr std::int32_t unsupplied_periods = 7;

// Where deliveries.csv has the last word on who brings goods from depots to a site and chain.
class Carriers {
 public:
  Carriers(const estate::Estate& estate, Date on) {
    if (estate.period == estate::PeriodKind::week) return;
    lanes_.resize(estate.sites.size() * chain_count);
    for (const estate::DeliveryRow& row : estate.deliveries) {
      if (on < row.from || row.to < on) continue;
      Lane& lane = lanes_[row.site * chain_count + static_cast<std::uint32_t>(row.chain)];
      lane.covered = true;
      lane.from_depots |= row.source_supplier == none;
      if (lane.depot == none) lane.depot = row.source_site;
    }
  }
  // The depot that goods come from which `depot` should send; none: a supplier brings them.
  std::uint32_t depot_for(std::uint32_t site, estate::Chain chain, std::uint32_t depot) const {
    if (lanes_.empty()) return depot;
    const Lane& lane = lanes_[site * chain_count + static_cast<std::uint32_t>(chain)];
    if (lane.covered && !lane.from_depots) return none;
    return lane.depot == none ? depot : lane.depot;
  }

 private:
  struct Lane {
    bool covered = false, from_depots = false;
    std::uint32_t depot = none;
  };
  std::vector<Lane> lanes_;  // per site and chain; empty in a weekly estate
};

// A store line's depot, the high bit set where its goods are kept in stock there; none: no depot's.
constexpr std::uint32_t stock_bit = 0x80000000;

std::vector<std::uint32_t> depots_of_lines(const OrderRunInput& input, const Sources& sources) {
  const Columns& columns = input.columns;
  const Carriers carriers(input.estate, input.as_of);
  std::vector<std::uint32_t> result(columns.size(), none);
  const auto depot_of = [&](std::size_t line) {
    const auto [first, last] = periods_in_range(input, line);
    if (first == last) return none;
    const std::uint32_t site = columns.site[line], product = columns.product[line];
    const Source source = sources.of(site, product);
    if (source.site == none || source.flow == estate::Flow::direct) return none;
    const std::uint32_t depot =
        carriers.depot_for(site, input.estate.products[product].chain, source.site);
    if (depot == none) return none;
    return source.flow == estate::Flow::stock ? depot | stock_bit : depot;
  };
  base::for_ranges(input.threads, columns.size(), lines_per_chunk,
                   [&](std::size_t begin, std::size_t end, std::size_t) {
                     for (std::size_t line = begin; line < end; ++line)
                       result[line] = depot_of(line);
                   });
  return result;
}

// What tells the terms of two sources apart.
auto terms_key(std::uint32_t depot, const Source& source) {
  return std::tuple(depot, source.supplier, source.lead_days, source.order_weekdays,
                    source.order_basis, source.min_order, source.max_order);
}

}  // namespace

std::pair<std::int32_t, std::int32_t> periods_in_range(const OrderRunInput& input,
                                                       std::size_t line) {
  const planner::Period kind = input.columns.kind;
  const std::int32_t tomorrow = input.columns.history.last_period + 1;
  const std::int32_t reach = tomorrow + order_horizon_periods;
  const auto stay = stay_from(input.estate, input.columns, line, input.as_of + 1);
  if (!stay || period_of(kind, stay->from) >= reach) return {tomorrow, tomorrow};
  const std::int32_t first = std::max(tomorrow, period_of(kind, stay->from));
  // What is not in range yet may come into it; what sales say is dormant does not.
  if (input.in_range[line] == 0 && (first == tomorrow || !input.estate.has_range))
    return {tomorrow, tomorrow};
  const bool ends = stay->to < date_of(kind, reach);
  return {first, ends ? period_of(kind, stay->to) + 1 : never};
}

std::pair<Date, Date> forecast_span(planner::Period kind, std::int32_t origin) {
  const Date first = date_of(kind, origin + 1);
  const bool daily = kind == planner::Period::day;
  return {first, first + (daily ? supplier_forecast_days : 7 * supplier_forecast_weeks) - 1};
}

DepotDemand DepotDemand::build(const OrderRunInput& input) {
  DepotDemand result;
  result.origin_ = input.columns.history.last_period;
  result.level_variance_ = input.settings.level_variance;
  if (input.columns.kind == planner::Period::week) result.common_error_ = common_error_weekly;
  const Sources sources = Sources::build(input.estate, input.as_of);
  result.add_products(input, depots_of_lines(input, sources));
  result.add_supplies(input, sources);
  result.add_demand(input);
  return result;
}

void DepotDemand::add_products(const OrderRunInput& input,
                               std::span<const std::uint32_t> depot_of_line) {
  constexpr std::uint8_t wanted = 1, in_stock = 2, passing = 4;
  const std::size_t width = input.estate.products.size();
  std::vector<std::vector<std::uint8_t>> marks(input.estate.sites.size());
  const auto mark = [&](std::uint32_t depot, std::uint32_t product, std::uint8_t marked) {
    marks[depot].resize(width);
    marks[depot][product] |= marked;
  };
  for (std::size_t line = 0; line < depot_of_line.size(); ++line)
    if (depot_of_line[line] != none)
      mark(depot_of_line[line] & ~stock_bit, input.columns.product[line],
           depot_of_line[line] & stock_bit ? in_stock : passing);
  for (const estate::CustomerOrderRow& row : input.estate.customer_orders)
    if (input.estate.sites[row.site].kind == estate::SiteKind::depot)
      mark(row.site, row.product, wanted);

  std::vector<std::vector<std::uint32_t>> number(marks.size());
  for (std::uint32_t depot = 0; depot < marks.size(); ++depot) {
    number[depot].assign(marks[depot].size(), none);
    for (std::uint32_t product = 0; product < marks[depot].size(); ++product) {
      if (marks[depot][product] == 0) continue;
      number[depot][product] = static_cast<std::uint32_t>(products_.size());
      products_.push_back(
          {depot, product, none, (marks[depot][product] & (in_stock | passing)) == passing});
    }
  }
  const auto owner = [&](std::size_t line) {
    return number[depot_of_line[line] & ~stock_bit][input.columns.product[line]];
  };
  line_begin_.assign(products_.size() + 1, 0);
  for (std::size_t line = 0; line < depot_of_line.size(); ++line)
    if (depot_of_line[line] != none) ++line_begin_[owner(line) + 1];
  std::partial_sum(line_begin_.begin(), line_begin_.end(), line_begin_.begin());
  std::vector<std::uint64_t> next(line_begin_.begin(), line_begin_.end() - 1);
  lines_.resize(line_begin_.back());
  for (std::size_t line = 0; line < depot_of_line.size(); ++line)
    if (depot_of_line[line] != none) lines_[next[owner(line)]++] = static_cast<std::uint32_t>(line);
}

void DepotDemand::add_supplies(const OrderRunInput& input, const Sources& sources) {
  const Schedule schedule = Schedule::build(input.estate, input.as_of);
  const auto [first, last] = forecast_span(input.columns.kind, origin_);
  std::map<decltype(terms_key(0, {})), std::uint32_t> numbers;
  for (DepotProduct& product : products_) {
    const Source source = sources.of(product.depot, product.product);
    if (source.supplier == none) continue;
    product.cross_dock |= source.flow == estate::Flow::cross_dock;
    const auto [place, is_new] = numbers.try_emplace(terms_key(product.depot, source),
                                                     static_cast<std::uint32_t>(supplies_.size()));
    product.supply = place->second;
    if (is_new)
      supplies_.push_back({product.depot, source, schedule.supplier_order(product.depot, source),
                           schedule.supplier_deliveries(product.depot, source, first, last)});
  }
}

std::int32_t DepotDemand::periods_looked_at(std::size_t product, planner::Period kind) const {
  if (products_[product].supply == none) return unsupplied_periods;
  const DepotSupply& supply = supplies_[products_[product].supply];
  std::int32_t end = origin_ + 2;
  const auto reach = [&](const Drop& drop) {
    end = std::max(end, interval_of(kind, drop).next_on_shelf + stock_lag_periods(kind));
  };
  if (supply.tonight.orders_today) reach(supply.tonight);
  for (const Drop& drop : supply.deliveries) reach(drop);
  return std::min(end - origin_ - 1, order_horizon_periods);
}

void DepotDemand::add_demand(const OrderRunInput& input) {
  period_begin_.assign(1, 0);
  for (std::size_t i = 0; i < products_.size(); ++i)
    period_begin_.push_back(period_begin_.back() +
                            static_cast<std::uint64_t>(periods_looked_at(i, input.columns.kind)));
  sums_.resize(period_begin_.back());
  concentration_.resize(products_.size());
  base::for_ranges(input.threads, products_.size(), products_per_chunk,
                   [&](std::size_t begin, std::size_t end, std::size_t) {
                     for (std::size_t i = begin; i < end; ++i) sum_lines(input, i);
                   });
}

void DepotDemand::sum_lines(const OrderRunInput& input, std::size_t product) {
  const std::span sums(sums_.begin() + static_cast<std::ptrdiff_t>(period_begin_[product]),
                       sums_.begin() + static_cast<std::ptrdiff_t>(period_begin_[product + 1]));
  if (sums.empty()) return;
  const std::int32_t end = origin_ + 1 + static_cast<std::int32_t>(sums.size());
  planner::DemandSums demand(input.outlook.demand(), origin_ + 1, sums.size(), 1);
  for (const std::uint32_t line : lines_of(product)) {
    const auto [first, last] = periods_in_range(input, line);
    if (first < std::min(last, end)) demand.add(0, input.outlook.line(line), first, last);
  }
  concentration_[product] = demand.write(0, sums);
}

std::span<const std::uint32_t> DepotDemand::lines_of(std::size_t product) const {
  return std::span(lines_).subspan(line_begin_[product],
                                   line_begin_[product + 1] - line_begin_[product]);
}

std::uint32_t DepotDemand::find(std::uint32_t depot, std::uint32_t product) const {
  const auto place = std::lower_bound(products_.begin(), products_.end(), std::pair(depot, product),
                                      [](const DepotProduct& entry, auto wanted) {
                                        return std::pair(entry.depot, entry.product) < wanted;
                                      });
  if (place == products_.end() || place->depot != depot || place->product != product) return none;
  return static_cast<std::uint32_t>(place - products_.begin());
}

planner::Moments DepotDemand::over(std::size_t product, std::int32_t from, std::int32_t to) const {
  const std::span sums(sums_.begin() + static_cast<std::ptrdiff_t>(period_begin_[product]),
                       sums_.begin() + static_cast<std::ptrdiff_t>(period_begin_[product + 1]));
  if (sums.empty()) return {};
  const std::int32_t begin = std::clamp(from - origin_ - 1, 0, depot_periods_max);
  const std::int32_t end = std::clamp(to - origin_ - 1, begin, depot_periods_max);
  return planner::summed_over({sums, concentration_[product]}, begin, end, common_error_,
                              level_variance_);
}

}  // namespace nightly
