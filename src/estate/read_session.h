#pragma once
// One run over an estate folder: which files it has, what was read so far, and what happens to bad
// rows.

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "estate/csv.h"
#include "estate/ids.h"
#include "estate/inflate.h"
#include "estate/read.h"
#include "io/disk.h"

namespace estate {

inline constexpr std::size_t rejected_detail_max = 100'000;

// The files of the format, in the order of its table.
inline constexpr auto known_files = std::to_array<std::string_view>(
    {"estate.toml", "sites.csv", "products.csv", "sales.csv", "barcodes.csv", "range.csv",
     "supply.csv", "deliveries.csv", "site_calendar.csv", "capacity.csv", "suppliers.csv",
     "supplier_items.csv", "stock.csv", "on_order.csv", "movements.csv", "customer_orders.csv",
     "promotions.csv", "events.csv", "prices.csv"});

// Which files of a folder a reading looks at, and which must be there.
struct FolderFiles {
  std::span<const std::string_view> known, required;
};

// What is wrong with a row. Without a column the row as a whole is wrong.
struct Problem {
  std::uint64_t line = 0;
  std::string column = {}, value = {}, why = {};
  bool fatal = false;  // stops even a lenient read
};

// Bytes of a value as an error message shows them: shortened, with unprintable ones escaped.
std::string shown(std::string_view value);
// `sales.csv:17: column units: "x3": expected a whole number`
std::string message_of(std::string_view file, const Problem& problem);

// What values are checked against; filled as the files are read.
struct Lookup {
  IdTable sites, products, suppliers;
  std::vector<bool> is_depot;  // by site
  bool weekly = false;
};

// A CSV file at its first row: header read, columns known.
struct OpenCsv {
  std::unique_ptr<io::Reader> reader;
  std::unique_ptr<CsvBlocks> blocks;
  std::vector<char> first_block;     // behind the header
  std::uint64_t first_line = 2;      // of first_block
  std::vector<std::string> columns;  // as in the header
};

// Opens the stream of a CSV file and reads its header; `name` stands in errors. Every uncompressed
// byte is also handed to `tap`, if set, and an empty view at the end.
base::Result<OpenCsv> open_csv_stream(std::unique_ptr<io::Reader> packed, Packing packing,
                                      const std::string& name,
                                      std::function<void(std::string_view)> tap = {});

// Files may be read on several threads, each file on one.
class Session {
 public:
  // Lists the folder. Errors: input_missing for a folder that cannot be listed or lacks a required
  // file, input_bad for one file in two packings.
  static base::Result<Session> open(io::Disk& disk, const io::Path& folder,
                                    const ReadOptions& options);
  // The same for other files: what else is in the folder is not opened. The options must outlive
  // the session.
  static base::Result<Session> open(io::Disk& disk, const io::Path& folder,
                                    const ReadOptions& options, const FolderFiles& files);

  const ReadOptions& options() const { return *options_; }
  bool has(std::string_view file) const { return found_.contains(std::string(file)); }
  // Facts of a file that the folder has.
  FileFacts& facts(std::string_view file) { return found_.at(std::string(file)).facts; }

  // The whole content of a small file, at most bytes_max.
  base::Result<std::string> read_whole(std::string_view file, std::size_t bytes_max);
  base::Result<OpenCsv> open_csv(std::string_view file);
  // As open_csv, for a second look at a file whose digest is already known.
  base::Result<OpenCsv> open_csv_again(std::string_view file);
  // Tells options.progress how far the reading is, one caller at a time; cheap enough for every
  // block.
  void report_progress(std::string_view file);

  // Takes a bad row: the error to stop with, or, in a lenient read, counted and listed.
  base::Result<> take(std::string_view file, Problem problem);

  // Hands over what was collected, when all files are read; of the rejected rows the first
  // rejected_detail_max, file by file.
  std::vector<FileFacts> finish_facts();
  std::vector<Rejected> finish_rejected();
  std::string digest();

  Lookup lookup;

 private:
  struct Found;
  class CountingReader;

  Session() = default;
  base::Result<OpenCsv> open_csv(std::string_view file, bool with_digest);

  struct Found {
    FileFacts facts;
    Packing packing = Packing::plain;
    std::string digest;              // SHA-256 of the uncompressed bytes, once they are read
    std::vector<Rejected> rejected;  // at most rejected_detail_max
  };
  struct Progress {
    std::atomic<std::uint64_t> bytes_read = 0;
    std::mutex telling;
  };

  io::Disk* disk_ = nullptr;
  io::Path folder_;
  const ReadOptions* options_ = nullptr;
  std::map<std::string, Found> found_;  // by plain name
  std::unique_ptr<Progress> progress_;
  std::uint64_t bytes_total_ = 0;
};

}  // namespace estate
