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
      counted.prior_weight[r] = static_cast<double>(static_cast<float>(std::max(
          settings.level_prior * settings.level_rate[r] * std::pow(1 - settings.level_rate[r], n),
          settings.level_prior_min)));
  }
}

double Fold::weekday_factor(const LineState& state, std::uint32_t weekday_total, const Counted& by,
                            float pool_factor, int weekday) const {
  const double pool = static_cast<double>(pool_factor);
  if (settings_.period != Period::day || state.known_count < weekdays || weekday_total == 0 ||
      !state.own_weekday.learned(weekday))
    return pool;
  return by.own_share * state.own_weekday.share(weekday, weekday_total) + by.pool_share * pool;
}

// A line on its way past periods: its state, and what a step would otherwise compute anew.
class Fold::Walk {
 public:
  Walk(const Fold& fold, LineState& state)
      : fold_(fold),
        settings_(fold.settings_),
        state_(state),
        weekday_total_(state.own_weekday.total()) {}

  [[gnu::always_inline]] void step(RawPeriod raw, Factors factors, int weekday) {
    const Seen seen = raw.seen();
    if (seen == Seen::unknown) return;
    const bool has_begun = fold_.begun(state_);
    if (!has_begun && raw.units() == 0) return;
    const double units = raw.units();
    const double common = static_cast<double>(factors.common);
    const Counted& by = fold_.counted(state_.known_count);
    const double factor =
        fold_.weekday_factor(state_, weekday_total_, by, factors.weekday, weekday) * common;
    const double mean = fold_.blended({static_cast<double>(state_.level_units[0]),
                                       static_cast<double>(state_.level_units[1])},
                                      {static_cast<double>(state_.level_factors[0]),
                                       static_cast<double>(state_.level_factors[1])}) *
                        factor;
    if (seen != Seen::full) [[unlikely]] {
      if (seen == Seen::censored && units > mean) learn_level(units, factor, has_begun);
      if (seen == Seen::promoted && has_begun) learn_promotion(units, mean);
      return;
    }
    learn_level(units, factor, false);
    if (has_begun) learn_errors(units, mean);
    if (settings_.period == Period::day && common >= settings_.own_factor_min)
      learn_weekday(units / common, by.own_weekday_gain, weekday);
    count_up(state_.known_count);
  }

 private:
  // The weight of a period in the level: 1, or less where its factor is strong.
  double level_weight(double factor) const {
    const double power = settings_.level_factor_power;
    if (power == 0) return 1;
    const double bounded = std::max(factor, settings_.level_factor_min);
    return power == 2 ? 1 / (bounded * bounded) : std::pow(bounded, -power);
  }

  // `only_upwards`: a ratio that already stands above what an empty shelf sold would be lowered.
  void learn_level(double units, double factor, bool only_upwards) {
    const double weight = level_weight(factor);
    for (std::size_t r = 0; r < rates_max; ++r) {
      if (only_upwards && units * static_cast<double>(state_.level_factors[r]) <=
                              factor * static_cast<double>(state_.level_units[r]))
        continue;
      discount(state_.level_units[r], settings_.level_rate[r], weight * units);
      discount(state_.level_factors[r], settings_.level_rate[r], weight * factor);
    }
  }

  void learn_errors(double units, double mean) {
    const double expected = std::max(mean, settings_.mean_min);
    const double variance =
        expected * (settings_.dispersion_linear + settings_.dispersion_quadratic * expected);
    discount(state_.dispersion, settings_.dispersion_rate,
             std::min((units - mean) * (units - mean) / variance, settings_.dispersion_error_max));
    count_up(state_.error_count);
  }

  // The mean of a weekday, older weeks counting less; the first sight of it is all that is known.
  void learn_weekday(double sold, double gain, int weekday) {
    double mean = sold;
    if (state_.own_weekday.learned(weekday)) {
      const double before = state_.own_weekday.units(weekday);
      mean = before + gain * (sold - before);
    }
    weekday_total_ = state_.own_weekday.set(weekday, mean, weekday_total_);
  }

  void learn_promotion(double units, double mean) {
    discount(state_.promotion_units, settings_.promotion_rate, units);
    discount(state_.promotion_expected, settings_.promotion_rate, mean);
  }

  const Fold& fold_;
  const Settings& settings_;
  LineState& state_;
  std::uint32_t weekday_total_;
};

void Fold::step(LineState& state, RawPeriod seen, Factors factors, int weekday) const {
  Walk(*this, state).step(seen, factors, weekday);
}

double Fold::weekday_factor(const LineState& state, float pool_factor, int weekday) const {
  return weekday_factor(state, state.own_weekday.total(), counted(state.known_count), pool_factor,
                        weekday);
}

}  // namespace planner
