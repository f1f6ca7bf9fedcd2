#include "planner/distribution.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/prng.h"

namespace planner {
namespace {

TEST(Distribution, the_quantile_is_the_smallest_number_whose_cumulative_share_reaches_the_level) {
  for (double mean : {0.01, 0.3, 1.0, 4.5, 30.0, 150.0})
    for (double spread : {1.0, 1.3, 4.0, 12.0})
      for (double level : {0.025, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999}) {
        const Moments demand{mean, mean * spread};
        const std::int32_t n = quantile(demand, level);
        EXPECT_GE(cumulative(demand, n), level) << mean << ' ' << spread << ' ' << level;
        EXPECT_LT(cumulative(demand, n - 1), level) << mean << ' ' << spread << ' ' << level;
      }
}

TEST(Distribution, large_means_agree_with_summation_within_half_a_percent) {
  for (double mean : {210.0, 400.0, 600.0})
    for (double spread : {1.2, 3.0, 40.0})
      for (double level : {0.05, 0.5, 0.833, 0.975}) {
        const Moments demand{mean, mean * spread};
        std::int32_t exact = 0;
        while (cumulative(demand, exact) < level) ++exact;
        EXPECT_NEAR(quantile(demand, level), exact, 1 + exact * 0.005) << mean << ' ' << spread;
      }
}

TEST(Distribution, a_quantile_never_falls_as_level_or_mean_rises) {
  for (const double spread : {1.02, 1.5, 4.0, 11.0}) {
    std::int32_t before_mean = 0;
    for (double mean = 0.01; mean < quantile_mean_exact_max; mean *= 1.07) {
      std::int32_t before = 0;
      for (double level = 0.01; level < 0.999; level += 0.013) {
        const std::int32_t units = quantile({mean, mean * spread}, level);
        EXPECT_GE(units, before) << mean << ' ' << level;
        before = units;
      }
      const std::int32_t high = quantile({mean, mean * spread}, 0.9);
      EXPECT_GE(high, before_mean) << mean;
      before_mean = high;
    }
  }
}

TEST(Distribution, nothing_is_wanted_of_what_never_sells) {
  EXPECT_EQ(quantile({0, 0}, 0.999), 0);
  EXPECT_EQ(cumulative({0, 0}, 0), 1);
  EXPECT_EQ(cumulative({3, 4}, -1), 0);
}

TEST(Distribution, a_bound_keeps_narrow_distributions_below_it) {
  for (const double deviation : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 0.0})
    for (const double away : {-3.0, -1.0, 0.0, 1.0, 3.0}) {
      const double bound = 20 + away * deviation;
      const Bounded kept = bounded({20, deviation * deviation}, bound);
      EXPECT_LE(kept.moments.mean, bound + 1e-9);
      EXPECT_GE(kept.moments.mean, 20 - 3.1 * deviation - 1e-4);
      EXPECT_LE(kept.moments.variance, deviation * deviation * 1.001 + 2e-11);
      if (deviation > 0) {
        EXPECT_NEAR(kept.below, std::erfc(-away / std::sqrt(2.0)) / 2, 2e-3);
      }
    }
}

TEST(Distribution, moments_of_a_bounded_gamma_match_drawn_ones) {
  base::Prng prng(11);
  for (double shape : {0.3, 1.0, 5.0, 40.0})
    for (double ratio : {0.2, 0.9, 1.0, 1.7, 5.0}) {
      const double mean = 6;
      const double bound = mean * ratio;
      constexpr int count = 100'000;
      double sum = 0, squares = 0, below = 0;
      for (int i = 0; i < count; ++i) {
        const double drawn = mean * prng.gamma(shape);
        const double kept = std::min(drawn, bound);
        sum += kept;
        squares += kept * kept;
        below += drawn < bound;
      }
      const Bounded result = bounded({mean, mean * mean / shape}, bound);
      EXPECT_NEAR(result.moments.mean, sum / count, 0.05);
      EXPECT_NEAR(result.moments.variance, squares / count - sum * sum / count / count,
                  0.02 * mean * mean / shape + 0.05);
      EXPECT_NEAR(result.below, below / count, 0.01);
    }
}

TEST(Distribution, a_bound_far_away_changes_nothing_and_no_stock_lets_nothing_through) {
  const Bounded far = bounded({3, 5}, 1e6);
  EXPECT_EQ(far.moments.mean, 3);
  EXPECT_EQ(far.moments.variance, 5);
  EXPECT_EQ(bounded({3, 5}, 0).moments.mean, 0);
  EXPECT_EQ(bounded({3, 5}, -2).below, 0);
  // The short cut for far bounds joins the exact formula without a visible step.
  const double edge = 3 + 12 * std::sqrt(5.0) + 40 * 5.0 / 3;
  EXPECT_NEAR(bounded({3, 5}, edge * 0.999).moments.mean, 3, 1e-9);
}

TEST(Distribution, a_question_among_many_gets_the_same_bits_as_alone) {
  base::Prng prng(12);
  std::vector<QuantileAsk> levels(3000);
  std::vector<BoundedAsk> bounds(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double mean = std::exp(prng.uniform() * 16 - 9);
    const Moments demand{mean, mean * (0.9 + std::exp(prng.uniform() * 8 - 4))};
    levels[i] = {demand, 0.001 + 0.998 * prng.uniform()};
    bounds[i] = {demand, mean * std::exp(prng.uniform() * 6 - 3) - 0.01};
  }
  std::vector<std::int32_t> units(levels.size());
  std::vector<Bounded> kept(bounds.size());
  quantiles(levels, units);
  bounded(bounds, kept);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    EXPECT_EQ(units[i], quantile(levels[i].demand, levels[i].level));
    const Bounded alone = bounded(bounds[i].demand, bounds[i].bound);
    EXPECT_EQ(kept[i].moments.mean, alone.moments.mean);
    EXPECT_EQ(kept[i].moments.variance, alone.moments.variance);
    EXPECT_EQ(kept[i].below, alone.below);
  }
}

TEST(Distribution, questions_in_columns_get_the_same_answers_as_one_by_one) {
  base::Prng prng(12);
  std::vector<double> mean{0, 1e-13, 200, 200.5, 5000, 0.3}, variance{0, 1, 250, 900, 1e6, 400};
  std::vector<double> level(6, 0.97);
  for (int i = 0; i < 400; ++i) {
    mean.push_back(std::exp(prng.normal() * 2));
    variance.push_back(mean.back() * (0.5 + 6 * prng.uniform()));
    level.push_back(0.01 + 0.98 * prng.uniform());
  }
  for (const std::size_t count : {mean.size(), std::size_t{3}, std::size_t{16}, std::size_t{0}}) {
    std::vector<std::int32_t> units(count);
    quantiles({mean.data(), variance.data(), level.data()}, units);
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_EQ(units[i], quantile({mean[i], variance[i]}, level[i])) << i;
  }
}

TEST(Distribution, gamma_and_normal_functions_have_their_tabulated_values) {
  const auto below = [](double shape, double x) { return bounded({shape, shape}, x).below; };
  EXPECT_NEAR(below(1, 1), 1 - std::exp(-1.0), 1e-11);
  EXPECT_NEAR(below(0.5, 0.5), std::erf(std::sqrt(0.5)), 1e-11);
  EXPECT_NEAR(below(10, 10), 0.542070285528148, 1e-10);  // 1 - P(Poisson(10) <= 9)
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-8);
  EXPECT_NEAR(normal_quantile(0.01), -2.326347874040841, 1e-8);
}

}  // namespace
}  // namespace planner
