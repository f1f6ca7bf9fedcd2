#pragma once
// Held lines: which lines a cause reaches, and what they order while nobody has decided.

#include <vector>

#include "nightly/guard_finding.h"
#include "nightly/order_run.h"
#include "nightly/run_memory.h"

namespace nightly {

// Per line of `columns`: 0, or 1 + the index of the first cause that reaches it. A value of a
// supplier reaches the lines that he delivers himself, one of a depot none: what a depot orders is
// held in its own orders.
std::vector<std::uint16_t> lines_reached(const estate::Estate& estate, const Columns& columns,
                                         const std::vector<Cause>& causes, Date as_of);

// The most that a line had on this weekday in the last eight weeks: what was ordered for it where
// at least orders_nights_min such nights are remembered; else also what it sold over the same
// interval, in whole multiples.
class OwnPast {
 public:
  static constexpr std::size_t orders_nights_min = 4;

  OwnPast(const Columns& columns, const PastOrders& orders) : columns_(columns), orders_(orders) {}
  std::int32_t largest_units(const OrderLine& order) const;

 private:
  std::int64_t largest_sold(const OrderLine& order) const;

  const Columns& columns_;
  const PastOrders& orders_;
};

// Lines whose order is far above their own past, though their inputs looked sane: row = the index
// in `orders`, was = what OwnPast says. Launches and lines that began to sell within the last 28
// periods have no past to speak of.
std::vector<Suspect> exploded(const OrderRunInput& input, const std::vector<OrderLine>& orders,
                              const OwnPast& past);

// Marks the orders of reached lines as held and lowers them to their own past, launches to their
// launch quantity; what is taken away stands in cut_units. Depot orders that wait for a decision
// say so in `reason`, at the quantity that the last night's inputs give.
void hold(const OrderRunInput& input, const std::vector<Cause>& causes,
          const std::vector<std::uint16_t>& reached, const OwnPast& past, Night& night);

}  // namespace nightly
