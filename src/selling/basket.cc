#include "selling/basket.h"

#include <algorithm>
#include <map>

#include "base/result.h"

namespace selling {
namespace {

const ProductRow* find_product(const Tables& tables, const ProductId& id) {
  const auto rows = rows_of(tables.products, id);
  return rows.empty() ? nullptr : &rows.front();
}

template <class Row, class Key>
const ProductRow* find_coded(const Tables& tables, std::span<const Row> rows, Key Row::*column,
                             const Key& key) {
  const auto row = std::ranges::lower_bound(rows, key, {}, column);
  if (row == rows.end() || (*row).*column != key) return nullptr;
  return find_product(tables, row->product);
}

std::int64_t saved(const PricedLine& line) {
  return std::max<std::int64_t>(0, line.price.regular_pence - line.price.gross_pence);
}

class Pricing {
 public:
  Pricing(const Tables& tables, const Shopper& shopper, Moment now)
      : tables_(tables), shopper_(shopper), now_(now) {}

  Answer<PricedBasket> run(const Basket& basket, const AgeCheck& age,
                           std::span<const OfferDecision> decisions) {
    for (const BasketLine& line : basket.lines()) price(line);
    if (made_.gross_pence > total_pence_max) return no(Refusal::total_out_of_range);
    if (decisions.empty()) {
      give(tables_.offers);
    } else {
      give(TRY(decide_offers({tables_.offers.begin(), tables_.offers.end()}, decisions)));
    }
    made_.vat = TRY(vat_summary(tables_.vat_rates, paid_by_code(), now_.day));
    restrict(age);
    return std::move(made_);
  }

 private:
  // Sets the price and the VAT code of a line, or a refusal of it.
  void price(const BasketLine& from) {
    const Sale& sale = from.sale;
    PricedLine line{
        .product = sale.product, .units = sale.units, .grams = sale.grams, .is_void = from.is_void};
    const ProductRow* product = find_product(tables_, sale.product);
    if (product != nullptr) line.title = product->title;
    if (!from.is_void) {
      const auto done = price_sale(sale, product, line);
      if (!done) refuse(made_.lines.size(), done.error());
    }
    made_.gross_pence += line.price.gross_pence;
    made_.lines.push_back(line);
  }

  Answer<void> price_sale(const Sale& sale, const ProductRow* product, PricedLine& line) const {
    if (product == nullptr) return no(Refusal::product_unknown);
    const VatCode code = TRY(vat_code(tables_.vat_codes, sale.product, now_.day));
    TRY(vat_basis_points(tables_.vat_rates, code, now_.day));
    line.price = TRY(price_line(tables_.prices, sale, shopper_, now_));
    line.vat = code;
    return {};
  }

  void give(std::span<const Offer> offers) {
    std::vector<OfferLine> lines;
    lines.reserve(made_.lines.size());
    for (const PricedLine& line : made_.lines) {
      const bool takes_part = line.price.gross_pence > 0 && line.price.kind != PriceKind::label;
      lines.push_back({line.product, takes_part ? line.units : 0, line.grams, line.price.pence});
    }
    const OffersGiven given = give_offers(offers, lines, shopper_, now_);
    std::map<std::uint32_t, OfferTotal> totals;
    for (const Application& one : given.applications) {
      const Offer& offer = offers[one.offer];
      OfferTotal& total = totals.try_emplace(one.offer, offer.id, offer.title).first->second;
      ++total.times;
      total.saving_pence += one.saving_pence;
      share(one);
    }
    for (const auto& [index, total] : totals) made_.offers.push_back(total);
    made_.offers_are_exact = given.is_exact;
    made_.offers_pence = given.saving_pence;
    made_.total_pence = made_.gross_pence - made_.offers_pence;
    made_.savings_pence = made_.offers_pence;
    for (const PricedLine& line : made_.lines) made_.savings_pence += saved(line);
  }

  // Each unit of an application bears its share of the saving, so that VAT is due on what was paid.
  void share(const Application& one) {
    std::vector<std::int64_t> weights;
    for (const std::uint32_t line : one.lines) weights.push_back(made_.lines[line].price.pence);
    const auto shares = apportion(one.saving_pence, weights);
    for (std::size_t i = 0; i < shares.size(); ++i)
      made_.lines[one.lines[i]].offers_pence += shares[i];
  }

