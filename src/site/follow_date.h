#pragma once
// The trading day of a site that nobody opens by hand follows the machine's date. Pure.

#include <vector>

#include "trade/partition.h"

namespace site {

// Adds what brings the site to the day, in the order in which it must happen; nothing where it has
// that day, or a later one, already.
void follow_date(const trade::Partition& own, trade::Day today, std::vector<trade::Body>& bodies);

}  // namespace site
