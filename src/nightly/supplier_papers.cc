#include "nightly/supplier_papers.h"

#include <algorithm>
#include <tuple>

#include <fmt/core.h>

#include "estate/csv_writer.h"
#include "nightly/figures.h"
#include "nightly/page.h"

namespace nightly {
namespace {

using base::Result;
using estate::Estate;

// A line as its supplier sees it.
struct Item {
  std::uint32_t supplier, site, product;
  LineNumber number;
  std::int64_t units, cases;
  Date due;

  auto key() const { return std::tuple(supplier, due, site, number.order, number.line); }
};

std::vector<Item> items_of(const OrderRunInput& input, const Night& night,
                           const OrderNumbers& numbers) {
  std::vector<Item> items;
  for (std::size_t i = 0; i < night.orders.size(); ++i) {
    const OrderLine& line = night.orders[i];
    if (line.units <= 0 || line.source_site != estate::none) continue;
    if (line.source_supplier == estate::none) continue;
    items.push_back({line.source_supplier, input.columns.site[line.line],
                     input.columns.product[line.line], numbers.of_line[i], line.units,
                     cases_of(line), line.on_shelf});
  }
  for (std::size_t i = 0; i < night.depot_orders.size(); ++i) {
    const DepotOrderLine& line = night.depot_orders[i];
    if (line.units <= 0) continue;
    items.push_back({line.supplier, line.depot, line.product, numbers.of_depot_line[i], line.units,
                     line.cases, line.due});
  }
  std::ranges::sort(items, {}, &Item::key);
  return items;
}

struct SupplierText {
  std::string_view item, case_gtin;
};

SupplierText text_for(const Estate& estate, const Item& item) {
  const estate::SupplierItem* found = find_supplier_item(estate, item.supplier, item.product);
  return found == nullptr ? SupplierText{} : SupplierText{found->supplier_item, found->case_gtin};
}

// Free text that a spreadsheet would run as a formula is led by an apostrophe: this file is opened
// by people of another company, and no program reads it back.
std::string inert(std::string_view text) {
  constexpr std::string_view formula_starts = "=+-@\t\r\n";
  const bool runs = !text.empty() && formula_starts.find(text.front()) != std::string_view::npos;
  return std::string(runs ? "'" : "").append(text);
}

Result<> write_csv(io::Disk& disk, const io::Path& path, const Estate& estate,
                   std::span<const Item> items, const OrderNumbers& numbers) {
  auto csv = TRY(estate::CsvWriter::create(
      disk, path, "order,line,due_date,site,product,supplier_item,case_gtin,name,cases,units"));
  for (const Item& item : items) {
    const SupplierText text = text_for(estate, item);
    const estate::Product& product = estate.products[item.product];
    csv.text(numbers.orders[item.number.order])
        .whole(item.number.line)
        .date(item.due)
        .text(estate.sites[item.site].id)
        .text(product.id)
        .text(inert(text.item))
        .text(inert(text.case_gtin))
        .text(inert(product.name))
        .whole(item.cases)
        .whole(item.units)
        .end_row();
  }
  return csv.finish();
}

// Black on white on screen too: what is looked at is what comes out of the printer.
constexpr std::string_view style = R"css(@page { size: A4; margin: 14mm; }
* { box-sizing: border-box; }
html { background: #e9ecea; }
body { margin: 24px auto; max-width: 210mm; padding: 14mm; background: #fff; color: #111;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 32px;
  border-bottom: 2px solid #111; padding-bottom: 12px; }
h1 { font-size: 24px; line-height: 1.2; margin: 0 0 2px; }
h2 { font-size: 17px; margin: 0 0 4px; overflow-wrap: anywhere; }
p { margin: 0; }
.to { text-align: right; }
.to strong { font-size: 16px; }
section { margin-top: 26px; }
dl { display: flex; flex-wrap: wrap; gap: 4px 36px; margin: 8px 0 10px; }
dt { font-size: 12px; color: #555; }
dd { margin: 0; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: 12px; font-weight: 600; color: #444;
  border-bottom: 1px solid #111; }
th, td { padding: 5px 10px 5px 0; vertical-align: top; overflow-wrap: break-word; }
td { border-bottom: 1px solid #d5d9d6; }
tr { break-inside: avoid; }
th.n, td.n { text-align: right; padding: 5px 0 5px 10px; font-variant-numeric: tabular-nums; }
small { display: block; font-size: 12px; color: #555; }
.sum { margin-top: 8px; text-align: right; font-weight: 600; }
footer { margin-top: 28px; font-size: 12px; color: #555; }
@media (max-width: 700px) {
  body { margin: 0; padding: 18px 16px; }
  .to { text-align: left; }
  .table { overflow-x: auto; }
}
@media print {
  html { background: none; }
  body { margin: 0; padding: 0; max-width: none; font-size: 11pt; }
  section { break-inside: avoid; }
  .table { overflow: visible; }
}
)css";

Html header_of(const OrderRunInput& input, const estate::Supplier& supplier) {
  Html html{
      fmt::format("<header><div><h1>Purchase order</h1><p>from <bdi>{}</bdi></p>"
                  "<p>{}</p></div><div class=\"to\"><strong><bdi>{}</bdi></strong>",
                  shown(input.estate.name).code, long_date(input.as_of),
                  shown(supplier.name.empty() ? supplier.id : supplier.name).code)};
  const auto line = [&](std::string_view what, const std::string& value) {
    if (!value.empty()) html.code += fmt::format("<p>{}<bdi>{}</bdi></p>", what, shown(value).code);
  };
  line("Supplier ", supplier.id);
  line("GLN ", supplier.gln);
  line("", supplier.email);
  line("", supplier.phone);
  html.code += "</div></header>\n";
  return html;
}

Html order_section(const Estate& estate, std::span<const Item> items, const OrderNumbers& numbers) {
  const estate::Site& site = estate.sites[items.front().site];
  std::vector<Row> rows;
  std::int64_t cases = 0;
  Quantity all;
  for (const Item& item : items) {
    const SupplierText text = text_for(estate, item);
    const estate::Product& product = estate.products[item.product];
    Quantity quantity;
    quantity.add(product.measure, item.units);
    rows.push_back({shown_number(item.number.line), named(text.item, text.case_gtin),
                    named(product.name, product.id), shown_number(item.cases),
                    shown(in_words(quantity))});
    cases += item.cases;
    all = all + quantity;
  }
  const auto fact = [](std::string_view name, const std::string& code) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, code);
  };
  Html html{fmt::format("<section><h2>Order {}</h2>\n<dl>",
                        shown(numbers.orders[items.front().number.order]).code)};
  html.code += fact("Deliver on", long_date(items.front().due));
  html.code += fact("Deliver to", named(site.name, site.id).code);
  if (!site.postcode.empty()) html.code += fact("Postcode", shown(site.postcode).code);
  html.code += "</dl>\n";
  html.code +=
      table({{"Line"}, {"Your item, case GTIN"}, {"Product"}, {"Cases", true}, {"Units", true}},
            rows)
          .code;
  const std::string sum = all.grams == 0 ? plural(all.pieces, "unit") : in_words(all);
  html.code += fmt::format("<p class=\"sum\">{}, {}, {}</p></section>\n",
                           plural(static_cast<std::int64_t>(items.size()), "line"),
                           plural(cases, "case"), sum);
  return html;
}

// The front items that `same` finds alike, cut off from the rest.
template <class Same>
std::span<const Item> take_alike(std::span<const Item>& items, Same same) {
  const auto end =
      std::ranges::find_if_not(items, [&](const Item& item) { return same(item, items.front()); });
  const auto alike = items.first(static_cast<std::size_t>(end - items.begin()));
  items = items.subspan(alike.size());
  return alike;
}

std::string page_of(const OrderRunInput& input, std::span<const Item> items,
                    const OrderNumbers& numbers) {
  const estate::Supplier& supplier = input.estate.suppliers[items.front().supplier];
  Html body = header_of(input, supplier);
  while (!items.empty()) {
    const auto order = take_alike(
        items, [](const Item& a, const Item& b) { return a.number.order == b.number.order; });
    body.code += order_section(input.estate, order, numbers).code;
  }
  body.code +=
      "<footer>Delivery dates are the first day the goods are needed. "
      "Please quote the order number on the delivery note.</footer>\n";
  return page(fmt::format("Purchase order for {}, {}", supplier.id, base::to_string(input.as_of)),
              style, body);
}

}  // namespace

Result<> write_supplier_papers(io::Disk& disk, const io::Path& folder, const OrderRunInput& input,
                               const Night& night, const OrderNumbers& numbers) {
  const std::vector<Item> all = items_of(input, night, numbers);
  for (std::span<const Item> rest = all; !rest.empty();) {
    const auto items =
        take_alike(rest, [](const Item& a, const Item& b) { return a.supplier == b.supplier; });
    const std::string& id = input.estate.suppliers[items.front().supplier].id;
    TRY(write_csv(disk, folder / (id + ".csv"), input.estate, items, numbers));
    const auto file = TRY(disk.create(folder / (id + ".html")));
    TRY(file->write(page_of(input, items, numbers)));
    TRY(file->finish());
  }
  return disk.sync_folder(folder);
}

}  // namespace nightly
