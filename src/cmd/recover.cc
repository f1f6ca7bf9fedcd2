// stockade recover: the estate played forward, to say when shelves are full again.

#include "nightly/recover.h"

#include <string>

#include <fmt/core.h>

#include "cmd/common.h"
#include "cmd/text.h"
#include "io/process.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date from;
  std::string out, truth, true_stock, committed;
  std::int64_t days = 28, paths = 12, seed = 1;
  bool json = false;
};

void print_result(const nightly::RecoverResult& result, const std::string& out) {
  TextTable table({{"back at 95 % of lines"},
                   {"as it is"},
                   {"without supplier limits"},
                   {"without depot limits"}});
  for (const nightly::CategoryBack& one : result.categories)
    table.row({one.name, one.back, one.without_supplier_limits, one.without_depot_limits});
  fmt::print("{}\n\n{}\n", result.answer, table.text());
  if (result.error)
    fmt::print("played out: off by {:.2f} points a day, {:.2f} by category, {:.2f} by site\n",
               result.error->estate_points, result.error->category_points,
               result.error->site_points);
  fmt::print("{}: recover.html, availability.csv, by_supplier\n", out);
}

base::Result<> recover(const Arguments& arguments) {
  io::keep_freed_memory();
  TRY(check_apart(arguments.out, arguments.estate.folder));
  const auto estate = TRY(read(arguments.estate, arguments.from - 1));
  nightly::RecoverOptions options;
  options.from = arguments.from;
  options.days = static_cast<std::int32_t>(arguments.days);
  options.out = arguments.out;
  options.paths = static_cast<std::uint32_t>(arguments.paths);
  options.seed = static_cast<std::uint64_t>(arguments.seed);
  options.threads = arguments.estate.thread_count();
  options.truth = arguments.truth;
  options.true_stock = arguments.true_stock;
  options.committed = arguments.committed;
  nightly::RecoverResult result;
  {
    const ProgressBar bar;
    if (bar.shown())
      options.progress = [&](double share, std::string_view what) { bar.draw(share, what); };
    result = TRY(nightly::run_recover(io::real_disk(), io::real_clock(), estate, options));
  }
  if (arguments.json)
    fmt::print("{}", result.summary);
  else
    print_result(result, arguments.out);
  return {};
}

}  // namespace

Action bind_recover(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
  arguments->estate.bind(options);
  options
      .date("--from", arguments->from,
            "first day played; the first orders leave at the close of the day before", true)
      .whole("--days", arguments->days, "days played", 1, nightly::play_periods_max)
      .text("--out", arguments->out, "the folder to write; an earlier output there is replaced",
            true)
      .whole("--paths", arguments->paths, "futures played", 2, nightly::recover_paths_max)
      .whole("--seed", arguments->seed, "the same options and seed give the same bytes", 0, any)
      .text("--committed", arguments->committed,
            "supplier_forecast.csv of the last night: what suppliers have made for us")
      .text("--truth", arguments->truth,
            "play what customers truly wanted too and tell the error: date, site, product, demand")
      .text("--true-stock", arguments->true_stock,
            "with --truth: what was truly on the shelves before: site, product, true_on_hand")
      .flag("--json", arguments->json, "print summary.json instead of a few lines");
  return [arguments] { return recover(*arguments); };
}

}  // namespace cmd
