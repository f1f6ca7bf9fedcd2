#pragma once
// The forecast of every line in range, period by period, as a mean and quantiles.

#include <array>

#include "base/result.h"
#include "estate/estate.h"
#include "io/disk.h"

namespace nightly {

inline constexpr std::array forecast_levels{0.05, 0.25, 0.5, 0.75, 0.95, 0.975};
inline constexpr int forecast_horizon_max = 366;

struct ForecastFacts {
  std::size_t lines = 0;
  std::size_t rows = 0;
};

// Writes site, product, date, mean, q05, q25, q50, q75, q95, q975 for `horizon` periods after the
// one that holds `as_of`, sorted by site, product, date. Quantiles are the smallest whole numbers
// that reach their level. The file appears whole or not at all.
base::Result<ForecastFacts> write_forecast(io::Disk& disk, const estate::Estate& estate,
                                           base::Date as_of, int horizon, const io::Path& file,
                                           int threads);

}  // namespace nightly
