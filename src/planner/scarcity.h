#pragma once
// Sharing what depots have too little of, goods, hands and vehicles, among the stores that ask.
// The rule, with examples, is in docs/design/scarcity.md.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "planner/pools.h"

namespace planner {

inline constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint8_t first_tier = 1;    // what a community cannot do without
inline constexpr std::uint8_t lifeline_min = 2;  // from here on there is no other shop in reach

// What stores ask for: one entry per wish of a store for a product, sorted by depot, store,
// product, so that the index settles ties. A column marked * may be empty: then its default holds
// for all. Groups, lanes, drops and needs belong to one depot each.
struct Claims {
  std::span<const std::size_t> depot_begin = {};  // one entry per depot and one more
  std::span<const std::uint32_t> store = {};      // any number that differs between stores
  // * The depot's stock of the product, and the day on which its goods have to be on the shelf;
  // no_index, and an empty column, mean that there is enough. Without days all lots will do.
  std::span<const std::uint32_t> group = {};
  std::span<const std::int32_t> shelf_day = {};
  // * Depot, chain and day; * a vehicle's stop with a limit of its own. no_index = no limit.
  std::span<const std::uint32_t> lane = {};
  std::span<const std::uint32_t> drop = {};
  // * Goods that stand in for each other at this store for this interval, no_index = none; * what
  // one unit is worth to it (1), where unlike units are added up.
  std::span<const std::uint32_t> need = {};
  std::span<const float> need_weight = {};
  std::span<const std::int32_t> wanted_units = {};    // >= 0; with 0, its stock still serves a need
  std::span<const std::int32_t> multiple_units = {};  // * 1; of a pack; only the last may be less
  std::span<const std::int32_t> pack_picks = {};      // * 1; that a pack takes of lane_picks, >= 0
  std::span<const std::int32_t> pack_load = {};       // * 0; of lane_load, >= 0
  std::span<const std::int32_t> pack_drop = {};       // * 1; of drop_capacity, >= 0
  std::span<const float> on_hand_units = {};  // expected when the goods arrive; below 0 counts as 0
  std::span<const float> demand_mean = {};    // from then until the next drop is on the shelf
  std::span<const float> demand_variance = {};
  std::span<const float> days = {};    // * 1; length of that interval, > 0
  std::span<const float> effort = {};  // * 1; of picking a unit, relative to others, > 0
  std::span<const std::uint8_t> tier = {};
  std::span<const std::uint8_t> lifeline = {};

  std::size_t size() const { return wanted_units.size(); }
};

// What depots have. Lots of group g are [lot_begin[g], lot_begin[g + 1]), ascending by last day:
// the last on which they may reach a shelf; before the first they cannot.
struct Resources {
  std::span<const std::size_t> lot_begin = {};       // one entry per group and one more
  std::span<const std::int32_t> lot_first_day = {};  // * there from the beginning
  std::span<const std::int32_t> lot_last_day = {};   // ascending within a group
  std::span<const std::int64_t> lot_units = {};
  std::span<const std::int64_t> lane_picks = {};  // one entry per lane; no_limit = not said
  std::span<const std::int64_t> lane_load = {};   // * no_limit
  std::span<const std::int64_t> drop_capacity = {};
  std::size_t need_count = 0;
};

// Why units of one claim are withheld: what stood in the way when its next pack was refused.
struct Cut {
  std::size_t claim = 0;
  std::int32_t no_stock_units = 0, pick_capacity_units = 0, vehicle_units = 0;
  friend bool operator==(const Cut&, const Cut&) = default;
};

struct Allocation {
  std::vector<std::int32_t> given_units;            // one entry per claim
  std::vector<Cut> cuts;                            // by claim; only where units are withheld
  std::vector<std::int64_t> picks_used, load_used;  // one entry per lane
  std::vector<std::int64_t> drop_used;              // one entry per drop
  friend bool operator==(const Allocation&, const Allocation&) = default;
};

// The chance that a unit of the claim's next pack sells before the next drop, given so many units
// already: the share of a full pack that is expected to sell, over the effort of picking.
double chance_of_next_pack(const Claims& claims, std::size_t claim, std::int32_t given_units);

// Gives every claim what it wants where there is enough, and shares by the rule where there is not.
// The same for any number of threads; depots run side by side.
Allocation allocate(const Claims& claims, const Resources& resources, int threads);

}  // namespace planner
