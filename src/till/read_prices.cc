// What things cost: prices.csv and what products.csv says of it, promotions.csv.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/words.h"
#include "crypto/sha256.h"
#include "till/reading.h"

namespace till {
namespace {

using base::Date;
using base::Money;
using base::Result;
using estate::Column;
using estate::Expected;
using estate::Lookup;
using estate::Mechanic;
using estate::Numbered;
using estate::Table;
using selling::Offer;
using selling::PriceKind;
using enum estate::Need;
namespace v = values;

struct PriceDraft {
  std::uint32_t product = estate::none;
  Date from = base::date_min, to = base::date_max;
  Money price;
  std::uint32_t site = estate::none;
  std::string region;
  std::string kind_word;
  PriceKind kind = PriceKind::regular;
};
// A continuity copy calls a price that ends a promotion; anybody pays it.
Expected set_kind(PriceDraft& row, std::string_view text, const Lookup&) {
  constexpr auto kinds =
      std::to_array<std::pair<std::string_view, PriceKind>>({{"regular", PriceKind::regular},
                                                             {"promotion", PriceKind::regular},
                                                             {"member", PriceKind::member},
                                                             {"colleague", PriceKind::colleague}});
  const auto kind = std::ranges::find(kinds, text, &std::pair<std::string_view, PriceKind>::first);
  if (kind == kinds.end()) return "one of regular, promotion, member, colleague";
  row.kind_word = text;
  row.kind = kind->second;
  return {};
}
constexpr auto price_columns = std::to_array<Column<PriceDraft>>({
    {"product", required, v::product<&PriceDraft::product>},
    {"from_date", required, v::date<&PriceDraft::from>},
    {"price", required, v::money<&PriceDraft::price>},
    {"to_date", optional, v::date<&PriceDraft::to>},
    {"site", optional, v::site<&PriceDraft::site>},
    {"region", optional, v::text<&PriceDraft::region>},
    {"kind", optional, set_kind},
});
constexpr Table<PriceDraft> price_table{"prices.csv", price_columns,
                                        estate::check_days<PriceDraft>};

struct PromotionDraft {
  std::string promotion;
  std::uint32_t product = estate::none;
  Date from = base::date_min, to = base::date_max;
  std::uint32_t site = estate::none;
  std::string region;
  Mechanic mechanic = Mechanic::none;
  std::optional<Money> price;
};
constexpr auto promotion_columns = std::to_array<Column<PromotionDraft>>({
    {"promotion", required, v::text<&PromotionDraft::promotion>},
    {"product", required, v::product<&PromotionDraft::product>},
    {"from_date", required, v::date<&PromotionDraft::from>},
    {"to_date", required, v::date<&PromotionDraft::to>},
    {"site", optional, v::site<&PromotionDraft::site>},
    {"region", optional, v::text<&PromotionDraft::region>},
    {"mechanic", optional, v::word<&PromotionDraft::mechanic>},
    {"price", optional, v::money<&PromotionDraft::price>},
});
constexpr Table<PromotionDraft> promotion_table{"promotions.csv", promotion_columns,
                                                estate::check_days<PromotionDraft>};

// The rows of prices.csv that are for this shop, by product and kind.
using PriceRows = std::map<std::pair<std::uint32_t, PriceKind>, std::vector<Dated>>;

Result<PriceRows> rows_of_shop(Reading& reading) {
  auto rows = TRY(estate::read_rows(reading.session, price_table));
  TRY(estate::sort_unique(
      reading.session, price_table.file, "product, from_date, site, region and kind", rows,
      [](const PriceDraft& row) {
        return std::tie(row.product, row.from, row.site, row.region, row.kind_word);
      }));
  PriceRows made;
  for (const Numbered<PriceDraft>& numbered : rows) {
    const PriceDraft& row = numbered.row;
    const auto pence = pence_of(reading, row.product, row.price);
    if (!pence)
      return wrong(reading, price_table.file, numbered.line, "price", base::to_string(row.price),
                   pence_expected);
    const Dated::Place place = place_of(reading, row.site, row.region);
    if (place == Dated::Place::nowhere || reading.has_ended(row.to)) continue;
    made[{row.product, row.kind}].push_back({row.from, row.to, place, *pence});
  }
  return made;
}

// products.csv's price is what anybody pays on days of which prices.csv says nothing. Nothing is
// not a price: such a product cannot be sold.
Result<> add_listed_prices(Reading& reading, PriceRows& rows) {
  for (std::uint32_t product = 0; product < reading.listed.size(); ++product) {
    const Reading::Listed& listed = reading.listed[product];
    if (!listed.unit_price || listed.unit_price->e4 == 0) continue;
    const auto pence = pence_of(reading, product, *listed.unit_price);
    if (!pence)
      return wrong(reading, "products.csv", listed.line, "unit_price",
                   base::to_string(*listed.unit_price), pence_expected);
    rows[{product, PriceKind::regular}].push_back(
        {base::date_min, base::date_max, Dated::Place::fallback, *pence});
  }
  return {};
}

// An id that stays over readings, for whoever suspends the offer. Of 10,000 offers two have one id
// with a chance of 1 in 20,000 (40 bits of a digest); then suspending it would suspend the first.
selling::OfferId id_of(const PromotionDraft& row, const trade::ProductId& product, Date from) {
  crypto::Sha256 sha;
  sha.add(fmt::format("{}\n{}\n{}", row.promotion, product.view(), base::to_string(from)));
  return *selling::OfferId::of("promo." + sha.finish_hex().substr(0, 10));
}

Offer offer_of(const Reading& reading, const PromotionDraft& row, const Dated& dated) {
  const selling::ProductRow& product = reading.tables.products[row.product];
  const bool is_for_members = row.mechanic == Mechanic::member;
  Offer made;
  made.id = id_of(row, product.product, dated.from);
  made.title = *trade::Text<40>::of(
      fmt::format("{} {}", product.title.view(), is_for_members ? "member" : "offer"));
  made.kind = selling::OfferKind::price;
  made.when = period_of(dated.from, dated.to);
  made.members_only = is_for_members;
  made.pence = static_cast<trade::Pence>(dated.pence);
  made.parts = {{product.product}};
  return made;
}

}  // namespace

Result<> read_prices(Reading& reading) {
  PriceRows rows = TRY(rows_of_shop(reading));
  TRY(add_listed_prices(reading, rows));
  std::set<std::uint32_t> priced;
  for (auto& [key, dated] : rows) {
    const auto& [product, kind] = key;
    if (kind == PriceKind::regular) priced.insert(product);
    for (const Dated& row : most_specific(std::move(dated)))
      reading.tables.prices.push_back({reading.id(product), kind, period_of(row.from, row.to),
                                       static_cast<trade::Pence>(row.pence)});
  }
  const auto unpriced = static_cast<std::int64_t>(reading.tables.products.size() - priced.size());
  if (unpriced > 0)
    reading.tables.notes.push_back(fmt::format("{} without a price, which cannot be sold",
                                               base::counted(unpriced, "product")));
  return {};
}

// Rows of one promotion and product are one offer, of which the most specific row counts.
Result<> read_promotions(Reading& reading) {
  auto rows = TRY(estate::read_rows(reading.session, promotion_table));
  TRY(estate::sort_unique(
      reading.session, promotion_table.file, "product, promotion, from_date, site and region", rows,
      [](const PromotionDraft& row) {
        return std::tie(row.product, row.promotion, row.from, row.site, row.region);
      }));
  std::int64_t unsaid = 0;
  const PromotionDraft* first = nullptr;
  std::vector<Dated> dated;
  const auto give = [&] {
    for (const Dated& row : most_specific(std::exchange(dated, {})))
      reading.tables.offers.push_back(offer_of(reading, *first, row));
  };
  for (const Numbered<PromotionDraft>& numbered : rows) {
    const PromotionDraft& row = numbered.row;
    const Dated::Place place = place_of(reading, row.site, row.region);
    if (place == Dated::Place::nowhere || reading.has_ended(row.to)) continue;
    const bool is_price = row.mechanic == Mechanic::price || row.mechanic == Mechanic::member;
    if (!is_price || !row.price) {
      ++unsaid;
      continue;
    }
    const auto pence = pence_of(reading, row.product, *row.price);
    if (!pence)
      return wrong(reading, promotion_table.file, numbered.line, "price",
                   base::to_string(*row.price), pence_expected);
    const bool is_same = first != nullptr && first->product == row.product &&
                         first->promotion == row.promotion && first->mechanic == row.mechanic;
    if (!is_same) {
      give();
      first = &row;
    }
    dated.push_back({row.from, row.to, place, *pence});
  }
  give();
  if (unsaid > 0)
    reading.tables.notes.push_back(fmt::format(
        "{} of promotions.csv without a price, or whose mechanic says too little: see offers.csv",
        base::counted(unsaid, "row")));
  return {};
}

}  // namespace till
