#include "nightly/surge_guard.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "nightly/order_limits.h"

namespace nightly {
namespace {

using estate::Chain;
using estate::none;
using estate::OrderBasis;

constexpr std::int64_t milli = 1000;
constexpr std::int32_t week_days = 7;

std::int64_t thousandths(std::int64_t units, std::int64_t per) {
  return per <= 0 ? 0 : static_cast<std::int64_t>(static_cast<__int128>(units) * milli / per);
}

std::int64_t milli_cases(const estate::Product& product, std::int64_t units) {
  return thousandths(units, std::max(product.case_units, 1));
}

std::int64_t milli_pallets(const estate::Product& product, std::int64_t units) {
  return thousandths(units, std::int64_t{std::max(product.case_units, 1)} * product.pallet_cases);
}

// What tonight's orders are held against, built as lines ask for it.
class Limits {
 public:
  Limits(const OrderRunInput& input, const DepotDemand& demand, Night& night)
      : in_(input),
        demand_(demand),
        night_(night),
        tomorrow_(input.columns.history.last_period + 1),
        sources_(Sources::build(input.estate, input.as_of)) {}

  void apply() {
    collect();
    if (lines_.empty()) return;
    set_allowances();
    set_docks();
    spread_surge(lines_, allowances_, docks_, floors_);
    hold_depots();
    hold_stores();
  }

 private:
  const estate::Product& product_of(std::uint32_t product) const {
    return in_.estate.products[product];
  }

  // What a supplier confirmed for a day, as the terms of an order.
  Source confirmed_by(std::uint32_t supplier) const {
    const estate::Supplier& from = in_.estate.suppliers[supplier];
    Source source;
    source.supplier = supplier;
    source.order_basis = from.order_basis;
    source.max_order = from.surge_max;
    return source;
  }

  void collect() {
    for (const DepotOrderLine& order : night_.depot_orders) {
      SurgeLine line{.order = order.order};
      line.order.steps = order.units / std::max(order.order.step_units, 1);
      add(order.supplier, order.product, line);
    }
    depot_lines_ = lines_.size();
    for (std::uint32_t i = 0; i < night_.orders.size(); ++i) {
      const OrderLine& order = night_.orders[i];
      if (order.source_supplier == none || order.units <= 0) continue;
      const std::int32_t periods = std::max(order.next_on_shelf - order.on_shelf, 1);
      SurgeLine line;
      line.order = {.position_units = order.expected_on_hand,
                    .units_per_period = order.expected_demand / periods,
                    .until_next_units = order.expected_demand,
                    .step_units = std::max(order.multiple, 1),
                    .step_measure = 0,
                    .steps_max = 0,
                    .steps = order.units / std::max(order.multiple, 1)};
      store_orders_.push_back(i);
      add(order.source_supplier, order.product, line);
    }
  }

  void add(std::uint32_t supplier, std::uint32_t index, SurgeLine line) {
    const estate::Product& product = product_of(index);
    const estate::Supplier& from = in_.estate.suppliers[supplier];
    const bool is_short = is_short_lived(product);
    // A confirmed limit is for all goods together, a usual day is one of its kind of goods.
    const bool confirmed = from.surge_max > 0;
    line.allowance = allowance_numbers_
                         .try_emplace({supplier, !confirmed && is_short},
                                      static_cast<std::uint32_t>(allowance_numbers_.size()))
                         .first->second;
    line.order.step_measure =
        confirmed ? measure_of(in_.estate, confirmed_by(supplier), index, line.order.step_units)
                  : milli_cases(product, line.order.step_units);
    line.step_milli_cases = milli_cases(product, line.order.step_units);
    line.step_milli_pallets = milli_pallets(product, line.order.step_units);
    line.first = is_short || product.tier == 1;
    lines_.push_back(line);
  }

  void set_allowances() {
    allowances_.assign(allowance_numbers_.size(), 0);
    std::vector<std::int64_t> largest(allowances_.size(), 0);
    for (const SurgeLine& line : lines_)
      largest[line.allowance] = std::max(largest[line.allowance], line.order.step_measure);
    const auto expected = expected_days();
    const auto recorded = recorded_days();
    for (const auto& [key, number] : allowance_numbers_) {
      const auto [supplier, is_short] = key;
      const estate::Supplier& from = in_.estate.suppliers[supplier];
      if (from.surge_max > 0) {
        allowances_[number] = limits_of(confirmed_by(supplier), in_.columns.kind).max;
        continue;
      }
      const auto days = recorded.find(key);
      const auto usual = expected.find(key);
      allowances_[number] =
          default_allowance(days == recorded.end() ? std::span<const std::int64_t>{} : days->second,
                            usual == expected.end() ? 0 : usual->second,
                            is_short ? surge_factor_short : surge_factor_keeping, largest[number],
                            least_order(supplier));
    }
  }

