#include "planner/line_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace planner {
namespace {

// `sum` is a float or a SmallFloat.
template <class Sum>
void discount(Sum& sum, double rate, double value) {
  const auto before = static_cast<double>(static_cast<float>(sum));
  sum = static_cast<float>((1 - rate) * before + rate * value);
}

void count_up(std::uint16_t& count) {
  if (count < std::numeric_limits<std::uint16_t>::max()) ++count;
}

// The weight of a period in the level: 1, or less where its factor is strong.
double level_weight(const Settings& settings, double factor) {
  const double power = settings.level_factor_power;
  if (power == 0) return 1;
  const double bounded = std::max(factor, settings.level_factor_min);
  return power == 2 ? 1 / (bounded * bounded) : std::pow(bounded, -power);
}

}  // namespace

Fold::Fold(const Settings& settings) : settings_(settings) {
  const double rate = settings.own_weekday_rate;
  for (int n = 0; n < counts_max; ++n) {
    Counted& counted = counted_.emplace_back();
    // Of the same weekday, as many have been seen before as there were full weeks.
    const int same = std::max(n / weekdays, 1);
    counted.own_weekday_gain = rate / (1 - std::pow(1 - rate, same + 1));
    const double gathered = 1 - std::pow(1 - rate, n / double{weekdays});
    counted.own_share = n < weekdays ? 0 : gathered / (gathered + settings.own_weekday_k);
    counted.pool_share = 1 - counted.own_share;
    counted.dispersion_weight = 1 - std::pow(1 - settings.dispersion_rate, n);
    for (std::size_t r = 0; r < rates_max; ++r)
      counted.prior_weight[r] = static_cast<float>(std::max(
          settings.level_prior * settings.level_rate[r] * std::pow(1 - settings.level_rate[r], n),
          settings.level_prior_min));
  }
}

void Fold::step(LineState& state, Observation seen, Factors factors, int weekday) const {
  if (seen.seen == Seen::unknown) return;
  const bool has_begun = begun(state);
  if (!has_begun && seen.units == 0) return;
  const double units = seen.units;
  const double common = static_cast<double>(factors.common);
  const double factor = weekday_factor(state, factors.weekday, weekday) * common;
  const double mean = level(state, 0) * factor;
  switch (seen.seen) {
    case Seen::unknown:
      return;
    case Seen::promoted:
      if (!has_begun) return;  // nothing says what would have sold without
      discount(state.promotion_units, settings_.promotion_rate, units);
      discount(state.promotion_expected, settings_.promotion_rate, mean);
      return;
    case Seen::censored:
      if (units > mean) learn_level(state, units, factor, has_begun);
      return;
    case Seen::full:
      break;
  }
  learn_level(state, units, factor, false);
  if (has_begun) learn_errors(state, units, mean);
  if (settings_.period == Period::day && common >= settings_.own_factor_min) {
    const double sold = units / common, before = state.own_weekday.units(weekday);
    state.own_weekday.set(
        weekday, state.own_weekday.learned(weekday)
                     ? before + counted(state.known_count).own_weekday_gain * (sold - before)
                     : sold);
  }
  count_up(state.known_count);
}

// `only_upwards`: a ratio that already stands above what an empty shelf sold would be lowered by
// it.
void Fold::learn_level(LineState& state, double units, double factor, bool only_upwards) const {
  const double weight = level_weight(settings_, factor);
  for (std::size_t r = 0; r < rates_max; ++r) {
    if (only_upwards && units * static_cast<double>(state.level_factors[r]) <=
                            factor * static_cast<double>(state.level_units[r]))
      continue;
    discount(state.level_units[r], settings_.level_rate[r], weight * units);
    discount(state.level_factors[r], settings_.level_rate[r], weight * factor);
  }
}

void Fold::learn_errors(LineState& state, double units, double mean) const {
  const double expected = std::max(mean, settings_.mean_min);
  const double variance =
      expected * (settings_.dispersion_linear + settings_.dispersion_quadratic * expected);
  discount(state.dispersion, settings_.dispersion_rate,
           std::min((units - mean) * (units - mean) / variance, settings_.dispersion_error_max));
  count_up(state.error_count);
}

bool Fold::begun(const LineState& state) const {
  return state.known_count > 0 || state.level_units[0] > 0 || state.level_units[1] > 0;
}

double Fold::level(const LineState& state, double prior) const {
  std::array<double, rates_max> units, factors;
  for (std::size_t r = 0; r < rates_max; ++r) {
    const double weight =
        prior > 0 ? static_cast<double>(counted(state.known_count).prior_weight[r]) : 0;
    units[r] = static_cast<double>(state.level_units[r]) + weight * prior;
    factors[r] = static_cast<double>(state.level_factors[r]) + weight;
  }
  const auto& by = settings_.level_weight;
  // Two ratios over one denominator, for a division is what a step takes longest over.
  const double both = factors[0] * factors[1];
  if (both > 0) return (by[0] * units[0] * factors[1] + by[1] * units[1] * factors[0]) / both;
  return (factors[0] > 0 ? by[0] * units[0] / factors[0] : 0) +
         (factors[1] > 0 ? by[1] * units[1] / factors[1] : 0);
}

double Fold::weekday_factor(const LineState& state, float pool_factor, int weekday) const {
  const double pool = static_cast<double>(pool_factor);
  if (settings_.period != Period::day || state.known_count < weekdays ||
      !state.own_weekday.learned(weekday) || !state.own_weekday.any())
    return pool;
  const Counted& by = counted(state.known_count);
  return by.own_share * state.own_weekday.share(weekday) + by.pool_share * pool;
}

double Fold::dispersion_ratio(const LineState& state) const {
  return (static_cast<double>(state.dispersion) + settings_.dispersion_prior) /
         (counted(state.error_count).dispersion_weight + settings_.dispersion_prior);
}

double Fold::variance(double mean, double ratio, int ahead) const {
  const double one_period =
      ratio * mean * (settings_.dispersion_linear + settings_.dispersion_quadratic * mean);
  const double grown =
      (settings_.horizon_base + settings_.horizon_growth * (ahead - 1)) * mean * mean;
  return std::max(one_period + grown, 1.02 * mean);
}

}  // namespace planner
