#pragma once
// The surge guard: what suppliers are asked for in one night, spread so that no day asks for more
// than they confirmed, or than depots can take in and send on. Pure. See docs/design/surge.md.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "estate/estate.h"
#include "planner/supplier_order.h"

namespace nightly {

// Why units wait for one of the next nights, as surge.csv spells it.
enum class SurgeLimit : std::uint8_t {
  none,
  supplier,  // more than the supplier confirmed for an order day
  receive,   // more pallets than the depot can take in on the day they come
  pick,      // more cases under way than the depot can send on in time
};
std::string_view text_of(SurgeLimit limit);

// Where a supplier says nothing, an order day may ask for so many times a usual one. Goods with a
// life up to surge_short_life_days count as short-lived.
inline constexpr std::int32_t surge_short_life_days = 7;
inline constexpr double surge_factor_short = 1.3, surge_factor_keeping = 2.0;
// A usual order day is the median of so many.
inline constexpr std::size_t surge_order_days = 28;

// Whether a product is short-lived.
bool is_short_lived(const estate::Product& product);

// One line of tonight's orders to suppliers.
struct SurgeLine {
  planner::SupplierLine
      order;  // steps, in: wanted; out: what goes tonight. step_measure as allowed
  std::uint32_t allowance = estate::none;  // which allowance counts it; none: nobody limits it
  std::uint32_t dock = estate::none;       // which dock takes it in; none: nobody limits it
  std::uint32_t floor = estate::none;      // on which floor it is picked; none: nobody limits it
  std::int64_t step_milli_pallets = 0;     // 0 = unknown
  std::int64_t step_milli_cases = 0;
  bool first = false;  // short-lived, of tier 1, or made for us already: served before the others
  SurgeLimit limit = SurgeLimit::none;  // out: the first that took steps off
};

// Takes steps off until no limit is exceeded; adds none. Each limit serves the lines that come
// first, then the others; within either, steps come off the goods that last the longest, one by one
// (planner::fit_order). A line whose measure is unknown counts for nothing and is left alone.
// Limits are 0 or more: of allowances in the measure of their lines' step_measure, of docks in
// thousandths of a pallet (of a depot, chain and day), of floors in thousandths of a case (of a
// depot and chain).
void spread_surge(std::span<SurgeLine> lines, std::span<const std::int64_t> allowances,
                  std::span<const std::int64_t> docks, std::span<const std::int64_t> floors);

// What an order day may ask for: a factor times a usual day, which is the median of the recorded
// ones, or what is expected where fewer than `surge_recorded_min` are known; whole times the
// largest step, since goods go in steps; at least `least`, below which the supplier takes none.
inline constexpr std::size_t surge_recorded_min = 8;
std::int64_t default_allowance(std::span<const std::int64_t> recorded_days, double expected_day,
                               double factor, std::int64_t largest_step, std::int64_t least);

}  // namespace nightly
