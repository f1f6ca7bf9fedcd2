#include "planner/scarcity.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/result.h"
#include "planner/contest.h"
#include "planner/distribution.h"

namespace planner {
namespace {

// What all wishes together would take.
struct Wished {
  std::vector<GoodsLedger> goods;   // of dated groups; empty where no claim has a day
  std::vector<std::int64_t> units;  // one entry per group
  std::vector<std::int64_t> picks, load, drop;
};

void check(const Claims& claims, const Resources& resources) {
  CHECK(!claims.depot_begin.empty() && claims.depot_begin.back() == claims.size());
  for (const std::size_t size :
       {claims.store.size(), claims.on_hand_units.size(), claims.demand_mean.size(),
        claims.demand_variance.size(), claims.tier.size(), claims.lifeline.size()})
    CHECK(size == claims.size());
  for (const std::size_t size :
       {claims.group.size(), claims.lane.size(), claims.drop.size(), claims.need.size(),
        claims.multiple_units.size(), claims.pack_picks.size(), claims.pack_load.size(),
        claims.pack_drop.size(), claims.shelf_day.size(), claims.days.size(),
        claims.need_weight.size(), claims.effort.size()})
    CHECK(size == 0 || size == claims.size());
  CHECK(claims.group.empty() || !resources.lot_begin.empty());
  CHECK(resources.lane_load.empty() || resources.lane_load.size() == resources.lane_picks.size());
}

// Lanes are counted apart per depot: neighbours in one vector would slow the threads down.
struct LaneWishes {
  std::vector<std::int64_t> picks, load;
};

LaneWishes add_wishes(const Claims& claims, const Resources& resources, std::size_t begin,
                      std::size_t end, Wished& wished) {
  LaneWishes lanes{std::vector<std::int64_t>(resources.lane_picks.size()),
                   std::vector<std::int64_t>(resources.lane_picks.size())};
  for (std::size_t i = begin; i < end; ++i) {
    const std::int32_t units = claims.wanted_units[i];
    if (units == 0) continue;
    if (const auto group = value_or(claims.group, i, no_index); group != no_index) {
      if (wished.goods.empty())
        wished.units[group] += units;
      else
        wished.goods[group].book(claims.shelf_day[i], units);
    }
    const auto lane = value_or(claims.lane, i, no_index);
    const auto drop = value_or(claims.drop, i, no_index);
    if (lane == no_index && drop == no_index) continue;
    const std::int64_t packs = packs_of(units, value_or(claims.multiple_units, i, 1));
    if (lane != no_index) {
      lanes.picks[lane] += packs * value_or(claims.pack_picks, i, 1);
      lanes.load[lane] += packs * value_or(claims.pack_load, i, 0);
    }
    if (drop != no_index) wished.drop[drop] += packs * value_or(claims.pack_drop, i, 1);
  }
  return lanes;
}

Wished wishes(const Claims& claims, const Resources& resources, int threads) {
  const std::size_t depots = claims.depot_begin.size() - 1;
  Wished wished;
  const std::size_t groups = resources.lot_begin.empty() ? 0 : resources.lot_begin.size() - 1;
  wished.units.resize(groups);
  for (std::size_t group = 0; group < groups && !claims.shelf_day.empty(); ++group)
    wished.goods.push_back(goods_of(claims, resources, group));
  wished.picks.resize(resources.lane_picks.size());
  wished.load.resize(resources.lane_picks.size());
  wished.drop.resize(resources.drop_capacity.size());
  std::vector<LaneWishes> lanes(depots);
  base::for_ranges(threads, depots, 1, [&](std::size_t depot, std::size_t, std::size_t) {
    lanes[depot] = add_wishes(claims, resources, claims.depot_begin[depot],
                              claims.depot_begin[depot + 1], wished);
  });
  for (const LaneWishes& of_depot : lanes)
    for (std::size_t lane = 0; lane < wished.picks.size(); ++lane) {
      wished.picks[lane] += of_depot.picks[lane];
      wished.load[lane] += of_depot.load[lane];
    }
  return wished;
}

bool is_short(const Resources& resources, const Wished& wished, std::size_t group) {
  if (!wished.goods.empty()) return !wished.goods[group].is_met();
  std::int64_t there = 0;
  for (std::size_t lot = resources.lot_begin[group]; lot < resources.lot_begin[group + 1]; ++lot)
    there += resources.lot_units[lot];
  return wished.units[group] > there;
}

std::vector<std::uint8_t> exceeds(const std::vector<std::int64_t>& wished,
                                  std::span<const std::int64_t> there) {
  std::vector<std::uint8_t> result(wished.size(), 0);
  for (std::size_t i = 0; i < there.size(); ++i) result[i] = wished[i] > there[i];
  return result;
}

Shortage shortage_of(const Resources& resources, const Wished& wished) {
  Shortage shortage;
  shortage.group.resize(wished.units.size());
  for (std::size_t group = 0; group < shortage.group.size(); ++group)
    shortage.group[group] = is_short(resources, wished, group);
  shortage.picks = exceeds(wished.picks, resources.lane_picks);
  shortage.load = exceeds(wished.load, resources.lane_load);
  shortage.drop = exceeds(wished.drop, resources.drop_capacity);
  shortage.picks_left.assign(resources.lane_picks.begin(), resources.lane_picks.end());
  shortage.load_left.assign(resources.lane_load.begin(), resources.lane_load.end());
  shortage.drop_left.assign(resources.drop_capacity.begin(), resources.drop_capacity.end());
  return shortage;
}

// Takes what is withheld off what was wished.
void take_off(const Claims& claims, const Allocation& allocation, Wished& wished) {
  for (const Cut& cut : allocation.cuts) {
    const std::size_t i = cut.claim;
    const std::int32_t multiple = value_or(claims.multiple_units, i, 1);
    const std::int64_t packs =
        packs_of(claims.wanted_units[i], multiple) - packs_of(allocation.given_units[i], multiple);
    if (const auto lane = value_or(claims.lane, i, no_index); lane != no_index) {
      wished.picks[lane] -= packs * value_or(claims.pack_picks, i, 1);
      wished.load[lane] -= packs * value_or(claims.pack_load, i, 0);
    }
    if (const auto drop = value_or(claims.drop, i, no_index); drop != no_index)
      wished.drop[drop] -= packs * value_or(claims.pack_drop, i, 1);
  }
}

}  // namespace

double chance_of_next_pack(const Claims& claims, std::size_t claim, std::int32_t given_units) {
  const std::int32_t multiple = value_or(claims.multiple_units, claim, 1);
  const std::int64_t on_hand = std::llround(std::max(0.0f, claims.on_hand_units[claim]));
  return chance_of_pack({claims.demand_mean[claim], claims.demand_variance[claim]},
                        on_hand + given_units,
                        std::min(multiple, claims.wanted_units[claim] - given_units), multiple,
                        value_or(claims.effort, claim, 1.0f));
}

Allocation allocate(const Claims& claims, const Resources& resources, int threads) {
  check(claims, resources);
  const std::size_t depots = claims.depot_begin.size() - 1;
  Wished wished = wishes(claims, resources, threads);
  Shortage shortage = shortage_of(resources, wished);
  Allocation allocation;
  allocation.given_units.resize(claims.size());
  std::vector<std::uint32_t> slots(shortage.group.size() + resources.need_count, no_index);
  std::vector<std::vector<Cut>> cuts(depots);
  base::for_ranges(threads, depots, 1, [&](std::size_t depot, std::size_t, std::size_t) {
    contest(claims, resources, claims.depot_begin[depot], claims.depot_begin[depot + 1], shortage,
            slots, allocation.given_units, cuts[depot]);
  });
  for (const auto& of_depot : cuts)
    allocation.cuts.insert(allocation.cuts.end(), of_depot.begin(), of_depot.end());

  take_off(claims, allocation, wished);
  allocation.picks_used = std::move(wished.picks);
  allocation.load_used = std::move(wished.load);
  allocation.drop_used = std::move(wished.drop);
  return allocation;
}

}  // namespace planner
