// libFuzzer target: one file of a till's folder from any bytes. What is read can be sold by.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "till/reading.h"
#include "till/testing/small_folder.h"

namespace {

// Every file, each with a row that others can refer to.
till::testing::Files whole_folder() {
  till::testing::Files files = till::testing::small_folder();
  files["barcodes.csv"] = "barcode,product,kind\n4022,grapes,plu\n5000000000012,milk,each\n";
  files["prices.csv"] = "product,from_date,price,site\nmilk,2026-01-01,1.20,S1\n";
  files["codes.csv"] = "kind,code,product\nlayout,21RRRRRVPPPPC,\nitem,2100042,grapes\n";
  files["offers.csv"] = "offer,kind,price\nlunch,meal_deal,4\n";
  files["offer_parts.csv"] = "offer,part,product\nlunch,1,wrap\nlunch,2,cola\n";
  return files;
}

void check(const till::Tables& tables) {
  CHECK(std::ranges::is_sorted(tables.products, {}, &selling::ProductRow::product));
  CHECK(std::ranges::is_sorted(tables.gtins, {}, &selling::GtinRow::gtin));
  CHECK(std::ranges::is_sorted(tables.items, {}, &selling::ItemRow::item));
  CHECK(std::ranges::is_sorted(tables.prices, {}, &selling::PriceRow::product));
  CHECK(std::ranges::is_sorted(tables.vat_codes, {}, &selling::VatCodeRow::product));
  for (const selling::PriceRow& row : tables.prices)
    CHECK(row.pence >= 1 && row.pence <= selling::unit_pence_max);
  for (const selling::Offer& offer : tables.offers) CHECK(selling::check_offer(offer).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file = till::table_files[data[0] % till::table_files.size()];
  till::testing::Files files = whole_folder();
  files[std::string(file)] = {reinterpret_cast<const char*>(data) + 1, size - 1};
  for (const auto& today :
       {std::optional<base::Date>(), std::optional(base::make_date(2026, 6, 1))})
    if (const auto tables = till::testing::read_files(files, today)) check(**tables);
  return 0;
}
