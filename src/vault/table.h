#pragma once
// One table of a copy on its way to the disk: rows by column name, and what was written.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/sha256.h"
#include "estate/csv_writer.h"
#include "vault/folder.h"

namespace vault {

class Table {
 public:
  // Requires columns that the layout has for the file.
  static base::Result<Table> create(io::Disk& disk, const io::Path& folder, const std::string& name,
                                    std::vector<std::string> columns);

  estate::CsvWriter& csv() { return csv_; }
  const std::vector<std::string>& columns() const { return columns_; }
  // Adds a row of these fields; columns that are not named stay empty.
  using Field = std::pair<std::string_view, std::string_view>;
  void row(std::initializer_list<Field> fields);
  base::Result<WrittenFile> finish();

 private:
  struct Seen {
    crypto::Sha256 hash;
    std::uint64_t bytes = 0;
  };
  Table(estate::CsvWriter csv, std::string name, std::vector<std::string> columns);

  estate::CsvWriter csv_;
  std::string name_;
  std::vector<std::string> columns_;
  std::unique_ptr<Seen> seen_ = std::make_unique<Seen>();
};

// The layout's columns of a file.
std::vector<std::string> all_columns(std::string_view file);

}  // namespace vault
