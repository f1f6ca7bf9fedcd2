#pragma once
// Profiles: how demand moves with the weekday, the season and events, learned from sums over pools.

#include <cstdint>
#include <span>
#include <vector>

#include "planner/pools.h"
#include "planner/settings.h"

namespace planner {

// What the lines of each pool sold: whole numbers, so that no result depends on the order of
// summation. Periods are absolute numbers: days since 1970-01-01, or weeks whose Monday is
// 1969-12-29 + 7 n.
struct GroupSeries {
  std::int32_t first_period = 0;
  std::int32_t period_count = 0;
  std::size_t pool_count = 0;
  std::vector<std::int64_t> units;  // [pool * period_count + period - first_period]
  std::vector<std::int64_t>
      line_periods;  // lines that were known, in stock and not promoted in that period

  std::int32_t last_period() const { return first_period + period_count - 1; }
};

// One event name in one scope: the whole estate, a region, a category, or both.
struct Event {
  std::uint32_t name = 0;             // for telling names apart
  std::uint32_t region = no_index;    // no_index: every region
  std::uint32_t category = no_index;  // no_index: every category
  double uplift = 1;                  // what is believed before anything is learned
  std::vector<std::int32_t> periods;  // ascending, past and future
};

// Factors per pool and period for [first_period, first_period + period_count).
struct Profiles {
  std::int32_t first_period = 0;
  std::int32_t period_count = 0;
  std::vector<float> weekday;  // [pool * period_count + period - first_period], 1 in weekly estates
  std::vector<float> common;   // season times events

  std::size_t at(std::uint32_t pool, std::int32_t period) const {
    return static_cast<std::size_t>(pool) * static_cast<std::size_t>(period_count) +
           static_cast<std::size_t>(period - first_period);
  }
};

// Profiles for the periods `from` to `to` (both included), seen from the close of period `origin`.
// The profile of period t depends on nothing in `series` after min(t, origin) - raw_periods; so a
// correction of a raw period moves no profile, and lines can be replayed one by one. `series` must
// reach back to the start of the estate's history and may end anywhere. The result does not depend
// on `threads`.
Profiles build_profiles(const GroupSeries& series, const Pools& pools,
                        std::span<const Event> events, const Settings& settings,
                        std::int32_t origin, std::int32_t from, std::int32_t to, int threads = 1);

}  // namespace planner
