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
  std::vector<std::uint64_t> row_begin;
  std::vector<std::int32_t> row_period;
  std::vector<std::int32_t> row_units;  // full-price demand, may be negative (returns)
  std::vector<std::uint8_t> row_flags;  // row_censored, row_promoted

  // known[mask * table_periods + period - first_period] = 1 where a site reported, was open and the
  // period may teach.
  std::vector<std::uint32_t> line_mask;
  std::vector<std::uint8_t> known;

  // The last period in which the line was in range; later periods without a row are unknown, not 0.
  std::vector<std::int32_t> line_to;

  // Promotions of line i are [promotion_begin[i], promotion_begin[i + 1]), ascending.
  std::vector<std::uint64_t> promotion_begin;
  std::vector<Promotion> promotions;
};
inline constexpr std::uint8_t row_censored = 1;  // the shelf was empty at some time
inline constexpr std::uint8_t row_promoted = 2;  // the sale says so, whatever `promotions` holds

// What was seen of one line in the periods [from, from + out.size()). Periods outside the history
// are unknown; a known period without a row sold 0.
void observe(const History& history, std::size_t line, std::int32_t from,
             std::span<Observation> out);

// Everything carried from night to night. All vectors have one entry per line (raw: raw_periods
// each).
struct State {
  Period period = Period::day;
  std::int32_t origin = 0;  // the last period folded into `current`
  GroupSeries series;       // through origin - raw_periods
  std::vector<LineState>
      settled;  // through origin - raw_periods: no correction can reach it any more
  std::vector<LineState> current;  // through origin
  std::vector<Observation> raw;    // [line * raw_periods + k]: period origin - raw_periods + 1 + k
};

// The state at history.last_period from nothing. The result does not depend on `threads`.
State rebuild(const History& history, const Pools& pools, std::span<const Event> events,
              const Fold& fold, int threads);

// Takes `state` to history.last_period. The history must reach back to state.origin - raw_periods +
// 1; rows before are not looked at, and those since then replace what the state holds raw, so late
// and corrected sales count as if they had come in time. Same bytes as `rebuild` from the whole
// history. Requires: same lines and pools in the same order, and history.last_period >=
// state.origin.
State advance(const State& state, const History& history, const Pools& pools,
              std::span<const Event> events, const Fold& fold, int threads);

}  // namespace planner
