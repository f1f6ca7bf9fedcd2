// stockade order: the order run, from an estate folder to an out folder.

#include <fmt/core.h>

#include "cmd/common.h"
#include "nightly/night.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date as_of;
  std::string out, state;
  bool json = false;
};

void print_night(const nightly::NightResult& result, const std::string& out) {
  const nightly::Night& night = result.night;
  std::int64_t units = 0, cut = 0;
  std::size_t ordered = 0;
  for (const nightly::OrderLine& order : night.orders) {
    units += order.units;
    cut += order.cut_units;
    ordered += order.units > 0;
  }
  if (result.calendars_ignored)
    fmt::print(
        stderr,
        "deliveries.csv and site_calendar.csv are not followed: the estate's period is the week\n");
  fmt::print("{} lines in range, {} due tonight, {} ordered: {} units; {} units short\n",
             night.lines, night.lines_due, ordered, units, cut);
  if (night.lines_unknown > 0)
    fmt::print(
        "{} lines have no stock record and order expected sales only; at most {:.1f} % of "
        "tonight's expected "
        "sales may be missed for it\n",
        night.lines_unknown, night.availability_lost * 100);
  fmt::print("{} depot order lines to suppliers\n", night.depot_orders.size());
  fmt::print("{}: orders.csv, depot_orders.csv, report.html\n", out);
}

base::Result<> order(const Arguments& arguments) {
  io::Clock& clock = io::real_clock();
  const double start = clock.seconds();
  const auto estate = TRY(read(arguments.estate, arguments.as_of));
  nightly::NightOptions options;
  options.as_of = arguments.as_of;
  options.out = arguments.out;
  options.state_folder = arguments.state;
  options.threads = arguments.estate.thread_count();
  options.read_seconds = clock.seconds() - start;
  const auto result = TRY(nightly::run_night(io::real_disk(), clock, estate, options));
  if (arguments.json)
    fmt::print("{}\n", result.summary);
  else
    print_night(result, arguments.out);
  return {};
}

}  // namespace

Action bind_order(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  arguments->estate.bind(options);
  options.date("--as-of", arguments->as_of, "order at the close of this day", true)
      .text("--out", arguments->out, "the folder to write; an earlier output there is replaced",
            true)
      .text("--state", arguments->state,
            "folder of states carried from night to night; without it history is read anew")
      .flag("--json", arguments->json, "print summary.json instead of a few lines");
  return [arguments] { return order(*arguments); };
}

}  // namespace cmd
