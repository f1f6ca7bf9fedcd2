#pragma once
// Every file that a copy may hold and what each of its columns means, in words for somebody who has
// nothing of ours.

#include <span>
#include <string_view>

namespace vault {

struct LayoutRow {
  std::string_view file;
  std::string_view column;  // empty: the row tells of the file
  std::string_view meaning;
};

// File by file, each led by the row that tells of it, the columns in the order in which they are
// written.
std::span<const LayoutRow> layout();
// The rows of a file's columns.
std::span<const LayoutRow> columns_of(std::string_view file);
// What the file is; empty for a file that a copy does not hold.
std::string_view meaning_of(std::string_view file);

}  // namespace vault
