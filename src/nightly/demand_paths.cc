#include "nightly/demand_paths.h"

#include <algorithm>
#include <cmath>

#include "base/prng.h"
#include "nightly/depot_demand.h"

namespace nightly {
namespace {

constexpr double units_max = 1e9;

// What a draw is for.
enum class Draw : std::uint64_t { level, lasting, passing, demand };

base::Prng prng_for(std::uint64_t seed, Draw what, std::uint64_t a, std::uint64_t b = 0) {
  const std::uint64_t named = base::mix(seed + static_cast<std::uint64_t>(what));
  return base::Prng(base::mix(base::mix(named ^ a) + b));
}

// Mean 1 and the given variance.
double factor(base::Prng prng, double variance) {
  return variance > 0 ? prng.gamma(1 / variance) : 1;
}

}  // namespace

SampledDemand::SampledDemand(const Columns& columns, const planner::Settings& settings,
                             std::uint64_t seed, std::uint32_t path, PeriodSpan common)
    : columns_(columns),
      level_variance_(settings.level_variance),
      seed_(base::mix(base::mix(seed) + path)),
      common_(common) {
  of_line_.reserve(columns.size());
  std::uint32_t products = 0;
  for (std::size_t line = 0; line < columns.size(); ++line) {
    const std::uint64_t site = columns.site[line], product = columns.product[line];
    of_line_.push_back(static_cast<float>(
        factor(prng_for(seed_, Draw::level, site << 32 | product), level_variance_)));
    products = std::max(products, columns.product[line] + 1);
  }
  const auto [lasting, passing] =
      columns.kind == planner::Period::day ? common_error_daily : common_error_weekly;
  const auto width = static_cast<std::size_t>(common_.count());
  of_period_.reserve(products * width);
  for (std::uint32_t product = 0; product < products; ++product) {
    const double whole = factor(prng_for(seed_, Draw::lasting, product), lasting * lasting);
    for (std::int32_t period = common_.first; period <= common_.last; ++period)
      of_period_.push_back(static_cast<float>(
          whole *
          factor(prng_for(seed_, Draw::passing, product, static_cast<std::uint64_t>(period)),
                 passing * passing)));
  }
}

std::int32_t SampledDemand::units(std::size_t line, std::int32_t period,
                                  planner::Moments expected) const {
  if (expected.mean <= 0) return 0;
  const std::uint64_t site = columns_.site[line], product = columns_.product[line];
  double mean = expected.mean * of_line_[line];
  if (common_.holds(period))
    mean *= of_period_[product * static_cast<std::size_t>(common_.count()) +
                       static_cast<std::size_t>(period - common_.first)];
  base::Prng prng =
      prng_for(seed_, Draw::demand, site << 32 | product, static_cast<std::uint64_t>(period));
  // The gamma behind the counts has what is left of the variance.
  const double square = expected.mean * expected.mean;
  const double excess = expected.variance - expected.mean - level_variance_ * square;
  if (excess > 1e-6 * expected.mean) mean *= prng.gamma(square / excess);
  return static_cast<std::int32_t>(
      std::min<std::int64_t>(prng.poisson(std::min(mean, units_max)), std::int64_t{1'000'000'000}));
}

KnownDemand::KnownDemand(const Columns& columns, std::span<const TrueDemand> rows, PeriodSpan span)
    : span_(span), units_(columns.size() * static_cast<std::size_t>(span.count()), 0) {
  for (const TrueDemand& row : rows) {
    const std::int32_t period = period_of(columns.kind, row.date);
    const std::uint32_t line = columns.find(row.site, row.product);
    if (line != estate::none && span.holds(period))
      units_[line * static_cast<std::size_t>(span.count()) +
             static_cast<std::size_t>(period - span.first)] += row.units;
  }
}

std::int32_t KnownDemand::units(std::size_t line, std::int32_t period,
                                planner::Moments expected) const {
  if (!span_.holds(period))
    return static_cast<std::int32_t>(std::min(std::nearbyint(expected.mean), units_max));
  return units_[line * static_cast<std::size_t>(span_.count()) +
                static_cast<std::size_t>(period - span_.first)];
}

}  // namespace nightly
