#pragma once
// One store's past, day by day: customers, shelves, an incumbent's orders, and records that drift
// from the truth.

#include <cstdint>
#include <vector>

#include "estate/sample/demand.h"
#include "estate/sample/world.h"

namespace estate::sample {

// First days of the files that hold less than the whole history.
struct Windows {
  int truth_from = 0, movements_from = 0;
  int shipped_from = 0;  // of StoreHistory::shipped
};

// One product of the store's range. Days count from the first day of history.
struct LinePlan {
  std::uint32_t product = 0;
  RangeStatus status = RangeStatus::active;
  int from_day = 0,
      to_day = life_never;  // on sale, both included; from_day < 0: since before the history
  std::int32_t presentation_units = 0, shelf_units_max = 0, order_multiple_units = 1;
  double mean = 0;  // purchases a day before all factors
};

struct SaleRow {
  std::uint32_t line;
  std::int32_t day, units, reduced_units;
  std::uint32_t promotion;  // index into World::promotions, or none
  bool empty;               // the shelf was bare at some time of the day
};

struct TruthRow {
  std::uint32_t line;
  std::int32_t day, demand, lost, waste;
};

// True demand of a day after the history.
struct FutureRow {
  std::uint32_t line;
  std::int32_t day, demand;
};

struct MoveRow {
  std::uint32_t line;
  std::int32_t day, units;
  MovementReason reason;
};

struct BatchRow {
  std::uint32_t line;
  std::int32_t expiry_day;  // life_never = not dated
  std::int32_t units;
};

struct OpenOrder {
  std::uint32_t line;
  std::int32_t placed_day, due_day, units;
  bool vanished;  // it will never come, and nobody knows
};

// Rows are sorted by line, then day; lines by product.
struct StoreHistory {
  std::vector<LinePlan> lines;
  std::vector<SaleRow> sales;      // only days with sales, returns or a bare shelf
  std::vector<TruthRow> truth;     // every day on sale since Windows::truth_from
  std::vector<FutureRow> future;   // every day on sale of SampleOptions::future_days
  std::vector<MoveRow> movements;  // since Windows::movements_from
  std::vector<BatchRow>
      stock;  // as recorded at the close of stock_day, at least one row a line on sale
  std::vector<OpenOrder> on_order;
  std::vector<std::int32_t> true_on_hand;  // of each line at the close of the last day
  std::vector<std::int32_t> shipped;  // units by line and ordering day since Windows::shipped_from
  int stock_day = 0;                  // the last day that the store reported
  SampleFacts facts;                  // this store's part of the sums
};

StoreHistory simulate_store(const World& world, const DayFactors& factors, const Windows& windows,
                            std::size_t store);

// True on days on which the depot cannot send the product to anybody.
bool supply_gap(const World& world, std::uint32_t depot, std::uint32_t product, int day);

}  // namespace estate::sample
