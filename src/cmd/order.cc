// stockade order: the order run, from an estate folder to an out folder.

#include <string>

#include <fmt/core.h>

#include "cmd/carried.h"
#include "cmd/text.h"
#include "io/process.h"
#include "nightly/depot_capacity.h"
#include "nightly/night.h"

namespace cmd {
namespace {

struct Arguments {
  EstateOptions estate;
  base::Date as_of;
  std::string out, state, release;
  std::int64_t tier_max = 9;
  std::string share = "written";
  bool json = false;
};

// Pieces and weighed goods, which do not add up.
struct Amount {
  std::int64_t pieces = 0, grams = 0;

  void add(estate::Measure measure, std::int64_t units) {
    (measure == estate::Measure::g ? grams : pieces) += units;
  }
  std::string text() const {
    std::string words = counted(pieces, "unit");
    if (grams > 0) words += fmt::format(" and {:.1f} kg", static_cast<double>(grams) / 1000);
    return words;
  }
};

// Where hands or vehicles kept goods back.
void print_full_lanes(const nightly::Night& night) {
  std::size_t hands = 0, vehicles = 0;
  std::int64_t picks = 0;
  for (const nightly::LaneUse& use : night.capacity_used) {
    hands += use.withheld_for_hands > 0;
    vehicles += use.withheld_for_vehicles > 0;
    picks += use.withheld_for_hands + use.withheld_for_vehicles;
  }
  if (picks == 0) return;
  fmt::print("{} kept back by depots: hands are short in {}, vehicles in {}, of {} lanes\n",
             counted(static_cast<std::size_t>(picks / nightly::picks_per_case), "case"), hands,
             vehicles, night.capacity_used.size());
}

constexpr std::size_t minimums_named_max = 5;

void print_minimums(const estate::Estate& estate,
                    const std::vector<nightly::OutOfReach>& out_of_reach) {
  const std::size_t named = std::min(out_of_reach.size(), minimums_named_max);
  for (const auto& [site, supplier] : std::span(out_of_reach).first(named))
    fmt::print("{} runs out of goods of {}, whose minimum is more than it can sell\n",
               estate.sites[site].id, estate.suppliers[supplier].id);
  if (named < out_of_reach.size())
    fmt::print("and so do {} more; see report.html\n", out_of_reach.size() - named);
}

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
  if (!result.rebuilt_because.empty())
    fmt::print("state rebuilt because {}\n", result.rebuilt_because);
  fmt::print("{} in range, {} due tonight, {} ordered: {}; {} short\n",
             counted(night.lines, "line"), night.lines_due, lines, ordered.text(), withheld.text());
  if (night.lines_unknown > 0)
    fmt::print(
        "{} without a stock record, for expected sales only; at most {:.1f} % of "
        "tonight's expected sales may be missed for it\n",
        counted(night.lines_unknown, "line"), night.availability_lost * 100);
  if (night.lines_unknown_unordered > 0)
    fmt::print("{} of those not ordered: a case is more than they are expected to sell\n",
               counted(night.lines_unknown_unordered, "line"));
  if (night.lines_above_tier > 0)
    fmt::print("{} not ordered: above the crisis range\n", counted(night.lines_above_tier, "line"));
  print_full_lanes(night);
  fmt::print("{} to suppliers\n", counted(night.depot_orders.size(), "depot order line"));
  if (night.depot_products_unsupplied > 0)
    fmt::print("{} without a supplier, not ordered\n",
               counted(night.depot_products_unsupplied, "depot product"));
  if (night.depot_orders_below_minimum > 0)
    fmt::print("{} on hold: below the supplier's minimum\n",
               counted(night.depot_orders_below_minimum, "depot order"));
  if (night.direct_orders_below_minimum > 0)
    fmt::print("{} to suppliers on hold: below the supplier's minimum\n",
               counted(night.direct_orders_below_minimum, "store order"));
  print_minimums(estate, night.minimums_out_of_reach);
  if (!night.left_at_depots.empty())
    fmt::print("{} cross-dock units are left at depots: no shelf can hold them\n",
               night.units_left_at_depots());
  if (night.customer_units_short > 0)
    fmt::print("depots are {} units short of what other shops have ordered\n",
               night.customer_units_short);
  if (!night.held.empty())
    fmt::print("{} held for a decision; causes in held.csv: {}\n",
               counted(night.lines_held, "line"), night.held.size());
  fmt::print("{}: orders.csv, depot_orders.csv, report.html\n", out);
}

base::Result<> order(const Arguments& arguments) {
  io::keep_freed_memory();
  TRY(check_apart(arguments.out, arguments.estate.folder));
  if (!arguments.state.empty()) {
    TRY(check_apart(arguments.out, arguments.state));
    TRY(check_apart(arguments.state, arguments.estate.folder));
  }
  io::Clock& clock = io::real_clock();
  const double start = clock.seconds();
  nightly::NightOptions options;
  auto read =
      TRY(read_carried(arguments.estate, arguments.as_of, arguments.state, arguments.release));
  const estate::Estate& estate = read.estate;
  options.carried = std::move(read.carried);
  options.as_of = arguments.as_of;
  options.out = arguments.out;
  options.state_folder = arguments.state;
  options.tier_max = static_cast<std::uint8_t>(arguments.tier_max);
  if (arguments.share == "first_come") options.share_rule = nightly::ShareRule::first_come;
  options.threads = arguments.estate.thread_count();
  options.read_seconds = clock.seconds() - start;
  const auto result =
      TRY(nightly::run_night(io::real_disk(), clock, estate, read.guards, std::move(options)));
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
      .whole("--tier-max", arguments->tier_max,
             "a crisis range: lines of products above this tier are not ordered", 1, 9)
      .one_of("--share", arguments->share,
              "how scarce goods are shared; first_come only serves to compare with",
              {"written", "first_come"})
      .flag("--json", arguments->json, "print summary.json instead of a few lines");
  return [arguments] { return order(*arguments); };
}

}  // namespace cmd
