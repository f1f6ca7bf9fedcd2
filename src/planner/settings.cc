#include "planner/settings.h"

namespace planner {

Settings default_settings(Period period) {
  Settings settings;
  settings.period = period;
  if (period == Period::day) return settings;
  settings.year_periods = 365.25 / 7;
  settings.year_window = 1;
  settings.year_root = {0.5, 0};
  settings.year_child = {5, 0};
  settings.event_window = 3;
  settings.event_tolerance = 1;
  settings.event_eve = false;
  settings.level_rate = {0.02, 0.15};
  settings.level_weight = {0.5, 0.5};
  settings.level_factor_power = 2;
  settings.level_prior = 2;
  settings.level_prior_min = 0.01;
  settings.dispersion_rate = 0.03;
  settings.dispersion_quadratic = 0.1;
  settings.dispersion_prior = 1;
  settings.mean_min = 0.05;
  settings.horizon_base = 0.03;
  settings.horizon_growth = 0;
  settings.level_variance = 0.03;
  return settings;
}

}  // namespace planner
