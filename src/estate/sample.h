#pragma once
// The sample estate: a made-up grocer with known true demand, written as an estate folder. See
// docs/formats/sample.md.

#include <cstdint>
#include <functional>

#include "base/date.h"
#include "base/result.h"
#include "estate/estate.h"
#include "io/disk.h"

namespace estate {

enum class Compression : std::uint8_t { plain, gzip, zstd };

inline constexpr std::int32_t sample_stores_max = 9'999;
inline constexpr std::int32_t sample_lines_max = 20'000;
inline constexpr std::int32_t sample_days_max = 1'500;
inline constexpr std::int32_t sample_future_days_max = 28;  // plans reach no further
inline const Date sample_last_day_min = base::make_date(1950, 1, 1);
inline constexpr Date sample_last_day_max = sale_date_last;

struct SampleOptions {
  std::int32_t stores = 50;  // 2 to sample_stores_max
  std::int32_t lines =
      400;  // of an average store, 20 to sample_lines_max; products are 1.3 times as many
  std::int32_t days = 400;  // of history, 60 to sample_days_max
  std::uint64_t seed = 1;
  Date last_day = base::make_date(2026, 6, 14);  // sample_last_day_min to sample_last_day_max
  io::Path out = {};                             // a new or empty folder, or an earlier sample
  Compression compress = Compression::plain;     // of the files that grow with stores times lines
  std::int32_t dark_days = 0;  // the last days that dark sites did not report, 0 to days / 2
  double dark_share = 0;       // share of the stores that went dark, 0 to 1
  // In the dark days nothing was ordered or delivered, to any store or depot; what was due then
  // never came.
  bool dark_deliveries = false;
  std::int32_t future_days = 0;  // whose true demand is written too, 0 to sample_future_days_max
  int threads = 1;
  // Called now and then with the share of stores written so far, 0 to 1; may be empty.
  std::function<void(double share)> progress = {};
};

// What was written, and what only the simulation knows.
struct SampleFacts {
  base::Date first_day, as_of;  // first and last day with sales
  base::Date truth_from;        // first day of truth.csv
  std::int32_t stores = 0, depots = 0, products = 0, suppliers = 0, dark_stores = 0;
  std::int64_t lines = 0;  // products ranged, summed over stores
  std::uint64_t sales_rows = 0, truth_rows = 0;
  std::int64_t open_line_days = 0;     // lines in range on days their store was open
  std::int64_t empty_line_days = 0;    // of those, days on which the shelf was bare at some time
  std::int64_t wrong_stock_lines = 0;  // lines whose record differs from the shelf at the end
  std::int64_t negative_stock_lines = 0;
  // Counted in units of goods sold by the piece; weighed goods are left out.
  std::int64_t demand_units = 0, lost_units = 0, sold_units = 0;
  std::int64_t fresh_received_units = 0, fresh_waste_units = 0;  // goods with a use-by date
};

// Writes a sample estate to options.out, which appears whole or not at all. The bytes depend on the
// options and not on `threads`. Memory grows with stores x products / 250 and with days x lines,
// not with their product. Errors: usage (an option is out of range), input_bad (the folder is
// somebody else's), io_failed.
base::Result<SampleFacts> write_sample(io::Disk& disk, const SampleOptions& options);

}  // namespace estate
