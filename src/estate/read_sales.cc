// sales.csv, the one large file: a fast path for rows that look like most rows, the common way for
// all others.
#include <cstring>
#include <set>

#include <fmt/core.h>

#include "estate/read_columns.h"
#include "estate/read_files.h"
#include "estate/read_sales_rows.h"

namespace estate {
namespace {

using base::Result;
using enum Need;
namespace v = values;

struct SaleDraft {
  Date date;
  std::uint32_t site = none, product = none;
  std::int32_t units = 0, reduced_units = 0;
  bool in_stock = true, promoted = false;
  Channel channel = Channel::unsaid;
  std::optional<Money> price;  // checked, not kept
};

Expected set_date(SaleDraft& row, std::string_view text, const Lookup& lookup) {
  const auto date = base::parse_date(text);
  if (!date || *date > sale_date_last) return "a day YYYY-MM-DD from 1900-01-01 to 2079-06-06";
  if (lookup.weekly && base::weekday(*date) != 0)
    return "a Monday, because period = \"week\" in estate.toml";
  row.date = *date;
  return {};
}

Expected set_promotion(SaleDraft& row, std::string_view text, const Lookup&) {
  if (!valid_text(text)) return "text in UTF-8 without NUL";
  row.promoted = true;
  return {};
}

// The first four are what the fast path knows.
enum HotColumn : std::size_t {
  date_column,
  site_column,
  product_column,
  units_column,
  hot_columns
};
constexpr std::size_t in_stock_column = 4, reduced_column = 8;
constexpr auto table_columns = std::to_array<Column<SaleDraft>>({
    {"date", required, set_date},
    {"site", required, v::site<&SaleDraft::site>},
    {"product", required, v::product<&SaleDraft::product>},
    {"units", required, v::whole<&SaleDraft::units, -sale_units_max, sale_units_max>},
    {"in_stock", optional, v::flag<&SaleDraft::in_stock>},
    {"price", optional, v::money<&SaleDraft::price>},
    {"promotion", optional, set_promotion},
    {"channel", optional, v::word<&SaleDraft::channel>},
    {"reduced_units", optional,
     v::whole<&SaleDraft::reduced_units, -sale_units_max, sale_units_max>},
});
constexpr Table<SaleDraft> table{"sales.csv", table_columns};

// Whether an optional column says what a row without it means, as most rows do.
bool says_nothing(std::size_t column, std::string_view text) {
  if (text.size() != 1) return text.empty();
  return (column == in_stock_column && text[0] == '1') ||
         (column == reduced_column && text[0] == '0');
}

// Remembers the month of the date before, so that a date costs one comparison and two digits.
class MonthCache {
 public:
  // Into `date`, rather than as an optional, which costs more than all the rest: it is stored in
  // two parts and loaded as one, and such a load waits. False for what is no date.
  bool find(std::string_view text, Date& date) {
    if (text.size() != 10) return false;
    std::uint64_t month;
    std::memcpy(&month, text.data(), sizeof month);
    if (month != month_) {
      const auto parsed = base::parse_date(text);
      if (!parsed) return false;
      const base::YearMonthDay ymd = base::year_month_day(*parsed);
      month_ = month;
      before_first_ = *parsed - ymd.day;
      days_ = base::make_date(ymd.year + ymd.month / 12, ymd.month % 12 + 1, 1) - before_first_ - 1;
    }
    const unsigned tens = static_cast<unsigned>(text[8] - '0');
    const unsigned ones = static_cast<unsigned>(text[9] - '0');
    const unsigned day = tens * 10 + ones;
    if (tens > 9 || ones > 9 || day == 0 || day > static_cast<unsigned>(days_)) return false;
    date = before_first_ + static_cast<int>(day);
    return true;
  }

 private:
  std::uint64_t month_ = 0;  // the bytes "YYYY-MM-"
  Date before_first_;
  int days_ = 0;
};

// Up to nine digits with an optional minus.
bool small_whole(std::string_view text, std::int32_t& into) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 9) return false;
  std::int32_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(c - '0');
    if (digit > 9) return false;
    value = value * 10 + static_cast<std::int32_t>(digit);
  }
  into = negative ? -value : value;
  return value <= sale_units_max;
}

// Where a row of the file stands, found again in a second reading.
struct Found {
  SaleKey key;
  std::uint64_t line;
};

