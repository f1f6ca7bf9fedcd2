#pragma once
// Gaps between sales: how long a line may go without one by chance.

#include <cstdint>

namespace planner {

// The smallest number of periods g with P(no sale in g periods) <= 1 - level, for a line that sold
// in `sold` of `known` periods, each by itself: (1 - p)^g, p = (sold + 1/2) / (known + 1), so that
// a line that sold in all of them still gets a gap above 0. Requires 0 <= sold <= known and
// 0 < level < 1.
std::int32_t gap_quantile(std::int32_t sold, std::int32_t known, double level);

}  // namespace planner
