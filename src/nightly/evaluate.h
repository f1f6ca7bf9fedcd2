#pragma once
// How good forecasts would have been: made from what was known on a day, scored against what came.

#include <array>

#include "base/result.h"
#include "nightly/forecast.h"

namespace nightly {

inline constexpr int pit_bins = 10;

struct Evaluation {
  std::size_t lines = 0;   // scored
  std::size_t points = 0;  // line periods that were in stock and known
  // Mean over lines of sqrt(mean squared error / mean squared change from period to period over the
  // history before).
  double rmsse = 0;
  double rmsse_smoothing =
      0;  // simple exponential smoothing, each line's best rate of 0.05 to 0.5 on its history
  // Per level of forecast_levels: the share of outcomes below the quantile, and at or below it.
  std::array<double, forecast_levels.size()> below{}, at_or_below{};
  // Share of outcomes in each tenth of their forecast distribution; an outcome that spans tenths is
  // spread over them (the expectation of the randomised probability integral transform, Czado,
  // Gneiting and Held 2009).
  std::array<double, pit_bins> pit{};

  double better_percent() const { return (1 - rmsse / rmsse_smoothing) * 100; }
  // Largest breach of below - 0.03 <= level <= at_or_below + 0.03, in points; <= 0 where all hold.
  double worst_quantile_points() const;
  // Largest distance of a tenth from 10 %, in points.
  double worst_tenth_points() const;
};

// Scores the forecasts made at the close of `as_of` for the `horizon` periods after it, then those
// made at the end of these, and so on for `windows` of them; all count together. Periods without
// stock are not scored. Errors: input_bad where the history ends before the last horizon does.
base::Result<Evaluation> evaluate(const estate::Estate& estate, base::Date as_of, int horizon,
                                  int windows, int threads);

}  // namespace nightly
