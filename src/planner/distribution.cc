#include "planner/distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "planner/instruction_sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace planner {
namespace {

constexpr double tiny = 1e-12;

constexpr std::size_t lanes = 16;
using Lanes = std::array<double, lanes>;

// Steps of a loop between two looks at whether all lanes are through.
constexpr int stride = 8;

// 1 / n.
constexpr std::size_t terms_max = 2048;
constexpr std::array<double, terms_max + stride> inverse = [] {
  std::array<double, terms_max + stride> made{};
  for (std::size_t n = 1; n < made.size(); ++n) made[n] = 1.0 / static_cast<double>(n);
  return made;
}();

// Shapes up to which the kernel's power series stays within the range of doubles, for every x that
// passed_mass_log leaves; its terms are fewer than series_terms_max.
constexpr double series_shape_max = 32;
constexpr int series_terms_max = 256;
constexpr double series_precision = 1e-12;

// More than 1 - 1e-10 of the mass and of the first two moments of a gamma lie below x scales where
// ln 1e10 is less than s (r - 1 - ln r): the moments are masses of shapes up to s = shape + 2, of
// which at most e^-(s (r - 1 - ln r)) lies above x = r s (Chernoff), and
// ln r <= (r^2 + 4 r - 5) / (4 r + 2).
constexpr double passed_mass_log = 23.1;

// Where a bound needs no series of the kernel's, in place of its steps.
namespace no_series {
constexpr double nothing = -1, unbounded = -2, wide = -3;
}

// A gamma distribution of a larger shape is a normal one to a relative error of some 1e-7, and its
// series would need thousands of terms.
constexpr double gamma_shape_max = 1e6;

// Inner loops over `width` lanes at once; spans of doubles begin where the pointers point.
struct Kernels {
  std::size_t width;
  void (*start_terms)(const double* means, const double* variances, double* zeros, double* ratios,
                      double* slopes);
  void (*count_terms)(const double* zeros, const double* ratios, const double* slopes,
                      const double* levels, int terms, double* counts);
  void (*count_steps)(const double* means, const double* variances, const double* bounds,
                      std::size_t count, double* steps);
  void (*bound_gamma)(const double* means, const double* variances, const double* bounds,
                      double* kept_means, double* kept_variances, double* belows);
};

namespace plain {
constexpr std::size_t pack_bytes = 16;
#include "planner/distribution_kernel.inc"
}  // namespace plain

#ifdef PLANNER_HAS_WIDE_REGISTERS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t pack_bytes = 32;
#define PACK_AVX2
#include "planner/distribution_kernel.inc"
#undef PACK_AVX2
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
namespace avx512 {
constexpr std::size_t pack_bytes = 64;
#define PACK_AVX512
#include "planner/distribution_kernel.inc"
#undef PACK_AVX512
}  // namespace avx512
#pragma GCC pop_options
#endif

// For a lone question, which should not wait for idle lanes, and for many.
struct KernelsOfSet {
  const Kernels *lone, *many;
};

KernelsOfSet kernels_of_set([[maybe_unused]] Registers registers) {
#ifdef PLANNER_HAS_WIDE_REGISTERS
  if (registers == Registers::avx512)
    return {&avx2::kernels_of<1>, &avx512::kernels_of<lanes / avx512::width>};
  if (registers == Registers::avx2)
    return {&avx2::kernels_of<1>, &avx2::kernels_of<lanes / avx2::width>};
#endif
  return {&plain::kernels_of<1>, &plain::kernels_of<lanes / plain::width>};
}

// The narrowest for so many questions at once.
const Kernels& kernels_for(std::size_t count) {
  const KernelsOfSet kernels = kernels_of_set(registers_in_use);
  return count <= kernels.lone->width ? *kernels.lone : *kernels.many;
}

double exp_of(double x) { return plain::exp_of(x); }
double log_of(double x) { return plain::log_of(x); }

// Groups the questions `chosen` (indexes below questions_max) of similar length, so that lanes end
// together: work(group, count) gets up to `lanes` of them at a time.
constexpr std::size_t questions_max = 256;
constexpr std::size_t lengths_max = 128;

struct Chosen {
  std::array<std::uint16_t, questions_max> index;
  std::array<std::uint8_t, questions_max> length;  // some measure of the steps needed
  std::size_t count = 0;

