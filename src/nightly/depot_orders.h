#pragma once
// What depots order from suppliers once the stores' orders are known, and what suppliers expect.

#include "nightly/depot_stock.h"
#include "nightly/order_run.h"

namespace nightly {

// Fills night.depot_orders, night.supplier_forecast and the counts of what was not ordered, from
// the stores' demand, tonight's store orders in night.orders, and the depots' stock and orders
// under way. See docs/design/depot-orders.md for the rules.
void order_from_suppliers(const OrderRunInput& input, const DepotDemand& demand,
                          const DepotStock& depots, Night& night);

}  // namespace nightly
