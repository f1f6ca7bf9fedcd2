#pragma once
// What the law or the retailer does not let a till sell: age, hours, minimum unit price, quantity.

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "selling/refusal.h"
#include "selling/words.h"

namespace selling {

// Goods that share restrictions, for example "alcohol". None given = unrestricted.
using Category = trade::Text<24>;

struct MinimumAge {
  std::uint8_t years = 0;
};
// Sold on these days of the week between two minutes of the day. Where a category has rows of this
// kind, it is sold only when one of them allows it.
struct SaleHours {
  std::uint8_t weekdays = 0;  // bit 0 = Monday … bit 6 = Sunday
  std::uint16_t from_minute = 0;
  std::uint16_t until_minute = 0;  // the first minute at which it is no longer sold; at most 1,440
};
struct MinimumUnitPrice {
  Pence pence = 0;  // of a unit of alcohol, which is 10 ml
};
struct QuantityLimit {
  Units units_max = 0;  // of the category in a basket
};
using Rule = std::variant<MinimumAge, SaleHours, MinimumUnitPrice, QuantityLimit>;

// A row of the table: in force in the nation from a day up to the day before `until` (none = open).
struct RestrictionRow {
  Category category;
  Nation nation = Nation::england;
  Day from;
  Day until;
  Rule rule;
};

// What the till asks of a line.
struct RestrictedLine {
  Category category;
  Units units = 0;
  std::int32_t ml = 0;          // of a unit of sale; 0 where the product is no drink
  std::int32_t abv_tenths = 0;  // alcohol by volume in tenths of a percent
  std::int64_t paid_pence = 0;  // of the line, after offers
};

// What a colleague said about the customer's age. That it was checked, for which age and with what
// outcome is all that is known and kept: no date of birth, no name, no document.
enum class AgeOutcome : std::uint8_t { unchecked, passed, refused };
struct AgeCheck {
  std::uint8_t years = 0;  // the age that the check was for
  AgeOutcome outcome = AgeOutcome::unchecked;
  friend bool operator==(const AgeCheck&, const AgeCheck&) = default;
};

struct LineRefusal {
  std::uint32_t line = 0;
  Refusal why = Refusal::line_unknown;
  std::int64_t bound =
      0;  // of restrictions: the age, the lowest price of the line in pence, the units
  friend bool operator==(const LineRefusal&, const LineRefusal&) = default;
};

// The lowest lawful price of so many drinks: pence x ml x ABV, a begun penny counts as one.
// Requires drinks of at most 100 litres.
std::int64_t minimum_pence(Pence unit_price_pence, std::int32_t ml, std::int32_t abv_tenths,
                           Units units);

// Everything that is in the way: by line, and for a line in the order age, hours, minimum price,
// quantity. Where rows of one kind meet, the strictest counts. The minimum price is held against
// what is paid for the whole line after offers; too many units are refused at each line that is
// over.
std::vector<LineRefusal> check_restrictions(std::span<const RestrictionRow> table, Nation nation,
                                            Moment now, const AgeCheck& age,
                                            std::span<const RestrictedLine> lines);

}  // namespace selling
