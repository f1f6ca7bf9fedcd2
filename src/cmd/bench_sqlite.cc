#include "cmd/bench_sqlite.h"

#include <utility>

#include <sqlite3.h>

namespace cmd {
namespace {

std::unexpected<base::Error> failed(sqlite3* database) {
  return base::fail(base::ErrorCode::io_failed, std::string("sqlite: ") + sqlite3_errmsg(database));
}

}  // namespace

base::Result<SqliteLog> SqliteLog::create(const std::string& path) {
  SqliteLog log;
  if (sqlite3_open(path.c_str(), &log.database_) != SQLITE_OK) return failed(log.database_);
  TRY(
      log.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
              "CREATE TABLE event (number INTEGER PRIMARY KEY, body BLOB NOT NULL)"));
  if (sqlite3_prepare_v2(log.database_, "INSERT INTO event (body) VALUES (?)", -1, &log.insert_,
                         nullptr) != SQLITE_OK)
    return failed(log.database_);
  return log;
}

SqliteLog::SqliteLog(SqliteLog&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)),
      insert_(std::exchange(other.insert_, nullptr)) {}

SqliteLog::~SqliteLog() {
  sqlite3_finalize(insert_);
  sqlite3_close(database_);
}

base::Result<> SqliteLog::commit(std::string_view bytes, int count) {
  TRY(run("BEGIN"));
  for (int i = 0; i < count; ++i) {
    sqlite3_bind_blob(insert_, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    if (sqlite3_step(insert_) != SQLITE_DONE) return failed(database_);
    sqlite3_reset(insert_);
  }
  return run("COMMIT");
}

base::Result<> SqliteLog::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failed(database_);
  return {};
}

}  // namespace cmd
