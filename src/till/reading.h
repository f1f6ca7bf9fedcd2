#pragma once
// One reading of a till's tables: its files, what they have said so far, and what their columns
// share. Each read_ function takes one kind of files and needs what those above it have read.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/date.h"
#include "base/result.h"
#include "base/words.h"
#include "estate/read_session.h"
#include "estate/read_table.h"
#include "till/tables.h"

namespace till {

// The files that a till looks at. Whatever else an estate has is not opened.
inline constexpr auto table_files = std::to_array<std::string_view>(
    {"sites.csv", "products.csv", "barcodes.csv", "prices.csv", "promotions.csv", "shops.csv",
     "till_products.csv", "vat_codes.csv", "vat_rates.csv", "restrictions.csv", "cards.csv",
     "codes.csv", "offers.csv", "offer_parts.csv", "limits.csv"});
inline constexpr auto table_files_wanted =
    std::to_array<std::string_view>({"sites.csv", "products.csv"});

struct Reading {
  estate::Session session;
  std::optional<base::Date> today;
  Tables tables = {};
  std::uint32_t site = estate::none;  // index in session.lookup
  std::string region = {};            // of the site
  // What products.csv says beside tables.products, in the same order.
  struct Listed {
    std::string gtin;
    std::optional<base::Money> unit_price;
    std::uint64_t line = 0;
  };
  std::vector<Listed> listed = {};

  bool has_ended(base::Date to) const { return today && to < *today; }
  estate::Measure measure(std::uint32_t product) const {
    return tables.products[product].by_weight ? estate::Measure::g : estate::Measure::each;
  }
  const trade::ProductId& id(std::uint32_t product) const {
    return tables.products[product].product;
  }
};

base::Result<> read_shop(Reading& reading, std::string_view site_id);  // sites.csv, shops.csv
base::Result<> read_restrictions(Reading& reading);
base::Result<> read_products(Reading& reading);  // products.csv, till_products.csv
base::Result<> read_vat(Reading& reading);       // vat_codes.csv, vat_rates.csv
base::Result<> read_codes(Reading& reading);     // codes.csv, barcodes.csv
base::Result<> read_prices(Reading& reading);
base::Result<> read_offers(Reading& reading);  // offers.csv, offer_parts.csv
base::Result<> read_promotions(Reading& reading);
base::Result<> read_cards(Reading& reading);
base::Result<> read_limits(Reading& reading);

// The error of a value that is wrong only beside others; without a column, of a row.
inline std::unexpected<base::Error> wrong(Reading& reading, std::string_view file,
                                          std::uint64_t line, std::string_view column,
                                          std::string_view value, std::string_view expected) {
  const auto taken = reading.session.take(
      file, {line, std::string(column), std::string(value), fmt::format("expected {}", expected)});
  return std::unexpected(taken.error());
}

// Of days that a till cannot hold, the nearest that it can.
constexpr trade::Day day_of(base::Date date) {
  if (date < trade::to_date(trade::Day{1})) return trade::Day{1};
  return date > trade::to_date(trade::day_max) ? trade::day_max : trade::to_day(date);
}
// The day after the last one; none where there is no end that a till could see.
constexpr trade::Day end_of(base::Date to) {
  return to >= trade::to_date(trade::day_max) ? trade::Day{} : day_of(to + 1);
}
constexpr selling::Period period_of(base::Date from, base::Date to) {
  const trade::Day first = from == base::date_min ? trade::Day{} : day_of(from);
  return {{first, 0}, {end_of(to), 0}};
}

// A row for days and places. Of rows for one thing the one for the site beats the one for its
// region, that beats the one for all; of equals the one that begins last counts, then the lower.
struct Dated {
  enum class Place : std::uint8_t { nowhere, fallback, everywhere, region, site };
  base::Date from = base::date_min, to = base::date_max;  // both included
  Place place = Place::everywhere;
  std::int64_t pence = 0;
  friend bool operator==(const Dated&, const Dated&) = default;
};
Dated::Place place_of(const Reading& reading, std::uint32_t row_site, std::string_view row_region);
// Stretches of days that do not overlap, in their order, each with the row that counts in it.
std::vector<Dated> most_specific(std::vector<Dated> rows);
// Pence of a unit or a kilogram; nothing where a till could not ask them.
std::optional<trade::Pence> pence_of(const Reading& reading, std::uint32_t product,
                                     base::Money price);
inline constexpr std::string_view pence_expected =
    "a price of 1 penny to 100000 pounds of a unit or a kilogram";

namespace values {

using estate::Expected;
using estate::Lookup;
using namespace estate::values;

// Into a trade::Text.
template <auto member, class Row>
Expected ascii(Row& row, std::string_view text, const Lookup&) {
  using Text = ValueOf<Row, member>;
  static const std::string expected =
      fmt::format("at most {} characters of printable ASCII", Text{}.bytes.size());
  const auto made = Text::of(text);
  if (!made) return expected;
  row.*member = *made;
  return {};
}

// A word of trade or selling.
template <auto member, class Row>
Expected trade_word(Row& row, std::string_view text, const Lookup&) {
  using Enum = ValueOf<Row, member>;
  static const std::string expected = [] {
    std::string words;
    for (const std::string_view word : trade::Words<Enum>::list)
      words += (words.empty() ? "one of " : ", ") + std::string(word);
    return words;
  }();
  const auto value = trade::parse_word<Enum>(text);
  if (!value) return expected;
  row.*member = *value;
  return {};
}

// A percentage in whole parts, of which `parts` are one per cent: 100 are basis points.
template <auto member, int parts, int percent_min, class Row>
Expected percent(Row& row, std::string_view text, const Lookup&) {
  static_assert(parts == 1 || parts == 10 || parts == 100);
  constexpr std::int64_t of_part = 10'000 / parts;
  static const std::string expected =
      fmt::format("a percentage from {} to 100 with at most {}", percent_min,
                  base::counted(parts == 1 ? 0 : (parts == 10 ? 1 : 2), "decimal"));
  const auto value = base::parse_money(text);
  if (!value || value->e4 % of_part != 0 || value->e4 < percent_min * 10'000 ||
      value->e4 > 1'000'000)
    return expected;
  row.*member = static_cast<ValueOf<Row, member>>(value->e4 / of_part);
  return {};
}

// "Northern Ireland" and "northern_ireland" are one.
template <auto member, class Row>
Expected nation(Row& row, std::string_view text, const Lookup& lookup) {
  std::string word(text);
  for (char& letter : word) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (letter == ' ') letter = '_';
  }
  return trade_word<member>(row, word, lookup);
}

}  // namespace values
}  // namespace till
