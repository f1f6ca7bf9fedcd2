#pragma once
// Which units of a line: those with a date and a batch.

#include <compare>
#include <tuple>

#include "trade/words.h"

namespace trade {

// Which of a line's units: those with this date and batch, as far as they are given.
struct Lot {
  Day expiry;
  Batch batch;
  bool given() const { return expiry.given() || batch.given(); }
  static constexpr auto fields() { return std::tuple(&Lot::expiry, &Lot::batch); }
  friend auto operator<=>(const Lot&, const Lot&) = default;
};

}  // namespace trade
