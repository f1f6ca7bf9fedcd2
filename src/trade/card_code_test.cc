#include "trade/card_code.h"

#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"

namespace trade {
namespace {

CardCode random_code(std::uint64_t seed) {
  base::Prng prng(seed);
  std::array<std::uint8_t, card_code_random_bytes> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(prng.next());
  return make_card_code(bytes);
}

TEST(CardCode, is_made_of_bytes_and_typed_in_many_ways) {
  std::array<std::uint8_t, card_code_random_bytes> bytes{};
  bytes.back() = 33;  // 33 = 1 x 31 + 2: the values 2, 1, 0, 0, …
  const CardCode code = make_card_code(bytes);
  // 1 x 2 + 2 x 1 = 4, and 20 x 6 = 120 = 27 modulo 31.
  EXPECT_EQ(to_string(code), "4322-2222-2222-2222-2228");
  for (const char* typed : {"43222222222222222228", " 4322 2222 2222 2222 2228 "})
    EXPECT_EQ(parse_card_code(typed), code) << typed;
  const CardCode other = random_code(1);
  std::string small = to_string(other);
  for (char& c : small) c = static_cast<char>(c >= 'A' ? c - 'A' + 'a' : c);
  EXPECT_EQ(parse_card_code(small), other);
}

TEST(CardCode, says_why_it_is_none) {
  const std::string good = to_string(random_code(2));
  EXPECT_EQ(parse_card_code("").error().why, Refusal::card_code_length);
  EXPECT_EQ(parse_card_code(good + "2").error().why, Refusal::card_code_length);
  EXPECT_EQ(parse_card_code(good.substr(1)).error().why, Refusal::card_code_length);
  std::string typed = good;
  for (const char c : std::string("0O1IL?\xc3\n")) {
    typed[0] = c;
    EXPECT_EQ(parse_card_code(typed).error().why, Refusal::card_code_alphabet);
  }
}

TEST(CardCode, catches_every_wrong_character_and_every_exchange_of_two) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const CardCode code = random_code(seed);
    for (std::size_t i = 0; i < card_code_characters; ++i) {
      for (const char c : card_code_alphabet) {
        CardCode typed = code;
        typed.characters[i] = c;
        EXPECT_EQ(parse_card_code(typed.view()).has_value(), typed == code);
      }
      for (std::size_t j = 0; j < i; ++j) {
        CardCode typed = code;
        std::swap(typed.characters[i], typed.characters[j]);
        EXPECT_EQ(parse_card_code(typed.view()).has_value(), typed == code);
      }
    }
  }
}

TEST(CardCode, uses_every_character_in_every_place_about_equally_often) {
  constexpr int codes = 31'000;
  std::array<std::array<int, 31>, card_code_characters> counts{};
  std::set<CardCode> all;
  for (int seed = 0; seed < codes; ++seed) {
    const CardCode code = random_code(static_cast<std::uint64_t>(seed));
    all.insert(code);
    for (std::size_t i = 0; i < card_code_characters; ++i)
      ++counts[i][card_code_alphabet.find(code.characters[i])];
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(codes));
  // 1,000 each; six standard deviations are 190.
  for (const auto& place : counts)
    for (const int count : place) EXPECT_NEAR(count, codes / 31, 190);
}

RC_GTEST_PROP(CardCode, that_is_read_is_written_the_same, (std::uint64_t seed)) {
  std::string text = to_string(random_code(seed));
  const auto edits = *rc::gen::container<std::vector<char>>(rc::gen::arbitrary<char>());
  for (const char c : edits) text[static_cast<unsigned char>(c) % text.size()] = c;
  const auto code = parse_card_code(text);
  if (!code) return;
  RC_ASSERT((*parse_card_code(to_string(*code)) == *code));
  RC_ASSERT(code->view().find_first_not_of(card_code_alphabet) == std::string_view::npos);
}

}  // namespace
}  // namespace trade
