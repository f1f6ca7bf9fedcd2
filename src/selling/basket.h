#pragma once
// A till's basket: its lines as they were scanned, and what they come to.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "selling/barcode.h"
#include "selling/offers.h"
#include "selling/price.h"
#include "selling/restrictions.h"
#include "selling/vat.h"

namespace selling {

// What a till knows of a product.
struct ProductRow {
  ProductId product;
  trade::Text<32> title;  // as the receipt says it
  bool by_weight = false;
  Category category = {};
  std::int32_t ml = 0;          // of a drink
  std::int32_t abv_tenths = 0;  // of a drink, tenths of a percent
};
struct GtinRow {
  Gtin gtin;
  ProductId product;
};
struct ItemRow {
  ItemCode item;
  ProductId product;
};

// Everything that a till sells by, as one view: sorted by product, GTIN or item, but for offers,
// restrictions and rates, whose order is free (that of offers decides ties).
struct Tables {
  Nation nation = Nation::england;
  std::span<const ProductRow> products;
  std::span<const GtinRow> gtins;
  std::span<const ItemRow> items;
  std::span<const PriceRow> prices;
  std::span<const Offer> offers;
  std::span<const VatCodeRow> vat_codes;
  std::span<const VatRateRow> vat_rates;
  std::span<const RestrictionRow> restrictions;
};

struct BasketLine {
  Sale sale;
  bool is_void = false;
};

// The lines of one customer in the order of scanning. A line that was void stays and shows it.
class Basket {
 public:
  // A scanned code and how many of it. Refuses product_unknown, weight_missing for a product that
  // is sold by weight and whose code has neither weight nor price, weight_not_wanted for the
  // reverse, units_out_of_range, grams_out_of_range, price_out_of_range, basket_full.
  Answer<std::uint32_t> add_scan(const Tables& tables, const Scan& scan, Units units = 1,
                                 std::optional<Sticker> sticker = std::nullopt);
  // A product by its id, sold by the piece. Refuses product_unknown, weight_missing,
  // units_out_of_range, basket_full.
  Answer<std::uint32_t> add_product(const Tables& tables, const ProductId& product, Units units,
                                    std::optional<Sticker> sticker = std::nullopt);
  // A product that the till's own scale weighed. Refuses product_unknown, weight_not_wanted,
  // grams_out_of_range, basket_full.
  Answer<std::uint32_t> add_weighed(const Tables& tables, const ProductId& product, Grams grams,
                                    std::optional<Sticker> sticker = std::nullopt);
  // Refuses line_unknown, line_void.
  Answer<void> void_line(std::uint32_t line);
  // A price that somebody decided at the till, as if it stood on the goods; in place of any sticker
  // there was. Refuses line_unknown, line_void.
  Answer<void> put_sticker(std::uint32_t line, const Sticker& sticker);

  std::span<const BasketLine> lines() const { return lines_; }

 private:
  Answer<std::uint32_t> add(const ProductRow* product, const Sale& sale);
  Answer<BasketLine*> find_sold(std::uint32_t line);

  std::vector<BasketLine> lines_;
  Units units_ = 0;  // of lines that are not void
};

// A line with its prices. All pence are 0 for a void line and for one that has a refusal of its
// price.
struct PricedLine {
  ProductId product;
  trade::Text<32> title = {};
  Units units = 0;
  Grams grams = 0;
  bool is_void = false;
  LinePrice price = {};
  std::int64_t offers_pence = 0;  // this line's share of the offers' savings
  VatCode vat = VatCode::standard;
  std::int64_t paid_pence() const { return price.gross_pence - offers_pence; }
};

// What an offer saved in the whole basket.
struct OfferTotal {
  OfferId id;
  trade::Text<40> title;
  std::uint32_t times = 0;
  std::int64_t saving_pence = 0;
  friend bool operator==(const OfferTotal&, const OfferTotal&) = default;
};

struct PricedBasket {
  std::vector<PricedLine> lines;  // one per line of the basket
  std::vector<OfferTotal> offers;
  std::vector<VatRow> vat;
  std::vector<LineRefusal> refusals;  // while there is one, nothing may be paid
  std::int64_t gross_pence = 0;       // before offers
  std::int64_t offers_pence = 0;
  std::int64_t total_pence = 0;    // gross - offers, to be paid
  std::int64_t savings_pence = 0;  // against what anybody would pay on no offer, offers included
  bool offers_are_exact = true;
};

// Prices, then offers, then VAT, then restrictions. A refusal of a price, of VAT or of a
// restriction names its line; total_out_of_range and a refused decision about offers stand for the
// whole.
Answer<PricedBasket> price_basket(const Tables& tables, const Basket& basket,
                                  const Shopper& shopper, Moment now, const AgeCheck& age,
                                  std::span<const OfferDecision> decisions);

}  // namespace selling
