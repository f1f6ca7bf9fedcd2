#pragma once
// What each supplier should expect each depot to order, delivery by delivery.

#include "nightly/depot_demand.h"

namespace nightly {

// Fills night.supplier_forecast from the demand and from night.depot_orders. A delivery is expected
// to bring what the stores sell from the day that its goods are on their shelves until those of the
// next one are. `units` are rounded so that their sums over a product's deliveries are right to
// half a unit; `units_high` is exceeded by one delivery in twenty; `committed_units` are on order
// for that day, tonight's order included. Days with none of these are left out.
void forecast_for_suppliers(const OrderRunInput& input, const DepotDemand& demand, Night& night);

}  // namespace nightly
