#pragma once
// Charts of the report: drawings of one series that fit any width, with their figures as text.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "nightly/page.h"

namespace nightly {

struct Bar {
  std::string label;
  std::int64_t value = 0;  // not negative
  std::string note;        // beside the value in the table of figures; may be empty
};

// What a chart shows, for those who do not see it: a sentence, and headings of the table below it.
struct ChartText {
  std::string_view what, label_heading, value_heading, note_heading;
};

// One bar below the other, for names. At least one bar.
Html bar_chart(const ChartText& text, std::span<const Bar> bars);
// Columns side by side, for classes in a natural order. At least one bar.
Html column_chart(const ChartText& text, std::span<const Bar> bars);

}  // namespace nightly
