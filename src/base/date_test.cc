#include "base/date.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Date, every_day_of_three_centuries_survives_text_and_back) {
  Date previous = make_date(1899, 12, 31);
  for (Date date = make_date(1900, 1, 1); date < make_date(2200, 1, 1); date = date + 1) {
    const auto parsed = parse_date(to_string(date));
    ASSERT_TRUE(parsed) << to_string(date);
    ASSERT_EQ(parsed->days, date.days);
    ASSERT_EQ(weekday(date), (weekday(previous) + 1) % 7);
    previous = date;
  }
}

TEST(Date, known_days_have_their_weekday_and_iso_week) {
  EXPECT_EQ(weekday(make_date(2026, 11, 22)), 6);
  EXPECT_EQ(iso_week(make_date(2026, 1, 1)), 1);
  EXPECT_EQ(iso_week(make_date(2021, 1, 3)), 53);
  EXPECT_EQ(iso_week(make_date(2024, 12, 30)), 1);
  EXPECT_EQ(make_date(1970, 1, 1).days, 0);
  EXPECT_EQ(to_string(monday_of(make_date(2024, 4, 14))), "2024-04-08");
}

TEST(Date, text_that_is_no_date_is_refused) {
  for (const char* text : {"", "2024-4-8", "2024-02-30", "2023-02-29", "2024-13-01", "1899-12-31",
                           "2200-01-01", "2024/01/01", "2024-01-01 ", "20x4-01-01"})
    EXPECT_FALSE(parse_date(text)) << text;
}

}  // namespace
}  // namespace base
