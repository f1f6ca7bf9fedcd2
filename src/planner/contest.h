#pragma once
// One depot's contested claims, served in the order of docs/design/scarcity.md. Part of scarcity.

#include <cstdint>
#include <span>
#include <vector>

#include "planner/distribution.h"
#include "planner/goods_ledger.h"
#include "planner/scarcity.h"

namespace planner {

// What is short, because all wishes together are more than there is, and how much of it is left.
// Only short things are counted down: what is not short can refuse nobody.
struct Shortage {
  std::vector<std::uint8_t> group, picks, load, drop;  // 1 = short
  std::vector<std::int64_t> picks_left, load_left, drop_left;
};

// Column value, or its default where the column is left out.
template <class T>
T value_or(std::span<const T> column, std::size_t index, T otherwise) {
  return column.empty() ? otherwise : column[index];
}

// A group's goods, nothing booked.
GoodsLedger goods_of(const Claims& claims, const Resources& resources, std::size_t group);

// Whether anything that the claim needs is short.
bool is_contested(const Claims& claims, const Shortage& shortage, std::size_t claim);

// Serves the claims [begin, end) of one depot: sets their given_units and appends their cuts.
// `slots` has one entry per group and then one per need, no_index at first.
void contest(const Claims& claims, const Resources& resources, std::size_t begin, std::size_t end,
             Shortage& shortage, std::span<std::uint32_t> slots,
             std::span<std::int32_t> given_units, std::vector<Cut>& cuts);

// The share of a full pack that is expected to sell on top of the stock, over the effort.
double chance_of_pack(Moments demand, std::int64_t stock_units, std::int32_t pack_units,
                      std::int32_t multiple, double effort);

// Whole and begun packs of so many units.
inline std::int32_t packs_of(std::int32_t units, std::int32_t multiple) {
  return multiple == 1 ? units : units / multiple + (units % multiple != 0);
}

}  // namespace planner
