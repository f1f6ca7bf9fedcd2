#pragma once
// Pieces of the pages that a night writes for people: escaped text, tables, numbers and dates.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"

namespace nightly {

// Finished markup. Text from an estate becomes markup through shown() or named() only, so a name
// that holds a tag cannot reach a page as one.
struct Html {
  std::string code;
};

// The text as markup, inside an element or a quoted attribute. Control characters other than line
// ends and tabs, which no page may hold, become U+FFFD.
Html shown(std::string_view text);
// A name above its id; the id alone where there is no name.
Html named(std::string_view name, std::string_view id);
Html shown_number(std::int64_t value);

struct Heading {
  std::string_view title;
  bool is_number = false;  // set to the right
};
// Each row has as many cells as there are headings.
using Row = std::vector<Html>;
Html table(std::span<const Heading> headings, std::span<const Row> rows);
Html table(std::initializer_list<Heading> headings, std::span<const Row> rows);

// A whole document that needs nothing but itself: no script runs in it and nothing is fetched.
std::string page(std::string_view title, std::string_view style, const Html& body);

std::string grouped(std::int64_t value);                       // "1,234,567"
std::string long_date(base::Date date);                        // "Tuesday 3 March 2026"
std::string short_date(base::Date date);                       // "Tue 3 Mar"
std::string plural(std::int64_t count, std::string_view one);  // "1 line", "2,000 lines"
std::string kilograms(std::int64_t grams);  // "1,234.5 kg", exact, without closing zeros
// Pence with two decimals, "£1,234.50", or "EUR 1,234.50" for a currency other than GBP.
std::string exact_money(std::string_view currency, std::int64_t pence);
// The same in whole pounds.
std::string round_money(std::string_view currency, std::int64_t pence);

}  // namespace nightly
