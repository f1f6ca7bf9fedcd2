#include "nightly/why.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "base/words.h"
#include "estate/range.h"
#include "nightly/order_numbers.h"
#include "nightly/range_days.h"

namespace nightly {
namespace {

using base::counted;
using base::to_string;
using estate::none;

// The order of a line and drop, or nothing. `orders` are sorted by line.
const OrderLine* find_order(const std::vector<OrderLine>& orders, const OrderLine& wanted) {
  auto at = std::ranges::lower_bound(orders, wanted.line, {}, &OrderLine::line);
  for (; at != orders.end() && at->line == wanted.line; ++at)
    if (at->drop == wanted.drop && at->on_shelf == wanted.on_shelf) return &*at;
  return nullptr;
}

std::string_view name_of(estate::RangeStatus status) {
  switch (status) {
    case estate::RangeStatus::active:
      return "active";
    case estate::RangeStatus::launch:
      return "launch";
    case estate::RangeStatus::run_down:
      return "run_down";
    case estate::RangeStatus::seasonal:
      return "seasonal";
    case estate::RangeStatus::blocked:
      return "blocked";
  }
  return {};
}

}  // namespace

// The steps of one line, told one after the other.
class Explainer::Telling {
 public:
  Telling(const Explainer& all, std::size_t line)
      : all_(all),
        night_(all.decided_),
        estate_(night_.estate),
        line_(line),
        demand_(night_.outlook.line(line)),
        period_(night_.columns.kind == planner::Period::day ? "day" : "week") {
    why_.site = night_.columns.site[line];
    why_.product = night_.columns.product[line];
  }

  Why tell() {
    const bool in_range = night_.in_range[line_] != 0;
    std::vector<PlannedDrop> drops;
    if (in_range) drops = plan_line(night_.input(), night_.routes, all_.terms_, line_);
    if (!in_range) {
      add("units", 0, absent());
    } else if (drops.empty()) {
      add("units", 0, no_drop());
    } else {
      tell_level();
      tell_stock();
      for (const PlannedDrop& drop : drops) tell_drop(drop);
      if (drops.size() > 1)
        add("units", static_cast<double>(why_.units),
            fmt::format("the sum of {}", counted(static_cast<std::int64_t>(drops.size()), "drop")));
    }
    return std::move(why_);
  }

 private:
  template <class Value>
  void add(std::string name, Value value, std::string because) {
    why_.steps.push_back({std::move(name), std::move(value), std::move(because)});
  }
  void add(std::string name, int value, std::string because) {
    add(std::move(name), static_cast<double>(value), std::move(because));
  }

  std::string counted_periods(std::int64_t count) const { return counted(count, period_); }
  std::string day_of(std::int32_t period) const {
    return to_string(date_of(night_.columns.kind, period));
  }

  // --- lines that nothing is ordered for --------------------------------------------------------

  std::string absent() const {
    const estate::Site& site = estate_.sites[why_.site];
    if (!estate::sells_on(site, night_.as_of))
      return fmt::format("sites.csv: {} does not sell on {}", site.id, to_string(night_.as_of));
    if (!estate_.has_range)
      return fmt::format("dormant: no sale in {} days and no stock record", estate::dormant_days);
    return by_range(night_.as_of + 1);
  }

  std::string by_range(Date day) const {
    const std::uint32_t row = range_row_on(estate_, night_.columns, line_, day);
    if (row == none)
      return fmt::format("range.csv: not in range, no row is valid on {}", to_string(day));
    return fmt::format("range.csv: status {} on {}", name_of(estate_.range[row].status),
                       to_string(day));
  }

  std::string no_drop() const {
    const auto drops = night_.routes.drops(line_);
    if (drops.empty())
      return fmt::format(
          "deliveries.csv, supply.csv and [policy]: no order leaves at the close of {}",
          to_string(night_.as_of));
    return fmt::format("nothing may be ordered for {}, when the goods would come: {}",
                       to_string(drops.front().on_shelf), by_range(drops.front().on_shelf));
  }

  // --- what all drops share ---------------------------------------------------------------------

  void tell_level() {
    const planner::LineState& state = night_.outlook.state().current[line_];
    const planner::Priors& priors = night_.outlook.priors();
    std::string_view kin = "the mean of its pool";
    if (priors.kind(line_) == planner::Priors::Kind::product)
      kin = "the mean of its product at all sites";
    if (priors.kind(line_) == planner::Priors::Kind::like_line) kin = "the line that it is like";
    const double prior = static_cast<double>(priors.of(line_));
    add("level", night_.fold.level(state, prior),
        fmt::format("units a {} at factor 1, from {} of sales.csv, newer ones counting more; it "
                    "leans on {} ({:.2f}) as on {} before the first",
                    period_, counted_periods(state.known_count), kin, prior,
                    counted_periods(std::llround(night_.fold.settings().level_prior))));
    add("dispersion", night_.fold.dispersion_ratio(state),
        fmt::format("how much it varies over what a line of its size does, from {} of forecasts "
                    "against sales; 1 is usual",
                    counted_periods(state.error_count)));
  }

