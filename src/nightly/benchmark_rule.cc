#include "nightly/benchmark_rule.h"

#include "base/date.h"

namespace nightly {
namespace {

constexpr int weeks_of_level = 13;
constexpr int iso_weeks = 54;

int level_periods(planner::Period kind) {
  return kind == planner::Period::day ? weeks_of_level * 7 : weeks_of_level;
}

struct Mean {
  double sum = 0;
  int count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  double value() const { return count > 0 ? sum / count : 0; }
};

}  // namespace

BenchmarkRule::BenchmarkRule(const Columns& columns) : kind_(columns.kind) {
  const planner::History& history = columns.history;
  const auto periods = static_cast<std::size_t>(history.last_period - history.first_period + 1);
  std::vector<Mean> of_period(periods);
  std::vector<planner::Observation> seen(periods);
  for (std::size_t line = 0; line < columns.size(); ++line) {
    planner::observe(history, line, history.first_period, seen);
    for (std::size_t t = 0; t < periods; ++t)
      if (seen[t].seen == planner::Seen::full || seen[t].seen == planner::Seen::promoted)
        of_period[t].add(seen[t].units);
  }
  std::vector<Mean> of_season(kind_ == planner::Period::day ? 7 : iso_weeks);
  for (std::size_t t = 0; t < periods; ++t)
    if (of_period[t].count > 0)
      of_season[static_cast<std::size_t>(
                    season_of(history.first_period + static_cast<std::int32_t>(t)))]
          .add(of_period[t].value());
  Mean over_seasons;
  for (const Mean& season : of_season)
    if (season.count > 0) over_seasons.add(season.value());
  for (const Mean& season : of_season)
    index_.push_back(season.count > 0 && season.value() > 0 ? season.value() / over_seasons.value()
                                                            : 1);

  const auto recent = static_cast<std::size_t>(level_periods(kind_));
  seen.resize(recent);
  const std::int32_t first = history.last_period - static_cast<std::int32_t>(recent) + 1;
  for (std::size_t line = 0; line < columns.size(); ++line) {
    planner::observe(history, line, first, seen);
    Mean level;
    for (std::size_t t = 0; t < recent; ++t)
      if (seen[t].seen == planner::Seen::full || seen[t].seen == planner::Seen::promoted)
        level.add(
            seen[t].units /
            index_[static_cast<std::size_t>(season_of(first + static_cast<std::int32_t>(t)))]);
    level_.push_back(level.value());
  }
}

int BenchmarkRule::season_of(std::int32_t period) const {
  const Date date = date_of(kind_, period);
  return kind_ == planner::Period::day ? base::weekday(date) : base::iso_week(date);
}

double BenchmarkRule::expected(std::size_t line, std::int32_t from, std::int32_t to) const {
  double index = 0;
  for (std::int32_t t = from; t < to; ++t) index += index_[static_cast<std::size_t>(season_of(t))];
  return level_[line] * index;
}

double recent_mean(const planner::History& history, planner::Period kind, std::size_t line,
                   std::int32_t last) {
  std::vector<planner::Observation> seen(static_cast<std::size_t>(level_periods(kind)));
  planner::observe(history, line, last - level_periods(kind) + 1, seen);
  Mean mean;
  for (const planner::Observation& one : seen)
    if (one.seen == planner::Seen::full || one.seen == planner::Seen::promoted) mean.add(one.units);
  return mean.value();
}

}  // namespace nightly
