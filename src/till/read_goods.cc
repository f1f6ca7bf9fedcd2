// The shop and its goods: sites.csv, shops.csv, products.csv, till_products.csv.
#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "till/reading.h"
#include "till/receipt_text.h"
#include "trade/online.h"

namespace till {
namespace {

using base::Date;
using base::Money;
using base::Result;
using estate::Column;
using estate::Measure;
using estate::Numbered;
using estate::Table;
using selling::Category;
using selling::Nation;
using enum estate::Need;
namespace v = values;

constexpr std::size_t shop_letters_max = 40;  // as wide as the paper
constexpr std::int64_t drink_ml_max = 100'000;

struct SiteRow {
  std::string id, name, region, nation;
};
constexpr auto site_columns = std::to_array<Column<SiteRow>>({
    {"site", required, v::id<&SiteRow::id>},
    {"name", optional, v::text<&SiteRow::name>},
    {"region", optional, v::text<&SiteRow::region>},
    {"nation", optional, v::text<&SiteRow::nation>},
});
constexpr Table<SiteRow> site_table{"sites.csv", site_columns};

struct ShopRow {
  std::uint32_t site = estate::none;
  trade::Text<shop_letters_max> shop = {};
  trade::Text<20> vat_number = {};
};
constexpr auto shop_columns = std::to_array<Column<ShopRow>>({
    {"site", optional, v::site<&ShopRow::site>},
    {"shop", optional, v::ascii<&ShopRow::shop>},
    {"vat_number", optional, v::ascii<&ShopRow::vat_number>},
});
constexpr Table<ShopRow> shop_table{"shops.csv", shop_columns};

struct ProductDraft {
  std::string id, name, age_rule, gtin;
  Measure measure = Measure::each;
  std::optional<Money> unit_price;
  std::optional<selling::VatCode> vat_code;
};
constexpr auto product_columns = std::to_array<Column<ProductDraft>>({
    {"product", required, v::id<&ProductDraft::id>},
    {"name", optional, v::text<&ProductDraft::name>},
    {"measure", optional, v::word<&ProductDraft::measure>},
    {"unit_price", optional, v::money<&ProductDraft::unit_price>},
    {"vat_code", optional, v::trade_word<&ProductDraft::vat_code>},
    {"age_rule", optional, v::text<&ProductDraft::age_rule>},
    {"gtin", optional, v::text<&ProductDraft::gtin>},
});
constexpr Table<ProductDraft> product_table{"products.csv", product_columns};

struct DetailRow {
  std::uint32_t product = estate::none;
  trade::Text<32> title = {};
  Category category = {};
  std::int32_t ml = 0, abv_tenths = 0;
};
constexpr auto detail_columns = std::to_array<Column<DetailRow>>({
    {"product", required, v::product<&DetailRow::product>},
    {"title", optional, v::ascii<&DetailRow::title>},
    {"category", optional, v::ascii<&DetailRow::category>},
    {"ml", optional, v::whole<&DetailRow::ml, 1, drink_ml_max>},
    {"abv", optional, v::percent<&DetailRow::abv_tenths, 10, 0>},
});
constexpr Table<DetailRow> detail_table{"till_products.csv", detail_columns};

// The till's own site. The law of its nation decides what is sold, so it must be known.
Result<> take_site(Reading& reading, const Numbered<SiteRow>& site) {
  const std::string_view expected =
      v::nation<&Tables::nation>(reading.tables, site.row.nation, reading.session.lookup);
  if (!expected.empty())
    return wrong(reading, site_table.file, site.line, "nation", site.row.nation,
                 "England, Scotland, Wales or Northern Ireland: its law is the till's");
  reading.site = reading.session.lookup.sites.find(site.row.id);
  reading.region = site.row.region;
  reading.tables.shop =
      receipt_text(site.row.name.empty() ? site.row.id : site.row.name, shop_letters_max);
  return {};
}

// "18" is a category of its own, with that age in every nation.
std::optional<std::uint8_t> years_of(std::string_view rule) {
  unsigned years = 0;
  const auto read = std::from_chars(rule.data(), rule.data() + rule.size(), years);
  if (read.ec != std::errc{} || read.ptr != rule.data() + rule.size()) return std::nullopt;
  if (years < 1 || years > trade::age_years_max) return std::nullopt;
  return static_cast<std::uint8_t>(years);
}

// Adds the categories that goods name, each once.
class Categories {
 public:
  explicit Categories(Tables& tables) : tables_(tables) {
    for (const selling::RestrictionRow& row : tables.restrictions) known_.insert(row.category);
  }
  bool has(const Category& category) const { return known_.contains(category); }
  // The category of an age_rule, if it is one.
  std::optional<Category> of_rule(std::string_view rule) {
    if (const auto years = years_of(rule)) return of_age(*years);
    const auto category = Category::of(rule);
    if (!category || !has(*category)) return std::nullopt;
    return category;
  }

