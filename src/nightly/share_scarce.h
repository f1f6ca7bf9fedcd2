#pragma once
// Tonight's wishes as claims on depots' goods, hands and vehicles, and what they get of them.

#include <span>

#include "nightly/depot_stock.h"
#include "nightly/order_run.h"

namespace nightly {

// The goods of depots that claimants share, as indexes into DepotStock::goods(); estate::none where
// there is enough, nobody knows what there is, or the goods were shared before.
struct SharedGoods {
  std::span<const std::uint32_t> of_orders;     // one entry per night.orders
  std::span<const std::uint32_t> of_customers;  // one entry per estate.customer_orders
};

// Shares by planner::allocate (docs/design/scarcity.md), or first come, first served where the
// input says so, and cuts orders with their reason. A reason that cut more of a line before stays.
// Customers' orders claim shared goods only; each counts as a shop of its own, in tier 5. Fills
// night.capacity_used and adds to night.customer_units_short.
void share_scarce(const OrderRunInput& input, const Routes& routes, const DepotStock& depots,
                  const SharedGoods& goods, Night& night);

}  // namespace nightly
