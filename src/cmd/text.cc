#include "cmd/text.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>

#include "base/result.h"

namespace cmd {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

}  // namespace

std::string shortened(const std::string& text, std::size_t columns) {
  if (width_of(text) <= columns) return text;
  std::size_t kept = 0;
  for (std::size_t seen = 0; kept < text.size(); ++kept)
    if (begins_character(text[kept]) && ++seen == columns) break;
  return text.substr(0, kept) + "…";
}

void TextTable::row(std::vector<std::string> cells) {
  CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::string_view indent) const {
  std::vector<std::string> headings;
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    headings.push_back(columns_[c].heading);
    widths.push_back(width_of(headings.back()));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string line(indent);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (widths[c] == 0) continue;
      const std::size_t gap = widths[c] - width_of(cells[c]);
      line.append(columns_[c].right ? gap : 0, ' ').append(cells[c]);
      line.append(columns_[c].right ? 0 : gap, ' ').append(2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (!line.empty()) text.append(line).append(1, '\n');
  };
  add(headings);
  for (const auto& row : rows_) add(row);
  return text;
}

}  // namespace cmd
