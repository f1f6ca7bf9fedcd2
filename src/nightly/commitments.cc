#include "nightly/commitments.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "estate/read_one.h"
#include "nightly/depot_stock.h"

namespace nightly {
namespace {

using estate::none;

using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // supplier, depot, product

std::int64_t sum_of(std::span<const Commitment> rows) {
  std::int64_t units = 0;
  for (const Commitment& row : rows) units += row.units;
  return units;
}

// Goods age while they wait: what is left of their life has to be what stores need on receipt.
Date until_of(const estate::Product& product, Date due) {
  if (product.date_kind == estate::DateKind::none || product.life_into_depot_days == 0)
    return base::date_max;
  return due + std::max(product.life_into_depot_days - product.life_on_receipt_days, 0);
}

struct ForecastRow {
  std::string_view supplier, depot, product;
  Date date;
  std::int64_t committed = 0;
};

constexpr auto forecast_columns = std::to_array<estate::Column<ForecastRow>>({
    {"supplier", estate::Need::required, estate::values::id<&ForecastRow::supplier>},
    {"depot", estate::Need::required, estate::values::id<&ForecastRow::depot>},
    {"product", estate::Need::required, estate::values::id<&ForecastRow::product>},
    {"date", estate::Need::required, estate::values::date<&ForecastRow::date>},
    {"committed_units", estate::Need::required,
     estate::values::whole<&ForecastRow::committed, 0, estate::units_max>},
});
constexpr estate::Table<ForecastRow> forecast_table{"supplier_forecast.csv", forecast_columns};

}  // namespace

std::vector<Commitment> commitments_of(const OrderRunInput& tonight, const DepotDemand& demand,
                                       std::span<const SupplierForecastRow> more) {
  const estate::Estate& estate = tonight.estate;
  const Sources sources = Sources::build(estate, tonight.as_of);
  std::map<Key, std::vector<Commitment>> open, told;
  const auto add = [&](std::map<Key, std::vector<Commitment>>& into, const Commitment& one) {
    if (one.units <= 0 || one.due > tonight.as_of) return;
    into[{one.supplier, one.depot, one.product}].push_back(one);
    into[{one.supplier, one.depot, one.product}].back().until =
        until_of(estate.products[one.product], one.due);
  };
  const DepotStock depots = DepotStock::build(tonight, demand);
  for (const OverdueOrder& overdue : depots.overdue()) {
    const estate::OnOrderRow& row = estate.on_order[overdue.row];
    std::uint32_t supplier = estate::find_supplier(estate, row.source);
    if (supplier == none) supplier = sources.of(row.site, row.product).supplier;
    if (supplier != none) add(open, {supplier, row.site, row.product, row.due, {}, row.units});
  }
  for (const SupplierForecastRow& row : more)
    add(told, {row.supplier, row.depot, row.product, row.date, {}, row.committed_units});
  for (auto& [key, rows] : told) {
    std::vector<Commitment>& known = open[key];
    if (sum_of(rows) > sum_of(known)) known = std::move(rows);
  }
  std::vector<Commitment> result;
  for (auto& [key, rows] : open) {
    std::ranges::stable_sort(rows, {}, &Commitment::due);
    result.insert(result.end(), rows.begin(), rows.end());
  }
  return result;
}

void take_up(std::span<const PlayedPath> paths, std::span<Commitment> commitments) {
  std::map<Key, std::map<Date, double>> ordered;  // mean units by due date
  for (const Commitment& one : commitments) ordered[{one.supplier, one.depot, one.product}];
  for (const PlayedPath& path : paths)
    for (const PlayedOrder& order : path.orders)
      if (const auto found = ordered.find({order.supplier, order.site, order.product});
          found != ordered.end() && order.units > 0)
        found->second[order.due] +=
            static_cast<double>(order.units) / static_cast<double>(paths.size());
  for (Commitment& one : commitments)
    for (auto& [due, units] : ordered.at({one.supplier, one.depot, one.product})) {
      if (due > one.until) break;
      const auto part =
          std::min(one.surplus(), static_cast<std::int64_t>(std::floor(units + 1e-9)));
      one.taken_units += part;
      units -= static_cast<double>(part);
    }
}

base::Result<std::vector<SupplierForecastRow>> read_committed(io::Disk& disk, const io::Path& file,
                                                              const estate::Estate& estate) {
  std::vector<SupplierForecastRow> rows;
  const auto take = [&](const ForecastRow& row, std::uint64_t line) -> base::Result<> {
    const std::uint32_t supplier = estate::find_supplier(estate, row.supplier);
    const std::uint32_t depot = estate::find_site(estate, row.depot);
    const std::uint32_t product = estate::find_product(estate, row.product);
    if (supplier == none || depot == none || product == none)
      return base::fail(
          base::ErrorCode::input_bad,
          fmt::format("{}:{}: \"{}\": expected an id of the estate", file.string(), line,
                      supplier == none ? row.supplier
                      : depot == none  ? row.depot
                                       : row.product));
    rows.push_back({.supplier = supplier,
                    .depot = depot,
                    .product = product,
                    .date = row.date,
                    .committed_units = static_cast<std::int32_t>(row.committed)});
    return {};
  };
  TRY(estate::read_csv(disk, file, forecast_table, take));
  return rows;
}

}  // namespace nightly
