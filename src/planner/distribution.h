#pragma once
// Demand as a distribution over whole units: negative binomial quantiles, and what a bounded stock
// lets through.

#include <cstdint>
#include <span>

namespace planner {

// Mean and variance of an amount of units.
struct Moments {
  double mean = 0;
  double variance = 0;
};

// The smallest whole n with P(X <= n) >= level, X negative binomial with these moments (Poisson
// where variance <= mean). Exact summation up to a mean of quantile_mean_exact_max; above it the
// Wilson-Hilferty transform of a gamma with a continuity correction (Johnson, Kotz and
// Balakrishnan, Continuous Univariate Distributions 1, 17.5). Requires mean >= 0 and 0 < level < 1.
std::int32_t quantile(Moments demand, double level);
inline constexpr double quantile_mean_exact_max = 200;

// The level that `quantile` inverts: P(X <= units) by plain summation. For tests, calibration and
// oracles. Requires mean <= 600: beyond it P(X = 0) may be too small for a double.
double cumulative(Moments demand, std::int32_t units);

// Of `units` more on top of a stock of `stock_units`, how many are expected to sell: the sum of
// P(X >= n) over n from stock_units + 1 to stock_units + units, X negative binomial with these
// moments up to a mean of quantile_mean_exact_max, gamma above. Requires mean, stock, units >= 0.
double expected_sold(Moments demand, std::int64_t stock_units, std::int64_t units);

// Moments of min(G, bound) for a gamma-distributed G with the given moments, and P(G < bound).
// With F_k the regularised lower incomplete gamma function of shape k at bound / scale:
// E[min] = mean F_{k+1} + bound (1 - F_k), E[min^2] = (mean^2 + variance) F_{k+2} + bound^2 (1 -
// F_k).
struct Bounded {
  Moments moments;
  double below = 1;
};
// A bound that more than 1 - 1e-10 of a gamma's mass, mean and second moment lie below changes
// nothing.
Bounded bounded(Moments demand, double bound);

// Many questions at once, in less than a fifth of the time, with the same bits as one by one.
// Results have one entry per question. Work needs no memory beyond the stack.
struct QuantileAsk {
  Moments demand;
  double level;
};
void quantiles(std::span<const QuantileAsk> asks, std::span<std::int32_t> units);
// The same where they stand in columns already, those of similar means side by side; one entry per
// answer in each.
struct QuantileColumns {
  const double *mean, *variance, *level;
};
void quantiles(const QuantileColumns& asks, std::span<std::int32_t> units);

struct BoundedAsk {
  Moments demand;
  double bound;
};
void bounded(std::span<const BoundedAsk> asks, std::span<Bounded> results);

// The standard normal quantile, by bisection-free rational approximation (Acklam 2003), absolute
// error below 5e-9.
double normal_quantile(double level);

}  // namespace planner
