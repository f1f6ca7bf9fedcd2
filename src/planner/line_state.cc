#include "planner/line_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace planner {
namespace {

void discount(float& sum, double rate, double value) {
  sum = static_cast<float>((1 - rate) * static_cast<double>(sum) + rate * value);
}

void count_up(std::uint16_t& count) {
  if (count < std::numeric_limits<std::uint16_t>::max()) ++count;
}

double mean_of(const std::array<float, weekdays>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  return sum / weekdays;
}

}  // namespace

Fold::Fold(const Settings& settings) : settings_(settings) {
  for (int n = 0; n < counts_max; ++n) {
    const auto i = static_cast<std::size_t>(n);
    own_weekday_weight_[i] =
        static_cast<float>(1 - std::pow(1 - settings.own_weekday_rate, n / double{weekdays}));
    dispersion_weight_[i] = static_cast<float>(1 - std::pow(1 - settings.dispersion_rate, n));
    for (std::size_t r = 0; r < rates_max; ++r)
      prior_weight_[r][i] = static_cast<float>(std::max(
          settings.level_prior * settings.level_rate[r] * std::pow(1 - settings.level_rate[r], n),
          settings.level_prior_min));
  }
}

void Fold::step(LineState& state, Observation seen, Factors factors, int weekday) const {
  if (seen.seen == Seen::unknown) return;
  const double units = seen.units;
  const bool has_begun = begun(state);
  if (!has_begun && seen.units == 0) return;
  const double common = static_cast<double>(factors.common);
  const double factor = weekday_factor(state, factors.weekday, weekday) * common;
  const double mean = level(state, 0) * factor;
  if (seen.seen == Seen::promoted) {
    if (!has_begun) return;  // nothing says what would have sold without
    discount(state.promotion_units, settings_.promotion_rate, units);
    discount(state.promotion_expected, settings_.promotion_rate, mean);
    return;
  }
  if (seen.seen == Seen::censored && units <= mean) return;

  const double weight =
      settings_.level_factor_power == 0
          ? 1
          : std::pow(std::max(factor, settings_.level_factor_min), -settings_.level_factor_power);
  for (std::size_t r = 0; r < rates_max; ++r) {
    if (settings_.level_weight[r] == 0) continue;
    // A sum that already stands above what an empty shelf sold would be lowered by it.
    if (seen.seen == Seen::censored && has_begun &&
        units * static_cast<double>(state.level_factors[r]) <=
            factor * static_cast<double>(state.level_units[r]))
      continue;
    discount(state.level_units[r], settings_.level_rate[r], weight * units);
    discount(state.level_factors[r], settings_.level_rate[r], weight * factor);
  }
  if (seen.seen == Seen::censored) return;

  if (has_begun) {
    const double expected = std::max(mean, settings_.mean_min);
    const double variance =
        expected * (settings_.dispersion_linear + settings_.dispersion_quadratic * expected);
    discount(state.dispersion, settings_.dispersion_rate,
             std::min((units - mean) * (units - mean) / variance, settings_.dispersion_error_max));
    count_up(state.error_count);
  }
  if (settings_.period == Period::day && common >= settings_.own_factor_min)
    discount(state.own_weekday[static_cast<std::size_t>(weekday)], settings_.own_weekday_rate,
             units / common);
  count_up(state.known_count);
}

bool Fold::begun(const LineState& state) const {
  return state.known_count > 0 || level(state, 0) > 0;
}

double Fold::level(const LineState& state, double prior) const {
  double blended = 0;
  const auto count = static_cast<std::size_t>(std::min<int>(state.known_count, counts_max - 1));
  for (std::size_t r = 0; r < rates_max; ++r) {
    if (settings_.level_weight[r] == 0) continue;
    const double weight = prior > 0 ? static_cast<double>(prior_weight_[r][count]) : 0;
    const double factors = static_cast<double>(state.level_factors[r]) + weight;
    const double units = static_cast<double>(state.level_units[r]) + weight * prior;
    blended += settings_.level_weight[r] * (factors > 0 ? units / factors : 0);
  }
  return blended;
}

double Fold::weekday_factor(const LineState& state, float pool_factor, int weekday) const {
  const double pool = static_cast<double>(pool_factor);
  if (settings_.period != Period::day) return pool;
  const double mean = mean_of(state.own_weekday);
  if (mean <= 0) return pool;
  const auto count = static_cast<std::size_t>(std::min<int>(state.known_count, counts_max - 1));
  const double lean =
      settings_.own_weekday_k * mean / static_cast<double>(own_weekday_weight_[count]);
  const double own = static_cast<double>(state.own_weekday[static_cast<std::size_t>(weekday)]);
  return (own + lean * pool) / (mean + lean);
}

double Fold::dispersion_ratio(const LineState& state) const {
  const auto count = static_cast<std::size_t>(std::min<int>(state.error_count, counts_max - 1));
  return (static_cast<double>(state.dispersion) + settings_.dispersion_prior) /
         (static_cast<double>(dispersion_weight_[count]) + settings_.dispersion_prior);
}

double Fold::variance(double mean, double ratio, int ahead) const {
  const double one_period =
      ratio * mean * (settings_.dispersion_linear + settings_.dispersion_quadratic * mean);
  const double grown =
      (settings_.horizon_base + settings_.horizon_growth * (ahead - 1)) * mean * mean;
  return std::max(one_period + grown, 1.02 * mean);
}

}  // namespace planner
