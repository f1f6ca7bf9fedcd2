#include "nightly/first_come.h"

#include <algorithm>

namespace nightly {
namespace {

using planner::Claims;
using planner::no_index;
using planner::no_limit;
using planner::Resources;

template <class Column>
auto at(const Column& column, std::size_t i, typename Column::value_type otherwise) {
  return column.empty() ? otherwise : column[i];
}

class Queue {
 public:
  Queue(const Claims& claims, const Resources& resources)
      : claims_(claims),
        resources_(resources),
        lot_left_(resources.lot_units.begin(), resources.lot_units.end()) {
    result_.given_units.assign(claims.size(), 0);
    result_.picks_used.assign(resources.lane_picks.size(), 0);
    result_.load_used.assign(resources.lane_picks.size(), 0);
    result_.drop_used.assign(resources.drop_capacity.size(), 0);
  }

  planner::Allocation serve() {
    for (std::size_t claim = 0; claim < claims_.size(); ++claim) serve(claim);
    return std::move(result_);
  }

 private:
  void serve(std::size_t claim) {
    const std::int32_t wanted = claims_.wanted_units[claim];
    std::int32_t& given = result_.given_units[claim];
    while (given < wanted) {
      const std::int32_t pack = std::min(at(claims_.multiple_units, claim, 1), wanted - given);
      planner::Cut cut{.claim = claim};
      std::int32_t* const missing = !has_goods(claim, pack) ? &cut.no_stock_units
                                    : !has_hands(claim)     ? &cut.pick_capacity_units
                                    : !has_room(claim)      ? &cut.vehicle_units
                                                            : nullptr;
      if (missing != nullptr) {
        *missing = wanted - given;
        result_.cuts.push_back(cut);
        return;
      }
      take(claim, pack);
      given += pack;
    }
  }

  // Calls visit(lot) for the lots that a claim can have goods of.
  template <class Visit>
  void for_lots(std::size_t claim, Visit visit) {
    const std::uint32_t group = at(claims_.group, claim, no_index);
    if (group == no_index) return;
    for (std::size_t lot = resources_.lot_begin[group]; lot < resources_.lot_begin[group + 1];
         ++lot) {
      if (!claims_.shelf_day.empty()) {
        const std::int32_t day = claims_.shelf_day[claim];
        if (day > resources_.lot_last_day[lot]) continue;
        if (!resources_.lot_first_day.empty() && day < resources_.lot_first_day[lot]) continue;
      }
      visit(lot);
    }
  }

  bool has_goods(std::size_t claim, std::int32_t units) {
    if (at(claims_.group, claim, no_index) == no_index) return true;
    std::int64_t there = 0;
    for_lots(claim, [&](std::size_t lot) { there += lot_left_[lot]; });
    return there >= units;
  }

  bool has_hands(std::size_t claim) const {
    const std::uint32_t lane = at(claims_.lane, claim, no_index);
    if (lane == no_index || resources_.lane_picks[lane] == no_limit) return true;
    return result_.picks_used[lane] + at(claims_.pack_picks, claim, 1) <=
           resources_.lane_picks[lane];
  }

  bool has_room(std::size_t claim) const {
    const std::uint32_t lane = at(claims_.lane, claim, no_index);
    if (lane != no_index && !resources_.lane_load.empty() &&
        resources_.lane_load[lane] != no_limit &&
        result_.load_used[lane] + at(claims_.pack_load, claim, 0) > resources_.lane_load[lane])
      return false;
    const std::uint32_t drop = at(claims_.drop, claim, no_index);
    return drop == no_index || result_.drop_used[drop] + at(claims_.pack_drop, claim, 1) <=
                                   resources_.drop_capacity[drop];
  }

  void take(std::size_t claim, std::int64_t units) {
    for_lots(claim, [&](std::size_t lot) {
      const std::int64_t taken = std::min(units, lot_left_[lot]);
      lot_left_[lot] -= taken;
      units -= taken;
    });
    if (const std::uint32_t lane = at(claims_.lane, claim, no_index); lane != no_index) {
      result_.picks_used[lane] += at(claims_.pack_picks, claim, 1);
      result_.load_used[lane] += at(claims_.pack_load, claim, 0);
    }
    if (const std::uint32_t drop = at(claims_.drop, claim, no_index); drop != no_index)
      result_.drop_used[drop] += at(claims_.pack_drop, claim, 1);
  }

  const Claims& claims_;
  const Resources& resources_;
  std::vector<std::int64_t> lot_left_;
  planner::Allocation result_;
};

}  // namespace

planner::Allocation first_come(const Claims& claims, const Resources& resources) {
  return Queue(claims, resources).serve();
}

}  // namespace nightly
