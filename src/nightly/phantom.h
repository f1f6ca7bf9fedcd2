#pragma once
// Phantom stock: the record says there is some, but nothing has sold for longer than chance allows.

#include "nightly/state_file.h"
#include "nightly/stock_position.h"

namespace nightly {

// Adds a count task for each line in range whose time without a sale is beyond its own 99.5 % gap
// quantile, worth the stock in question, and keeps the tasks sorted.
//
// The gap counts periods in which the site reported, the line was in range and its shelf was not
// seen bare, since the last of: a sale, goods received, a count. How often the line sells is taken
// from the gap_history periods up to tonight. Lines with fewer than gap_history_min known periods
// from their first to their last sale there get no verdict.
void add_phantom_tasks(const estate::Estate& estate, const Columns& columns,
                       std::span<const std::uint8_t> in_range, Positions& positions);

// As many as a carried night has sales of, so that it finds what a rebuilt one does.
inline constexpr std::int32_t gap_history = night_sales_periods, gap_history_min = 28;
inline constexpr double gap_level = 0.995;

}  // namespace nightly
