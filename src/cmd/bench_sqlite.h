#pragma once
// The yardstick of bench journal: rows committed to SQLite.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cmd {

class SqliteLog {
 public:
  // A new database in WAL mode with synchronous=FULL. Error: io_failed.
  static base::Result<SqliteLog> create(const std::string& path);
  SqliteLog(SqliteLog&& other) noexcept;
  ~SqliteLog();

  // Commits `count` rows of these bytes in one transaction.
  base::Result<> commit(std::string_view bytes, int count);

 private:
  SqliteLog() = default;
  base::Result<> run(const char* sql);

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace cmd
