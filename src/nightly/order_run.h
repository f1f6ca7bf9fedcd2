#pragma once
// The order run: what every store orders tonight and what every depot orders from its suppliers.
// Pure; files are elsewhere.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "nightly/columns.h"
#include "nightly/guard_finding.h"
#include "nightly/outlook.h"
#include "nightly/routes.h"
#include "nightly/stock_position.h"
#include "nightly/surge.h"
#include "planner/replenish.h"

namespace nightly {

// Why units are withheld, as orders.csv spells it.
enum class CutReason : std::uint8_t {
  none,
  no_stock,
  pick_capacity,
  vehicle,
  order_max,
  shelf,
  life,
  order_min,
  surge,  // the supplier confirmed no more for a day
  held
};
std::string_view text_of(CutReason reason);

// What made the quantity, in one word, as orders.csv spells it.
enum class OrderReason : std::uint8_t {
  demand,         // demand until the next drop, at the line's service level
  presentation,   // the shelf should not look empty
  launch,         // launch_units of a line that never sold
  stock_unknown,  // no stock record: expected sales only
  cross_dock,     // a share of goods that arrive anyway
  minimum,        // raised to the minimum of a supplier who delivers to the store
};
std::string_view text_of(OrderReason reason);

// One line of one store's order.
struct OrderLine {
  std::uint32_t line = 0;     // of Columns
  std::uint32_t product = 0;  // of that line
  std::int32_t units = 0, cut_units = 0;
  CutReason cut_reason = CutReason::none;
  OrderReason reason = OrderReason::demand;
  std::uint32_t source_site = estate::none, source_supplier = estate::none;
  estate::Flow flow = estate::Flow::stock;
  std::int32_t drop = 0;
  Date on_shelf, next_on_shelf;  // the goods have to last until the day before the second
  std::int32_t multiple = 1;
  double expected_demand = 0;   // until the next drop's goods are on the shelf, from this one's on
  double expected_on_hand = 0;  // when the goods arrive
  float demand_variance = 0;    // of the demand that is expected
  std::int32_t order_up_to = 0, on_hand = 0, on_order = 0;
  bool stock_known = true;
  // Cross-dock only: what shelf, life and order maximum let the line hold of goods that come
  // anyway.
  std::int32_t units_max = 0;
  std::uint16_t held = 0;  // 1 + the row of Night::held that keeps it for a person; 0 = none
};

// One line of a depot's order to a supplier.
struct DepotOrderLine {
  std::uint32_t depot = 0, supplier = 0, product = 0;
  std::int32_t units = 0, cases = 0;
  Date due;            // the day the goods can be picked
  std::string reason;  // demand, cross_dock, minimum (raised to the supplier's minimum), maximum
                       // (cut to it), surge (cut by the surge guard),
                       // held (an input of it waits for a decision)
  planner::SupplierLine order = {};  // what made the units
};

// What the surge guard holds back tonight; what is still needed is ordered on a later night.
struct SurgeHeld {
  std::uint32_t supplier = 0, site = 0, product = 0;  // the site that ordered: a depot or a store
  std::int32_t wanted_units = 0, units = 0;
  SurgeLimit limit = SurgeLimit::none;
};

// Cross-dock goods that no store may hold: they stay where they are.
struct DepotLeft {
  std::uint32_t depot = 0, product = 0;
  std::int64_t units = 0;
};

// What one depot's hands and vehicles do for one chain on the day the goods are picked. Picks are
// in thousandths of a case, loads in ten-thousandths of a pallet, 26 to a load.
struct LaneUse {
  std::uint32_t depot = 0;
  estate::Chain chain{};
  Date day;
  std::int64_t picks_used = 0, load_used = 0;
  std::optional<std::int64_t> picks_max, load_max;                 // nothing = no limit
  std::int64_t withheld_for_hands = 0, withheld_for_vehicles = 0;  // picks
};

struct SupplierForecastRow {
  std::uint32_t supplier = 0, depot = 0, product = 0;
  Date date;
  std::int32_t units = 0, units_high = 0, committed_units = 0;
};

// What a night decides.
// Goods run out at a site, but the supplier's minimum is more than sells within its life there.
struct OutOfReach {
  std::uint32_t site, supplier;
};

struct Night {
  std::vector<OrderLine> orders;  // sorted by line, then drop; units > 0 or cut_units > 0
  std::vector<DepotOrderLine> depot_orders;            // sorted by depot, supplier, product
  std::vector<SupplierForecastRow> supplier_forecast;  // sorted by supplier, depot, product, date
  std::vector<SurgeHeld> surge_held;                   // depots, then stores, as ordered
  std::size_t lines = 0;                               // in range
  std::size_t lines_due = 0;                           // whose order leaves tonight
  std::size_t lines_unknown = 0;                       // in range without a stock record
  std::size_t lines_unknown_unordered = 0;  // of those, due, but a case is more than they will sell
  std::size_t depot_products_unsupplied = 0;    // that a depot must have and nobody supplies
  std::size_t depot_orders_below_minimum = 0;   // wait: nothing urgent, or the minimum out of reach
  std::size_t direct_orders_below_minimum = 0;  // of stores to suppliers: the same
  std::vector<OverdueOrder> depot_overdue;      // by row: orders of depots that are not coming
  std::vector<OutOfReach> minimums_out_of_reach;  // depots', then stores', as ordered
  std::vector<DepotLeft> left_at_depots;          // by depot, product
  std::vector<LaneUse> capacity_used;     // by depot, chain, day; where capacity.csv says any
  std::size_t lines_above_tier = 0;       // that could order tonight, but for the crisis range
  std::int64_t customer_units_short = 0;  // that depots cannot send to shops that are not ours
  std::vector<HeldRow> held;              // causes that wait for a person's decision
  std::size_t lines_held = 0;             // of `orders`
  double availability_lost = 0;  // see docs/formats/orders.md: mean share of expected sales that
                                 // lines without a record give up

  std::int64_t units_left_at_depots() const {
    std::int64_t units = 0;
    for (const DepotLeft& left : left_at_depots) units += left.units;
    return units;
  }
};

// How what is scarce is shared.
enum class ShareRule : std::uint8_t {
  written,    // docs/design/scarcity.md
  first_come  // by site, then product, until nothing is left: only to compare with
};

struct OrderRunInput {
  const estate::Estate& estate;
  const Columns& columns;
  const Outlook& outlook;
  const Positions& positions;
  const planner::Settings& settings;
  std::span<const std::uint8_t> in_range;  // one entry per line, 1 = planned
  Date as_of;
  int threads = 1;
  std::uint8_t tier_max = 9;  // lines above it are not ordered: the crisis range
  ShareRule share_rule = ShareRule::written;
  std::span<const std::int32_t> units_max = {};  // one entry per line, 0 = none; may be empty
};

// Profiles of the outlook must reach this many periods past as_of.
inline constexpr std::int32_t order_horizon_periods = 120;

class DepotStock;

// The stores' orders; depots order from suppliers once these are known (depot_orders.h).
Night order_run(const OrderRunInput& input, const Routes& routes, const DepotStock& depots);

}  // namespace nightly
