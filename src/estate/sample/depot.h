#pragma once
// What a depot holds and awaits at the end, and what it can handle, from what its stores were sent.

#include <cstdint>
#include <span>
#include <vector>

#include "estate/sample/world.h"

namespace estate::sample {

struct DepotBatch {
  std::uint32_t product;
  std::int32_t expiry_day;  // life_never = not dated
  std::int32_t units;
};

struct DepotOrder {
  std::uint32_t product;
  std::int32_t placed_day, due_day, units;
};

// Sorted by product. Goods that only pass through are in none of the three.
struct DepotEnd {
  std::vector<DepotBatch> stock;
  std::vector<DepotOrder> on_order;
};

// Units that stores of one depot were sent, by product and ordering day, for the last days of
// history.
struct Shipped {
  std::vector<std::int64_t> units;  // products x days
  int from_day = 0, days = 0;
  std::span<const std::int64_t> of(std::uint32_t product) const {
    return std::span(units).subspan(
        static_cast<std::size_t>(product) * static_cast<std::size_t>(days),
        static_cast<std::size_t>(days));
  }
};

DepotEnd run_depot(const World& world, const Shipped& shipped);

// One row a chain and weekday: a tenth more than the busiest such day in the window.
std::vector<CapacityRow> capacity_of(const World& world, std::uint32_t depot,
                                     const Shipped& shipped);

}  // namespace estate::sample
