#pragma once
// A share by day with its range, as a drawing that fits any width, with its figures as text.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/date.h"
#include "nightly/page.h"

namespace nightly {

// What a chart shows. All spans have one entry per day; shares are 0 to 1.
struct DayChart {
  std::string_view what;  // a sentence, for those who do not see it
  std::span<const base::Date> dates;
  std::span<const double> share, low, high;
  double goal = 0.95;  // drawn as a line
};

// At least one day. Weekends are shaded.
Html day_chart(const DayChart& chart);

// Rules that a page with such charts adds to the style of the report.
std::string_view day_chart_style();

// "93.4 %".
std::string percent_text(double share);

}  // namespace nightly
