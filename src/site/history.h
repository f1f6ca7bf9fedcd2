#pragma once
// The site's history: a thread that follows the journal into the records, and answers what people
// search there, what a night told, and what the next one wants to know of sales.

#include <functional>
#include <memory>
#include <vector>

#include "io/disk.h"
#include "records/records.h"
#include "site/core.h"

namespace site {

inline constexpr std::size_t searches_max = 64;  // that wait

class History {
 public:
  // Opens the records in the folder, or makes them anew, and follows the core's journal from where
  // they end. The core must outlive it. Error: io_failed.
  static base::Result<std::unique_ptr<History>> start(Core& core, io::Disk& disk,
                                                      const io::Path& data, trade::SiteCode site);
  ~History();

  using Found = base::Result<std::vector<records::FoundEvent>>;
  using Days = base::Result<std::vector<records::DayOfLine>>;
  using Night = base::Result<std::string>;

  // All answer once, on the history's thread, from records that hold everything that was committed
  // when they were asked. False: too many wait; nothing will be answered.
  bool search(records::Search search, std::move_only_function<void(Found)> then);
  bool days(base::Date first, base::Date last, std::move_only_function<void(Days)> then);
  // The document of a day's night; errors as RecordKeeper::night, and io_failed where the records
  // are behind and it may be in what they lack.
  bool night(base::Date day, std::move_only_function<void(Night)> then);

  // Entries that the records hold, and committed ones that they do not hold yet.
  std::uint64_t entries() const;
  std::uint64_t lag_entries() const;
  // What stopped it from following; empty while it does.
  std::string trouble() const;

 private:
  struct Parts;
  explicit History(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace site
