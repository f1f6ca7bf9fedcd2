#include "nightly/backtest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <fmt/core.h>

#include "base/parallel.h"
#include "estate/read_one.h"
#include "nightly/benchmark_rule.h"
#include "nightly/outlook.h"
#include "nightly/terms.h"
#include "planner/replenish.h"

namespace nightly {
namespace {

using estate::Estate;

constexpr std::int32_t window_weeks = 8;
constexpr std::size_t lines_per_chunk = 1024;
// Profiles reach this far past a decision: the longest interval and the longest life that limits an
// order.
constexpr std::int32_t outlook_periods = 2 * next_drop_days_max + life_periods_max;
constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();

// One line's shelf in the play.
struct Shelf {
  std::vector<planner::Batch> batches;     // ascending by last_period, units > 0
  std::vector<planner::Receipt> receipts;  // ascending by period
  std::int32_t first_arrival = never;      // costs count from here on
  Played played;

  std::int64_t on_hand() const {
    std::int64_t units = 0;
    for (const planner::Batch& batch : batches) units += batch.units;
    return units;
  }
  std::int64_t on_order() const {
    std::int64_t units = 0;
    for (const planner::Receipt& receipt : receipts) units += receipt.units;
    return units;
  }
  void receive(std::int32_t period, std::int32_t life) {
    while (!receipts.empty() && receipts.front().period <= period) {
      if (receipts.front().units > 0) {
        const std::int32_t last = life > 0 ? period + life - 1 : never;
        const auto place = std::upper_bound(
            batches.begin(), batches.end(), last,
            [](std::int32_t value, const planner::Batch& b) { return value < b.last_period; });
        batches.insert(place, {last, receipts.front().units});
      }
      receipts.erase(receipts.begin());
    }
  }
  void order(std::int32_t period, std::int32_t units) {
    if (units <= 0) return;
    const auto place = std::upper_bound(
        receipts.begin(), receipts.end(), period,
        [](std::int32_t value, const planner::Receipt& r) { return value < r.period; });
    receipts.insert(place, {period, units});
  }
  // Sells the oldest first; returns units sold.
  std::int32_t sell(std::int32_t demand) {
    std::int32_t sold = 0;
    while (sold < demand && !batches.empty()) {
      planner::Batch& oldest = batches.front();
      const std::int32_t taken = std::min(demand - sold, oldest.units);
      sold += taken;
      oldest.units -= taken;
      if (oldest.units == 0) batches.erase(batches.begin());
    }
    return sold;
  }
  std::int32_t expire(std::int32_t period) {
    std::int32_t wasted = 0;
    while (!batches.empty() && batches.front().last_period <= period) {
      wasted += batches.front().units;
      batches.erase(batches.begin());
    }
    return wasted;
  }
};

// Units wanted by line and period.
class DemandTable {
 public:
  DemandTable(std::size_t lines, std::int32_t first, std::int32_t count)
      : first_(first), count_(count), units_(lines * static_cast<std::size_t>(count), 0) {}
  void set(std::size_t line, std::int32_t period, std::int32_t units) {
    if (period >= first_ && period < first_ + count_) units_[at(line, period)] = units;
  }
  std::int32_t of(std::size_t line, std::int32_t period) const { return units_[at(line, period)]; }

