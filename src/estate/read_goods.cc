// Who and what: suppliers.csv, sites.csv, products.csv, supplier_items.csv, barcodes.csv.
#include "estate/read_columns.h"
#include "estate/read_files.h"

namespace estate {
namespace {

using base::Result;
using enum Need;
namespace v = values;

constexpr std::int64_t days_max = 36'500;
constexpr std::int64_t order_max = 1'000'000'000'000;

constexpr auto supplier_table_columns = std::to_array<Column<Supplier>>({
    {"supplier", required, v::id<&Supplier::id>},
    {"name", optional, v::text<&Supplier::name>},
    {"gln", optional, v::text<&Supplier::gln>},
    {"email", optional, v::text<&Supplier::email>},
    {"phone", optional, v::text<&Supplier::phone>},
    {"lead_days", optional, v::whole<&Supplier::lead_days, 0, days_max>},
    {"order_weekdays", optional, v::weekdays<&Supplier::order_weekdays>},
    {"order_basis", optional, v::word<&Supplier::order_basis>},
    {"min_order", optional, v::whole<&Supplier::min_order, 0, order_max>},
    {"max_order", optional, v::whole<&Supplier::max_order, 0, order_max>},
    {"surge_max", optional, v::whole<&Supplier::surge_max, 0, order_max>},
});
constexpr Table<Supplier> supplier_table{"suppliers.csv", supplier_table_columns};

struct SiteDraft : Site {
  std::string depot_id, like_id;
};
constexpr auto site_table_columns = std::to_array<Column<SiteDraft>>({
    {"site", required, v::id<&SiteDraft::id>},
    {"kind", required, v::word<&SiteDraft::kind>},
    {"name", optional, v::text<&SiteDraft::name>},
    {"depot", optional, v::id<&SiteDraft::depot_id>},
    {"region", optional, v::text<&SiteDraft::region>},
    {"format", optional, v::text<&SiteDraft::format>},
    {"lat", optional, v::decimal<&SiteDraft::lat, -90.0, 90.0>},
    {"lon", optional, v::decimal<&SiteDraft::lon, -180.0, 180.0>},
    {"postcode", optional, v::text<&SiteDraft::postcode>},
    {"nation", optional, v::text<&SiteDraft::nation>},
    {"ownership", optional, v::word<&SiteDraft::ownership>},
    {"lifeline", optional, v::whole<&SiteDraft::lifeline, 0, 3>},
    {"opened_on", optional, v::date<&SiteDraft::opened_on>},
    {"closed_on", optional, v::date<&SiteDraft::closed_on>},
    {"like_site", optional, v::id<&SiteDraft::like_id>},
});
RowFault check_site(const SiteDraft& site) {
  if (site.closed_on >= site.opened_on) return {};
  return {"closed_on", "a day on or after opened_on"};
}
constexpr Table<SiteDraft> site_table{"sites.csv", site_table_columns, check_site};

struct ProductDraft : Product {
  std::string supplier_id;
};
constexpr auto product_table_columns = std::to_array<Column<ProductDraft>>({
    {"product", required, v::id<&ProductDraft::id>},
    {"name", optional, v::text<&ProductDraft::name>},
    {"group", optional, v::text<&ProductDraft::group>},
    {"category", optional, v::text<&ProductDraft::category>},
    {"department", optional, v::text<&ProductDraft::department>},
    {"measure", optional, v::word<&ProductDraft::measure>},
    {"chain", optional, v::word<&ProductDraft::chain>},
    {"case_units", optional, v::whole<&ProductDraft::case_units, 1, units_max>},
    {"inner_units", optional, v::whole<&ProductDraft::inner_units, 0, units_max>},
    {"layer_cases", optional, v::whole<&ProductDraft::layer_cases, 0, units_max>},
    {"pallet_cases", optional, v::whole<&ProductDraft::pallet_cases, 0, units_max>},
    {"cage_cases", optional, v::whole<&ProductDraft::cage_cases, 0, units_max>},
    {"case_weight_g", optional, v::whole<&ProductDraft::case_weight_g, 0, units_max>},
    {"case_volume_ml", optional, v::whole<&ProductDraft::case_volume_ml, 0, units_max>},
    {"unit_cost", optional, v::money<&ProductDraft::unit_cost>},
    {"unit_price", optional, v::money<&ProductDraft::unit_price>},
    {"supplier", optional, v::id<&ProductDraft::supplier_id>},
    {"date_kind", optional, v::word<&ProductDraft::date_kind>},
    {"shelf_life_days", optional, v::whole<&ProductDraft::shelf_life_days, 0, days_max>},
    {"life_into_depot_days", optional, v::whole<&ProductDraft::life_into_depot_days, 0, days_max>},
    {"life_on_receipt_days", optional, v::whole<&ProductDraft::life_on_receipt_days, 0, days_max>},
    {"tier", optional, v::whole<&ProductDraft::tier, 1, 9>},
    {"need_group", optional, v::text<&ProductDraft::need_group>},
    {"substitute_group", optional, v::text<&ProductDraft::substitute_group>},
    {"own_label", optional, v::flag<&ProductDraft::own_label>},
    {"vat_code", optional, v::text<&ProductDraft::vat_code>},
    {"age_rule", optional, v::text<&ProductDraft::age_rule>},
    {"gtin", optional, v::text<&ProductDraft::gtin>},
});
constexpr Table<ProductDraft> product_table{"products.csv", product_table_columns};

constexpr auto item_table_columns = std::to_array<Column<SupplierItem>>({
    {"supplier", required, v::supplier<&SupplierItem::supplier>},
    {"product", required, v::product<&SupplierItem::product>},
    {"supplier_item", optional, v::text<&SupplierItem::supplier_item>},
    {"case_gtin", optional, v::text<&SupplierItem::case_gtin>},
    {"case_units", optional, v::whole<&SupplierItem::case_units, 1, units_max>},
    {"case_cost", optional, v::money<&SupplierItem::case_cost>},
});
constexpr Table<SupplierItem> item_table{"supplier_items.csv", item_table_columns};

Expected set_barcode_kind(Barcode& row, std::string_view text, const Lookup&) {
  static const std::string expected = words_expected<BarcodeKind>();
  const auto kind = parse_word<BarcodeKind>(text);
  if (!kind) return expected;
  row.kind = static_cast<std::uint8_t>(*kind);
  return {};
}
constexpr auto barcode_table_columns = std::to_array<Column<Barcode>>({
    {"barcode", required, v::text<&Barcode::barcode>},
    {"product", required, v::product<&Barcode::product>},
    {"units", optional, v::whole<&Barcode::units, 1, units_max>},
    {"kind", optional, set_barcode_kind},
    {"from_date", optional, v::date<&Barcode::from>},
    {"to_date", optional, v::date<&Barcode::to>},
});
constexpr Table<Barcode> barcode_table{"barcodes.csv", barcode_table_columns, check_days<Barcode>};

Problem unknown_id(std::string_view column, std::string_view id, std::string_view expected) {
  return {0, std::string(column), std::string(id), "expected " + std::string(expected)};
}

// Takes out sites whose depot or like_site is no site, until none is left: a site taken out may be
// another's depot.
Result<> drop_unknown_references(Session& session, std::vector<Numbered<SiteDraft>>& sites) {
  for (bool changed = true; changed;) {
    IdTable all, depots;
    for (const auto& site : sites) {
      all.add(site.row.id);
      if (site.row.kind == SiteKind::depot) depots.add(site.row.id);
    }
    const auto problem_of = [&](const SiteDraft& site) -> std::optional<Problem> {
      if (!site.depot_id.empty() && depots.find(site.depot_id) == none)
        return unknown_id("depot", site.depot_id, "a site of sites.csv with kind depot");
      if (!site.like_id.empty() && all.find(site.like_id) == none)
        return unknown_id("like_site", site.like_id, "a site of sites.csv");
      return std::nullopt;
    };
    changed = TRY(drop_faulty(session, site_table.file, sites, problem_of));
  }
  return {};
}

// Suppliers of whom products.csv says only the id.
void add_implied_suppliers(const std::vector<Numbered<ProductDraft>>& products, Session& session,
                           Estate& estate) {
  std::vector<std::string> ids;
  for (const auto& product : products)
    if (!product.row.supplier_id.empty()) ids.push_back(product.row.supplier_id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (std::string& id : ids) {
    session.lookup.suppliers.add(id);
    estate.suppliers.emplace_back().id = std::move(id);
  }
}

}  // namespace

Result<> read_suppliers(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, supplier_table));
  TRY(sort_unique(session, supplier_table.file, "supplier", rows,
                  [](const Supplier& row) -> const std::string& { return row.id; }));
  estate.suppliers = without_lines<Supplier>(std::move(rows));
  for (const Supplier& supplier : estate.suppliers) session.lookup.suppliers.add(supplier.id);
  return {};
}