struct SalesBlock {
  BlockNotes notes;
  std::vector<SaleRow> rows;  // as they are parsed; all of them are copied to `block`
  SaleBlock block;
  std::vector<ReducedRow> reduced;
  std::vector<Found> found;
};

class SalesParser {
 public:
  // With `wanted` the parser collects where those rows stand, and nothing else.
  SalesParser(const Session& session, const ColumnMap& map, const std::set<SaleKey>* wanted)
      : session_(session), map_(map), wanted_(wanted) {
    for (std::size_t i = 0; i < hot_columns; ++i) hot_[i] = map.position[i];
    for (std::size_t i = hot_columns; i < table_columns.size(); ++i)
      if (map.position[i] != ColumnMap::ignored) others_.push_back({i, map.position[i]});
  }

  void parse(std::span<char> block, SalesBlock& into) const {
    into.notes = {};
    into.rows.clear();
    into.reduced.clear();
    into.found.clear();
    CsvCursor cursor(block);
    Record record;
    Recent recent;
    while (true) {
      skip_old(cursor, recent.month, into.notes);
      if (!cursor.next(record)) break;
      SaleDraft row;
      if (read(record, recent, row, into.notes.problems)) keep(row, record.line, into);
      if (!into.notes.problems.empty() && !session_.options().lenient) break;
    }
    into.notes.lines = cursor.lines();
    into.block = block_of(into.rows);
  }

 private:
  struct Recent {
    MonthCache month;
    std::uint32_t site = none, product = none;
  };

  // Steps over rows that a carried state holds already, of which only the date is looked at.
  void skip_old(CsvCursor& cursor, MonthCache& month, BlockNotes& notes) const {
    constexpr std::size_t date_bytes = 10;
    if (map_.position[date_column] != 0 || session_.options().sales_from == base::date_min) return;
    while (true) {
      const std::string_view rest = cursor.rest();
      if (rest.size() <= date_bytes || rest[date_bytes] != ',') return;
      Date date;
      if (!sale_date(rest.substr(0, date_bytes), month, date)) return;
      if (date >= session_.options().sales_from || !cursor.skip_plain()) return;
      ++notes.rows;
      note_date(notes, date);
    }
  }

  // False for any date that is unusual or wrong.
  bool sale_date(std::string_view text, MonthCache& month, Date& date) const {
    if (!month.find(text, date) || date > sale_date_last) return false;
    return !session_.lookup.weekly || base::weekday(date) == 0;
  }

  bool read(const Record& record, Recent& recent, SaleDraft& row,
            std::vector<Problem>& problems) const {
    if (record.problem.empty() && record.count == map_.known.size() &&
        read_fast(record, recent, row))
      return true;
    Problem problem = record_problem(record, map_.known.size());
    if (problem.why.empty()) {
      row = {};
      return set_row(table, map_, record, session_.lookup, row, problems);
    }
    problems.push_back(std::move(problem));
    return false;
  }

  // False for anything unusual; set_row then has the word.
  bool read_fast(const Record& record, Recent& recent, SaleDraft& row) const {
    const std::string_view* const fields = record.fields.data();
    const auto field = [&](HotColumn column) { return fields[hot_[column]]; };
    if (!sale_date(field(date_column), recent.month, row.date)) return false;
    row.site = session_.lookup.sites.find_near(field(site_column), recent.site);
    row.product = session_.lookup.products.find_near(field(product_column), recent.product);
    if (row.site == none || row.product == none) return false;
    if (!small_whole(field(units_column), row.units)) return false;
    recent.site = row.site;
    recent.product = row.product;
    for (const auto& [column, position] : others_) {
      const std::string_view text = fields[position];
      if (says_nothing(column, text)) continue;
      if (!table_columns[column].set(row, text, session_.lookup).empty()) return false;
    }
    return true;
  }

  void keep(const SaleDraft& row, std::uint64_t line, SalesBlock& into) const {
    if (row.date > session_.options().as_of) return;
    const auto day = static_cast<std::uint16_t>(row.date - sales_epoch);
    ++into.notes.rows;
    note_date(into.notes, row.date);
    if (row.date < session_.options().sales_from) return;
    const SaleKey key{row.site, row.product, day, row.channel};
    if (wanted_ != nullptr) {
      if (wanted_->contains(key)) into.found.push_back({key, line});
      return;
    }
    const unsigned flags =
        (row.in_stock ? 0u : sale_empty_shelf) | (row.promoted ? sale_promotion : 0u);
    into.rows.push_back(
        {row.site, row.product, row.units, day, static_cast<std::uint8_t>(flags), row.channel});
    if (row.reduced_units != 0) into.reduced.push_back({key, row.reduced_units});
  }

