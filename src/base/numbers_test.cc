#include "base/numbers.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Numbers, money_survives_text_and_back) {
  for (std::int64_t e4 : {0, 1, -1, 9999, 10000, -10000, 12345, 100, 990000})
    EXPECT_EQ(parse_money(to_string(Money{e4}))->e4, e4);
  EXPECT_EQ(to_string(Money{12500}), "1.25");
  EXPECT_EQ(to_string(Money{-5}), "-0.0005");
  EXPECT_EQ(parse_money("1.05")->pence(), 105);
  EXPECT_EQ(parse_money("0.005")->pence(), 1);
}

TEST(Numbers, text_that_is_no_number_is_refused) {
  for (const char* text : {"", "-", "1.", ".5", "1.23456", "1,5", "1e3", " 1", "0x1", "--1", "nan"})
    EXPECT_FALSE(parse_money(text)) << text;
  for (const char* text : {"", "-", "1.0", "+1", " 1", "1 ", "1234567890123456789"})
    EXPECT_FALSE(parse_whole(text)) << text;
  EXPECT_EQ(parse_whole("-999999999999999999"), -999999999999999999);
}

}  // namespace
}  // namespace base