 private:
  std::size_t at(std::size_t line, std::int32_t period) const {
    return line * static_cast<std::size_t>(count_) + static_cast<std::size_t>(period - first_);
  }
  std::int32_t first_, count_;
  std::vector<std::int32_t> units_;
};

DemandTable recorded_demand(const Columns& columns, std::int32_t first, std::int32_t count) {
  const planner::History& history = columns.history;
  DemandTable table(columns.size(), first, count);
  for (std::size_t line = 0; line < columns.size(); ++line)
    for (std::uint64_t row = history.row_begin[line]; row < history.row_begin[line + 1]; ++row)
      table.set(line, history.row_period[row], std::max(0, history.row_units[row]));
  return table;
}

DemandTable true_demand(const Columns& columns, const std::vector<TrueDemand>& truth,
                        std::int32_t first, std::int32_t count) {
  DemandTable table(columns.size(), first, count);
  for (const TrueDemand& row : truth)
    if (const std::uint32_t line = columns.find(row.site, row.product); line != estate::none)
      table.set(line, period_of(columns.kind, row.date), row.units);
  return table;
}

struct TruthRow {
  std::string_view site, product;
  Date date;
  std::int64_t demand = 0;
};

constexpr auto truth_columns = std::to_array<estate::Column<TruthRow>>({
    {"date", estate::Need::required, estate::values::date<&TruthRow::date>},
    {"site", estate::Need::required, estate::values::id<&TruthRow::site>},
    {"product", estate::Need::required, estate::values::id<&TruthRow::product>},
    {"demand", estate::Need::required,
     estate::values::whole<&TruthRow::demand, 0, estate::units_max>},
});
constexpr estate::Table<TruthRow> truth_table{"truth.csv", truth_columns};

class Play {
 public:
  Play(const Estate& estate, Columns& columns, const BacktestOptions& options,
       const DemandTable& demand)
      : estate_(estate),
        columns_(columns),
        options_(options),
        demand_(demand),
        fold_(planner::default_settings(columns.kind)),
        last_known_(columns.history.last_period) {}

  Played window(std::int32_t begin, std::int32_t end) {
    shelves_.assign(columns_.size(), {});
    state_.reset();
    fill_shelves(begin);
    for (std::int32_t t = begin - 1; t < end; ++t) {
      if (t >= begin) trade(t);
      if (t + 1 < end) decide(t, end);
    }
    columns_.history.last_period = last_known_;
    Played total;
    for (const Shelf& shelf : shelves_) total += shelf.played;
    return total;
  }

 private:
  Interval interval(const Sources& sources, const Schedule& schedule, std::size_t line) const {
    const std::uint32_t site = columns_.site[line], product = columns_.product[line];
    return interval_of(columns_.kind, schedule.tonight(site, estate_.products[product].chain,
                                                       sources.of(site, product)));
  }

  // The same start for every policy.
  void fill_shelves(std::int32_t begin) {
    columns_.history.last_period = begin - 1;
    for (std::int32_t t = begin - 1; t < begin + next_drop_days_max; ++t) {
      const Date date = date_of(columns_.kind, t);
      const Sources sources = Sources::build(estate_, date);
      const Schedule schedule = Schedule::build(estate_, date);
      bool missing = false;
      for (std::size_t line = 0; line < columns_.size(); ++line) {
        if (shelves_[line].first_arrival != never) continue;
        const Interval drop = interval(sources, schedule, line);
        if (drop.orders) shelves_[line].first_arrival = drop.on_shelf;
        missing |= !drop.orders;
      }
      if (!missing) break;
    }
    for (std::size_t line = 0; line < columns_.size(); ++line) {
      Shelf& shelf = shelves_[line];
      const double mean = recent_mean(columns_.history, columns_.kind, line, begin - 1);
      const Terms terms = terms_of(estate_, columns_, line, date_of(columns_.kind, begin));
      const auto start = static_cast<std::int32_t>(std::nearbyint(1.5 * mean));
      if (start > 0)
        shelf.batches.push_back(
            {terms.life_periods > 0 ? begin + terms.life_periods - 1 : never, start});
      if (shelf.first_arrival == never) continue;
      for (std::int32_t t = begin; t < shelf.first_arrival; ++t)
        shelf.order(t, static_cast<std::int32_t>(std::nearbyint(mean)));
    }
  }

