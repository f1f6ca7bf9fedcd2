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
               std::span<const RawPeriod> seen, LineState& state) {
  const std::size_t at = profiles.at(pool, period);
  fold.steps(state, seen, std::span(profiles.weekday).subspan(at, seen.size()),
             std::span(profiles.common).subspan(at, seen.size()),
             weekday_of(fold.settings(), period));
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

// What the lines of each leaf showed in a few periods; one for each thread, for whole numbers may
// be added in any order.
class LeafSums {
 public:
  LeafSums(std::size_t pool_count, std::int32_t first_period, std::int32_t period_count)
      : sums_(empty_series(pool_count, first_period, period_count)) {}

  // A line of the pool, seen in full in period first_period + offset.
  void add(std::uint32_t pool, std::size_t offset, std::int32_t units) {
    const std::size_t at = pool * static_cast<std::size_t>(sums_.period_count) + offset;
    sums_.units[at] += units;
    sums_.line_periods[at] += 1;
  }
  // Adds what lies in the series to it, for the leaves and all pools above.
  void add_to(const Pools& pools, GroupSeries& series) const {
    for (std::uint32_t leaf = 0; leaf < pools.size(); ++leaf)
      for (std::int32_t t = std::max(sums_.first_period, series.first_period);
           t <= sums_.last_period(); ++t) {
        const std::size_t from = cell(sums_, leaf, t);
        if (sums_.line_periods[from] == 0) continue;
        for (std::uint32_t pool = leaf; pool != no_index; pool = pools.pools[pool].parent) {
          series.units[cell(series, pool, t)] += sums_.units[from];
          series.line_periods[cell(series, pool, t)] += sums_.line_periods[from];
        }
      }
  }

 private:
  static std::size_t cell(const GroupSeries& series, std::uint32_t pool, std::int32_t period) {
    return pool * static_cast<std::size_t>(series.period_count) +
           static_cast<std::size_t>(period - series.first_period);
  }
  GroupSeries sums_;
};

// Calls work(begin, end, sums) for ranges of lines, one for each thread, and adds up all sums.
template <class Work>
void sum_lines(int threads, std::size_t line_count, const Pools& pools, std::int32_t from,
               GroupSeries& series, Work&& work) {
  const auto parts = static_cast<std::size_t>(threads);
  const std::size_t per_thread = std::max<std::size_t>((line_count + parts - 1) / parts, 1);
  const std::int32_t count = std::max(series.last_period() - from + 1, 0);
  std::vector<LeafSums> sums(parts, LeafSums(pools.size(), from, count));
  base::for_ranges(threads, line_count, per_thread,
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     work(begin, end, sums[chunk]);
                   });
  for (const LeafSums& part : sums) part.add_to(pools, series);
}

bool is_sale(const Observation& seen) {
  return seen.units > 0 && (seen.seen == Seen::full || seen.seen == Seen::censored);
}

bool is_promoted(std::span<const Promotion> promotions, std::int32_t period) {
  return std::any_of(promotions.begin(), promotions.end(), [&](const Promotion& promotion) {
    return promotion.from_period <= period && period <= promotion.to_period;
  });
}

// Fills `out`, the periods from `from` on, with what a line shows where it has no rows.
template <class Kept>
void observe_without_rows(const History& history, std::size_t line, std::int32_t from,
                          std::span<const Promotion> promotions, std::span<Kept> out) {
  constexpr Observation unsold{0, Seen::full}, promoted{0, Seen::promoted};
  const std::int32_t last =
      std::min({from + static_cast<std::int32_t>(out.size()) - 1, history.last_period,
                history.line_to.empty() ? history.last_period : history.line_to[line]});
  const std::int32_t first = std::max(from, history.first_period);
  const std::uint8_t* known =
      history.known.data() + static_cast<std::size_t>(history.line_mask[line]) *
                                 static_cast<std::size_t>(history.table_periods);
  const auto cell = [&](std::int32_t period) -> Kept& {
    return out[static_cast<std::size_t>(period - from)];
  };
  if (first > last) {
    std::fill(out.begin(), out.end(), Kept{});
    return;
  }
  std::fill(out.begin(), out.begin() + (first - from), Kept{});
  for (std::int32_t t = first; t <= last; ++t)
    cell(t) = known[t - history.first_period] != 0 ? Kept{unsold} : Kept{};
  std::fill(out.begin() + (last + 1 - from), out.end(), Kept{});
  for (const Promotion& promotion : promotions)
    for (std::int32_t t = std::max(promotion.from_period, first);
         t <= std::min(promotion.to_period, last); ++t)
      if (known[t - history.first_period] != 0) cell(t) = promoted;
}

