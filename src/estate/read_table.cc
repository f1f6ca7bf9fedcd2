#include "estate/read_table.h"

namespace estate {

using base::ErrorCode;
using base::Result;

Result<ColumnMap> match_columns(std::string_view file, std::span<const std::string> header,
                                std::span<const ColumnName> columns,
                                std::vector<std::string>& unknown) {
  ColumnMap map;
  map.known.assign(header.size(), ColumnMap::ignored);
  map.position.assign(columns.size(), ColumnMap::ignored);
  const std::uint64_t header_line = 1;
  const auto bad = [&](ErrorCode code, std::string why) {
    return base::fail(code, message_of(file, {header_line, {}, {}, std::move(why)}));
  };
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string& name = header[i];
    const auto before = header.first(i);
    if (std::find(before.begin(), before.end(), name) != before.end())
      return bad(ErrorCode::input_bad,
                 fmt::format("column {} stands twice; expected each name once", shown(name)));
    const auto known = std::find_if(columns.begin(), columns.end(),
                                    [&](const ColumnName& column) { return column.name == name; });
    if (known == columns.end()) {
      unknown.push_back(shown(name));
      continue;
    }
    map.known[i] = static_cast<std::size_t>(known - columns.begin());
    map.position[map.known[i]] = i;
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].need == Need::required && map.position[i] == ColumnMap::ignored)
      return bad(ErrorCode::input_missing, fmt::format("expected a column {}", columns[i].name));
  return map;
}

Result<ColumnMap> map_columns(Session& session, std::string_view file, const OpenCsv& csv,
                              std::span<const ColumnName> columns) {
  FileFacts& facts = session.facts(file);
  return match_columns(facts.file, csv.columns, columns, facts.unknown_columns);
}

void note_date(BlockNotes& notes, Date date) {
  if (date == base::date_min || date == base::date_max) return;
  notes.first = std::min(notes.first, date);
  notes.last = std::max(notes.last, date);
}

Result<> take_notes(Session& session, std::string_view file, BlockNotes& notes,
                    std::uint64_t first_line) {
  FileFacts& facts = session.facts(file);
  facts.rows += notes.rows;
  facts.first = std::min(facts.first, notes.first);
  facts.last = std::max(facts.last, notes.last);
  for (Problem& problem : notes.problems) {
    problem.line += first_line;
    TRY(session.take(file, std::move(problem)));
  }
  return {};
}

Result<> take_late(Session& session, std::string_view file, std::vector<Problem> problems) {
  std::sort(problems.begin(), problems.end(),
            [](const Problem& a, const Problem& b) { return a.line < b.line; });
  if (!problems.empty()) session.facts(file).rows -= problems.size();
  for (Problem& problem : problems) TRY(session.take(file, std::move(problem)));
  return {};
}

std::function<Result<bool>(std::vector<char>&)> blocks_of(OpenCsv& csv) {
  return [&csv, first = true](std::vector<char>& block) mutable -> Result<bool> {
    if (!std::exchange(first, false)) return csv.blocks->next(block);
    if (csv.first_block.empty()) return csv.blocks->next(block);
    block = std::move(csv.first_block);
    return true;
  };
}

Problem record_problem(const Record& record, std::size_t columns_expected) {
  Problem problem{.line = record.line, .fatal = record.fatal};
  if (!record.problem.empty())
    problem.why = record.problem;
  else if (record.count != columns_expected)
    problem.why =
        fmt::format("{} fields; expected {} as in the header", record.count, columns_expected);
  return problem;
}

}  // namespace estate
