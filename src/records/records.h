#pragma once
// What people search: the history of a site, event by event, and what each line sold each day. All
// of it follows from the journal; a file that is lost, broken or of another version is made again.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "records/database.h"

namespace records {

inline constexpr std::size_t page_rows_max = 500;

// An event as it is found again: by its place, its kind, and what it names.
struct EventRow {
  std::uint64_t entry = 0;
  std::uint32_t place = 0;  // within the entry
  std::int64_t at_ms = 0;   // UTC since 1970
  std::int32_t day = 0;     // the trading day, days since 1970
  std::string_view kind;
  std::uint32_t actor = 0, device = 0;
  std::string_view bytes;  // of the event
  std::vector<std::string_view> products;
  std::vector<std::string> documents;  // numbers, as people type them
};

struct FoundEvent {
  std::uint64_t entry = 0;
  std::uint32_t place = 0;
  std::int64_t at_ms = 0;
  std::string bytes;
};

// Everything that is given must hold; bounds are included.
struct Search {
  std::string product{}, document{}, kind{};
  std::optional<std::int32_t> first_day{}, last_day{};
  std::optional<std::uint32_t> actor{};
  // Events before this one: where the page before ended.
  std::optional<std::pair<std::uint64_t, std::uint32_t>> before{};
  std::size_t rows_max = 50;  // at most page_rows_max
};

// Units of a line that left for customers on a day, less those that came back.
struct DayOfLine {
  std::int32_t day = 0;
  std::string product;
  std::int64_t units = 0, pence = 0;
  bool was_empty = false;  // nothing was on hand at some time of the day
};

class Records {
 public:
  // Error: io_failed.
  static base::Result<Records> open(io::Disk& disk, const io::Path& path);

  // Entries of the journal that are in here, whole.
  std::uint64_t entries() const { return entries_; }

  // Between begin and commit: all, or nothing after a failure.
  base::Result<> begin();
  base::Result<> add(const EventRow& event);
  base::Result<> add_sales(std::int32_t day, std::string_view product, std::int64_t units,
                           std::int64_t pence);
  base::Result<> note_empty(std::int32_t day, std::string_view product);
  // Of several nights of a day, the last is kept. The document is named by its digest in
  // hexadecimal.
  base::Result<> set_night(std::int32_t day, std::string_view document);
  base::Result<> commit(std::uint64_t entries);
  void roll_back();

  // The newest first.
  base::Result<std::vector<FoundEvent>> find(const Search& search);
  // The document of the day's night; nothing where there was none.
  base::Result<std::optional<std::string>> night(std::int32_t day);
  // By product, then day; from first_day to last_day.
  base::Result<> each_day_of_line(std::int32_t first_day, std::int32_t last_day,
                                  const std::function<void(const DayOfLine&)>& then);

 private:
  explicit Records(Database database) : database_(std::move(database)) {}
  static base::Result<Records> open_file(const io::Path& path);
  base::Result<> prepare();

  Database database_;
  Statement add_event_, add_product_, add_document_, add_sales_, note_empty_, set_night_,
      set_entries_;
  std::uint64_t entries_ = 0;
};

}  // namespace records
