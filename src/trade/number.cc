#include "trade/number.h"

#include <charconv>

#include <fmt/core.h>

namespace trade {
namespace {

// The two digits that make the whole number 1 modulo 97. 19 digits fit into 64 bits.
unsigned check_digits(const DocumentNumber& number) {
  const std::uint64_t digits =
      (static_cast<std::uint64_t>(number.site) * 100'000 + number.epoch) * 10'000'000'000 +
      number.counter;
  return static_cast<unsigned>(98 - digits % 97 * 100 % 97);
}

// The part before the next hyphen, or all; taken off the text.
std::uint64_t take_part(std::string_view& text) {
  const std::string_view part = text.substr(0, text.find('-'));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  std::uint64_t value = 0;
  (void)std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

}  // namespace

std::string to_string(const DocumentNumber& number) {
  return fmt::format("{:04}-{}-{}-{:02}", static_cast<std::uint16_t>(number.site), number.epoch,
                     number.counter, check_digits(number));
}

std::optional<DocumentNumber> parse_number(std::string_view text) {
  std::string_view rest = text;
  const std::uint64_t site = take_part(rest);
  const std::uint64_t epoch = take_part(rest);
  const std::uint64_t counter = take_part(rest);
  if (site > site_code_max || epoch > 0xffff || counter > 0xffff'ffff || counter == 0)
    return std::nullopt;
  const DocumentNumber number{static_cast<SiteCode>(site), static_cast<std::uint16_t>(epoch),
                              static_cast<std::uint32_t>(counter)};
  // Whatever the parts were, there is one way to write a number.
  if (to_string(number) != text) return std::nullopt;
  return number;
}

}  // namespace trade
