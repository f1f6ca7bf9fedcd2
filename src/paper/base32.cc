#include "paper/base32.h"

#include <cstdint>

namespace paper {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr unsigned digit_bits = 5;

}  // namespace

std::string to_base32(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 8 + digit_bits - 1) / digit_bits);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<std::uint8_t>(c)) & 0xfff;  // at most 4 bits are left over
    for (bits += 8; bits >= digit_bits; bits -= digit_bits)
      text += digits[held >> (bits - digit_bits) & 31];
  }
  if (bits > 0) text += digits[held << (digit_bits - bits) & 31];
  return text;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * digit_bits / 8);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == digits.npos) return std::nullopt;
    held = (held << digit_bits | static_cast<std::uint32_t>(digit)) & 0xfff;
    bits += digit_bits;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits);
  }
  if (to_base32(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace paper
