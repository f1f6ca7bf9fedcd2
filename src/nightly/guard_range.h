#pragma once
// Guards over range.csv: lines that vanish by the thousand, and quantities that explode.

#include <vector>

#include "nightly/guard_finding.h"

namespace nightly {

// Range rows that would not make sense, against `before`, the rows that the last night believed (in
// this estate's indexes, sorted as Estate::range is), and against their peers. `before` may be
// null: then against peers, and against what sold lately.
std::vector<Cause> check_range(const estate::Estate& estate,
                               const std::vector<estate::RangeRow>* before, Date as_of,
                               int threads = 1);

}  // namespace nightly
