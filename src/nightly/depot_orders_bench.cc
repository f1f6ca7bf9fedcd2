// How long depots' orders and suppliers' forecasts take for a million store lines.
#include <array>

#include <benchmark/benchmark.h>

#include "base/prng.h"
#include "nightly/depot_orders.h"

namespace nightly {
namespace {

constexpr std::uint32_t depots = 2, shops = 100, products = 10'000, suppliers = 50;
const Date sunday = base::make_date(2026, 3, 1);

// Suppliers of all kinds, a stock row for each depot's product, a range row for each line.
estate::Estate large_estate(estate::Flow flow) {
  estate::Estate estate;
  estate.policy.service_level = 0.97;
  estate.sites.resize(depots + shops);
  estate.suppliers.resize(suppliers);
  estate.products.resize(products);
  for (std::uint32_t s = 0; s < suppliers; ++s) {
    estate.suppliers[s].lead_days = 1 + static_cast<std::int32_t>(s % 4);
    estate.suppliers[s].order_weekdays =
        std::array<std::uint8_t, 3>{0x7f, 1 << 0 | 1 << 3 | 1 << 6, 1 << 6}[s % 3];
    estate.suppliers[s].order_basis = estate::OrderBasis::cases;
    estate.suppliers[s].min_order = s % 2 == 0 ? 20'000 : 0;
  }
  for (std::uint32_t p = 0; p < products; ++p) {
    estate.products[p].supplier = p % suppliers;
    estate.products[p].case_units = 12;
  }
  for (std::uint32_t s = 0; s < depots + shops; ++s) {
    if (s < depots) {
      estate.sites[s].kind = estate::SiteKind::depot;
      continue;
    }
    estate.sites[s].depot = s % depots;
    estate::SupplyRow supply{};
    supply.to_site = s;
    supply.from_site = s % depots;
    supply.flow = flow;
    estate.supply.push_back(supply);
    for (std::uint32_t p = 0; p < products; ++p) {
      estate::RangeRow& row = estate.range.emplace_back();
      row.site = s;
      row.product = p;
    }
  }
  for (std::uint32_t d = 0; d < depots; ++d)
    for (std::uint32_t p = 0; p < products; ++p) {
      estate.stock.site.push_back(d);
      estate.stock.product.push_back(p);
      estate.stock.on_hand_units.push_back(static_cast<std::int32_t>(p % 400));
      estate.stock.blocked_units.push_back(0);
      estate.stock.expiry.push_back(base::date_max);
      estate.stock.as_of.push_back(base::date_min);
      estate.stock.counted_on.push_back(base::date_min);
    }
  return estate;
}

planner::State any_state(const Columns& columns, const planner::Fold& fold) {
  planner::State state = planner::rebuild(columns.history, columns.pools, columns.events, fold, 1);
  base::Prng prng(1);
  for (planner::LineState& line : state.current) {
    line.level_units.fill(static_cast<float>(prng.below(100)) / 20);
    line.level_factors.fill(1);
    line.own_weekday.fill(1);
    line.known_count = line.error_count = 1000;
    line.dispersion = 1;
  }
  return state;
}

void run(benchmark::State& bench, estate::Flow flow) {
  const estate::Estate estate = large_estate(flow);
  const Columns columns = build_columns(estate, sunday, order_horizon_periods);
  const planner::Settings settings = planner::default_settings(columns.kind);
  const planner::Fold fold(settings);
  const Outlook outlook(columns, any_state(columns, fold), fold, order_horizon_periods);
  Positions positions;
  positions.known.assign(columns.size(), 1);
  positions.on_hand_units.assign(columns.size(), 4);
  positions.receipt_begin.assign(columns.size() + 1, 0);
  const std::vector<std::uint8_t> in_range(columns.size(), 1);
  const OrderRunInput input{estate,   columns,  outlook, positions,
                            settings, in_range, sunday,  static_cast<int>(bench.range(0))};
  for (auto _ : bench) {
    Night night;
    const DepotDemand demand = DepotDemand::build(input);
    order_from_suppliers(input, demand, DepotStock::build(input, demand), night);
    bench.counters["orders"] = static_cast<double>(night.depot_orders.size());
    bench.counters["forecasts"] = static_cast<double>(night.supplier_forecast.size());
  }
  bench.counters["lines"] = static_cast<double>(columns.size());
}

void from_stock(benchmark::State& bench) { run(bench, estate::Flow::stock); }
void cross_dock(benchmark::State& bench) { run(bench, estate::Flow::cross_dock); }

BENCHMARK(from_stock)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(cross_dock)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace nightly
