// What is there and on its way: stock.csv, on_order.csv, movements.csv, customer_orders.csv.
#include "estate/read_columns.h"
#include "estate/read_files.h"

namespace estate {
namespace {

using base::Result;
using enum Need;
namespace v = values;

struct StockRow {
  std::uint32_t site = none, product = none;
  std::int32_t on_hand_units = 0, blocked_units = 0;
  Date expiry = base::date_max, as_of = base::date_min, counted_on = base::date_min;
  std::string batch;
};
constexpr auto stock_table_columns = std::to_array<Column<StockRow>>({
    {"site", required, v::site<&StockRow::site>},
    {"product", required, v::product<&StockRow::product>},
    {"on_hand_units", required, v::whole<&StockRow::on_hand_units, -units_max, units_max>},
    {"expiry_date", optional, v::date<&StockRow::expiry>},
    {"batch", optional, v::text<&StockRow::batch>},
    {"as_of", optional, v::date<&StockRow::as_of>},
    {"counted_on", optional, v::date<&StockRow::counted_on>},
    {"blocked_units", optional, v::whole<&StockRow::blocked_units, 0, units_max>},
});
constexpr Table<StockRow> stock_table{"stock.csv", stock_table_columns, nullptr, &StockRow::as_of};

struct OnOrderDraft : OnOrderRow {
  std::optional<std::int32_t> confirmed_units;
};
constexpr auto on_order_table_columns = std::to_array<Column<OnOrderDraft>>({
    {"site", required, v::site<&OnOrderDraft::site>},
    {"product", required, v::product<&OnOrderDraft::product>},
    {"due_date", required, v::date<&OnOrderDraft::due>},
    {"units", required, v::whole<&OnOrderDraft::units, 0, units_max>},
    {"order", optional, v::text<&OnOrderDraft::order>},
    {"source", optional, v::text<&OnOrderDraft::source>},
    {"placed_on", optional, v::date<&OnOrderDraft::placed_on>},
    {"status", optional, v::text<&OnOrderDraft::status>},
    {"confirmed_units", optional, v::whole<&OnOrderDraft::confirmed_units, 0, units_max>},
    {"expiry_date", optional, v::date<&OnOrderDraft::expiry>},
});
constexpr Table<OnOrderDraft> on_order_table{"on_order.csv", on_order_table_columns, nullptr,
                                             &OnOrderDraft::due};

constexpr auto movement_table_columns = std::to_array<Column<MovementRow>>({
    {"date", required, v::date<&MovementRow::date>},
    {"site", required, v::site<&MovementRow::site>},
    {"product", required, v::product<&MovementRow::product>},
    {"units", required, v::whole<&MovementRow::units, -units_max, units_max>},
    {"reason", required, v::word<&MovementRow::reason>},
});
constexpr Table<MovementRow> movement_table{"movements.csv", movement_table_columns, nullptr,
                                            &MovementRow::date};

constexpr auto customer_table_columns = std::to_array<Column<CustomerOrderRow>>({
    {"order", required, v::text<&CustomerOrderRow::order>},
    {"site", required, v::site<&CustomerOrderRow::site>},
    {"product", required, v::product<&CustomerOrderRow::product>},
    {"units", required, v::whole<&CustomerOrderRow::units, 0, units_max>},
    {"due_date", optional, v::date<&CustomerOrderRow::due>},
});
constexpr Table<CustomerOrderRow> customer_table{"customer_orders.csv", customer_table_columns};

// Rows to columns; batches only where a row has one.
Stock columns_from(std::vector<Numbered<StockRow>>&& rows) {
  Stock stock;
  bool batches = false;
  for (const auto& [row, line] : rows) {
    stock.site.push_back(row.site);
    stock.product.push_back(row.product);
    stock.on_hand_units.push_back(row.on_hand_units);
    stock.blocked_units.push_back(row.blocked_units);
    stock.expiry.push_back(row.expiry);
    stock.as_of.push_back(row.as_of);
    stock.counted_on.push_back(row.counted_on);
    batches = batches || !row.batch.empty();
  }
  if (batches)
    for (auto& numbered : rows) stock.batch.push_back(std::move(numbered.row.batch));
  return stock;
}

}  // namespace

Result<> read_stock(Session& session, Estate& estate) {
  estate.has_stock = session.has(stock_table.file);
  auto rows = TRY(read_rows(session, stock_table));
  TRY(sort_unique(
      session, stock_table.file, "site, product, expiry_date and batch", rows,
      [](const StockRow& row) { return std::tie(row.site, row.product, row.expiry, row.batch); }));
  estate.stock = columns_from(std::move(rows));
  return {};
}

Result<> read_on_order(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, on_order_table));
  TRY(sort_unique(
      session, on_order_table.file, "site, product, due_date and order", rows,
      [](const OnOrderDraft& row) { return std::tie(row.site, row.product, row.due, row.order); }));
  for (auto& numbered : rows)
    numbered.row.units = numbered.row.confirmed_units.value_or(numbered.row.units);
  estate.on_order = without_lines<OnOrderRow>(std::move(rows));
  return {};
}

Result<> read_movements(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, movement_table));
  const Date as_of = session.options().as_of;
  std::erase_if(rows,
                [&](const Numbered<MovementRow>& numbered) { return numbered.row.date > as_of; });
  const auto before = [](const auto& a, const auto& b) {
    const auto key = [](const MovementRow& row) {
      return std::tie(row.site, row.product, row.date, row.reason, row.units);
    };
    return key(a.row) < key(b.row);
  };
  sort_runs(rows, before);
  estate.movements = without_lines<MovementRow>(std::move(rows));
  return {};
}

Result<> read_customer_orders(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, customer_table));
  TRY(sort_unique(
      session, customer_table.file, "order, site and product", rows,
      [](const CustomerOrderRow& row) { return std::tie(row.order, row.site, row.product); }));
  estate.customer_orders = without_lines<CustomerOrderRow>(std::move(rows));
  return {};
}

std::vector<FileColumns> stock_columns() {
  return {columns_of(stock_table), columns_of(on_order_table), columns_of(movement_table),
          columns_of(customer_table)};
}

}  // namespace estate
