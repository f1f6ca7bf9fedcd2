// stockade compare: our orders beside somebody else's.

#include "nightly/compare.h"

#include <fmt/core.h>

#include "cmd/common.h"
#include "cmd/compare_print.h"
#include "cmd/json.h"
#include "nightly/compare_files.h"

namespace cmd {
namespace {

struct Arguments {
  std::string ours, theirs, estate, out;
  base::Date as_of = base::date_max;
  std::int64_t top = 20;
  bool json = false, lenient = false;
};

base::Result<> compare(const Arguments& arguments) {
  for (const std::string& folder : {arguments.estate, arguments.ours})
    if (!arguments.out.empty() && !folder.empty()) TRY(check_apart(arguments.out, folder));
  io::Disk& disk = io::real_disk();
  nightly::ComparedOrders orders;
  TRY(nightly::read_ours(disk, arguments.ours, orders));
  TRY(nightly::read_theirs(disk, arguments.theirs, orders));
  if (orders.ours.empty() && orders.theirs.empty())
    return base::fail(
        base::ErrorCode::nothing_to_do,
        fmt::format("{} and {}: neither holds an order", arguments.ours, arguments.theirs));
  std::optional<estate::Estate> estate;
  base::Date as_of = arguments.as_of;
  if (!arguments.estate.empty()) {
    EstateOptions how;
    how.folder = arguments.estate;
    how.lenient = arguments.lenient;
    estate = TRY(read(how, as_of));
    if (as_of == base::date_max) as_of = TRY(last_sales_day(*estate));
  }
  const nightly::Comparison comparison =
      nightly::compare(orders, estate ? &*estate : nullptr, as_of);
  if (!arguments.out.empty())
    TRY(nightly::write_comparison(disk, arguments.out, orders, comparison));
  const ComparisonView view{
      orders,         comparison,       estate ? &*estate : nullptr,
      arguments.ours, arguments.theirs, static_cast<std::size_t>(arguments.top)};
  if (arguments.json)
    print(json_of(view));
  else
    fmt::print("{}", text_of(view));
  return {};
}

}  // namespace

Action bind_compare(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options.text("--ours", arguments->ours, "an output folder of `stockade order`", true)
      .text("--theirs", arguments->theirs,
            "their orders: a CSV file (also .gz, .zst) with site, product, units [due_date]", true)
      .text("--estate", arguments->estate,
            "the estate folder: values, categories, and why a line is not ours")
      .flag("--lenient", arguments->lenient, "skip bad rows of the estate folder")
      .date("--as-of", arguments->as_of, "the day of the orders; without it, the last of sales.csv")
      .whole("--top", arguments->top, "lines, sites and categories to show", 0, 10'000)
      .text("--out", arguments->out, "a CSV file for every line, the largest difference first")
      .flag("--json", arguments->json, "one JSON object instead of text");
  return [arguments] { return compare(*arguments); };
}

}  // namespace cmd
