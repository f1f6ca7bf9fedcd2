// stockade order: the order run, from an estate folder to an out folder.

#include <string>

#include <fmt/core.h>

#include "cmd/common.h"
#include "nightly/night.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date as_of;
  std::string out, state, release;
  bool json = false;
};

// Pieces and weighed goods, which do not add up.
struct Amount {
  std::int64_t pieces = 0, grams = 0;

  void add(estate::Measure measure, std::int64_t units) {
    (measure == estate::Measure::g ? grams : pieces) += units;
  }
  std::string text() const {
    std::string words = fmt::format("{} units", pieces);
    if (grams > 0) words += fmt::format(" and {:.1f} kg", static_cast<double>(grams) / 1000);
    return words;
  }
};

void print_night(const estate::Estate& estate, const nightly::NightResult& result,
                 const std::string& out) {
  const nightly::Night& night = result.night;
  Amount ordered, withheld;
  std::size_t lines = 0;
  for (const nightly::OrderLine& order : night.orders) {
    const estate::Measure measure = estate.products[order.product].measure;
    ordered.add(measure, order.units);
    withheld.add(measure, order.cut_units);
    lines += order.units > 0;
  }
  if (result.calendars_ignored)
    fmt::print(stderr,
               "deliveries.csv and site_calendar.csv are not followed: the estate's period is the "
               "week\n");
  fmt::print("{} lines in range, {} due tonight, {} ordered: {}; {} short\n", night.lines,
             night.lines_due, lines, ordered.text(), withheld.text());
  if (night.lines_unknown > 0)
    fmt::print(
        "{} lines have no stock record and order expected sales only; at most {:.1f} % of "
        "tonight's expected sales may be missed for it\n",
        night.lines_unknown, night.availability_lost * 100);
  fmt::print("{} depot order lines to suppliers\n", night.depot_orders.size());
  if (night.depot_products_unsupplied > 0)
    fmt::print("{} depot products have no supplier and are not ordered\n",
               night.depot_products_unsupplied);
  if (night.depot_orders_below_minimum > 0)
    fmt::print("{} depot orders wait: they are below the supplier's minimum\n",
               night.depot_orders_below_minimum);
  if (!night.held.empty())
    fmt::print("{} lines held for a decision; causes in held.csv: {}\n", night.lines_held,
               night.held.size());
  fmt::print("{}: orders.csv, depot_orders.csv, report.html\n", out);
}

base::Result<> order(const Arguments& arguments) {
  TRY(check_apart(arguments.out, arguments.estate.folder));
  if (!arguments.state.empty()) {
    TRY(check_apart(arguments.out, arguments.state));
    TRY(check_apart(arguments.state, arguments.estate.folder));
  }
  io::Clock& clock = io::real_clock();
  const double start = clock.seconds();
  nightly::NightOptions options;
  if (!arguments.release.empty())
    options.releases = TRY(nightly::read_releases(io::real_disk(), arguments.release));
  auto estate = TRY(read(arguments.estate, arguments.as_of));
  options.as_of = arguments.as_of;
  options.out = arguments.out;
  options.state_folder = arguments.state;
  options.threads = arguments.estate.thread_count();
  options.read_seconds = clock.seconds() - start;
  const auto result = TRY(nightly::run_night(io::real_disk(), clock, estate, options));
  for (const std::string& id : result.unused_releases)
    fmt::print(stderr, "{}: nothing is held under the id {}\n", arguments.release, id);
  if (arguments.json)
    fmt::print("{}\n", result.summary);
  else
    print_night(estate, result, arguments.out);
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
      .text("--release", arguments->release,
            "CSV of decisions (id,name): what held.csv lists under these ids may pass")
      .flag("--json", arguments->json, "print summary.json instead of a few lines");
  return [arguments] { return order(*arguments); };
}

}  // namespace cmd
