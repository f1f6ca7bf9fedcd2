#include "planner/summed_demand.h"

#include <algorithm>

namespace planner {

Moments summed_over(const SummedDemand& demand, std::int32_t begin, std::int32_t end,
                    CommonError error, double level_variance) {
  const auto looked_at = static_cast<std::int32_t>(demand.periods.size());
  Moments result;
  double squares = 0;
  const auto add = [&](std::int32_t first, std::int32_t last, double times) {
    for (std::int32_t i = first; i < last; ++i) {
      const Moments& one = demand.periods[static_cast<std::size_t>(i)];
      result.mean += times * one.mean;
      result.variance += times * one.variance;
      squares += times * one.mean * one.mean;
    }
  };
  add(begin, std::min(end, looked_at), 1);
  const std::int32_t beyond = end - std::max(begin, looked_at);
  if (beyond > 0) add(0, looked_at, static_cast<double>(beyond) / looked_at);
  const double square = result.mean * result.mean;
  result.variance += level_variance * demand.concentration * std::max(0.0, square - squares) +
                     error.lasting * error.lasting * square +
                     error.passing * error.passing * squares;
  return result;
}

}  // namespace planner
