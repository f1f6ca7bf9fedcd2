#include "till/receipt_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace till {
namespace {

// U+00C0 to U+00FF in their order.
constexpr auto latin_letters = std::to_array<std::string_view>(
    {"A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I",  "I",
     "D", "N", "O", "O", "O", "O", "O",  "x", "O", "U", "U", "U", "U", "Y", "Th", "ss",
     "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
     "d", "n", "o", "o", "o", "o", "o",  "/", "o", "u", "u", "u", "u", "y", "th", "y"});
static_assert(latin_letters.size() == 64);

std::string_view ascii_of(std::uint32_t code) {
  if (code >= 0xc0 && code <= 0xff) return latin_letters[code - 0xc0];
  switch (code) {
    case 0xa0:
      return " ";
    case 0xa3:
      return "GBP ";
    case 0xbd:
      return "1/2";
    case 0x174:
      return "W";
    case 0x175:
      return "w";
    case 0x176:
      return "Y";
    case 0x177:
      return "y";
    case 0x2013:
    case 0x2014:
      return "-";
    case 0x2018:
    case 0x2019:
      return "'";
    case 0x201c:
    case 0x201d:
      return "\"";
    default:
      return "?";
  }
}

// The sign at the front, which goes from the text.
std::uint32_t take_sign(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::uint32_t code = size == 1 ? lead : lead & (0x7fu >> size);
  for (std::size_t i = 1; i < std::min(size, text.size()); ++i)
    code = code << 6 | (byte(i) & 0x3fu);
  text.remove_prefix(std::min(size, text.size()));
  return code;
}

}  // namespace

std::string receipt_text(std::string_view text, std::size_t size_max) {
  std::string made;
  while (!text.empty() && made.size() < size_max) {
    const std::uint32_t code = take_sign(text);
    if (code >= ' ' && code <= '~')
      made += static_cast<char>(code);
    else
      made += ascii_of(code);
  }
  made.resize(std::min(made.size(), size_max));
  while (made.ends_with(' ')) made.pop_back();
  return made;
}

}  // namespace till
