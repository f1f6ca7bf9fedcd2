// stockade sample: a made-up estate of any size, with its true demand.

#include "estate/sample.h"

#include <fmt/core.h>

#include "base/parallel.h"
#include "cmd/common.h"
#include "cmd/text.h"

namespace cmd {
namespace {

struct Arguments {
  std::int64_t stores = 50, lines = 400, days = 400, seed = 1, dark_days = 0, threads = 0;
  double dark_share = 0;
  bool dark_deliveries = false;
  std::int64_t future_days = 0;
  base::Date last_day = estate::SampleOptions{}.last_day;
  std::string out, compress = "none";
};

estate::Compression compression_of(const std::string& word) {
  if (word == "gz") return estate::Compression::gzip;
  return word == "zst" ? estate::Compression::zstd : estate::Compression::plain;
}

estate::SampleOptions options_of(const Arguments& arguments) {
  estate::SampleOptions options;
  options.stores = static_cast<std::int32_t>(arguments.stores);
  options.lines = static_cast<std::int32_t>(arguments.lines);
  options.days = static_cast<std::int32_t>(arguments.days);
  options.seed = static_cast<std::uint64_t>(arguments.seed);
  options.last_day = arguments.last_day;
  options.out = arguments.out;
  options.compress = compression_of(arguments.compress);
  options.dark_days = static_cast<std::int32_t>(arguments.dark_days);
  options.dark_share = arguments.dark_share;
  options.dark_deliveries = arguments.dark_deliveries;
  options.future_days = static_cast<std::int32_t>(arguments.future_days);
  options.threads =
      arguments.threads == 0 ? base::hardware_threads() : static_cast<int>(arguments.threads);
  return options;
}

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

void print_facts(const Arguments& arguments, const estate::SampleFacts& facts) {
  const auto count = [](std::int64_t value, const char* thing) {
    return counted(static_cast<std::uint64_t>(value), thing);
  };
  fmt::print("{}: {}, {}, {}, {}\n", arguments.out, count(facts.stores, "store"),
             count(facts.depots, "depot"), count(facts.products, "product"),
             count(facts.lines, "line"));
  fmt::print("{} from {} to {}; the true demand is in truth.csv from {}\n",
             counted(facts.sales_rows, "sales row"), base::to_string(facts.first_day),
             base::to_string(facts.as_of), base::to_string(facts.truth_from));
  fmt::print("{:.1f} % of demand was lost; {:.1f} % of lines have a wrong stock record\n",
             percent(facts.lost_units, facts.demand_units),
             percent(facts.wrong_stock_lines, facts.lines));
  if (facts.dark_stores > 0)
    fmt::print("{} did not report the last {}\n", count(facts.dark_stores, "store"),
               count(arguments.dark_days, "day"));
  fmt::print("as-of {}\n", base::to_string(facts.as_of));
}

base::Result<> sample(const Arguments& arguments) {
  estate::SampleOptions options = options_of(arguments);
  base::Result<estate::SampleFacts> facts;
  {
    const ProgressBar bar;
    if (bar.shown()) options.progress = [&](double share) { bar.draw(share, "stores written"); };
    facts = estate::write_sample(io::real_disk(), options);
  }
  print_facts(arguments, TRY(std::move(facts)));
  return {};
}

}  // namespace

Action bind_sample(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  constexpr std::int64_t seed_max = 999'999'999'999'999'999;
  options.text("--out", arguments->out, "a new or empty folder, or an earlier sample", true)
      .whole("--stores", arguments->stores, "stores", 2, estate::sample_stores_max)
      .whole("--lines", arguments->lines, "products on sale in an average store", 20,
             estate::sample_lines_max)
      .whole("--days", arguments->days, "days of history", 60, estate::sample_days_max)
      .whole("--seed", arguments->seed, "the same options and seed give the same bytes", 0,
             seed_max)
      .date("--last-day", arguments->last_day, "the last day with sales; otherwise 2026-06-14",
            false, {estate::sample_last_day_min, estate::sample_last_day_max})
      .whole("--dark-days", arguments->dark_days,
             "the last days that dark stores did not report, at most half of --days", 0,
             estate::sample_days_max / 2)
      .real("--dark-share", arguments->dark_share, "share of the stores that went dark", 0, 1)
      .flag("--dark-deliveries", arguments->dark_deliveries,
            "in the dark days nothing was ordered or delivered, to any store or depot")
      .whole("--future-days", arguments->future_days,
             "days after the last whose true demand is written, to truth_future.csv", 0,
             estate::sample_future_days_max)
      .one_of("--compress", arguments->compress, "packing of the large files",
              {"none", "gz", "zst"})
      .whole("--threads", arguments->threads, "threads; 0 = as many as the machine runs", 0, 64);
  return [arguments] { return sample(*arguments); };
}

}  // namespace cmd
