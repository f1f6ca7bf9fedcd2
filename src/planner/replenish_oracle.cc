#include "planner/replenish_oracle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace planner::oracle {
namespace {

using Long = long double;

// The standard normal quantile by halving an interval.
double normal_quantile(double level) {
  double low = -40, high = 40;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < level ? low : high) = middle;
  }
  return high;
}

Long log_probability(Moments demand, std::int32_t n) {
  const Long mean = demand.mean;
  if (demand.variance - demand.mean <= demand.mean * 1e-6)
    return n * std::log(mean) - mean - std::lgamma(n + 1.0L);
  const Long size = mean * mean / (demand.variance - mean);
  const Long kept = size / (size + mean);
  return std::lgamma(n + size) - std::lgamma(size) - std::lgamma(n + 1.0L) + size * std::log(kept) +
         n * std::log1p(-kept);
}

// P(shape, x) = x^shape e^-x / Gamma(shape + 1) (1 + x / (shape + 1) + x^2 / ...); no term is
// negative, so nothing cancels.
Long lower_gamma(Long shape, Long x) {
  Long term = 1, sum = 1;
  for (Long n = 1; term > sum * 1e-20L; ++n) {
    term *= x / (shape + n);
    sum += term;
  }
  return std::min(1.0L, std::exp(shape * std::log(x) - x - std::lgamma(shape + 1) + std::log(sum)));
}

// A gamma distribution this narrow is a normal one.
Bounded bounded_normal(Moments demand, double bound) {
  const double deviation = std::sqrt(demand.variance);
  const double z = (bound - demand.mean) / deviation;
  const double below = std::erfc(-z / std::sqrt(2.0)) / 2;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
  // Moments of min(Z, z), scaled back: nothing large cancels.
  const double mean = -density + z * (1 - below);
  const double second = below - z * density + z * z * (1 - below);
  return {{demand.mean + deviation * mean, demand.variance * std::max(0.0, second - mean * mean)},
          below};
}

// Units gone since the origin: those past their life, and more.
struct Gone {
  double past_life = 0;
  Moments more;
  double follows = 0;
  double most = 0;  // what was there to sell: more cannot have gone
  Moments wanted;   // demand so far, sold or not
};

Moments plus(const Gone& gone, Moments demand, const Settings& settings) {
  return {gone.more.mean + demand.mean,
          gone.more.variance + demand.variance +
              2 * settings.level_variance * gone.follows * demand.mean};
}

Gone after_sales(const Gone& gone, Moments demand, double available, const Settings& settings) {
  const Bounded kept = oracle::bounded(plus(gone, demand, settings), available - gone.past_life);
  return {gone.past_life,
          kept.moments,
          (gone.follows + demand.mean) * kept.below,
          available,
          {gone.wanted.mean + demand.mean, gone.wanted.variance + demand.variance}};
}

// What remains of `more` above a number b is max(more, b) - b, and the moments of the larger are
// those of both less those of the smaller.
Gone after_expiry(const Gone& gone, double units) {
  const double b = units - gone.past_life;
  const Bounded least = oracle::bounded(gone.more, b);
  const auto square = [](Moments m) { return m.variance + m.mean * m.mean; };
  const double larger = gone.more.mean + b - least.moments.mean;
  const double larger_square = square(gone.more) + b * b - square(least.moments);
  const Moments left{std::max(0.0, larger - b), std::max(0.0, larger_square - larger * larger)};
  return {units, oracle::bounded(left, gone.most - units).moments, gone.follows * (1 - least.below),
          gone.most, gone.wanted};
}

// Demand has some variance per unit; where what is gone has less, whole units of it are constant.
std::int32_t constant_units(const Gone& gone) {
  if (gone.wanted.mean <= 0) return 0;
  const double varying = gone.more.variance / (gone.wanted.variance / gone.wanted.mean);
  return std::max(0, static_cast<std::int32_t>(std::floor(gone.more.mean - varying)));
}

