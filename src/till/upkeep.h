#pragma once
// What a till's own process does by itself: it follows the date, opens the lines that its products
// need, and takes over newer tables.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/clock.h"
#include "site/core.h"
#include "till/tables_in_use.h"
#include "trade/partition.h"

namespace till {

// What brings a till to the day and gives every product of the tables a line, in the order in which
// it must happen, at most so many bodies; nothing where all is so. The lines have no terms and no
// price: what a till sells for stands in its tables. nullptr: no lines are wanted. Pure.
std::vector<trade::Body> upkeep_of(const trade::Partition& own, const Tables* tables,
                                   trade::Day today, std::size_t bodies_max);

struct UpkeepOptions {
  std::shared_ptr<TablesInUse> tables;  // never nullptr; it may hold none
  // The site's day and its lines are its upkeep's; false: somebody else's.
  bool keeps_lines = true;
  // Told on the upkeep's thread: of other tables, and once of each reason why the core refuses.
  std::function<void(const TablesNews&)> on_news = {};
  std::function<void(const std::string& why)> on_refused = {};
};

class Upkeep {
 public:
  // Does all that is to be done now, then goes on once a second on a thread of its own; the folder
  // of the tables is looked at every 20 seconds, so what is new there is in use within a minute.
  // Core and clock must outlive it.
  static std::unique_ptr<Upkeep> start(UpkeepOptions options, site::Core& core, io::Clock& clock);
  ~Upkeep();

 private:
  struct Parts;
  explicit Upkeep(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace till
