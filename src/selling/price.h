#pragma once
// What a line costs before offers: which of the dated prices wins, and why.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "selling/refusal.h"
#include "selling/words.h"
#include "trade/value.h"

namespace selling {

// Why a price won. Of two equal prices the earlier in this list wins.
enum class PriceKind : std::uint8_t {
  regular,
  member,     // needs a member's card
  colleague,  // needs a colleague's card
  reduction,  // a sticker on the goods
  label,      // printed into the barcode of a weighed piece
};

// A price of the estate: regular, member or colleague. Tables are sorted by product.
struct PriceRow {
  ProductId product;
  PriceKind kind = PriceKind::regular;
  Period when = {};
  Pence pence = 0;  // of a unit; of a kilogram where the product is sold by weight
};

struct Sticker {
  Pence pence = 0;  // of a unit; of the whole piece where it was weighed
  Day last;         // the last day that it counts
};

// What is sold in a line. Either grams or a label stand for a weighed piece, which is one unit.
struct Sale {
  ProductId product = {};
  Units units = 1;
  Grams grams = 0;        // 0 = sold by the piece
  Pence label_pence = 0;  // 0 = no price in the code
  std::optional<Sticker> sticker = std::nullopt;
};

struct LinePrice {
  PriceKind kind = PriceKind::regular;
  Pence pence = 0;                 // of a unit; of all of it where it was weighed
  std::int64_t gross_pence = 0;    // of the line
  std::int64_t regular_pence = 0;  // what the line would have cost anybody
};

// The price of a weight, half a penny up. Requires both within their bounds, so that the product
// fits into 64 bits.
std::int64_t weighed_pence(Grams grams, Pence per_kg_pence);

// The lowest of the prices that the shopper may have at the moment: of each kind the row that began
// last (of those the cheapest), and the sticker. A label stands instead of the rows.
// Refuses units_out_of_range, grams_out_of_range, price_missing (no regular price),
// price_out_of_range and sticker_expired.
Answer<LinePrice> price_line(std::span<const PriceRow> prices, const Sale& sale,
                             const Shopper& shopper, Moment now);

enum class CardKind : std::uint8_t { member, colleague };

// Cards of ours: what they begin with, how long they are; the last digit is Luhn's.
struct CardRow {
  trade::Text<12> prefix;
  std::uint8_t digits = 0;
  CardKind kind = CardKind::member;
};

// Whether the number, its last digit included, has the check digit of ISO/IEC 7812-1 annex B.
// Requires digits only.
bool luhn_holds(std::string_view digits);

// The kind of a card by its number alone: the first row that fits. Nobody is asked, so a till that
// is cut off knows its customers; accrual is somebody else's work.
// Refuses code_not_digits, card_unknown and code_check_digit.
Answer<CardKind> read_card(std::span<const CardRow> cards, std::string_view number);

using trade::pounds;

}  // namespace selling
