#include "nightly/play_out.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/parallel.h"
#include "nightly/depot_orders.h"
#include "nightly/direct_orders.h"
#include "nightly/played_depots.h"
#include "nightly/range_days.h"
#include "nightly/terms.h"

namespace nightly {
namespace {

using estate::none;

constexpr std::int64_t no_surge_max = 1'000'000'000'000;

// Units on their way to a shelf.
struct Coming {
  std::int32_t period = 0, units = 0, last_period = lot_keeps;
};

double price_of(const estate::Product& product) {
  const base::Money price = product.unit_price.value_or(product.unit_cost.value_or(base::Money{}));
  return static_cast<double>(price.e4) / 10'000;
}

// What an order run reads of an estate, without the history.
estate::Estate without_history(const estate::Estate& whole, PlayLimits limits) {
  estate::Estate estate;
  estate.name = whole.name;
  estate.period = whole.period;
  estate.policy = whole.policy;
  estate.sites = whole.sites;
  estate.products = whole.products;
  estate.suppliers = whole.suppliers;
  estate.supplier_items = whole.supplier_items;
  estate.range = whole.range;
  estate.supply = whole.supply;
  estate.deliveries = whole.deliveries;
  estate.calendar = whole.calendar;
  if (limits.depots) estate.capacity = whole.capacity;
  if (!limits.suppliers)
    for (estate::Supplier& supplier : estate.suppliers) supplier.surge_max = no_surge_max;
  // What depots received tells the surge guard what a usual day is.
  for (const estate::MovementRow& row : whole.movements)
    if (whole.sites[row.site].kind == estate::SiteKind::depot) estate.movements.push_back(row);
  estate.stock = whole.stock;
  estate.on_order = whole.on_order;
  estate.customer_orders = whole.customer_orders;
  estate.has_range = whole.has_range;
  estate.has_stock = whole.has_stock;
  return estate;
}

Columns without_history(const Columns& whole) {
  Columns columns;
  columns.kind = whole.kind;
  columns.site = whole.site;
  columns.product = whole.product;
  columns.site_begin = whole.site_begin;
  columns.range_row = whole.range_row;
  columns.closed = whole.closed;
  columns.history.last_period = whole.history.last_period;
  return columns;
}

class Path {
 public:
  Path(const PlayPlan& plan, const DemandSource& demand, std::span<const TrueStock> truth,
       PlayLimits limits)
      : plan_(plan),
        in_(plan.input().tonight),
        demand_(demand),
        kind_(in_.columns.kind),
        origin_(in_.columns.history.last_period),
        estate_(without_history(in_.estate, limits)),
        columns_(without_history(in_.columns)),
        positions_(in_.positions),
        depots_(in_, plan.day(0).demand),
        shelves_(opening_stock(in_.estate, in_.columns, in_.outlook, demand, truth, in_.as_of)),
        coming_(in_.columns.size()) {
    const auto days = static_cast<std::size_t>(plan.days());
    result_.on_shelf.assign(plan.cells().size() * days, 0);
    result_.wanted_value.assign(days, 0);
    result_.lost_value.assign(days, 0);
    result_.wasted_value.assign(days, 0);
    for (std::size_t line = 0; line < coming_.size(); ++line)
      for (const planner::Receipt& receipt : in_.positions.receipts_of(line))
        add_coming(line, receipt.period, receipt.units, base::date_max);
    count_.opening = units_now(count_);
  }

  PlayedPath run() {
    for (std::int32_t day = 0; day < plan_.days(); ++day) {
      order(day);
      trade(day);
    }
    return std::move(result_);
  }

 private:
  Date close_before(std::int32_t day) const { return date_of(kind_, origin_ + day + 1) - 1; }

  // The order run at the close of the period before `day`. The first rests on the files, the others
  // on what is there: once stores trade again, they see what they have.
  void order(std::int32_t day) {
    columns_.history.last_period = origin_ + day;
    if (day > 0) {
      depots_.write(estate_);
      see_stock();
    }
    const PlayPlan::Day& today = plan_.day(day);
    const OrderRunInput input{estate_,      columns_,       in_.outlook,       positions_,
                              in_.settings, today.in_range, close_before(day), 1};
    const DepotStock depots = DepotStock::build(input, today.demand);
    Night night = order_run(input, today.routes, depots);
    fit_direct_orders(input, night);
    order_from_suppliers(input, today.demand, depots, night);
    for (const OrderLine& line : night.orders)
      if (line.units > 0) send(line, day);
    for (const DepotOrderLine& line : night.depot_orders) buy(line, day);
    for (const SurgeHeld& held : night.surge_held)
      result_.orders.push_back({held.supplier, held.site, held.product, day, input.as_of, 0,
                                held.wanted_units - held.units});
    count_.served += depots_.serve_customers(close_before(day));
  }

