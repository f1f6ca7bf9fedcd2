#pragma once
// Reads one CSV file that belongs to no estate folder, by the same tables of columns and with the
// same errors.

#include "estate/read_table.h"

namespace estate {

// Hands every row to `take(row, line)`, in the order of the file; text that the row only points to
// lives until `take` returns. Plain, .gz or .zst by the file's name; columns that the table does
// not know are ignored. The first bad value ends the reading, and so does the first error of
// `take`. Errors: input_missing (a column), input_bad, io_failed.
template <class Row, class Take>
base::Result<> read_csv(io::Disk& disk, const io::Path& path, const Table<Row>& table, Take take) {
  const std::string name = path.string();
  auto packed = TRY(disk.open(path));
  OpenCsv csv = TRY(open_csv_stream(std::move(packed), packing_of(name), name));
  std::vector<std::string> unknown;
  const ColumnMap map = TRY(match_columns(name, csv.columns, names_of(table), unknown));
  const auto next_block = blocks_of(csv);
  const Lookup no_ids{};
  std::vector<char> block;
  Record record;
  std::vector<Problem> problems;
  for (std::uint64_t first = csv.first_line; TRY(next_block(block));) {
    CsvCursor cursor(block);
    while (cursor.next(record)) {
      Row row{};
      Problem problem = record_problem(record, map.known.size());
      if (problem.why.empty() && !set_row(table, map, record, no_ids, row, problems))
        problem = std::move(problems.front());
      problem.line = first + record.line;
      if (!problem.why.empty())
        return base::fail(base::ErrorCode::input_bad, message_of(name, problem));
      TRY(take(std::as_const(row), problem.line));
    }
    first += cursor.lines();
  }
  return {};
}

}  // namespace estate
