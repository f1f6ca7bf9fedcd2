#pragma once
// The tables that a running till sells by: read from a folder at the start, and replaced whole when
// the folder holds others. Whoever sells asks each time and keeps what it got for one basket step.

#include <memory>
#include <mutex>
#include <utility>

#include "till/tables.h"

namespace till {

using TablesPtr = std::shared_ptr<const Tables>;

class TablesInUse {
 public:
  // One without a folder; only replace() changes it. nullptr: the till has no tables, and nothing
  // can be sold by a scan.
  explicit TablesInUse(TablesPtr tables) : tables_(std::move(tables)) {}

  // From any thread; what was got stays as it is. nullptr only where none were given.
  TablesPtr get() const;
  // The one place where they change.
  void replace(TablesPtr tables);

 private:
  mutable std::mutex lock_;  // of what follows
  TablesPtr tables_;
};

}  // namespace till
