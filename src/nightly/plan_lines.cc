#include "nightly/plan_lines.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "nightly/allocate.h"
#include "nightly/range_days.h"
#include "nightly/terms.h"
#include "planner/scarcity.h"

namespace nightly {
namespace {

constexpr std::size_t lines_per_chunk = 4096;

// The lines of one chunk, in the order they are asked for.
class Planner {
 public:
  Planner(const OrderRunInput& input, const Routes& routes, const LineTerms& terms)
      : in_(input), routes_(routes), terms_(terms), origin_(input.columns.history.last_period) {}

  // Orders come out in the order of the lines.
  void plan(std::span<const std::size_t> lines_asked) {
    Waiting waiting;
    for (const std::size_t line : lines_asked) plan(line, waiting);
    plan_waiting(waiting);
  }

  std::vector<OrderLine> orders;
  std::size_t lines = 0, lines_due = 0, lines_unknown = 0, lines_unknown_unordered = 0;
  std::size_t above_tier = 0;
  double unserved = 0, expected = 0;
  std::vector<PlannedDrop>* watched = nullptr;  // where drops are told, if anybody asks

 private:
  // One drop's order of a line.
  struct Asked {
    std::size_t line;
    const Drop* drop;
    Date next_on_shelf;
    Interval interval;
    std::int32_t origin;  // nothing is sold up to the close of this period
    bool is_last;         // the line ends with this order's days
    Terms terms;
  };

  // What the drops of one line come to.
  struct LineCounts {
    bool due = false;
    bool case_too_large;  // for every drop
  };
  // Lines whose quantities are found together, which takes a fraction of the time.
  struct Waiting {
    std::vector<Asked> asked;
    std::vector<planner::Position> positions;
    std::vector<planner::Demand::Line> demand;
  };
  static constexpr std::size_t waiting_max = 64;

  void plan(std::size_t line, Waiting& waiting) {
    ++lines;
    const bool known = in_.positions.known[line] != 0;
    lines_unknown += !known;
    const std::span<const Drop> drops = routes_.drops(line);
    if (drops.empty()) return;
    if (in_.estate.products[in_.columns.product[line]].tier > in_.tier_max) {
      ++above_tier;
      return;
    }
    const auto demand = in_.outlook.line(line);
    LineCounts counts{.case_too_large = !known};
    earlier_.clear();
    for (const Drop& drop : drops) {
      const std::optional<Asked> asked = asked_of(line, drop);
      if (!asked) continue;
      const planner::Position position = position_of(*asked);
      if (drops.size() == 1 && asked->origin == origin_) {
        if (waiting.asked.size() == waiting_max) plan_waiting(waiting);
        waiting.asked.push_back(*asked);
        waiting.positions.push_back(position);
        waiting.demand.push_back(demand);
        return;
      }
      plan_waiting(waiting);
      const auto planned = planner::replenish(demand, asked->origin, position, in_.settings);
      const OrderLine order = take(*asked, position, planned, demand, counts);
      if (drops.size() > 1) remember(line, asked->interval.on_shelf, order.units);
    }
    add(counts);
  }

  void plan_waiting(Waiting& waiting) {
    std::array<planner::Replenishment, waiting_max> planned;
    const std::size_t count = waiting.asked.size();
    planner::replenish(waiting.demand, origin_, waiting.positions, in_.settings,
                       std::span(planned).first(count));
    for (std::size_t i = 0; i < count; ++i) {
      LineCounts counts{.case_too_large = !waiting.positions[i].stock_known};
      take(waiting.asked[i], waiting.positions[i], planned[i], waiting.demand[i], counts);
      add(counts);
    }
    waiting.asked.clear();
    waiting.positions.clear();
    waiting.demand.clear();
  }

  OrderLine take(const Asked& asked, const planner::Position& position,
                 const planner::Replenishment& planned, const planner::Demand::Line& demand,
                 LineCounts& counts) {
    OrderLine order = order_of(asked, position, planned, demand);
    if (watched != nullptr) watch(asked, position, planned, order);
    expected += order.expected_demand;
    counts.due = true;
    counts.case_too_large &= order.units == 0 && order.on_order == 0 && order.expected_demand > 0 &&
                             order.expected_demand < order.multiple;
    if (!position.stock_known) unserved += unserved_by(demand, asked.interval, order.units);
    // What a sister article has serves the need of both; see docs/design/scarcity.md.
    const estate::Product& product = in_.estate.products[order.product];
    const bool has_sisters = product.tier == planner::first_tier && !product.need_group.empty();
    if (order.units > 0 || order.cut_units > 0 || has_sisters ||
        order.flow == estate::Flow::cross_dock) {
      order.demand_variance = static_cast<float>(planned.demand_variance);
      orders.push_back(order);
    }
    return order;
  }

