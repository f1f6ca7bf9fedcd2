#pragma once
// History and state: what the estate saw of every line, and folding it into what the planner
// remembers.

#include <cstdint>
#include <span>
#include <vector>

#include "planner/line_state.h"
#include "planner/pools.h"
#include "planner/profile.h"
#include "planner/settings.h"

namespace planner {

// A promotion of one line, both ends included.
struct Promotion {
  std::int32_t from_period = 0;
  std::int32_t to_period = 0;
  float uplift = 0;  // as announced; 0 = not said
};

// Sales of every line as columns. Lines are numbered as in every other span of the planner.
struct History {
  std::int32_t first_period = 0;  // nothing is known before
  std::int32_t last_period =
      0;  // the origin: the period that has just closed; later rows are not looked at
  std::int32_t table_periods =
      0;  // columns of `known`, from first_period on; may reach past last_period
  std::size_t line_count = 0;

  // Rows of line i are [row_begin[i], row_begin[i + 1]), ascending by period, each period once.
  std::vector<std::uint32_t> row_begin;
  std::vector<std::int32_t> row_period;
  std::vector<std::int32_t> row_units;  // full-price demand, may be negative (returns)
  std::vector<std::uint8_t> row_flags;  // row_censored, row_promoted

  // known[mask * table_periods + period - first_period] = 1 where a site reported, was open and the
  // period may teach.
  std::vector<std::uint32_t> line_mask;
  std::vector<std::uint8_t> known;

  // The last period in which the line was in range; later periods without a row are unknown, not 0.
  // Empty: no line ends.
  std::vector<std::int32_t> line_to;

  // Promotions of line i are [promotion_begin[i], promotion_begin[i + 1]), ascending. Both empty:
  // there are none.
  std::vector<std::uint32_t> promotion_begin;
  std::vector<Promotion> promotions;

  std::span<const Promotion> promotions_of(std::size_t line) const {
    if (promotion_begin.empty()) return {};
    return std::span(promotions)
        .subspan(promotion_begin[line], promotion_begin[line + 1] - promotion_begin[line]);
  }
};
inline constexpr std::uint8_t row_censored = 1;  // the shelf was empty at some time
inline constexpr std::uint8_t row_promoted = 2;  // the sale says so, whatever `promotions` holds

// What was seen of one line in the periods [from, from + out.size()). Periods outside the history
// are unknown; a known period without a row sold 0.
void observe(const History& history, std::size_t line, std::int32_t from,
             std::span<Observation> out);

// Everything carried from night to night: 144 bytes a line, beside the series.
struct State {
  Period period = Period::day;
  std::int32_t origin = 0;         // the last period folded into `current`
  GroupSeries series;              // through origin - raw_periods
  std::vector<LineState> settled;  // per line, through origin - raw_periods: final
  std::vector<LineState> current;  // per line, through origin
  // The last raw_periods periods, one column of lines each: a new period takes the column of the
  // one that it pushes out.
  std::vector<RawPeriod> raw;

  std::size_t line_count() const { return current.size(); }
  // Where a line's observation of a period stands in `raw`.
  std::size_t raw_index(std::size_t line, std::int32_t period) const {
    const std::int32_t column = period % raw_periods;
    return static_cast<std::size_t>(column < 0 ? column + raw_periods : column) * line_count() +
           line;
  }
};

// The state at history.last_period from nothing. The result does not depend on `threads`.
State rebuild(const History& history, const Pools& pools, std::span<const Event> events,
              const Fold& fold, int threads);

// Takes `state` to history.last_period, in place. Raw periods from history.first_period on are
// replaced by what the history says, so late and corrected sales count as if they had come in time;
// those before stay as the state has them. Periods after the state's that are before the history's
// are unknown. Same bytes as `rebuild` from the whole history. Requires: same lines and pools in
// the same order, and history.last_period >= state.origin.
State advance(State state, const History& history, const Pools& pools,
              std::span<const Event> events, const Fold& fold, int threads);

}  // namespace planner