  // A supplier's minimum in thousandths of a case; where it is set in anything else, what he is
  // asked for tonight, since a smaller order may not be one that he takes.
  std::int64_t least_order(std::uint32_t supplier) const {
    std::int64_t least = 0;
    for (const DepotSupply& supply : demand_.supplies()) {
      if (supply.source.supplier != supplier || supply.source.min_order <= 0) continue;
      if (supply.source.order_basis == OrderBasis::cases)
        least = std::max(least, supply.source.min_order * milli);
      else
        least = std::max(least, ordered_from(supply.depot, supplier));
    }
    return least;
  }
  std::int64_t ordered_from(std::uint32_t depot, std::uint32_t supplier) const {
    std::int64_t cases = 0;
    for (const DepotOrderLine& order : night_.depot_orders)
      if (order.depot == depot && order.supplier == supplier && order.reason == "minimum")
        cases += milli_cases(product_of(order.product), order.units);
    return cases;
  }

  using Kind = std::pair<std::uint32_t, bool>;  // supplier, short-lived goods

  // A week's expected demand over the order days of a week, in thousandths of a case.
  std::map<Kind, double> expected_days() const {
    std::map<Kind, double> days;
    const bool daily = in_.columns.kind == planner::Period::day;
    const auto add_week = [&](const Source& source, std::uint32_t index, double week_units) {
      const estate::Product& product = product_of(index);
      const int order_days = !daily || source.order_weekdays == 0
                                 ? (daily ? week_days : 1)
                                 : std::popcount(source.order_weekdays);
      days[{source.supplier, is_short_lived(product)}] +=
          week_units * static_cast<double>(milli) / std::max(product.case_units, 1) / order_days;
    };
    const std::int32_t periods = daily ? week_days : 1;
    for (std::size_t i = 0; i < demand_.products().size(); ++i) {
      const DepotProduct& product = demand_.products()[i];
      if (product.supply == none) continue;
      add_week(demand_.supplies()[product.supply].source, product.product,
               demand_.mean(i, tomorrow_, tomorrow_ + periods));
    }
    if (store_orders_.empty()) return days;
    for (std::size_t line = 0; line < in_.columns.size(); ++line) {
      if (in_.in_range[line] == 0) continue;
      const Source source = sources_.of(in_.columns.site[line], in_.columns.product[line]);
      if (source.supplier == none) continue;
      add_week(source, in_.columns.product[line],
               in_.outlook.line(line).over(tomorrow_, tomorrow_ + periods).mean);
    }
    return days;
  }

  // What depots received from each supplier on the last days on which anything came, in thousandths
  // of a case.
  std::map<Kind, std::vector<std::int64_t>> recorded_days() const {
    std::map<std::tuple<std::uint32_t, bool, Date>, std::int64_t> by_day;
    for (const estate::MovementRow& row : in_.estate.movements) {
      if (row.reason != estate::MovementReason::received || row.date > in_.as_of) continue;
      if (in_.estate.sites[row.site].kind != estate::SiteKind::depot) continue;
      const Source source = sources_.of(row.site, row.product);
      if (source.supplier == none) continue;
      const estate::Product& product = product_of(row.product);
      by_day[{source.supplier, is_short_lived(product), row.date}] +=
          milli_cases(product, row.units);
    }
    std::map<Kind, std::vector<std::int64_t>> days;
    for (const auto& [key, cases] : by_day)
      days[{std::get<0>(key), std::get<1>(key)}].push_back(cases);
    for (auto& [kind, cases] : days)
      if (cases.size() > surge_order_days)
        cases.erase(cases.begin(), cases.end() - static_cast<std::ptrdiff_t>(surge_order_days));
    return days;
  }

  // What capacity.csv says of a depot's chain on a day; the most specific row counts.
  const estate::CapacityRow* capacity(std::uint32_t depot, Chain chain, Date day) const {
    const estate::CapacityRow* best = nullptr;
    const auto rank = [](const estate::CapacityRow& row) {
      return row.date ? 2 : row.weekday >= 0 ? 1 : 0;
    };
    for (const estate::CapacityRow& row : in_.estate.capacity) {
      if (row.depot != depot || row.chain != chain) continue;
      if (row.date ? *row.date != day : row.weekday >= 0 && row.weekday != base::weekday(day))
        continue;
      if (best == nullptr || rank(row) > rank(*best)) best = &row;
    }
    return best;
  }

