#pragma once
// Units of one line with the last period in which they can be sold, the oldest first.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "planner/replenish.h"

namespace nightly {

inline constexpr std::int32_t lot_keeps = std::numeric_limits<std::int32_t>::max();

class Lots {
 public:
  // Requires units >= 0 and fewer than 2^31 units in all.
  void add(std::int32_t last_period, std::int32_t units) {
    if (units <= 0) return;
    const auto place = std::upper_bound(
        lots_.begin(), lots_.end(), last_period,
        [](std::int32_t period, const planner::Batch& lot) { return period < lot.last_period; });
    if (place != lots_.begin() && std::prev(place)->last_period == last_period)
      std::prev(place)->units += units;
    else
      lots_.insert(place, {last_period, units});
    total_ += units;
  }
  // Takes the oldest first; returns how many were there.
  std::int32_t take(std::int32_t units) {
    std::int32_t taken = 0;
    auto lot = lots_.begin();
    for (; lot != lots_.end() && taken < units; ++lot) {
      const std::int32_t part = std::min(units - taken, lot->units);
      taken += part;
      lot->units -= part;
      if (lot->units > 0) break;
    }
    lots_.erase(lots_.begin(), lot);
    total_ -= taken;
    return taken;
  }
  // Drops what cannot be sold after this period; returns how many units that were.
  std::int32_t expire(std::int32_t period) {
    std::int32_t wasted = 0;
    auto lot = lots_.begin();
    for (; lot != lots_.end() && lot->last_period <= period; ++lot) wasted += lot->units;
    lots_.erase(lots_.begin(), lot);
    total_ -= wasted;
    return wasted;
  }
  std::int32_t total() const { return total_; }
  std::span<const planner::Batch> all() const { return lots_; }

 private:
  std::vector<planner::Batch> lots_;  // ascending by last_period, units > 0
  std::int32_t total_ = 0;
};

}  // namespace nightly
