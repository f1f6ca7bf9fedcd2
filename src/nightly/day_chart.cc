#include "nightly/day_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "base/result.h"

namespace nightly {
namespace {

constexpr int plot_top = 22, plot_height = 170, label_base = 18, height = 222;
constexpr int saturday = 5;

// A curve in a square of its own, `days` wide and 100 high, that is stretched over the plot.
class Plot {
 public:
  explicit Plot(const DayChart& chart)
      : chart_(chart),
        days_(chart.dates.size()),
        floor_(std::floor(std::min(*std::ranges::min_element(chart.low), chart.goal - 0.05) * 10) /
               10) {}

  double floor() const { return floor_; }
  double y(double share) const { return 100 * (1 - (share - floor_) / (1 - floor_)); }
  double y_pixels(double share) const { return plot_top + plot_height * y(share) / 100; }
  double left(std::size_t day) const {
    return 100 * static_cast<double>(day) / static_cast<double>(days_);
  }
  std::string curves() const {
    std::string range, mean;
    for (std::size_t day = 0; day < days_; ++day) {
      range += point(day, chart_.high[day]);
      mean += point(day, chart_.share[day]);
    }
    for (std::size_t day = days_; day-- > 0;) range += point(day, chart_.low[day]);
    return fmt::format(
        "<svg y=\"{}\" width=\"100%\" height=\"{}\" viewBox=\"0 0 {} 100\" "
        "preserveAspectRatio=\"none\"><polygon class=\"range\" points=\"{}\"/>"
        "<polyline class=\"mean\" vector-effect=\"non-scaling-stroke\" points=\"{}\"/></svg>\n",
        plot_top, plot_height, days_, range, mean);
  }

 private:
  std::string point(std::size_t day, double share) const {
    return fmt::format("{:.1f},{:.2f} ", static_cast<double>(day) + 0.5, y(share));
  }

  const DayChart& chart_;
  std::size_t days_;
  double floor_;
};

std::string weekends(const DayChart& chart, const Plot& plot) {
  std::string code;
  const double width = plot.left(1);
  for (std::size_t day = 0; day < chart.dates.size(); ++day)
    if (base::weekday(chart.dates[day]) >= saturday)
      code += fmt::format(
          "<rect class=\"weekend\" x=\"{:.2f}%\" y=\"{}\" width=\"{:.2f}%\" height=\"{}\"/>",
          plot.left(day), plot_top, width, plot_height);
  return code + "\n";
}

std::string scale(const DayChart& chart, const Plot& plot) {
  std::string code;
  for (const double share : {1.0, chart.goal, plot.floor()})
    code += fmt::format("<line class=\"{}\" x1=\"0\" x2=\"100%\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                        share == chart.goal ? "goal" : "base", plot.y_pixels(share),
                        plot.y_pixels(share));
  code += fmt::format(
      "<text class=\"s\" x=\"0\" y=\"{}\">100 %</text>"
      "<text class=\"v\" x=\"100%\" y=\"{}\">dashed: {:.0f} %</text>"
      "<text class=\"s\" x=\"0\" y=\"{:.1f}\">{:.0f} %</text>\n",
      plot_top - 6, plot_top - 6, 100 * chart.goal, plot.y_pixels(plot.floor()) - 5,
      100 * plot.floor());
  // A label on the first day and on each Monday after the first few days.
  for (std::size_t day = 0; day < chart.dates.size(); ++day)
    if (day == 0 || (day > 3 && base::weekday(chart.dates[day]) == 0))
      code +=
          fmt::format("<text class=\"s\" x=\"{:.2f}%\" y=\"{}\">{}</text>", plot.left(day),
                      plot_top + plot_height + label_base, short_date(chart.dates[day]).substr(4));
  return code + "\n";
}

}  // namespace

Html day_chart(const DayChart& chart) {
  CHECK(!chart.dates.empty());
  const Plot plot(chart);
  std::string code =
      fmt::format("<svg role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{}\">\n",
                  shown(chart.what).code, height);
  code += weekends(chart, plot) + plot.curves() + scale(chart, plot) + "</svg>\n";
  std::vector<Row> rows;
  for (std::size_t day = 0; day < chart.dates.size(); ++day)
    rows.push_back({shown(short_date(chart.dates[day])), shown(percent_text(chart.share[day])),
                    shown(percent_text(chart.low[day])), shown(percent_text(chart.high[day]))});
  code += "<details><summary>Figures</summary>\n" +
          table({{"Day"}, {"On the shelf", true}, {"Low", true}, {"High", true}}, rows).code +
          "</details>\n";
  return {code};
}

std::string_view day_chart_style() {
  return R"css(.range { fill: var(--accent); opacity: 0.28; }
.mean { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
.goal { stroke: var(--warn-ink); stroke-width: 1; stroke-dasharray: 5 4; }
.weekend { fill: var(--track); }
svg .s { font-size: 11px; fill: var(--soft); }
svg .v { font-size: 11px; }
.answer { max-width: 30em; }
a { color: var(--accent); }
.top + main > .card:first-child { margin-top: 20px; }
td { white-space: nowrap; }
td:first-child { white-space: normal; }
th.n + th:not(.n), td.n + td:not(.n) { padding-left: 20px; }
)css";
}

std::string percent_text(double share) { return fmt::format("{:.1f} %", 100 * share); }

}  // namespace nightly
