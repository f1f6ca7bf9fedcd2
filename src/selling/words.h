#pragma once
// The words of selling: moments, periods, nations, and the bounds that keep every sum in 64 bits.

#include <algorithm>
#include <compare>
#include <cstdint>
#include <span>

#include "trade/words.h"

namespace selling {

using trade::Day;
using trade::Pence;
using trade::ProductId;
using trade::Units;
using Grams = std::int32_t;

inline constexpr Pence unit_pence_max = 10'000'000;  // of a unit, a kilogram or a weighed line
using trade::total_pence_max;                              // of a basket
inline constexpr Units line_units_max = 999;
inline constexpr Grams line_grams_max = 100'000;
inline constexpr std::size_t lines_max = 500;     // of a basket, void ones as well
inline constexpr Units basket_units_max = 2'000;  // of all lines that are not void

// A minute of the shop's own clock. Who asks reads the clock; nothing in this folder does.
struct Moment {
  Day day;
  std::uint16_t minute = 0;  // of the day, 0 to 1,439
  friend constexpr auto operator<=>(const Moment&, const Moment&) = default;
};

// From its first minute to the minute before its last: it begins and ends by itself.
struct Period {
  Moment from = {};
  Moment until = {};  // no day = no end
  constexpr bool holds(Moment now) const {
    return from <= now && (!until.day.given() || now < until);
  }
};

// Who is buying, as far as cards that were shown say it.
struct Shopper {
  bool is_member = false;
  bool is_colleague = false;
};

enum class Nation : std::uint8_t { england, scotland, wales, northern_ireland };

// The rows of a product in a table that is sorted by product.
template <class Row>
std::span<const Row> rows_of(std::span<const Row> table, const ProductId& product) {
  const auto range = std::ranges::equal_range(table, product, {}, &Row::product);
  return {range.begin(), range.end()};
}

}  // namespace selling

namespace trade {
TRADE_WORDS(selling::Nation, {"england", "scotland", "wales", "northern_ireland"});
}  // namespace trade
