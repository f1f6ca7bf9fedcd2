#pragma once
// Text for people: tables in columns.

#include <cstdint>
#include <string>
#include <vector>

#include "base/words.h"

namespace cmd {

using base::counted;
using base::grouped;

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
