#include "records/records.h"

#include <algorithm>

#include <fmt/core.h>

namespace records {
namespace {

using base::Result;

constexpr std::int64_t version = 2;

constexpr const char* schema =
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO facts VALUES ('version', 2), ('entries', 0);"
    "CREATE TABLE event (entry INTEGER, place INTEGER, at_ms INTEGER NOT NULL, "
    "day INTEGER NOT NULL, kind TEXT NOT NULL, actor INTEGER NOT NULL, device INTEGER NOT NULL, "
    "bytes BLOB NOT NULL, PRIMARY KEY (entry, place)) WITHOUT ROWID;"
    "CREATE TABLE of_product (product TEXT, entry INTEGER, place INTEGER, "
    "PRIMARY KEY (product, entry, place)) WITHOUT ROWID;"
    "CREATE TABLE of_document (document TEXT, entry INTEGER, place INTEGER, "
    "PRIMARY KEY (document, entry, place)) WITHOUT ROWID;"
    "CREATE TABLE sales (product TEXT, day INTEGER, units INTEGER NOT NULL, "
    "pence INTEGER NOT NULL, was_empty INTEGER NOT NULL, "
    "PRIMARY KEY (product, day)) WITHOUT ROWID;"
    "CREATE TABLE night (day INTEGER PRIMARY KEY, document TEXT NOT NULL);";

// The conditions of a search, as SQL; bind() must follow in the same order.
std::string sql_of(const Search& search) {
  std::string sql = "SELECT e.entry, e.place, e.at_ms, e.bytes FROM event e";
  if (!search.product.empty())
    sql += " JOIN of_product p ON p.entry = e.entry AND p.place = e.place AND p.product = ?";
  if (!search.document.empty())
    sql += " JOIN of_document d ON d.entry = e.entry AND d.place = e.place AND d.document = ?";
  sql += " WHERE 1";
  if (!search.kind.empty()) sql += " AND e.kind = ?";
  if (search.first_day) sql += " AND e.day >= ?";
  if (search.last_day) sql += " AND e.day <= ?";
  if (search.actor) sql += " AND e.actor = ?";
  if (search.before) sql += " AND (e.entry, e.place) < (?, ?)";
  return sql + " ORDER BY e.entry DESC, e.place DESC LIMIT ?";
}

void bind(Statement& statement, const Search& search) {
  int place = 0;
  for (const std::string* text : {&search.product, &search.document, &search.kind})
    if (!text->empty()) statement.bind(++place, std::string_view(*text));
  if (search.first_day) statement.bind(++place, std::int64_t{*search.first_day});
  if (search.last_day) statement.bind(++place, std::int64_t{*search.last_day});
  if (search.actor) statement.bind(++place, std::int64_t{*search.actor});
  if (search.before) {
    statement.bind(++place, static_cast<std::int64_t>(search.before->first));
    statement.bind(++place, std::int64_t{search.before->second});
  }
  statement.bind(++place, static_cast<std::int64_t>(std::min(search.rows_max, page_rows_max)));
}

Result<> run(Statement& statement) {
  TRY(statement.step());
  statement.reset();
  return {};
}

// A fact of the file, or nothing where it is not ours.
std::optional<std::int64_t> fact(const Database& database, std::string_view name) {
  auto statement = database.prepare("SELECT value FROM facts WHERE name = ?");
  if (!statement) return std::nullopt;
  const auto has_row = statement->bind(1, name).step();
  if (!has_row || !*has_row) return std::nullopt;
  return statement->number(0);
}

}  // namespace

Result<Records> Records::open_file(const io::Path& path) {
  Records records(TRY(Database::open(path)));
  if (!fact(records.database_, "version")) TRY(records.database_.run(schema));
  const auto found = fact(records.database_, "version");
  if (!found || *found != version)
    return base::fail(base::ErrorCode::input_bad, "the records are of another version");
  records.entries_ = static_cast<std::uint64_t>(fact(records.database_, "entries").value_or(0));
  TRY(records.prepare());
  return records;
}

Result<Records> Records::open(io::Disk& disk, const io::Path& path) {
  if (auto records = open_file(path)) return records;
  for (const char* ending : {"", "-wal", "-shm"}) TRY(disk.remove_all(path.string() + ending));
  return open_file(path);
}

Result<> Records::prepare() {
  add_event_ = TRY(database_.prepare("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  add_product_ = TRY(database_.prepare("INSERT OR IGNORE INTO of_product VALUES (?, ?, ?)"));
  add_document_ = TRY(database_.prepare("INSERT OR IGNORE INTO of_document VALUES (?, ?, ?)"));
  add_sales_ = TRY(
      database_.prepare("INSERT INTO sales VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO UPDATE SET "
                        "units = units + ?3, pence = pence + ?4"));
  note_empty_ =
      TRY(database_.prepare("INSERT INTO sales VALUES (?1, ?2, 0, 0, 1) ON CONFLICT DO UPDATE SET "
                            "was_empty = 1"));
  set_night_ = TRY(database_.prepare("INSERT OR REPLACE INTO night VALUES (?, ?)"));
  set_entries_ = TRY(database_.prepare("UPDATE facts SET value = ? WHERE name = 'entries'"));
  return {};
}

Result<> Records::begin() { return database_.run("BEGIN IMMEDIATE"); }

Result<> Records::add(const EventRow& event) {
  const auto entry = static_cast<std::int64_t>(event.entry);
  const std::int64_t place = event.place;
  add_event_.bind(1, entry).bind(2, place).bind(3, event.at_ms).bind(4, std::int64_t{event.day});
  add_event_.bind(5, event.kind).bind(6, std::int64_t{event.actor});
  add_event_.bind(7, std::int64_t{event.device}).bind_bytes(8, event.bytes);
  TRY(run(add_event_));
  for (const std::string_view product : event.products)
    TRY(run(add_product_.bind(1, product).bind(2, entry).bind(3, place)));
  for (const std::string& document : event.documents)
    TRY(run(add_document_.bind(1, std::string_view(document)).bind(2, entry).bind(3, place)));
  return {};
}

Result<> Records::add_sales(std::int32_t day, std::string_view product, std::int64_t units,
                            std::int64_t pence) {
  add_sales_.bind(1, product).bind(2, std::int64_t{day}).bind(3, units).bind(4, pence);
  return run(add_sales_);
}

Result<> Records::set_night(std::int32_t day, std::string_view document) {
  return run(set_night_.bind(1, std::int64_t{day}).bind(2, document));
}

Result<std::optional<std::string>> Records::night(std::int32_t day) {
  Statement statement = TRY(database_.prepare("SELECT document FROM night WHERE day = ?"));
  if (!TRY(statement.bind(1, std::int64_t{day}).step())) return std::optional<std::string>();
  return std::optional(std::string(statement.text(0)));
}

Result<> Records::note_empty(std::int32_t day, std::string_view product) {
  return run(note_empty_.bind(1, product).bind(2, std::int64_t{day}));
}

Result<> Records::commit(std::uint64_t entries) {
  TRY(run(set_entries_.bind(1, static_cast<std::int64_t>(entries))));
  TRY(database_.run("COMMIT"));
  entries_ = entries;
  return {};
}

void Records::roll_back() {
  for (Statement* statement :
       {&add_event_, &add_product_, &add_document_, &add_sales_, &note_empty_, &set_entries_})
    statement->reset();
  (void)database_.run("ROLLBACK");
}

Result<std::vector<FoundEvent>> Records::find(const Search& search) {
  Statement statement = TRY(database_.prepare(sql_of(search)));
  bind(statement, search);
  std::vector<FoundEvent> found;
  while (TRY(statement.step()))
    found.push_back({static_cast<std::uint64_t>(statement.number(0)),
                     static_cast<std::uint32_t>(statement.number(1)), statement.number(2),
                     std::string(statement.text(3))});
  return found;
}

Result<> Records::each_day_of_line(std::int32_t first_day, std::int32_t last_day,
                                   const std::function<void(const DayOfLine&)>& then) {
  Statement statement =
      TRY(database_.prepare("SELECT product, day, units, pence, was_empty FROM sales "
                            "WHERE day BETWEEN ? AND ? ORDER BY product, day"));
  statement.bind(1, std::int64_t{first_day}).bind(2, std::int64_t{last_day});
  while (TRY(statement.step()))
    then({static_cast<std::int32_t>(statement.number(1)), std::string(statement.text(0)),
          statement.number(2), statement.number(3), statement.number(4) != 0});
  return {};
}

}  // namespace records
