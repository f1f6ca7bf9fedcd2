#include "nightly/surge.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nightly {
namespace {

constexpr double allowance_max = 1e15;
// So much of a step above whole ones asks for no further one.
constexpr double step_tolerance = 0.01;

using Measure = std::int64_t (*)(const SurgeLine&);

// Keeps `members` within `room`, those that come first before the others.
void keep_within(std::span<SurgeLine> lines, std::span<const std::uint32_t> members,
                 Measure measure, std::int64_t room, SurgeLimit limit) {
  for (const bool first : {true, false}) {
    std::vector<std::uint32_t> own;
    std::vector<planner::SupplierLine> order;
    for (const std::uint32_t i : members) {
      if (lines[i].first != first || measure(lines[i]) == 0) continue;
      own.push_back(i);
      order.push_back(lines[i].order);
      order.back().step_measure = measure(lines[i]);
    }
    if (room > 0)
      planner::fit_order(order, {.min = 0, .max = room, .cover_periods_max = 0});
    else
      for (planner::SupplierLine& line : order) line.steps = 0;
    for (std::size_t k = 0; k < own.size(); ++k) {
      SurgeLine& line = lines[own[k]];
      room -= order[k].steps * order[k].step_measure;
      if (order[k].steps < line.order.steps && line.limit == SurgeLimit::none) line.limit = limit;
      line.order.steps = order[k].steps;
    }
  }
}

// The lines of each group, in their order.
template <class GroupOf>
std::vector<std::vector<std::uint32_t>> grouped(std::span<const SurgeLine> lines, std::size_t count,
                                                GroupOf group_of) {
  std::vector<std::vector<std::uint32_t>> groups(count);
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    if (const std::uint32_t group = group_of(lines[i]); group != estate::none)
      groups[group].push_back(i);
  return groups;
}

}  // namespace

std::string_view text_of(SurgeLimit limit) {
  switch (limit) {
    case SurgeLimit::none:
      return "";
    case SurgeLimit::supplier:
      return "supplier";
    case SurgeLimit::receive:
      return "receive";
    case SurgeLimit::pick:
      return "pick";
  }
  return {};
}

bool is_short_lived(const estate::Product& product) {
  if (product.date_kind == estate::DateKind::none) return false;
  const std::int32_t life =
      product.shelf_life_days > 0 ? product.shelf_life_days : product.life_on_receipt_days;
  return life > 0 && life <= surge_short_life_days;
}

void spread_surge(std::span<SurgeLine> lines, std::span<const std::int64_t> allowances,
                  std::span<const std::int64_t> docks, std::span<const std::int64_t> floors) {
  const auto keep = [&](std::span<const std::int64_t> rooms, SurgeLimit limit, Measure measure,
                        std::uint32_t SurgeLine::*group) {
    const auto members =
        grouped(lines, rooms.size(), [&](const SurgeLine& line) { return line.*group; });
    for (std::size_t i = 0; i < rooms.size(); ++i)
      keep_within(lines, members[i], measure, rooms[i], limit);
  };
  keep(
      allowances, SurgeLimit::supplier,
      [](const SurgeLine& line) { return line.order.step_measure; }, &SurgeLine::allowance);
  keep(
      docks, SurgeLimit::receive, [](const SurgeLine& line) { return line.step_milli_pallets; },
      &SurgeLine::dock);
  keep(
      floors, SurgeLimit::pick, [](const SurgeLine& line) { return line.step_milli_cases; },
      &SurgeLine::floor);
}

std::int64_t default_allowance(std::span<const std::int64_t> recorded_days, double expected_day,
                               double factor, std::int64_t largest_step, std::int64_t least) {
  double usual = expected_day;
  if (recorded_days.size() >= surge_recorded_min) {
    std::vector<std::int64_t> sorted(recorded_days.begin(), recorded_days.end());
    std::ranges::sort(sorted);
    const std::size_t half = sorted.size() / 2;
    usual = sorted.size() % 2 == 1
                ? static_cast<double>(sorted[half])
                : (static_cast<double>(sorted[half - 1]) + static_cast<double>(sorted[half])) / 2;
  }
  const double step = static_cast<double>(std::max<std::int64_t>(largest_step, 1));
  const double steps =
      std::ceil(std::clamp(usual * factor, 0.0, allowance_max) / step - step_tolerance);
  return std::max(static_cast<std::int64_t>(std::max(steps, 0.0) * step), least);
}

}  // namespace nightly
