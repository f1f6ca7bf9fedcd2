#pragma once
// Orders under way: which of them goods still come of, and when.

#include <cstdint>
#include <utility>
#include <vector>

#include "base/date.h"
#include "estate/estate.h"

namespace nightly {

using base::Date;

// What is still to come of one row of on_order.csv.
struct OpenOrder {
  std::uint32_t row = 0;  // index into estate.on_order
  Date due;
  std::int32_t units = 0;
  bool reinstated = false;  // somebody says that it comes after all
};

// What is to come of rows [first, last) of estate.on_order, all of one site and product: those
// neither cancelled nor received, by due date. What movements.csv says was received from an order's
// due date on, up to as_of, has settled it, the oldest order first; but what comes `drop_days`
// after the due date or later belongs to later orders, unless the order was reinstated.
void open_orders(const estate::Estate& estate, std::size_t first, std::size_t last, Date as_of,
                 std::int32_t drop_days, std::vector<OpenOrder>& open);

// The rows of a site and product in estate.on_order, first and one past the last.
std::pair<std::size_t, std::size_t> order_rows(const estate::Estate& estate, std::uint32_t site,
                                               std::uint32_t product);

// What is to be thought of an open order.
enum class Coming : std::uint8_t {
  ahead,    // due after as_of
  late,     // was due, and will be there tomorrow
  came,     // was due after the last count of a site that notes no receipts: taken to have come
  overdue,  // is late by more than one drop: not coming
};

// `looked_on`: the last day on which somebody would have noted that the goods came, at most as_of:
// see looked_on(). `drop_days`: days from one drop to the next.
Coming coming(const OpenOrder& order, Date looked_on, std::int32_t drop_days, Date as_of);

// One entry per site: 1 where movements.csv has a receipt up to as_of. What such a site has not
// noted did not come, however long it has been silent: a person can reinstate it. At the others an
// order that fell due after the newest count is taken to have come, for nobody would have said so.
std::vector<std::uint8_t> notes_receipts(const estate::Estate& estate, Date as_of);

}  // namespace nightly
