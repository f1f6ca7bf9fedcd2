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

}  // namespace

Priors::Priors(const State& state, const Pools& pools, const Kin& kin, const Fold& fold,
               int threads)
    : state_(state), pools_(pools), fold_(fold), kin_(kin) {
  const std::size_t count = state.current.size();
  CHECK(kin.product.size() == count && kin.like_line.size() == count);
  std::size_t products = 0;
  for (const std::uint32_t product : kin.product)
    products = std::max(products, product + std::size_t{1});
  // Groups: levels by product, levels by leaf, promotions by leaf.
  const std::size_t leaves = products, promotions = products + pools.size();
  Sums sums =
      sum_lines(count, products + 2 * pools.size(), threads, [&](std::size_t line, Sums& part) {
        const LineState& s = state.current[line];
        const std::uint32_t leaf = pools.leaf[line];
        part.add(promotions + leaf, static_cast<double>(s.promotion_units),
                 static_cast<double>(s.promotion_expected));
        if (s.known_count == 0) return;
        const double level = fold.level(s, 0);
        part.add(kin.product[line], level, 1);
        part.add(leaves + leaf, level, 1);
      });
  for (std::size_t pool = pools.size(); pool-- > 1;)
    sums.add(promotions + pools.pools[pool].parent, sums.above[promotions + pool],
             sums.below[promotions + pool]);
  const auto mean = [&](std::size_t group, float otherwise) {
    return sums.below[group] > 0 ? static_cast<float>(sums.above[group] / sums.below[group])
                                 : otherwise;
  };
  for (std::size_t product = 0; product < products; ++product)
    of_product_.push_back(mean(product, unknown));
  for (std::size_t pool = 0; pool < pools.size(); ++pool)
    of_pool_.push_back(mean(leaves + pool, 0));
  for (std::size_t pool = 0; pool < pools.size(); ++pool)
    promotions_.push_back({sums.above[promotions + pool], sums.below[promotions + pool]});
}

Demand::Demand(const State& state, const Pools& pools, const Profiles& profiles, const Fold& fold,
               const Priors& priors)
    : state_(state), pools_(pools), profiles_(profiles), fold_(fold), priors_(priors) {
  factors_.reserve(profiles.weekday.size());
  for (std::size_t at = 0; at < profiles.weekday.size(); ++at)
    factors_.push_back({profiles.weekday[at], profiles.common[at]});
  pool_uplift_.resize(pools.size());
  // What a line has learned is discounted, so that a unit seen counts as promotion_rate at first.
  const double weight = settings().promotion_pool_units * settings().promotion_rate;
  for (std::size_t pool = 0; pool < pools.size(); ++pool) {
    const std::uint32_t parent = pools.pools[pool].parent;
    const double above = parent == no_index ? 1 : pool_uplift_[parent];
    const Priors::Promotions seen = priors.promotions_of(static_cast<std::uint32_t>(pool));
    pool_uplift_[pool] = (seen.units + weight * above) / (seen.expected + weight);
  }
}

std::int32_t Demand::covered(std::int32_t period) const {
  const std::int32_t last = profiles_.first_period + profiles_.period_count - 1;
  if (period <= last) return period;
  const std::int32_t step = settings().period == Period::day ? weekdays : 1;
  return period - (period - last + step - 1) / step * step;
}

DemandTerms Demand::terms(std::int32_t from, std::span<PeriodTerms> periods) const {
  for (std::size_t k = 0; k < periods.size(); ++k) {
    const std::int32_t period = from + static_cast<std::int32_t>(k);
    periods[k] = {covered(period) - profiles_.first_period, fold_.grown(period - origin())};
  }
  const std::span counted = fold_.counted();
  return {.settings = &settings(),
          .counted = counted.data(),
          .counted_last = static_cast<std::int32_t>(counted.size()) - 1,
          .states = state_.current.data(),
          .factors = factors_.data(),
          .first_weekday = weekday_of(from),
          .periods = periods};
}

bool Demand::Line::is_closed(std::int32_t period) const {
  return std::binary_search(closed_.begin(), closed_.end(), period);
}

// What the promotion of a period makes of demand; 1 without one.
double Demand::Line::uplift(std::int32_t period) const {
  for (const Promotion& promotion : promotions_)
    if (promotion.from_period <= period && period <= promotion.to_period)
      return uplift_of(promotion);
  return 1;
}

void Demand::Line::fill_times(std::int32_t from, std::size_t periods, std::size_t stride,
                              double* times) const {
  const std::int32_t end = from + static_cast<std::int32_t>(periods);
  const auto fill = [&](std::int32_t first, std::int32_t last, double by) {
    for (std::int32_t t = std::max(first, from); t <= std::min(last, end - 1); ++t)
      times[static_cast<std::size_t>(t - from) * stride] = by;
  };
  // Of promotions that overlap the first counts.
  for (auto promotion = promotions_.rbegin(); promotion != promotions_.rend(); ++promotion)
    fill(promotion->from_period, promotion->to_period, uplift_of(*promotion));
  for (const std::int32_t closed : closed_) fill(closed, closed, 0);
}

double Demand::Line::uplift_of(const Promotion& promotion) const {
  const Settings& settings = demand_->settings();
  const double announced =
      promotion.uplift > 0 ? static_cast<double>(promotion.uplift) : demand_->pool_uplift_[pool()];
  const double weight = settings.promotion_units * settings.promotion_rate;
  return (static_cast<double>(state().promotion_units) + weight * announced) /
         (static_cast<double>(state().promotion_expected) + weight);
}

Demand::Line::Factors Demand::Line::factors(std::int32_t period) const {
  const Profiles& profiles = demand_->profiles_;
  const std::size_t at = profiles.at(pool(), demand_->covered(period));
  return {demand_->fold_.weekday_blend(state()).factor(state(), demand_->weekday_of(period),
                                                       profiles.weekday[at]),
          static_cast<double>(profiles.common[at]), uplift(period)};
}

template <class Take>
void Demand::Line::walk(std::int32_t from, std::int32_t to, Take take) const {
  const Profiles& profiles = demand_->profiles_;
  const Fold& fold = demand_->fold_;
  const std::size_t first = profiles.at(pool(), profiles.first_period);
  const float* const weekday_factor = profiles.weekday.data() + first;
  const float* const common_factor = profiles.common.data() + first;
  const Fold::WeekdayBlend blend = fold.weekday_blend(state());
  const double units = level(), ratio = fold.dispersion_ratio(state());
  const bool is_daily = demand_->settings().period == Period::day;
  int weekday = demand_->weekday_of(from);
  for (std::int32_t period = from; period < to; ++period) {
    const std::int32_t at = demand_->covered(period) - profiles.first_period;
    double mean = units * (blend.factor(state(), weekday, weekday_factor[at]) *
                           static_cast<double>(common_factor[at]));
    if (!is_plain()) mean = is_closed(period) ? 0 : mean * uplift(period);
    take(mean, fold.variance(mean, ratio, period - demand_->origin()));
    if (is_daily && ++weekday == weekdays) weekday = 0;
  }
}

Moments Demand::Line::in(std::int32_t period) const {
  Moments one;
  walk(period, period + 1, [&](double mean, double variance) { one = {mean, variance}; });
  return one;
}

Moments Demand::Line::over(std::int32_t from, std::int32_t to) const {
  Moments sum;
  double squares = 0;
  walk(from, to, [&](double mean, double variance) {
    sum.mean += mean;
    sum.variance += variance;
    squares += mean * mean;
  });
  sum.variance += demand_->settings().level_variance * (sum.mean * sum.mean - squares);
  return sum;
}

}  // namespace planner
