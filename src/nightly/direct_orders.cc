#include "nightly/direct_orders.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "nightly/order_limits.h"
#include "nightly/order_numbers.h"
#include "nightly/terms.h"

namespace nightly {
namespace {

using estate::none;

constexpr double units_max = 1e9;

// Lines with equal keys go to a supplier as one order on one set of terms.
using Key = std::tuple<std::uint32_t, std::uint32_t, Date, std::int32_t, estate::OrderBasis,
                       std::int64_t, std::int64_t>;

class DirectOrders {
 public:
  explicit DirectOrders(const OrderRunInput& input)
      : in_(input), sources_(Sources::build(input.estate, input.as_of)) {}

  void fit(Night& night) const {
    std::map<Key, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < night.orders.size(); ++i) {
      const OrderLine& order = night.orders[i];
      if (order.source_supplier == none) continue;
      const Source source = source_of(order);
      if (source.min_order == 0 && source.max_order == 0) continue;
      members[{in_.columns.site[order.line], source.supplier, order.on_shelf, order.drop,
               source.order_basis, source.min_order, source.max_order}]
          .push_back(i);
    }
    for (const auto& [key, lines] : members) fit_one(lines, night);
  }

 private:
  // Where deliveries.csv names another supplier than supply.csv, his own terms count.
  Source source_of(const OrderLine& order) const {
    const Source source = sources_.of(in_.columns.site[order.line], order.product);
    if (source.supplier == order.source_supplier) return source;
    const estate::Supplier& supplier = in_.estate.suppliers[order.source_supplier];
    return {.supplier = order.source_supplier,
            .order_basis = supplier.order_basis,
            .min_order = supplier.min_order,
            .max_order = supplier.max_order};
  }

  void fit_one(std::span<const std::size_t> members, Night& night) const {
    std::vector<planner::SupplierLine> lines;
    for (const std::size_t i : members) lines.push_back(line_of(night.orders[i]));
    const Source source = source_of(night.orders[members.front()]);
    const auto fit = planner::fit_order(lines, limits_of(source, in_.columns.kind));
    if (waits(fit)) ++night.direct_orders_below_minimum;
    const OrderLine& first = night.orders[members.front()];
    if (fit == planner::SupplierFit::unreachable)
      night.minimums_out_of_reach.push_back({in_.columns.site[first.line], source.supplier});
    for (std::size_t k = 0; k < members.size(); ++k)
      give(lines[k].steps, fit, night.orders[members[k]]);
  }

  static void give(std::int32_t steps, planner::SupplierFit fit, OrderLine& order) {
    const std::int32_t units = steps * order.multiple;
    if (steps > cases_of(order)) {
      order.units = units;
      order.reason = OrderReason::minimum;
    } else if (units < order.units && steps < cases_of(order)) {
      order.cut_units += order.units - units;
      order.cut_reason = waits(fit) ? CutReason::order_min : CutReason::order_max;
      order.units = units;
    }
  }

  planner::SupplierLine line_of(const OrderLine& order) const {
    const std::int32_t begin = period_of(in_.columns.kind, order.on_shelf);
    const std::int32_t end = std::max(period_of(in_.columns.kind, order.next_on_shelf), begin + 1);
    double position = order.expected_on_hand;
    for (const planner::Receipt& receipt : in_.positions.receipts_of(order.line))
      if (begin <= receipt.period && receipt.period < end) position += receipt.units;
    planner::SupplierLine line{
        .position_units = position,
        .units_per_period = order.expected_demand / (end - begin),
        .until_next_units = order.expected_demand,
        .step_units = order.multiple,
        .step_measure = measure_of(in_.estate, source_of(order), order.product, order.multiple),
        .steps = static_cast<std::int32_t>(cases_of(order))};
    line.steps_max = line.steps;
    if (order.stock_known && order.cut_units == 0)
      line.steps_max = std::max(line.steps, room(order, begin, position) / order.multiple);
    return line;
  }

  // Units that shelf, life and order_units_max leave to an order that grows.
  std::int32_t room(const OrderLine& order, std::int32_t begin, double position) const {
    const Terms terms = terms_of(in_.estate, in_.columns, order.line, order.on_shelf);
    double room = units_max;
    if (terms.shelf_max > 0) room = std::min(room, terms.shelf_max - position);
    if (terms.order_max > 0) room = std::min<double>(room, terms.order_max);
    if (terms.life_periods > 0) {
      const planner::Moments sold =
          in_.outlook.line(order.line).over(begin, begin + terms.life_periods);
      room = std::min(room, planner::quantile(sold, terms.life_quantile(in_.settings)) - position);
    }
    return static_cast<std::int32_t>(std::max(room, 0.0));
  }

  const OrderRunInput& in_;
  Sources sources_;
};

}  // namespace

void fit_direct_orders(const OrderRunInput& input, Night& night) { DirectOrders(input).fit(night); }

}  // namespace nightly