Result<> read_sites(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, site_table));
  TRY(sort_unique(session, site_table.file, "site", rows,
                  [](const SiteDraft& row) -> const std::string& { return row.id; }));
  TRY(drop_unknown_references(session, rows));
  for (const auto& site : rows) {
    session.lookup.sites.add(site.row.id);
    session.lookup.is_depot.push_back(site.row.kind == SiteKind::depot);
  }
  for (auto& site : rows) {
    site.row.depot = session.lookup.sites.find(site.row.depot_id);
    site.row.like_site = session.lookup.sites.find(site.row.like_id);
  }
  estate.sites = without_lines<Site>(std::move(rows));
  return {};
}

Result<> read_products(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, product_table));
  TRY(sort_unique(session, product_table.file, "product", rows,
                  [](const ProductDraft& row) -> const std::string& { return row.id; }));
  if (!session.has(supplier_table.file)) add_implied_suppliers(rows, session, estate);
  const auto resolve = [&](ProductDraft& product) -> std::optional<Problem> {
    const std::string& id = product.supplier_id;
    product.supplier = session.lookup.suppliers.find(id);
    if (id.empty() || product.supplier != none) return std::nullopt;
    return unknown_id("supplier", id, "a supplier of suppliers.csv");
  };
  TRY(drop_faulty(session, product_table.file, rows, resolve));
  for (const auto& product : rows) session.lookup.products.add(product.row.id);
  estate.products = without_lines<Product>(std::move(rows));
  return {};
}

Result<> read_supplier_items(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, item_table));
  TRY(sort_unique(session, item_table.file, "supplier and product", rows,
                  [](const SupplierItem& row) { return std::tie(row.supplier, row.product); }));
  estate.supplier_items = without_lines<SupplierItem>(std::move(rows));
  return {};
}

Result<> read_barcodes(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, barcode_table));
  TRY(sort_unique(session, barcode_table.file, "barcode and from_date", rows,
                  [](const Barcode& row) { return std::tie(row.barcode, row.from); }));
  estate.barcodes = without_lines<Barcode>(std::move(rows));
  return {};
}

std::vector<FileColumns> goods_columns() {
  return {columns_of(supplier_table), columns_of(site_table), columns_of(product_table),
          columns_of(item_table), columns_of(barcode_table)};
}

}  // namespace estate
