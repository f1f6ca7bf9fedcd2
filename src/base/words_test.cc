#include "base/words.h"

#include <limits>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Words, separates_thousands_and_never_begins_with_a_comma) {
  EXPECT_EQ(grouped(std::int64_t{0}), "0");
  EXPECT_EQ(grouped(std::int64_t{999}), "999");
  EXPECT_EQ(grouped(std::int64_t{-999}), "-999");
  EXPECT_EQ(grouped(std::int64_t{1000}), "1,000");
  EXPECT_EQ(grouped(std::int64_t{-123456}), "-123,456");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Words, shows_money_as_pounds_and_whole_pence) {
  EXPECT_EQ(grouped(Money{12'345'678}), "1,234.57");
  EXPECT_EQ(grouped(Money{-500}), "-0.05");
  EXPECT_EQ(grouped(Money{0}), "0.00");
}

TEST(Words, counts_one_thing_and_several) {
  EXPECT_EQ(counted(1, "line"), "1 line");
  EXPECT_EQ(counted(0, "line"), "0 lines");
  EXPECT_EQ(counted(1200, "line"), "1,200 lines");
}

}  // namespace
}  // namespace base
