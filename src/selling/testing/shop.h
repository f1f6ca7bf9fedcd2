#pragma once
// A small shop for tests: products, prices, offers and restrictions of one day in Scotland.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "selling/basket.h"

namespace selling::testing {

inline ProductId id(std::string_view text) { return *ProductId::of(text); }

inline constexpr Day shop_day{9'827};  // 2026-11-27, a Friday
inline constexpr Moment noon{shop_day, 12 * 60};

// A GTIN of ours by its number without the check digit.
inline Gtin gtin(std::uint64_t number);

struct Shop {
  Shop();
  Tables tables() const;
  // The line of a product with a GTIN; a refusal stops the test program.
  std::uint32_t scan(Basket& basket, std::string_view product, Units units = 1) const;

  std::vector<ProductRow> products;
  std::vector<GtinRow> gtins;
  std::vector<ItemRow> items;
  std::vector<PriceRow> prices;
  std::vector<Offer> offers;
  std::vector<VatCodeRow> vat_codes;
  std::vector<VatRateRow> vat_rates;
  std::vector<RestrictionRow> restrictions;
  Layouts layouts;
};

struct Article {
  std::string_view product, title;
  Pence pence;
  VatCode vat;
  bool by_weight = false;
  std::string_view category = {};
  std::int32_t ml = 0, abv_tenths = 0;
};

// Sorted by product, as tables are.
inline constexpr std::array articles{
    Article{"cheddar", "Cheddar, mature", 1'050, VatCode::zero, true},
    Article{"cola", "Cola 500 ml", 165, VatCode::standard},
    Article{"crisps", "Crisps, salted", 120, VatCode::standard},
    Article{"grapes", "Red grapes", 429, VatCode::zero, true},
    Article{"milk", "Whole milk 2 l", 155, VatCode::zero},
    Article{"pad", "Heat pad", 399, VatCode::reduced},
    Article{"stamps", "Stamps, 8 first class", 1'360, VatCode::exempt},
    Article{"whisky", "Blended whisky 70 cl", 1'900, VatCode::standard, false, "alcohol", 700, 400},
    Article{"wrap", "Chicken wrap", 325, VatCode::zero},
    Article{"yogurt", "Yogurt, plain", 95, VatCode::zero},
};

inline Offer multibuy(std::string_view name, std::string_view title, OfferKind kind,
                      std::vector<std::vector<ProductId>> parts) {
  Offer made{.id = *OfferId::of(name), .title = *trade::Text<40>::of(title), .kind = kind};
  made.parts = std::move(parts);
  return made;
}

inline std::vector<Offer> sample_offers() {
  Offer meal = multibuy("meal", "Meal deal", OfferKind::meal_deal,
                        {{id("wrap")}, {id("crisps")}, {id("cola")}});
  meal.pence = 400;
  Offer yogurts = multibuy("yog-3-2", "Yogurt 3 for 2", OfferKind::n_for_m, {{id("yogurt")}});
  yogurts.take = 3, yogurts.pay = 2;
  Offer grapes = multibuy("grapes", "Grapes 3.50 a kg", OfferKind::price, {{id("grapes")}});
  grapes.pence = 350;
  grapes.members_only = true;
  return {meal, yogurts, grapes};
}

inline Gtin gtin(std::uint64_t number) {
  const int digit = gs1_check_digit(std::to_string(number));
  return {number * 10 + static_cast<std::uint64_t>(digit)};
}

inline Shop::Shop() : offers(sample_offers()) {
  std::uint64_t number = 50'000'000'000;
  for (const Article& one : articles) {
    const ProductId product = id(one.product);
    products.push_back({product, *trade::Text<32>::of(one.title), one.by_weight,
                        *Category::of(one.category), one.ml, one.abv_tenths});
    prices.push_back({product, PriceKind::regular, {}, one.pence});
    vat_codes.push_back({product, Day{1}, one.vat});
    if (!one.by_weight) gtins.push_back({gtin(++number), product});
  }
  const auto milk = std::ranges::find(prices, id("milk"), &PriceRow::product);
  prices.insert(milk, {id("milk"), PriceKind::member, {}, 140});
  items.push_back({*ItemCode::of("2012345"), id("cheddar")});
  vat_rates = {{VatCode::standard, Day{4'021}, 2'000},
               {VatCode::reduced, Day{1}, 500},
               {VatCode::zero, Day{1}, 0},
               {VatCode::exempt, Day{1}, 0}};
  restrictions = {{*Category::of("alcohol"), Nation::scotland, Day{1}, {}, MinimumAge{18}},
                  {*Category::of("alcohol"), Nation::scotland, Day{1}, {}, MinimumUnitPrice{65}}};
  layouts = *Layouts::of(std::array<std::string_view, 1>{"20RRRRRVPPPPC"});
}

inline Tables Shop::tables() const {
  return {Nation::scotland, products,  gtins,     items,       prices,
          offers,           vat_codes, vat_rates, restrictions};
}

inline std::uint32_t Shop::scan(Basket& basket, std::string_view product, Units units) const {
  const auto row = std::ranges::find(gtins, id(product), &GtinRow::product);
  CHECK(row != gtins.end());
  const auto line = basket.add_scan(tables(), row->gtin, units);
  CHECK(line.has_value());
  return *line;
}

}  // namespace selling::testing
