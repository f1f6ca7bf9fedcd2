#pragma once
// The code of a gift card or a credit receipt: what a person reads, types and mistypes.

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trade/refusal.h"
#include "trade/words.h"

namespace trade {

// HMAC-SHA-256 of a code under the estate's key. Made outside of this folder: a ledger sees nothing
// else of a card, and nobody can spend what he reads in a journal.
using CardDigest = Octets<32>;

// Digits and capitals without those that look alike: 0 and O, 1, I and L. Their number is a prime.
inline constexpr std::string_view card_code_alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
inline constexpr std::size_t card_code_characters = 20;  // the last of them checks the others
inline constexpr std::size_t card_code_random_bytes = 16;

// 19 characters of chance, 94 bits, and the check character.
struct CardCode {
  std::array<char, card_code_characters> characters{};
  std::string_view view() const { return {characters.data(), characters.size()}; }
  friend auto operator<=>(const CardCode&, const CardCode&) = default;
};

// The character that makes the sum of i x value(i) zero modulo 31; i counts from 1, the check
// character is the 20th. Because 31 is a prime above 20, every single wrong character and every
// exchange of two different ones changes the sum. Requires 19 characters of the alphabet.
char card_code_check(std::string_view characters);

// The code of so many random bytes: their whole number written with the alphabet, the lowest 19
// places. One code is likelier than another by less than 1 in 10^10. The bytes must be secret and
// fit for keys.
CardCode make_card_code(std::span<const std::uint8_t, card_code_random_bytes> random);

// Reads what was typed: small letters count as capitals, hyphens and spaces between characters
// count for nothing. Refuses card_code_alphabet, card_code_length, card_code_check, in this order.
std::expected<CardCode, No> parse_card_code(std::string_view text);

// "7KQM-29XR-…": five groups of four.
std::string to_string(const CardCode& code);

}  // namespace trade
