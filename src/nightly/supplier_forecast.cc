#include "nightly/supplier_forecast.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/parallel.h"

namespace nightly {
namespace {

constexpr std::size_t products_per_chunk = 64;
constexpr double high_level = 0.95;

class Forecasts {
 public:
  Forecasts(const OrderRunInput& input, const DepotDemand& demand, const Night& night)
      : in_(input), demand_(demand), night_(night), kind_(input.columns.kind) {}

  // Appends the rows of one product, by date.
  void add(std::size_t product, std::vector<SupplierForecastRow>& rows) const {
    const DepotProduct& goods = demand_.products()[product];
    const DepotSupply& supply = demand_.supplies()[goods.supply];
    std::map<Date, SupplierForecastRow> by_date;
    const auto row_on = [&](Date date) -> SupplierForecastRow& {
      SupplierForecastRow& row = by_date[date];
      row.supplier = supply.source.supplier;
      row.depot = goods.depot;
      row.product = goods.product;
      row.date = date;
      return row;
    };
    const std::int32_t lag = goods.cross_dock ? 0 : stock_lag_periods(kind_);
    double expected = 0;  // of all deliveries so far
    for (std::size_t i = 0; i < supply.deliveries.size(); ++i) {
      const Drop& drop = supply.deliveries[i];
      const bool is_last = i + 1 == supply.deliveries.size();
      const Date next = is_last ? drop.next_on_shelf : supply.deliveries[i + 1].on_shelf;
      const planner::Moments fed = demand_.over(product, period_of(kind_, drop.on_shelf) + lag,
                                                period_of(kind_, next) + lag);
      SupplierForecastRow& row = row_on(drop.on_shelf);
      row.units += whole(expected + fed.mean) - whole(expected);
      row.units_high += planner::quantile(fed, high_level);
      expected += fed.mean;
    }
    add_committed(goods, supply, row_on);
    for (const auto& [date, row] : by_date)
      if (row.units != 0 || row.units_high != 0 || row.committed_units != 0) rows.push_back(row);
  }

 private:
  static std::int32_t whole(double units) {
    return static_cast<std::int32_t>(std::min(std::floor(units + 0.5), 2e9));
  }

  // Orders that name another supplier are not this one's business.
  template <class RowOn>
  void add_committed(const DepotProduct& goods, const DepotSupply& supply, RowOn row_on) const {
    const auto [first, last] = forecast_span(kind_, in_.columns.history.last_period);
    const std::string& supplier = in_.estate.suppliers[supply.source.supplier].id;
    const auto key = [](const auto& row) { return std::pair(row.site, row.product); };
    const auto on_order = std::ranges::equal_range(in_.estate.on_order,
                                                   std::pair(goods.depot, goods.product), {}, key);
    for (const estate::OnOrderRow& order : on_order) {
      if (order.status == "cancelled" || order.status == "received") continue;
      if (order.due < first || last < order.due) continue;
      if (!order.source.empty() && order.source != supplier) continue;
      row_on(date_of(kind_, period_of(kind_, order.due))).committed_units += order.units;
    }
    const auto wanted = std::tuple(goods.depot, supply.source.supplier, goods.product);
    const auto placed =
        std::ranges::equal_range(night_.depot_orders, wanted, {}, [](const DepotOrderLine& line) {
          return std::tuple(line.depot, line.supplier, line.product);
        });
    for (const DepotOrderLine& line : placed)
      if (first <= line.due && line.due <= last) row_on(line.due).committed_units += line.units;
  }

  const OrderRunInput& in_;
  const DepotDemand& demand_;
  const Night& night_;
  planner::Period kind_;
};

}  // namespace

void forecast_for_suppliers(const OrderRunInput& input, const DepotDemand& demand, Night& night) {
  const std::span products = demand.products();
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < products.size(); ++i)
    if (products[i].supply != estate::none) order.push_back(i);
  std::ranges::sort(order, {}, [&](std::uint32_t i) {
    const DepotProduct& product = products[i];
    return std::tuple(demand.supplies()[product.supply].source.supplier, product.depot,
                      product.product);
  });
  const Forecasts forecasts(input, demand, night);
  std::vector<std::vector<SupplierForecastRow>> parts(order.size() / products_per_chunk + 1);
  base::for_ranges(input.threads, order.size(), products_per_chunk,
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     for (std::size_t i = begin; i < end; ++i)
                       forecasts.add(order[i], parts[chunk]);
                   });
  for (const auto& part : parts)
    night.supplier_forecast.insert(night.supplier_forecast.end(), part.begin(), part.end());
}

}  // namespace nightly
