#pragma once
// Rates of change against the previous run: which changes are more than business as usual.

#include <vector>

#include "nightly/guard_finding.h"

namespace nightly {

// A change counts from a ratio of `counted_from` on. Counted changes are suspicious each by itself
// from a ratio of `alone_from` on, and all together where more than `share_max` of all rows (and at
// least `together_min` rows) changed in one night. A value that appears or goes has no ratio: it
// counts, but is never suspicious alone.
struct Rates {
  double alone_from = 8;
  double counted_from = 1;
  double share_max = 0.02;
  std::size_t together_min = 5;
};
inline constexpr double never_alone = 1e300;

// The larger over the smaller; below 1 counts as 1, since limits of 0 units mean "none".
double ratio_of(std::int64_t was, std::int64_t is);

// Those of `changes` (was and is differ) that are suspicious among `rows` rows.
std::vector<Suspect> suspicious(const std::vector<Suspect>& changes, std::size_t rows,
                                const Rates& rates);

}  // namespace nightly
