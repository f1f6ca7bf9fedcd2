#pragma once
// A sheet that people type: lines that each end in check digits, sums of ten rows, and a check of
// the whole, so that what was typed wrongly is named.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "paper/order.h"

namespace paper {

inline constexpr std::size_t block_rows = 10;            // rows of one sum
inline constexpr std::size_t typed_bytes_max = 100'000;  // of what somebody typed

// A line as it is typed: its words, then its check digits.
struct TypedLine {
  enum class Kind { order, depot, delivery, form, intent, row, sum, end };
  Kind kind = Kind::row;
  std::string words;
  std::string check;  // two digits; six of the last line; none where the words have their own
};
std::string to_text(const TypedLine& line);

// All lines of an order: head, each ten rows with their sum, end. Requires check(order).
std::vector<TypedLine> typed_lines(const Order& order);

// The order of a text with one line for each of typed_lines, as a colleague typed it: any spaces
// between words, empty lines, capital letters anywhere but in products. The estate is that of the
// reader; nobody types when the sheet was made. Error: evidence_bad, with the first row, sum or
// line of the head that does not hold; any one wrong digit and any two swapped ones do not.
base::Result<Order> parse_typed(std::string_view text, std::string_view estate);

}  // namespace paper