template <class Kept>
void observe_into(const History& history, std::size_t line, std::int32_t from,
                  std::span<Kept> out) {
  const auto promotions = history.promotions_of(line);
  observe_without_rows(history, line, from, promotions, out);
  const std::int32_t first = std::max(from, history.first_period);
  const std::int32_t last =
      std::min(from + static_cast<std::int32_t>(out.size()) - 1, history.last_period);
  std::size_t row = history.row_begin[line];
  const std::size_t row_end = history.row_begin[line + 1];
  if (row < row_end && history.row_period[row] < first)
    row = static_cast<std::size_t>(
        std::lower_bound(history.row_period.begin() + static_cast<std::ptrdiff_t>(row),
                         history.row_period.begin() + static_cast<std::ptrdiff_t>(row_end), first) -
        history.row_period.begin());
  const std::size_t mask = static_cast<std::size_t>(history.line_mask[line]) *
                           static_cast<std::size_t>(history.table_periods);
  for (; row < row_end && history.row_period[row] <= last; ++row) {
    const std::int32_t t = history.row_period[row];
    if (history.known[mask + static_cast<std::size_t>(t - history.first_period)] == 0) continue;
    const std::uint8_t flags = history.row_flags[row];
    const bool in_range = history.line_to.empty() || t <= history.line_to[line];
    const bool promoted =
        (flags & row_promoted) != 0 ||
        (in_range ? Observation(out[static_cast<std::size_t>(t - from)]).seen == Seen::promoted
                  : is_promoted(promotions, t));
    const bool censored = (flags & row_censored) != 0;
    Observation seen{std::max(history.row_units[row], 0), promoted   ? Seen::promoted
                                                          : censored ? Seen::censored
                                                                     : Seen::full};
    if (promoted && censored) seen = {};  // lifted by one unknown amount, cut by another
    out[static_cast<std::size_t>(t - from)] = seen;
  }
}

// Sums of a whole history, until the series' end.
void sum_history(const History& history, const Pools& pools, int threads, GroupSeries& series) {
  sum_lines(threads, history.line_count, pools, series.first_period, series,
            [&](std::size_t begin, std::size_t end, LeafSums& sums) {
              std::vector<RawPeriod> seen(static_cast<std::size_t>(series.period_count));
              for (std::size_t line = begin; line < end; ++line) {
                observe_into(history, line, series.first_period, std::span(seen));
                // A line begins with its first sale that is no promotion.
                const auto first = std::find_if(seen.begin(), seen.end(), is_sale);
                for (auto at = first; at != seen.end(); ++at)
                  if (at->seen() == Seen::full)
                    sums.add(pools.leaf[line], static_cast<std::size_t>(at - seen.begin()),
                             at->units());
              }
            });
}

// One stretch of at most raw_periods new periods that a state is taken over. In two passes: what
// leaves the raw periods settles and is summed; the profiles of the new periods may need it.
class Hop {
 public:
  Hop(State& state, const History& history, const Pools& pools, std::span<const Event> events,
      const Fold& fold, int threads, std::int32_t target)
      : state_(state),
        history_(history),
        pools_(pools),
        events_(events),
        fold_(fold),
        threads_(threads),
        target_(target),
        first_(state.origin - raw_periods + 1),
        heard_(std::max(first_, history.first_period)),
        corrected_(history.line_count) {
    for (std::int32_t t = first_; t <= target_; ++t)
      column_.push_back(state.raw.data() + state.raw_index(0, t));
  }

  void run() {
    settle();
    fold_new();
    state_.origin = target_;
  }

 private:
  void settle() {
    const std::int32_t end = first_ + target_ - state_.origin;  // of the periods that settle
    const Profiles profiles = build_profiles(state_.series, pools_, events_, fold_.settings(),
                                             target_, first_, std::max(end - 1, first_));
    state_.series = extended(state_.series, std::max(end - 1, state_.series.last_period()));
    sum_lines(
        threads_, history_.line_count, pools_, first_, state_.series,
        [&](std::size_t begin, std::size_t range_end, LeafSums& sums) {
          std::vector<RawPeriod> heard(static_cast<std::size_t>(std::max(target_ - heard_ + 1, 0)));
          for (std::size_t line = begin; line < range_end; ++line) {
            observe_into(history_, line, heard_, std::span(heard));
            correct(line, heard);
            for (std::int32_t t = first_; t < end; ++t) settle(line, t, profiles, sums);
            for (std::int32_t t = state_.origin + 1; t <= target_; ++t)
              raw(line, t) = t < heard_ ? RawPeriod{} : heard[static_cast<std::size_t>(t - heard_)];
          }
        });
  }

