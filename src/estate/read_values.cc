#include "estate/read_values.h"

#include <charconv>

namespace estate {
namespace {

// Bytes of the UTF-8 sequence at the front of `text`, 0 where it is none (RFC 3629: shortest form,
// no surrogates).
std::size_t sequence_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead != 0;
  const std::size_t size = lead < 0xc2   ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;
  if (lead == 0xed && byte(1) > 0x9f) return 0;
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;
  return size;
}

}  // namespace

bool valid_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = sequence_bytes(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::optional<std::int32_t> parse_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0, 1, 3, 4})
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<std::uint8_t> parse_weekdays(std::string_view text) {
  unsigned bits = 0;
  for (const char c : text) {
    if (c < '1' || c > '7' || (bits >> (c - '1') & 1) != 0) return std::nullopt;
    bits |= 1u << (c - '1');
  }
  if (bits == 0) return std::nullopt;
  return static_cast<std::uint8_t>(bits);
}

std::optional<double> parse_decimal(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.-") != std::string_view::npos)
    return std::nullopt;
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Expected expected_id(std::string_view text, Expected known) {
  if (known.empty() || !valid_id(text))
    return "an id of 1 to 32 letters, digits, points, underscores or hyphens";
  return known;
}

}  // namespace estate