  void add(const LineCounts& counts) {
    lines_due += counts.due;
    lines_unknown_unordered += counts.due && counts.case_too_large;
  }

  // Nothing where the line is not in range when the goods are there.
  std::optional<Asked> asked_of(std::size_t line, const Drop& drop) const {
    const planner::Period kind = in_.columns.kind;
    Asked asked{line, &drop, drop.next_on_shelf, interval_of(kind, drop), origin_, false, {}};
    const std::int32_t on_shelf = asked.interval.on_shelf;
    auto stay = stay_from(in_.estate, in_.columns, line, in_.as_of + 1);
    if (stay && period_of(kind, stay->to) < on_shelf)
      stay = stay_from(in_.estate, in_.columns, line, drop.on_shelf);
    else if (stay)
      asked.origin = std::max(origin_, period_of(kind, stay->from) - 1);
    if (!stay || period_of(kind, stay->from) > on_shelf) return std::nullopt;
    asked.terms = terms_.of(line, std::max(stay->from, drop.on_shelf));
    if (!asked.terms.orderable) return std::nullopt;
    if (!in_.units_max.empty() && in_.units_max[line] > 0) {
      std::int32_t& most = asked.terms.order_max;
      most = most > 0 ? std::min(most, in_.units_max[line]) : in_.units_max[line];
    }
    if (stay->to < drop.next_on_shelf - 1) {
      asked.is_last = true;
      asked.next_on_shelf = stay->to + 1;
      asked.interval.next_on_shelf =
          std::clamp(period_of(kind, stay->to) + 1, on_shelf + 1, asked.interval.next_on_shelf);
    }
    return asked;
  }

  planner::Position position_of(const Asked& asked) const {
    const Terms& terms = asked.terms;
    const Interval& interval = asked.interval;
    planner::Position position;
    position.stock_known = in_.positions.known[asked.line] != 0;
    position.on_hand_units = in_.positions.on_hand_units[asked.line];
    position.receipts = earlier_.empty() ? in_.positions.receipts_of(asked.line)
                                         : std::span<const planner::Receipt>(earlier_);
    position.batches = in_.positions.batches_of(asked.line);
    position.on_shelf = interval.on_shelf;
    position.next_on_shelf = interval.next_on_shelf;
    position.service_level =
        terms.quantile(interval.next_on_shelf - interval.on_shelf, in_.settings);
    position.life_periods = terms.life_periods;
    position.life_level = terms.life_quantile(in_.settings);
    position.presentation_units_min = asked.is_last ? 0 : terms.presentation;
    position.shelf_units_max = terms.shelf_max;
    position.order_multiple_units = terms.multiple;
    position.order_units_max = terms.order_max;
    return position;
  }

  void watch(const Asked& asked, const planner::Position& position,
             const planner::Replenishment& replenishment, const OrderLine& order) const {
    PlannedDrop& told = watched->emplace_back();
    told.drop = asked.drop;
    told.sells_after = asked.origin;
    told.is_last = asked.is_last;
    told.terms = asked.terms;
    told.receipts.assign(position.receipts.begin(), position.receipts.end());
    told.position = position;
    told.position.receipts = told.receipts;
    told.replenishment = replenishment;
    told.order = order;
  }

  OrderLine order_of(const Asked& asked, const planner::Position& position,
                     const planner::Replenishment& r, const planner::Demand::Line& demand) const {
    OrderLine order;
    order.line = static_cast<std::uint32_t>(asked.line);
    order.product = in_.columns.product[asked.line];
    order.units = r.units;
    order.cut_units = r.cut_units;
    order.cut_reason = r.limit == planner::Limit::shelf       ? CutReason::shelf
                       : r.limit == planner::Limit::life      ? CutReason::life
                       : r.limit == planner::Limit::order_max ? CutReason::order_max
                                                              : CutReason::none;
    order.reason = !position.stock_known      ? OrderReason::stock_unknown
                   : r.raised_to_presentation ? OrderReason::presentation
                                              : OrderReason::demand;
    order.source_site = asked.drop->source_site;
    order.source_supplier = asked.drop->source_supplier;
    order.flow = routes_.flow(asked.line);
    order.drop = asked.drop->drop;
    order.on_shelf = asked.drop->on_shelf;
    order.next_on_shelf = asked.next_on_shelf;
    order.multiple = asked.terms.multiple;
    order.expected_demand = r.expected_demand;
    order.expected_on_hand = r.expected_on_hand;
    order.order_up_to = r.order_up_to;
    order.on_hand = position.on_hand_units;
    order.on_order = on_order_of(position);
    order.stock_known = position.stock_known;
    raise_launch(asked, position, order);
    if (order.flow == estate::Flow::cross_dock)
      order.units_max = most_of(asked, position, order, demand);
    return order;
  }