  // Raw periods that the state holds become what the history says now.
  void correct(std::size_t line, std::span<const RawPeriod> heard) {
    for (std::int32_t t = heard_; t <= state_.origin; ++t) {
      const RawPeriod now = heard[static_cast<std::size_t>(t - heard_)];
      if (raw(line, t) == now) continue;
      raw(line, t) = now;
      corrected_[line] = 1;
    }
  }

  void settle(std::size_t line, std::int32_t period, const Profiles& profiles, LeafSums& sums) {
    const std::uint32_t pool = pools_.leaf[line];
    const Observation seen = raw(line, period);
    LineState& state = state_.settled[line];
    if (seen.seen == Seen::full && (seen.units > 0 || fold_.begun(state)))
      sums.add(pool, static_cast<std::size_t>(period - first_), seen.units);
    step(line, period, profiles, state);
  }

  void fold_new() {
    const std::int32_t oldest = target_ - raw_periods + 1;
    const Profiles profiles =
        build_profiles(state_.series, pools_, events_, fold_.settings(), target_, oldest, target_);
    base::for_ranges(threads_, history_.line_count, lines_per_chunk,
                     [&](std::size_t begin, std::size_t end, std::size_t) {
                       for (std::size_t line = begin; line < end; ++line) {
                         if (corrected_[line] != 0) state_.current[line] = state_.settled[line];
                         for (std::int32_t t = corrected_[line] != 0 ? oldest : state_.origin + 1;
                              t <= target_; ++t)
                           step(line, t, profiles, state_.current[line]);
                       }
                     });
  }

  RawPeriod& raw(std::size_t line, std::int32_t period) {
    return column_[static_cast<std::size_t>(period - first_)][line];
  }
  void step(std::size_t line, std::int32_t period, const Profiles& profiles, LineState& state) {
    const std::size_t at = profiles.at(pools_.leaf[line], period);
    fold_.step(state, raw(line, period), {profiles.weekday[at], profiles.common[at]},
               weekday_of(fold_.settings(), period));
  }

  State& state_;
  const History& history_;
  const Pools& pools_;
  std::span<const Event> events_;
  const Fold& fold_;
  int threads_;
  std::int32_t target_;
  std::int32_t first_;                   // the oldest raw period
  std::int32_t heard_;                   // the oldest raw period that the history speaks of
  std::vector<RawPeriod*> column_;       // raw periods from first_ on; some share a column
  std::vector<std::uint8_t> corrected_;  // per line
};

}  // namespace

void observe(const History& history, std::size_t line, std::int32_t from,
             std::span<Observation> out) {
  observe_into(history, line, from, out);
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
  sum_history(history, pools, threads, state.series);
  const std::int32_t first = std::min(history.first_period, settled_last + 1);
  const Profiles profiles = build_profiles(state.series, pools, events, fold.settings(),
                                           state.origin, first, state.origin);
  state.settled.resize(history.line_count);
  state.current.resize(history.line_count);
  state.raw.resize(history.line_count * raw_periods);
  base::for_ranges(
      threads, history.line_count, lines_per_chunk,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<RawPeriod> seen(static_cast<std::size_t>(state.origin - first + 1));
        const std::span old = std::span(seen).first(seen.size() - raw_periods);
        const std::span raw = std::span(seen).last(raw_periods);
        for (std::size_t line = begin; line < end; ++line) {
          const std::uint32_t pool = pools.leaf[line];
          observe_into(history, line, first, std::span(seen));
          fold_over(fold, profiles, pool, first, old, state.settled[line]);
          state.current[line] = state.settled[line];
          fold_over(fold, profiles, pool, settled_last + 1, raw, state.current[line]);
          for (std::int32_t k = 0; k < raw_periods; ++k)
            state.raw[state.raw_index(line, settled_last + 1 + k)] =
                raw[static_cast<std::size_t>(k)];
        }
      });
  return state;
}

State advance(State state, const History& history, const Pools& pools,
              std::span<const Event> events, const Fold& fold, int threads) {
  CHECK(state.line_count() == history.line_count && pools.leaf.size() == history.line_count);
  CHECK(history.last_period >= state.origin && state.series.pool_count == pools.size());
  do {
    const std::int32_t target = std::min(history.last_period, state.origin + raw_periods);
    Hop(state, history, pools, events, fold, threads, target).run();
  } while (state.origin < history.last_period);
  return state;
}

}  // namespace planner
