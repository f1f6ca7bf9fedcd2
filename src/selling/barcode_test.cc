#include "selling/barcode.h"

#include <array>
#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace selling {
namespace {

constexpr std::array<std::string_view, 4> patterns{"20RRRRRVPPPPC", "21RRRRRPPPPPC",
                                                   "22RRRRVWWWWWC", "29RRRRRWWWWWC"};

Layouts layouts() { return *Layouts::of(patterns); }

std::string checked(std::string digits) {
  digits += static_cast<char>('0' + gs1_check_digit(digits));
  return digits;
}

Answer<Scan> read(std::string_view code) { return read_barcode(code, layouts()); }

Refusal refusal(std::string_view code) { return read(code).error(); }

TEST(Barcode, reads_every_length_of_gtin_as_one_number) {
  EXPECT_EQ(std::get<Gtin>(*read("6291041500213")).number, 6'291'041'500'213u);
  EXPECT_EQ(std::get<Gtin>(*read("96385074")).number, 96'385'074u);
  EXPECT_EQ(std::get<Gtin>(*read("036000241457")), std::get<Gtin>(*read("00036000241457")));
  EXPECT_EQ(std::get<Gtin>(*read("036000241457")), std::get<Gtin>(*read("0036000241457")));
}

TEST(Barcode, is_refused_by_name) {
  EXPECT_EQ(refusal(""), Refusal::code_length);
  EXPECT_EQ(refusal("123456789"), Refusal::code_length);
  EXPECT_EQ(refusal("629104150021x"), Refusal::code_not_digits);
  EXPECT_EQ(refusal("-291041500213"), Refusal::code_not_digits);
  EXPECT_EQ(refusal("6291041500214"), Refusal::code_check_digit);
  EXPECT_EQ(refusal(checked("231234512345")), Refusal::code_layout_unknown);
  EXPECT_EQ(refusal(checked("201234592876")), Refusal::code_verifier);
  EXPECT_EQ(refusal(checked("211234500000")), Refusal::code_value_zero);
}

// The examples of GS1 General Specifications 7.9.3.
TEST(Barcode, has_the_verifier_digits_of_the_standard) {
  EXPECT_EQ(verifier_digit("2875"), 9);
  EXPECT_EQ(verifier_digit("14685"), 6);
}

TEST(Barcode, carries_the_price_or_the_weight_of_a_piece) {
  const auto cheese = std::get<Measured>(*read(checked("201234592875")));
  EXPECT_EQ(cheese, (Measured{*ItemCode::of("2012345"), Measure::pence, 2875}));
  const auto ham = std::get<Measured>(*read(checked("211234500314")));
  EXPECT_EQ(ham, (Measured{*ItemCode::of("2112345"), Measure::pence, 314}));
  const auto fish = std::get<Measured>(*read(checked("221234614685")));
  EXPECT_EQ(fish, (Measured{*ItemCode::of("221234"), Measure::grams, 14'685}));
  const auto beef = std::get<Measured>(*read("02912345012502"));
  EXPECT_EQ(beef, (Measured{*ItemCode::of("2912345"), Measure::grams, 1'250}));
}

TEST(Barcode, verifier_finds_every_single_wrong_digit_of_a_price) {
  for (int price = 0; price < 10'000; ++price) {
    const std::string right = fmt::format("{:04}", price);
    for (std::size_t at = 0; at < 4; ++at)
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string wrong = right;
        wrong[at] = digit;
        EXPECT_EQ(wrong == right, verifier_digit(wrong) == verifier_digit(right)) << wrong << right;
      }
  }
}

RC_GTEST_PROP(Barcode, with_one_wrong_digit_is_never_read, (std::uint64_t seed)) {
  constexpr std::array lengths{7, 11, 12, 13};
  const auto length = lengths[static_cast<std::size_t>(*rc::gen::inRange(0, 4))];
  std::uint64_t bound = 1;
  for (int i = 0; i < length; ++i) bound *= 10;
  std::string code = checked(fmt::format("{:0{}}", seed % bound, length));
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, length + 1));
  const char digit = static_cast<char>('0' + *rc::gen::inRange(0, 10));
  RC_PRE(code[at] != digit);
  code[at] = digit;
  RC_ASSERT(refusal(code) == Refusal::code_check_digit);
}

Refusal layout_refusal(std::string_view pattern) {
  return Layouts::of(std::array{pattern}).error();
}

TEST(Layouts, that_no_code_can_have_are_refused) {
  for (const std::string_view bad :
       {"", "20RRRRRVPPPP", "20RRRRRVPPPPCC", "30RRRRRVPPPPC", "2RRRRRRVPPPPC", "20VPPPPRRRRRC",
        "20RRRRRVPPPPP", "20RRRRVVPPPPC", "20RRRRRPPWWWC", "20RRRVPPPPPPC", "20PPPPPPPPPPC",
        "20RRRRRRRRRRC", "20RRRRRVPPPxC"})
    EXPECT_EQ(layout_refusal(bad), Refusal::layout_bad) << bad;
}

TEST(Layouts, that_could_both_fit_a_code_are_refused) {
  using Two = std::array<std::string_view, 2>;
  EXPECT_EQ(Layouts::of(Two{"20RRRRRVPPPPC", "201RRRRVPPPPC"}).error(), Refusal::layout_ambiguous);
  EXPECT_EQ(Layouts::of(Two{"201RRRRVPPPPC", "20RRRRRPPPPPC"}).error(), Refusal::layout_ambiguous);
  EXPECT_TRUE(Layouts::of(Two{"201RRRRVPPPPC", "202RRRRPPPPPC"}));
}

}  // namespace
}  // namespace selling
