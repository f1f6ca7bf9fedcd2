#pragma once
// When shelves will be full again: the estate played forward from a day, written for people. See
// docs/formats/recover.md.

#include "io/clock.h"
#include "io/disk.h"
#include "nightly/availability.h"

namespace nightly {

struct RecoverOptions {
  Date from;  // first day played; the first order leaves at the close of the day before
  std::int32_t days = 28;
  io::Path out;
  std::uint32_t paths = 12;
  std::uint64_t seed = 1;
  int threads = 1;
  io::Path truth, true_stock;  // empty, or what came (see docs/formats/recover.md)
  io::Path committed;          // empty, or supplier_forecast.csv of an earlier night
  std::function<void(double share, std::string_view what)> progress = {};
};

// When a category is back at 95 % of lines, in words: as things are, and with one kind of limit
// lifted.
struct CategoryBack {
  std::string name, back, without_supplier_limits, without_depot_limits;
};

struct RecoverResult {
  std::string summary;  // summary.json
  std::string answer;   // the sentence at the top of the page
  std::vector<CategoryBack> categories;
  std::optional<ForecastError> error;  // with a truth
};

inline constexpr std::uint32_t recover_paths_max = 256;

// Plays `paths` futures and writes the out folder, which appears whole or not at all. Errors:
// input_bad (the truth names unknown ids, the out folder is somebody else's), nothing_to_do (no
// line is in range), io_failed.
base::Result<RecoverResult> run_recover(io::Disk& disk, io::Clock& clock,
                                        const estate::Estate& estate,
                                        const RecoverOptions& options);

}  // namespace nightly
