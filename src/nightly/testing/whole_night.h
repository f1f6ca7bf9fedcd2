#pragma once
// Whole order runs on small estates that are written as files, for tests of what they decide.

#include <string>

#include <fmt/core.h>

#include "estate/testing/small_estate.h"
#include "nightly/depot_stock.h"
#include "nightly/order_run.h"
#include "nightly/range_days.h"

namespace nightly::testing {

using estate::testing::Files;

inline const Date tonight = base::make_date(2026, 3, 2);  // a Monday

// A shop with a depot and one product, of which it has sold the same units on each of 200 days up
// to tonight. Orders leave every night and are on the shelf on the second day, `policy` unsaid.
inline Files steady_shop(int units_per_day = 10, std::string_view policy = {}) {
  Files files{{"estate.toml", "format = 1\nname = \"Small\"\nperiod = \"day\"\n"},
              {"sites.csv", "site,kind,depot\nS1,store,D1\nD1,depot,\n"},
              {"products.csv", "product\nP1\n"},
              {"sales.csv", "date,site,product,units\n"}};
  if (!policy.empty()) files["estate.toml"] += "[policy]\n" + std::string(policy) + "\n";
  for (int day = 199; day >= 0; --day)
    files["sales.csv"] +=
        fmt::format("{},S1,P1,{}\n", base::to_string(tonight - day), units_per_day);
  return files;
}

// A table, its columns and rows split at blanks: "site,product S1,P1" is a header and one row.
inline std::string table(std::string text) {
  for (char& c : text)
    if (c == ' ') c = '\n';
  return text + '\n';
}

// All stages up to the store orders.
class WholeNight {
 public:
  explicit WholeNight(const Files& files, Date as_of = tonight, int threads = 1)
      : estate(*estate::testing::read_files(files, {.as_of = as_of})),
        columns(build_columns(estate, as_of, order_horizon_periods)),
        fold(planner::default_settings(columns.kind)),
        outlook(columns,
                planner::rebuild(columns.history, columns.pools, columns.events, fold, threads),
                fold, order_horizon_periods),
        routes(Routes::build(estate, columns, as_of, threads)),
        in_range(in_range_of(estate, columns, routes, as_of, threads)),
        positions(stock_positions(estate, columns, outlook, in_range, as_of)),
        input{estate, columns, outlook, positions, fold.settings(), in_range, as_of, threads},
        demand(DepotDemand::build(input)),
        depots(DepotStock::build(input, demand)),
        night(order_run(input, routes, depots)) {}

  std::uint32_t line(std::string_view site, std::string_view product) const {
    return columns.find(find_site(estate, site), find_product(estate, product));
  }
  // What a line orders tonight, in its first drop; units 0 where nothing is ordered.
  OrderLine order(std::string_view site = "S1", std::string_view product = "P1") const {
    for (const OrderLine& order : night.orders)
      if (order.line == line(site, product)) return order;
    return {};
  }
  std::int32_t on_hand(std::string_view site = "S1", std::string_view product = "P1") const {
    return positions.on_hand_units[line(site, product)];
  }
  // Dated stock of a line as "units until day of the month", with blanks between.
  std::string batches(std::string_view site = "S1", std::string_view product = "P1") const {
    std::string text;
    for (const planner::Batch& batch : positions.batches_of(line(site, product)))
      text += fmt::format("{}{} until {}", text.empty() ? "" : ", ", batch.units,
                          base::year_month_day(date_of(columns.kind, batch.last_period)).day);
    return text;
  }
  // Units under way to a line, as "units in days from tonight".
  std::string receipts(std::string_view site = "S1", std::string_view product = "P1") const {
    std::string text;
    for (const planner::Receipt& receipt : positions.receipts_of(line(site, product)))
      text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", receipt.units,
                          receipt.period - columns.history.last_period);
    return text;
  }

  estate::Estate estate;
  Columns columns;
  planner::Fold fold;
  Outlook outlook;
  Routes routes;
  std::vector<std::uint8_t> in_range;
  Positions positions;
  OrderRunInput input;
  DepotDemand demand;
  DepotStock depots;
  Night night;
};

}  // namespace nightly::testing
