#pragma once
// State carried from night to night: one file a date in a folder. Byte grammar in
// docs/formats/state.md.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "nightly/columns.h"

namespace nightly {

// A state as it lies on disk, with ids instead of numbers of the estate.
struct SavedState {
  std::string path;  // of the file, for errors
  Date as_of;
  std::string estate_name;
  std::string past_events;                   // digest_of_past_events
  std::vector<std::string> sites, products;  // ids, ascending
  // One entry per line, sorted: indexes into sites, products and pool_key, and the last period in
  // which the line was in range.
  std::vector<std::uint32_t> line_site, line_product, line_pool;
  std::vector<std::int32_t> line_to;
  std::vector<std::string> pool_key;
  planner::State state;

  // The first day whose sales a night looks at that continues from here.
  Date sales_from() const;
};

// So many periods of sales, tonight's the last, are all that a carried night has: the planner's
// raw periods, and the weeks in which the guards and the gap rule look for a line's past.
inline constexpr std::int32_t night_sales_periods = 70;
static_assert(night_sales_periods >= planner::raw_periods);

struct LoadedState {
  std::optional<SavedState> saved;
  std::string rebuild_because;  // a state was there, but is of no use any more
};

// The newest state in `folder` before `as_of`; nothing if there is none or no folder, and nothing
// but the reason where another version or other settings made it. Errors: state_mismatch (damage,
// a date other than its name says), io_failed.
base::Result<LoadedState> load_state(io::Disk& disk, const io::Path& folder, Date as_of);

// The first day whose sales a night needs that continues from that state, known from its first
// bytes; nothing where there is none, or none that can be continued: load_state says why. Errors:
// io_failed.
base::Result<std::optional<Date>> sales_from_of_state(io::Disk& disk, const io::Path& folder,
                                                      Date as_of);

// The content of a state file: the state of `columns`.
std::string pack_state(const estate::Estate& estate, const Columns& columns,
                       const planner::Settings& settings, Date as_of, const planner::State& state);
// Writes it as folder/DATE.state.zst, in one step.
base::Result<> save_state(io::Disk& disk, const io::Path& folder, Date as_of,
                          std::string_view content);

// A digest of all events that a state of this origin has been folded with.
std::string digest_of_past_events(const estate::Estate& estate, std::int32_t origin);

}  // namespace nightly
