#pragma once
// Which products a store ranges, how much of each it keeps on the shelf, and when the lorry brings
// it.

#include <vector>

#include "estate/sample/store.h"

namespace estate::sample {

// Sorted by product.
std::vector<LinePlan> choose_range(const World& world, std::size_t store);

// What an order placed at the close of a day leads to.
struct Drop {
  int arrive_day = -1;  // -1: no order can be placed on this day
  int cover_days =
      0;  // days from tomorrow until the goods of the drop after this one are on the shelf
};

// One entry per day of history.
std::vector<Drop> drops_of(const World& world, std::size_t store, Chain chain);

// One entry per day of history and horizon.
std::vector<DayState> day_states(const World& world, std::size_t store);

}  // namespace estate::sample
