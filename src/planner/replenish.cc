#include "planner/replenish.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/result.h"

namespace planner {
namespace {

constexpr std::int32_t no_limit = std::numeric_limits<std::int32_t>::max();

std::int32_t whole(double units) {
  return static_cast<std::int32_t>(std::clamp(std::floor(units), 0.0, 2e9));
}

// Walks from the origin to `on_shelf` through receipts and expiries in their order.
struct Walk {
  Gone gone;
  double available = 0;  // all units made available so far
  double expired_cumulative = 0;
};

Walk walk_to_arrival(const Demand::Line& demand, std::int32_t origin, const Position& position,
                     const Settings& settings) {
  Walk walk{Gone(settings.level_variance)};
  walk.available = std::max(position.on_hand_units, 0);
  std::int32_t now = origin + 1;
  auto receipt = position.receipts.begin();
  auto batch = position.batches.begin();
  const auto sell_until = [&](std::int32_t period) {
    if (period > now) walk.gone.sell(demand.over(now, period), walk.available);
    now = std::max(now, period);
  };
  while (true) {
    const bool has_receipt =
        receipt != position.receipts.end() && receipt->period < position.on_shelf;
    const bool has_batch =
        batch != position.batches.end() && batch->last_period < position.on_shelf;
    if (!has_receipt && !has_batch) break;
    // Goods expire at the close of their last period, before the next period's receipts.
    if (has_batch && (!has_receipt || batch->last_period < receipt->period)) {
      const std::int32_t last = batch->last_period;
      sell_until(last + 1);
      for (; batch != position.batches.end() && batch->last_period == last; ++batch)
        walk.expired_cumulative += batch->units;
      walk.gone.expire(std::min(walk.expired_cumulative, walk.available));
    } else {
      sell_until(receipt->period);
      walk.available += receipt->units;
      ++receipt;
    }
  }
  sell_until(position.on_shelf);
  return walk;
}

// Units on hand that are expected to expire unsold between the arrival and the next one.
double expected_waste(const Demand::Line& demand, const Position& position, const Walk& walk) {
  double cumulative = walk.expired_cumulative;
  double waste = 0;
  for (const Batch& batch : position.batches) {
    if (batch.last_period < position.on_shelf) continue;
    if (batch.last_period >= position.next_on_shelf - 1) break;
    cumulative += batch.units;
    const Moments until = walk.gone.with(demand.over(position.on_shelf, batch.last_period + 1));
    const double dated = cumulative - walk.gone.certain();
    waste = std::max(waste, dated - bounded(until, dated).moments.mean);
  }
  return waste;
}

}  // namespace

void Gone::sell(Moments demand, double available) {
  const Bounded result = bounded(with(demand), available - certain_);
  rest_ = result.moments;
  available_ = available;
  follows_ = (follows_ + demand.mean) * result.below;
}

void Gone::expire(double units) {
  const double more = units - certain_;
  if (more <= 0) return;
  // What is left of R above m: R = min(R, m) + e, and min(R, m) = m wherever e > 0, so
  // E[R^2] = E[min(R, m)^2] + 2 m E[e] + E[e^2].
  const Bounded below = bounded(rest_, more);
  const double mean = std::max(0.0, rest_.mean - below.moments.mean);
  const double second = rest_.variance + rest_.mean * rest_.mean - below.moments.variance -
                        below.moments.mean * below.moments.mean - 2 * more * mean;
  certain_ = units;
  // The gamma of the step before had forgotten that no more could be sold than was there.
  rest_ = bounded({mean, std::max(0.0, second - mean * mean)}, available_ - certain_).moments;
  follows_ *= 1 - below.below;
}

Moments Gone::with(Moments demand) const {
  return {rest_.mean + demand.mean,
          rest_.variance + demand.variance + 2 * level_variance_ * follows_ * demand.mean};
}

std::int32_t round_to_multiple(std::int32_t need, std::int32_t multiple, std::int32_t room,
                               bool runs_empty) {
  if (need <= 0) return 0;
  const std::int64_t up = (std::int64_t{need} + multiple - 1) / multiple * multiple;
  if (up <= room) return static_cast<std::int32_t>(up);
  const std::int32_t down = std::max(room, 0) / multiple * multiple;
  if (down == 0 && runs_empty && std::int64_t{room} * 2 >= multiple) return multiple;
  return down;
}

Replenishment replenish(const Demand::Line& demand, std::int32_t origin, const Position& position,
                        const Settings& settings) {
  CHECK(origin < position.on_shelf && position.on_shelf < position.next_on_shelf);
  Replenishment result;
  const Moments interval = demand.over(position.on_shelf, position.next_on_shelf);
  result.expected_demand = interval.mean;
  std::int64_t due_in_interval = 0;
  for (const Receipt& receipt : position.receipts)
    if (receipt.period >= position.on_shelf && receipt.period < position.next_on_shelf)
      due_in_interval += receipt.units;

  if (!position.stock_known) {
    const std::int32_t wanted = whole(interval.mean - static_cast<double>(due_in_interval));
    result.need_units = wanted;
    result.order_up_to = wanted;
    result.units = wanted / position.order_multiple_units * position.order_multiple_units;
    if (position.order_units_max > 0)
      result.units =
          std::min(result.units, position.order_units_max / position.order_multiple_units *
                                     position.order_multiple_units);
    return result;
  }

  const Walk walk = walk_to_arrival(demand, origin, position, settings);
  const double gone = walk.gone.moments().mean;
  result.expected_on_hand = walk.available - gone;
  const double usable = walk.available + static_cast<double>(due_in_interval) -
                        expected_waste(demand, position, walk);
  const double certain = walk.gone.certain();
  const double for_demand = certain + quantile(walk.gone.with(interval), position.service_level);
  const double for_presentation = position.presentation_units_min > 0
                                      ? gone + interval.mean + position.presentation_units_min
                                      : 0;
  const double target = std::max(for_demand, for_presentation);
  result.raised_to_presentation = for_presentation > for_demand;
  result.need_units = whole(std::ceil(target - usable - 1e-9));
  result.order_up_to = whole(target - gone + 0.5);

  std::int32_t room = no_limit;
  Limit limit = Limit::none;
  const auto lower_room = [&](double units, Limit why) {
    if (units >= room) return;
    room = whole(units);
    limit = why;
  };
  if (position.life_periods > 0) {
    const Moments within_life =
        demand.over(position.on_shelf, position.on_shelf + position.life_periods);
    lower_room(certain + quantile(walk.gone.with(within_life), position.life_level) - usable,
               Limit::life);
  }
  if (position.shelf_units_max > 0)
    lower_room(
        position.shelf_units_max - result.expected_on_hand - static_cast<double>(due_in_interval),
        Limit::shelf);
  if (position.order_units_max > 0) lower_room(position.order_units_max, Limit::order_max);

  // No order is larger than its maximum, not even a single multiple.
  const bool one_is_allowed =
      position.order_units_max == 0 || position.order_multiple_units <= position.order_units_max;
  const bool runs_empty = usable - gone < interval.mean;
  result.units = round_to_multiple(result.need_units, position.order_multiple_units, room,
                                   runs_empty && one_is_allowed);
  result.cut_units = std::max(0, result.need_units - result.units);
  if (result.cut_units > 0) result.limit = limit;
  return result;
}

}  // namespace planner
