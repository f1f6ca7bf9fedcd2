#pragma once
// A site's units: on hand, set apart and spoken for, line by line; their expiry lots; and the
// places' totals.
//
// Units only move, from a place to a place, so the totals add up to nothing. Lots never hold more
// than is on hand: what is too much goes from the earliest date first. Nothing here can fail; who
// calls has checked the bounds.

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "trade/events.h"

namespace trade {

class Stock {
 public:
  void add_line();
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(on_hand_.size()); }

  // Columns, one entry for each line.
  std::span<const Units> on_hand() const { return on_hand_; }
  std::span<const Units> quarantined() const { return quarantined_; }
  std::span<const Units> reserved() const { return reserved_; }  // allocated and not yet picked
  Units on_hand(LineNo line) const { return on_hand_[index(line)]; }
  Units quarantined(LineNo line) const { return quarantined_[index(line)]; }
  Units reserved(LineNo line) const { return reserved_[index(line)]; }
  std::int64_t total(Place place) const { return totals_[static_cast<std::size_t>(place)]; }

  // Calls f(const Lot&, Units) for each lot of the line, the earliest date first, no date last.
  template <class F>
  void each_lot(LineNo line, F&& f) const {
    for (std::uint32_t at = first_[index(line)]; at != none; at = nodes_[at].next)
      f(nodes_[at].lot, nodes_[at].units);
  }
  // Units in lots that `wanted` names; all lots, if it names none.
  Units in_lots(LineNo line, const Lot& wanted = {}) const;
  // Units in lots that expire before the day.
  Units expired(LineNo line, Day day) const;

  // Moves units as the cause's row says. What leaves the site takes the lots that are named, and
  // with no name the earliest first of those that expire on `usable_from` or later; what arrives
  // with a name becomes a lot.
  void move(Cause cause, LineNo line, Units units, const Lot& lot = {}, Day usable_from = {});
  // Gives units another date or batch; nothing moves. A name that is not given means no lot.
  void relabel(LineNo line, const Lot& from, const Lot& to, Units units);
  void reserve(LineNo line, Units units) { reserved_[index(line)] += units; }

  // For reading a partition back. Places other than those that lines keep are set as they were;
  // lots must come in their order. False if the values cannot be a line's.
  bool restore(LineNo line, Units on_hand, Units quarantined);
  bool restore_lot(LineNo line, const Lot& lot, Units units);
  void restore_total(Place place, std::int64_t total);

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  struct Node {
    Units units;
    std::uint32_t next;  // in the line's list, or in the list of free nodes
    Lot lot;
  };

  void add_to(Place place, LineNo line, Units units);
  void take_lots(LineNo line, const Lot& lot, Units units, Day usable_from);
  void put_lot(LineNo line, const Lot& lot, Units units);
  void trim(LineNo line);
  template <class Fits>
  void take_where(LineNo line, Units units, Fits&& fits);
  std::uint32_t new_node(const Lot& lot, Units units, std::uint32_t next);

  std::vector<Units> on_hand_, quarantined_, reserved_;
  std::vector<std::uint32_t> first_;  // each line's first lot, or none
  std::vector<Node> nodes_;
  std::uint32_t free_ = none;
  std::array<std::int64_t, count_of<Place>> totals_{};
};

// Adds at the end without doubling what a long-lived column holds.
template <class T>
void append(std::vector<T>& column, const T& value) {
  if (column.size() == column.capacity()) column.reserve(column.size() + column.size() / 16 + 16);
  column.push_back(value);
}

}  // namespace trade
