// stockade bench: how fast the planner is on columns made in memory.

#include "cmd/bench.h"

#include "base/parallel.h"
#include "cmd/command.h"

namespace cmd {
namespace {

struct Arguments {
  std::string what;
  std::int64_t lines = 100'000, periods = 400, threads = 0;
  bool json = false;
};

base::Result<> bench(const Arguments& arguments) {
  const int threads =
      arguments.threads == 0 ? base::hardware_threads() : static_cast<int>(arguments.threads);
  if (arguments.what == "state")
    return bench_state({.lines = static_cast<std::size_t>(arguments.lines),
                        .periods = static_cast<std::int32_t>(arguments.periods),
                        .threads = threads,
                        .json = arguments.json});
  return base::fail(base::ErrorCode::usage, "bench: expected what to measure: state");
}

}  // namespace

Action bind_bench(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .one_of("what", arguments->what, "state: the first build of the state, and one night of it",
              {"state"})
      .whole("--lines", arguments->lines, "lines", 1, 50'000'000)
      .whole("--periods", arguments->periods, "days of history that the state is built from", 1,
             3'000)
      .whole("--threads", arguments->threads, "threads; 0 = as many as the machine runs", 0, 64)
      .flag("--json", arguments->json, "print the figures as JSON");
  return [arguments] { return bench(*arguments); };
}

}  // namespace cmd
