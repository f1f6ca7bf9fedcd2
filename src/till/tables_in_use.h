#pragma once
// The tables that a running till sells by: read from a folder at the start, and replaced whole when
// the folder holds others. Whoever sells asks each time and keeps what it got for one basket step.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/date.h"
#include "io/disk.h"
#include "till/tables.h"

namespace till {

using TablesPtr = std::shared_ptr<const Tables>;

// What came of another content of the folder, or of another day.
struct TablesNews {
  TablesPtr taken = {};       // what is in use now, where it was taken over
  std::string refused_why{};  // why the folder's are not in use; empty: they are
};

class TablesInUse {
 public:
  // One without a folder; only replace() changes it. nullptr: the till has no tables, and nothing
  // can be sold by a scan.
  explicit TablesInUse(TablesPtr tables) : tables_(std::move(tables)) {}
  // Those of a folder for a shop, as of a day. Errors: those of read_tables.
  static base::Result<std::shared_ptr<TablesInUse>> open(io::Disk& disk, io::Path folder,
                                                         std::string site_id, base::Date today);

  // From any thread; what was got stays as it is. nullptr only where none were given.
  TablesPtr get() const;
  // The one place where they change.
  void replace(TablesPtr tables);

  // Looks at the folder; to be called now and then by one thread. The content is compared, not a
  // time that a copy may carry along. Content that is new, and stood still since the look before,
  // is read; where it cannot be, the tables in use stay. The content that is in use is read again
  // when the day is another one. Nothing: there is nothing new.
  std::optional<TablesNews> look(base::Date today);

 private:
  TablesInUse(io::Disk& disk, io::Path folder, std::string site_id, base::Date today,
              TablesPtr tables, std::string content);

  io::Disk* disk_ = nullptr;  // nullptr: there is no folder
  io::Path folder_;
  std::string site_id_;
  base::Date read_on_;
  std::string seen_;            // digest of the content at the last look; empty: not readable
  std::string judged_;          // of the content that was read last
  bool is_judged_good_ = true;  // whether that is in use

  mutable std::mutex lock_;  // of what follows
  TablesPtr tables_;
};

}  // namespace till