  void trade(std::int32_t period) {
    base::for_ranges(
        options_.threads, columns_.size(), lines_per_chunk,
        [&](std::size_t first, std::size_t last, std::size_t) {
          for (std::size_t line = first; line < last; ++line) {
            Shelf& shelf = shelves_[line];
            const Terms terms = terms_of(estate_, columns_, line, date_of(columns_.kind, period));
            shelf.receive(period, terms.life_periods);
            const std::int32_t demand = demand_.of(line, period);
            const std::int32_t sold = shelf.sell(demand);
            const std::int32_t wasted = shelf.expire(period);
            if (period < shelf.first_arrival) continue;
            const double shortage = terms.level > 0 ? terms.level : terms.shortage_cost;
            const double holding = terms.level > 0 ? 1 - terms.level : terms.holding_cost;
            shelf.played.holding_cost += holding * static_cast<double>(shelf.on_hand());
            shelf.played.lost_sales_cost += shortage * (demand - sold);
            shelf.played.demand_units += demand;
            shelf.played.sold_units += sold;
            shelf.played.lost_units += demand - sold;
            shelf.played.waste_units += wasted;
            const estate::Product& product = estate_.products[columns_.product[line]];
            const base::Money price =
                product.unit_price.value_or(product.unit_cost.value_or(base::Money{}));
            shelf.played.demand_value = shelf.played.demand_value + price * demand;
            shelf.played.lost_value = shelf.played.lost_value + price * (demand - sold);
            shelf.played.waste_value = shelf.played.waste_value + price * wasted;
          }
        });
  }

  void decide(std::int32_t origin, std::int32_t end) {
    columns_.history.last_period = origin;
    const Date date = date_of(columns_.kind, origin);
    const Sources sources = Sources::build(estate_, date);
    const Schedule schedule = Schedule::build(estate_, date);
    choose_range_rows(columns_, estate_, date + 1);
    std::unique_ptr<BenchmarkRule> rule;
    std::unique_ptr<Outlook> outlook;
    if (options_.policy == PolicyChoice::benchmark) {
      rule = std::make_unique<BenchmarkRule>(columns_);
    } else {
      state_ = std::make_unique<planner::State>(
          state_ ? planner::advance(*state_, columns_.history, columns_.pools, columns_.events,
                                    fold_, options_.threads)
                 : planner::rebuild(columns_.history, columns_.pools, columns_.events, fold_,
                                    options_.threads));
      outlook = std::make_unique<Outlook>(columns_, *state_, fold_, outlook_periods);
    }
    base::for_ranges(options_.threads, columns_.size(), lines_per_chunk,
                     [&](std::size_t first, std::size_t last, std::size_t) {
                       for (std::size_t line = first; line < last; ++line) {
                         const Interval drop = interval(sources, schedule, line);
                         if (!drop.orders || drop.on_shelf >= end) continue;
                         const Terms terms = terms_of(estate_, columns_, line, date + 1);
                         if (!terms.orderable) continue;
                         Shelf& shelf = shelves_[line];
                         const std::int32_t units =
                             rule ? by_rule(*rule, line, shelf, terms, origin, drop)
                                  : by_planner(*outlook, line, shelf, terms, origin, drop);
                         if (units <= 0) continue;
                         shelf.order(drop.on_shelf, units);
                         shelf.played.ordered_units += units;
                       }
                     });
  }

  // Cover what is expected until one period after the next drop.
  static std::int32_t by_rule(const BenchmarkRule& rule, std::size_t line, const Shelf& shelf,
                              const Terms& terms, std::int32_t origin, const Interval& drop) {
    const double expected = rule.expected(line, origin + 1, drop.next_on_shelf + 1);
    const double short_by = expected - static_cast<double>(shelf.on_hand() + shelf.on_order());
    const auto need = static_cast<std::int32_t>(std::nearbyint(std::max(0.0, short_by)));
    return (need + terms.multiple - 1) / terms.multiple * terms.multiple;
  }

  std::int32_t by_planner(const Outlook& outlook, std::size_t line, const Shelf& shelf,
                          const Terms& terms, std::int32_t origin, const Interval& drop) const {
    planner::Position position;
    position.on_hand_units = static_cast<std::int32_t>(shelf.on_hand());
    position.receipts = shelf.receipts;
    if (terms.life_periods > 0) position.batches = shelf.batches;
    position.on_shelf = drop.on_shelf;
    position.next_on_shelf = drop.next_on_shelf;
    position.service_level = terms.quantile(drop.next_on_shelf - drop.on_shelf, fold_.settings());
    position.life_periods = terms.life_periods;
    position.life_level = terms.life_quantile(fold_.settings());
    position.presentation_units_min = terms.presentation;
    position.shelf_units_max = terms.shelf_max;
    position.order_multiple_units = terms.multiple;
    position.order_units_max = terms.order_max;
    return planner::replenish(outlook.line(line), origin, position, fold_.settings()).units;
  }

