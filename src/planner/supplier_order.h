#pragma once
// One order to one supplier: what is needed, brought above his minimum and below his maximum.

#include <cstdint>
#include <span>

namespace planner {

// One product of the order. It is ordered in steps: whole cases, layers or pallets.
struct SupplierLine {
  double position_units = 0;    // there or coming without this order; below 0 = owed
  double units_per_period = 0;  // expected demand
  double until_next_units = 0;  // expected demand until the next order's goods can replace it
  std::int32_t step_units = 1;
  std::int64_t step_measure = 0;  // of one step, in the unit of the limits; 0 = unknown
  std::int32_t steps_max = 0;     // that sell within the life of the goods, at least `steps`
  std::int32_t steps = 0;         // in: what is needed; out: what goes
};

struct SupplierLimits {
  std::int64_t min = 0, max = 0;       // of the whole order; 0 = none
  std::int32_t cover_periods_max = 0;  // a minimum never makes a product last longer
};

enum class SupplierFit : std::uint8_t {
  as_needed,
  raised,       // to the minimum
  cut,          // to the maximum
  withheld,     // below the minimum, and nothing runs out: all steps are 0
  unreachable,  // something runs out, but even the minimum is more than may be ordered: the same
};

// Whether nothing of the order goes out.
inline bool waits(SupplierFit fit) {
  return fit == SupplierFit::withheld || fit == SupplierFit::unreachable;
}

// Fits the order to its limits. Nothing needed is no order, and nothing is changed. Below the
// minimum the order waits, unless some product would run out before the next order's goods are
// there: then steps are added one by one, each to the product with the fewest periods of cover,
// ties to the first. Where even that falls short, the order waits. A product whose step_measure is
// unknown counts for nothing; if one is in the order, the minimum cannot be judged and holds
// nothing back. Above the maximum steps are taken off one by one, from the most periods of cover,
// ties from the last. Work is in proportion to the lines, not to the steps. Requires: step_units >=
// 1; steps times step_units fit into 31 bits for every steps <= steps_max.
SupplierFit fit_order(std::span<SupplierLine> lines, SupplierLimits limits);

}  // namespace planner
