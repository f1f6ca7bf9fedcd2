#pragma once
// Reads one CSV file into rows by a table of its columns; finds duplicate keys and sorts.

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "estate/read_pipeline.h"
#include "estate/read_session.h"
#include "estate/read_values.h"

namespace estate {

inline constexpr std::uint64_t rows_max = 200'000'000;  // of any file but sales.csv

enum class Need : std::uint8_t { required, optional };

template <class Row>
struct Column {
  std::string_view name;
  Need need;
  Expected (*set)(Row& row, std::string_view text, const Lookup& lookup);
};

// What is wrong with a row whose values are each right; an empty column means nothing is.
struct RowFault {
  std::string_view column;
  Expected expected;
};

// For rows that are valid from a day to a day.
template <class Row>
RowFault check_days(const Row& row) {
  if (row.to >= row.from) return {};
  return {"to_date", "a day on or after from_date"};
}

template <class Row>
struct Table {
  std::string_view file;
  std::span<const Column<Row>> columns;
  RowFault (*check)(const Row& row) = nullptr;
  Date Row::*main_date = nullptr;  // for FileFacts.first and last
};

// A row with the line it stands in.
template <class Row>
struct Numbered {
  Row row;
  std::uint64_t line = 0;
};

// Which known column each column of a file is.
struct ColumnMap {
  static constexpr std::size_t ignored = ~std::size_t{0};
  std::vector<std::size_t> known;     // by position in the file
  std::vector<std::size_t> position;  // by known column; `ignored` where the file has none
};
struct ColumnName {
  std::string_view name;
  Need need;
};
// Matches a header against the columns that are known and adds the others to `unknown`; `file`
// stands in errors.
base::Result<ColumnMap> match_columns(std::string_view file, std::span<const std::string> header,
                                      std::span<const ColumnName> columns,
                                      std::vector<std::string>& unknown);
// As match_columns, for a file of the folder: unknown columns go to its facts.
base::Result<ColumnMap> map_columns(Session& session, std::string_view file, const OpenCsv& csv,
                                    std::span<const ColumnName> columns);

template <class Row>
std::vector<ColumnName> names_of(const Table<Row>& table) {
  std::vector<ColumnName> names;
  for (const Column<Row>& column : table.columns) names.push_back({column.name, column.need});
  return names;
}

// What parsing a block found apart from rows; lines count from the block's first.
struct BlockNotes {
  std::uint64_t lines = 0, rows = 0;
  std::vector<Problem> problems;
  Date first = base::date_max, last = base::date_min;
};
// Widens first and last; a date that the row does not give changes nothing.
void note_date(BlockNotes& notes, Date date);
// Adds a block's notes to the file's facts and turns its lines into lines of the file.
base::Result<> take_notes(Session& session, std::string_view file, BlockNotes& notes,
                          std::uint64_t first_line);
// Takes rows, already counted as good, that turned out bad once the whole file was known.
base::Result<> take_late(Session& session, std::string_view file, std::vector<Problem> problems);
// The first block that open_csv has read already, then the others.
std::function<base::Result<bool>(std::vector<char>&)> blocks_of(OpenCsv& csv);
// What is wrong with a record before its fields are looked at; an empty `why` where nothing is.
Problem record_problem(const Record& record, std::size_t columns_expected);

template <class Row>
struct TableBlock {
  BlockNotes notes;
  std::vector<Numbered<Row>> rows;
};

// Sets the row's columns; false and a problem added where one is wrong.
template <class Row>
bool set_row(const Table<Row>& table, const ColumnMap& map, const Record& record,
             const Lookup& lookup, Row& row, std::vector<Problem>& problems) {
  const auto fault = [&](std::string_view column, std::string_view value, Expected expected) {
    problems.push_back({record.line, std::string(column), std::string(value),
                        "expected " + std::string(expected)});
    return false;
  };
  for (std::size_t i = 0; i < record.count; ++i) {
    if (map.known[i] == ColumnMap::ignored) continue;
    const Column<Row>& column = table.columns[map.known[i]];
    const std::string_view text = record.fields[i];
    if (text.empty() && column.need == Need::optional) continue;
    if (text.empty()) return fault(column.name, text, "a value");
    const Expected expected = column.set(row, text, lookup);
    if (!expected.empty()) return fault(column.name, text, expected);
  }
  if (table.check == nullptr) return true;
  const RowFault wrong = table.check(row);
  if (wrong.column.empty()) return true;
  std::string_view value;
  for (std::size_t i = 0; i < record.count; ++i)
    if (map.known[i] != ColumnMap::ignored && table.columns[map.known[i]].name == wrong.column)
      value = record.fields[i];
  return fault(wrong.column, value, wrong.expected);
}

template <class Row>
void parse_block(const Table<Row>& table, const ColumnMap& map, const Session& session,
                 std::span<char> block, TableBlock<Row>& into) {
  into.notes = {};
  into.rows.clear();
  CsvCursor cursor(block);
  Record record;
  while (cursor.next(record)) {
    Problem problem = record_problem(record, map.known.size());
    Numbered<Row> numbered{{}, record.line};
    if (!problem.why.empty()) {
      into.notes.problems.push_back(std::move(problem));
    } else if (set_row(table, map, record, session.lookup, numbered.row, into.notes.problems)) {
      if (table.main_date != nullptr) note_date(into.notes, numbered.row.*table.main_date);
      ++into.notes.rows;
      into.rows.push_back(std::move(numbered));
    }
    if (!into.notes.problems.empty() && !session.options().lenient) break;
  }
  into.notes.lines = cursor.lines();
}

// All good rows of a file in its order; nothing where the folder has no such file.
template <class Row>
base::Result<std::vector<Numbered<Row>>> read_rows(Session& session, const Table<Row>& table) {
  std::vector<Numbered<Row>> rows;
  if (!session.has(table.file)) return rows;
  OpenCsv csv = TRY(session.open_csv(table.file));
  const ColumnMap map = TRY(map_columns(session, table.file, csv, names_of(table)));
  std::uint64_t line = csv.first_line;
  const auto consume = [&](Parsed<TableBlock<Row>>& parsed) -> base::Result<> {
    TableBlock<Row>& found = parsed.output;
    TRY(take_notes(session, table.file, found.notes, line));
    if (rows.size() + found.rows.size() > rows_max)
      return base::fail(base::ErrorCode::input_too_large,
                        fmt::format("{}: more than {} rows", table.file, rows_max));
    for (Numbered<Row>& numbered : found.rows) {
      numbered.line += line;
      rows.push_back(std::move(numbered));
    }
    line += found.notes.lines;
    session.report_progress(table.file);
    return {};
  };
  const auto parse = [&](Parsed<TableBlock<Row>>& parsed) {
    parse_block(table, map, session, parsed.block, parsed.output);
  };
  TRY((Pipeline<TableBlock<Row>>(blocks_of(csv), parse, consume).run(session.options().threads)));
  return rows;
}

// Stable; quick where the rows stand in a few ascending runs already, as they do in most exports.
template <class Row, class Before>
void sort_runs(std::vector<Row>& rows, Before before) {
  constexpr std::size_t runs_max = 8;
  std::vector<typename std::vector<Row>::iterator> ends;
  for (auto end = rows.begin(); end != rows.end() && ends.size() <= runs_max;)
    ends.push_back(end = std::is_sorted_until(end, rows.end(), before));
  if (ends.size() > runs_max) return std::stable_sort(rows.begin(), rows.end(), before);
  for (std::size_t run = 1; run < ends.size(); ++run)
    std::inplace_merge(rows.begin(), ends[run - 1], ends[run], before);
}

// Sorts by key; of rows with one key the first of the file stays, the others are bad rows.
// `key_words` names the key.
template <class Row, class Key>
base::Result<> sort_unique(Session& session, std::string_view file, std::string_view key_words,
                           std::vector<Numbered<Row>>& rows, Key key) {
  const auto before = [&](const Numbered<Row>& a, const Numbered<Row>& b) {
    return key(a.row) < key(b.row);
  };
  sort_runs(rows, before);
  std::size_t kept = 0;
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kept > 0 && key(rows[kept - 1].row) == key(rows[i].row)) {
      problems.push_back({rows[i].line,
                          {},
                          {},
                          fmt::format("the same {} as in line {}; expected each key once",
                                      key_words, rows[kept - 1].line)});
      continue;
    }
    if (kept != i) rows[kept] = std::move(rows[i]);
    ++kept;
  }
  rows.resize(kept);
  return take_late(session, file, std::move(problems));
}

// Takes out the rows for which `problem_of` gives a problem (without its line); whether there were
// any.
template <class Row, class ProblemOf>
base::Result<bool> drop_faulty(Session& session, std::string_view file,
                               std::vector<Numbered<Row>>& rows, ProblemOf problem_of) {
  std::vector<Problem> problems;
  std::erase_if(rows, [&](Numbered<Row>& numbered) {
    std::optional<Problem> problem = problem_of(numbered.row);
    if (!problem) return false;
    problem->line = numbered.line;
    problems.push_back(std::move(*problem));
    return true;
  });
  const bool any = !problems.empty();
  TRY(take_late(session, file, std::move(problems)));
  return any;
}

// The rows without their line numbers, as Out, which Row is or derives from.
template <class Out, class Row>
std::vector<Out> without_lines(std::vector<Numbered<Row>>&& rows) {
  std::vector<Out> out;
  out.reserve(rows.size());
  for (Numbered<Row>& numbered : rows) out.push_back(std::move(numbered.row));
  std::vector<Numbered<Row>>().swap(rows);
  return out;
}

}  // namespace estate