  const Estate& estate_;
  Columns& columns_;
  const BacktestOptions& options_;
  const DemandTable& demand_;
  planner::Fold fold_;
  std::int32_t last_known_;
  std::vector<Shelf> shelves_;
  std::unique_ptr<planner::State> state_;
};

}  // namespace

Played& Played::operator+=(const Played& other) {
  holding_cost += other.holding_cost;
  lost_sales_cost += other.lost_sales_cost;
  demand_units += other.demand_units;
  sold_units += other.sold_units;
  lost_units += other.lost_units;
  waste_units += other.waste_units;
  ordered_units += other.ordered_units;
  demand_value = demand_value + other.demand_value;
  lost_value = lost_value + other.lost_value;
  waste_value = waste_value + other.waste_value;
  return *this;
}

base::Result<std::vector<TrueDemand>> read_truth(io::Disk& disk, const io::Path& file,
                                                 const Estate& estate) {
  std::vector<TrueDemand> truth;
  const auto take = [&](const TruthRow& row, std::uint64_t line) -> base::Result<> {
    const std::uint32_t site = estate::find_site(estate, row.site);
    const std::uint32_t product = estate::find_product(estate, row.product);
    if (site == estate::none || product == estate::none)
      return base::fail(base::ErrorCode::input_bad,
                        fmt::format("{}:{}: column {}: \"{}\": expected an id of the estate",
                                    file.string(), line, site == estate::none ? "site" : "product",
                                    site == estate::none ? row.site : row.product));
    truth.push_back({site, product, row.date, static_cast<std::int32_t>(row.demand)});
    return {};
  };
  TRY(estate::read_csv(disk, file, truth_table, take));
  return truth;
}

base::Result<BacktestResult> backtest(const Estate& estate, const BacktestOptions& options,
                                      const std::vector<TrueDemand>& truth) {
  if (estate.sales.size() == 0)
    return base::fail(base::ErrorCode::nothing_to_do, "sales.csv has no rows to play over");
  const Date last =
      estate::sale_date(*std::max_element(estate.sales.day.begin(), estate.sales.day.end()));
  Columns columns = build_columns(estate, last, outlook_periods);
  const std::int32_t width = options.window_periods > 0             ? options.window_periods
                             : columns.kind == planner::Period::day ? window_weeks * 7
                                                                    : window_weeks;
  const std::int32_t begin = period_of(columns.kind, options.from);
  const std::int32_t end = begin + options.periods;
  if (begin - 1 < columns.history.first_period || end - 1 > columns.history.last_period)
    return base::fail(
        base::ErrorCode::input_bad,
        fmt::format("--from {} with {} periods does not lie within the history, {} to {}",
                    base::to_string(options.from), options.periods,
                    base::to_string(date_of(columns.kind, columns.history.first_period)),
                    base::to_string(last)));
  const DemandTable demand = truth.empty() ? recorded_demand(columns, begin, end - begin)
                                           : true_demand(columns, truth, begin, end - begin);
  if (!truth.empty()) {
    const auto [oldest, newest] = std::minmax_element(
        truth.begin(), truth.end(),
        [](const TrueDemand& a, const TrueDemand& b) { return a.date < b.date; });
    if (period_of(columns.kind, oldest->date) > begin ||
        period_of(columns.kind, newest->date) < end - 1)
      return base::fail(base::ErrorCode::input_bad,
                        fmt::format("the windows do not lie within the true demand, {} to {}",
                                    base::to_string(oldest->date), base::to_string(newest->date)));
  }
  Play play(estate, columns, options, demand);
  BacktestResult result;
  for (std::int32_t first = begin; first < end; first += width) {
    const Played played = play.window(first, std::min(first + width, end));
    result.windows.push_back({date_of(columns.kind, first), played});
    result.total += played;
  }
  return result;
}

}  // namespace nightly
