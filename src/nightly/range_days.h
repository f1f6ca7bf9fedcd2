#pragma once
// On which days a line is in range: its range rows and the life of its site, put together.

#include <optional>
#include <vector>

#include "nightly/columns.h"

namespace nightly {

class Routes;

// The row of range.csv that counts for a line on a day: of those valid then, the one that began
// last; estate::none without one. No search, no allocation.
std::uint32_t range_row_on(const estate::Estate& estate, const Columns& columns, std::size_t line,
                           Date day);

// Days without a break on which a line may be ordered for, both included.
struct Stay {
  Date from, to;
};

// The first stay of a line that does not end before `day`, from `day` on: its range rows let it be
// ordered (neither blocked nor running down), and its site is open for good. Without range.csv only
// the site counts.
std::optional<Stay> stay_from(const estate::Estate& estate, const Columns& columns,
                              std::size_t line, Date day);

// One entry per line: 1 where it is in range tomorrow, or on the day that tonight's goods are on
// the shelf, so that what begins or opens until then is ordered ahead.
std::vector<std::uint8_t> in_range_of(const estate::Estate& estate, const Columns& columns,
                                      const Routes& routes, Date as_of, int threads);

}  // namespace nightly
