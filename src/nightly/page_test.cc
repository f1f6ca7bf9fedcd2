#include "nightly/page.h"

#include <gtest/gtest.h>

namespace nightly {
namespace {

TEST(Page, numbers_are_grouped_by_thousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
  EXPECT_EQ(grouped(-100), "-100");
  EXPECT_EQ(plural(1, "line"), "1 line");
  EXPECT_EQ(plural(2'000, "line"), "2,000 lines");
}

TEST(Page, money_is_shown_in_its_currency) {
  EXPECT_EQ(exact_money("GBP", 123'450), "£1,234.50");
  EXPECT_EQ(exact_money("GBP", -5), "-£0.05");
  EXPECT_EQ(exact_money("EUR", 100), "EUR 1.00");
  EXPECT_EQ(round_money("GBP", 123'449), "£1,234");
  EXPECT_EQ(round_money("GBP", 123'450), "£1,235");
}

TEST(Page, grams_are_shown_as_kilograms_without_closing_zeros) {
  EXPECT_EQ(kilograms(1'234'500), "1,234.5 kg");
  EXPECT_EQ(kilograms(7'000), "7 kg");
  EXPECT_EQ(kilograms(5), "0.005 kg");
}

TEST(Page, dates_are_shown_as_they_are_said) {
  EXPECT_EQ(long_date(base::make_date(2026, 3, 3)), "Tuesday 3 March 2026");
  EXPECT_EQ(short_date(base::make_date(2026, 9, 30)), "Wed 30 Sep");
}

TEST(Page, text_becomes_markup_that_shows_it) {
  EXPECT_EQ(shown("a<b>&\"'\n\x7f").code, "a&lt;b&gt;&amp;&quot;&#39;\n\xef\xbf\xbd");
  EXPECT_EQ(named("", "P<1").code, "<bdi>P&lt;1</bdi>");
  EXPECT_EQ(named("Milk", "P1").code, "<bdi>Milk</bdi><small>P1</small>");
}

}  // namespace
}  // namespace nightly
