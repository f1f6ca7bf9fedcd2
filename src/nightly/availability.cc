#include "nightly/availability.h"

#include <algorithm>
#include <cmath>

namespace nightly {
namespace {

constexpr std::size_t week_days = 7;

// The quantile of a sorted sample, linear between its members.
double quantile_of(std::span<const double> sorted, double level) {
  const double at = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

// Sums over cells by group, for one path: goods on the shelf by group and day.
class Groups {
 public:
  Groups(const PlayPlan& plan, std::size_t count) : plan_(plan), count_(count) {}

  // group_of(cell) says which group counts a cell; `count` or more = none.
  template <class GroupOf>
  std::vector<Availability> sum(std::span<const PlayedPath> paths, GroupOf group_of) const {
    const auto days = static_cast<std::size_t>(plan_.days());
    std::vector<std::int64_t> lines(count_ * days, 0);
    std::vector<std::vector<std::int64_t>> on_shelf(paths.size(),
                                                    std::vector<std::int64_t>(count_ * days, 0));
    for (std::size_t cell = 0; cell < plan_.cells().size(); ++cell) {
      const std::size_t group = group_of(cell);
      if (group >= count_) continue;
      for (std::size_t day = 0; day < days; ++day) {
        lines[group * days + day] += plan_.lines(cell, static_cast<std::int32_t>(day));
        for (std::size_t path = 0; path < paths.size(); ++path)
          on_shelf[path][group * days + day] += paths[path].on_shelf[cell * days + day];
      }
    }
    std::vector<Availability> result(count_);
    for (std::size_t group = 0; group < count_; ++group)
      for (std::size_t day = 0; day < days; ++day)
        add_day(group * days + day, lines, on_shelf, result[group]);
    return result;
  }

 private:
  static void add_day(std::size_t at, const std::vector<std::int64_t>& lines,
                      const std::vector<std::vector<std::int64_t>>& on_shelf,
                      Availability& result) {
    std::vector<double> shares;
    double sum = 0;
    for (const auto& path : on_shelf) {
      shares.push_back(
          lines[at] == 0 ? 1 : static_cast<double>(path[at]) / static_cast<double>(lines[at]));
      sum += shares.back();
    }
    std::ranges::sort(shares);
    result.lines.push_back(lines[at]);
    result.share.push_back(sum / static_cast<double>(shares.size()));
    result.low.push_back(quantile_of(shares, range_tail));
    result.high.push_back(quantile_of(shares, 1 - range_tail));
  }

  const PlayPlan& plan_;
  std::size_t count_;
};

// Mean absolute difference in points over all groups and days that have lines.
double mean_points(std::span<const Availability> forecast, std::span<const Availability> played) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t group = 0; group < forecast.size(); ++group)
    for (std::size_t day = 0; day < forecast[group].share.size(); ++day) {
      if (forecast[group].lines[day] == 0) continue;
      sum += std::abs(forecast[group].share[day] - played[group].share[day]);
      ++count;
    }
  return count == 0 ? 0 : 100 * sum / static_cast<double>(count);
}

}  // namespace

std::optional<std::int32_t> Availability::back_at(std::span<const double> shares, double level) {
  for (std::size_t day = 0; day < shares.size(); ++day) {
    if (shares[day] < level) continue;
    const auto week = shares.subspan(day, std::min(week_days, shares.size() - day));
    const auto good = std::ranges::count_if(week, [&](double share) { return share >= level; });
    if (2 * static_cast<std::size_t>(good) > week.size()) return static_cast<std::int32_t>(day);
  }
  return std::nullopt;
}

Availability availability(const PlayPlan& plan, std::span<const PlayedPath> paths,
                          const std::function<bool(const PlayPlan::Cell&)>& counts) {
  return Groups(plan, 1).sum(paths, [&](std::size_t cell) -> std::size_t {
    return counts(plan.cells()[cell]) ? 0 : 1;
  })[0];
}

std::vector<Availability> availability_by_site(const PlayPlan& plan,
                                               std::span<const PlayedPath> paths) {
  return Groups(plan, plan.input().tonight.estate.sites.size())
      .sum(paths, [&](std::size_t cell) -> std::size_t { return plan.cells()[cell].site; });
}

std::vector<Availability> availability_by_category(const PlayPlan& plan,
                                                   std::span<const PlayedPath> paths) {
  return Groups(plan, plan.categories().size()).sum(paths, [&](std::size_t cell) -> std::size_t {
    return plan.cells()[cell].category;
  });
}

std::vector<Availability> availability_by_cell(const PlayPlan& plan,
                                               std::span<const PlayedPath> paths) {
  return Groups(plan, plan.cells().size()).sum(paths, [](std::size_t cell) { return cell; });
}

ForecastError forecast_error(const PlayPlan& plan, std::span<const PlayedPath> forecast,
                             const PlayedPath& played) {
  const std::span one(&played, 1);
  const auto all = [](const PlayPlan::Cell&) { return true; };
  const Availability estate = availability(plan, forecast, all),
                     came = availability(plan, one, all);
  return {
      mean_points({&estate, 1}, {&came, 1}),
      mean_points(availability_by_category(plan, forecast), availability_by_category(plan, one)),
      mean_points(availability_by_site(plan, forecast), availability_by_site(plan, one))};
}

}  // namespace nightly
