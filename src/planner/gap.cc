#include "planner/gap.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace planner {

std::int32_t gap_quantile(std::int32_t sold, std::int32_t known, double level) {
  const double share = (sold + 0.5) / (known + 1.0);
  const double periods = std::ceil(std::log1p(-level) / std::log1p(-share));
  return static_cast<std::int32_t>(
      std::clamp(periods, 1.0, double{std::numeric_limits<std::int32_t>::max()}));
}

}  // namespace planner
