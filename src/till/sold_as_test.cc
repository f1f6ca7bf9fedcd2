#include "till/sold_as.h"

#include <gtest/gtest.h>

#include "till/testing/kit.h"

namespace till {
namespace {

using testing::id;

TEST(SoldAs, is_the_products_vat_and_the_age_of_who_takes_it) {
  const TablesPtr tables = testing::shop_tables();
  const trade::Day today = trade::to_day(*base::parse_date("2026-11-02"));
  const auto cola = sold_as(*tables, id("cola"), today);
  ASSERT_TRUE(cola);
  EXPECT_EQ(cola->vat, trade::VatCode::standard);
  EXPECT_EQ(cola->basis_points, 2'000);
  EXPECT_EQ(cola->age_years, 0);
  const auto milk = sold_as(*tables, id("milk"), today);
  ASSERT_TRUE(milk);
  EXPECT_EQ(milk->vat, trade::VatCode::zero);
  EXPECT_EQ(milk->basis_points, 0);
  const auto whisky = sold_as(*tables, id("whisky"), today);
  ASSERT_TRUE(whisky);
  EXPECT_EQ(whisky->age_years, 18);
  EXPECT_FALSE(sold_as(*tables, id("nothing of ours"), today));
  Tables bare = *tables;
  bare.vat_codes.clear();
  EXPECT_FALSE(sold_as(bare, id("cola"), today)) << "nobody knows its VAT";
}

}  // namespace
}  // namespace till