  void tell_stock() {
    if (night_.positions.known[line_] == 0)
      return add("stock", std::string("unknown"), "stock.csv has no record of the line");
    const estate::Stock& stock = estate_.stock;
    const auto key = [&](std::size_t row) {
      return std::pair(stock.site[row], stock.product[row]);
    };
    std::size_t row = 0, end = stock.size();
    while (row < end) {
      const std::size_t middle = row + (end - row) / 2;
      if (key(middle) < std::pair(why_.site, why_.product))
        row = middle + 1;
      else
        end = middle;
    }
    std::int64_t recorded = 0, blocked = 0, past_date = 0;
    Date oldest = night_.as_of;
    for (; row < stock.size() && key(row) == std::pair(why_.site, why_.product); ++row) {
      if (stock.as_of[row] > night_.as_of) continue;
      recorded += stock.on_hand_units[row];
      blocked += stock.blocked_units[row];
      if (stock.expiry[row] <= night_.as_of) past_date += stock.on_hand_units[row];
      if (stock.as_of[row] != base::date_min) oldest = std::min(oldest, stock.as_of[row]);
    }
    std::string because = fmt::format("stock.csv: {} recorded", recorded);
    if (oldest < night_.as_of)
      because += fmt::format(" as of {}, carried on by sales, movements and receipts since",
                             to_string(oldest));
    if (blocked != 0) because += fmt::format("; {} blocked", blocked);
    if (past_date != 0) because += fmt::format("; {} past their date", past_date);
    add("stock", night_.positions.on_hand_units[line_], std::move(because));
  }

  // --- one drop ---------------------------------------------------------------------------------

  void tell_drop(const PlannedDrop& drop) {
    WhyDrop& told = why_.drops.emplace_back();
    told.drop = drop.order.drop;
    told.on_shelf = drop.order.on_shelf;
    told.first_step = why_.steps.size();
    tell_days(drop);
    tell_demand(drop);
    if (drop.position.stock_known)
      tell_need(drop);
    else
      tell_blind(drop);
    tell_launch(drop);
    tell_changes(drop, told);
    told.step_count = why_.steps.size() - told.first_step;
    why_.units += told.units;
  }

  void tell_days(const PlannedDrop& drop) {
    const OrderLine& order = drop.order;
    const std::string_view source = source_id(estate_, order);
    add("drop", to_string(order.on_shelf),
        fmt::format(
            "ordered at the close of {} from {}{}; on the shelf on {}, has to last until {}",
            to_string(night_.as_of), source.empty() ? "nobody named" : source,
            order.drop > 0 ? fmt::format(" with drop {}", order.drop) : "",
            to_string(order.on_shelf),
            drop.is_last ? fmt::format("the line ends on {}", to_string(order.next_on_shelf - 1))
                         : fmt::format("the next goods on {}", to_string(order.next_on_shelf))));
  }

  void tell_demand(const PlannedDrop& drop) {
    const std::int32_t from = drop.position.on_shelf, to = drop.position.next_on_shelf;
    planner::Demand::Line::Factors sum{0, 0, 0};
    std::string days;
    for (std::int32_t period = from; period < to; ++period) {
      const auto by = demand_.factors(period);
      sum.weekday += by.weekday;
      sum.common += by.common;
      sum.promotion += by.promotion;
      if (period - from < days_told_max)
        days += fmt::format("{}{:.2f} on {}", days.empty() ? "" : ", ", demand_.in(period).mean,
                            day_of(period));
    }
    if (to - from > days_told_max) days += ", …";
    const double count = to - from;
    if (night_.columns.kind == planner::Period::day)
      add("weekday", sum.weekday / count,
          "the line's own profile and its pool's, mean of these days");
    add("season and events", sum.common / count,
        fmt::format("the pool's yearly profile and events.csv, mean of these {}s", period_));
    if (std::abs(sum.promotion / count - 1) > 1e-9)
      add("promotion", sum.promotion / count,
          fmt::format("promotions.csv and what promotions of the line did, mean of these {}s",
                      period_));
    const planner::Moments interval = demand_.over(from, to);
    if (from > drop.sells_after + 1)
      add("demand of the lead", demand_.over(drop.sells_after + 1, from).mean,
          fmt::format("expected from {} until the goods are there", day_of(drop.sells_after + 1)));
    add("demand", interval.mean, fmt::format("level x factors, expected to sell: {}", days));
    add("spread", std::sqrt(interval.variance),
        "standard deviation of that demand, from its dispersion and an uncertain level");
  }

