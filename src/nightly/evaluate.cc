#include "nightly/evaluate.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "nightly/outlook.h"

namespace nightly {
namespace {

using planner::Observation;
using planner::Seen;

bool counts(const Observation& seen) {
  return seen.seen == Seen::full || seen.seen == Seen::promoted;
}

// Mean squared change between neighbouring counted periods.
double mean_squared_change(const std::vector<Observation>& past) {
  double sum = 0;
  int count = 0;
  const Observation* before = nullptr;
  for (const Observation& now : past) {
    if (!counts(now)) continue;
    if (before != nullptr) {
      sum += std::pow(now.units - before->units, 2);
      ++count;
    }
    before = &now;
  }
  return count > 0 ? sum / count : 0;
}

// The level that simple exponential smoothing ends on, with the rate of 0.05 to 0.5 that erred
// least one period ahead.
double smoothed(const std::vector<Observation>& past) {
  double best_error = -1, best_level = 0;
  for (int step = 1; step <= 10; ++step) {
    const double rate = step * 0.05;
    double level = 0, error = 0;
    bool begun = false;
    for (const Observation& now : past) {
      if (!counts(now)) continue;
      if (begun) error += std::pow(now.units - level, 2);
      level = begun ? level + rate * (now.units - level) : now.units;
      begun = true;
    }
    if (best_error < 0 || error < best_error) {
      best_error = error;
      best_level = level;
    }
  }
  return best_level;
}

void add_pit(const planner::Moments& demand, std::int32_t units,
             std::array<double, pit_bins>& pit) {
  const double low = planner::cumulative(demand, units - 1);
  const double high = std::max(planner::cumulative(demand, units), low + 1e-12);
  for (int bin = 0; bin < pit_bins; ++bin) {
    const double from = std::max(low, bin / double{pit_bins});
    const double to = std::min(high, (bin + 1) / double{pit_bins});
    if (to > from) pit[static_cast<std::size_t>(bin)] += (to - from) / (high - low);
  }
}

struct Sums {
  Evaluation result;
  double rmsse = 0, smoothing = 0;
};

void score_line(const Outlook& outlook, std::size_t line, std::int32_t origin,
                const std::vector<Observation>& past, const std::vector<Observation>& future,
                Sums& sums) {
  const double scale = mean_squared_change(past);
  if (scale <= 0) return;
  const double level = smoothed(past);
  const auto demand = outlook.line(line);
  double error = 0, smoothing_error = 0;
  int count = 0;
  for (std::size_t h = 0; h < future.size(); ++h) {
    if (!counts(future[h])) continue;
    const planner::Moments moments = demand.in(origin + 1 + static_cast<std::int32_t>(h));
    const std::int32_t units = future[h].units;
    error += std::pow(units - moments.mean, 2);
    smoothing_error += std::pow(units - level, 2);
    ++count;
    for (std::size_t i = 0; i < forecast_levels.size(); ++i) {
      const std::int32_t quantile = planner::quantile(moments, forecast_levels[i]);
      sums.result.below[i] += units < quantile;
      sums.result.at_or_below[i] += units <= quantile;
    }
    add_pit(moments, units, sums.result.pit);
  }
  if (count == 0) return;
  sums.rmsse += std::sqrt(error / count / scale);
  sums.smoothing += std::sqrt(smoothing_error / count / scale);
  ++sums.result.lines;
  sums.result.points += static_cast<std::size_t>(count);
}

void score_window(Columns& columns, const planner::History& known, const planner::Fold& fold,
                  std::int32_t origin, int horizon, int threads, Sums& sums) {
  columns.history.last_period = origin;
  const Outlook outlook(
      columns, planner::rebuild(columns.history, columns.pools, columns.events, fold, threads),
      fold, horizon);
  std::vector<Observation> past(static_cast<std::size_t>(origin - known.first_period + 1));
  std::vector<Observation> future(static_cast<std::size_t>(horizon));
  for (std::size_t line = 0; line < columns.size(); ++line) {
    planner::observe(columns.history, line, known.first_period, past);
    planner::observe(known, line, origin + 1, future);
    score_line(outlook, line, origin, past, future, sums);
  }
}

}  // namespace

double Evaluation::worst_quantile_points() const {
  double worst = -1;
  for (std::size_t i = 0; i < forecast_levels.size(); ++i)
    worst = std::max(
        {worst, below[i] - 0.03 - forecast_levels[i], forecast_levels[i] - at_or_below[i] - 0.03});
  return worst * 100;
}

double Evaluation::worst_tenth_points() const {
  double worst = 0;
  for (const double share : pit) worst = std::max(worst, std::abs(share - 1.0 / pit_bins));
  return worst * 100;
}

base::Result<Evaluation> evaluate(const estate::Estate& estate, base::Date as_of, int horizon,
                                  int windows, int threads) {
  if (estate.sales.size() == 0)
    return base::fail(base::ErrorCode::nothing_to_do, "sales.csv has no rows to score against");
  const Date last =
      estate::sale_date(*std::max_element(estate.sales.day.begin(), estate.sales.day.end()));
  Columns columns = build_columns(estate, last, 0);
  const planner::History known = columns.history;
  const std::int32_t first = period_of(columns.kind, as_of);
  const std::int32_t end = first + horizon * windows;
  if (end > known.last_period || first <= known.first_period)
    return base::fail(
        base::ErrorCode::input_bad,
        fmt::format("--as-of {} with {} periods to score does not lie within the history, {} to {}",
                    base::to_string(as_of), end - first,
                    base::to_string(date_of(columns.kind, known.first_period)),
                    base::to_string(last)));
  const planner::Fold fold(planner::default_settings(columns.kind));
  Sums sums;
  for (std::int32_t origin = first; origin < end; origin += horizon)
    score_window(columns, known, fold, origin, horizon, threads, sums);
  Evaluation result = sums.result;
  if (result.lines == 0)
    return base::fail(base::ErrorCode::nothing_to_do,
                      "no line has both a past and a future to score");
  result.rmsse = sums.rmsse / static_cast<double>(result.lines);
  result.rmsse_smoothing = sums.smoothing / static_cast<double>(result.lines);
  const auto points = static_cast<double>(result.points);
  for (auto* shares : {&result.below, &result.at_or_below})
    for (double& share : *shares) share /= points;
  for (double& share : result.pit) share /= points;
  return result;
}

}  // namespace nightly
