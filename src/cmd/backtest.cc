// stockade backtest: a policy played over history.

#include "nightly/backtest.h"

#include <fmt/core.h>

#include "cmd/common.h"
#include "io/process.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date from;
  std::int64_t periods = 8;
  std::int64_t window = 0;
  std::string policy = "stockade";
  bool truth = false;
  bool json = false;
};

void print_json(const std::string& policy, const nightly::BacktestResult& result) {
  std::string windows;
  for (const nightly::PlayedWindow& window : result.windows)
    windows += fmt::format("{}{{\"from\": \"{}\", \"cost\": {:.4f}}}", windows.empty() ? "" : ", ",
                           base::to_string(window.from), window.played.cost());
  const nightly::Played& total = result.total;
  fmt::print(
      "{{\"policy\": \"{}\", \"cost\": {:.4f}, \"holding_cost\": {:.4f}, \"lost_sales_cost\": "
      "{:.4f}, "
      "\"fill_rate\": {:.6f}, \"demand_units\": {}, \"lost_units\": {}, \"waste_units\": {}, "
      "\"ordered_units\": {}, \"demand_pence\": {}, \"lost_pence\": {}, \"waste_pence\": {}, "
      "\"windows\": [{}]}}\n",
      policy, total.cost(), total.holding_cost, total.lost_sales_cost, total.fill_rate(),
      total.demand_units, total.lost_units, total.waste_units, total.ordered_units,
      total.demand_value.pence(), total.lost_value.pence(), total.waste_value.pence(), windows);
}

void print_row(const std::string& name, const nightly::Played& played) {
  fmt::print("{:<12} {:>12.1f} {:>12.1f} {:>12.1f} {:>8.2f} {:>10} {:>10}\n", name, played.cost(),
             played.holding_cost, played.lost_sales_cost, played.fill_rate() * 100,
             played.lost_units, played.waste_units);
}

io::Path truth_file(const io::Path& folder) {
  for (const char* name : {"truth.csv.zst", "truth.csv.gz"})
    if (io::real_disk().exists(folder / name)) return folder / name;
  return folder / "truth.csv";
}

base::Result<> backtest(const Arguments& arguments) {
  io::keep_freed_memory();
  const auto estate = TRY(read(arguments.estate, base::date_max));
  nightly::BacktestOptions options;
  options.from = arguments.from;
  options.periods = static_cast<std::int32_t>(arguments.periods);
  options.window_periods = static_cast<std::int32_t>(arguments.window);
  options.policy = arguments.policy == "benchmark" ? nightly::PolicyChoice::benchmark
                                                   : nightly::PolicyChoice::ours;
  options.threads = arguments.estate.thread_count();
  std::vector<nightly::TrueDemand> truth;
  if (arguments.truth)
    truth = TRY(nightly::read_truth(io::real_disk(), truth_file(arguments.estate.folder), estate));
  const auto result = TRY(nightly::backtest(estate, options, truth));
  if (arguments.json) {
    print_json(arguments.policy, result);
    return {};
  }
  fmt::print("{:<12} {:>12} {:>12} {:>12} {:>8} {:>10} {:>10}\n", "window from", "cost", "holding",
             "lost sales", "fill %", "lost", "waste");
  for (const nightly::PlayedWindow& window : result.windows)
    print_row(base::to_string(window.from), window.played);
  print_row("all", result.total);
  return {};
}

}  // namespace

Action bind_backtest(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  arguments->estate.bind(options);
  options.date("--from", arguments->from, "first day of the first window", true)
      .whole("--periods", arguments->periods, "days or weeks to play in all", 1, 10'000)
      .whole("--window", arguments->window, "periods of a window; 0 = eight weeks", 0, 10'000)
      .one_of("--policy", arguments->policy,
              "what orders: Stockade's planner or the benchmark rule", {"stockade", "benchmark"})
      .flag("--truth", arguments->truth,
            "play against the true demand of a sample estate (truth.csv) instead of recorded sales")
      .flag("--json", arguments->json, "one JSON object instead of a table");
  return [arguments] { return backtest(*arguments); };
}

}  // namespace cmd
