#include "vault/layout.h"

#include <algorithm>
#include <array>

namespace vault {
namespace {

constexpr auto rows = std::to_array<LayoutRow>({
#define FILE(name, meaning) {name, "", meaning},
#define X(file, column, meaning) {file, column, meaning},
#include "vault/layout.def"
#undef X
#undef FILE
});

std::span<const LayoutRow> rows_of(std::string_view file) {
  const auto first = std::ranges::find(rows, file, &LayoutRow::file);
  const auto last =
      std::find_if(first, rows.end(), [&](const LayoutRow& row) { return row.file != file; });
  return {first, last};
}

}  // namespace

std::span<const LayoutRow> layout() { return rows; }

std::span<const LayoutRow> columns_of(std::string_view file) {
  const auto all = rows_of(file);
  return all.empty() ? all : all.subspan(1);
}

std::string_view meaning_of(std::string_view file) {
  const auto all = rows_of(file);
  return all.empty() ? std::string_view() : all.front().meaning;
}

}  // namespace vault
