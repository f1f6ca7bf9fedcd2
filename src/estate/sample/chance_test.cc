#include "estate/sample/chance.h"

#include <gtest/gtest.h>

#include <set>

namespace estate::sample {
namespace {

TEST(Chance, negative_binomial_counts_have_their_mean_and_variance) {
  for (const double mean : {0.05, 0.6, 4.0, 19.0, 45.0}) {
    base::Prng prng(11);
    const double shape = 3;
    const int draws = 200'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
      const auto count = static_cast<double>(negative_binomial(prng, mean, shape));
      sum += count, squares += count * count;
    }
    const double got = sum / draws, variance = squares / draws - got * got;
    const double expected = mean + mean * mean / shape;
    EXPECT_NEAR(got, mean, 5 * std::sqrt(expected / draws)) << mean;
    EXPECT_NEAR(variance / expected, 1, 0.05) << mean;
  }
}

TEST(Chance, seeds_differ_by_stream_and_by_number) {
  std::set<std::uint64_t> seeds;
  for (const Stream stream : {Stream::store, Stream::line, Stream::product})
    for (std::uint64_t a = 0; a < 50; ++a)
      for (std::uint64_t b = 0; b < 50; ++b) seeds.insert(seed_of(1, stream, a, b));
  EXPECT_EQ(seeds.size(), 3u * 50 * 50);
}

}  // namespace
}  // namespace estate::sample
