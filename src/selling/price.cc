#include "selling/price.h"

#include <array>

#include "base/result.h"

namespace selling {
namespace {

bool in_bounds(std::int64_t pence) { return pence > 0 && pence <= unit_pence_max; }

// The row of a kind that is in force: the latest beginning wins, then the lower price.
const PriceRow* in_force(std::span<const PriceRow> rows, PriceKind kind, Moment now) {
  const PriceRow* best = nullptr;
  for (const PriceRow& row : rows) {
    if (row.kind != kind || !row.when.holds(now)) continue;
    const bool is_later = best == nullptr || best->when.from < row.when.from;
    if (is_later || (best->when.from == row.when.from && row.pence < best->pence)) best = &row;
  }
  return best;
}

// Of a unit, or of the whole piece where it was weighed.
std::int64_t pence_of(const Sale& sale, Pence row_pence) {
  return sale.grams > 0 ? weighed_pence(sale.grams, row_pence) : row_pence;
}

Answer<LinePrice> list_price(std::span<const PriceRow> rows, const Sale& sale,
                             const Shopper& shopper, Moment now) {
  const PriceRow* regular = in_force(rows, PriceKind::regular, now);
  if (regular == nullptr) return no(Refusal::price_missing);
  const std::array kinds{
      std::pair{PriceKind::regular, true},
      std::pair{PriceKind::member, shopper.is_member},
      std::pair{PriceKind::colleague, shopper.is_colleague},
  };
  const PriceRow* best = regular;
  for (const auto& [kind, is_allowed] : kinds) {
    const PriceRow* row = is_allowed ? in_force(rows, kind, now) : nullptr;
    if (row == nullptr) continue;
    if (!in_bounds(row->pence)) return no(Refusal::price_out_of_range);
    if (row->pence < best->pence) best = row;
  }
  const std::int64_t pence = pence_of(sale, best->pence);
  const std::int64_t regular_pence = pence_of(sale, regular->pence);
  if (pence > unit_pence_max || regular_pence > unit_pence_max)
    return no(Refusal::price_out_of_range);
  return LinePrice{best->kind, static_cast<Pence>(pence), 0, regular_pence * sale.units};
}

Answer<LinePrice> label_price(const Sale& sale) {
  if (!in_bounds(sale.label_pence)) return no(Refusal::price_out_of_range);
  return LinePrice{PriceKind::label, sale.label_pence, 0, sale.label_pence};
}

}  // namespace

std::int64_t weighed_pence(Grams grams, Pence per_kg_pence) {
  return (std::int64_t{grams} * per_kg_pence + 500) / 1'000;
}

Answer<LinePrice> price_line(std::span<const PriceRow> prices, const Sale& sale,
                             const Shopper& shopper, Moment now) {
  const bool is_weighed = sale.grams != 0 || sale.label_pence != 0;
  if (sale.units < 1 || sale.units > (is_weighed ? 1 : line_units_max))
    return no(Refusal::units_out_of_range);
  if (sale.grams < 0 || sale.grams > line_grams_max) return no(Refusal::grams_out_of_range);
  LinePrice price =
      TRY(sale.label_pence != 0 ? label_price(sale)
                                : list_price(rows_of(prices, sale.product), sale, shopper, now));
  if (sale.sticker) {
    if (sale.sticker->last < now.day) return no(Refusal::sticker_expired);
    if (!in_bounds(sale.sticker->pence)) return no(Refusal::price_out_of_range);
    if (sale.sticker->pence < price.pence) {
      price.pence = sale.sticker->pence;
      price.kind = PriceKind::reduction;
    }
  }
  price.gross_pence = std::int64_t{price.pence} * sale.units;
  return price;
}

bool luhn_holds(std::string_view digits) {
  int sum = 0;
  bool is_doubled = false;
  for (std::size_t i = digits.size(); i-- > 0; is_doubled = !is_doubled) {
    const int value = (digits[i] - '0') * (is_doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

Answer<CardKind> read_card(std::span<const CardRow> cards, std::string_view number) {
  if (!std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }))
    return no(Refusal::code_not_digits);
  const auto row = std::ranges::find_if(cards, [&](const CardRow& card) {
    return number.size() == card.digits && number.starts_with(card.prefix.view());
  });
  if (row == cards.end()) return no(Refusal::card_unknown);
  if (!luhn_holds(number)) return no(Refusal::code_check_digit);
  return row->kind;
}

}  // namespace selling
