#include "selling/basket.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"
#include "selling/testing/shop.h"

namespace selling {
namespace {

using ::testing::ElementsAre;
using testing::id;
using ::testing::IsEmpty;
using testing::noon;
using testing::Shop;

constexpr AgeCheck adult{18, AgeOutcome::passed};

PricedBasket price(const Shop& shop, const Basket& basket, Shopper shopper = {},
                   AgeCheck age = adult) {
  return *price_basket(shop.tables(), basket, shopper, noon, age, {});
}

TEST(Basket, takes_what_is_scanned_weighed_and_counted) {
  const Shop shop;
  Basket basket;
  EXPECT_EQ(shop.scan(basket, "milk", 2), 0u);
  EXPECT_EQ(basket.add_weighed(shop.tables(), id("grapes"), 512), 1u);
  const auto cheddar = read_barcode("2012345002876", shop.layouts);
  ASSERT_TRUE(cheddar);
  EXPECT_EQ(basket.add_scan(shop.tables(), *cheddar), 2u);
  const auto priced = price(shop, basket);
  EXPECT_EQ(priced.lines[0].paid_pence(), 310);
  EXPECT_EQ(priced.lines[1].paid_pence(), 220);  // 219.648
  EXPECT_EQ(priced.lines[2].paid_pence(), 287);
  EXPECT_EQ(priced.lines[2].price.kind, PriceKind::label);
  EXPECT_EQ(priced.total_pence, 817);
}

TEST(Basket, takes_a_product_by_its_id_and_a_price_that_somebody_decided) {
  const Shop shop;
  Basket basket;
  EXPECT_EQ(basket.add_product(shop.tables(), id("cola"), 2), 0u);
  EXPECT_EQ(basket.add_product(shop.tables(), id("moon"), 1).error(), Refusal::product_unknown);
  EXPECT_EQ(basket.add_product(shop.tables(), id("grapes"), 1).error(), Refusal::weight_missing);
  EXPECT_TRUE(basket.put_sticker(0, {100, noon.day}));
  const auto priced = price(shop, basket);
  EXPECT_EQ(priced.lines[0].paid_pence(), 200);
  EXPECT_EQ(priced.lines[0].price.kind, PriceKind::reduction);
  EXPECT_EQ(priced.savings_pence, 130);
  EXPECT_EQ(basket.put_sticker(1, {100, noon.day}).error(), Refusal::line_unknown);
  ASSERT_TRUE(basket.void_line(0));
  EXPECT_EQ(basket.put_sticker(0, {100, noon.day}).error(), Refusal::line_void);
}

TEST(Basket, refuses_what_it_cannot_sell_by_name) {
  const Shop shop;
  const Tables tables = shop.tables();
  Basket basket;
  const auto scan = [&](const Scan& code, Units units = 1) {
    return basket.add_scan(tables, code, units).error();
  };
  const Gtin milk = std::ranges::find(shop.gtins, id("milk"), &GtinRow::product)->gtin;
  EXPECT_EQ(scan(Gtin{96'385'074}), Refusal::product_unknown);
  EXPECT_EQ(scan(Measured{*ItemCode::of("2099999"), Measure::pence, 5}), Refusal::product_unknown);
  EXPECT_EQ(scan(milk, 0), Refusal::units_out_of_range);
  EXPECT_EQ(scan(milk, line_units_max + 1), Refusal::units_out_of_range);
  EXPECT_EQ(basket.add_weighed(tables, id("milk"), 5).error(), Refusal::weight_not_wanted);
  EXPECT_EQ(basket.add_weighed(tables, id("grapes"), 0).error(), Refusal::grams_out_of_range);
  EXPECT_EQ(basket.add_weighed(tables, id("grapes"), line_grams_max + 1).error(),
            Refusal::grams_out_of_range);
  Shop loose;
  loose.gtins = {{Gtin{96'385'074}, id("grapes")}};
  EXPECT_EQ(basket.add_scan(loose.tables(), Gtin{96'385'074}).error(), Refusal::weight_missing);
  EXPECT_THAT(basket.lines(), IsEmpty());
  shop.scan(basket, "milk", line_units_max), shop.scan(basket, "milk", line_units_max);
  EXPECT_EQ(scan(milk, 3), Refusal::basket_full);
  EXPECT_TRUE(basket.add_scan(tables, milk, 2));
}

TEST(Basket, keeps_a_void_line_and_takes_nothing_for_it) {
  const Shop shop;
  Basket basket;
  shop.scan(basket, "yogurt", 2);
  shop.scan(basket, "yogurt");
  EXPECT_EQ(price(shop, basket).offers_pence, 95);
  ASSERT_TRUE(basket.void_line(1));
  const auto priced = price(shop, basket);
  EXPECT_EQ(priced.offers_pence, 0);
  EXPECT_EQ(priced.total_pence, 190);
  EXPECT_TRUE(priced.lines[1].is_void);
  EXPECT_EQ(basket.void_line(1).error(), Refusal::line_void);
  EXPECT_EQ(basket.void_line(2).error(), Refusal::line_unknown);
}

TEST(Basket, shares_a_meal_deal_out_over_rates_of_vat) {
  const Shop shop;
  Basket basket;
  for (const char* product : {"wrap", "crisps", "cola"}) shop.scan(basket, product);
  const auto priced = price(shop, basket);
  EXPECT_THAT(priced.offers,
              ElementsAre(OfferTotal{*OfferId::of("meal"), shop.offers[0].title, 1, 210}));
  // 210 over 325, 120 and 165 of 610: 111.89, 41.31, 56.80.
  EXPECT_EQ(priced.lines[0].offers_pence, 112);
  EXPECT_EQ(priced.lines[1].offers_pence, 41);
  EXPECT_EQ(priced.lines[2].offers_pence, 57);
  EXPECT_THAT(priced.vat, ElementsAre(VatRow{VatCode::standard, 2'000, 187, 31},
                                      VatRow{VatCode::zero, 0, 213, 0}));
}

TEST(Basket, saves_what_a_member_pays_less_than_anybody) {
  const Shop shop;
  Basket basket;
  shop.scan(basket, "milk", 2);
  ASSERT_TRUE(basket.add_weighed(shop.tables(), id("grapes"), 1'000));
  const auto priced = price(shop, basket, {.is_member = true});
  EXPECT_EQ(priced.gross_pence, 280 + 429);
  EXPECT_EQ(priced.total_pence, 280 + 350);
  EXPECT_EQ(priced.savings_pence, 30 + 79);
}

TEST(Basket, names_every_line_that_may_not_be_sold) {
  Shop shop;
  Basket basket;
  shop.scan(basket, "milk"), shop.scan(basket, "whisky"), shop.scan(basket, "cola");
  Offer cheap = shop.offers[2];
  cheap.members_only = false, cheap.parts = {{id("whisky")}}, cheap.pence = 1'819;
  shop.offers.push_back(cheap);
  std::erase_if(shop.prices, [](const PriceRow& row) { return row.product == id("milk"); });
  std::erase_if(shop.vat_codes, [](const VatCodeRow& row) { return row.product == id("cola"); });
  EXPECT_THAT(price(shop, basket, {}, {}).refusals,
              ElementsAre(LineRefusal{0, Refusal::price_missing},
                          LineRefusal{1, Refusal::age_unchecked, 18},
                          LineRefusal{1, Refusal::below_minimum_price, 1'820},
                          LineRefusal{2, Refusal::vat_code_missing}));
}

TEST(Basket, that_costs_more_than_a_till_may_take_is_refused) {
  Shop shop;
  std::ranges::find(shop.prices, id("pad"), &PriceRow::product)->pence = unit_pence_max;
  Basket basket;
  shop.scan(basket, "pad", 100);
  EXPECT_EQ(price(shop, basket).total_pence, total_pence_max);
  shop.scan(basket, "milk");
  EXPECT_EQ(price_basket(shop.tables(), basket, {}, noon, adult, {}).error(),
            Refusal::total_out_of_range);
}

TEST(Basket, follows_what_the_manager_decided_about_offers) {
  const Shop shop;
  Basket basket;
  for (const char* product : {"wrap", "yogurt", "cola"}) shop.scan(basket, product);
  const auto total = [&](OfferDecision::Kind kind) {
    const std::array decisions{OfferDecision{kind, *OfferId::of("meal"), 1, id("yogurt")}};
    return price_basket(shop.tables(), basket, {}, noon, adult, decisions)->total_pence;
  };
  EXPECT_EQ(total(OfferDecision::Kind::swap), 400);
  EXPECT_EQ(total(OfferDecision::Kind::suspend), 585);
}

Basket random_basket(const Shop& shop, std::uint64_t seed) {
  base::Prng prng(seed);
  Basket basket;
  const std::size_t lines = 1 + prng.below(20);
  for (std::size_t i = 0; i < lines; ++i) {
    const ProductRow& product = shop.products[prng.below(shop.products.size())];
    if (product.by_weight)
      RC_ASSERT(basket.add_weighed(shop.tables(), product.product,
                                   static_cast<Grams>(1 + prng.below(3'000))));
    else
      shop.scan(basket, product.product.view(), static_cast<Units>(1 + prng.below(4)));
    if (prng.below(6) == 0) RC_ASSERT(basket.void_line(static_cast<std::uint32_t>(i)));
  }
  return basket;
}

RC_GTEST_PROP(Basket, parts_add_up_to_the_total_to_the_penny, (std::uint64_t seed, bool member)) {
  const Shop shop;
  const auto priced = price(shop, random_basket(shop, seed), {.is_member = member});
  std::int64_t lines = 0, shares = 0, offers = 0, gross = 0, parts = 0;
  for (const PricedLine& line : priced.lines) {
    RC_ASSERT(line.offers_pence >= 0 && line.paid_pence() >= 0);
    lines += line.paid_pence();
    shares += line.offers_pence;
  }
  for (const OfferTotal& offer : priced.offers) offers += offer.saving_pence;
  for (const VatRow& row : priced.vat) {
    gross += row.gross_pence;
    parts += row.net_pence() + row.vat_pence;
    // VAT is the exact share of the gross to within half a penny.
    const std::int64_t whole = 10'000 + row.basis_points;
    RC_ASSERT(std::abs(row.vat_pence * whole - row.gross_pence * row.basis_points) * 2 <= whole);
  }
  RC_ASSERT(lines == priced.total_pence);
  RC_ASSERT(gross == priced.total_pence);
  RC_ASSERT(parts == priced.total_pence);
  RC_ASSERT(offers == priced.offers_pence && shares == priced.offers_pence);
  RC_ASSERT(priced.total_pence == priced.gross_pence - priced.offers_pence);
}

}  // namespace
}  // namespace selling
