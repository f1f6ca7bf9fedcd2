#include "planner/demand.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/result.h"

namespace planner {
namespace {

// Lines whose sums are taken together. Ranges depend on nothing but the number of lines, and their
// sums are added in order, so that any number of threads gives the same bytes.
constexpr std::size_t lines_per_range_min = 65'536;
constexpr std::size_t ranges_max = 64;

// Pairs of sums, one pair per group of lines.
struct Sums {
  std::vector<double> above, below;

  explicit Sums(std::size_t groups) : above(groups), below(groups) {}
  void add(std::size_t group, double over, double under) {
    above[group] += over;
    below[group] += under;
  }
};

// Sums over all lines: add(line, sums) puts a line where it belongs.
template <class Add>
Sums sum_lines(std::size_t lines, std::size_t groups, int threads, const Add& add) {
  const std::size_t grain = std::max(lines_per_range_min, (lines + ranges_max - 1) / ranges_max);
  std::vector<Sums> parts((lines + grain - 1) / grain, Sums(groups));
  base::for_ranges(threads, lines, grain,
                   [&](std::size_t begin, std::size_t end, std::size_t range) {
                     for (std::size_t line = begin; line < end; ++line) add(line, parts[range]);
                   });
  Sums total(groups);
  for (const Sums& part : parts)
    for (std::size_t group = 0; group < groups; ++group)
      total.add(group, part.above[group], part.below[group]);
  return total;
}

// Units sold on promotion and what would have sold without, per pool with all below it.
Sums promotion_sums(const State& state, const Pools& pools, int threads) {
  Sums sums =
      sum_lines(state.current.size(), pools.size(), threads, [&](std::size_t line, Sums& part) {
        const LineState& s = state.current[line];
        part.add(pools.leaf[line], static_cast<double>(s.promotion_units),
                 static_cast<double>(s.promotion_expected));
      });
  for (std::size_t pool = pools.size(); pool-- > 1;)
    sums.add(pools.pools[pool].parent, sums.above[pool], sums.below[pool]);
  return sums;
}

}  // namespace

Priors::Priors(const State& state, const Pools& pools, const Kin& kin, const Fold& fold,
               int threads)
    : state_(state), pools_(pools), fold_(fold), kin_(kin) {
  const std::size_t count = state.current.size();
  CHECK(kin.product.size() == count && kin.like_line.size() == count);
  std::size_t products = 0;
  for (const std::uint32_t product : kin.product)
    products = std::max(products, product + std::size_t{1});
  const Sums sums =
      sum_lines(count, products + pools.size(), threads, [&](std::size_t line, Sums& part) {
        if (state.current[line].known_count == 0) return;
        const double level = fold.level(state.current[line], 0);
        part.add(kin.product[line], level, 1);
        part.add(products + pools.leaf[line], level, 1);
      });
  const auto mean = [&](std::size_t group, float otherwise) {
    return sums.below[group] > 0 ? static_cast<float>(sums.above[group] / sums.below[group])
                                 : otherwise;
  };
  for (std::size_t product = 0; product < products; ++product)
    of_product_.push_back(mean(product, unknown));
  for (std::size_t pool = 0; pool < pools.size(); ++pool)
    of_pool_.push_back(mean(products + pool, 0));
}

float Priors::of(std::size_t line) const {
  const std::uint32_t like = kin_.like_line[line];
  if (like != no_index && state_.current[like].known_count > 0)
    return static_cast<float>(fold_.level(state_.current[like], 0));
  const float of_product = of_product_[kin_.product[line]];
  return of_product != unknown ? of_product : of_pool_[pools_.leaf[line]];
}

Demand::Demand(const State& state, const Pools& pools, const Profiles& profiles, const Fold& fold,
               const Priors& priors, int threads)
    : state_(state), pools_(pools), profiles_(profiles), fold_(fold), priors_(priors) {
  const Sums sums = promotion_sums(state, pools, threads);
  pool_uplift_.resize(pools.size());
  // What a line has learned is discounted, so that a unit seen counts as promotion_rate at first.
  const double weight = settings().promotion_pool_units * settings().promotion_rate;
  for (std::size_t pool = 0; pool < pools.size(); ++pool) {
    const std::uint32_t parent = pools.pools[pool].parent;
    const double above = parent == no_index ? 1 : pool_uplift_[parent];
    pool_uplift_[pool] = (sums.above[pool] + weight * above) / (sums.below[pool] + weight);
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
  line.level_ = fold_.level(*line.state_, static_cast<double>(priors_.of(index)));
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

void Demand::Line::each(std::int32_t from, std::span<Moments> demand) const {
  for (Moments& one : demand) one = in(from++);
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
