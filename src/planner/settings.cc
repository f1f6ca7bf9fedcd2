#include "planner/settings.h"

namespace planner {

Settings default_settings(Period period) {
  Settings settings;
  settings.period = period;
  if (period == Period::day) return settings;
  settings.year_periods = 365.25 / 7;
  settings.year_window = 1;
  settings.event_window = 3;
  settings.event_tolerance = 1;
  settings.event_eve = false;
  settings.level_rate = {0.02, 0.1, 0.3};
  settings.level_weight = {0.3, 0.4, 0.3};
  return settings;
}

}  // namespace planner
