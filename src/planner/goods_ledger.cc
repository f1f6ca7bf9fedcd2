#include "planner/goods_ledger.h"

#include <algorithm>

namespace planner {

void GoodsLedger::book(std::int32_t day, std::int64_t units) { booked(day) += units; }

// Days are served in their order, each from the lot that ends first: if any way of serving them
// works, this one does.
bool GoodsLedger::is_met() const {
  lot_left_.assign(lots_.units.begin(), lots_.units.end());
  for (const Booked& on : booked_) {
    std::int64_t open = on.units;
    for (std::size_t lot = 0; lot < lot_left_.size() && open > 0; ++lot) {
      if (!lots_.last_day.empty() && lots_.last_day[lot] < on.day) continue;
      if (!lots_.first_day.empty() && lots_.first_day[lot] > on.day) continue;
      const std::int64_t taken = std::min(open, lot_left_[lot]);
      lot_left_[lot] -= taken;
      open -= taken;
    }
    if (open > 0) return false;
  }
  return true;
}

std::int64_t GoodsLedger::left(std::int32_t day, std::int64_t units_max) {
  std::int64_t& units = booked(day);
  const std::int64_t before = units;
  std::int64_t fits = 0, too_many = units_max + 1;
  for (std::int64_t tried = units_max; too_many - fits > 1; tried = (fits + too_many) / 2) {
    units = before + tried;
    (is_met() ? fits : too_many) = tried;
  }
  units = before;
  return fits;
}

std::int64_t& GoodsLedger::booked(std::int32_t day) {
  auto at = std::lower_bound(booked_.begin(), booked_.end(), day,
                             [](const Booked& on, std::int32_t other) { return on.day < other; });
  if (at == booked_.end() || at->day != day) at = booked_.insert(at, {day, 0});
  return at->units;
}

}  // namespace planner
