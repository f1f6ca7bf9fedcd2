#pragma once
// State carried from night to night: one file a date in a folder. Byte grammar in
// docs/formats/state.md.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "nightly/columns.h"

namespace nightly {

// A state as it lies on disk, with ids instead of numbers.
struct SavedState {
  Date as_of;
  std::vector<std::pair<std::string, std::string>> lines;  // site id, product id; sorted
  std::vector<std::string> pool_key;
  planner::State state;
};

// The newest state in `folder` before `as_of`; nothing if there is none or no folder. Errors:
// state_mismatch (another estate, other settings, an unknown version, or damage), io_failed.
base::Result<std::optional<SavedState>> load_state(io::Disk& disk, const io::Path& folder,
                                                   const std::string& estate_name,
                                                   const planner::Settings& settings, Date as_of);

// Writes the state of `columns` as folder/DATE.state.zst, in one step.
base::Result<> save_state(io::Disk& disk, const io::Path& folder, const estate::Estate& estate,
                          const Columns& columns, const planner::Settings& settings, Date as_of,
                          const planner::State& state);

// Lines of a saved state that the estate still knows, as (site, product).
std::vector<std::pair<std::uint32_t, std::uint32_t>> lines_of(const SavedState& saved,
                                                              const estate::Estate& estate);
// The saved state in the order of `columns`; lines and pools that it does not know start empty.
planner::State fitted(const SavedState& saved, const estate::Estate& estate,
                      const Columns& columns);

}  // namespace nightly
