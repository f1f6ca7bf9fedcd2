#include "till/tables.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "estate/sample.h"
#include "selling/basket.h"
#include "till/built_in.h"
#include "till/receipt_text.h"
#include "till/testing/small_folder.h"

namespace till {
namespace {

using base::Date;
using base::make_date;
using selling::Moment;
using selling::PriceKind;
using testing::Files;
using testing::read_files;
using testing::small_folder;
using trade::ProductId;

constexpr std::uint16_t noon = 12 * 60;

Moment at(int year, int month, int day, std::uint16_t minute = noon) {
  return {trade::to_day(make_date(year, month, day)), minute};
}
ProductId id(std::string_view text) { return *ProductId::of(text); }

Files with(const std::string& file, const std::string& content) {
  Files files = small_folder();
  files[file] = content;
  return files;
}
Files with_rows(const std::string& file, const std::string& rows) {
  Files files = small_folder();
  files[file] += rows;
  return files;
}

std::string error_of(const Files& files) {
  const auto tables = read_files(files);
  return tables ? "no error" : tables.error().message;
}

testing::TablesPtr read(const Files& files, std::optional<Date> today = std::nullopt) {
  auto tables = read_files(files, today);
  EXPECT_TRUE(tables) << (tables ? "" : tables.error().message);
  return tables ? *tables : std::make_shared<const Tables>();
}

// Pence of a unit or a kilogram, 0 where nothing is asked.
trade::Pence price(const Tables& tables, std::string_view product, Moment now,
                   PriceKind kind = PriceKind::regular) {
  trade::Pence pence = 0;
  int rows = 0;
  for (const selling::PriceRow& row :
       selling::rows_of<selling::PriceRow>(tables.prices, id(product)))
    if (row.kind == kind && row.when.holds(now)) pence = row.pence, ++rows;
  EXPECT_LE(rows, 1) << "rows of a kind overlap";
  return pence;
}

ProductId product_of(const Tables& tables, const std::string& code) {
  const auto scan = selling::read_barcode(code, tables.layouts);
  EXPECT_TRUE(scan) << code;
  if (!scan) return {};
  if (const auto* gtin = std::get_if<selling::Gtin>(&*scan)) {
    const auto row = std::ranges::lower_bound(tables.gtins, *gtin, {}, &selling::GtinRow::gtin);
    return row != tables.gtins.end() && row->gtin == *gtin ? row->product : ProductId{};
  }
  const auto& item = std::get<selling::Measured>(*scan).item;
  const auto row = std::ranges::lower_bound(tables.items, item, {}, &selling::ItemRow::item);
  return row != tables.items.end() && row->item == item ? row->product : ProductId{};
}

TEST(Tables, two_files_are_enough_to_sell_by) {
  const auto tables = read(small_folder());
  EXPECT_EQ(tables->shop, "Car Dydd");
  EXPECT_EQ(tables->nation, selling::Nation::scotland);
  ASSERT_EQ(tables->products.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(tables->products, {}, &selling::ProductRow::product));
  EXPECT_EQ(price(*tables, "milk", at(2026, 11, 27)), 155);
  EXPECT_EQ(price(*tables, "grapes", at(2026, 11, 27)), 430);  // of a kilogram
  EXPECT_EQ(product_of(*tables, "5012345678900"), id("cola"));

  selling::Basket basket;
  ASSERT_TRUE(basket.add_scan(tables->view(), *selling::read_barcode("5012345678900", {}), 2));
  ASSERT_TRUE(basket.add_weighed(tables->view(), id("grapes"), 500));
  const auto priced = selling::price_basket(tables->view(), basket, {}, at(2026, 11, 27), {}, {});
  ASSERT_TRUE(priced);
  EXPECT_TRUE(priced->refusals.empty());
  EXPECT_EQ(priced->total_pence, 330 + 215);
  ASSERT_EQ(priced->vat.size(), 2u);
  EXPECT_EQ(priced->vat[0].basis_points, 2'000);
}

TEST(Tables, a_till_needs_its_site_and_that_site_its_nation) {
  estate::testing::MemoryDisk disk(small_folder());
  EXPECT_EQ(read_tables(disk, "folder", "S9").error().message, "sites.csv has no site S9");
  EXPECT_EQ(read_tables(disk, "folder", "S9").error().code, base::ErrorCode::input_missing);
  EXPECT_EQ(error_of(with("sites.csv", "site,nation\nS1,\n")),
            "sites.csv:2: column nation: \"\": expected England, Scotland, Wales or Northern "
            "Ireland: its law is the till's");
  EXPECT_EQ(error_of(with("sites.csv", "site,nation\nS1,northern_ireland\nS2,Jersey\n")),
            "no error");
  Files files = small_folder();
  files.erase("products.csv");
  EXPECT_EQ(error_of(files), "folder: expected a file products.csv in the estate folder");
}

TEST(Tables, say_the_limits_of_selling_where_there_is_a_file_of_them) {
  EXPECT_FALSE((*read_files(small_folder()))->limits);
  const auto tables = read_files(with("limits.csv", "limit,value\ncontactless_pence,15000\n"));
  ASSERT_TRUE(tables);
  trade::Limits wanted;
  wanted.contactless_pence = 15'000;
  EXPECT_EQ((*tables)->limits, wanted) << "what it does not name is as usual";
}

TEST(Tables, every_bad_value_is_named_with_its_line_and_what_was_expected) {
  struct Case {
    Files files;
    const char* message;
  };
  const std::string codes = "kind,code,product\nlayout,21RRRRRVPPPPC,\n";
  const std::string offers = "offer,kind,take,pay,price,percent\n";
  const std::string parts = "offer,part,product\n";
  const auto offer = [&](const std::string& row, const std::string& its_parts) {
    Files files = with("offers.csv", offers + row);
    files["offer_parts.csv"] = parts + its_parts;
    return files;
  };
  const std::string restrictions =
      "category,rule,nation,years,from_time,until_time,unit_price,units_max\n";
  const Case cases[] = {
      {with_rows("products.csv", "pen,Pen,each,1,twenty,,\n"),
       "products.csv:7: column vat_code: \"twenty\": expected one of standard, reduced, zero, "
       "exempt, outside_scope"},
      {with_rows("products.csv", "pen,Pen,each,1,zero,pencils,\n"),
       "products.csv:7: column age_rule: \"pencils\": expected years, or a category of "
       "restrictions.csv or built in"},
      {with_rows("products.csv", "pen,Pen,each,100001,zero,,\n"),
       "products.csv:7: column unit_price: \"100001\": expected a price of 1 penny to 100000 "
       "pounds of a unit or a kilogram"},
      {with_rows("products.csv", "pen,Pen,each,1,zero,,5012345678901\n"),
       "products.csv:7: column gtin: \"5012345678901\": expected a GTIN of 8, 12, 13 or 14 digits "
       "with its check digit"},
      {with_rows("products.csv", "pen,Pen,each,1,zero,,5012345678900\n"),
       "products.csv:7: column gtin: \"pen\": expected one product for a code: cola has it in "
       "products.csv:4"},
      {with("shops.csv", "shop\nGlasgów\n"),
       "shops.csv:2: column shop: \"Glasgów\": expected at most 40 characters of printable ASCII"},
      {with("till_products.csv", "product,category\nmilk,dairy\n"),
       "till_products.csv:2: column category: \"dairy\": expected a category of restrictions.csv "
       "or built in"},
      {with("till_products.csv", "product,abv\nwhisky,40\n"),
       "till_products.csv:2: column ml: \"\": expected how much of it is drunk"},
      {with("till_products.csv", "product,ml,abv\nwhisky,700,4.55\n"),
       "till_products.csv:2: column abv: \"4.55\": expected a percentage from 0 to 100 with at "
       "most 1 decimal"},
      {with("limits.csv", "limit,value\ncash_pence,5\n"),
       "limits.csv:2: column limit: \"cash_pence\": expected a limit that GET /v1/limits names"},
      {with("limits.csv", "limit,value\nstore_age_hours,25\n"),
       "limits.csv:2: column value: \"25\": expected at most 24"},
      {with("limits.csv", "limit,value\nstore_count,5\nstore_count,5\n"),
       "limits.csv:3: the same limit as in line 2; expected each key once"},
      {with("vat_codes.csv", "product,vat_code\nmilk,zero\nmilk,standard\n"),
       "vat_codes.csv:3: the same product and from_date as in line 2; expected each key once"},
      {with("vat_rates.csv", "vat_code,percent\nzero,5\n"),
       "vat_rates.csv:2: column percent: \"5\": expected 0 for this code"},
      {with("restrictions.csv", restrictions + "flour,age,,,,,,\n"),
       "restrictions.csv:2: column years: \"\": expected the age in years"},
      {with("restrictions.csv", restrictions + "flour,hours,,,,22:00,,\n"),
       "restrictions.csv:2: column from_time: \"\": expected when the sale begins, HH:MM"},
      {with("restrictions.csv", restrictions + "flour,hours,,,22:00,10:00,,\n"),
       "restrictions.csv:2: column until_time: \"10:00\": expected when the sale ends, HH:MM later "
       "than from_time"},
      {with("restrictions.csv", restrictions + "flour,unit_price,Wales,,,,,\n"),
       "restrictions.csv:2: column unit_price: \"\": expected pounds for a unit of alcohol, at "
       "least a penny"},
      {with("restrictions.csv", restrictions + "flour,quantity,,,,,,\n"),
       "restrictions.csv:2: column units_max: \"\": expected the most that a basket may hold"},
      {with("restrictions.csv", restrictions + "flour,weight,,,,,,\n"),
       "restrictions.csv:2: column rule: \"weight\": expected one of age, hours, unit_price, "
       "quantity"},
      {with("restrictions.csv", restrictions + "flour,age,Man,18,,,,\n"),
       "restrictions.csv:2: column nation: \"Man\": expected one of england, scotland, wales, "
       "northern_ireland"},
      {with("cards.csv", "prefix,digits,kind\n98x,16,member\n"),
       "cards.csv:2: column prefix: \"98x\": expected 1 to 12 digits"},
      {with("cards.csv", "prefix,digits,kind\n98261,5,member\n"),
       "cards.csv:2: column digits: \"5\": expected more digits than the prefix has"},
      {with("cards.csv", "prefix,digits,kind\n9826,16,friend\n"),
       "cards.csv:2: column kind: \"friend\": expected one of member, colleague"},
      {with("codes.csv", "kind,code,product\nlayout,21RRRRR,\n"),
       "codes.csv:2: column code: \"21RRRRR\": expected a layout of 13 signs such as "
       "20RRRRRVPPPPC or 21RRRRRWWWWWC"},
      {with("codes.csv", codes + "layout,21RRRRRWWWWWC,\n"),
       "codes.csv:3: column code: \"21RRRRRWWWWWC\": expected a layout that begins with other "
       "digits than those above it"},
      {with("codes.csv", codes + "layout,22RRRRRWWWWWC,milk\n"),
       "codes.csv:3: column product: \"milk\": expected none for a layout"},
      {with("codes.csv", codes + "item,2212345,grapes\n"),
       "codes.csv:3: column code: \"2212345\": expected the leading digits and the item reference "
       "of a layout of this file"},
      {with("codes.csv", codes + "item,2112345,milk\n"),
       "codes.csv:3: column product: \"milk\": expected a product that is sold by weight, measure "
       "g"},
      {with("codes.csv", codes + "item,2112345,\n"),
       "codes.csv:3: column product: \"\": expected a product of products.csv"},
      {with("codes.csv", codes + "gtin,2000000000015,milk\n"),
       "codes.csv:3: column code: \"2000000000015\": expected a GTIN; of 20 to 29 there are items "
       "of a layout only"},
      {with("codes.csv", codes + "name,1,milk\n"),
       "codes.csv:3: column kind: \"name\": expected one of layout, item, gtin"},
      {with("barcodes.csv", "barcode,product\n123,milk\n"),
       "barcodes.csv:2: column barcode: \"123\": expected a GTIN of 8, 12, 13 or 14 digits with "
       "its check digit"},
      {with("barcodes.csv", "barcode,product,kind\nbanana,grapes,plu\n"),
       "barcodes.csv:2: column barcode: \"banana\": expected a look-up number of 1 to 9 digits"},
      {with("barcodes.csv", "barcode,product\n5012345678900,milk\n05012345678900,wrap\n"),
       "barcodes.csv:3: column barcode: \"wrap\": expected one product for a code: milk has it in "
       "barcodes.csv:2"},
      {with("prices.csv", "product,from_date,price\nmilk,2026-01-01,0\n"),
       "prices.csv:2: column price: \"0\": expected a price of 1 penny to 100000 pounds of a unit "
       "or a kilogram"},
      {with("prices.csv", "product,from_date,price,kind\nmilk,2026-01-01,1,online\n"),
       "prices.csv:2: column kind: \"online\": expected one of regular, promotion, "
       "member, colleague"},
      {with("prices.csv", "product,from_date,price\nbread,2026-01-01,1\n"),
       "prices.csv:2: column product: \"bread\": expected a product of products.csv"},
      {with("prices.csv", "product,from_date,price,site\nmilk,2026-01-01,1,S9\n"),
       "prices.csv:2: column site: \"S9\": expected a site of sites.csv"},
      {with("promotions.csv",
            "promotion,product,from_date,to_date,mechanic,price\nA,milk,2026-01-01,2026-01-07,"
            "price,0\n"),
       "promotions.csv:2: column price: \"0\": expected a price of 1 penny to 100000 pounds of a "
       "unit or a kilogram"},
      {offer("A,gift,,,,\n", "A,1,milk\n"),
       "offers.csv:2: column kind: \"gift\": expected one of price, percent_off, n_for_m, "
       "n_for_price, meal_deal"},
      {offer("A,n_for_m,,2,,\n", "A,1,milk\n"),
       "offers.csv:2: column take: \"\": expected how many units it takes, from 2"},
      {offer("A,price,3,,1,\n", "A,1,milk\n"),
       "offers.csv:2: column take: \"3\": expected none for this kind"},
      {offer("A,n_for_m,3,,,\n", "A,1,milk\n"),
       "offers.csv:2: column pay: \"\": expected how many of them are paid, from 1"},
      {offer("A,n_for_m,3,3,,\n", "A,1,milk\n"),
       "offers.csv:2: column pay: \"3\": expected fewer than take"},
      {offer("A,percent_off,,,,\n", "A,1,milk\n"),
       "offers.csv:2: column percent: \"\": expected how much cheaper, from 1 to 100"},
      {offer("A,percent_off,,,1,10\n", "A,1,milk\n"),
       "offers.csv:2: column price: \"1\": expected none for this kind"},
      {offer("A,meal_deal,,,0,\n", "A,1,milk\nA,2,wrap\n"),
       "offers.csv:2: column price: \"0\": expected a price of 1 penny to 100000 pounds of a unit "
       "or a kilogram"},
      {offer("A,price,,,1,\n", ""),
       "offers.csv:2: column offer: \"A\": expected products of it in offer_parts.csv"},
      {offer("A,meal_deal,,,4,\n", "A,1,milk\n"),
       "offers.csv:2: column offer: \"A\": expected two parts or more in offer_parts.csv"},
      {offer("A,meal_deal,,,4,\n", "A,1,milk\nA,3,wrap\n"),
       "offers.csv:2: column offer: \"A\": expected parts without a gap in offer_parts.csv"},
      {offer("A,price,,,1,\n", "A,1,milk\nA,2,wrap\n"),
       "offers.csv:2: column offer: \"A\": expected one part in offer_parts.csv for this kind"},
      {offer("A,price,,,1,\n", "A,1,milk\nA,1,grapes\n"),
       "offers.csv:2: column offer: \"A\": expected products of one measure: a price is of a unit, "
       "or of a gram"},
      {offer("A,price,,,1,\nA,price,,,2,\n", "A,1,milk\n"),
       "offers.csv:3: the same offer as in line 2; expected each key once"},
      {offer("A,price,,,1,\n", "A,1,milk\nB,1,milk\n"),
       "offer_parts.csv:3: column offer: \"B\": expected an offer of offers.csv"},
  };
  for (const Case& one : cases) EXPECT_EQ(error_of(one.files), one.message);
}

TEST(Tables, the_most_specific_price_wins_on_each_day_whichever_began_last) {
  const auto tables = read(with("prices.csv",
                                "product,from_date,price,to_date,site,region,kind\n"
                                "milk,2026-01-01,1.50,,,,\n"
                                "milk,2026-02-01,1.30,2026-02-28,S1,,regular\n"
                                "milk,2026-02-10,1.70,,,,\n"
                                "milk,2026-02-20,1.20,2026-03-10,,North,\n"
                                "milk,2026-02-20,1.10,,,South,\n"
                                "milk,2026-02-20,1.00,,S2,,\n"
                                "milk,2026-03-05,1.40,2026-03-06,,,member\n"
                                "milk,2026-04-01,1.45,2026-04-07,,,promotion\n"
                                "milk,2026-04-01,1.75,,,,regular\n"));
  EXPECT_EQ(price(*tables, "milk", at(2025, 12, 31)), 155);  // products.csv
  EXPECT_EQ(price(*tables, "milk", at(2026, 1, 1, 0)), 150);
  EXPECT_EQ(price(*tables, "milk", at(2026, 1, 31, 1'439)), 150);
  EXPECT_EQ(price(*tables, "milk", at(2026, 2, 1, 0)), 130);
  EXPECT_EQ(price(*tables, "milk", at(2026, 2, 15)), 130);
  EXPECT_EQ(price(*tables, "milk", at(2026, 2, 28, 1'439)), 130);
  EXPECT_EQ(price(*tables, "milk", at(2026, 3, 1)), 120);
  EXPECT_EQ(price(*tables, "milk", at(2026, 3, 11)), 170);
  EXPECT_EQ(price(*tables, "milk", at(2026, 4, 1)), 145);
  EXPECT_EQ(price(*tables, "milk", at(2026, 4, 8)), 175);
  EXPECT_EQ(price(*tables, "milk", at(2026, 3, 4), PriceKind::member), 0);
  EXPECT_EQ(price(*tables, "milk", at(2026, 3, 6), PriceKind::member), 140);
  EXPECT_EQ(price(*tables, "milk", at(2026, 3, 7), PriceKind::member), 0);
  EXPECT_TRUE(std::ranges::is_sorted(tables->prices, {}, &selling::PriceRow::product));
}

TEST(Tables, what_has_ended_is_left_out_and_of_a_barcode_the_row_of_the_day_counts) {
  Files files = with("barcodes.csv",
                     "barcode,product,units,kind,from_date,to_date\n"
                     "5000000000012,milk,,,,2026-03-31\n"
                     "5000000000012,wrap,,,2026-04-01,\n"
                     "5000000000029,milk,,,2026-05-01,\n"
                     "15000000000019,milk,12,case,,\n");
  files["prices.csv"] = "product,from_date,price,to_date\nmilk,2026-01-01,1.20,2026-01-31\n";
  files["offers.csv"] = "offer,kind,percent,to_date\nold,percent_off,10,2026-03-31\n";
  files["offer_parts.csv"] = "offer,product\nold,milk\n";
  const auto march = read(files, make_date(2026, 3, 31));
  EXPECT_EQ(product_of(*march, "5000000000012"), id("milk"));
  EXPECT_EQ(product_of(*march, "5000000000029"), ProductId{});
  EXPECT_EQ(product_of(*march, "15000000000019"), ProductId{});
  EXPECT_EQ(price(*march, "milk", at(2026, 1, 15)), 155);
  EXPECT_EQ(march->offers.size(), 1u);
  EXPECT_EQ(march->notes,
            (std::vector<std::string>{"1 barcode of inners and cases: a till sells pieces"}));
  const auto april = read(files, make_date(2026, 4, 1));
  EXPECT_EQ(product_of(*april, "5000000000012"), id("wrap"));
  EXPECT_TRUE(april->offers.empty());
  const auto undated = read(files);
  EXPECT_EQ(product_of(*undated, "5000000000012"), id("wrap"));
  EXPECT_EQ(price(*undated, "milk", at(2026, 1, 15)), 120);
}

TEST(Tables, weighed_goods_have_the_codes_of_every_layout_that_has_room) {
  Files files = with("codes.csv",
                     "kind,code,product\nitem,2100042,grapes\nlayout,21RRRRRVPPPPC,\n"
                     "layout,22RRRRRWWWWWC,\ngtin,0400000000015,milk\n");
  files["barcodes.csv"] = "barcode,product,kind\n4022,grapes,plu\n2000000000015,milk,each\n";
  const auto tables = read(files);
  std::vector<std::string> items;
  for (const selling::ItemRow& row : tables->items) items.emplace_back(row.item.view());
  EXPECT_EQ(items, (std::vector<std::string>{"2100042", "2104022", "2204022"}));
  EXPECT_EQ(product_of(*tables, "0400000000015"), id("milk"));
  EXPECT_TRUE(std::ranges::is_sorted(tables->gtins, {}, &selling::GtinRow::gtin));
  EXPECT_EQ(tables->notes.size(), 1u);  // the code from 20
}

TEST(Tables, a_category_that_the_file_names_is_the_files_alone) {
  Files files = with("restrictions.csv",
                     "category,rule,nation,years,from_date,to_date,weekdays,from_time,until_time\n"
                     "alcohol,age,,21,2026-01-01,2026-06-30,,,\n"
                     "alcohol,hours,Scotland,,,,67,09:30,24:00\n");
  files["till_products.csv"] = "product,title,category,ml,abv\ncola,Cola,knives,,\n";
  const auto tables = read(files);
  std::size_t of_alcohol = 0, of_knives = 0;
  for (const selling::RestrictionRow& row : tables->restrictions) {
    of_alcohol += row.category.view() == "alcohol";
    of_knives += row.category.view() == "knives";
    if (const auto* hours = std::get_if<selling::SaleHours>(&row.rule))
      if (row.nation == selling::Nation::scotland) {
        EXPECT_EQ(hours->weekdays, 0b1100000);
        EXPECT_EQ(hours->from_minute, 9 * 60 + 30);
        EXPECT_EQ(hours->until_minute, 1'440);
      }
  }
  EXPECT_EQ(of_alcohol, 5u);
  EXPECT_EQ(of_knives, 4u);
  const selling::RestrictedLine line{*selling::Category::of("alcohol"), 1};
  const auto refused = [&](Moment now) {
    return !selling::check_restrictions(tables->restrictions, selling::Nation::wales, now, {},
                                        {&line, 1})
                .empty();
  };
  EXPECT_FALSE(refused(at(2025, 12, 31)));
  EXPECT_TRUE(refused(at(2026, 1, 1)));
  EXPECT_TRUE(refused(at(2026, 6, 30)));
  EXPECT_FALSE(refused(at(2026, 7, 1)));
}

TEST(Tables, an_age_is_a_category_of_its_own_in_every_nation) {
  const auto tables = read(with_rows("products.csv", "glue,Glue,each,2,standard,16,\n"));
  const auto glue = std::ranges::find(tables->products, id("glue"), &selling::ProductRow::product);
  ASSERT_NE(glue, tables->products.end());
  EXPECT_EQ(glue->category.view(), "age_16");
  EXPECT_EQ(
      std::ranges::count(tables->restrictions, glue->category, &selling::RestrictionRow::category),
      4);
}

// The dates of the law at which a price becomes unlawful: 28 units, 65p each.
TEST(Tables, the_minimum_price_of_alcohol_is_the_nations_of_the_day) {
  const auto rows = built_in_restrictions();
  const auto lowest = [&](selling::Nation nation, Moment now) {
    const selling::RestrictedLine line{*selling::Category::of("alcohol"), 1, 700, 400, 0};
    const selling::AgeCheck passed{18, selling::AgeOutcome::passed};
    for (const auto& one : selling::check_restrictions(rows, nation, now, passed, {&line, 1}))
      if (one.why == selling::Refusal::below_minimum_price) return one.bound;
    return std::int64_t{0};
  };
  using enum selling::Nation;
  EXPECT_EQ(lowest(scotland, at(2018, 4, 30)), 0);
  EXPECT_EQ(lowest(scotland, at(2018, 5, 1)), 1'400);
  EXPECT_EQ(lowest(scotland, at(2024, 9, 29)), 1'400);
  EXPECT_EQ(lowest(scotland, at(2024, 9, 30)), 1'820);
  EXPECT_EQ(lowest(wales, at(2020, 3, 1)), 0);
  EXPECT_EQ(lowest(wales, at(2020, 3, 2)), 1'400);
  EXPECT_EQ(lowest(wales, at(2026, 9, 30)), 1'400);
  EXPECT_EQ(lowest(wales, at(2026, 10, 1)), 1'820);
  EXPECT_EQ(lowest(england, at(2026, 10, 1)), 0);
  EXPECT_EQ(lowest(northern_ireland, at(2026, 10, 1)), 0);
}

TEST(Tables, vat_follows_its_days_and_a_named_rate_is_the_files_alone) {
  Files files = with("vat_codes.csv",
                     "product,vat_code,from_date\nmilk,standard,2026-04-01\ncola,reduced,\n");
  files["vat_rates.csv"] =
      "vat_code,percent,from_date\nstandard,20,2011-01-04\nstandard,17.5,2027-01-01\n";
  const auto tables = read(files);
  const auto code = [&](std::string_view product, Moment now) {
    return selling::vat_code(tables->vat_codes, id(product), now.day).value();
  };
  using selling::VatCode;
  EXPECT_EQ(code("milk", at(2026, 3, 31)), VatCode::zero);
  EXPECT_EQ(code("milk", at(2026, 4, 1)), VatCode::standard);
  EXPECT_EQ(code("cola", at(2026, 4, 1)), VatCode::reduced);
  const auto rate = [&](VatCode its, Moment now) {
    return selling::vat_basis_points(tables->vat_rates, its, now.day).value();
  };
  EXPECT_EQ(rate(VatCode::standard, at(2026, 12, 31)), 2'000);
  EXPECT_EQ(rate(VatCode::standard, at(2027, 1, 1)), 1'750);
  EXPECT_EQ(rate(VatCode::reduced, at(2027, 1, 1)), 500);
}

TEST(Tables, promotions_are_offers_where_they_say_a_price) {
  const auto tables = read(with("promotions.csv",
                                "promotion,product,from_date,to_date,region,site,mechanic,price\n"
                                "A,milk,2026-03-01,2026-03-20,,,price,1.20\n"
                                "A,milk,2026-03-05,2026-03-10,,S1,price,1.00\n"
                                "A,cola,2026-03-01,2026-03-20,South,,price,1.20\n"
                                "B,grapes,2026-03-01,2026-03-20,North,,member,0.0035\n"
                                "C,wrap,2026-03-01,2026-03-20,,,multibuy,\n"));
  ASSERT_EQ(tables->offers.size(), 4u);
  EXPECT_TRUE(std::ranges::all_of(tables->offers, [](const selling::Offer& offer) {
    return selling::check_offer(offer).has_value();
  }));
  const auto total = [&](const char* product, Moment now, bool is_member) {
    const selling::OfferLine line{id(product), 1, product == std::string("grapes") ? 1'000 : 0,
                                  430};
    return 430 -
           selling::give_offers(tables->offers, {&line, 1}, {is_member, false}, now).saving_pence;
  };
  EXPECT_EQ(total("milk", at(2026, 3, 4), false), 120);
  EXPECT_EQ(total("milk", at(2026, 3, 5), false), 100);
  EXPECT_EQ(total("milk", at(2026, 3, 10, 1'439), false), 100);
  EXPECT_EQ(total("milk", at(2026, 3, 11), false), 120);
  EXPECT_EQ(total("milk", at(2026, 3, 21, 0), false), 430);
  EXPECT_EQ(total("cola", at(2026, 3, 4), false), 430);
  EXPECT_EQ(total("grapes", at(2026, 3, 4), false), 430);
  EXPECT_EQ(total("grapes", at(2026, 3, 4), true), 350);
  EXPECT_EQ(tables->notes.size(), 1u);
}

TEST(Tables, offers_keep_the_order_of_their_file_and_are_for_their_places) {
  Files files = with("offers.csv",
                     "offer,kind,price,members_only,site,region\n"
                     "z,price,1.00,1,,\na,meal_deal,4.00,,S1,\nb,price,1.00,,S2,\n"
                     "c,price,0.0035,,,North\n");
  files["offer_parts.csv"] =
      "offer,part,product\nz,,milk\na,2,wrap\na,1,milk\na,1,cola\nb,1,milk\nc,1,grapes\n";
  const auto tables = read(files);
  ASSERT_EQ(tables->offers.size(), 3u);
  EXPECT_EQ(tables->offers[0].id.view(), "z");
  EXPECT_TRUE(tables->offers[0].members_only);
  EXPECT_EQ(tables->offers[1].parts,
            (std::vector<std::vector<ProductId>>{{id("cola"), id("milk")}, {id("wrap")}}));
  EXPECT_EQ(tables->offers[2].pence, 350);
}

TEST(Tables, the_row_of_the_shop_itself_beats_that_of_all_shops) {
  const auto tables = read(with("shops.csv",
                                "site,shop,vat_number\n,The Grocers,GB 000 0000 00\n"
                                "S1,The Grocers Car Dydd,\nS2,The Other,GB 111 1111 11\n"));
  EXPECT_EQ(tables->shop, "The Grocers Car Dydd");
  EXPECT_EQ(tables->vat_number, "GB 000 0000 00");
}

TEST(Tables, a_receipt_says_names_in_plain_letters) {
  EXPECT_EQ(receipt_text("Crème brûlée", 32), "Creme brulee");
  EXPECT_EQ(receipt_text("Ŵy Iâr “6”", 32), "Wy Iar \"6\"");
  EXPECT_EQ(receipt_text("Bread — 豆腐", 32), "Bread - ??");
  EXPECT_EQ(receipt_text("Milk and more", 5), "Milk");
  EXPECT_EQ(receipt_text("ß", 1), "s");
  EXPECT_EQ(receipt_text("", 5), "");
}

// What a customer of the sample can do at any of its stores.
TEST(Tables, the_sample_estate_runs_a_till) {
  const io::Path folder = io::Path(::testing::TempDir()) / "stockade_till_sample";
  ASSERT_TRUE(io::real_disk().remove_all(folder));
  estate::SampleOptions options{.stores = 6, .lines = 400, .days = 60};
  options.out = folder;
  const auto facts = estate::write_sample(io::real_disk(), options);
  ASSERT_TRUE(facts) << facts.error().message;
  const auto read = read_tables(io::real_disk(), folder, "S0001", options.last_day);
  ASSERT_TRUE(read) << read.error().message;
  const Tables& tables = **read;
  const Moment now{trade::to_day(options.last_day), noon};
  const selling::AgeCheck adult{25, selling::AgeOutcome::passed};
  EXPECT_EQ(tables.products.size(), static_cast<std::size_t>(facts->products));
  EXPECT_EQ(tables.vat_number, "GB 000 0000 00");
  std::size_t pieces = 0, weighed = 0;
  for (const selling::ProductRow& product : tables.products) {
    const auto gtin = std::ranges::find(tables.gtins, product.product, &selling::GtinRow::product);
    const auto item = std::ranges::find(tables.items, product.product, &selling::ItemRow::product);
    selling::Basket basket;
    if (product.by_weight) {
      ++weighed;
      ASSERT_NE(item, tables.items.end()) << product.product.view();
      ASSERT_TRUE(basket.add_scan(tables.view(),
                                  selling::Measured{item->item, selling::Measure::grams, 450}));
    } else {
      ++pieces;
      ASSERT_NE(gtin, tables.gtins.end()) << product.product.view();
      ASSERT_TRUE(basket.add_scan(tables.view(), gtin->gtin));
    }
    const auto priced = selling::price_basket(tables.view(), basket, {}, now, adult, {});
    ASSERT_TRUE(priced) << product.product.view();
    EXPECT_TRUE(priced->refusals.empty())
        << product.product.view() << ": " << selling::row_of(priced->refusals[0].why).name;
    EXPECT_GT(priced->total_pence, 0);
  }
  EXPECT_GT(weighed, 3u);
  EXPECT_GT(pieces, 100u);
  const auto lager = std::ranges::find(tables.products, "alcohol",
                                       [](const auto& product) { return product.category.view(); });
  ASSERT_NE(lager, tables.products.end());
  EXPECT_GT(lager->ml, 0);
  EXPECT_GT(lager->abv_tenths, 0);
  EXPECT_TRUE(std::ranges::any_of(tables.offers, [](const selling::Offer& offer) {
    return offer.kind == selling::OfferKind::meal_deal && offer.parts.size() == 3;
  }));
  EXPECT_TRUE(selling::read_card(tables.cards, "9826100000000001"));
  ASSERT_TRUE(io::real_disk().remove_all(folder));
}

}  // namespace
}  // namespace till
