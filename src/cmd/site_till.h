#pragma once
// What stockade site adds for a till: the tables that it sells by, and who keeps its day and lines.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cmd/json.h"
#include "till/upkeep.h"

namespace cmd {

// Of a folder for a store, as of today; says on standard output what they hold. Without a folder
// there are none to get. Errors: those of till::read_tables.
base::Result<std::shared_ptr<till::TablesInUse>> open_till_tables(const std::string& folder,
                                                                  const std::string& store);

// Keeps the till's day, lines and tables until it is gone; what is new or refused goes to standard
// output or error, and to the log if there is one.
std::unique_ptr<till::Upkeep> start_till_upkeep(std::shared_ptr<till::TablesInUse> tables,
                                                site::Core& core,
                                                std::function<void(const Json&)> log);

}  // namespace cmd
