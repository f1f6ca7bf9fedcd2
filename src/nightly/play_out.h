#pragma once
// The estate played forward day by day: deliveries, customers, expiry, and every night the very
// order run that `order` is.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nightly/demand_paths.h"
#include "nightly/depot_demand.h"
#include "nightly/opening_stock.h"
#include "nightly/order_run.h"

namespace nightly {

inline constexpr std::int32_t play_periods_max = 84;

// What a play starts from: tonight's order run, and what the files say.
struct PlayInput {
  const OrderRunInput& tonight;
  std::int32_t periods = 28;  // after as_of, 1 to play_periods_max
};

// What every path shares: which lines there are on each day, and the cells that are counted.
class PlayPlan {
 public:
  explicit PlayPlan(const PlayInput& input);

  struct Day {
    // Of the order run of the evening before.
    Routes routes;
    std::vector<std::uint8_t> in_range;  // per line
    DepotDemand demand;
    // Of the day itself, per line: on sale, orderable, its site open.
    std::vector<std::uint8_t> counted;
  };
  const Day& day(std::int32_t index) const { return days_[static_cast<std::size_t>(index)]; }
  std::int32_t days() const { return static_cast<std::int32_t>(days_.size()); }

  // A cell is one site and one category, sorted by site, then category.
  struct Cell {
    std::uint32_t site = 0, category = 0;
  };
  std::span<const Cell> cells() const { return cells_; }
  std::span<const std::string> categories() const { return categories_; }  // sorted
  std::uint32_t cell_of(std::size_t line) const { return cell_of_[line]; }
  // Lines counted in a cell on a day.
  std::uint32_t lines(std::size_t cell, std::int32_t day) const {
    return lines_[cell * days_.size() + static_cast<std::size_t>(day)];
  }
  const PlayInput& input() const { return input_; }

 private:
  void add_cells();
  void add_days();

  PlayInput input_;
  std::vector<Day> days_;
  std::vector<Cell> cells_;
  std::vector<std::string> categories_;
  std::vector<std::uint32_t> cell_of_;  // per line
  std::vector<std::uint32_t> lines_;    // per cell and day
};

// Units of all lines together at the close of a day; every unit is somewhere:
// opening + ordered = on_shelves + to_stores + in_depots + to_depots + sold + wasted + served.
struct UnitCount {
  std::int64_t opening = 0;  // on shelves, in depots and under way at the start
  std::int64_t ordered = 0;  // from suppliers, and what depots without a record sent
  std::int64_t on_shelves = 0, to_stores = 0, in_depots = 0, to_depots = 0;
  std::int64_t sold = 0, wasted = 0, served = 0;  // served: customers' own orders
  friend bool operator==(const UnitCount&, const UnitCount&) = default;
};

// An order of one night to a supplier, or what the surge guard held back of it.
struct PlayedOrder {
  std::uint32_t supplier = 0, site = 0, product = 0;
  std::int32_t night = 0;  // 0 = the close of as_of
  Date due;
  std::int64_t units = 0, held_units = 0;
};

// One possible future. Vectors by day have one entry per period played.
struct PlayedPath {
  std::vector<std::uint32_t> on_shelf;  // per cell and day: lines with goods when the store opens
  std::vector<double> wanted_value, lost_value, wasted_value;  // pounds by day
  std::vector<PlayedOrder> orders;                             // by night, then as ordered
  std::vector<UnitCount> units;
};

// What holds orders back in a play.
struct PlayLimits {
  bool depots = true;     // capacity.csv
  bool suppliers = true;  // the surge guard's allowances
};

// Plays one path. `demand` draws what customers want; `truth` replaces records (see opening_stock).
PlayedPath play_path(const PlayPlan& plan, const DemandSource& demand,
                     std::span<const TrueStock> truth, PlayLimits limits = {});

struct PlayOptions {
  std::uint32_t paths = 12;
  std::uint64_t seed = 1;
  int threads = 1;
  PlayLimits limits = {};
  std::function<void(double share)> progress = {};  // may be empty
};

// Plays paths 0 to paths - 1 of a seed; the result does not depend on `threads`.
std::vector<PlayedPath> play_paths(const PlayPlan& plan, const PlayOptions& options);

}  // namespace nightly
