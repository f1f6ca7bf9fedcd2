#pragma once
// What a scanned code means: a GTIN, or an in-store EAN-13 that carries a price or a weight.

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "selling/refusal.h"
#include "selling/words.h"

namespace selling {

// The last digit of a GS1 number, from the digits before it (GS1 General Specifications 7.9.1:
// weights 3 and 1 in turn from the right). Requires digits only.
int gs1_check_digit(std::string_view digits);

// The digit that verifies a price or weight of four or five digits (GS1 General Specifications
// 7.9.3). Requires four or five digits.
int verifier_digit(std::string_view digits);

// GTIN-8, 12, 13 and 14 with their check digit; one number in every length, because a shorter GTIN
// is the longer one without its leading zeros.
struct Gtin {
  std::uint64_t number = 0;
  friend constexpr auto operator<=>(Gtin, Gtin) = default;
};

// A layout's leading digits and the reference after them: what the retailer's table is sorted by.
using ItemCode = trade::Text<11>;

enum class Measure : std::uint8_t { pence, grams };

// A piece of variable measure.
struct Measured {
  ItemCode item;
  Measure measure = Measure::pence;
  std::int32_t value = 0;  // pence of the piece, or grams
  friend bool operator==(const Measured&, const Measured&) = default;
};

using Scan = std::variant<Gtin, Measured>;

// The layouts of in-store EAN-13 codes that a retailer uses, each written as 13 characters in the
// order of the code: two or more digits from 20 to 29 that it begins with, R for a digit of the
// item reference, V for the verifier digit (or none), P for the price in pence or W for the weight
// in grams, C for the check digit. For example "20RRRRRVPPPPC" or "21RRRRRWWWWWC".
class Layouts {
 public:
  // Refuses layout_bad and layout_ambiguous: at most one layout may fit a code.
  static Answer<Layouts> of(std::span<const std::string_view> patterns);

  // code_layout_unknown, code_verifier, code_value_zero. Requires 13 digits.
  Answer<Measured> read(std::string_view code) const;

 private:
  struct Layout {
    std::string_view prefix(std::string_view code) const { return code.substr(0, prefix_digits); }
    trade::Text<13> pattern;
    std::size_t prefix_digits = 0, item_digits = 0;
    bool has_verifier = false;
    Measure measure = Measure::pence;
  };
  static Answer<Layout> parse(std::string_view pattern);

  std::vector<Layout> layouts_;
};

// code_length, code_not_digits, code_check_digit, or what Layouts::read refuses. Every EAN-13 that
// begins with 20 to 29 is an in-store code and never a GTIN.
Answer<Scan> read_barcode(std::string_view code, const Layouts& layouts);

}  // namespace selling
