#pragma once
// The columns of every table, by name, for `requires` of estate.toml.

#include <span>
#include <string_view>
#include <vector>

#include "estate/read_table.h"

namespace estate {

struct FileColumns {
  std::string_view file;
  std::vector<std::string_view> names;
};

template <class Row>
FileColumns columns_of(const Table<Row>& table) {
  FileColumns columns{table.file, {}};
  for (const Column<Row>& column : table.columns) columns.names.push_back(column.name);
  return columns;
}

std::vector<FileColumns> goods_columns();    // read_goods.cc
std::vector<FileColumns> sales_columns();    // read_sales.cc
std::vector<FileColumns> routine_columns();  // read_routine.cc
std::vector<FileColumns> stock_columns();    // read_stock.cc
std::vector<FileColumns> event_columns();    // read_events.cc

// Whether the format has the column: "sales.csv", "units".
bool known_column(std::string_view file, std::string_view column);

}  // namespace estate
