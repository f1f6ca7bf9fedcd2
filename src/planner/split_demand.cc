// Demand before and after a period, of many lines at once.

#include <array>
#include <cstring>

#include "base/result.h"
#include "planner/demand.h"
#include "planner/instruction_sets.h"

namespace planner {
namespace {

// Period by period, variance of each on its own.
struct Week {
  std::array<double, week_lanes> mean, variance;
};

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/split_demand_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#include "planner/split_demand_kernel.inc"
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#include "planner/split_demand_kernel.inc"
}  // namespace avx512
#pragma GCC pop_options
#endif

using WeekOfEach = decltype(&plain::week_of_each);

WeekOfEach week_of_each_for(Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512) return avx512::week_of_each;
  if (registers == Registers::avx2) return avx2::week_of_each;
#endif
  (void)registers;
  return plain::week_of_each;
}

// Periods [begin, end) of a week, as Line::over takes them together.
Moments together(const Week& week, std::size_t begin, std::size_t end, double level_variance) {
  Moments sum;
  double squares = 0;
  for (std::size_t i = begin; i < end; ++i) {
    sum.mean += week.mean[i];
    sum.variance += week.variance[i];
    squares += week.mean[i] * week.mean[i];
  }
  sum.variance += level_variance * (sum.mean * sum.mean - squares);
  return sum;
}

constexpr std::size_t waiting_max = 64;
constexpr std::array<double, week_lanes> once{1, 1, 1, 1, 1, 1, 1, 1};

}  // namespace

void Demand::Line::over(std::span<const Line> lines, std::int32_t from, std::span<Split> splits) {
  CHECK(lines.size() == splits.size());
  if (lines.empty()) return;
  const Demand& demand = *lines.front().demand_;
  const Profiles& profiles = demand.profiles_;
  const bool in_profiles =
      from >= profiles.first_period &&
      from + static_cast<std::int32_t>(week_lanes) <= profiles.first_period + profiles.period_count;
  const WeekTerms terms(demand.settings(), from - demand.origin() - 1, demand.weekday_of(from), 1);
  std::array<WeeksOfLine, waiting_max> waiting;
  std::array<Split*, waiting_max> split_of;
  std::array<Week, waiting_max> found;
  std::size_t count = 0;
  const WeekOfEach week_of_each = week_of_each_for(registers_in_use);
  const auto take_waiting = [&] {
    week_of_each(terms, std::span(waiting).first(count), found.data());
    for (std::size_t k = 0; k < count; ++k) {
      Split& split = *split_of[k];
      const auto middle = static_cast<std::size_t>(split.middle - from);
      const auto end = static_cast<std::size_t>(split.end - from);
      split.before = together(found[k], 0, middle, demand.settings().level_variance);
      split.after = together(found[k], middle, end, demand.settings().level_variance);
    }
    count = 0;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    Split& split = splits[i];
    if (!in_profiles || split.end - from > weekdays || !line.promotions_.empty() ||
        !line.closed_.empty()) {
      split.before = line.over(from, split.middle);
      split.after = line.over(split.middle, split.end);
      continue;
    }
    const std::size_t at = profiles.at(line.pool_, from);
    WeeksOfLine& weeks = waiting[count] = line.weeks();
    weeks.weekday = profiles.weekday.data() + at;
    weeks.common = profiles.common.data() + at;
    weeks.times = once.data();
    split_of[count] = &split;
    if (++count == waiting_max) take_waiting();
  }
  take_waiting();
}

}  // namespace planner
