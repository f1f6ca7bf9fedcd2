#include "nightly/page.h"

#include <array>

#include <fmt/core.h>

#include "base/result.h"

namespace nightly {
namespace {

constexpr std::array<std::string_view, 7> weekday_names{
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::size_t short_name_bytes = 3;

std::string_view weekday_name(base::Date date) {
  return weekday_names[static_cast<std::size_t>(base::weekday(date))];
}
std::string_view month_name(const base::YearMonthDay& ymd) {
  return month_names[static_cast<std::size_t>(ymd.month - 1)];
}

void put_escaped(std::string& code, char c) {
  switch (c) {
    case '&':
      code += "&amp;";
      return;
    case '<':
      code += "&lt;";
      return;
    case '>':
      code += "&gt;";
      return;
    case '"':
      code += "&quot;";
      return;
    case '\'':
      code += "&#39;";
      return;
    case '\t':
    case '\n':
    case '\r':
      code += c;
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7f)
    code += "\xef\xbf\xbd";
  else
    code += c;
}

std::string symbol(std::string_view currency) {
  return currency == "GBP" ? "£" : std::string(currency) + " ";
}

}  // namespace

Html shown(std::string_view text) {
  Html html;
  html.code.reserve(text.size());
  for (const char c : text) put_escaped(html.code, c);
  return html;
}

// <bdi> keeps a name that is written from right to left, or pretends to be, from turning what
// stands beside it.
Html named(std::string_view name, std::string_view id) {
  if (name.empty()) return {fmt::format("<bdi>{}</bdi>", shown(id).code)};
  return {fmt::format("<bdi>{}</bdi><small>{}</small>", shown(name).code, shown(id).code)};
}

Html shown_number(std::int64_t value) { return {grouped(value)}; }

Html table(std::initializer_list<Heading> headings, std::span<const Row> rows) {
  return table(std::span(headings.begin(), headings.size()), rows);
}

Html table(std::span<const Heading> headings, std::span<const Row> rows) {
  Html html{"<div class=\"table\"><table><thead><tr>"};
  for (const Heading& heading : headings)
    html.code += fmt::format("<th scope=\"col\"{}>{}</th>", heading.is_number ? " class=\"n\"" : "",
                             heading.title);
  html.code += "</tr></thead><tbody>\n";
  for (const Row& row : rows) {
    CHECK(row.size() == headings.size());
    html.code += "<tr>";
    auto heading = headings.begin();
    for (const Html& cell : row)
      html.code += ((heading++)->is_number ? "<td class=\"n\">" : "<td>") + cell.code + "</td>";
    html.code += "</tr>\n";
  }
  html.code += "</tbody></table></div>\n";
  return html;
}

std::string page(std::string_view title, std::string_view style, const Html& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      shown(title).code, style, body.code);
}

std::string grouped(std::int64_t value) {
  std::string digits = fmt::format("{}", value);
  const std::size_t sign = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string long_date(base::Date date) {
  const auto ymd = base::year_month_day(date);
  return fmt::format("{} {} {} {}", weekday_name(date), ymd.day, month_name(ymd), ymd.year);
}

std::string short_date(base::Date date) {
  const auto ymd = base::year_month_day(date);
  return fmt::format("{} {} {}", weekday_name(date).substr(0, short_name_bytes), ymd.day,
                     month_name(ymd).substr(0, short_name_bytes));
}

std::string plural(std::int64_t count, std::string_view one) {
  return fmt::format("{} {}{}", grouped(count), one, count == 1 ? "" : "s");
}

std::string kilograms(std::int64_t grams) {
  std::string decimals = fmt::format(".{:03}", grams % 1000);
  while (decimals.ends_with('0')) decimals.pop_back();
  if (decimals == ".") decimals.clear();
  return fmt::format("{}{} kg", grouped(grams / 1000), decimals);
}

std::string exact_money(std::string_view currency, std::int64_t pence) {
  const std::int64_t pounds = pence / 100, rest = pence % 100;
  return fmt::format("{}{}{}.{:02}", pence < 0 ? "-" : "", symbol(currency),
                     grouped(pounds < 0 ? -pounds : pounds), rest < 0 ? -rest : rest);
}

std::string round_money(std::string_view currency, std::int64_t pence) {
  const std::int64_t pounds = pence / 100 + (pence % 100) / 50;
  return fmt::format("{}{}{}", pounds < 0 ? "-" : "", symbol(currency),
                     grouped(pounds < 0 ? -pounds : pounds));
}

}  // namespace nightly
