#include "nightly/charts.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/result.h"

namespace nightly {
namespace {

// Lengths along the page are in percent of the chart, all others in pixels: so a drawing fills a
// phone and a desk alike, and its letters keep their size.
constexpr int bar_pitch = 36, bar_text_base = 13, bar_top = 20, bar_height = 8;
constexpr int column_room = 150, column_top = 20, column_label_base = 18;
constexpr double column_share = 0.72;  // of the room that a column has
constexpr std::size_t label_letters_max = 32;

std::int64_t largest_of(std::span<const Bar> bars) {
  return std::max<std::int64_t>(1, std::ranges::max_element(bars, {}, &Bar::value)->value);
}

// The text with all after so many letters as "…"; never cuts inside a letter.
std::string cut(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts_letter = (static_cast<unsigned char>(text[at]) & 0xc0u) != 0x80u;
    if (starts_letter && letters++ == label_letters_max)
      return std::string(text.substr(0, at)) + "…";
  }
  return std::string(text);
}

std::string open_drawing(const ChartText& text, std::span<const Bar> bars, int height) {
  std::string spoken = fmt::format("{}. ", text.what);
  for (const Bar& bar : bars) spoken += fmt::format("{}: {}. ", bar.label, grouped(bar.value));
  spoken.pop_back();
  return fmt::format("<svg role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{}\">\n",
                     shown(spoken).code, height);
}

Html figures(const ChartText& text, std::span<const Bar> bars) {
  std::vector<Row> rows;
  const bool has_notes = !text.note_heading.empty();
  for (const Bar& bar : bars) {
    rows.push_back({shown(bar.label), shown_number(bar.value)});
    if (has_notes) rows.back().push_back(shown(bar.note));
  }
  const Html body =
      has_notes
          ? table({{text.label_heading}, {text.value_heading, true}, {text.note_heading, true}},
                  rows)
          : table({{text.label_heading}, {text.value_heading, true}}, rows);
  return {"<details><summary>Figures</summary>\n" + body.code + "</details>\n"};
}

}  // namespace

Html bar_chart(const ChartText& text, std::span<const Bar> bars) {
  CHECK(!bars.empty());
  const auto most = static_cast<double>(largest_of(bars));
  std::string code = open_drawing(text, bars, bar_pitch * static_cast<int>(bars.size()));
  int top = 0;
  for (const Bar& bar : bars) {
    code += fmt::format(
        "<text x=\"0\" y=\"{}\">{}</text><text class=\"v\" x=\"100%\" y=\"{}\">{}</text>"
        "<rect class=\"track\" y=\"{}\" width=\"100%\" height=\"{}\" rx=\"4\"/>"
        "<rect class=\"bar\" y=\"{}\" width=\"{:.2f}%\" height=\"{}\" rx=\"4\"/>\n",
        top + bar_text_base, shown(cut(bar.label)).code, top + bar_text_base, grouped(bar.value),
        top + bar_top, bar_height, top + bar_top, 100 * static_cast<double>(bar.value) / most,
        bar_height);
    top += bar_pitch;
  }
  return {code + "</svg>\n" + figures(text, bars).code};
}

Html column_chart(const ChartText& text, std::span<const Bar> bars) {
  CHECK(!bars.empty());
  const auto most = static_cast<double>(largest_of(bars));
  const double room = 100.0 / static_cast<double>(bars.size());
  const int base = column_top + column_room;
  std::string code = open_drawing(text, bars, base + column_label_base + 6);
  double left = 0;
  for (const Bar& bar : bars) {
    const double height = column_room * static_cast<double>(bar.value) / most;
    const double middle = left + room / 2;
    code += fmt::format(
        "<rect class=\"bar\" x=\"{:.2f}%\" y=\"{:.1f}\" width=\"{:.2f}%\" height=\"{:.1f}\" "
        "rx=\"3\"/><text class=\"m v\" x=\"{:.2f}%\" y=\"{:.1f}\">{}</text>"
        "<text class=\"m\" x=\"{:.2f}%\" y=\"{}\">{}</text>\n",
        left + room * (1 - column_share) / 2, base - height, room * column_share, height, middle,
        base - height - 6, bar.note, middle, base + column_label_base, shown(bar.label).code);
    left += room;
  }
  code += fmt::format("<line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/>\n", base);
  return {code + "</svg>\n" + figures(text, bars).code};
}

}  // namespace nightly
