#include "paper/barcode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace paper {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string bits_of(const Barcode& code) {
  std::string bits;
  for (const bool is_dark : code.dark) bits += is_dark ? '1' : '0';
  return bits;
}

// ISO/IEC 15420: guards 101, 01010 and 101 around six digits of seven modules on either side.
TEST(Ean, has_the_guards_and_the_digits_of_the_standard) {
  const auto code = ean("5012345678900");
  ASSERT_TRUE(code);
  const std::string bits = bits_of(*code);
  ASSERT_EQ(bits.size(), 95u);
  EXPECT_EQ(bits.substr(0, 3), "101");
  EXPECT_EQ(bits.substr(45, 5), "01010");
  EXPECT_EQ(bits.substr(92), "101");
  EXPECT_EQ(bits.substr(85, 7), "1110010") << "the check digit 0 of set C";
  EXPECT_EQ(bits.substr(3, 7), "0001101") << "the second digit 0, by set A of the first digit 5";
}

TEST(Ean, takes_a_gtin_of_any_length_that_it_can_hold) {
  EXPECT_EQ(ean("96385074")->dark.size(), 67u);
  EXPECT_EQ(ean("036000291452")->text, "0036000291452");
  EXPECT_EQ(ean("05012345678900")->text, "5012345678900");
}

TEST(Ean, refuses_what_is_no_gtin) {
  for (const char* text : {"", "5012345678901", "501234567891", "soap", "15012345678907", "12345",
                           "5012345678900+12", "501234567890O"})
    EXPECT_FALSE(ean(text)) << text;
}

TEST(Code128, refuses_what_it_cannot_hold) {
  EXPECT_TRUE(code_128("0043-1-1-60"));
  for (const std::string& text : {std::string(), std::string(code_128_characters_max + 1, 'x'),
                                  std::string("a\nb"), std::string("\xc3\xa4")})
    EXPECT_FALSE(code_128(text)) << text;
}

// 11 modules a character, 13 for the stop: start B, five characters, the check character.
TEST(Code128, is_as_long_as_the_standard_says) {
  EXPECT_EQ(code_128("Wikip")->dark.size(), 11u * 7 + 13);
}

TEST(Drawing, holds_no_markup_of_its_text) {
  const Drawing drawn = draw(*code_128("<a&\"b>"), 330, 10'000);
  EXPECT_THAT(drawn.svg, HasSubstr("&lt;a&amp;&quot;b"));
  EXPECT_THAT(drawn.svg, Not(HasSubstr("<a")));
}

TEST(Drawing, says_its_size_in_millimetres) {
  EXPECT_THAT(draw(*ean("5012345678900"), 330, 20'000).svg,
              HasSubstr("width=\"37.290mm\" height=\"24.666mm\""));
}

}  // namespace
}  // namespace paper