  void add(std::size_t question, double steps) {
    index[count] = static_cast<std::uint16_t>(question);
    length[count] = static_cast<std::uint8_t>(std::min(steps, lengths_max - 1.0));
    ++count;
  }
  template <class Work>
  void in_groups(const Work& work) const {
    if (count <= lanes) {
      if (count > 0) work(index.data(), count);
      return;
    }
    std::array<std::uint16_t, lengths_max + 1> begin{};
    for (std::size_t i = 0; i < count; ++i) ++begin[length[i] + std::size_t{1}];
    for (std::size_t l = 1; l <= lengths_max; ++l)
      begin[l] = static_cast<std::uint16_t>(begin[l] + begin[l - 1]);
    std::array<std::uint16_t, questions_max> sorted;
    for (std::size_t i = 0; i < count; ++i) sorted[begin[length[i]]++] = index[i];
    for (std::size_t i = 0; i < count; i += lanes)
      work(sorted.data() + i, std::min(lanes, count - i));
  }
};

// P(X = 0) and the ratio of neighbouring probabilities of negative binomials (Panjer's recursion):
// P(n) = P(n - 1) (ratio + slope / n).
struct Recursions {
  Lanes zero, ratio, slope;

  Recursions(const Kernels& kernels, const Lanes& mean, const Lanes& variance) {
    kernels.start_terms(mean.data(), variance.data(), zero.data(), ratio.data(), slope.data());
  }
};

Recursions recursion(Moments demand) {
  Lanes mean, variance;
  mean.fill(demand.mean);
  variance.fill(demand.variance);
  return {kernels_for(1), mean, variance};
}

double deviation(Moments demand) { return std::sqrt(std::max(demand.variance, demand.mean)); }

constexpr std::int32_t terms_limit_min = 40;
std::int32_t terms_limit(double mean, double deviation) {
  return static_cast<std::int32_t>(mean + 40 * deviation + terms_limit_min);
}

// Terms past the table of inverses: spreads that no shop has.
std::int32_t quantile_of_wide(Moments demand, double level) {
  const Recursions terms = recursion(demand);
  const std::int32_t limit = terms_limit(demand.mean, deviation(demand));
  double probability = terms.zero[0], sum = probability;
  std::int32_t n = 0;
  while (sum < level && n < limit) {
    ++n;
    probability *= terms.ratio[0] + terms.slope[0] * (1.0 / n);
    sum += probability;
  }
  return n;
}

// What a count of at most terms_max terms comes to.
std::int32_t quantile_of_counted(Moments demand, double level, std::int32_t counted) {
  if (counted <= terms_limit_min) [[likely]]
    return counted;
  const std::int32_t limit = terms_limit(demand.mean, deviation(demand));
  return counted >= static_cast<std::int32_t>(terms_max) && limit > counted
             ? quantile_of_wide(demand, level)
             : std::min(counted, limit);
}

void count_terms(const Kernels& kernels, const Lanes& mean, const Lanes& variance,
                 const Lanes& level, Lanes& counted) {
  const Recursions terms(kernels, mean, variance);
  kernels.count_terms(terms.zero.data(), terms.ratio.data(), terms.slope.data(), level.data(),
                      static_cast<int>(terms_max), counted.data());
}

void quantiles_of_group(std::span<const QuantileAsk> asks, std::span<std::int32_t> units,
                        const std::uint16_t* group, std::size_t count) {
  const Kernels& kernels = kernels_for(count);
  Lanes mean, variance, level, counted;
  for (std::size_t lane = 0; lane < kernels.width; ++lane) {
    const QuantileAsk& ask = asks[group[std::min(lane, count - 1)]];
    mean[lane] = ask.demand.mean;
    variance[lane] = ask.demand.variance;
    level[lane] = ask.level;
  }
  count_terms(kernels, mean, variance, level, counted);
  for (std::size_t lane = 0; lane < count; ++lane) {
    const QuantileAsk& ask = asks[group[lane]];
    units[group[lane]] =
        quantile_of_counted(ask.demand, ask.level, static_cast<std::int32_t>(counted[lane]));
  }
}

std::int32_t quantile_of_large(Moments demand, double level) {
  const double variance = std::max(demand.variance, demand.mean);
  const double shape = demand.mean * demand.mean / variance;
  const double root = 1 - 1 / (9 * shape) + normal_quantile(level) / (3 * std::sqrt(shape));
  const double value = demand.mean * root * root * root;
  return static_cast<std::int32_t>(std::clamp(std::ceil(value - 0.5), 0.0, 2e9));
}

// min(N, bound) for a normal N, from the moments of min(Z, z), Z standard normal: nothing large
// cancels.
Bounded bounded_normal(Moments demand, double bound) {
  const double deviation = std::sqrt(demand.variance);
  const double z = (bound - demand.mean) / deviation;
  const double below = std::erfc(-z * std::numbers::sqrt2 / 2) / 2;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  const double mean = z * std::erfc(z * std::numbers::sqrt2 / 2) / 2 - density;
  const double second = below - z * density + z * (mean + density);
  return {{std::min(demand.mean + deviation * mean, bound),
           demand.variance * std::clamp(second - mean * mean, 0.0, 1.0)},
          below};
}

// P(shape, x), the regularised lower incomplete gamma function: series below shape + 1, Lentz's
// continued fraction above (Numerical Recipes in C, 6.2, for the method). `step` is
// x^shape e^-x / Gamma(shape + 1).
double gamma_cumulative(double shape, double x, double step) {
  constexpr double precision = 1e-12;
  constexpr int steps_max = 10'000;
  if (x < shape + 1) {
    double term = 1 / shape, sum = term;
    for (int i = 1; i < steps_max && term > sum * precision; ++i) {
      term *= x / (shape + i);
      sum += term;
    }
    return std::min(1.0, sum * shape * step);
  }
  double b = x + 1 - shape;
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < steps_max; ++i) {
    const double a = -i * (i - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= d * c;
    if (std::abs(d * c - 1) < precision) break;
  }
  return std::clamp(1 - fraction * shape * step, 0.0, 1.0);
}

// x^shape e^-x / Gamma(shape + 1) for shapes above 8, by Stirling's series.
double gamma_step(double shape, double x) {
  const double y = shape + 1;
  const double square = 1 / (y * y);
  const double series =
      (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680)))) / y;
  return exp_of(shape * log_of(x / y) - 0.5 * log_of(y) + (y - x) - 0.91893853320467274178 -
                series);
}

