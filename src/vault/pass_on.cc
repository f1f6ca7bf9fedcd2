#include "vault/pass_on.h"

#include <algorithm>

#include <fmt/core.h>

#include "estate/read_table.h"
#include "vault/layout.h"

namespace vault {
namespace {

using base::ErrorCode;
using base::Result;

Result<estate::OpenCsv> open_csv(io::Disk& disk, const io::Path& folder, const std::string& name) {
  auto packed = TRY(disk.open(folder / name));
  return estate::open_csv_stream(std::move(packed), estate::packing_of(name), name);
}

}  // namespace

Result<EstateTables> EstateTables::open(io::Disk& disk, io::Path folder,
                                        const estate::Estate& estate) {
  std::uint64_t rejected = 0;
  EstateTables tables(disk, std::move(folder));
  for (const estate::FileFacts& facts : estate.files) {
    tables.found_.emplace(estate::plain_name(facts.file), facts.file);
    rejected += facts.rejected;
  }
  if (rejected > estate.rejected.size())
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: {} bad rows; at most {} can be left out of a copy",
                                  tables.folder_.string(), rejected, estate.rejected.size()));
  for (const estate::Rejected& row : estate.rejected)
    tables.rejected_[std::string(estate::plain_name(row.file))].insert(row.line);
  return tables;
}

Result<std::vector<std::string>> EstateTables::columns(const std::string& file) const {
  const estate::OpenCsv csv = TRY(open_csv(*disk_, folder_, found_.at(file)));
  std::vector<std::string> both = all_columns(file);
  std::erase_if(both, [&](const std::string& column) {
    return std::ranges::find(csv.columns, column) == csv.columns.end();
  });
  return both;
}

Result<> EstateTables::pass(const std::string& file, Table& to,
                            const std::function<bool(const Value& value)>& wanted) const {
  estate::OpenCsv csv = TRY(open_csv(*disk_, folder_, found_.at(file)));
  std::map<std::string, std::size_t, std::less<>> place;
  for (std::size_t i = 0; i < csv.columns.size(); ++i) place.emplace(csv.columns[i], i);
  const auto bad = rejected_.find(file);
  const auto is_bad = [&](std::uint64_t line) {
    return bad != rejected_.end() && bad->second.contains(line);
  };
  std::vector<char> block;
  std::uint64_t line = csv.first_line;
  const auto next_block = estate::blocks_of(csv);
  while (TRY(next_block(block))) {
    estate::CsvCursor cursor(block);
    estate::Record record;
    const Value value = [&](std::string_view column) {
      const auto at = place.find(column);
      return at == place.end() ? std::string_view() : record.fields[at->second];
    };
    while (cursor.next(record)) {
      const bool is_whole = record.problem.empty() && record.count == csv.columns.size();
      if (!is_whole || is_bad(line + record.line) || (wanted && !wanted(value))) continue;
      for (const std::string& column : to.columns()) to.csv().text(value(column));
      to.csv().end_row();
    }
    line += cursor.lines();
  }
  return {};
}

}  // namespace vault
