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
  struct Sum {
    std::int64_t units = 0, line_periods = 0;

    // A line seen in full.
    void add(std::int32_t more) {
      units += more;
      ++line_periods;
    }
  };

  LeafSums(std::size_t pool_count, std::int32_t first_period, std::int32_t period_count)
      : first_period_(first_period),
        period_count_(static_cast<std::size_t>(period_count)),
        sums_(pool_count * period_count_) {}

  // A pool's periods, from first_period on.
  Sum* of(std::uint32_t pool) { return sums_.data() + pool * period_count_; }
  // Adds what lies in the series to it, for the leaves and all pools above.
  void add_to(const Pools& pools, GroupSeries& series) const {
    for (std::uint32_t leaf = 0; leaf < pools.size(); ++leaf)
      for (std::size_t offset = 0; offset < period_count_; ++offset) {
        const Sum& sum = sums_[leaf * period_count_ + offset];
        const std::int32_t period = first_period_ + static_cast<std::int32_t>(offset);
        if (sum.line_periods == 0 || period < series.first_period) continue;
        for (std::uint32_t pool = leaf; pool != no_index; pool = pools.pools[pool].parent) {
          const std::size_t at = pool * static_cast<std::size_t>(series.period_count) +
                                 static_cast<std::size_t>(period - series.first_period);
          series.units[at] += sum.units;
          series.line_periods[at] += sum.line_periods;
        }
      }
  }

 private:
  std::int32_t first_period_;
  std::size_t period_count_;
  std::vector<Sum> sums_;
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

// Consecutive periods of one line, `stride` apart.
template <class Kept, std::size_t stride>
struct Track {
  Kept* begin;
  std::size_t periods;

  Kept& operator[](std::int32_t offset) const {
    return begin[static_cast<std::size_t>(offset) * stride];
  }
  std::int32_t size() const { return static_cast<std::int32_t>(periods); }
};

// Fills `out`, the periods from `from` on, with `unsold` where the line is in range and known.
template <class Kept, std::size_t stride>
void observe_known(const History& history, std::size_t line, std::int32_t from, const Kept& unsold,
                   Track<Kept, stride> out) {
  const std::int32_t last =
      std::min({from + out.size() - 1, history.last_period,
                history.line_to.empty() ? history.last_period : history.line_to[line]});
  const std::int32_t first = std::max(from, history.first_period);
  const std::uint8_t* known =
      history.known.data() + static_cast<std::size_t>(history.line_mask[line]) *
                                 static_cast<std::size_t>(history.table_periods);
  std::int32_t at = 0;
  for (; at < out.size() && from + at < first; ++at) out[at] = Kept{};
  for (; from + at <= last; ++at)
    out[at] = known[from + at - history.first_period] != 0 ? unsold : Kept{};
  for (; at < out.size(); ++at) out[at] = Kept{};
}

template <class Kept, std::size_t stride>
void observe_promotions(std::span<const Promotion> promotions, std::int32_t from,
                        Track<Kept, stride> out) {
  constexpr Observation promoted{0, Seen::promoted};
  for (const Promotion& promotion : promotions)
    for (std::int32_t t = std::max(promotion.from_period, from);
         t <= std::min(promotion.to_period, from + out.size() - 1); ++t)
      if (Observation(out[t - from]).seen == Seen::full) out[t - from] = promoted;
}

// What a row shows, where the line without it would show `unsold`.
Observation observed(const History& history, std::size_t line, std::size_t row, Seen unsold) {
  const std::int32_t t = history.row_period[row];
  const std::size_t known = static_cast<std::size_t>(history.line_mask[line]) *
                                static_cast<std::size_t>(history.table_periods) +
                            static_cast<std::size_t>(t - history.first_period);
  if (history.known[known] == 0) return {};
  const std::uint8_t flags = history.row_flags[row];
  const bool in_range = history.line_to.empty() || t <= history.line_to[line];
  const bool promoted =
      (flags & row_promoted) != 0 ||
      (in_range ? unsold == Seen::promoted : is_promoted(history.promotions_of(line), t));
  const bool censored = (flags & row_censored) != 0;
  if (promoted && censored) return {};  // lifted by one unknown amount, cut by another
  return {std::max(history.row_units[row], 0), promoted   ? Seen::promoted
                                               : censored ? Seen::censored
                                                          : Seen::full};
}

template <class Kept, std::size_t stride>
void observe_rows(const History& history, std::size_t line, std::int32_t from,
                  Track<Kept, stride> out) {
  const std::int32_t first = std::max(from, history.first_period);
  const std::int32_t last = std::min(from + out.size() - 1, history.last_period);
  const std::int32_t* const periods = history.row_period.data();
  std::size_t row = history.row_begin[line];
  const std::size_t row_end = history.row_begin[line + 1];
  if (row < row_end && periods[row] < first)
    row = static_cast<std::size_t>(std::lower_bound(periods + row, periods + row_end, first) -
                                   periods);
  for (; row < row_end && periods[row] <= last; ++row) {
    Kept& cell = out[periods[row] - from];
    const Seen unsold = Observation(cell).seen;
    if (unsold == Seen::full && history.row_flags[row] == 0) [[likely]]
      cell = Observation{std::max(history.row_units[row], 0), Seen::full};
    else
      cell = observed(history, line, row, unsold);
  }
}

