#include "base/numbers.h"

#include <fmt/core.h>

namespace base {
namespace {

bool digits_only(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<std::int64_t> parse_whole(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::int64_t value = 0;
  for (char c : text) {
    const int digit = c - '0';
    if (digit < 0 || digit > 9) return std::nullopt;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

std::optional<Money> parse_money(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view pounds = text.substr(0, point);
  std::string_view decimals;
  if (point != std::string_view::npos) {
    decimals = text.substr(point + 1);
    if (decimals.empty() || decimals.size() > 4 || !digits_only(decimals)) return std::nullopt;
  }
  if (pounds.size() > 12 || !digits_only(pounds)) return std::nullopt;
  const auto whole = parse_whole(pounds);
  if (!whole) return std::nullopt;
  std::int64_t fraction = 0;
  for (std::size_t i = 0; i < 4; ++i)
    fraction = fraction * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  const std::int64_t e4 = *whole * 10000 + fraction;
  return Money{negative ? -e4 : e4};
}

std::string to_string(Money money) {
  const bool negative = money.e4 < 0;
  const std::int64_t absolute = negative ? -money.e4 : money.e4;
  std::string text =
      fmt::format("{}{}.{:04}", negative ? "-" : "", absolute / 10000, absolute % 10000);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace base