  void tell_due(const PlannedDrop& drop) {
    std::int64_t units = 0;
    std::string list;
    for (const planner::Receipt& receipt : drop.position.receipts) {
      if (receipt.period >= drop.position.next_on_shelf) break;
      units += receipt.units;
      list += fmt::format(", {} on {}", receipt.units, day_of(receipt.period));
    }
    if (!list.empty())
      add("due", static_cast<double>(units),
          "on_order.csv and tonight's earlier drops, less what was received: " + list.substr(2));
  }

  void tell_service(const PlannedDrop& drop) {
    const Terms& terms = drop.terms;
    const std::uint32_t row = range_row_on(estate_, night_.columns, line_, drop.order.on_shelf);
    const bool own =
        row != none && (estate_.range[row].service_level || estate_.range[row].shortage_cost ||
                        estate_.range[row].holding_cost);
    const std::string_view file = own ? "range.csv" : "[policy] of estate.toml";
    add("service level", drop.position.service_level,
        terms.level > 0
            ? fmt::format("{}: service_level", file)
            : fmt::format(
                  "{}: shortage_cost / (shortage_cost + {} x holding_cost x {}) = {} / ({} + …)",
                  file, night_.fold.settings().holding_intervals,
                  counted_periods(drop.position.next_on_shelf - drop.position.on_shelf),
                  terms.shortage_cost, terms.shortage_cost));
  }

  // From stock and demand to the rounded need.
  void tell_need(const PlannedDrop& drop) {
    const planner::Replenishment& r = drop.replenishment;
    tell_due(drop);
    add("on hand at arrival", r.expected_on_hand,
        "expected: stock and what comes before, less sales that never exceed what is there, less "
        "what expires");
    tell_service(drop);
    add("for demand", r.for_demand_units,
        "should be there for demand to be met at the service level, this order included");
    if (drop.position.presentation_units_min > 0)
      add("presentation minimum", drop.position.presentation_units_min,
          fmt::format(
              "range.csv: to be left when the next goods come, with the demand {:.2f}; it {}",
              r.expected_demand + drop.position.presentation_units_min,
              r.raised_to_presentation ? "asks for more than demand and counts"
                                       : "asks for less than demand does"));
    add("order-up-to", r.order_up_to, "the larger of these, in whole units");
    if (r.waste_units > 0)
      add("waste expected", r.waste_units,
          "stock that will be past its date before the next goods come");
    add("need", r.need_units,
        "order-up-to less on hand at arrival and what comes after it, plus waste expected, "
        "upwards");
    if (r.room_units >= 0) tell_room(drop);
    tell_rounding(drop);
  }

  void tell_room(const PlannedDrop& drop) {
    const planner::Position& position = drop.position;
    std::string limits;
    if (position.shelf_units_max > 0)
      limits += fmt::format(", shelf_units_max {}", position.shelf_units_max);
    if (position.life_periods > 0)
      limits += fmt::format(", {} of life at the level {:.2f}",
                            counted_periods(position.life_periods), position.life_level);
    if (position.order_units_max > 0)
      limits += fmt::format(", order_units_max {}", position.order_units_max);
    add("room", drop.replenishment.room_units, "the least that these leave: " + limits.substr(2));
  }

  void tell_rounding(const PlannedDrop& drop) {
    const planner::Replenishment& r = drop.replenishment;
    const std::int32_t multiple = drop.position.order_multiple_units;
    std::string because = fmt::format("in multiples of {}: ", multiple);
    if (r.need_units == 0)
      because = "nothing is needed";
    else if (r.units >= r.need_units && (r.room_units < 0 || r.units <= r.room_units))
      because += "up to the next";
    else if (r.room_units >= 0 && r.units > r.room_units)
      because += "one goes though it passes the room, for the shelf runs empty and half of it fits";
    else
      because += "down, for the next would pass the room";
    add("rounding", r.units, std::move(because));
    if (r.cut_units > 0)
      add("cut", -r.cut_units,
          fmt::format("of the need, withheld by {}", text_of(drop.order.cut_reason)));
  }

  void tell_blind(const PlannedDrop& drop) {
    tell_due(drop);
    const planner::Replenishment& r = drop.replenishment;
    add("need", r.need_units, "no stock record: expected sales less what is due, downwards");
    add("rounding", r.units,
        fmt::format("down to a multiple of {}, never more than expected sales",
                    drop.position.order_multiple_units));
  }

  void tell_launch(const PlannedDrop& drop) {
    if (drop.order.reason != OrderReason::launch) return;
    add("launch", drop.order.units,
        fmt::format("range.csv: launch_units {} of a line that never sold, in multiples of {}",
                    drop.terms.launch, drop.terms.multiple));
  }

