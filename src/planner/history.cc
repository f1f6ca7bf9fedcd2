#include "planner/history.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/result.h"

namespace planner {
namespace {

constexpr std::size_t lines_per_chunk = 4096;

int weekday_of(const Settings& settings, std::int32_t period) {
  if (settings.period != Period::day) return 0;
  const int shifted = (period + 3) % weekdays;  // day 0, 1970-01-01, was a Thursday
  return shifted < 0 ? shifted + weekdays : shifted;
}

// Folds the observations of consecutive periods from `period` on.
void fold_over(const Fold& fold, const Profiles& profiles, std::uint32_t pool, std::int32_t period,
               std::span<const Observation> seen, LineState& state) {
  int weekday = weekday_of(fold.settings(), period);
  std::size_t at = profiles.at(pool, period);
  for (const Observation& observation : seen) {
    fold.step(state, observation, {profiles.weekday[at], profiles.common[at]}, weekday);
    ++at;
    if (++weekday == weekdays) weekday = 0;
  }
}

// Adds what one line showed in consecutive periods to its pool and all pools above.
void add_to_series(const Pools& pools, std::uint32_t pool, std::span<const Observation> seen,
                   std::int32_t offset, GroupSeries& series) {
  for (; pool != no_index; pool = pools.pools[pool].parent) {
    const std::size_t row =
        pool * static_cast<std::size_t>(series.period_count) + static_cast<std::size_t>(offset);
    for (std::size_t k = 0; k < seen.size(); ++k) {
      if (seen[k].seen != Seen::full) continue;
      series.units[row + k] += seen[k].units;
      series.line_periods[row + k] += 1;
    }
  }
}

GroupSeries empty_series(std::size_t pool_count, std::int32_t first_period,
                         std::int32_t period_count) {
  GroupSeries series;
  series.first_period = first_period;
  series.period_count = std::max(period_count, 0);
  series.pool_count = pool_count;
  series.units.assign(pool_count * static_cast<std::size_t>(series.period_count), 0);
  series.line_periods = series.units;
  return series;
}

// A copy of `series` with room up to last_period.
GroupSeries extended(const GroupSeries& series, std::int32_t last_period) {
  GroupSeries longer =
      empty_series(series.pool_count, series.first_period, last_period - series.first_period + 1);
  for (std::size_t pool = 0; pool < series.pool_count; ++pool) {
    const std::size_t from = pool * static_cast<std::size_t>(series.period_count);
    const std::size_t to = pool * static_cast<std::size_t>(longer.period_count);
    const auto count = static_cast<std::size_t>(series.period_count);
    std::copy_n(series.units.begin() + static_cast<std::ptrdiff_t>(from), count,
                longer.units.begin() + static_cast<std::ptrdiff_t>(to));
    std::copy_n(series.line_periods.begin() + static_cast<std::ptrdiff_t>(from), count,
                longer.line_periods.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return longer;
}

// A line begins with its first sale that is no promotion: what was seen before teaches nothing.
void forget_before_begin(std::span<Observation> seen) {
  for (Observation& observation : seen) {
    const bool sale = observation.seen == Seen::full || observation.seen == Seen::censored;
    if (sale && observation.units > 0) return;
    observation = {};
  }
}

// Sums [from, last period of series] of all lines into `series`; begun[line] says whether a line
// has sold before `from`, an empty span that none has. Whole numbers: the order of threads cannot
// show.
void sum_pools(const History& history, const Pools& pools, std::int32_t from,
               std::span<const std::uint8_t> begun, int threads, GroupSeries& series) {
  const std::int32_t count = series.last_period() - from + 1;
  if (count <= 0) return;
  const std::size_t per_thread = (history.line_count + static_cast<std::size_t>(threads) - 1) /
                                 static_cast<std::size_t>(threads);
  std::vector<GroupSeries> parts(static_cast<std::size_t>(threads));
  base::for_ranges(threads, history.line_count, std::max<std::size_t>(per_thread, 1),
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     GroupSeries& part = parts[chunk];
                     part = empty_series(pools.size(), from, count);
                     std::vector<Observation> seen(static_cast<std::size_t>(count));
                     for (std::size_t line = begin; line < end; ++line) {
                       observe(history, line, from, seen);
                       if (begun.empty() || begun[line] == 0) forget_before_begin(seen);
                       add_to_series(pools, pools.leaf[line], seen, 0, part);
                     }
                   });
  for (const GroupSeries& part : parts)
    for (std::size_t pool = 0; pool < part.pool_count; ++pool)
      for (std::int32_t t = 0; t < count; ++t) {
        const std::size_t to = pool * static_cast<std::size_t>(series.period_count) +
                               static_cast<std::size_t>(from - series.first_period + t);
        const std::size_t at = pool * static_cast<std::size_t>(count) + static_cast<std::size_t>(t);
        series.units[to] += part.units[at];
        series.line_periods[to] += part.line_periods[at];
      }
}

}  // namespace

void observe(const History& history, std::size_t line, std::int32_t from,
             std::span<Observation> out) {
  const std::int32_t begin = std::max(from, history.first_period);
  const std::int32_t end =
      std::min(from + static_cast<std::int32_t>(out.size()), history.last_period + 1);
  std::fill(out.begin(), out.end(), Observation{});
  if (begin >= end) return;

  std::uint64_t row = history.row_begin[line];
  const std::uint64_t row_end = history.row_begin[line + 1];
  const auto periods = history.row_period.begin();
  row = static_cast<std::uint64_t>(std::lower_bound(periods + static_cast<std::ptrdiff_t>(row),
                                                    periods + static_cast<std::ptrdiff_t>(row_end),
                                                    begin) -
                                   periods);
  std::uint64_t promotion = history.promotion_begin[line];
  const std::uint64_t promotion_end = history.promotion_begin[line + 1];
  const std::uint8_t* known =
      history.known.data() + static_cast<std::size_t>(history.line_mask[line]) *
                                 static_cast<std::size_t>(history.table_periods);
  for (std::int32_t t = begin; t < end; ++t) {
    const bool has_row = row < row_end && history.row_period[row] == t;
    const std::uint8_t flags = has_row ? history.row_flags[row] : std::uint8_t{0};
    const std::int32_t units = has_row ? std::max(history.row_units[row++], 0) : 0;
    if (known[t - history.first_period] == 0) continue;
    if (!has_row && t > history.line_to[line]) continue;
    while (promotion < promotion_end && history.promotions[promotion].to_period < t) ++promotion;
    const bool promoted =
        (flags & row_promoted) != 0 ||
        (promotion < promotion_end && history.promotions[promotion].from_period <= t);
    const bool censored = (flags & row_censored) != 0;
    if (promoted && censored) continue;  // lifted by one unknown amount, cut by another
    out[static_cast<std::size_t>(t - from)] = {units, promoted   ? Seen::promoted
                                                      : censored ? Seen::censored
                                                                 : Seen::full};
  }
}

State rebuild(const History& history, const Pools& pools, std::span<const Event> events,
              const Fold& fold, int threads) {
  CHECK(pools.leaf.size() == history.line_count);
  State state;
  state.period = fold.settings().period;
  state.origin = history.last_period;
  const std::int32_t settled_last = history.last_period - raw_periods;
  state.series =
      empty_series(pools.size(), history.first_period, settled_last - history.first_period + 1);
  sum_pools(history, pools, history.first_period, {}, threads, state.series);
  const std::int32_t first = std::min(history.first_period, settled_last + 1);
  const Profiles profiles = build_profiles(state.series, pools, events, fold.settings(),
                                           state.origin, first, state.origin);
  state.settled.resize(history.line_count);
  state.current.resize(history.line_count);
  state.raw.resize(history.line_count * raw_periods);
  base::for_ranges(
      threads, history.line_count, lines_per_chunk,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<Observation> seen(static_cast<std::size_t>(settled_last - first + 1));
        for (std::size_t line = begin; line < end; ++line) {
          const std::uint32_t pool = pools.leaf[line];
          observe(history, line, first, seen);
          fold_over(fold, profiles, pool, first, seen, state.settled[line]);
          const auto raw = std::span(state.raw).subspan(line * raw_periods, raw_periods);
          observe(history, line, settled_last + 1, raw);
          state.current[line] = state.settled[line];
          fold_over(fold, profiles, pool, settled_last + 1, raw, state.current[line]);
        }
      });
  return state;
}

State advance(const State& state, const History& history, const Pools& pools,
              std::span<const Event> events, const Fold& fold, int threads) {
  CHECK(state.current.size() == history.line_count && pools.leaf.size() == history.line_count);
  CHECK(history.last_period >= state.origin && state.series.pool_count == pools.size());
  State next;
  next.period = state.period;
  next.origin = history.last_period;
  const std::int32_t first = state.origin - raw_periods + 1;  // the oldest raw period
  const std::int32_t settled_last = history.last_period - raw_periods;
  next.series = extended(state.series, std::max(settled_last, state.series.last_period()));
  std::vector<std::uint8_t> begun(history.line_count);
  for (std::size_t line = 0; line < begun.size(); ++line)
    begun[line] = fold.begun(state.settled[line]);
  sum_pools(history, pools, std::max(first, next.series.first_period), begun, threads, next.series);
  const Profiles profiles =
      build_profiles(next.series, pools, events, fold.settings(), next.origin, first, next.origin);
  next.settled = state.settled;
  next.current = state.current;
  next.raw.resize(state.raw.size());
  const auto count = static_cast<std::size_t>(history.last_period - first + 1);
  const std::size_t settling = count - raw_periods;  // periods that leave the raw window
  base::for_ranges(
      threads, history.line_count, lines_per_chunk,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<Observation> seen(count);
        for (std::size_t line = begin; line < end; ++line) {
          const std::uint32_t pool = pools.leaf[line];
          observe(history, line, first, seen);
          const std::span all(seen);
          const auto before = std::span(state.raw).subspan(line * raw_periods, raw_periods);
          const bool corrected = !std::equal(before.begin(), before.end(), seen.begin());
          fold_over(fold, profiles, pool, first, all.first(settling), next.settled[line]);
          if (corrected) {
            next.current[line] = next.settled[line];
            fold_over(fold, profiles, pool, settled_last + 1, all.subspan(settling),
                      next.current[line]);
          } else {
            fold_over(fold, profiles, pool, state.origin + 1, all.subspan(raw_periods),
                      next.current[line]);
          }
          std::copy(all.end() - raw_periods, all.end(),
                    next.raw.begin() + static_cast<std::ptrdiff_t>(line * raw_periods));
        }
      });
  return next;
}

}  // namespace planner
