#include "planner/distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace planner {
namespace {

constexpr double tiny = 1e-12;

// ln Gamma(x) for x > 0: Stirling's series above 8, the recurrence below. Absolute error under
// 1e-12.
double log_gamma(double x) {
  double product = 1;
  while (x < 8) product *= x++;
  const double inverse = 1 / (x * x);
  const double series =
      (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680)))) / x;
  return (x - 0.5) * std::log(x) - x + 0.91893853320467274178 + series - std::log(product);
}

// x^shape e^-x / Gamma(shape + 1): what F_shape loses when the shape grows by one.
double gamma_step(double shape, double x) {
  return x <= 0 ? 0 : std::exp(shape * std::log(x) - x - log_gamma(shape + 1));
}

// P(X = 0) and the ratio of neighbouring probabilities of a negative binomial (Panjer's recursion):
// P(n) = P(n - 1) (ratio + slope / n).
struct Recursion {
  double zero;
  double ratio;
  double slope;
};

Recursion recursion(Moments demand) {
  const double excess = demand.variance - demand.mean;
  if (excess <= demand.mean * 1e-6) return {std::exp(-demand.mean), 0, demand.mean};
  const double size = demand.mean * demand.mean / excess;
  const double ratio = excess / demand.variance;
  return {std::exp(-size * std::log(demand.variance / demand.mean)), ratio, (size - 1) * ratio};
}

// A gamma distribution of a larger shape is a normal one to a relative error of some 1e-7, and its
// series would need thousands of terms.
constexpr double gamma_shape_max = 1e6;

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

std::int32_t quantile_of_large(Moments demand, double level) {
  const double variance = std::max(demand.variance, demand.mean);
  const double shape = demand.mean * demand.mean / variance;
  const double root = 1 - 1 / (9 * shape) + normal_quantile(level) / (3 * std::sqrt(shape));
  const double value = demand.mean * root * root * root;
  return static_cast<std::int32_t>(std::clamp(std::ceil(value - 0.5), 0.0, 2e9));
}

}  // namespace

std::int32_t quantile(Moments demand, double level) {
  if (demand.mean <= tiny) return 0;
  if (demand.mean > quantile_mean_exact_max) return quantile_of_large(demand, level);
  const Recursion terms = recursion(demand);
  double probability = terms.zero;
  double sum = probability;
  std::int32_t n = 0;
  const auto n_max = static_cast<std::int32_t>(
      demand.mean + 40 * std::sqrt(std::max(demand.variance, demand.mean)) + 40);
  while (sum < level && n < n_max) {
    ++n;
    probability *= terms.ratio + terms.slope / n;
    sum += probability;
  }
  return n;
}

double cumulative(Moments demand, std::int32_t units) {
  if (units < 0) return 0;
  if (demand.mean <= tiny) return 1;
  const Recursion terms = recursion(demand);
  double probability = terms.zero;
  double sum = probability;
  for (std::int32_t n = 1; n <= units; ++n) {
    probability *= terms.ratio + terms.slope / n;
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
  const Recursion terms = recursion(demand);
  double probability = terms.zero;
  double more = 1 - probability;  // P(X > n)
  double sold = 0;
  for (std::int64_t n = 0; n < stock_units + units && more > negligible;) {
    if (n >= stock_units) sold += more;
    ++n;
    probability *= terms.ratio + terms.slope / static_cast<double>(n);
    more -= probability;
  }
  return sold;
}

Bounded bounded(Moments demand, double bound) {
  if (bound <= 0) return {{0, 0}, 0};
  if (demand.mean <= tiny) return {demand, 1};
  const double mean = demand.mean;
  const double variance = std::max(demand.variance, tiny * mean);
  const double second = mean * mean + variance;
  const double shape = mean * mean / variance;
  const double x = bound * mean / variance;
  // Beyond some twelve standard deviations a bound no longer shows in double precision; above that
  // shape neither branch of the incomplete gamma function is needed.
  if (bound > mean + 12 * std::sqrt(variance) + 40 * variance / mean) return {demand, 1};
  if (shape > gamma_shape_max) return bounded_normal({mean, variance}, bound);
  const double f0 = gamma_cumulative(shape, x);
  const double step = gamma_step(shape, x);
  const double f1 = f0 - step;
  const double f2 = f1 - step * x / (shape + 1);
  const double first_moment = mean * f1 + bound * (1 - f0);
  const double second_moment = second * f2 + bound * bound * (1 - f0);
  return {{first_moment, std::max(0.0, second_moment - first_moment * first_moment)}, f0};
}

double gamma_cumulative(double shape, double x) {
  constexpr double precision = 1e-12;
  constexpr int terms_max = 10'000;
  if (x <= 0) return 0;
  if (x < shape + 1) {
    double term = 1 / shape, sum = term;
    for (int i = 1; i < terms_max && term > sum * precision; ++i) {
      term *= x / (shape + i);
      sum += term;
    }
    return std::min(1.0, sum * shape * gamma_step(shape, x));
  }
  double b = x + 1 - shape;
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < terms_max; ++i) {
    const double a = -i * (i - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= d * c;
    if (std::abs(d * c - 1) < precision) break;
  }
  return std::clamp(1 - fraction * shape * gamma_step(shape, x), 0.0, 1.0);
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
    const double q = std::sqrt(-2 * std::log(lower ? level : 1 - level));
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
