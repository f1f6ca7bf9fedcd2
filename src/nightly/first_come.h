#pragma once
// First come, first served: what the written rule of sharing is compared with.

#include "planner/scarcity.h"

namespace nightly {

// Serves claim after claim as they stand, each pack by pack until goods, hands or vehicle are gone.
// A claim's goods come from the lot that ends first among those that can be there on its day. All
// that is withheld from a claim has one reason.
planner::Allocation first_come(const planner::Claims& claims, const planner::Resources& resources);

}  // namespace nightly
