#pragma once
// Whether a saved state still fits the estate, which sales it needs, and how it becomes the
// night's.

#include "nightly/state_file.h"

namespace nightly {

// Empty where the state was folded from what the estate still says of older days; else what has
// changed, as the end of "state rebuilt because". Sales, stock and lines that are new are no
// change. Error: state_mismatch where the state is another estate's.
base::Result<std::string> changed_past(const SavedState& saved, const estate::Estate& estate);

// The first day whose sales a run needs that continues from `saved`: earlier sales are in the
// state, unless stock records are older still or the estate's lines are known by their sales alone.
Date sales_needed_from(const SavedState& saved, const estate::Estate& estate);

// Lines of a saved state that the estate still knows, as (site, product), sorted.
std::vector<std::pair<std::uint32_t, std::uint32_t>> lines_of(const SavedState& saved,
                                                              const estate::Estate& estate);
// The saved state in the order of `columns`; lines and pools that it does not know start empty.
planner::State fitted(SavedState saved, const estate::Estate& estate, const Columns& columns);

}  // namespace nightly
