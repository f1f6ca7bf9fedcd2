#pragma once
// From the text of one field to one value of a row: the setters that tables of columns are made of.
//
// A setter returns an empty view, or what it expected ("a whole number from 0 to 3"); the view
// lives for ever.

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/core.h>

#include "base/date.h"
#include "base/numbers.h"
#include "estate/ids.h"
#include "estate/read_session.h"
#include "estate/words.h"

namespace estate {

using Expected = std::string_view;

inline constexpr std::int64_t units_max = 1'000'000'000;
inline constexpr std::int64_t money_pounds_max = 1'000'000'000;

// Whether the bytes are UTF-8 without NUL.
bool valid_text(std::string_view text);
// "17:05" as minutes of the day, 0 to 1439.
std::optional<std::int32_t> parse_minute(std::string_view text);
// "135" as bits, bit 0 = Monday; each digit from 1 to 7 at most once.
std::optional<std::uint8_t> parse_weekdays(std::string_view text);
// Digits with an optional minus and decimal point; no exponent.
std::optional<double> parse_decimal(std::string_view text);
// What to expect where `text` is no id that `file` has.
Expected expected_id(std::string_view text, Expected known);

namespace values {

template <class T>
struct Inner {
  using type = T;
};
template <class T>
struct Inner<std::optional<T>> {
  using type = T;
};
template <class Row, auto member>
using ValueOf = typename Inner<std::remove_cvref_t<decltype(std::declval<Row>().*member)>>::type;

template <auto member, class Row>
Expected text(Row& row, std::string_view text, const Lookup&) {
  if (!valid_text(text)) return "text in UTF-8 without NUL";
  row.*member = text;
  return {};
}

// The row's own id.
template <auto member, class Row>
Expected id(Row& row, std::string_view text, const Lookup&) {
  if (!valid_id(text)) return expected_id(text, {});
  row.*member = text;
  return {};
}

template <auto member, class Row>
Expected site(Row& row, std::string_view text, const Lookup& lookup) {
  row.*member = lookup.sites.find(text);
  return row.*member == none ? expected_id(text, "a site of sites.csv") : Expected();
}

template <auto member, class Row>
Expected depot(Row& row, std::string_view text, const Lookup& lookup) {
  const std::uint32_t found = lookup.sites.find(text);
  if (found == none || !lookup.is_depot[found])
    return expected_id(text, "a site of sites.csv with kind depot");
  row.*member = found;
  return {};
}

template <auto member, class Row>
Expected product(Row& row, std::string_view text, const Lookup& lookup) {
  row.*member = lookup.products.find(text);
  return row.*member == none ? expected_id(text, "a product of products.csv") : Expected();
}

template <auto member, class Row>
Expected supplier(Row& row, std::string_view text, const Lookup& lookup) {
  row.*member = lookup.suppliers.find(text);
  return row.*member == none ? expected_id(text, "a supplier of suppliers.csv") : Expected();
}

// A depot or a supplier; an id that is both means the depot.
template <auto site_member, auto supplier_member, class Row>
Expected source(Row& row, std::string_view text, const Lookup& lookup) {
  if (depot<site_member>(row, text, lookup).empty()) return {};
  if (supplier<supplier_member>(row, text, lookup).empty()) return {};
  return expected_id(text, "a depot of sites.csv or a supplier of suppliers.csv");
}

template <auto member, std::int64_t low, std::int64_t high, class Row>
Expected whole(Row& row, std::string_view text, const Lookup&) {
  static const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  const auto value = base::parse_whole(text);
  if (!value) return "a whole number";
  if (*value < low || *value > high) return expected;
  row.*member = static_cast<ValueOf<Row, member>>(*value);
  return {};
}

template <auto member, class Row>
Expected word(Row& row, std::string_view text, const Lookup&) {
  using Enum = ValueOf<Row, member>;
  static const std::string expected = words_expected<Enum>();
  const auto value = parse_word<Enum>(text);
  if (!value) return expected;
  row.*member = *value;
  return {};
}

template <auto member, class Row>
Expected date(Row& row, std::string_view text, const Lookup&) {
  const auto value = base::parse_date(text);
  if (!value) return "a day YYYY-MM-DD from 1900-01-01 to 2199-12-31";
  row.*member = *value;
  return {};
}

template <auto member, class Row>
Expected money(Row& row, std::string_view text, const Lookup&) {
  const auto value = base::parse_money(text);
  if (!value || value->e4 < 0 || value->e4 > money_pounds_max * 10'000)
    return "pounds from 0 to 1000000000 with at most 4 decimals";
  row.*member = *value;
  return {};
}

template <auto member, double low, double high, class Row>
Expected decimal(Row& row, std::string_view text, const Lookup&) {
  static const std::string expected = fmt::format("a number from {} to {}", low, high);
  const auto value = parse_decimal(text);
  if (!value || *value < low || *value > high) return expected;
  row.*member = *value;
  return {};
}

template <auto member, class Row>
Expected service_level(Row& row, std::string_view text, const Lookup&) {
  const auto value = parse_decimal(text);
  if (!value || *value <= 0 || *value >= 1) return "a number above 0 and below 1";
  row.*member = *value;
  return {};
}

template <auto member, class Row>
Expected minute(Row& row, std::string_view text, const Lookup&) {
  const auto value = parse_minute(text);
  if (!value) return "a time HH:MM from 00:00 to 23:59";
  row.*member = *value;
  return {};
}

// 1 (Monday) to 7 in the file, 0 to 6 in the row.
template <auto member, class Row>
Expected weekday(Row& row, std::string_view text, const Lookup&) {
  if (text.size() != 1 || text[0] < '1' || text[0] > '7')
    return "a weekday from 1 (Monday) to 7 (Sunday)";
  row.*member = static_cast<ValueOf<Row, member>>(text[0] - '1');
  return {};
}

template <auto member, class Row>
Expected weekdays(Row& row, std::string_view text, const Lookup&) {
  const auto value = parse_weekdays(text);
  if (!value) return "weekdays as digits from 1 (Monday) to 7 (Sunday), each once, such as 12345";
  row.*member = *value;
  return {};
}

template <auto member, class Row>
Expected flag(Row& row, std::string_view text, const Lookup&) {
  if (text != "0" && text != "1") return "0 or 1";
  row.*member = text == "1";
  return {};
}

}  // namespace values
}  // namespace estate
