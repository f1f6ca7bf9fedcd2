#include "nightly/rolling_stock.h"

namespace nightly {
namespace {

int sign_of(estate::MovementReason reason) {
  switch (reason) {
    case estate::MovementReason::received:
    case estate::MovementReason::transfer_in:
    case estate::MovementReason::count:  // the difference that the count found
      return 1;
    default:
      return -1;
  }
}

}  // namespace

void RollingStock::clear() {
  lots_.clear();
  count_days_.clear();
  owed_ = 0;
}

void RollingStock::add(const Lot& lot) {
  const auto place = std::ranges::upper_bound(lots_, lot.expiry, {}, &Lot::expiry);
  lots_.insert(place, lot);
}

void RollingStock::count(Date as_of, Date expiry, std::int64_t units) {
  add({expiry, units, as_of, true});
  const auto place = std::ranges::lower_bound(count_days_, as_of);
  if (place == count_days_.end() || *place != as_of) count_days_.insert(place, as_of);
}

void RollingStock::arrive(Date on, Date expiry, std::int64_t units) {
  if (on > newest_count()) add({expiry, units, on - 1, false});
}

void RollingStock::leave(Date until, std::int64_t units) {
  for (Lot& lot : lots_) {
    if (lot.since >= until) {
      if (lot.counted && lot.units > 0) return;
      continue;
    }
    const std::int64_t taken =
        std::clamp<std::int64_t>(units, 0, std::max<std::int64_t>(lot.units, 0));
    lot.units -= taken;
    units -= taken;
  }
  if (newest_count() < until) owed_ += units;
}

std::int64_t RollingStock::total() const {
  std::int64_t units = -owed_;
  for (const Lot& lot : lots_) units += lot.units;
  return units;
}

void add_movements(const estate::Estate& estate, std::uint32_t site, std::uint32_t product,
                   std::int32_t life_days, Date as_of, RollingStock& stock) {
  const auto rows = std::ranges::equal_range(
      estate.movements, std::pair(site, product), {},
      [](const estate::MovementRow& row) { return std::pair(row.site, row.product); });
  const Date first = stock.oldest_count();
  for (const estate::MovementRow& row : rows) {
    if (row.date <= first || row.date > as_of) continue;
    const std::int64_t units = std::int64_t{sign_of(row.reason)} * row.units;
    const bool received = row.reason == estate::MovementReason::received;
    if (units < 0)
      stock.leave(row.date, -units);
    else
      stock.arrive(row.date, expiry_after(row.date, received ? life_days : 0), units);
  }
}

}  // namespace nightly
