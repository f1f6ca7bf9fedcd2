#include "nightly/guard_rates.h"

#include <gtest/gtest.h>

namespace nightly {
namespace {

std::vector<Suspect> changes(std::size_t count, std::int64_t was, std::int64_t is) {
  std::vector<Suspect> changes;
  for (std::size_t i = 0; i < count; ++i)
    changes.push_back({.row = static_cast<std::uint32_t>(i), .was = was, .is = is});
  return changes;
}
constexpr Rates rates{.alone_from = 8, .counted_from = 1.5, .share_max = 0.02, .together_min = 5};

TEST(GuardRates, one_change_is_suspicious_from_its_factor_on) {
  EXPECT_TRUE(suspicious(changes(1, 2, 15), 1000, rates).empty());
  EXPECT_EQ(suspicious(changes(1, 2, 16), 1000, rates).size(), 1u);
  EXPECT_EQ(suspicious(changes(1, 16, 2), 1000, rates).size(), 1u);
}

TEST(GuardRates, many_changes_are_suspicious_together) {
  EXPECT_TRUE(suspicious(changes(20, 6, 12), 1000, rates).empty());
  EXPECT_EQ(suspicious(changes(21, 6, 12), 1000, rates).size(), 21u);
}

TEST(GuardRates, a_few_rows_are_never_many) {
  EXPECT_TRUE(suspicious(changes(4, 6, 12), 10, rates).empty());
  EXPECT_EQ(suspicious(changes(5, 6, 12), 10, rates).size(), 5u);
}

TEST(GuardRates, small_changes_do_not_count) {
  EXPECT_TRUE(suspicious(changes(900, 100, 149), 1000, rates).empty());
  EXPECT_EQ(suspicious(changes(900, 100, 150), 1000, rates).size(), 900u);
}

TEST(GuardRates, a_value_that_goes_counts_but_is_not_suspicious_alone) {
  EXPECT_TRUE(suspicious(changes(1, 100, not_said), 1000, rates).empty());
  EXPECT_EQ(suspicious(changes(100, 100, not_said), 1000, rates).size(), 100u);
}

TEST(GuardRates, limits_of_zero_count_as_one) {
  EXPECT_EQ(ratio_of(0, 20), 20);
  EXPECT_EQ(ratio_of(20, 0), 20);
  EXPECT_EQ(ratio_of(0, 0), 1);
}

}  // namespace
}  // namespace nightly
