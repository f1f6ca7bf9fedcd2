// Offers of more than one unit: offers.csv, and which products are in each, offer_parts.csv.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "till/reading.h"

namespace till {
namespace {

using base::Date;
using base::Money;
using base::Result;
using estate::Column;
using estate::Expected;
using estate::Lookup;
using estate::Numbered;
using estate::Table;
using selling::Offer;
using selling::OfferId;
using selling::OfferKind;
using enum estate::Need;
namespace v = values;

struct OfferDraft {
  OfferId id = {};
  trade::Text<40> title = {};
  OfferKind kind = OfferKind::price;
  Date from = base::date_min, to = base::date_max;
  bool members_only = false;
  std::int32_t take = 0, pay = 0, percent = 0;
  std::optional<Money> price;
  std::uint32_t site = estate::none;
  std::string region;
};
Expected set_kind(OfferDraft& row, std::string_view text, const Lookup&) {
  constexpr auto words = std::to_array<std::string_view>(
      {"price", "percent_off", "n_for_m", "n_for_price", "meal_deal"});
  const auto word = std::ranges::find(words, text);
  if (word == words.end()) return "one of price, percent_off, n_for_m, n_for_price, meal_deal";
  row.kind = static_cast<OfferKind>(word - words.begin());
  return {};
}
constexpr auto offer_columns = std::to_array<Column<OfferDraft>>({
    {"offer", required, v::ascii<&OfferDraft::id>},
    {"kind", required, set_kind},
    {"title", optional, v::ascii<&OfferDraft::title>},
    {"from_date", optional, v::date<&OfferDraft::from>},
    {"to_date", optional, v::date<&OfferDraft::to>},
    {"members_only", optional, v::flag<&OfferDraft::members_only>},
    {"take", optional, v::whole<&OfferDraft::take, 2, selling::take_max>},
    {"pay", optional, v::whole<&OfferDraft::pay, 1, selling::take_max - 1>},
    {"price", optional, v::money<&OfferDraft::price>},
    {"percent", optional, v::whole<&OfferDraft::percent, 1, 100>},
    {"site", optional, v::site<&OfferDraft::site>},
    {"region", optional, v::text<&OfferDraft::region>},
});
// What each kind says and what it must not say.
estate::RowFault check_offer_row(const OfferDraft& row) {
  const bool takes = row.kind == OfferKind::n_for_m || row.kind == OfferKind::n_for_price;
  const bool pays = row.kind == OfferKind::n_for_m;
  const bool is_percent = row.kind == OfferKind::percent_off;
  const bool is_priced = !pays && !is_percent;
  if (takes != (row.take > 0))
    return {"take", takes ? "how many units it takes, from 2" : "none for this kind"};
  if (pays != (row.pay > 0))
    return {"pay", pays ? "how many of them are paid, from 1" : "none for this kind"};
  if (pays && row.pay >= row.take) return {"pay", "fewer than take"};
  if (is_percent != (row.percent > 0))
    return {"percent", is_percent ? "how much cheaper, from 1 to 100" : "none for this kind"};
  if (is_priced != row.price.has_value())
    return {"price", is_priced ? pence_expected : "none for this kind"};
  if (row.kind == OfferKind::meal_deal || row.kind == OfferKind::n_for_price) {
    if (row.price->pence() < 1 || row.price->pence() > selling::unit_pence_max)
      return {"price", pence_expected};
  }
  return estate::check_days(row);
}
constexpr Table<OfferDraft> offer_table{"offers.csv", offer_columns, check_offer_row};

struct PartRow {
  OfferId offer = {};
  std::int32_t part = 1;
  std::uint32_t product = estate::none;
};
constexpr auto part_columns = std::to_array<Column<PartRow>>({
    {"offer", required, v::ascii<&PartRow::offer>},
    {"product", required, v::product<&PartRow::product>},
    {"part", optional, v::whole<&PartRow::part, 1, selling::meal_parts_max>},
});
constexpr Table<PartRow> part_table{"offer_parts.csv", part_columns};

struct Parts {
  std::vector<std::vector<std::uint32_t>> products = {};  // by part, ascending
  std::uint64_t line = 0;                                 // of its first row
};

Result<std::map<OfferId, Parts>> read_parts(Reading& reading) {
  auto rows = TRY(estate::read_rows(reading.session, part_table));
  TRY(estate::sort_unique(
      reading.session, part_table.file, "offer, part and product", rows,
      [](const PartRow& row) { return std::tie(row.offer, row.part, row.product); }));
  std::map<OfferId, Parts> parts;
  for (const Numbered<PartRow>& numbered : rows) {
    auto& [products, line] = parts[numbered.row.offer];
    if (line == 0) line = numbered.line;
    const auto part = static_cast<std::size_t>(numbered.row.part);
    if (products.size() < part) products.resize(part);
    products[part - 1].push_back(numbered.row.product);
  }
  return parts;
}

// A price of goods that are weighed is that of a kilogram, so one price is for one measure.
Result<trade::Pence> price_of(Reading& reading, const Numbered<OfferDraft>& offer,
                              const Parts& parts) {
  const OfferDraft& row = offer.row;
  if (!row.price) return 0;
  if (row.kind != OfferKind::price) return static_cast<trade::Pence>(row.price->pence());
  const auto& products = parts.products.front();
  const bool is_mixed = std::ranges::any_of(products, [&](std::uint32_t product) {
    return reading.measure(product) != reading.measure(products.front());
  });
  if (is_mixed)
    return wrong(reading, offer_table.file, offer.line, "offer", row.id.view(),
                 "products of one measure: a price is of a unit, or of a gram");
  const auto pence = pence_of(reading, products.front(), *row.price);
  if (!pence)
    return wrong(reading, offer_table.file, offer.line, "price", base::to_string(*row.price),
                 pence_expected);
  return *pence;
}

Result<Offer> offer_of(Reading& reading, const Numbered<OfferDraft>& offer, const Parts& parts) {
  const OfferDraft& row = offer.row;
  Offer made;
  made.id = row.id;
  made.title = row.title.given() ? row.title : *trade::Text<40>::of(row.id.view());
  made.kind = row.kind;
  made.when = period_of(row.from, row.to);
  made.members_only = row.members_only;
  made.take = row.take;
  made.pay = row.pay;
  made.percent = row.percent;
  made.pence = TRY(price_of(reading, offer, parts));
  for (const auto& products : parts.products) {
    std::vector<trade::ProductId>& part = made.parts.emplace_back();
    for (const std::uint32_t product : products) part.push_back(reading.id(product));
  }
  if (!selling::check_offer(made))
    return wrong(reading, offer_table.file, offer.line, "offer", row.id.view(),
                 "an offer within its bounds");
  return made;
}

// What offer_parts.csv must say of an offer; empty where it does.
std::string_view parts_missing(const OfferDraft& row, const Parts& parts) {
  if (parts.products.empty()) return "products of it in offer_parts.csv";
  const bool is_meal = row.kind == OfferKind::meal_deal;
  if (is_meal && parts.products.size() < 2) return "two parts or more in offer_parts.csv";
  if (!is_meal && parts.products.size() > 1) return "one part in offer_parts.csv for this kind";
  for (const auto& products : parts.products)
    if (products.empty()) return "parts without a gap in offer_parts.csv";
  return {};
}

}  // namespace

Result<> read_offers(Reading& reading) {
  auto rows = TRY(estate::read_rows(reading.session, offer_table));
  TRY(estate::sort_unique(reading.session, offer_table.file, "offer", rows,
                          [](const OfferDraft& row) { return row.id; }));
  // Their order in the file decides ties.
  std::ranges::sort(rows, {}, &Numbered<OfferDraft>::line);
  auto parts = TRY(read_parts(reading));
  for (const Numbered<OfferDraft>& numbered : rows) {
    const OfferDraft& row = numbered.row;
    const Parts its = std::exchange(parts[row.id], {});
    parts.erase(row.id);
    const std::string_view missing = parts_missing(row, its);
    if (!missing.empty())
      return wrong(reading, offer_table.file, numbered.line, "offer", row.id.view(), missing);
    Offer offer = TRY(offer_of(reading, numbered, its));
    const bool is_here = place_of(reading, row.site, row.region) != Dated::Place::nowhere;
    if (is_here && !reading.has_ended(row.to)) reading.tables.offers.push_back(std::move(offer));
  }
  if (parts.empty()) return {};
  const auto& [id, unknown] = *parts.begin();
  return wrong(reading, part_table.file, unknown.line, "offer", id.view(),
               "an offer of offers.csv");
}

}  // namespace till
