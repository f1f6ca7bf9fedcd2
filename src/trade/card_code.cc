#include "trade/card_code.h"

#include <algorithm>

#include "base/result.h"

namespace trade {
namespace {

constexpr unsigned base_number = card_code_alphabet.size();
constexpr std::size_t data_characters = card_code_characters - 1;
constexpr std::size_t group_characters = 4;

// The weighted sum of characters of the alphabet.
std::size_t weighted(std::string_view characters) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < characters.size(); ++i)
    sum += (i + 1) * card_code_alphabet.find(characters[i]);
  return sum % base_number;
}

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

char card_code_check(std::string_view characters) {
  CHECK(characters.size() == data_characters);
  const std::size_t sum = weighted(characters);
  std::size_t value = 0;
  while ((sum + card_code_characters * value) % base_number != 0) ++value;
  return card_code_alphabet[value];
}

CardCode make_card_code(std::span<const std::uint8_t, card_code_random_bytes> random) {
  std::array<std::uint8_t, card_code_random_bytes> number{};
  std::ranges::copy(random, number.begin());
  CardCode code;
  for (std::size_t i = 0; i < data_characters; ++i) {
    unsigned rest = 0;
    for (std::uint8_t& digit : number) {
      rest = rest * 256 + digit;
      digit = static_cast<std::uint8_t>(rest / base_number);
      rest %= base_number;
    }
    code.characters[i] = card_code_alphabet[rest];
  }
  code.characters.back() = card_code_check(code.view().substr(0, data_characters));
  return code;
}

std::expected<CardCode, No> parse_card_code(std::string_view text) {
  CardCode code;
  std::size_t count = 0;
  for (const char typed : text) {
    if (typed == '-' || typed == ' ') continue;
    const char c = capital(typed);
    if (card_code_alphabet.find(c) == card_code_alphabet.npos)
      return no(Refusal::card_code_alphabet);
    if (count < card_code_characters) code.characters[count] = c;
    ++count;
  }
  if (count != card_code_characters) return no(Refusal::card_code_length);
  if (weighted(code.view()) != 0) return no(Refusal::card_code_check);
  return code;
}

std::string to_string(const CardCode& code) {
  std::string text;
  for (std::size_t i = 0; i < card_code_characters; ++i) {
    if (i > 0 && i % group_characters == 0) text += '-';
    text += code.characters[i];
  }
  return text;
}

}  // namespace trade
