#include "selling/vat.h"

#include <array>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace selling {
namespace {

using ::testing::ElementsAre;

constexpr Day before{3'000}, change{4'021}, today{9'827};
const std::array rates{
    VatRateRow{VatCode::standard, Day{1}, 1'750}, VatRateRow{VatCode::standard, change, 2'000},
    VatRateRow{VatCode::reduced, Day{1}, 500},    VatRateRow{VatCode::zero, Day{1}, 0},
    VatRateRow{VatCode::exempt, Day{1}, 0},
};

TEST(Vat, is_of_the_rate_and_the_code_of_the_day) {
  EXPECT_EQ(vat_basis_points(rates, VatCode::standard, before), 1'750);
  EXPECT_EQ(vat_basis_points(rates, VatCode::standard, change), 2'000);
  EXPECT_EQ(vat_basis_points(rates, VatCode::outside_scope, today).error(),
            Refusal::vat_rate_missing);
  const ProductId mask = *ProductId::of("mask");
  const std::array codes{VatCodeRow{mask, before, VatCode::zero},
                         VatCodeRow{mask, change, VatCode::standard}};
  EXPECT_EQ(vat_code(codes, mask, before), VatCode::zero);
  EXPECT_EQ(vat_code(codes, mask, today), VatCode::standard);
  EXPECT_EQ(vat_code(codes, mask, Day{1}).error(), Refusal::vat_code_missing);
}

TEST(Vat, is_rounded_once_per_code_half_a_penny_up) {
  const std::array lines{VatLine{VatCode::standard, 101}, VatLine{VatCode::standard, 101},
                         VatLine{VatCode::zero, 250}, VatLine{VatCode::standard, 101},
                         VatLine{VatCode::reduced, 210}};
  // 303 / 6 = 50.5; each line by itself would give 17 three times.
  EXPECT_THAT(
      *vat_summary(rates, lines, today),
      ElementsAre(VatRow{VatCode::standard, 2'000, 303, 51}, VatRow{VatCode::reduced, 500, 210, 10},
                  VatRow{VatCode::zero, 0, 250, 0}));
}

TEST(Apportion, gives_the_pence_that_are_left_to_the_largest_remainders) {
  EXPECT_THAT(apportion(100, std::array<std::int64_t, 3>{300, 200, 100}), ElementsAre(50, 33, 17));
  EXPECT_THAT(apportion(1, std::array<std::int64_t, 3>{5, 5, 5}), ElementsAre(1, 0, 0));
  EXPECT_THAT(apportion(0, std::array<std::int64_t, 2>{0, 0}), ElementsAre(0, 0));
}

RC_GTEST_PROP(Apportion, adds_up_and_no_share_exceeds_its_weight, ()) {
  const auto weights = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 10'000)));
  const std::int64_t all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  const std::int64_t amount = *rc::gen::inRange<std::int64_t>(0, all + 1);
  const auto shares = apportion(amount, weights);
  RC_ASSERT(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}) == amount);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    RC_ASSERT(shares[i] >= 0 && shares[i] <= weights[i]);
    // Never a whole penny away from the exact share.
    RC_ASSERT(std::abs(shares[i] * all - amount * weights[i]) < std::max<std::int64_t>(all, 1));
  }
}

TEST(Apportion, of_the_largest_basket_does_not_overflow) {
  const std::array<std::int64_t, 2> weights{total_pence_max - 1, 1};
  EXPECT_THAT(apportion(total_pence_max - 1, weights), ElementsAre(total_pence_max - 2, 1));
}

}  // namespace
}  // namespace selling
