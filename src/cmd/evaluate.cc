// stockade evaluate: how good the forecasts of a day turned out.

#include "nightly/evaluate.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "cmd/common.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date as_of;
  std::int64_t horizon = 28, windows = 1;
  bool json = false;
};

void print_json(const nightly::Evaluation& e) {
  fmt::print(
      "{{\"lines\": {}, \"points\": {}, \"rmsse\": {:.6f}, \"rmsse_smoothing\": {:.6f}, "
      "\"better_percent\": {:.3f}, \"levels\": [{}], \"below\": [{:.4f}], \"at_or_below\": "
      "[{:.4f}], "
      "\"pit\": [{:.4f}], \"worst_quantile_points\": {:.2f}, \"worst_tenth_points\": {:.2f}}}\n",
      e.lines, e.points, e.rmsse, e.rmsse_smoothing, e.better_percent(),
      fmt::join(nightly::forecast_levels, ", "), fmt::join(e.below, ", "),
      fmt::join(e.at_or_below, ", "), fmt::join(e.pit, ", "), e.worst_quantile_points(),
      e.worst_tenth_points());
}

void print_text(const nightly::Evaluation& e) {
  fmt::print("{} lines, {} periods in stock\n", e.lines, e.points);
  fmt::print("error (RMSSE) {:.4f}; simple exponential smoothing {:.4f}; {:.2f} % better\n\n",
             e.rmsse, e.rmsse_smoothing, e.better_percent());
  fmt::print("{:>9} {:>12} {:>14}\n", "quantile", "came below", "at or below");
  for (std::size_t i = 0; i < nightly::forecast_levels.size(); ++i)
    fmt::print("{:>8.1f}% {:>11.1f}% {:>13.1f}%\n", nightly::forecast_levels[i] * 100,
               e.below[i] * 100, e.at_or_below[i] * 100);
  fmt::print("\nshare of outcomes in each tenth of their forecast, % (10 each is perfect):\n");
  for (const double share : e.pit)
    fmt::print("  {:5.1f} {}\n", share * 100,
               std::string(static_cast<std::size_t>(share * 300), '#'));
}

base::Result<> evaluate(const Arguments& arguments) {
  const auto estate = TRY(read(arguments.estate, base::date_max));
  const auto result =
      TRY(nightly::evaluate(estate, arguments.as_of, static_cast<int>(arguments.horizon),
                            static_cast<int>(arguments.windows), arguments.estate.thread_count()));
  if (arguments.json)
    print_json(result);
  else
    print_text(result);
  return {};
}

}  // namespace

Action bind_evaluate(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  arguments->estate.bind(options);
  options.date("--as-of", arguments->as_of, "forecast from the close of this day", true)
      .whole("--horizon", arguments->horizon, "periods to forecast and score", 1,
             nightly::forecast_horizon_max)
      .whole("--windows", arguments->windows,
             "how many horizons, one after the other, to score together", 1, 1000)
      .flag("--json", arguments->json, "one JSON object instead of text");
  return [arguments] { return evaluate(*arguments); };
}

}  // namespace cmd
