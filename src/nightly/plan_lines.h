#pragma once
// What each store line would order tonight if its depot had enough of everything.

#include "nightly/order_run.h"

namespace nightly {

// Fills night.orders and the counts of lines. Lines that need nothing are left out, but for those
// of cross-dock goods, which get their part of what comes, and those of the first tier whose stock
// serves a need together with others. Lines above input.tier_max are only counted. An order lasts
// until the next drop's goods are on the shelf, or until the line's range or its store ends: what
// would be sold after that is not ordered, and the presentation minimum no longer counts. The same
// with any number of threads.
void plan_lines(const OrderRunInput& input, const Routes& routes, Night& night);

}  // namespace nightly
