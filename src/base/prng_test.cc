#include "base/prng.h"

#include <cmath>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Prng, draws_have_the_mean_and_spread_they_claim) {
  Prng prng(7);
  constexpr int count = 200'000;
  double poisson_sum = 0, gamma_sum = 0, gamma_squares = 0, normal_squares = 0;
  for (int i = 0; i < count; ++i) {
    poisson_sum += static_cast<double>(prng.poisson(2.5));
    const double g = prng.gamma(0.5);
    gamma_sum += g;
    gamma_squares += g * g;
    const double n = prng.normal();
    normal_squares += n * n;
  }
  EXPECT_NEAR(poisson_sum / count, 2.5, 0.02);
  EXPECT_NEAR(gamma_sum / count, 1, 0.02);
  EXPECT_NEAR(gamma_squares / count - 1, 2, 0.1);  // variance 1 / shape
  EXPECT_NEAR(normal_squares / count, 1, 0.02);
}

TEST(Prng, the_same_seed_gives_the_same_numbers_and_another_seed_others) {
  Prng a(1), b(1), c(2);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
}

TEST(Prng, below_stays_below_and_reaches_every_value) {
  Prng prng(3);
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) ++seen.at(prng.below(7));
  for (int count : seen) EXPECT_GT(count, 800);
}

}  // namespace
}  // namespace base
