#pragma once
// Rows that documents of several kinds have.

#include <tuple>

#include "trade/lot.h"
#include "trade/words.h"

namespace trade {

// Units of a line with what stands on the pack.
struct CargoRow {
  LineNo line{};
  Units units = 0;
  Lot lot;
  static constexpr auto fields() {
    return std::tuple(&CargoRow::line, &CargoRow::units, &CargoRow::lot);
  }
  friend bool operator==(const CargoRow&, const CargoRow&) = default;
};

struct OrderRow {
  LineNo line{};
  Units units = 0;
  static constexpr auto fields() { return std::tuple(&OrderRow::line, &OrderRow::units); }
  friend bool operator==(const OrderRow&, const OrderRow&) = default;
};

}  // namespace trade