  // What the night made of the wish, and the quantity in the end.
  void tell_changes(const PlannedDrop& drop, WhyDrop& told) {
    told.asked = drop.order.units;
    const OrderLine* wish = find_order(all_.wishes_, drop.order);
    const OrderLine* order = find_order(night_.night.orders, drop.order);
    told.wished = wish == nullptr ? 0 : wish->units;
    const std::int32_t given = order == nullptr ? 0 : order->units;
    const std::int32_t change = given - told.wished;
    told.units = told.asked + change;
    if (change != 0) tell_change(drop.order, order, change);
    add("units", told.units,
        order == nullptr ? "not in orders.csv: nothing is ordered or withheld"
                         : fmt::format("orders.csv: reason {}", text_of(order->reason)));
  }

  void tell_change(const OrderLine& asked, const OrderLine* order, std::int32_t change) {
    if (order != nullptr && order->cut_reason == CutReason::held)
      return add("held", change, "an input waits for a person's decision: see held.csv");
    if (order != nullptr && order->cut_reason == CutReason::surge)
      return add("surge guard", change, "the supplier confirmed no more for a day");
    if (order != nullptr && order->reason == OrderReason::minimum && change > 0)
      return add("supplier's minimum", change, "raised with the rest of the order to min_order");
    if (order != nullptr && order->cut_reason == CutReason::order_min)
      return add("supplier's minimum", change, "the order waits: it is below min_order");
    if (order != nullptr && asked.source_supplier != none &&
        order->cut_reason == CutReason::order_max)
      return add("supplier's maximum", change, "the order was above max_order");
    std::string because = "what comes to the depot goes out whole";
    if (order != nullptr && change < 0 && order->cut_reason != CutReason::none)
      because = fmt::format("withheld for {}", text_of(order->cut_reason));
    if (const Shared* shared = all_.shared_of(asked))
      because += fmt::format("; {} want {} of it from {} tonight, {} go out",
                             counted(shared->lines, "order"), shared->wanted,
                             source_id(estate_, asked), shared->given);
    add("shared", change, std::move(because));
  }

  static constexpr std::int32_t days_told_max = 7;

  const Explainer& all_;
  const DecidedNight& night_;
  const estate::Estate& estate_;
  std::size_t line_;
  planner::Demand::Line demand_;
  std::string_view period_;
  Why why_;
};

Explainer::Explainer(const DecidedNight& decided)
    : decided_(decided), terms_(decided.estate, decided.columns) {
  Night planned;
  plan_lines(decided.input(), decided.routes, planned);
  wishes_ = std::move(planned.orders);
  add_up_shared();
}

std::uint64_t Explainer::key_of(const OrderLine& order) {
  return static_cast<std::uint64_t>(order.source_site) << 32 | order.product;
}

void Explainer::add_up_shared() {
  const auto from_depot = [](const OrderLine& order) { return order.source_site != none; };
  for (const OrderLine& wish : wishes_)
    if (from_depot(wish) && wish.units > 0) shared_.push_back({key_of(wish), wish.units, 0, 1});
  for (const OrderLine& order : decided_.night.orders)
    if (from_depot(order) && order.units > 0) shared_.push_back({key_of(order), 0, order.units, 0});
  std::ranges::sort(shared_, {}, &Shared::key);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < shared_.size(); ++i) {
    if (i > 0 && shared_[kept - 1].key == shared_[i].key) {
      Shared& sum = shared_[kept - 1];
      sum.wanted += shared_[i].wanted;
      sum.given += shared_[i].given;
      sum.lines += shared_[i].lines;
    } else {
      shared_[kept++] = shared_[i];
    }
  }
  shared_.resize(kept);
}

const Explainer::Shared* Explainer::shared_of(const OrderLine& order) const {
  if (order.source_site == none) return nullptr;
  const auto at = std::ranges::lower_bound(shared_, key_of(order), {}, &Shared::key);
  return at != shared_.end() && at->key == key_of(order) ? &*at : nullptr;
}

Why Explainer::why(std::size_t line) const { return Telling(*this, line).tell(); }

base::Result<std::size_t> Explainer::find(std::string_view site, std::string_view product) const {
  const estate::Estate& estate = decided_.estate;
  const std::uint32_t site_at = find_site(estate, site);
  const std::uint32_t product_at = find_product(estate, product);
  const auto unknown = [&](std::string what) {
    return base::fail(base::ErrorCode::nothing_to_do,
                      fmt::format("{} {}: {}", site, product, std::move(what)));
  };
  if (site_at == none) return unknown("sites.csv has no such site");
  if (product_at == none) return unknown("products.csv has no such product");
  if (estate.sites[site_at].kind == estate::SiteKind::depot)
    return unknown("the site is a depot; what it orders stands in depot_orders.csv");
  const std::uint32_t line = decided_.columns.find(site_at, product_at);
  if (line == none)
    return unknown("site and product are known, but no range row, stock record or sale joins them");
  return std::size_t{line};
}

}  // namespace nightly