// What lines [first, first + count) showed in consecutive periods, side by side.
class Pack {
 public:
  Pack() = default;
  explicit Pack(std::size_t periods) : seen_(periods) {}

  void observe(const History& history, std::size_t first, std::size_t count, std::int32_t from) {
    if (seen_.empty()) return;
    Each unsold{};
    std::fill_n(unsold.begin(), count, RawPeriod(0, Seen::full));
    const bool alike = all_alike(history, first, count);
    if (alike) observe_known(history, first, from, unsold, Track<Each, 1>{seen_.data(), periods()});
    for (std::size_t lane = 0; lane < count; ++lane) {
      const Track<RawPeriod, line_lanes> out{seen_.data()->data() + lane, periods()};
      const std::size_t line = first + lane;
      if (!alike) observe_known(history, line, from, RawPeriod(0, Seen::full), out);
      observe_promotions(history.promotions_of(line), from, out);
      observe_rows(history, line, from, out);
    }
  }

  std::size_t periods() const { return seen_.size(); }
  RawPeriod& at(std::size_t period, std::size_t lane) { return seen_[period][lane]; }
  const RawPeriod* data() const { return seen_.empty() ? nullptr : seen_.front().data(); }

 private:
  using Each = std::array<RawPeriod, line_lanes>;

  // Whether what the lines show without a sale is the same.
  static bool all_alike(const History& history, std::size_t first, std::size_t count) {
    for (std::size_t line = first + 1; line < first + count; ++line)
      if (history.line_mask[line] != history.line_mask[first] ||
          (!history.line_to.empty() && history.line_to[line] != history.line_to[first]))
        return false;
    return true;
  }

  std::vector<Each> seen_;
};

// Calls work(first, count) for packs of consecutive lines.
template <class Work>
void for_packs(std::size_t begin, std::size_t end, Work&& work) {
  for (std::size_t first = begin; first < end; first += line_lanes)
    work(first, std::min(line_lanes, end - first));
}

// The track of lines [first, first + count) over `seen`, which begins with `period`.
LaneTrack track_of(const Profiles& profiles, const Pools& pools, std::size_t first,
                   std::size_t count, std::int32_t period, const RawPeriod* seen,
                   std::size_t periods) {
  LaneTrack track{.periods = periods, .seen = seen};
  for (std::size_t lane = 0; lane < count; ++lane) {
    const std::size_t at = profiles.at(pools.leaf[first + lane], period);
    track.weekday_factors[lane] = profiles.weekday.data() + at;
    track.common_factors[lane] = profiles.common.data() + at;
  }
  return track;
}

