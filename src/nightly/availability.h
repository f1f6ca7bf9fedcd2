#pragma once
// The share of lines on the shelf, day by day, over many possible futures.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "nightly/play_out.h"

namespace nightly {

// Shelves are back to normal where this share of lines has goods when the store opens.
inline constexpr double normal_share = 0.95;
// Of the futures played, so many lie below the low end of a range and as many above its high end.
inline constexpr double range_tail = 0.05;

// One entry per day; shares are 0 to 1, and 1 on days without a line.
struct Availability {
  std::vector<std::int64_t> lines;
  std::vector<double> share, low, high;  // mean over the paths, and its range

  // The first day (0 = the first played) on which `shares` reach the level and from which on they
  // hold it on most days of a week, or of the days that are left: a first delivery that sells out
  // again is no recovery, and a quiet Sunday is no relapse. None if there is no such day.
  static std::optional<std::int32_t> back_at(std::span<const double> shares,
                                             double level = normal_share);
};

// Over all cells for which `counts` says true.
Availability availability(const PlayPlan& plan, std::span<const PlayedPath> paths,
                          const std::function<bool(const PlayPlan::Cell&)>& counts);
// One entry per site of the estate, per category of the plan, per cell of the plan.
std::vector<Availability> availability_by_site(const PlayPlan& plan,
                                               std::span<const PlayedPath> paths);
std::vector<Availability> availability_by_category(const PlayPlan& plan,
                                                   std::span<const PlayedPath> paths);
std::vector<Availability> availability_by_cell(const PlayPlan& plan,
                                               std::span<const PlayedPath> paths);

// How far a forecast was from what came, in points of availability (percent): mean absolute
// differences over days with lines, over days and categories, and over days and sites.
struct ForecastError {
  double estate_points = 0, category_points = 0, site_points = 0;
};
ForecastError forecast_error(const PlayPlan& plan, std::span<const PlayedPath> forecast,
                             const PlayedPath& played);

}  // namespace nightly