// The quantile of what is gone and a further demand together.
double quantile_after(const Gone& gone, Moments demand, double level, const Settings& settings) {
  Moments sum = plus(gone, demand, settings);
  sum.mean -= constant_units(gone);
  return gone.past_life + constant_units(gone) + oracle::quantile(sum, level);
}

struct Arrival {
  Gone gone;
  double available = 0;
};

Arrival walk(const Over& over, std::int32_t origin, const Position& position,
             const Settings& settings) {
  Arrival now;
  now.available = position.on_hand_units > 0 ? position.on_hand_units : 0;
  std::int32_t open_since = origin + 1;
  const auto sell_before = [&](std::int32_t period) {
    if (period > open_since)
      now.gone = after_sales(now.gone, over(open_since, period), now.available, settings);
    open_since = std::max(open_since, period);
  };
  std::int32_t first = origin + 1;
  for (const Batch& batch : position.batches) first = std::min(first, batch.last_period + 1);
  double past_life = 0;
  for (std::int32_t t = first; t <= position.on_shelf; ++t) {
    double expiring = 0;
    for (const Batch& batch : position.batches)
      if (batch.last_period == t - 1) expiring += batch.units;
    if (expiring > 0) {
      sell_before(t);
      past_life += expiring;
      now.gone = after_expiry(now.gone, std::min(past_life, now.available));
    }
    for (const Receipt& receipt : position.receipts) {
      if (receipt.period != t || t == position.on_shelf) continue;
      sell_before(t);
      now.available += receipt.units;
    }
  }
  sell_before(position.on_shelf);
  return now;
}

// Units on hand that expire unsold within the interval: the worst of its expiry dates.
double waste(const Over& over, const Position& position, const Arrival& arrival,
             const Settings& settings) {
  double worst = 0;
  for (std::int32_t t = position.on_shelf; t < position.next_on_shelf - 1; ++t) {
    double dated = 0;
    bool expires = false;
    for (const Batch& batch : position.batches) {
      if (batch.last_period <= t) dated += batch.units;
      expires = expires || batch.last_period == t;
    }
    if (!expires) continue;
    const Moments wanted = plus(arrival.gone, over(position.on_shelf, t + 1), settings);
    const double left = dated - arrival.gone.past_life;
    worst = std::max(worst, left - oracle::bounded(wanted, left).moments.mean);
  }
  return worst;
}

double due_within(const Position& position) {
  double units = 0;
  for (const Receipt& receipt : position.receipts)
    if (position.on_shelf <= receipt.period && receipt.period < position.next_on_shelf)
      units += receipt.units;
  return units;
}

std::int32_t whole(double units) { return units <= 0 ? 0 : static_cast<std::int32_t>(units); }

Replenishment order_without_stock_record(const Over& over, const Position& position) {
  Replenishment result;
  result.expected_demand = over(position.on_shelf, position.next_on_shelf).mean;
  result.need_units = whole(result.expected_demand - due_within(position));
  result.order_up_to = result.need_units;
  std::int32_t most = result.need_units;
  if (position.order_units_max > 0) most = std::min(most, position.order_units_max);
  while (result.units + position.order_multiple_units <= most)
    result.units += position.order_multiple_units;
  return result;
}

struct Room {
  std::int32_t units = std::numeric_limits<std::int32_t>::max();
  Limit limit = Limit::none;

  void lower(double to, Limit why) {
    if (to < units) *this = {whole(to), why};
  }
};

}  // namespace

std::int32_t quantile(Moments demand, double level) {
  if (demand.mean <= 1e-12) return 0;
  if (demand.mean > quantile_mean_exact_max) {
    const double shape = demand.mean * demand.mean / std::max(demand.variance, demand.mean);
    const double root = 1 - 1 / (9 * shape) + normal_quantile(level) / std::sqrt(9 * shape);
    return whole(std::ceil(demand.mean * std::pow(root, 3) - 0.5));
  }
  Long sum = 0;
  for (std::int32_t n = 0;; ++n) {
    sum += std::exp(log_probability(demand, n));
    if (sum >= level) return n;
  }
}