  void set_docks() {
    std::map<std::tuple<std::uint32_t, Chain, Date>, std::uint32_t> docks;
    std::map<std::pair<std::uint32_t, Chain>, Date> last_due;
    for (std::size_t i = 0; i < depot_lines_; ++i) {
      const DepotOrderLine& order = night_.depot_orders[i];
      const Chain chain = product_of(order.product).chain;
      const auto place = last_due.try_emplace({order.depot, chain}, order.due).first;
      place->second = std::max(place->second, order.due);
      const estate::CapacityRow* row = capacity(order.depot, chain, order.due);
      if (row == nullptr || row->receive_pallets < 0) continue;
      const auto [dock, is_new] = docks.try_emplace({order.depot, chain, order.due},
                                                    static_cast<std::uint32_t>(docks_.size()));
      if (is_new)
        docks_.push_back(std::max<std::int64_t>(
            0, row->receive_pallets * milli -
                   under_way(order.depot, chain, order.due, order.due, milli_pallets)));
      lines_[i].dock = dock->second;
    }
    for (const auto& [key, due] : last_due) set_floor(key.first, key.second, due);
  }

  // Cases under way to a depot have to fit into what it can pick until a week after the last of
  // them comes.
  void set_floor(std::uint32_t depot, Chain chain, Date last_due) {
    std::int64_t cases = 0;
    const Date first = in_.as_of + 1, last = last_due + (week_days - 1);
    for (Date day = first; day <= last; day = day + 1) {
      const estate::CapacityRow* row = capacity(depot, chain, day);
      if (row == nullptr || row->pick_cases < 0) return;
      cases += row->pick_cases;
    }
    const auto floor = static_cast<std::uint32_t>(floors_.size());
    floors_.push_back(std::max<std::int64_t>(
        0, cases * milli - under_way(depot, chain, first, last, milli_cases)));
    for (std::size_t i = 0; i < depot_lines_; ++i)
      if (night_.depot_orders[i].depot == depot &&
          product_of(night_.depot_orders[i].product).chain == chain)
        lines_[i].floor = floor;
  }

  std::int64_t under_way(std::uint32_t depot, Chain chain, Date first, Date last,
                         std::int64_t (*measure)(const estate::Product&, std::int64_t)) const {
    std::int64_t sum = 0;
    const auto rows =
        std::ranges::equal_range(in_.estate.on_order, depot, {}, &estate::OnOrderRow::site);
    for (const estate::OnOrderRow& row : rows) {
      if (row.due < first || last < row.due || row.units <= 0) continue;
      if (row.status == "cancelled" || row.status == "received") continue;
      const estate::Product& product = product_of(row.product);
      if (product.chain == chain) sum += measure(product, row.units);
    }
    return sum;
  }

  void hold(std::uint32_t supplier, std::uint32_t site, std::uint32_t product,
            std::int32_t wanted_units, std::int32_t units, SurgeLimit limit) {
    night_.surge_held.push_back({supplier, site, product, wanted_units, units, limit});
  }

  void hold_depots() {
    for (std::size_t i = 0; i < depot_lines_; ++i) {
      if (lines_[i].limit == SurgeLimit::none) continue;
      DepotOrderLine& order = night_.depot_orders[i];
      const std::int32_t units = lines_[i].order.steps * lines_[i].order.step_units;
      hold(order.supplier, order.depot, order.product, order.units, units, lines_[i].limit);
      order.cases = static_cast<std::int32_t>(std::int64_t{order.cases} * units / order.units);
      order.units = units;
      order.reason = "surge";
    }
    std::erase_if(night_.depot_orders,
                  [](const DepotOrderLine& order) { return order.units == 0; });
  }

  void hold_stores() {
    for (std::size_t k = 0; k < store_orders_.size(); ++k) {
      const SurgeLine& line = lines_[depot_lines_ + k];
      if (line.limit == SurgeLimit::none) continue;
      OrderLine& order = night_.orders[store_orders_[k]];
      const std::int32_t units = line.order.steps * line.order.step_units;
      hold(order.source_supplier, in_.columns.site[order.line], order.product, order.units, units,
           line.limit);
      order.cut_units += order.units - units;
      order.units = units;
      order.cut_reason = CutReason::surge;
    }
  }

  const OrderRunInput& in_;
  const DepotDemand& demand_;
  Night& night_;
  std::int32_t tomorrow_;
  Sources sources_;
  std::vector<SurgeLine> lines_;  // of depots, then of stores
  std::size_t depot_lines_ = 0;
  std::vector<std::uint32_t> store_orders_;  // indexes into night.orders
  std::map<Kind, std::uint32_t> allowance_numbers_;
  std::vector<std::int64_t> allowances_, docks_, floors_;
};

}  // namespace

void guard_surges(const OrderRunInput& input, const DepotDemand& demand, Night& night) {
  Limits(input, demand, night).apply();
}

}  // namespace nightly