  void see_stock() {
    positions_.batches.clear();
    positions_.receipts.clear();
    for (std::size_t line = 0; line < shelves_.size(); ++line) {
      if (positions_.known[line] != 0) {
        positions_.on_hand_units[line] = shelves_[line].total();
        for (const planner::Batch& lot : shelves_[line].all())
          if (lot.last_period != lot_keeps) positions_.batches.push_back(lot);
      }
      for (const Coming& coming : coming_[line])
        positions_.receipts.push_back({coming.period, coming.units});
      positions_.batch_begin[line + 1] = positions_.batches.size();
      positions_.receipt_begin[line + 1] = positions_.receipts.size();
    }
  }

  void send(const OrderLine& line, std::int32_t night) {
    const std::int32_t period = period_of(kind_, line.on_shelf);
    if (line.source_site != none && line.flow != estate::Flow::direct) {
      const PlayedDepots::Shipment shipment = depots_.ship(line);
      for (const SentUnits& sent : shipment.lots)
        add_coming(line.line, period, sent.units, sent.expiry);
      count_.ordered += shipment.unrecorded_units;
      return;
    }
    add_coming(line.line, period, line.units, base::date_max);
    count_.ordered += line.units;
    if (line.source_supplier != none)
      result_.orders.push_back({line.source_supplier, columns_.site[line.line], line.product, night,
                                line.on_shelf, line.units, 0});
  }

  void buy(const DepotOrderLine& line, std::int32_t night) {
    if (line.units > 0) depots_.order(line.depot, line.product, line.due, line.units);
    count_.ordered += line.units;
    result_.orders.push_back(
        {line.supplier, line.depot, line.product, night, line.due, line.units, 0});
  }

  // Goods without a date of their own have the life that they are promised with on receipt.
  void add_coming(std::size_t line, std::int32_t period, std::int32_t units, Date expiry) {
    std::int32_t last = lot_keeps;
    if (expiry != base::date_max) {
      last = period_of(kind_, expiry);
    } else {
      const Terms terms =
          terms_of(in_.estate, columns_, line, date_of(kind_, std::max(period, origin_ + 1)));
      if (terms.life_periods > 0) last = period + terms.life_periods - 1;
    }
    auto& coming = coming_[line];
    const auto place = std::ranges::upper_bound(coming, period, {}, &Coming::period);
    coming.insert(place, {period, units, last});
  }

  // One day: goods come, the shelves are looked at, customers buy, old goods go.
  void trade(std::int32_t day) {
    const std::int32_t period = origin_ + day + 1;
    const Date last_date = date_of(kind_, period + 1) - 1;
    const PlayPlan::Day& today = plan_.day(day);
    const auto days = static_cast<std::size_t>(plan_.days());
    const auto at = static_cast<std::size_t>(day);
    depots_.receive(last_date);
    for (std::size_t line = 0; line < shelves_.size(); ++line) {
      Lots& shelf = shelves_[line];
      receive(line, period);
      if (today.counted[line] != 0 && shelf.total() > 0)
        ++result_.on_shelf[plan_.cell_of(line) * days + at];
      const double price = price_of(in_.estate.products[columns_.product[line]]);
      if (today.in_range[line] != 0) {
        const std::int32_t wanted = demand_.units(line, period, in_.outlook.line(line).in(period));
        const std::int32_t sold = shelf.take(wanted);
        count_.sold += sold;
        result_.wanted_value[at] += price * wanted;
        result_.lost_value[at] += price * (wanted - sold);
      }
      const std::int32_t wasted = shelf.expire(period);
      count_.wasted += wasted;
      result_.wasted_value[at] += price * wasted;
    }
    count_.wasted += depots_.expire(last_date);
    units_now(count_);
    result_.units.push_back(count_);
  }

  void receive(std::size_t line, std::int32_t period) {
    auto& coming = coming_[line];
    auto first = coming.begin();
    for (; first != coming.end() && first->period <= period; ++first)
      shelves_[line].add(first->last_period, first->units);
    coming.erase(coming.begin(), first);
  }

