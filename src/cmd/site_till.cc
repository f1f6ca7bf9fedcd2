#include "cmd/site_till.h"

#include <cstdio>
#include <utility>

#include <fmt/core.h>

#include "cmd/text.h"
#include "io/clock.h"
#include "site/cut_offs.h"

namespace cmd {
namespace {

using base::Result;

// Whose journal has the gift cards where nobody says so: the centre's.
constexpr trade::SiteCode usual_card_owner{9'901};

std::string words_of(const till::Tables& tables) {
  return fmt::format("{}, {}, {} of {} ({})", counted(tables.products.size(), "product"),
                     counted(tables.prices.size(), "price"), counted(tables.offers.size(), "offer"),
                     tables.shop, trade::text_of(tables.nation));
}

}  // namespace

Result<std::shared_ptr<till::TablesInUse>> open_till_tables(const std::string& folder,
                                                            const std::string& store) {
  if (folder.empty()) return std::make_shared<till::TablesInUse>(nullptr);
  const base::Date today = site::local_time(io::real_clock().wall_ms()).day;
  auto tables = TRY(till::TablesInUse::open(io::real_disk(), folder, store, today));
  const till::TablesPtr now = tables->get();
  fmt::print("tables: {}\n", words_of(*now));
  for (const std::string& note : now->notes) fmt::print("tables: passed over: {}\n", note);
  return tables;
}

std::unique_ptr<till::Upkeep> start_till_upkeep(std::shared_ptr<till::TablesInUse> tables,
                                                bool keeps_lines, site::Core& core,
                                                std::function<void(const Json&)> log) {
  till::UpkeepOptions options;
  options.keeps_lines = keeps_lines;
  options.tables = std::move(tables);
  options.on_news = [log](const till::TablesNews& news) {
    if (news.taken) {
      fmt::print("tables: {} are in use\n", words_of(*news.taken));
      std::fflush(stdout);
      log(Json{{"tables", words_of(*news.taken)}});
    } else {
      fmt::print(stderr, "TABLES NOT TAKEN OVER, those before stay in use: {}\n", news.refused_why);
      log(Json{{"tables_refused", news.refused_why}});
    }
  };
  options.on_refused = [log](const std::string& why) {
    fmt::print(stderr, "the till's day and lines are not kept: {}\n", why);
    log(Json{{"upkeep_refused", why}});
  };
  return till::Upkeep::start(std::move(options), core, io::real_clock());
}

Result<TillDesk> start_till_desk(const io::Path& data, const till::TablesInUse& tables,
                                 site::Core& core, const site::Cards* cards,
                                 CalledOwnerOptions owner,
                                 std::function<void(std::string_view line)> log) {
  fmt::print(stderr, "PAYMENTS ARE SIMULATED: nobody's card is charged\n");
  TillDesk made;
  made.terminal = std::make_unique<till::SimulatedTerminal>(till::SimulatedTerminalOptions{
      .has_line = [file = data / no_line_file] { return !io::real_disk().exists(file); }});
  owner.owner = cards == nullptr ? usual_card_owner : cards->owner().value_or(usual_card_owner);
  if (owner.caller.at.empty())
    made.owner = std::make_unique<till::UnreachedCardOwner>(owner.owner);
  else
    made.owner = TRY(CalledOwner::start(std::move(owner), io::real_clock()));
  till::DeskOptions options;
  options.log = std::move(log);
  if (cards != nullptr) {
    options.digest = [cards](const trade::CardCode& code) { return cards->key().digest_of(code); };
    options.new_code = [cards](const trade::RequestId& request,
                               const trade::DocumentNumber& document, std::uint32_t index) {
      return cards->key().new_code(request, document, index);
    };
    options.member_digest = [cards](std::string_view number) {
      return cards->key().digest_of_member(number);
    };
  }
  made.desk =
      std::make_unique<till::Desk>(std::move(options), core, tables, *made.terminal, *made.owner);
  return made;
}

}  // namespace cmd
