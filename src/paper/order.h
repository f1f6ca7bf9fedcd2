#pragma once
// An order that travels on paper: what it says, what it may say, and its bytes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trade/events.h"

namespace paper {

struct Row {
  trade::ProductId product;
  trade::Units units = 0;  // of a change 0 as well: none of this product
  friend bool operator==(const Row&, const Row&) = default;
};

// What a store that hears nothing from the centre asks of its depot.
struct Order {
  std::string estate;            // as in the names of its sites' keys
  trade::OrderKey key;           // its store has issued the number
  trade::DocumentNumber number;  // the store's; its epoch is that of the key that signs
  // The rows change the standing order that begins on this day, and all its other lines stay. Not
  // given: a whole order, in place of the standing order.
  trade::Day standing_from;
  trade::Day rehearsal;      // the day of a rehearsal, for which nothing is delivered
  std::int64_t made_ms = 0;  // UTC since 1970; 0 = not said, as on a typed sheet
  std::vector<Row> rows;     // in the order of the standing order

  bool is_whole() const { return !standing_from.given(); }
  friend bool operator==(const Order&, const Order&) = default;
};

inline constexpr std::size_t changes_max = 60;      // rows of an order that changes a standing one
inline constexpr std::size_t whole_rows_max = 800;  // rows of a whole order
inline constexpr std::int64_t made_ms_max = 7'258'118'400'000;  // 2200-01-01

// Whether it can stand on a sheet: the store's own number, 1 to so many rows, no product twice or
// with spaces at its ends or two in a row, units within bounds. Errors: input_bad, input_too_large.
base::Result<> check(const Order& order);

// docs/formats/sheet.md. Requires check(order).
std::string encode(const Order& order);
// Takes what encode writes of an order that checks, and nothing else. Error: evidence_bad.
base::Result<Order> decode(std::string_view bytes);

// "0042"
std::string to_text(trade::SiteCode site);

}  // namespace paper
