#pragma once
// What stores order straight from suppliers, brought above each supplier's minimum and below his
// maximum.

#include "nightly/order_run.h"

namespace nightly {

// Fits tonight's orders of each store to one supplier with one drop to his limits (supply.csv, or
// suppliers.csv), by the rule of depots (planner::fit_order). Below the minimum an order grows,
// reason `minimum`, or waits: then its units are cut with `order_min`. Above the maximum units are
// cut with `order_max`. Only lines of the order grow, within shelf, life and order_units_max; one
// that was cut or has no stock record never does.
void fit_direct_orders(const OrderRunInput& input, Night& night);

}  // namespace nightly