  std::vector<VatLine> paid_by_code() const {
    std::vector<VatLine> lines;
    for (const PricedLine& line : made_.lines)
      if (line.price.gross_pence > 0) lines.push_back({line.vat, line.paid_pence()});
    return lines;
  }

  void restrict(const AgeCheck& age) {
    std::vector<RestrictedLine> lines;
    for (const PricedLine& line : made_.lines) {
      const ProductRow* product = find_product(tables_, line.product);
      RestrictedLine& one = lines.emplace_back();
      if (product == nullptr || line.price.gross_pence == 0) continue;
      one = {product->category, line.units, product->ml, product->abv_tenths, line.paid_pence()};
    }
    const auto refusals =
        check_restrictions(tables_.restrictions, tables_.nation, now_, age, lines);
    made_.refusals.insert(made_.refusals.end(), refusals.begin(), refusals.end());
    std::ranges::stable_sort(made_.refusals, {}, &LineRefusal::line);
  }

  void refuse(std::size_t line, Refusal why) {
    made_.refusals.push_back({static_cast<std::uint32_t>(line), why});
  }

  const Tables& tables_;
  const Shopper& shopper_;
  Moment now_;
  PricedBasket made_;
};

}  // namespace

Answer<std::uint32_t> Basket::add_scan(const Tables& tables, const Scan& scan, Units units,
                                       std::optional<Sticker> sticker) {
  Sale sale{.units = units, .sticker = sticker};
  if (const auto* gtin = std::get_if<Gtin>(&scan))
    return add(find_coded(tables, tables.gtins, &GtinRow::gtin, *gtin), sale);
  const auto& piece = std::get<Measured>(scan);
  (piece.measure == Measure::grams ? sale.grams : sale.label_pence) = piece.value;
  return add(find_coded(tables, tables.items, &ItemRow::item, piece.item), sale);
}

Answer<std::uint32_t> Basket::add_product(const Tables& tables, const ProductId& product,
                                          Units units, std::optional<Sticker> sticker) {
  return add(find_product(tables, product), {.units = units, .sticker = sticker});
}

Answer<std::uint32_t> Basket::add_weighed(const Tables& tables, const ProductId& product,
                                          Grams grams, std::optional<Sticker> sticker) {
  if (grams < 1) return no(Refusal::grams_out_of_range);
  return add(find_product(tables, product), {.units = 1, .grams = grams, .sticker = sticker});
}

Answer<std::uint32_t> Basket::add(const ProductRow* product, const Sale& sale) {
  if (product == nullptr) return no(Refusal::product_unknown);
  const bool is_measured = sale.grams != 0 || sale.label_pence != 0;
  if (product->by_weight && !is_measured) return no(Refusal::weight_missing);
  if (!product->by_weight && is_measured) return no(Refusal::weight_not_wanted);
  if (sale.units < 1 || sale.units > (is_measured ? 1 : line_units_max))
    return no(Refusal::units_out_of_range);
  if (sale.grams > line_grams_max) return no(Refusal::grams_out_of_range);
  if (sale.label_pence > unit_pence_max) return no(Refusal::price_out_of_range);
  if (lines_.size() == lines_max || units_ + sale.units > basket_units_max)
    return no(Refusal::basket_full);
  BasketLine& line = lines_.emplace_back(sale);
  line.sale.product = product->product;
  units_ += sale.units;
  return static_cast<std::uint32_t>(lines_.size() - 1);
}

Answer<BasketLine*> Basket::find_sold(std::uint32_t line) {
  if (line >= lines_.size()) return no(Refusal::line_unknown);
  if (lines_[line].is_void) return no(Refusal::line_void);
  return &lines_[line];
}

Answer<void> Basket::void_line(std::uint32_t line) {
  BasketLine* sold = TRY(find_sold(line));
  sold->is_void = true;
  units_ -= sold->sale.units;
  return {};
}

Answer<void> Basket::put_sticker(std::uint32_t line, const Sticker& sticker) {
  BasketLine* sold = TRY(find_sold(line));
  sold->sale.sticker = sticker;
  return {};
}

Answer<PricedBasket> price_basket(const Tables& tables, const Basket& basket,
                                  const Shopper& shopper, Moment now, const AgeCheck& age,
                                  std::span<const OfferDecision> decisions) {
  return Pricing(tables, shopper, now).run(basket, age, decisions);
}

}  // namespace selling
