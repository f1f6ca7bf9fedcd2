// stockade forecast: what every line will sell, as mean and quantiles.

#include <fmt/core.h>

#include "cmd/common.h"
#include "nightly/forecast.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date as_of;
  std::int64_t horizon = 28;
  std::string out;
};

base::Result<> forecast(const Arguments& arguments) {
  TRY(check_apart(arguments.out, arguments.estate.folder));
  const auto estate = TRY(read(arguments.estate, arguments.as_of));
  const auto facts = TRY(nightly::write_forecast(io::real_disk(), estate, arguments.as_of,
                                                 static_cast<int>(arguments.horizon), arguments.out,
                                                 arguments.estate.thread_count()));
  fmt::print("{} lines, {} rows, {}\n", facts.lines, facts.rows, arguments.out);
  return {};
}

}  // namespace

Action bind_forecast(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  arguments->estate.bind(options);
  options.date("--as-of", arguments->as_of, "the last day that is known", true)
      .whole("--horizon", arguments->horizon, "periods to forecast", 1,
             nightly::forecast_horizon_max)
      .text("--out", arguments->out, "the file to write: .csv, .csv.gz or .csv.zst", true);
  return [arguments] { return forecast(*arguments); };
}

}  // namespace cmd
