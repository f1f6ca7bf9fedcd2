#include "paper/codes.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "paper/base32.h"
#include "paper/testing/orders.h"

namespace paper {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const trade::DocumentNumber number{trade::SiteCode{42}, 1, 1234};

std::string bytes_of(std::size_t size, std::uint64_t seed = 1) {
  base::Prng prng(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(prng.next());
  return bytes;
}

std::string why(const std::vector<std::string>& codes) {
  const auto read = from_codes(codes);
  return read ? std::string() : read.error().message;
}

TEST(Base32, is_that_of_rfc_4648_without_padding) {
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(from_base32("MZXW6YTBOI"), "foobar");
  for (const char* text : {"MZ", "M", "MZXW6YTBO1", "mzxw6", "MY======"})
    EXPECT_FALSE(from_base32(text)) << text;
}

RC_GTEST_PROP(Base32, reads_back_what_it_writes, (const std::string& bytes)) {
  RC_ASSERT(from_base32(to_base32(bytes)) == bytes);
}

TEST(Codes, hold_any_bytes_and_are_scanned_in_any_order_and_twice) {
  base::Prng prng(7);
  for (const std::size_t size : {1u, 399u, 400u, 401u, 5'000u, 9'600u}) {
    const std::string sealed = bytes_of(size);
    auto codes = to_codes(number, sealed).value();
    EXPECT_EQ(codes.size(), (size + code_bytes_max - 1) / code_bytes_max);
    std::ranges::reverse(codes);
    codes.push_back(codes[prng.below(codes.size())]);
    EXPECT_EQ(from_codes(codes).value(), sealed);
  }
  EXPECT_EQ(to_codes(number, bytes_of(9'601)).error().code, base::ErrorCode::input_too_large);
}

TEST(Codes, fit_the_alphanumeric_mode) {
  const auto codes = to_codes(number, bytes_of(1'000)).value();
  for (const std::string& code : codes)
    EXPECT_EQ(code.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), code.npos);
}

TEST(Codes, of_which_one_is_missing_name_it) {
  for (std::size_t i = 0; i < 3; ++i) {
    auto codes = to_codes(number, bytes_of(1'000)).value();
    codes.erase(codes.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(why(codes),
                HasSubstr(fmt::format("code {} of 3 of order 0042-1-1234-85 is missing", i + 1)));
  }
  EXPECT_EQ(why({}), "no code of a sheet");
}

TEST(Codes, that_are_cut_off_or_altered_anywhere_are_refused) {
  const auto codes = to_codes(number, bytes_of(700)).value();
  for (std::size_t i = 0; i < codes[1].size(); ++i) {
    auto cut = codes, altered = codes;
    cut[1].resize(i);
    altered[1][i] = altered[1][i] == 'A' ? '2' : 'A';
    EXPECT_NE(why(cut), "") << i;
    EXPECT_NE(why(altered), "") << i;
  }
  auto cut = codes;
  cut[1].resize(cut[1].size() - 1);
  EXPECT_THAT(why(cut), HasSubstr("code 2 of 2 of order 0042-1-1234-85 is damaged or cut off"));
}

TEST(Codes, of_different_sheets_do_not_mix) {
  const auto codes = to_codes(number, bytes_of(700)).value();
  auto mixed = codes;
  mixed[1] = to_codes({trade::SiteCode{42}, 1, 1235}, bytes_of(700)).value()[1];
  EXPECT_THAT(why(mixed), AllOf(HasSubstr("codes of two sheets"), HasSubstr("0042-1-1234-85"),
                                HasSubstr("0042-1-1235-82")));
  mixed[1] = to_codes(number, bytes_of(700, 2)).value()[1];
  EXPECT_THAT(why(mixed), HasSubstr("code 2 of 2 of order 0042-1-1234-85 is of another sheet"));
}

}  // namespace
}  // namespace paper
