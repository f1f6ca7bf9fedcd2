#include "paper/phone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "paper/testing/orders.h"

namespace paper {
namespace {

using ::testing::HasSubstr;

constexpr double seconds_of_a_call = 300;
constexpr double said_per_second = 2.5;  // digits, letters or words

// What a caller says: every word, and every digit or letter of a product. The number of a row, and
// units where they stand in digits before the words, are for the eye.
double said(std::string_view list) {
  double count = 0;
  while (!list.empty()) {
    const std::string_view line = list.substr(0, list.find('\n'));
    list.remove_prefix(std::min(list.size(), line.size() + 1));
    const bool is_sum = line.starts_with("      "), is_row = !is_sum && line.starts_with("  ");
    std::size_t words = 0, characters = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == ' ') continue;
      if (i == 0 || line[i - 1] == ' ') ++words;
      if (words == 2) ++characters;
    }
    count += static_cast<double>(is_row ? characters + words - 3 : words - is_sum);
  }
  return count;
}

TEST(PhoneList, says_digits_in_words) {
  EXPECT_EQ(spoken("0042-1-85"), "zero zero four two dash one dash eight five");
  const std::string list = phone_list(testing::small_order()).value();
  EXPECT_THAT(list, HasSubstr("Store zero zero four two speaking"));
  EXPECT_THAT(list, HasSubstr("P00012"));
  EXPECT_THAT(list, HasSubstr("two four"));
}

TEST(PhoneList, of_sixty_changes_is_read_in_five_minutes) {
  base::Prng prng(5);
  Order order = testing::random_order(prng, changes_max);
  for (std::size_t i = 0; i < order.rows.size(); ++i)
    order.rows[i] = {testing::product(fmt::format("P{:05}", 7 * i)),
                     static_cast<trade::Units>(prng.below(100))};
  const double seconds = said(phone_list(order).value()) / said_per_second;
  fmt::print("{:.0f} seconds\n", seconds);
  EXPECT_LE(seconds, seconds_of_a_call);
}

TEST(PhoneList, has_lines_that_fit_a_page) {
  base::Prng prng(6);
  Order order = testing::random_order(prng, changes_max);
  order.rows[0] = {testing::product(std::string(32, 'W')), trade::row_units_max};
  const std::string list = phone_list(order).value();
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    EXPECT_LE(line.size(), phone_columns_max) << line;
    rest.remove_prefix(line.size() + 1);
  }
}

TEST(PhoneList, is_for_no_more_rows_than_a_call_bears) {
  base::Prng prng(7);
  Order order = testing::random_order(prng, changes_max + 1);
  order.standing_from = {};
  EXPECT_EQ(phone_list(order).error().code, base::ErrorCode::input_too_large);
}

}  // namespace
}  // namespace paper
