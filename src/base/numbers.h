#pragma once
// Exact numbers in files: whole units and pounds with four decimals.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// Money in ten-thousandths of a pound, the finest that estate folders hold.
struct Money {
  std::int64_t e4 = 0;

  friend auto operator<=>(Money, Money) = default;
  friend Money operator+(Money a, Money b) { return {a.e4 + b.e4}; }
  friend Money operator*(Money price, std::int64_t units) { return {price.e4 * units}; }
  // Whole pence, halves away from zero.
  std::int64_t pence() const { return (e4 + (e4 < 0 ? -50 : 50)) / 100; }
};

// An optional minus and 1 to 18 digits, nothing else.
std::optional<std::int64_t> parse_whole(std::string_view text);
// An optional minus, digits, and at most four decimals after a point: "12", "-0.5", "1.2345".
std::optional<Money> parse_money(std::string_view text);
// The shortest text that parse_money reads back.
std::string to_string(Money money);

}  // namespace base
