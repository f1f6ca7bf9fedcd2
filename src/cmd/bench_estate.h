#pragma once
// An estate of stores and depots as columns in memory, with the state that its lines have and one
// day's sales that it has not seen yet; for stockade bench order.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "planner/demand.h"
#include "planner/history.h"
#include "planner/replenish.h"

namespace cmd {

inline constexpr std::uint32_t made_chains = 3;
inline constexpr std::int32_t made_due_days_max = 3;

struct EstateSize {
  std::size_t stores = 0;
  std::size_t lines = 0;  // of each store
  int threads = 1;
};

// What holds for a product in every store.
struct MadeProduct {
  std::int32_t multiple_units = 1;
  std::int32_t presentation_units = 0, shelf_units_max = 0;  // 0 = none
  std::int32_t life_periods = 0;                             // 0 = keeps
  std::uint32_t chain = 0, supplier = 0;
  std::uint8_t tier = 0;
  std::vector<planner::Promotion> promotions;
};

struct MadeDrop {
  std::int32_t on_shelf = 0, next_on_shelf = 0;
};

struct MadeStore {
  std::uint32_t depot = 0;
  std::uint8_t lifeline = 0;
  MadeDrop drops[made_chains];
  std::vector<std::int32_t> closed;  // periods to come
};

// The goods of a product that a store has, and what is under way to it.
struct StockOfLine {
  std::int32_t on_hand_units;
  std::uint16_t dated_units;  // of them, those that expire first
  std::uint16_t due_units;
};

// Line i is product i % lines of store i / lines; stores of a depot are side by side.
struct MadeEstate {
  EstateSize size;
  std::uint32_t depots = 0, suppliers = 0;
  planner::Fold fold{planner::default_settings(planner::Period::day)};
  planner::Pools pools;
  std::vector<planner::Event> events;
  planner::State state;  // at the close of the day before `day`
  planner::History day;
  std::vector<std::uint32_t> product, like_line;  // per line
  std::vector<StockOfLine> stock;                 // per line, at the close of `day`
  std::vector<MadeProduct> products;
  std::vector<MadeStore> stores;

  std::size_t line_count() const { return size.stores * size.lines; }
};

// Up to a dozen stores get a history of `made_periods` days of their own, from which their state is
// built; the others are like these in turn. Five products of a hundred are on promotion, fifteen
// are fresh.
MadeEstate make_estate(const EstateSize& size);
inline constexpr std::int32_t made_periods = 400;

}  // namespace cmd
