#pragma once
// What each store would order on tonight and the next nights if nothing more were heard of it: the
// standing order that its depot fills when the store is silent. Pure.

#include <cstdint>
#include <span>
#include <vector>

#include "nightly/order_run.h"
#include "nightly/terms.h"

namespace nightly {

inline constexpr int standing_nights = 14;

struct StandingLine {
  std::uint32_t product = 0;
  std::int32_t units = 0;  // above 0
};

// One drop of one store and chain from one depot.
struct StandingDelivery {
  std::uint32_t site = 0, depot = 0;
  estate::Chain chain{};
  std::int32_t drop = 0;
  Date order_date, on_shelf;
  std::vector<StandingLine> lines;  // ascending by product
};

// A drop of one line, as far as the planner has to know it.
struct StandingDrop {
  std::int32_t on_shelf = 0, next_on_shelf = 0;  // periods; the goods last until before the second
  std::int32_t order_period = 0;                 // at whose close the order leaves
  bool is_last = false;                          // the line ends with this drop's days
  Terms terms;
};

// Units of one line for each of its drops, ascending by on_shelf. Drop by drop what the planner
// would order (demand until the next drop's goods at the line's service level, within shelf and
// life), if by then it has sold what is expected and got what the drops before bring: so a case too
// much is taken off the next drop, and a promotion that is over leaves no orders behind. A line
// without a stock record gets what it is expected to sell, in whole cases, the rest carried on.
// `sells_after`: nothing is sold up to the close of this period. `has_sold` is whether it ever did:
// a launch that has not, and has nothing, begins with its launch units.
std::vector<std::int32_t> standing_units(const planner::Demand::Line& demand,
                                         std::int32_t sells_after, bool has_sold,
                                         const planner::Position& now,
                                         std::span<const StandingDrop> drops,
                                         const planner::Settings& settings);

// One line and its drops, as standing_orders plans it.
struct StandingPlan {
  std::size_t line = 0;  // of the columns
  std::int32_t sells_after = 0;
  bool has_sold = false;
  planner::Position now;  // refers to the input's positions
  std::vector<StandingDrop> drops;
  std::vector<Date> order_dates;  // of the drops
};
std::vector<StandingPlan> standing_plans(const OrderRunInput& input, std::uint32_t site);

// The deliveries of all stores for which orders leave at the close of as_of and of the
// standing_nights - 1 days after, sorted by site, on_shelf, drop, chain, depot; those without a
// line as well, for nothing is then what is due. Goods that a supplier brings to the store itself
// are not among them. The same with any number of threads.
std::vector<StandingDelivery> standing_orders(const OrderRunInput& input);

}  // namespace nightly
