// What a till of the sample sells by beside the estate's own files: docs/formats/till-tables.md.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "estate/sample/files.h"

namespace estate::sample {
namespace {

using base::Result;

const Category& category_of(const World& world, std::size_t product) {
  return categories()[world.traits[product].category];
}

// What a noun of beer_wine is drunk as. Of the packs, which fall in size, the first that is lawful
// at little more than half of its price counts: promotions take up to four tenths off.
struct Drink {
  std::string_view noun;
  std::int32_t abv_tenths;
  std::array<std::int32_t, 4> packs_ml;
};
constexpr Drink drinks[] = {
    {"Lager", 40, {4 * 440, 4 * 330, 440, 330}}, {"Ale", 42, {4 * 500, 3 * 500, 500, 330}},
    {"Cider", 45, {4 * 440, 1'000, 500, 330}},   {"Red wine", 130, {750, 375, 250, 187}},
    {"White wine", 120, {750, 375, 250, 187}},
};
constexpr std::int64_t dearest_unit_price_pence = 65;  // of a unit of alcohol, in any nation
constexpr double lawful_share = 0.55;

const Drink* drink_of(const Product& product) {
  const std::string_view noun = std::string_view(product.name).substr(0, product.name.find(','));
  const auto drink = std::ranges::find(drinks, noun, &Drink::noun);
  return drink == std::end(drinks) ? nullptr : &*drink;
}

std::int32_t pack_ml(const Drink& drink, const Product& product) {
  const double pence_max = static_cast<double>(product.unit_price->pence()) * lawful_share;
  for (const std::int32_t ml : drink.packs_ml) {
    const std::int64_t units_e4 = std::int64_t{ml} * drink.abv_tenths;
    if (static_cast<double>(units_e4 * dearest_unit_price_pence) / 10'000 <= pence_max) return ml;
  }
  return drink.packs_ml.back();
}

// Food is zero-rated but for what the law lists: confectionery, crisps, drinks, ice cream (VAT Act
// 1994, schedule 8, group 1). By category, so some single product would have another code.
std::string_view vat_code_of(std::string_view category) {
  constexpr auto standard = std::to_array<std::string_view>(
      {"ice_cream", "snacks", "confectionery", "soft_drinks", "water", "beer_wine", "household",
       "laundry", "toiletries", "pet"});
  return std::ranges::find(standard, category) == standard.end() ? "zero" : "standard";
}

Result<> write_shops(const Place& to) {
  auto csv = TRY(to.create("shops.csv", "site,shop,vat_number"));
  csv.empty().empty().text("GB 000 0000 00").end_row();  // nobody's
  return csv.finish();
}

Result<> write_products(const Place& to) {
  auto csv = TRY(to.create("till_products.csv", "product,category,ml,abv"));
  for (const Product& product : to.world.products) {
    if (product.name.starts_with("Paracetamol"))
      csv.text(product.id).text("painkillers").empty().empty().end_row();
    const Drink* drink = product.category == "beer_wine" ? drink_of(product) : nullptr;
    if (drink == nullptr) continue;
    csv.text(product.id).text("alcohol").whole(pack_ml(*drink, product));
    csv.text(fmt::format("{}.{}", drink->abv_tenths / 10, drink->abv_tenths % 10)).end_row();
  }
  return csv.finish();
}

Result<> write_vat_codes(const Place& to) {
  auto csv = TRY(to.create("vat_codes.csv", "product,vat_code"));
  for (const Product& product : to.world.products)
    csv.text(product.id).text(vat_code_of(product.category)).end_row();
  return csv.finish();
}

// The law comes with the till; this is what the retailer adds.
Result<> write_restrictions(const Place& to) {
  auto csv = TRY(to.create("restrictions.csv", "category,rule,units_max"));
  csv.text("painkillers").text("quantity").whole(2).end_row();
  return csv.finish();
}

Result<> write_cards(const Place& to) {
  auto csv = TRY(to.create("cards.csv", "prefix,digits,kind"));
  // ISO/IEC 7812-1 leaves what begins with 9 and a country's number to that country.
  csv.text("98261").whole(16).text("member").end_row();
  csv.text("98269").whole(16).text("colleague").end_row();
  return csv.finish();
}

// Pieces get a number from the range that GS1 leaves to a company's own use (prefix 04): those of
// products.csv begin with 20, which a till reads as goods with a price or a weight.
Result<> write_codes(const Place& to) {
  auto csv = TRY(to.create("codes.csv", "kind,code,product"));
  csv.text("layout").text("21RRRRRVPPPPC").empty().end_row();
  csv.text("layout").text("22RRRRRWWWWWC").empty().end_row();
  for (std::size_t i = 0; i < to.world.products.size(); ++i) {
    const Product& product = to.world.products[i];
    if (product.measure == Measure::each) {
      csv.text("gtin").text(with_check_digit(fmt::format("04{:010}", i + 1))).text(product.id);
      csv.end_row();
      continue;
    }
    for (const int prefix : {21, 22})
      csv.text("item").text(fmt::format("{}{:05}", prefix, i + 1)).text(product.id).end_row();
  }
  return csv.finish();
}

struct SampleOffer {
  std::string_view offer, kind, title;
  bool is_dated, members_only;
  int take, pay;
  std::string_view price;
  int percent;
  // What is in it: categories, by part; of weighed goods no unit can be in one.
  std::array<std::array<std::string_view, 2>, 3> parts;
};
constexpr SampleOffer offers[] = {
    {"lunch",
     "meal_deal",
     "Meal deal",
     false,
     false,
     0,
     0,
     "4.00",
     0,
     {{{"sandwiches"}, {"snacks"}, {"soft_drinks", "water"}}}},
    {"care-3-for-2", "n_for_m", "Care 3 for 2", false, false, 3, 2, "", 0, {{{"toiletries"}}}},
    {"2-meals",
     "n_for_price",
     "2 ready meals for 6.00",
     true,
     false,
     2,
     0,
     "6.00",
     0,
     {{{"ready_meals"}}}},
    {"tea-members",
     "percent_off",
     "Tea and coffee 10% off",
     false,
     true,
     0,
     0,
     "",
     10,
     {{{"tea_coffee"}}}},
};
constexpr int dated_offer_days = 21;

Result<> write_offers(const Place& to) {
  auto csv = TRY(to.create(
      "offers.csv", "offer,kind,title,from_date,to_date,members_only,take,pay,price,percent"));
  const Date last = to.world.options.last_day;
  for (const SampleOffer& offer : offers) {
    csv.text(offer.offer).text(offer.kind).text(offer.title);
    if (offer.is_dated)
      csv.date(last).date(last + dated_offer_days);
    else
      csv.empty().empty();
    csv.whole(offer.members_only);
    optional_whole(csv, offer.take);
    optional_whole(csv, offer.pay);
    csv.text(offer.price);
    optional_whole(csv, offer.percent);
    csv.end_row();
  }
  return csv.finish();
}

Result<> write_offer_parts(const Place& to) {
  auto csv = TRY(to.create("offer_parts.csv", "offer,part,product"));
  for (const SampleOffer& offer : offers)
    for (std::size_t part = 0; part < offer.parts.size(); ++part)
      for (std::size_t i = 0; i < to.world.products.size(); ++i) {
        const auto& wanted = offer.parts[part];
        const Product& product = to.world.products[i];
        if (product.measure != Measure::each) continue;
        if (std::ranges::find(wanted, category_of(to.world, i).name) == wanted.end()) continue;
        csv.text(offer.offer).whole(static_cast<std::int64_t>(part) + 1).text(product.id);
        csv.end_row();
      }
  return csv.finish();
}

}  // namespace

Result<> write_till_tables(io::Disk& disk, const io::Path& folder, const World& world) {
  const Place to{disk, folder, world};
  for (const auto write : {write_shops, write_products, write_vat_codes, write_restrictions,
                           write_cards, write_codes, write_offers, write_offer_parts})
    TRY(write(to));
  return {};
}

}  // namespace estate::sample