  // Fills in where all units are now; returns their sum.
  std::int64_t units_now(UnitCount& count) const {
    count.on_shelves = count.to_stores = 0;
    for (std::size_t line = 0; line < shelves_.size(); ++line) {
      count.on_shelves += shelves_[line].total();
      for (const Coming& coming : coming_[line]) count.to_stores += coming.units;
    }
    count.in_depots = depots_.stock_units();
    count.to_depots = depots_.coming_units();
    return count.on_shelves + count.to_stores + count.in_depots + count.to_depots;
  }

  const PlayPlan& plan_;
  const OrderRunInput& in_;
  const DemandSource& demand_;
  const planner::Period kind_;
  const std::int32_t origin_;
  estate::Estate estate_;
  Columns columns_;
  Positions positions_;
  PlayedDepots depots_;
  std::vector<Lots> shelves_;
  std::vector<std::vector<Coming>> coming_;  // per line, ascending by period
  UnitCount count_;
  PlayedPath result_;
};

}  // namespace

PlayPlan::PlayPlan(const PlayInput& input) : input_(input) {
  add_cells();
  add_days();
}

void PlayPlan::add_cells() {
  const Columns& columns = input_.tonight.columns;
  const estate::Estate& estate = input_.tonight.estate;
  std::set<std::string> names;
  for (const std::uint32_t product : columns.product)
    names.insert(estate.products[product].category);
  categories_.assign(names.begin(), names.end());
  std::vector<std::uint32_t> category_of(estate.products.size());
  for (std::size_t p = 0; p < category_of.size(); ++p)
    category_of[p] = static_cast<std::uint32_t>(
        std::ranges::lower_bound(categories_, estate.products[p].category) - categories_.begin());
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers;
  for (std::size_t line = 0; line < columns.size(); ++line)
    numbers[{columns.site[line], category_of[columns.product[line]]}] = 0;
  for (auto& [key, number] : numbers) {
    number = static_cast<std::uint32_t>(cells_.size());
    cells_.push_back({key.first, key.second});
  }
  for (std::size_t line = 0; line < columns.size(); ++line)
    cell_of_.push_back(numbers.at({columns.site[line], category_of[columns.product[line]]}));
}

void PlayPlan::add_days() {
  const OrderRunInput& in = input_.tonight;
  const auto days = static_cast<std::size_t>(input_.periods);
  const Schedule schedule = Schedule::build(in.estate, in.as_of);
  lines_.assign(cells_.size() * days, 0);
  Columns columns = without_history(in.columns);
  for (std::size_t i = 0; i < days; ++i) {
    columns.history.last_period = in.columns.history.last_period + static_cast<std::int32_t>(i);
    const Date date = date_of(columns.kind, columns.history.last_period + 1);
    const Date evening = date - 1;
    Day day{.routes = Routes::build(in.estate, columns, evening, in.threads),
            .in_range = {in.in_range.begin(), in.in_range.end()},
            .demand = {},
            .counted = std::vector<std::uint8_t>(columns.size(), 0)};
    if (i > 0) day.in_range = in_range_of(in.estate, columns, day.routes, evening, in.threads);
    day.demand = DepotDemand::build({in.estate, columns, in.outlook, in.positions, in.settings,
                                     day.in_range, evening, in.threads});
    for (std::size_t line = 0; line < columns.size(); ++line) {
      if (day.in_range[line] == 0 || !schedule.open_on(columns.site[line], date)) continue;
      const auto stay = stay_from(in.estate, columns, line, date);
      if (!stay || stay->from > date) continue;
      day.counted[line] = 1;
      ++lines_[cell_of_[line] * days + i];
    }
    days_.push_back(std::move(day));
  }
}

PlayedPath play_path(const PlayPlan& plan, const DemandSource& demand,
                     std::span<const TrueStock> truth, PlayLimits limits) {
  return Path(plan, demand, truth, limits).run();
}

std::vector<PlayedPath> play_paths(const PlayPlan& plan, const PlayOptions& options) {
  const OrderRunInput& in = plan.input().tonight;
  const std::int32_t origin = in.columns.history.last_period;
  std::vector<PlayedPath> paths(options.paths);
  std::mutex mutex;
  std::size_t done = 0;
  base::for_ranges(
      options.threads, paths.size(), 1, [&](std::size_t path, std::size_t, std::size_t) {
        const SampledDemand demand(in.columns, in.settings, options.seed,
                                   static_cast<std::uint32_t>(path),
                                   {origin - planner::raw_periods + 1, origin + plan.days()});
        paths[path] = play_path(plan, demand, {}, options.limits);
        const std::lock_guard lock(mutex);
        ++done;
        if (options.progress)
          options.progress(static_cast<double>(done) / static_cast<double>(paths.size()));
      });
  return paths;
}

}  // namespace nightly