// Sums of a whole history, until the series' end.
void sum_history(const History& history, const Pools& pools, int threads, GroupSeries& series) {
  sum_lines(threads, history.line_count, pools, series.first_period, series,
            [&](std::size_t begin, std::size_t end, LeafSums& sums) {
              Pack seen(static_cast<std::size_t>(series.period_count));
              for_packs(begin, end, [&](std::size_t first, std::size_t count) {
                seen.observe(history, first, count, series.first_period);
                for (std::size_t lane = 0; lane < count; ++lane) {
                  std::size_t t = 0;
                  // A line begins with its first sale that is no promotion.
                  while (t < seen.periods() && !is_sale(seen.at(t, lane))) ++t;
                  LeafSums::Sum* const of_pool = sums.of(pools.leaf[first + lane]);
                  for (; t < seen.periods(); ++t)
                    if (seen.at(t, lane).seen() == Seen::full)
                      of_pool[t].add(seen.at(t, lane).units());
                }
              });
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
        corrected_(heard_ <= state.origin ? history.line_count : 0) {
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
                                             target_, first_, std::max(end - 1, first_), threads_);
    state_.series = extended(state_.series, std::max(end - 1, state_.series.last_period()));
    sum_lines(threads_, history_.line_count, pools_, first_, state_.series,
              [&](std::size_t begin, std::size_t range_end, LeafSums& sums) {
                Pack heard(static_cast<std::size_t>(std::max(target_ - heard_ + 1, 0)));
                for_packs(begin, range_end, [&](std::size_t line, std::size_t count) {
                  heard.observe(history_, line, count, heard_);
                  for (std::int32_t t = heard_; t <= state_.origin; ++t)
                    correct(line, count, t, heard);
                  for (std::int32_t t = first_; t < end; ++t)
                    settle(line, count, t, profiles, sums);
                  for (std::int32_t t = state_.origin + 1; t <= target_; ++t)
                    for (std::size_t lane = 0; lane < count; ++lane)
                      raw(line + lane, t) = t < heard_ ? RawPeriod{} : heard.at(offset(t), lane);
                });
              });
  }

  // A raw period that the state holds becomes what the history says now.
  void correct(std::size_t first, std::size_t count, std::int32_t period, Pack& heard) {
    for (std::size_t lane = 0; lane < count; ++lane) {
      const RawPeriod now = heard.at(offset(period), lane);
      if (raw(first + lane, period) == now) continue;
      raw(first + lane, period) = now;
      corrected_[first + lane] = 1;
    }
  }

  void settle(std::size_t first, std::size_t count, std::int32_t period, const Profiles& profiles,
              LeafSums& sums) {
    for (std::size_t line = first; line < first + count; ++line) {
      const RawPeriod seen = raw(line, period);
      // Whether one was sold is a coin's toss, which nobody branches upon.
      const bool has_begun = (seen.units() > 0) | fold_.begun(state_.settled[line]);
      if ((seen.seen() == Seen::full) & has_begun)
        sums.of(pools_.leaf[line])[period - first_].add(seen.units());
    }
    step(first, count, period, profiles, state_.settled);
  }

  void fold_new() {
    const std::int32_t oldest = target_ - raw_periods + 1;
    const Profiles profiles = build_profiles(state_.series, pools_, events_, fold_.settings(),
                                             target_, oldest, target_, threads_);
    base::for_ranges(threads_, history_.line_count, lines_per_chunk,
                     [&](std::size_t begin, std::size_t end, std::size_t) {
                       for_packs(begin, end, [&](std::size_t line, std::size_t count) {
                         if (!corrected_.empty()) replay(line, count, oldest, profiles);
                         for (std::int32_t t = state_.origin + 1; t <= target_; ++t)
                           step(line, count, t, profiles, state_.current);
                       });
                     });
  }

  // Takes lines that were corrected from where they settled to the origin.
  void replay(std::size_t first, std::size_t count, std::int32_t oldest, const Profiles& profiles) {
    for (std::size_t line = first; line < first + count; ++line) {
      if (corrected_[line] == 0) continue;
      state_.current[line] = state_.settled[line];
      for (std::int32_t t = oldest; t <= state_.origin; ++t)
        step(line, 1, t, profiles, state_.current);
    }
  }

  RawPeriod& raw(std::size_t line, std::int32_t period) {
    return column_[static_cast<std::size_t>(period - first_)][line];
  }
  std::size_t offset(std::int32_t period) const {
    return static_cast<std::size_t>(period - heard_);
  }
  void step(std::size_t first, std::size_t count, std::int32_t period, const Profiles& profiles,
            std::vector<LineState>& states) {
    std::array<RawPeriod, line_lanes> seen{};
    std::copy_n(&raw(first, period), count, seen.begin());
    // The states of a few packs from here on, for the memory is slower than the steps.
    constexpr std::size_t ahead = 8 * line_lanes;
    for (std::size_t line = first + ahead; line < first + ahead + line_lanes; ++line)
      __builtin_prefetch(&states[std::min(line, states.size() - 1)], 1);
    fold_.steps(std::span(states).subspan(first, count),
                track_of(profiles, pools_, first, count, period, seen.data(), 1),
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
  std::vector<std::uint8_t> corrected_;  // per line; empty where the history speaks of no past
};

}  // namespace

void observe(const History& history, std::size_t line, std::int32_t from,
             std::span<Observation> out) {
  const Track<Observation, 1> track{out.data(), out.size()};
  observe_known(history, line, from, {0, Seen::full}, track);
  observe_promotions(history.promotions_of(line), from, track);
  observe_rows(history, line, from, track);
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
                                           state.origin, first, state.origin, threads);
  state.settled.resize(history.line_count);
  state.current.resize(history.line_count);
  state.raw.resize(history.line_count * raw_periods);
  base::for_ranges(
      threads, history.line_count, lines_per_chunk,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        Pack seen(static_cast<std::size_t>(state.origin - first + 1));
        const std::size_t old = seen.periods() - raw_periods;
        for_packs(begin, end, [&](std::size_t line, std::size_t count) {
          seen.observe(history, line, count, first);
          const auto fold_over = [&](std::vector<LineState>& states, std::size_t from,
                                     std::size_t periods) {
            const std::int32_t period = first + static_cast<std::int32_t>(from);
            fold.steps(std::span(states).subspan(line, count),
                       track_of(profiles, pools, line, count, period, &seen.at(from, 0), periods),
                       weekday_of(fold.settings(), period));
          };
          fold_over(state.settled, 0, old);
          std::copy_n(&state.settled[line], count, &state.current[line]);
          fold_over(state.current, old, raw_periods);
          for (std::size_t k = 0; k < raw_periods; ++k)
            std::copy_n(
                &seen.at(old + k, 0), count,
                &state.raw[state.raw_index(line, settled_last + 1 + static_cast<std::int32_t>(k))]);
        });
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