Bounded bounded(Moments demand, double bound) {
  if (bound <= 0) return {{0, 0}, 0};
  const double variance = std::max(demand.variance, 1e-12 * demand.mean);
  if (demand.mean <= 1e-12 ||
      bound > demand.mean + 40 * std::sqrt(variance) + 100 * variance / demand.mean)
    return {demand, 1};
  const Long mean = demand.mean, shape = mean * mean / variance, x = bound * mean / variance;
  if (shape > 1e8L) return bounded_normal({demand.mean, variance}, bound);
  const Long f0 = lower_gamma(shape, x), f1 = lower_gamma(shape + 1, x),
             f2 = lower_gamma(shape + 2, x);
  const Long first = mean * f1 + bound * (1 - f0);
  const Long second = (mean * mean + variance) * f2 + static_cast<Long>(bound) * bound * (1 - f0);
  return {{static_cast<double>(first), static_cast<double>(std::max(0.0L, second - first * first))},
          static_cast<double>(f0)};
}

std::int32_t round_to_multiple(std::int32_t need, std::int32_t multiple, std::int32_t room,
                               bool runs_empty) {
  std::int64_t fitting = 0, enough = 0;
  while (enough < need) enough += multiple;
  if (enough <= room || need <= 0) return static_cast<std::int32_t>(enough);
  while (fitting + multiple <= room) fitting += multiple;
  const bool half_fits = room + room >= multiple;
  return fitting == 0 && runs_empty && half_fits ? multiple : static_cast<std::int32_t>(fitting);
}

Replenishment replenish(const Over& over, std::int32_t origin, const Position& position,
                        const Settings& settings) {
  if (!position.stock_known) return order_without_stock_record(over, position);
  Replenishment result;
  const Moments interval = over(position.on_shelf, position.next_on_shelf);
  const Arrival arrival = walk(over, origin, position, settings);
  const double gone = arrival.gone.past_life + arrival.gone.more.mean;
  const double due = due_within(position);
  const double usable = arrival.available + due - waste(over, position, arrival, settings);
  // An empty shelf that gets what is due needs no less than one that has something, too.
  const auto wanted = [&](Moments demand, double level) {
    const double of_empty = usable - due + oracle::quantile(demand, level);
    return std::min(quantile_after(arrival.gone, demand, level, settings), of_empty);
  };
  double target = quantile_after(arrival.gone, interval, position.service_level, settings);
  if (target > usable + 1e-9) target = wanted(interval, position.service_level);
  const double full_shelf = gone + interval.mean + position.presentation_units_min;
  if (position.presentation_units_min > 0 && full_shelf > target) {
    target = full_shelf;
    result.raised_to_presentation = true;
  }
  result.expected_demand = interval.mean;
  result.expected_on_hand = arrival.available - gone;
  result.order_up_to = whole(std::floor(target - gone + 0.5));
  result.need_units = whole(std::ceil(target - usable - 1e-9));

  Room room;
  if (position.life_periods > 0) {
    const Moments in_life = over(position.on_shelf, position.on_shelf + position.life_periods);
    room.lower(wanted(in_life, position.life_level) - usable, Limit::life);
  }
  if (position.shelf_units_max > 0)
    room.lower(position.shelf_units_max - result.expected_on_hand - due, Limit::shelf);
  if (position.order_units_max > 0) room.lower(position.order_units_max, Limit::order_max);

  const bool one_is_allowed =
      position.order_units_max == 0 || position.order_multiple_units <= position.order_units_max;
  result.units = round_to_multiple(result.need_units, position.order_multiple_units, room.units,
                                   one_is_allowed && usable < gone + interval.mean);
  result.cut_units = std::max(0, result.need_units - result.units);
  if (result.cut_units > 0) result.limit = room.limit;
  return result;
}

}  // namespace planner::oracle