// Shapes beyond the kernel's.
Bounded bounded_wide(Moments demand, double bound) {
  const double mean = demand.mean, variance = demand.variance;
  const double shape = mean * mean / variance;
  const double x = bound * mean / variance;
  if (shape > gamma_shape_max) return bounded_normal(demand, bound);
  const double step = gamma_step(shape, x);
  const double f0 = gamma_cumulative(shape, x, step);
  const double f1 = f0 - step;
  const double f2 = f1 - step * x / (shape + 1);
  const double first = mean * f1 + bound * (1 - f0);
  const double second = (mean * mean + variance) * f2 + bound * bound * (1 - f0);
  return {{first, std::max(0.0, second - first * first)}, f0};
}

// Questions about bounded gammas, one entry each.
struct BoundColumns {
  std::array<double, questions_max> mean, variance, bound, steps;
};

void bounded_group(const BoundColumns& asks, std::span<Bounded> results, const std::uint16_t* group,
                   std::size_t count) {
  const Kernels& kernels = kernels_for(count);
  Lanes mean, variance, bound, below;
  for (std::size_t lane = 0; lane < kernels.width; ++lane) {
    const std::size_t ask = group[std::min(lane, count - 1)];
    mean[lane] = asks.mean[ask];
    variance[lane] = asks.variance[ask];
    bound[lane] = asks.bound[ask];
  }
  Lanes kept_mean, kept_variance;
  kernels.bound_gamma(mean.data(), variance.data(), bound.data(), kept_mean.data(),
                      kept_variance.data(), below.data());
  for (std::size_t lane = 0; lane < count; ++lane)
    results[group[lane]] = {{kept_mean[lane], kept_variance[lane]}, below[lane]};
}

// What needs no series of the kernel's.
Bounded bounded_without_series(const BoundedAsk& ask, double why) {
  if (why == no_series::nothing) return {{0, 0}, 0};
  if (why == no_series::unbounded) return {ask.demand, 1};
  const auto [mean, variance] = ask.demand;
  return bounded_wide({mean, std::max(variance, tiny * mean)}, ask.bound);
}

}  // namespace

void quantiles(std::span<const QuantileAsk> asks, std::span<std::int32_t> units) {
  while (asks.size() > questions_max) {
    quantiles(asks.first(questions_max), units.first(questions_max));
    asks = asks.subspan(questions_max);
    units = units.subspan(questions_max);
  }
  Chosen chosen;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const auto& [demand, level] = asks[i];
    if (demand.mean <= tiny)
      units[i] = 0;
    else if (demand.mean > quantile_mean_exact_max)
      units[i] = quantile_of_large(demand, level);
    else
      chosen.add(i, (demand.mean + 2 * deviation(demand)) / 4);
  }
  chosen.in_groups([&](const std::uint16_t* group, std::size_t count) {
    quantiles_of_group(asks, units, group, count);
  });
}

