// stockade bench state: the first build of the planner's state, and one night of it.

#include <fmt/core.h>

#include "cmd/bench.h"
#include "cmd/bench_lines.h"
#include "cmd/json.h"

namespace cmd {
namespace {

using planner::History;
using planner::State;

std::string digest_of(const State& state) {
  crypto::Sha256 digest;
  add(digest, state.series.units);
  add(digest, state.series.line_periods);
  add(digest, state.settled);
  add(digest, state.current);
  add(digest, state.raw);
  return digest.finish_hex();
}

std::size_t bytes_of(const State& state) {
  return state.settled.size() * sizeof(planner::LineState) * 2 +
         state.raw.size() * sizeof(planner::RawPeriod);
}

}  // namespace

base::Result<> bench_state(const BenchState& wanted) {
  const double lines = static_cast<double>(wanted.lines);
  if (lines * (wanted.periods + 1) * made_rows_per_period_max > 4e9)
    return base::fail(base::ErrorCode::usage,
                      "bench state: --lines times --periods is more than a history can hold");
  const std::int32_t first = last_made_period - wanted.periods + 1;
  const MadeLines made{.lines = wanted.lines, .threads = wanted.threads};
  History history = make_history(made, first);
  const planner::Pools pools = make_pools(made);
  const auto events = make_events(first);
  const planner::Fold fold(planner::default_settings(planner::Period::day));
  const History day = last_day_of(history);
  history.last_period = last_made_period;

  State state;
  const Lap build =
      timed([&] { state = planner::rebuild(history, pools, events, fold, wanted.threads); });
  const std::string digest = digest_of(state);
  const std::size_t rows = history.row_period.size();
  history = {};
  const Lap advance = timed([&] {
    state = planner::advance(std::move(state), day, pools, events, fold, wanted.threads);
  });

  Json json;
  json["lines"] = wanted.lines;
  json["periods"] = wanted.periods;
  json["threads"] = wanted.threads;
  json["rows"] = rows;
  json["seconds"] = build.seconds;
  json["cpu_seconds"] = build.cpu_seconds;
  json["lines_per_core_s"] = lines / build.cpu_seconds;
  json["advance_seconds"] = advance.seconds;
  json["advance_cpu_seconds"] = advance.cpu_seconds;
  json["bytes_per_line"] = static_cast<double>(bytes_of(state)) / lines;
  json["rss_mib"] = io::peak_memory_mib();
  json["digest"] = digest;
  json["digest_advanced"] = digest_of(state);
  if (wanted.json) {
    print(json);
    return {};
  }
  fmt::print("{} lines, {} days each, made in memory with {} rows; nothing read or written\n",
             wanted.lines, wanted.periods, rows);
  fmt::print("first build {:.3f} s on {} threads, {:.0f} lines per core-second\n", build.seconds,
             wanted.threads, lines / build.cpu_seconds);
  fmt::print("one more day {:.3f} s; {:.0f} bytes of state a line; at most {:.0f} MiB in use\n",
             advance.seconds, json["bytes_per_line"].get<double>(), io::peak_memory_mib());
  return {};
}

}  // namespace cmd
