// stockade why: every factor that made one quantity, ending in the number of orders.csv.

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "cmd/carried.h"
#include "cmd/json.h"
#include "cmd/text.h"
#include "estate/read_one.h"
#include "nightly/why.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date as_of;
  std::string state, release, site, product, lines;
  bool all = false, json = false;

  bool many() const { return all || !lines.empty(); }
};

// A line by its ids, as --lines lists them.
struct Pair {
  std::string site, product;
};

struct PairRow {
  std::string_view site, product;
};
constexpr auto pair_columns = std::to_array<estate::Column<PairRow>>({
    {"site", estate::Need::required, estate::values::id<&PairRow::site>},
    {"product", estate::Need::required, estate::values::id<&PairRow::product>},
});
constexpr estate::Table<PairRow> pair_table{"lines", pair_columns};

base::Result<std::vector<Pair>> read_pairs(const std::string& file) {
  std::vector<Pair> pairs;
  TRY(estate::read_csv(io::real_disk(), file, pair_table,
                       [&](const PairRow& row, std::uint64_t) -> base::Result<> {
                         pairs.push_back({std::string(row.site), std::string(row.product)});
                         return {};
                       }));
  return pairs;
}

Json json_of(const nightly::WhyStep& step) {
  Json value = std::holds_alternative<double>(step.value) ? Json(std::get<double>(step.value))
                                                          : Json(std::get<std::string>(step.value));
  return {{"name", step.name}, {"value", std::move(value)}, {"because", step.because}};
}

Json json_of(const nightly::WhyDrop& drop, const Json& steps) {
  const auto first = steps.begin() + static_cast<std::ptrdiff_t>(drop.first_step);
  Json own = Json::array();
  for (std::size_t i = 0; i < drop.step_count; ++i)
    own.push_back(first[static_cast<std::ptrdiff_t>(i)]);
  return {{"drop", drop.drop},   {"on_shelf", to_string(drop.on_shelf)},
          {"asked", drop.asked}, {"wished", drop.wished},
          {"units", drop.units}, {"steps", std::move(own)}};
}

Json json_of(const nightly::Why& why, const estate::Estate& estate) {
  Json steps = Json::array(), drops = Json::array();
  for (const nightly::WhyStep& step : why.steps) steps.push_back(json_of(step));
  for (const nightly::WhyDrop& drop : why.drops) drops.push_back(json_of(drop, steps));
  return {{"site", estate.sites[why.site].id},
          {"product", estate.products[why.product].id},
          {"units", why.units},
          {"steps", std::move(steps)},
          {"drops", std::move(drops)}};
}

std::string text_of(const std::variant<double, std::string>& value) {
  if (std::holds_alternative<std::string>(value)) return std::get<std::string>(value);
  const double number = std::get<double>(value);
  if (number == std::nearbyint(number)) return fmt::format("{:.0f}", number);
  return fmt::format("{:.2f}", number);
}

void print_table(const nightly::Why& why, const estate::Estate& estate) {
  const estate::Product& product = estate.products[why.product];
  fmt::print("{} {}{}{}: {}\n", estate.sites[why.site].id, product.id,
             product.name.empty() ? "" : " ", product.name, counted(why.units, "unit"));
  TextTable table({{"step"}, {"value", true}, {"because"}});
  for (const nightly::WhyStep& step : why.steps)
    table.row({step.name, text_of(step.value), step.because});
  fmt::print("{}", table.text());
}

// Explanations as lines of JSON, in the order of the lines asked for.
constexpr std::size_t lines_per_batch = 512;

void print_lines(const nightly::Explainer& explainer, const estate::Estate& estate,
                 std::span<const std::size_t> lines, int threads) {
  std::vector<std::string> texts(lines_per_batch);
  for (std::size_t begin = 0; begin < lines.size(); begin += lines_per_batch) {
    const std::size_t count = std::min(lines_per_batch, lines.size() - begin);
    base::for_ranges(threads, count, 32, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t i = from; i < to; ++i)
        texts[i] = json_of(explainer.why(lines[begin + i]), estate)
                       .dump(-1, ' ', false, Json::error_handler_t::replace);
    });
    for (std::size_t i = 0; i < count; ++i) fmt::print("{}\n", texts[i]);
  }
}

base::Result<std::vector<std::size_t>> lines_asked(const Arguments& arguments,
                                                   const nightly::Explainer& explainer,
                                                   const nightly::DecidedNight& night) {
  std::vector<std::size_t> lines;
  if (arguments.all) {
    for (std::size_t line = 0; line < night.columns.size(); ++line) lines.push_back(line);
    return lines;
  }
  for (const Pair& pair : TRY(read_pairs(arguments.lines)))
    lines.push_back(TRY(explainer.find(pair.site, pair.product)));
  return lines;
}

base::Result<> check_choice(const Arguments& arguments) {
  const bool one = !arguments.site.empty() && !arguments.product.empty();
  const bool half = arguments.site.empty() != arguments.product.empty();
  if (!half && int{one} + int{arguments.all} + int{!arguments.lines.empty()} == 1) return {};
  return base::fail(base::ErrorCode::usage,
                    "why needs --site with --product, or --lines, or --all, and only one of these");
}

base::Result<> why(const Arguments& arguments) {
  TRY(check_choice(arguments));
  auto read =
      TRY(read_carried(arguments.estate, arguments.as_of, arguments.state, arguments.release));
  const estate::Estate& estate = read.estate;
  const int threads = arguments.estate.thread_count();
  nightly::DecidedNight night(estate, arguments.as_of, std::move(read.carried.saved), threads);
  TRY(night.decide(read.guards));
  const nightly::Explainer explainer(night);
  if (arguments.many()) {
    print_lines(explainer, estate, TRY(lines_asked(arguments, explainer, night)), threads);
    return {};
  }
  const nightly::Why told = explainer.why(TRY(explainer.find(arguments.site, arguments.product)));
  if (arguments.json)
    print(json_of(told, estate));
  else
    print_table(told, estate);
  return {};
}

}  // namespace

Action bind_why(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  arguments->estate.bind(options);
  options.date("--as-of", arguments->as_of, "explain the orders at the close of this day", true)
      .text("--state", arguments->state,
            "folder of carried states, which is only read; as given to order")
      .text("--release", arguments->release, "decisions about held causes, as given to order")
      .text("--site", arguments->site, "the site of the line")
      .text("--product", arguments->product, "the product of the line")
      .text("--lines", arguments->lines,
            "a CSV file of lines to explain, columns site and product; prints lines of JSON")
      .flag("--all", arguments->all, "explain every line of the estate; prints lines of JSON")
      .flag("--json", arguments->json, "print one object instead of a table");
  return [arguments] { return why(*arguments); };
}

}  // namespace cmd
