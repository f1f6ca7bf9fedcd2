#pragma once
// Papers for the depot's hands: the pick list of an order, split into cages, and a vehicle's load
// sheet.

#include <cstdint>
#include <vector>

#include "trade/partition.h"

namespace trade {

// What a cage holds; goods whose weight or volume nobody has said take none of it.
struct Cage {
  std::uint64_t weight_g_max = 0;
  std::uint64_t volume_ml_max = 0;
};

struct PickRow {
  CargoRow goods;
  std::uint32_t cage = 0;  // counts from 0
  friend bool operator==(const PickRow&, const PickRow&) = default;
};

// Units that were allocated and cannot be picked; until more come, a short is typed for them.
struct MissingRow {
  LineNo line{};
  Units units = 0;
  Refusal why{};  // what picking is refused with: life_too_short or not_enough
  friend bool operator==(const MissingRow&, const MissingRow&) = default;
};

struct PickList {
  std::vector<PickRow> rows;
  std::vector<MissingRow> missing;  // none once the order has been picked
};

// What to pick for an order, in the order of the way round, with the lots that a whole pick would
// take; a row that does not fit into a cage goes on in the next. Empty for an order that has
// nothing allocated.
PickList pick_list(const Partition& depot, const OrderKey& key, const Cage& cage);

// The orders on a vehicle that have been dispatched for the day, the last stop first, as they are
// loaded.
std::vector<OrderKey> load_sheet(const Partition& depot, const Text<16>& vehicle, Day delivery);

}  // namespace trade
