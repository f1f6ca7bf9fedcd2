#pragma once
// Every constant of the planner in one place, with defaults for daily and weekly estates. See
// docs/design/demand.md.

#include <array>
#include <cstdint>

namespace planner {

enum class Period : std::uint8_t { day, week };

// Periods that stay raw and can still be corrected; profiles of a period see nothing newer than
// this before it.
inline constexpr int raw_periods = 28;
inline constexpr int rates_max = 2;
inline constexpr int weekdays = 7;

// "k" counts in multiples of the pool's own typical size, "units" in units: a factor learned from
// `expected` units moves from its parent's value to its own as expected outgrows k * size + units.
struct Shrinkage {
  double k = 0;
  double units = 0;
};

struct Settings {
  Period period = Period::day;

  // Yearly profile.
  double year_periods = 365.25;
  int year_window = 7;      // a season is the mean of this many periods on either side
  int year_count_max = 5;   // years looked back
  double year_decay = 0.7;  // weight of each further year
  Shrinkage year_root{0.25, 100};
  Shrinkage year_child{2, 100};

  // Weekday profile of pools (daily estates).
  double weekday_rate = 0.02;  // per week
  Shrinkage weekday{0.05, 0.25};

  // Events.
  int event_window = 10;  // periods on either side that say what would have sold without the event
  double event_tolerance = 7;  // periods off the anniversary that halve what an occurrence says
  double event_other = 0.01;   // weight of an occurrence that is not the nearest of its year
  double event_decay = 0.7;    // per year back
  Shrinkage event{0.25, 30};
  bool event_eve = true;  // the period before an event has a factor of its own
  double event_clean_min = 0.5,
         event_clean_max = 2;  // periods with a stronger factor are left out of the yearly profile

  // Promotions: how many expected units the given or pooled uplift weighs against the line's own.
  double promotion_units = 20;
  double promotion_pool_units = 200;
  double promotion_rate = 0.1;

  // Level: discounted ratios of units to factors.
  std::array<double, rates_max> level_rate{0.005, 0.07};
  std::array<double, rates_max> level_weight{0.2, 0.8};
  double level_factor_power =
      0;  // a period counts with max(factor, level_factor_min)^-power: strong seasons count less
  double level_factor_min = 0.3;
  double level_prior = 7;      // a prior (like product, replaced product, pool) counts as this many
                               // periods seen before the first
  double level_prior_min = 0;  // and never weighs less than this share

  // The line's own weekday profile.
  double own_weekday_rate = 0.02;  // per week
  double own_weekday_k = 0.3;
  double own_factor_min = 0.3;  // periods whose other factors are below this teach no weekday

  // Dispersion: variance = ratio * mean * (linear + quadratic * mean), ratio learned per line.
  double dispersion_rate = 0.005;
  double dispersion_linear = 1.5;
  double dispersion_quadratic = 0.03;
  double dispersion_prior = 0.1;
  double dispersion_error_max = 25;  // squared errors count up to this many expected variances
  double mean_min = 0.1;
  double horizon_base = 0;         // relative variance of every forecast
  double horizon_growth = 0.0001;  // relative variance that each further period adds
  double level_variance =
      0.012;  // relative variance of the level, shared by all periods of an interval

  // A unit left over is held for longer than one interval: the quantile from costs is shortage /
  // (shortage + this * holding * periods).
  double holding_intervals = 1.4;

  // Fresh: what is on the shelf may be demand within its life at the quantile 1 - cost / price -
  // life_handling, so that the last unit's chance of being sold is worth what it costs to buy and,
  // unsold, to reduce, donate or throw away; the quantile life_level where cost or price is
  // unknown, and never outside the bounds.
  double life_level = 0.3;
  double life_handling = 0.05;
  double life_level_min = 0.1, life_level_max = 0.7;
};

Settings default_settings(Period period);

}  // namespace planner
