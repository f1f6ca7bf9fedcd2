#pragma once
// Passes a table of an estate's folder on to a copy: the columns that the layout knows, the rows
// that the reader accepted.

#include <functional>
#include <map>
#include <set>
#include <string>

#include "estate/estate.h"
#include "vault/table.h"

namespace vault {

// The folder's tables, and which of their rows were rejected.
class EstateTables {
 public:
  // Error: input_bad where more rows were rejected than are listed.
  static base::Result<EstateTables> open(io::Disk& disk, io::Path folder,
                                         const estate::Estate& estate);

  bool has(const std::string& file) const { return found_.contains(file); }
  // Columns that both the folder's table and the layout have, in the layout's order.
  base::Result<std::vector<std::string>> columns(const std::string& file) const;

  // Value of a column in a row; empty where the table has none.
  using Value = std::function<std::string_view(std::string_view column)>;
  // Adds the accepted rows for which `wanted` holds to a table of any columns.
  base::Result<> pass(const std::string& file, Table& to,
                      const std::function<bool(const Value& value)>& wanted = {}) const;

 private:
  EstateTables(io::Disk& disk, io::Path folder) : disk_(&disk), folder_(std::move(folder)) {}

  io::Disk* disk_;
  io::Path folder_;
  std::map<std::string, std::string> found_;  // plain name to name
  std::map<std::string, std::set<std::uint64_t>> rejected_;
};

}  // namespace vault
