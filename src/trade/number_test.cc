#include "trade/number.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace trade {
namespace {

DocumentNumber any_number() {
  return {static_cast<SiteCode>(*rc::gen::inRange(0, 10'000)), *rc::gen::arbitrary<std::uint16_t>(),
          std::max(1u, *rc::gen::arbitrary<std::uint32_t>())};
}

TEST(Number, is_written_with_its_site_epoch_counter_and_two_check_digits) {
  const DocumentNumber number{SiteCode{42}, 1, 1234};
  EXPECT_EQ(to_string(number), "0042-1-1234-85");
  EXPECT_EQ(parse_number("0042-1-1234-85"), number);
}

RC_GTEST_PROP(Number, that_is_written_is_read_back, ()) {
  const DocumentNumber number = any_number();
  RC_ASSERT(parse_number(to_string(number)) == number);
}

RC_GTEST_PROP(Number, with_one_wrong_or_two_swapped_digits_is_refused, ()) {
  const std::string right = to_string(any_number());
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (right[i] == '-') continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = right;
      wrong[i] = digit;
      RC_ASSERT(wrong == right || !parse_number(wrong));
    }
    if (i + 1 == right.size() || right[i + 1] == '-' || right[i] == right[i + 1]) continue;
    std::string swapped = right;
    std::swap(swapped[i], swapped[i + 1]);
    RC_ASSERT(!parse_number(swapped));
  }
}

TEST(Number, in_any_other_form_is_refused) {
  for (const char* text : {"", "-", "42-1-1234-85", "0042-01-1234-85", "0042-1-1234",
                           " 0042-1-1234-85", "0042-1-1234-85 ", "0042-1-0-57", "99999-1-1-1",
                           "0042-1-1234-85-1", "0042-1-99999999999999999999-85"})
    EXPECT_FALSE(parse_number(text)) << text;
}

}  // namespace
}  // namespace trade
