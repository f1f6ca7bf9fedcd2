#include "trade/stock.h"

#include <algorithm>

#include "base/result.h"

namespace trade {
namespace {

// The order of a line's lots: the earliest date first, those without a date behind all others.
bool before(const Lot& a, const Lot& b) {
  const auto rank = [](Day day) { return static_cast<std::uint16_t>(day.days - 1); };
  if (a.expiry != b.expiry) return rank(a.expiry) < rank(b.expiry);
  return a.batch < b.batch;
}

bool names(const Lot& wanted, const Lot& lot) {
  return (!wanted.expiry.given() || wanted.expiry == lot.expiry) &&
         (!wanted.batch.given() || wanted.batch == lot.batch);
}

}  // namespace

void Stock::add_line() {
  append(on_hand_, 0);
  append(quarantined_, 0);
  append(reserved_, 0);
  append(first_, none);
}

Units Stock::in_lots(LineNo line, const Lot& wanted) const {
  Units sum = 0;
  each_lot(line, [&](const Lot& lot, Units units) { sum += names(wanted, lot) ? units : 0; });
  return sum;
}

Units Stock::expired(LineNo line, Day day) const {
  Units sum = 0;
  each_lot(line, [&](const Lot& lot, Units units) {
    if (lot.expiry.given() && lot.expiry < day) sum += units;
  });
  return sum;
}

void Stock::move(Cause cause, LineNo line, Units units, const Lot& lot, Day usable_from) {
  const CauseRow& row = row_of(cause);
  add_to(row.from, line, -units);
  add_to(row.to, line, units);
  if (row.from == Place::on_hand) take_lots(line, lot, units, usable_from);
  if (row.to == Place::on_hand && lot.given()) put_lot(line, lot, units);
  trim(line);
}

void Stock::relabel(LineNo line, const Lot& from, const Lot& to, Units units) {
  if (from.given()) take_lots(line, from, units, {});
  if (to.given()) put_lot(line, to, units);
  trim(line);
}

void Stock::add_to(Place place, LineNo line, Units units) {
  totals_[static_cast<std::size_t>(place)] += units;
  if (place == Place::on_hand) on_hand_[index(line)] += units;
  if (place == Place::quarantine) quarantined_[index(line)] += units;
}

// What is named and not in lots was there without a lot.
void Stock::take_lots(LineNo line, const Lot& lot, Units units, Day usable_from) {
  take_where(line, units, [&](const Lot& held) {
    if (lot.given()) return names(lot, held);
    return !held.expiry.given() || held.expiry >= usable_from;
  });
}

void Stock::trim(LineNo line) {
  if (first_[index(line)] == none) return;
  const Units excess = in_lots(line) - std::max(on_hand(line), 0);
  if (excess > 0) take_where(line, excess, [](const Lot&) { return true; });
}

// Takes at most `units` from the lots that fit, in their order.
template <class Fits>
void Stock::take_where(LineNo line, Units units, Fits&& fits) {
  std::uint32_t* link = &first_[index(line)];
  while (*link != none && units > 0) {
    const std::uint32_t at = *link;
    Node& node = nodes_[at];
    if (!fits(node.lot)) {
      link = &node.next;
      continue;
    }
    const Units taken = std::min(units, node.units);
    node.units -= taken;
    units -= taken;
    if (node.units > 0) continue;
    *link = node.next;
    node.next = free_;
    free_ = at;
  }
}

void Stock::put_lot(LineNo line, const Lot& lot, Units units) {
  // An index, not a pointer: a new node may move the others.
  std::uint32_t previous = none;
  std::uint32_t at = first_[index(line)];
  while (at != none && before(nodes_[at].lot, lot)) {
    previous = at;
    at = nodes_[at].next;
  }
  if (at != none && nodes_[at].lot == lot) {
    nodes_[at].units += units;
    return;
  }
  const std::uint32_t made = new_node(lot, units, at);
  (previous == none ? first_[index(line)] : nodes_[previous].next) = made;
}

std::uint32_t Stock::new_node(const Lot& lot, Units units, std::uint32_t next) {
  if (free_ == none) {
    append(nodes_, Node{units, next, lot});
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t at = free_;
  free_ = nodes_[at].next;
  nodes_[at] = {units, next, lot};
  return at;
}

bool Stock::restore(LineNo line, Units on_hand, Units quarantined) {
  if (on_hand > on_hand_units_max || on_hand < -on_hand_units_max || quarantined < 0 ||
      quarantined > on_hand_units_max)
    return false;
  add_to(Place::on_hand, line, on_hand);
  add_to(Place::quarantine, line, quarantined);
  return true;
}

bool Stock::restore_lot(LineNo line, const Lot& lot, Units units) {
  bool in_order = true;
  each_lot(line, [&](const Lot& held, Units) { in_order = before(held, lot); });
  if (!in_order || !lot.given() || units <= 0) return false;
  if (units > std::max(on_hand(line), 0) - in_lots(line)) return false;
  put_lot(line, lot, units);
  return true;
}

void Stock::restore_total(Place place, std::int64_t total) {
  totals_[static_cast<std::size_t>(place)] = total;
}

}  // namespace trade
