#include "nightly/charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightly {
namespace {

using ::testing::HasSubstr;

const ChartText text{"Units by <day>", "Day", "Units", "Value"};

TEST(Charts, a_bar_is_as_long_as_its_share_of_the_longest) {
  const std::vector<Bar> bars{{"Mon", 50, "£1"}, {"Tue", 200, "£4"}, {"Wed", 0, ""}};
  const std::string code = bar_chart(text, bars).code;
  EXPECT_THAT(code, HasSubstr("class=\"bar\" y=\"20\" width=\"25.00%\""));
  EXPECT_THAT(code, HasSubstr("class=\"bar\" y=\"56\" width=\"100.00%\""));
  EXPECT_THAT(code, HasSubstr("class=\"bar\" y=\"92\" width=\"0.00%\""));
}

TEST(Charts, a_column_is_as_high_as_its_share_of_the_highest) {
  const std::vector<Bar> bars{{"<1", 1, "20%"}, {"1", 4, "80%"}};
  const std::string code = column_chart(text, bars).code;
  EXPECT_THAT(code, HasSubstr("y=\"132.5\" width=\"36.00%\" height=\"37.5\""));
  EXPECT_THAT(code, HasSubstr("y=\"20.0\" width=\"36.00%\" height=\"150.0\""));
  EXPECT_THAT(code, HasSubstr(">&lt;1</text>"));
}

TEST(Charts, a_chart_says_its_figures_to_those_who_do_not_see_it) {
  const std::vector<Bar> bars{{"Mon", 1'250, "£1"}, {"Tue", 2, "£4"}};
  for (const std::string& code : {bar_chart(text, bars).code, column_chart(text, bars).code}) {
    EXPECT_THAT(code,
                HasSubstr("role=\"img\" aria-label=\"Units by &lt;day&gt;. Mon: 1,250. Tue: 2.\""));
    EXPECT_THAT(code, HasSubstr("<td>Mon</td><td class=\"n\">1,250</td><td class=\"n\">£1</td>"));
  }
}

TEST(Charts, a_long_label_is_cut_between_letters) {
  std::string label;
  for (int i = 0; i < 40; ++i) label += "é";
  const std::vector<Bar> bars{{label, 1, ""}};
  std::string kept;
  for (int i = 0; i < 32; ++i) kept += "é";
  EXPECT_THAT(bar_chart(text, bars).code, HasSubstr(">" + kept + "…</text>"));
}

}  // namespace
}  // namespace nightly
