// stockade bench: how fast the planner is on columns made in memory.

#include "cmd/bench.h"

#include "base/parallel.h"
#include "cmd/command.h"

namespace cmd {
namespace {

struct Arguments {
  std::string what;
  std::int64_t stores = 100, lines = 0, periods = 400, threads = 0;
  bool json = false;
};

std::size_t lines_or(const Arguments& arguments, std::size_t otherwise) {
  return arguments.lines == 0 ? otherwise : static_cast<std::size_t>(arguments.lines);
}

base::Result<> bench(const Arguments& arguments) {
  const int threads =
      arguments.threads == 0 ? base::hardware_threads() : static_cast<int>(arguments.threads);
  if (arguments.what == "state")
    return bench_state({.lines = lines_or(arguments, 100'000),
                        .periods = static_cast<std::int32_t>(arguments.periods),
                        .threads = threads,
                        .json = arguments.json});
  if (arguments.what == "order")
    return bench_order({.stores = static_cast<std::size_t>(arguments.stores),
                        .lines = lines_or(arguments, 8'000),
                        .threads = threads,
                        .json = arguments.json});
  return base::fail(base::ErrorCode::usage, "bench: expected what to measure: state or order");
}

}  // namespace

Action bind_bench(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .one_of("what", arguments->what,
              "state: the first build of the state, and one night of it; order: a whole night",
              {"state", "order"})
      .whole("--stores", arguments->stores, "order: stores", 1, 100'000)
      .whole("--lines", arguments->lines,
             "state: lines in all (100000 if not given); order: lines of each store (8000)", 1,
             static_cast<std::int64_t>(lines_max))
      .whole("--periods", arguments->periods, "state: days of history that the state is built from",
             1, 3'000)
      .whole("--threads", arguments->threads, "threads; 0 = as many as the machine runs", 0, 64)
      .flag("--json", arguments->json, "print the figures as JSON");
  return [arguments] { return bench(*arguments); };
}

}  // namespace cmd