void quantiles(const QuantileColumns& asks, std::span<std::int32_t> units) {
  for (std::size_t first = 0; first < units.size(); first += lanes) {
    const std::size_t count = std::min(lanes, units.size() - first);
    Lanes mean, variance, level, counted;
    bool all_counted = true;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t i = first + std::min(lane, count - 1);
      // What needs no terms is answered apart.
      const bool is_exact = (asks.mean[i] > tiny) & (asks.mean[i] <= quantile_mean_exact_max);
      mean[lane] = is_exact ? asks.mean[i] : 1;
      variance[lane] = is_exact ? asks.variance[i] : 1;
      level[lane] = asks.level[i];
      all_counted &= is_exact;
    }
    count_terms(kernels_for(lanes), mean, variance, level, counted);
    for (const double terms : counted) all_counted &= terms <= terms_limit_min;
    if (all_counted) [[likely]] {
      for (std::size_t lane = 0; lane < count; ++lane)
        units[first + lane] = static_cast<std::int32_t>(counted[lane]);
      continue;
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::size_t i = first + lane;
      const Moments demand{asks.mean[i], asks.variance[i]};
      if (demand.mean <= tiny)
        units[i] = 0;
      else if (demand.mean > quantile_mean_exact_max)
        units[i] = quantile_of_large(demand, asks.level[i]);
      else
        units[i] =
            quantile_of_counted(demand, asks.level[i], static_cast<std::int32_t>(counted[lane]));
    }
  }
}

std::int32_t quantile(Moments demand, double level) {
  const QuantileAsk ask{demand, level};
  std::int32_t units = 0;
  quantiles({&ask, 1}, {&units, 1});
  return units;
}

double cumulative(Moments demand, std::int32_t units) {
  if (units < 0) return 0;
  if (demand.mean <= tiny) return 1;
  const Recursions terms = recursion(demand);
  double probability = terms.zero[0], sum = probability;
  for (std::int32_t n = 1; n <= units; ++n) {
    probability *= terms.ratio[0] + terms.slope[0] * (1.0 / n);
    sum += probability;
  }
  return std::min(sum, 1.0);
}

double expected_sold(Moments demand, std::int64_t stock_units, std::int64_t units) {
  constexpr double negligible = 1e-10;
  if (demand.mean <= tiny) return 0;
  if (demand.mean > quantile_mean_exact_max) {
    const Moments wide{demand.mean, std::max(demand.variance, demand.mean)};
    return std::max(0.0, bounded(wide, static_cast<double>(stock_units + units)).moments.mean -
                             bounded(wide, static_cast<double>(stock_units)).moments.mean);
  }
  const Recursions terms = recursion(demand);
  double probability = terms.zero[0];
  double more = 1 - probability;  // P(X > n)
  double sold = 0;
  for (std::int64_t n = 0; n < stock_units + units && more > negligible;) {
    if (n >= stock_units) sold += more;
    ++n;
    probability *= terms.ratio[0] + terms.slope[0] / static_cast<double>(n);
    more -= probability;
  }
  return sold;
}

void bounded(std::span<const BoundedAsk> asks, std::span<Bounded> results) {
  while (asks.size() > questions_max) {
    bounded(asks.first(questions_max), results.first(questions_max));
    asks = asks.subspan(questions_max);
    results = results.subspan(questions_max);
  }
  if (asks.empty()) return;
  BoundColumns columns;
  const auto set = [&columns](std::size_t i, const BoundedAsk& ask) {
    columns.mean[i] = ask.demand.mean;
    columns.variance[i] = ask.demand.variance;
    columns.bound[i] = ask.bound;
  };
  for (std::size_t i = 0; i < asks.size(); ++i) set(i, asks[i]);
  const Kernels& kernels = kernels_for(asks.size());
  const std::size_t padded = (asks.size() + kernels.width - 1) / kernels.width * kernels.width;
  for (std::size_t i = asks.size(); i < padded; ++i) set(i, {});
  kernels.count_steps(columns.mean.data(), columns.variance.data(), columns.bound.data(), padded,
                      columns.steps.data());
  Chosen chosen;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const double steps = columns.steps[i];
    if (steps > 0) [[likely]]
      chosen.add(i, steps / 2);
    else
      results[i] = bounded_without_series(asks[i], steps);
  }
  chosen.in_groups([&](const std::uint16_t* group, std::size_t count) {
    bounded_group(columns, results, group, count);
  });
}

Bounded bounded(Moments demand, double bound) {
  const BoundedAsk ask{demand, bound};
  Bounded result;
  bounded({&ask, 1}, {&result, 1});
  return result;
}

double normal_quantile(double level) {
  constexpr std::array a{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                         1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array b{-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                         6.680131188771972e+01, -1.328068155288572e+01};
  constexpr std::array c{-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                         -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array d{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                         3.754408661907416e+00};
  if (level < 0.02425 || level > 1 - 0.02425) {
    const bool lower = level < 0.5;
    const double q = std::sqrt(-2 * log_of(lower ? level : 1 - level));
    const double value = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
                         ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    return lower ? value : -value;
  }
  const double q = level - 0.5;
  const double r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

}  // namespace planner