  static std::int32_t on_order_of(const planner::Position& position) {
    std::int64_t units = 0;
    for (const planner::Receipt& receipt : position.receipts)
      if (receipt.period < position.next_on_shelf) units += receipt.units;
    return static_cast<std::int32_t>(std::min<std::int64_t>(units, share_units_max));
  }

  // A launch that never sold and has nothing yet starts with its launch quantity. One without a
  // stock record orders what it is expected to sell, like every line.
  void raise_launch(const Asked& asked, const planner::Position& position, OrderLine& order) const {
    const Terms& terms = asked.terms;
    if (terms.launch <= order.units) return;
    if (in_.outlook.state().current[asked.line].known_count > 0) return;
    if (!position.stock_known || position.on_hand_units > 0 || order.on_order > 0) return;
    std::int32_t room = share_units_max;
    for (const std::int32_t limit : {terms.shelf_max, terms.order_max})
      if (limit > 0) room = std::min(room, limit);
    order.units = std::max(order.units,
                           planner::round_to_multiple(terms.launch, terms.multiple, room, false));
    order.cut_units = std::max(0, terms.launch - order.units);
    order.cut_reason = order.cut_units == 0      ? CutReason::none
                       : room == terms.order_max ? CutReason::order_max
                                                 : CutReason::shelf;
    order.order_up_to = std::max(order.order_up_to, terms.launch);
    order.reason = OrderReason::launch;
  }

  // What a shelf that asks for everything would be granted. A line without a stock record may hold
  // its expected sales.
  std::int32_t most_of(const Asked& asked, planner::Position position, const OrderLine& order,
                       const planner::Demand::Line& demand) const {
    if (!position.stock_known) return order.units;
    position.presentation_units_min = share_units_max;
    const std::int32_t most =
        planner::replenish(demand, asked.origin, position, in_.settings).units;
    return std::max(order.units, std::min(most, share_units_max));
  }

  // Sales that would be missed if the shelf of a line without a stock record were empty: an upper
  // bound.
  static double unserved_by(const planner::Demand::Line& demand, const Interval& interval,
                            std::int32_t units) {
    const planner::Moments moments = demand.over(interval.on_shelf, interval.next_on_shelf);
    return moments.mean - planner::bounded(moments, units).moments.mean;
  }

  // Later drops of the same night see what the earlier ones bring.
  void remember(std::size_t line, std::int32_t period, std::int32_t units) {
    if (earlier_.empty()) {
      const auto receipts = in_.positions.receipts_of(line);
      earlier_.assign(receipts.begin(), receipts.end());
    }
    const auto place = std::ranges::upper_bound(earlier_, period, {}, &planner::Receipt::period);
    earlier_.insert(place, {period, units});
  }

  const OrderRunInput& in_;
  const Routes& routes_;
  const LineTerms& terms_;
  std::int32_t origin_;
  std::vector<planner::Receipt> earlier_;  // of the line at hand, with tonight's earlier orders
};

}  // namespace

void plan_lines(const OrderRunInput& input, const Routes& routes, Night& night) {
  const LineTerms terms(input.estate, input.columns);
  const std::size_t lines = input.columns.size();
  std::vector<Planner> parts((lines + lines_per_chunk - 1) / lines_per_chunk,
                             Planner(input, routes, terms));
  base::for_ranges(input.threads, lines, lines_per_chunk,
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     std::vector<std::size_t> in_range;
                     for (std::size_t line = begin; line < end; ++line)
                       if (input.in_range[line] != 0) in_range.push_back(line);
                     parts[chunk].plan(in_range);
                   });
  std::size_t orders = 0;
  for (const Planner& part : parts) orders += part.orders.size();
  night.orders.reserve(orders);
  double unserved = 0, expected = 0;
  for (Planner& part : parts) {
    night.orders.insert(night.orders.end(), part.orders.begin(), part.orders.end());
    std::vector<OrderLine>().swap(part.orders);
    night.lines += part.lines;
    night.lines_due += part.lines_due;
    night.lines_unknown += part.lines_unknown;
    night.lines_above_tier += part.above_tier;
    night.lines_unknown_unordered += part.lines_unknown_unordered;
    unserved += part.unserved;
    expected += part.expected;
  }
  night.availability_lost = expected > 0 ? unserved / expected : 0;
}

std::vector<PlannedDrop> plan_line(const OrderRunInput& input, const Routes& routes,
                                   const LineTerms& terms, std::size_t line) {
  std::vector<PlannedDrop> drops;
  drops.reserve(routes.drops(line).size());
  Planner planner(input, routes, terms);
  planner.watched = &drops;
  planner.plan({&line, 1});
  return drops;
}

}  // namespace nightly