 private:
  Category of_age(std::uint8_t years) {
    const Category category = *Category::of(fmt::format("age_{}", years));
    if (known_.insert(category).second)
      for (std::size_t nation = 0; nation < trade::count_of<Nation>; ++nation)
        tables_.restrictions.push_back(
            {category, static_cast<Nation>(nation), trade::Day{1}, {}, selling::MinimumAge{years}});
    return category;
  }

  Tables& tables_;
  std::set<Category> known_;
};

Result<> take_product(Reading& reading, Categories& categories,
                      const Numbered<ProductDraft>& product) {
  const ProductDraft& draft = product.row;
  selling::ProductRow made;
  made.product = *trade::ProductId::of(draft.id);
  made.title = *trade::Text<32>::of(receipt_text(draft.name.empty() ? draft.id : draft.name, 32));
  made.by_weight = draft.measure == Measure::g;
  if (!draft.age_rule.empty()) {
    const auto category = categories.of_rule(draft.age_rule);
    if (!category)
      return wrong(reading, product_table.file, product.line, "age_rule", draft.age_rule,
                   "years, or a category of restrictions.csv or built in");
    made.category = *category;
  }
  reading.session.lookup.products.add(draft.id);
  if (draft.vat_code)
    reading.tables.vat_codes.push_back({made.product, trade::Day{}, *draft.vat_code});
  reading.listed.push_back({draft.gtin, draft.unit_price, product.line});
  reading.tables.products.push_back(made);
  return {};
}

Result<> read_details(Reading& reading, const Categories& categories) {
  auto rows = TRY(estate::read_rows(reading.session, detail_table));
  TRY(estate::sort_unique(reading.session, detail_table.file, "product", rows,
                          [](const DetailRow& row) { return row.product; }));
  for (const Numbered<DetailRow>& detail : rows) {
    const DetailRow& row = detail.row;
    selling::ProductRow& product = reading.tables.products[row.product];
    if (row.title.given()) product.title = row.title;
    if (row.category.given() && !categories.has(row.category))
      return wrong(reading, detail_table.file, detail.line, "category", row.category.view(),
                   "a category of restrictions.csv or built in");
    if (row.category.given()) product.category = row.category;
    if (row.abv_tenths > 0 && row.ml == 0)
      return wrong(reading, detail_table.file, detail.line, "ml", "", "how much of it is drunk");
    product.ml = row.ml, product.abv_tenths = row.abv_tenths;
  }
  return {};
}

}  // namespace

Result<> read_shop(Reading& reading, std::string_view site_id) {
  auto sites = TRY(estate::read_rows(reading.session, site_table));
  TRY(estate::sort_unique(reading.session, site_table.file, "site", sites,
                          [](const SiteRow& row) -> const std::string& { return row.id; }));
  for (const Numbered<SiteRow>& site : sites) reading.session.lookup.sites.add(site.row.id);
  const auto own = std::ranges::find(
      sites, site_id,
      [](const Numbered<SiteRow>& site) -> std::string_view { return site.row.id; });
  if (own == sites.end())
    return base::fail(base::ErrorCode::input_missing,
                      fmt::format("sites.csv has no site {}", site_id));
  TRY(take_site(reading, *own));
  auto shops = TRY(estate::read_rows(reading.session, shop_table));
  TRY(estate::sort_unique(reading.session, shop_table.file, "site", shops,
                          [](const ShopRow& row) { return row.site; }));
  // The row for all sites is the last: of its values those count that the site's own lacks.
  std::ranges::reverse(shops);
  for (const Numbered<ShopRow>& shop : shops) {
    if (place_of(reading, shop.row.site, {}) == Dated::Place::nowhere) continue;
    if (shop.row.shop.given()) reading.tables.shop = shop.row.shop.view();
    if (shop.row.vat_number.given()) reading.tables.vat_number = shop.row.vat_number.view();
  }
  return {};
}

Result<> read_products(Reading& reading) {
  auto rows = TRY(estate::read_rows(reading.session, product_table));
  TRY(estate::sort_unique(reading.session, product_table.file, "product", rows,
                          [](const ProductDraft& row) -> const std::string& { return row.id; }));
  Categories categories(reading.tables);
  for (const Numbered<ProductDraft>& product : rows)
    TRY(take_product(reading, categories, product));
  return read_details(reading, categories);
}

}  // namespace till
