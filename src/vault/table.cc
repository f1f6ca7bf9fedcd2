#include "vault/table.h"

#include <algorithm>

#include <fmt/format.h>

#include "vault/layout.h"

namespace vault {

using base::Result;

std::vector<std::string> all_columns(std::string_view file) {
  std::vector<std::string> names;
  for (const LayoutRow& row : columns_of(file)) names.emplace_back(row.column);
  return names;
}

Result<Table> Table::create(io::Disk& disk, const io::Path& folder, const std::string& name,
                            std::vector<std::string> columns) {
  CHECK(!columns.empty());
  auto csv = TRY(
      estate::CsvWriter::create(disk, folder / name, fmt::format("{}", fmt::join(columns, ","))));
  return Table(std::move(csv), name, std::move(columns));
}

Table::Table(estate::CsvWriter csv, std::string name, std::vector<std::string> columns)
    : csv_(std::move(csv)), name_(std::move(name)), columns_(std::move(columns)) {
  csv_.set_tap(
      [](void* context, std::string_view bytes) {
        Seen& seen = *static_cast<Seen*>(context);
        seen.hash.add(bytes);
        seen.bytes += bytes.size();
      },
      seen_.get());
}

void Table::row(std::initializer_list<Field> fields) {
  for (const std::string& column : columns_) {
    const auto field = std::ranges::find(fields, column, &Field::first);
    csv_.text(field == fields.end() ? std::string_view() : field->second);
  }
  csv_.end_row();
}

Result<WrittenFile> Table::finish() {
  TRY(csv_.finish());
  return WrittenFile{name_, columns_, csv_.rows(), {seen_->bytes, seen_->hash.finish()}};
}

}  // namespace vault
