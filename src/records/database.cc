#include "records/database.h"

#include <utility>

#include <sqlite3.h>

namespace records {
namespace {

using base::ErrorCode;
using base::Result;

constexpr int busy_ms_max = 5'000;

std::unexpected<base::Error> failed(sqlite3* database, int code) {
  const bool is_foreign = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
  return base::fail(is_foreign ? ErrorCode::input_bad : ErrorCode::io_failed,
                    std::string("sqlite: ") + sqlite3_errmsg(database));
}

}  // namespace

void DatabaseCloser::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void StatementCloser::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  return *this;
}

Statement& Statement::bind(int place, std::int64_t value) {
  CHECK(sqlite3_bind_int64(statement_.get(), place, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
  CHECK(sqlite3_bind_text(statement_.get(), place, text.data(), static_cast<int>(text.size()),
                          SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_bytes(int place, std::string_view bytes) {
  CHECK(sqlite3_bind_blob(statement_.get(), place, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failed(sqlite3_db_handle(statement_.get()), code);
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Result<Database> Database::open(const io::Path& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(path.c_str(), &opened);
  Database database(opened);
  if (code != SQLITE_OK) return failed(opened, code);
  sqlite3_busy_timeout(opened, busy_ms_max);
  TRY(database.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"));
  return database;
}

Result<> Database::run(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(database_.get(), code);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) return failed(database_.get(), code);
  return Statement(statement);
}

}  // namespace records
