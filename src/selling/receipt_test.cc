#include "selling/receipt.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/result.h"
#include "selling/testing/shop.h"

namespace selling {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using testing::id;
using testing::noon;
using testing::Shop;
using ::testing::SizeIs;

const ReceiptHead head{"Corner Stores, Oban", "GB 123 4567 82", noon, 1'204, 3};

PricedBasket sample(const Shop& shop) {
  Basket basket;
  shop.scan(basket, "milk", 2);
  for (const char* product : {"wrap", "crisps", "cola", "stamps", "pad", "whisky"})
    shop.scan(basket, product);
  shop.scan(basket, "yogurt", 3);
  CHECK(basket.add_weighed(shop.tables(), id("grapes"), 512).has_value());
  CHECK(basket.add_scan(shop.tables(), *read_barcode("2012345002876", shop.layouts)).has_value());
  CHECK(basket.void_line(shop.scan(basket, "cola")).has_value());
  return *price_basket(shop.tables(), basket, {.is_member = true}, noon, {18, AgeOutcome::passed},
                       {});
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

TEST(Receipt, is_printed_byte_for_byte) {
  const Shop shop;
  EXPECT_EQ(joined(print_receipt(head, sample(shop), 42)), R"(           Corner Stores, Oban
        VAT number GB 123 4567 82
2026-11-27 12:00            till 3 no 1204
------------------------------------------
Whole milk 2 l                      2.80 Z
  2 x 1.40
  member price, was 3.10
Chicken wrap                        3.25 Z
Crisps, salted                      1.20 A
Cola 500 ml                         1.65 A
Stamps, 8 first class              13.60 E
Heat pad                            3.99 B
Blended whisky 70 cl               19.00 A
Yogurt, plain                       2.85 Z
  3 x 0.95
Red grapes                          2.20 Z
  0.512 kg
Cheddar, mature                     2.87 Z
Cola 500 ml                           VOID
------------------------------------------
Before offers                      53.41
Meal deal                          -2.10
Yogurt 3 for 2                     -0.95
Grapes 3.50 a kg                   -0.41
TOTAL GBP                          49.95
You saved                           3.76
------------------------------------------
VAT                net       VAT     gross
A 20%            17.39      3.48     20.87
B 5%              3.80      0.19      3.99
Z 0%             11.49      0.00     11.49
E exempt         13.60      0.00     13.60
)");
}

TEST(Receipt, of_a_copy_says_so_and_keeps_everything_else) {
  const Shop shop;
  ReceiptHead copy = head;
  copy.copy = 2;
  auto lines = print_receipt(copy, sample(shop), 42);
  EXPECT_EQ(lines[2], "              *** COPY 2 ***");
  lines.erase(lines.begin() + 2);
  EXPECT_EQ(lines, print_receipt(head, sample(shop), 42));
}

TEST(Receipt, never_cuts_an_amount_nor_leaves_its_columns) {
  Shop shop;
  std::ranges::find(shop.prices, id("crisps"), &PriceRow::product)->pence = unit_pence_max;
  shop.products[2].title = *trade::Text<32>::of(std::string(32, 'W'));
  Basket basket;
  shop.scan(basket, "crisps", 100);
  const auto priced = price_basket(shop.tables(), basket, {}, noon, {}, {});
  for (std::size_t columns = receipt_columns_min; columns <= receipt_columns_max; ++columns) {
    const auto lines = print_receipt(head, *priced, columns);
    EXPECT_THAT(lines, Each(SizeIs(::testing::Le(columns))));
    for (const char* amount : {" 8,333,333.33 ", " 1,666,666.67 ", " 10,000,000.00\n"})
      EXPECT_THAT(joined(lines), HasSubstr(amount));
    EXPECT_THAT(joined(lines), HasSubstr(" 10,000,000.00 A"));
  }
}

}  // namespace
}  // namespace selling
