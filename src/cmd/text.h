#pragma once
// Text for people: tables in columns, and numbers that can be read at a glance.

#include <cstdint>
#include <string>
#include <vector>

#include "base/numbers.h"

namespace cmd {

// "12,345", "-7"
std::string grouped(std::int64_t value);
// Pounds and pence: "12,345.60", "-0.05"
std::string grouped(base::Money value);
// "1 row", "2 rows", "12,345 rows"
std::string counted(std::uint64_t count, std::string_view thing);
// At most `columns` wide, as counted by UTF-8 characters; "…" ends what was cut.
std::string shortened(const std::string& text, std::size_t columns);

// Rows of cells under their headings. Columns are as wide as their widest cell and two spaces
// apart; a column that is empty throughout is left out, and so is a line of empty headings.
class TextTable {
 public:
  struct Column {
    std::string heading;
    bool right = false;  // numbers end at the same place
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Requires one cell per column.
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // Every line begins with `indent` and ends without spaces.
  std::string text(std::string_view indent = "") const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cmd
