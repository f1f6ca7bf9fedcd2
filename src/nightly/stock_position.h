#pragma once
// What every line has tonight: stock rolled forward to the close of the day, goods under way, and
// what is odd about either.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nightly/columns.h"
#include "nightly/outlook.h"
#include "nightly/schedule.h"
#include "planner/replenish.h"

namespace nightly {

// Why somebody should look, as count_tasks.csv spells it.
enum class TaskReason : std::uint8_t { negative, phantom, unknown, overdue };
std::string_view text_of(TaskReason reason);

struct CountTask {
  std::uint32_t site = 0, product = 0;
  TaskReason why = TaskReason::unknown;
  base::Money value;  // of a week's expected sales, or of the units in question
};

// An order that is late by more than one drop, set aside as not coming.
struct OverdueOrder {
  std::uint32_t row = 0;  // index into estate.on_order
  Date due;
};

// Stock and receipts of all lines, one entry or range per line of Columns.
struct Positions {
  std::vector<std::uint8_t> known;                        // 1 = there is a stock record
  std::vector<std::int32_t> on_hand_units;                // sellable at the close of as_of, >= 0
  std::vector<std::uint64_t> batch_begin, receipt_begin;  // ranges, one more entry than lines
  std::vector<planner::Batch> batches;                    // dated stock only
  std::vector<planner::Receipt> receipts;                 // after as_of
  std::vector<CountTask> tasks;                           // most valuable first
  std::vector<OverdueOrder> overdue;

  std::span<const planner::Batch> batches_of(std::size_t line) const {
    return std::span(batches).subspan(batch_begin[line], batch_begin[line + 1] - batch_begin[line]);
  }
  std::span<const planner::Receipt> receipts_of(std::size_t line) const {
    return std::span(receipts).subspan(receipt_begin[line],
                                       receipt_begin[line + 1] - receipt_begin[line]);
  }
};

// Each row of stock.csv with an older as_of is rolled forward from there by what was recorded since
// (sales, receipts and waste), and by the forecast for periods in which the site is unknown; the
// oldest batch leaves first and stock never falls below zero (see RollingStock). Stock past its
// date and blocked units do not count. Orders under way count less what movements say was received
// of them. One that was due has come if nobody has looked since (neither a count of the line nor a
// receipt of the site is as new), comes tomorrow if it was due less than one drop before somebody
// looked, and is overdue otherwise, unless its status is `reinstated`. Tasks are made for lines
// with in_range[line] = 1.
Positions stock_positions(const estate::Estate& estate, const Columns& columns,
                          const Outlook& outlook, std::span<const std::uint8_t> in_range,
                          Date as_of, int threads = 1);

}  // namespace nightly
