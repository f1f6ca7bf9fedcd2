#pragma once
// Plays an ordering policy over history: lost sales, lead times, calendars, cases and expiry, never
// a period seen too early.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "nightly/columns.h"

namespace nightly {

enum class PolicyChoice : std::uint8_t { ours, benchmark };

struct BacktestOptions {
  Date from;                        // first day of the first window
  std::int32_t periods = 8;         // played in all; cut into windows of window_periods
  std::int32_t window_periods = 0;  // 0 = 8 weeks, or 56 days
  PolicyChoice policy = PolicyChoice::ours;
  int threads = 1;
};

struct Played {
  double holding_cost = 0;     // holding cost times units left at the close of each counted period
  double lost_sales_cost = 0;  // shortage cost times units that found an empty shelf
  // Pieces and grams added up as they come; what compares across both is in money, below.
  std::int64_t demand_units = 0, sold_units = 0, lost_units = 0, waste_units = 0, ordered_units = 0;
  // At unit_price, or unit_cost where that is missing.
  base::Money demand_value, lost_value, waste_value;

  double cost() const { return holding_cost + lost_sales_cost; }
  double fill_rate() const {
    return demand_units == 0 ? 1
                             : static_cast<double>(sold_units) / static_cast<double>(demand_units);
  }
  Played& operator+=(const Played& other);
};

struct PlayedWindow {
  Date from;
  Played played;
};

struct BacktestResult {
  std::vector<PlayedWindow> windows;
  Played total;
};

// What customers wanted of a line in a period, sold or not: known for the sample estate only.
struct TrueDemand {
  std::uint32_t site = 0, product = 0;
  Date date;
  std::int32_t units = 0;
};

// Reads truth.csv of a sample estate (date, site, product, demand); rows of unknown ids are an
// error.
base::Result<std::vector<TrueDemand>> read_truth(io::Disk& disk, const io::Path& file,
                                                 const estate::Estate& estate);

// Every window starts afresh: 1.5 m units on hand and m due at the start of each period before the
// first order can arrive, m being the line's mean in-stock sales of the 13 weeks before, rounded,
// ties to even. The first order is placed at the close of the period before the window, the last
// one that still arrives within it last. Costs count from the first arrival on. With `truth`, what
// customers wanted is the demand, and nothing is wanted where it has no row; without, recorded
// sales are. Errors: input_bad where the windows do not lie within the history, or the truth.
base::Result<BacktestResult> backtest(const estate::Estate& estate, const BacktestOptions& options,
                                      const std::vector<TrueDemand>& truth);

}  // namespace nightly
