#include "planner/demand.h"

#include <algorithm>
#include <cmath>

#include "base/result.h"

namespace planner {
namespace {

struct Mean {
  double sum = 0;
  double count = 0;
  double value() const { return count > 0 ? sum / count : 0; }
};

}  // namespace

std::vector<float> prior_levels(const State& state, const Pools& pools, const Kin& kin,
                                const Fold& fold) {
  const std::size_t count = state.current.size();
  CHECK(kin.product.size() == count && kin.like_line.size() == count);
  std::vector<Mean> of_product, of_pool(pools.size());
  std::vector<double> own(count);
  for (std::size_t i = 0; i < count; ++i) {
    own[i] = fold.level(state.current[i], 0);
    if (kin.product[i] >= of_product.size()) of_product.resize(kin.product[i] + std::size_t{1});
    if (state.current[i].known_count == 0) continue;
    for (Mean* mean : {&of_product[kin.product[i]], &of_pool[pools.leaf[i]]}) {
      mean->sum += own[i];
      mean->count += 1;
    }
  }
  std::vector<float> prior(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t like = kin.like_line[i];
    const bool liked = like != no_index && state.current[like].known_count > 0;
    const Mean& product = of_product[kin.product[i]];
    prior[i] = static_cast<float>(liked               ? own[like]
                                  : product.count > 0 ? product.value()
                                                      : of_pool[pools.leaf[i]].value());
  }
  return prior;
}

Demand::Demand(const State& state, const Pools& pools, const Profiles& profiles, const Fold& fold,
               std::span<const float> prior)
    : state_(state), pools_(pools), profiles_(profiles), fold_(fold), prior_(prior) {
  CHECK(prior.size() == state.current.size());
  std::vector<double> sold(pools.size(), 0.0), expected(pools.size(), 0.0);
  for (std::size_t i = 0; i < state.current.size(); ++i) {
    sold[pools.leaf[i]] += static_cast<double>(state.current[i].promotion_units);
    expected[pools.leaf[i]] += static_cast<double>(state.current[i].promotion_expected);
  }
  for (std::size_t pool = pools.size(); pool-- > 1;) {
    sold[pools.pools[pool].parent] += sold[pool];
    expected[pools.pools[pool].parent] += expected[pool];
  }
  pool_uplift_.resize(pools.size());
  const double weight = settings().promotion_pool_units;
  for (std::size_t pool = 0; pool < pools.size(); ++pool) {
    const std::uint32_t parent = pools.pools[pool].parent;
    const double above = parent == no_index ? 1 : pool_uplift_[parent];
    pool_uplift_[pool] = (sold[pool] + weight * above) / (expected[pool] + weight);
  }
}

Demand::Line Demand::line(std::size_t index, std::span<const Promotion> promotions,
                          std::span<const std::int32_t> closed) const {
  Line line;
  line.demand_ = this;
  line.state_ = &state_.current[index];
  line.promotions_ = promotions;
  line.closed_ = closed;
  line.pool_ = pools_.leaf[index];
  line.level_ = fold_.level(*line.state_, static_cast<double>(prior_[index]));
  line.ratio_ = fold_.dispersion_ratio(*line.state_);
  return line;
}

std::int32_t Demand::covered(std::int32_t period) const {
  const std::int32_t last = profiles_.first_period + profiles_.period_count - 1;
  if (period <= last) return period;
  const std::int32_t step = settings().period == Period::day ? weekdays : 1;
  return period - (period - last + step - 1) / step * step;
}

double Demand::Line::factor(std::int32_t period) const {
  const std::size_t at = demand_->profiles_.at(pool_, demand_->covered(period));
  const Settings& settings = demand_->settings();
  int weekday = 0;
  if (settings.period == Period::day) weekday = ((period + 3) % weekdays + weekdays) % weekdays;
  double factor = demand_->fold_.weekday_factor(*state_, demand_->profiles_.weekday[at], weekday) *
                  static_cast<double>(demand_->profiles_.common[at]);
  for (const Promotion& promotion : promotions_) {
    if (period < promotion.from_period || period > promotion.to_period) continue;
    const double announced =
        promotion.uplift > 0 ? static_cast<double>(promotion.uplift) : demand_->pool_uplift_[pool_];
    const double weight = settings.promotion_units * settings.promotion_rate;
    factor *= (static_cast<double>(state_->promotion_units) + weight * announced) /
              (static_cast<double>(state_->promotion_expected) + weight);
    break;
  }
  return factor;
}

Moments Demand::Line::in(std::int32_t period) const {
  if (std::binary_search(closed_.begin(), closed_.end(), period)) return {};
  const double mean = level_ * factor(period);
  return {mean, demand_->fold_.variance(mean, ratio_, period - demand_->origin())};
}

Moments Demand::Line::over(std::int32_t from, std::int32_t to) const {
  Moments sum;
  double squares = 0;
  for (std::int32_t period = from; period < to; ++period) {
    const Moments one = in(period);
    sum.mean += one.mean;
    sum.variance += one.variance;
    squares += one.mean * one.mean;
  }
  sum.variance += demand_->settings().level_variance * (sum.mean * sum.mean - squares);
  return sum;
}

}  // namespace planner
