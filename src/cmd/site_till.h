#pragma once
// What stockade site adds for a till: the tables that it sells by, who keeps its day and lines, and
// its desk.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cmd/called_owner.h"
#include "cmd/json.h"
#include "site/cards.h"
#include "till/desk.h"
#include "till/simulated_terminal.h"
#include "till/upkeep.h"

namespace cmd {

// Of a folder for a store, as of today; says on standard output what they hold. Without a folder
// there are none to get. Errors: those of till::read_tables.
base::Result<std::shared_ptr<till::TablesInUse>> open_till_tables(const std::string& folder,
                                                                  const std::string& store);

// Keeps the tables until it is gone, and the site's day and lines if nobody else does; what is new
// or refused goes to standard output or error, and to the log if there is one.
std::unique_ptr<till::Upkeep> start_till_upkeep(std::shared_ptr<till::TablesInUse> tables,
                                                bool keeps_lines, site::Core& core,
                                                std::function<void(const Json&)> log);

// A desk and what stands around it, in the order in which it may go.
struct TillDesk {
  std::unique_ptr<till::SimulatedTerminal> terminal;
  std::unique_ptr<till::CardOwner> owner;
  std::unique_ptr<till::Desk> desk;
};
// Says on standard error that payments are simulated. The terminal has no line while a file of that
// name lies in the till's folder. Without `cards` no gift card is known by its code; without an
// address in `owner` the owner of cards is never reached. All must outlive it. Errors: as
// CalledOwner::start.
inline constexpr std::string_view no_line_file = "terminal.no_line";
base::Result<TillDesk> start_till_desk(const io::Path& data, const till::TablesInUse& tables,
                                       site::Core& core, const site::Cards* cards,
                                       CalledOwnerOptions owner,
                                       std::function<void(std::string_view line)> log);

}  // namespace cmd
