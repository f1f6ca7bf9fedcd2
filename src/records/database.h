#pragma once
// SQLite, thinly: a database, its statements, and their failures as results.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/disk.h"

struct sqlite3;
struct sqlite3_stmt;

namespace records {

struct DatabaseCloser {
  void operator()(sqlite3* database) const;
};
struct StatementCloser {
  void operator()(sqlite3_stmt* statement) const;
};

// A prepared statement. Binding and reading go by place: parameters count from 1, columns from 0.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  // Makes it ready to run again, with nothing bound.
  Statement& reset();
  Statement& bind(int place, std::int64_t value);
  // The text must live until the next step().
  Statement& bind(int place, std::string_view text);
  Statement& bind_bytes(int place, std::string_view bytes);
  // True: there is a row to read. False: it is done. Error: io_failed.
  base::Result<bool> step();

  std::int64_t number(int column) const;
  // Valid until the next step() or reset().
  std::string_view text(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, StatementCloser> statement_;
};

class Database {
 public:
  // Opens or makes the file, with a write-ahead log. What is in it can be made again, so a commit
  // does not wait for the disk. Errors: io_failed; input_bad where the file is no database.
  static base::Result<Database> open(const io::Path& path);

  // Runs statements that return no rows.
  base::Result<> run(const char* sql);
  base::Result<Statement> prepare(std::string_view sql) const;

 private:
  explicit Database(sqlite3* database) : database_(database) {}
  std::unique_ptr<sqlite3, DatabaseCloser> database_;
};

}  // namespace records
