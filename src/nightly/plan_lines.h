#pragma once
// What each store line would order tonight if its depot had enough of everything.

#include "nightly/order_run.h"
#include "nightly/terms.h"

namespace nightly {

// Fills night.orders and the counts of lines. Lines that need nothing are left out, but for those
// of cross-dock goods, which get their part of what comes, and those of the first tier whose stock
// serves a need together with others. Lines above input.tier_max are only counted. An order lasts
// until the next drop's goods are on the shelf, or until the line's range or its store ends: what
// would be sold after that is not ordered, and the presentation minimum no longer counts. The same
// with any number of threads.
void plan_lines(const OrderRunInput& input, const Routes& routes, Night& night);

// One drop of a line as it is planned, and all that the planner is told of it.
struct PlannedDrop {
  const Drop* drop = nullptr;    // of Routes
  std::int32_t sells_after = 0;  // nothing is sold up to the close of this period
  bool is_last = false;          // the line ends with this order's days
  Terms terms;
  std::vector<planner::Receipt> receipts;  // with tonight's earlier orders
  planner::Position position;              // refers to the receipts
  planner::Replenishment replenishment;
  OrderLine order;  // before anything is shared; units may be 0
};

// Plans one line on its own, as plan_lines does: the drops that it is in range for.
std::vector<PlannedDrop> plan_line(const OrderRunInput& input, const Routes& routes,
                                   const LineTerms& terms, std::size_t line);

}  // namespace nightly
