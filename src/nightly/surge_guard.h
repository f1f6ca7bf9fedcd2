#pragma once
// The surge guard over a night: puts tonight's orders to suppliers under their limits.

#include "nightly/depot_demand.h"
#include "nightly/surge.h"

namespace nightly {

// Cuts night.depot_orders, and the orders of stores that suppliers serve themselves, to what
// suppliers confirmed and depots can take in and pick; lists what was cut in night.surge_held. It
// is not lost: the need is computed anew each night, and what is still needed is ordered then. See
// docs/design/surge.md for the limits.
void guard_surges(const OrderRunInput& input, const DepotDemand& demand, Night& night);

}  // namespace nightly