  const Session& session_;
  const ColumnMap& map_;
  const std::set<SaleKey>* wanted_;
  struct Place {
    std::size_t column, position;  // in the table, in the file
  };
  std::array<std::size_t, hot_columns> hot_{};  // positions
  std::vector<Place> others_;
};

constexpr auto table_names = [] {
  std::array<ColumnName, table_columns.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i)
    names[i] = {table_columns[i].name, table_columns[i].need};
  return names;
}();

// Reads the file a second time for the lines of these rows, in file order.
Result<std::vector<Found>> locate(Session& session, const ColumnMap& map,
                                  const std::set<SaleKey>& wanted) {
  OpenCsv csv = TRY(session.open_csv_again(table.file));
  const SalesParser parser(session, map, &wanted);
  std::uint64_t line = csv.first_line;
  std::vector<Found> all;
  const auto consume = [&](Parsed<SalesBlock>& parsed) -> Result<> {
    for (const Found& found : parsed.output.found) all.push_back({found.key, found.line + line});
    line += parsed.output.notes.lines;
    return {};
  };
  const auto parse = [&](Parsed<SalesBlock>& parsed) { parser.parse(parsed.block, parsed.output); };
  TRY(Pipeline<SalesBlock>(blocks_of(csv), parse, consume).run(session.options().threads));
  return all;
}

// Duplicates as bad rows, each with its line and that of the first row of its key.
Result<> take_duplicates(Session& session, const ColumnMap& map, const SortedSales& sorted) {
  if (sorted.duplicate_count == 0) return {};
  const std::set<SaleKey> wanted(sorted.duplicates.begin(), sorted.duplicates.end());
  const std::vector<Found> found = TRY(locate(session, map, wanted));
  std::map<SaleKey, std::uint64_t> first_line;
  FileFacts& facts = session.facts(table.file);
  std::uint64_t taken = 0;
  for (const Found& row : found) {
    const auto [first, is_first] = first_line.emplace(row.key, row.line);
    if (is_first) continue;
    ++taken;
    TRY(session.take(table.file, {row.line,
                                  {},
                                  {},
                                  fmt::format("the same date, site, product and channel as in line "
                                              "{}; expected each once",
                                              first->second)}));
  }
  facts.rejected += sorted.duplicate_count - taken;
  facts.rows -= sorted.duplicate_count;
  return {};
}

}  // namespace

Result<> read_sales(Session& session, Estate& estate) {
  OpenCsv csv = TRY(session.open_csv(table.file));
  const ColumnMap map = TRY(map_columns(session, table.file, csv, table_names));
  const SalesParser parser(session, map, nullptr);
  std::vector<SaleBlock> blocks;
  std::vector<ReducedRow> reduced;
  std::uint64_t rows = 0;
  std::uint64_t line = csv.first_line;
  const auto consume = [&](Parsed<SalesBlock>& parsed) -> Result<> {
    SalesBlock& block = parsed.output;
    TRY(take_notes(session, table.file, block.notes, line));
    rows += block.rows.size();
    if (rows > sales_rows_max)
      return base::fail(base::ErrorCode::input_too_large,
                        fmt::format("sales.csv: more than {} rows", sales_rows_max));
    blocks.push_back(std::move(block.block));
    reduced.insert(reduced.end(), block.reduced.begin(), block.reduced.end());
    line += block.notes.lines;
    session.report_progress(table.file);
    return {};
  };
  const auto parse = [&](Parsed<SalesBlock>& parsed) { parser.parse(parsed.block, parsed.output); };
  TRY(Pipeline<SalesBlock>(blocks_of(csv), parse, consume).run(session.options().threads));

  const bool has_reduced = map.position[reduced_column] != ColumnMap::ignored;
  SortedSales sorted =
      sort_sales(std::move(blocks), session.lookup.sites.size(), has_reduced ? &reduced : nullptr,
                 rejected_detail_max, session.options().threads);
  TRY(take_duplicates(session, map, sorted));
  estate.sales = std::move(sorted.sales);
  estate.has_in_stock_flags = map.position[in_stock_column] != ColumnMap::ignored;
  return {};
}

std::vector<FileColumns> sales_columns() { return {columns_of(table)}; }

}  // namespace estate
