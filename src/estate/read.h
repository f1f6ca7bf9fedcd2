#pragma once
// Reads an estate folder: every value checked, every error with its file, line, column, value and
// expectation.

#include <functional>
#include <string>

#include "base/result.h"
#include "estate/estate.h"
#include "io/disk.h"

namespace estate {

struct ReadOptions {
  bool lenient = false;  // skip bad rows, count and list them, instead of stopping at the first
  Date as_of = base::date_max;  // rows of sales.csv and movements.csv after this day are never kept
  Date sales_from = base::date_min;  // earlier sales rows are counted and dropped, their date alone
                                     // looked at: what a carried state already holds
  int threads = 1;
  // Called now and then with the share of all bytes read so far, 0 to 1, and the file at hand; may
  // be empty.
  std::function<void(double share, const std::string& file)> progress = {};
};

// Reads `folder`. Errors: input_missing, input_bad, input_too_large, io_failed. With `lenient`, bad
// rows are in `rejected`.
base::Result<Estate> read_estate(io::Disk& disk, const io::Path& folder,
                                 const ReadOptions& options);

}  // namespace estate
