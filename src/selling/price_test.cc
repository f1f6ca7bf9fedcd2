#include "selling/price.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace selling {
namespace {

const ProductId milk = *ProductId::of("milk"), ham = *ProductId::of("ham");
constexpr Moment monday{Day{9'827}, 600};  // 2026-11-27, 10:00
constexpr Moment at(int days, int minute = 0) {
  return {Day{static_cast<std::uint16_t>(monday.day.days + days)},
          static_cast<std::uint16_t>(minute)};
}

const std::array prices{
    PriceRow{ham, PriceKind::regular, {at(-90)}, 1'199},
    PriceRow{milk, PriceKind::regular, {at(-90)}, 150},
    PriceRow{milk, PriceKind::regular, {at(-10), at(1, 300)}, 155},
    PriceRow{milk, PriceKind::member, {at(-10)}, 140},
    PriceRow{milk, PriceKind::colleague, {at(-10)}, 140},
    PriceRow{milk, PriceKind::colleague, {at(2)}, 135},
};

Answer<LinePrice> price(const Sale& sale, const Shopper& shopper = {}, Moment now = monday) {
  return price_line(prices, sale, shopper, now);
}

TEST(Price, that_began_last_is_in_force_until_its_end) {
  EXPECT_EQ(price({milk})->pence, 155);
  EXPECT_EQ(price({milk}, {}, at(-11))->pence, 150);
  EXPECT_EQ(price({milk}, {}, at(1, 299))->pence, 155);
  EXPECT_EQ(price({milk}, {}, at(1, 300))->pence, 150);
  EXPECT_EQ(price({milk}, {}, at(-91)).error(), Refusal::price_missing);
}

TEST(Price, is_the_lowest_that_the_shopper_may_have_and_says_why) {
  EXPECT_EQ(price({milk}, {.is_member = true})->kind, PriceKind::member);
  EXPECT_EQ(price({milk}, {.is_colleague = true})->kind, PriceKind::colleague);
  EXPECT_EQ(price({milk}, {true, true})->kind, PriceKind::member);
  EXPECT_EQ(price({milk}, {true, true}, at(2))->kind, PriceKind::colleague);
  EXPECT_EQ(price({milk}, {true, true}, at(2))->pence, 135);
  const auto two = price({.product = milk, .units = 2}, {.is_member = true});
  EXPECT_EQ(two->gross_pence, 280);
  EXPECT_EQ(two->regular_pence, 310);
}

TEST(Price, of_a_sticker_counts_while_it_is_lower_and_its_day_lasts) {
  const auto with = [](Pence pence, int day, Shopper shopper = {}) {
    return price({.product = milk, .sticker = Sticker{pence, at(day).day}}, shopper);
  };
  EXPECT_EQ(with(90, 0)->kind, PriceKind::reduction);
  EXPECT_EQ(with(90, 0)->pence, 90);
  EXPECT_EQ(with(155, 0)->kind, PriceKind::regular);
  EXPECT_EQ(with(145, 0, {.is_member = true})->kind, PriceKind::member);
  EXPECT_EQ(with(90, -1).error(), Refusal::sticker_expired);
  EXPECT_EQ(with(0, 0).error(), Refusal::price_out_of_range);
}

TEST(Price, of_a_weight_goes_half_a_penny_up) {
  EXPECT_EQ(weighed_pence(125, 1'204), 151);  // 150.5
  EXPECT_EQ(weighed_pence(125, 1'203), 150);  // 150.375
  EXPECT_EQ(weighed_pence(line_grams_max, unit_pence_max), 1'000'000'000);
  EXPECT_EQ(price({.product = ham, .grams = 314})->gross_pence, 376);  // 376.486
}

TEST(Price, in_the_barcode_stands_whatever_the_tables_say) {
  const auto labelled = price({.product = ham, .label_pence = 402});
  EXPECT_EQ(labelled->kind, PriceKind::label);
  EXPECT_EQ(labelled->gross_pence, 402);
  EXPECT_EQ(price({.product = *ProductId::of("new"), .label_pence = 402})->pence, 402);
}

TEST(Price, of_absurd_numbers_is_refused) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  for (const Units units : {0, -1, line_units_max + 1, most})
    EXPECT_EQ(price({.product = milk, .units = units}).error(), Refusal::units_out_of_range);
  EXPECT_TRUE(price({.product = milk, .units = line_units_max}));
  EXPECT_EQ(price({.product = ham, .units = 2, .grams = 5}).error(), Refusal::units_out_of_range);
  for (const Grams grams : {-1, line_grams_max + 1, most})
    EXPECT_EQ(price({.product = ham, .grams = grams}).error(), Refusal::grams_out_of_range);
  EXPECT_EQ(price({.product = ham, .label_pence = most}).error(), Refusal::price_out_of_range);
  const std::array dear{PriceRow{ham, PriceKind::regular, {at(-1)}, unit_pence_max}};
  EXPECT_EQ(price_line(dear, {.product = ham, .grams = 1'001}, {}, monday).error(),
            Refusal::price_out_of_range);
  const std::array free{PriceRow{ham, PriceKind::regular, {at(-1)}, 0}};
  EXPECT_EQ(price_line(free, {.product = ham}, {}, monday).error(), Refusal::price_out_of_range);
}

TEST(Card, is_known_by_its_beginning_its_length_and_its_check_digit) {
  const std::array cards{CardRow{*trade::Text<12>::of("9826"), 16, CardKind::member},
                         CardRow{*trade::Text<12>::of("99"), 10, CardKind::colleague}};
  EXPECT_EQ(read_card(cards, "9826000000000011"), CardKind::member);
  EXPECT_EQ(read_card(cards, "9900000002"), CardKind::colleague);
  EXPECT_EQ(read_card(cards, "9826000000000012").error(), Refusal::code_check_digit);
  EXPECT_EQ(read_card(cards, "982600000000001").error(), Refusal::card_unknown);
  EXPECT_EQ(read_card(cards, "").error(), Refusal::card_unknown);
  EXPECT_EQ(read_card(cards, "98260000 0000013").error(), Refusal::code_not_digits);
  EXPECT_TRUE(luhn_holds("79927398713"));  // the standard's own example
}

}  // namespace
}  // namespace selling
