#include "nightly/order_limits.h"

#include <algorithm>

#include "nightly/order_numbers.h"

namespace nightly {
namespace {

using estate::OrderBasis;
using Wide = __int128;  // costs times units

// A minimum never makes anybody take more than a quarter of a year's demand.
constexpr std::int32_t cover_days_max = 91;
// Divides by nearly every size of case and layer in use, so that parts of one count exactly.
constexpr std::int64_t parts_of_case = 5040;

// Weights, prices and parts of a case are finer than the limits that are set in them.
std::int64_t measure_scale(OrderBasis basis) {
  switch (basis) {
    case OrderBasis::units:
      return 1;
    case OrderBasis::cases:
    case OrderBasis::layers:
    case OrderBasis::pallets:
      return parts_of_case;
    case OrderBasis::kg:
      return 1000;  // grams
    case OrderBasis::pence:
      return 100;  // ten-thousandths of a pound
  }
  return 1;
}

// 0 = unknown.
std::int64_t case_weight_g(const estate::Product& product, std::int32_t case_units) {
  if (product.case_weight_g > 0) return product.case_weight_g;
  return product.measure == estate::Measure::g ? case_units : 0;
}

// 0 = unknown.
std::int64_t case_cost_e4(const estate::Product& product, const estate::SupplierItem* item,
                          std::int32_t case_units) {
  if (item != nullptr && item->case_cost) return item->case_cost->e4;
  return product.unit_cost ? (*product.unit_cost * case_units).e4 : 0;
}

}  // namespace

planner::SupplierLimits limits_of(const Source& source, planner::Period kind) {
  const std::int64_t scale = measure_scale(source.order_basis);
  return {.min = source.min_order * scale,
          .max = source.max_order * scale,
          .cover_periods_max = kind == planner::Period::day ? cover_days_max : cover_days_max / 7};
}

std::int64_t measure_of(const estate::Estate& estate, const Source& source, std::uint32_t product,
                        std::int32_t units) {
  const estate::Product& goods = estate.products[product];
  const std::int32_t case_units = supplier_case_units(estate, source.supplier, product);
  const auto of_case = [&](std::int64_t measure, std::int64_t cases = 1) {
    return static_cast<std::int64_t>(static_cast<Wide>(measure) * units / (cases * case_units));
  };
  switch (source.order_basis) {
    case OrderBasis::units:
      return units;
    case OrderBasis::cases:
      return of_case(parts_of_case);
    case OrderBasis::layers:
      return goods.layer_cases > 0 ? of_case(parts_of_case, goods.layer_cases) : 0;
    case OrderBasis::pallets:
      return goods.pallet_cases > 0 ? of_case(parts_of_case, goods.pallet_cases) : 0;
    case OrderBasis::kg:
      return of_case(case_weight_g(goods, case_units));
    case OrderBasis::pence:
      return of_case(
          case_cost_e4(goods, find_supplier_item(estate, source.supplier, product), case_units));
  }
  return 0;
}

std::int32_t supplier_case_units(const estate::Estate& estate, std::uint32_t supplier,
                                 std::uint32_t product) {
  const estate::SupplierItem* item = find_supplier_item(estate, supplier, product);
  const std::int32_t own = item != nullptr ? item->case_units : 0;
  return std::max(own > 0 ? own : estate.products[product].case_units, 1);
}

}  // namespace nightly
