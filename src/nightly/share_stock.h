#pragma once
// What stores get of what their depots have and get: the wishes of plan_lines, cut or raised.

#include "nightly/depot_stock.h"
#include "nightly/order_run.h"

namespace nightly {

// Shares each depot's product among tonight's store orders and the orders of shops that are not
// ours (customer_orders.csv).
//
// - From stock, and from what comes in time: each claimant only gets goods that can be on his shelf
//   on his day with life enough. Where nobody said what the depot has, there is enough.
// - All goods take hands and vehicles (capacity.csv, deliveries.csv); see share_scarce. What a
// store
//   does not get is cut, with the reason.
// - Cross-dock: what arrives for a drop goes out whole, as far as shelves, lives and order maxima
//   let it; the rest is listed in night.left_at_depots. Where nothing is announced, wishes go on as
//   they are. Goods that some stores get from stock tonight are shared as stock for all.
// - A customer's order is a claim of its own, due on its day or, if that has passed or is not said,
//   on the first of the stores' days; one that is due after all of tonight's orders have been sold
//   waits. It is taken to last as long as the stores' orders do on average, on an empty shelf.
//   night.customer_units_short adds up what is missing.
//
// The same with any number of threads.
void share_depots(const OrderRunInput& input, const Routes& routes, const DepotStock& depots,
                  Night& night);

}  // namespace nightly
