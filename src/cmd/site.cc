// stockade site: one store, depot, centre or online site, served until it is told to stop.

#include <csignal>
#include <cstdio>
#include <ctime>
#include <future>
#include <mutex>

#include <fmt/core.h>

#include "api/api.h"
#include "base/numbers.h"
#include "carry/gate.h"
#include "carry/rounds.h"
#include "cmd/command.h"
#include "cmd/evidence.h"
#include "cmd/json.h"
#include "cmd/nightly_copy.h"
#include "cmd/outbox.h"
#include "cmd/site_folder.h"
#include "cmd/site_online.h"
#include "cmd/site_till.h"
#include "cmd/text.h"
#include "cmd/upstream.h"
#include "crypto/hex.h"
#include "estate/read.h"
#include "http/server.h"
#include "io/process.h"
#include "site/cards.h"
#include "site/code.h"
#include "site/cut_offs.h"
#include "site/evening.h"
#include "site/held_nights.h"
#include "site/key.h"
#include "site/outbox.h"
#include "site/parcel_keeper.h"
#include "site/set_up.h"
#include "site/shop.h"
#include "site/talk.h"
#include "sync/roster_index.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::int64_t stop_ms_max = 10'000;

struct Arguments {
  std::string kind, id, data, listen, estate, roster, log;
  std::vector<std::string> dials;
  std::string estate_name = "estate", night_at = "20:00";
  std::string emergency_at, invites;
  std::vector<std::string> peers, names, vault_places;
  std::string vault_recipients, vault_estate, vault_at = "03:00";
  std::int64_t threads = 1, typed_cap = site::typed_cap_percent_default;
  bool is_plain = false, only_checks = false, is_rehearsal = false;
  std::string card_key, card_owner;
  CallerOptions card_owner_caller;
  std::string tables, store;
  OnlineChoice online;
  bool lapses_parcels = false;
};

// "22:30" as minutes of the day.
Result<int> parse_minute(const std::string& text) {
  int hour = 0, minute = 0, read = 0;
  const bool is_time = std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &read) == 2 &&
                       static_cast<std::size_t>(read) == text.size() && hour >= 0 && hour < 24 &&
                       minute >= 0 && minute < 60;
  if (!is_time) return base::fail(ErrorCode::usage, text + ": expected HH:MM");
  return hour * 60 + minute;
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

// Lines of JSON to a file or to standard output, one at a time, each whole.
class LogFile {
 public:
  static Result<std::shared_ptr<LogFile>> open(const std::string& path) {
    auto log = std::make_shared<LogFile>();
    if (path == "-") {
      log->file_ = stdout;
    } else {
      log->file_ = std::fopen(path.c_str(), "a");
      if (log->file_ == nullptr)
        return base::fail(ErrorCode::io_failed, path + ": cannot be written");
    }
    return log;
  }
  ~LogFile() {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }
  void line(std::string_view text) {
    const std::lock_guard lock(mutex_);
    std::fwrite(text.data(), 1, text.size(), file_);
    std::fputc('\n', file_);
  }
  void flush() {
    const std::lock_guard lock(mutex_);
    std::fflush(file_);
  }

 private:
  std::mutex mutex_;
  std::FILE* file_ = nullptr;
};

// The epoch in the name of the key that lies in the folder; the first one for a new site.
Result<std::uint64_t> epoch_of(const io::Path& data) {
  io::Disk& disk = io::real_disk();
  if (!disk.exists(data / site::key_file)) return 1;
  const auto signer = TRY(read_signer((data / site::key_file).string()));
  const auto origin = journal::parse_origin(signer.verifier.name);
  return origin ? origin->epoch : 1;
}

// What a site writes after its key was revoked, or after it went on elsewhere in a later epoch,
// counts nowhere: so it does not begin, and a running one ends.
Result<> check_may_write(const journal::Roster& roster, const journal::Origin& own) {
  const syncing::RosterIndex index(roster);
  const journal::RosterLine* newest = index.site(own.site);
  if (newest == nullptr || roster.estate != own.estate) return {};
  const std::uint64_t epoch = journal::parse_origin(newest->key.name)->epoch;
  if (epoch > own.epoch)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: the roster says that the site goes on in epoch {}; what is "
                                  "in this journal can be looked at with verify and quarantine",
                                  to_string(own), epoch));
  if (epoch == own.epoch && newest->revoked_at_entries)
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: the roster has revoked its key behind entry {}; the site "
                                  "goes on in its next epoch",
                                  to_string(own), *newest->revoked_at_entries));
  return {};
}

Result<site::CoreOptions> core_options(const Arguments& arguments) {
  const auto kind = trade::parse_word<trade::SiteKind>(arguments.kind);
  const auto code = site::code_of(*kind, arguments.id);
  if (!code)
    return base::fail(ErrorCode::usage,
                      fmt::format("--id {}: no code of four digits follows from it; a store needs "
                                  "a number from 1 to 8999 at its end",
                                  arguments.id));
  site::CoreOptions options;
  options.data = arguments.data;
  const std::uint64_t epoch = TRY(epoch_of(options.data));
  options.site = {*code, *kind, static_cast<std::uint16_t>(epoch)};
  options.estate = arguments.estate_name;
  for (const std::string& peer : arguments.peers) options.peers.emplace_back(peer);
  options.held = options.data / site::copies_folder;
  return options;
}

journal::Origin own_origin(const site::CoreOptions& options) {
  return site::origin_of(options.estate, options.site.code, options.site.epoch);
}

// Nothing where none is named.
Result<std::shared_ptr<site::RosterInUse>> open_roster(const Arguments& arguments,
                                                       const journal::Origin& own) {
  if (arguments.roster.empty()) return nullptr;
  auto roster = TRY(site::RosterInUse::open(io::real_disk(), arguments.roster));
  TRY(check_may_write(*roster->get(), own));
  return roster;
}

// "0042" as a site's code.
std::optional<trade::SiteCode> parse_code(std::string_view text) {
  const auto code = base::parse_whole(text);
  if (text.size() != 4 || !code || *code < 1 || *code > trade::site_code_max) return std::nullopt;
  return trade::SiteCode{static_cast<std::uint16_t>(*code)};
}

// Gift cards at a site: what it does about them by itself, and what it knows by their codes.
struct CardService {
  std::shared_ptr<site::CardKeeper> keeper;
  std::unique_ptr<site::Cards> cards;  // nothing without a card key

  static Result<CardService> start(const Arguments& arguments, site::Core& core,
                                   const std::shared_ptr<LogFile>& log) {
    CardService made;
    const auto owner = parse_code(arguments.card_owner);
    if (!owner && !arguments.card_owner.empty())
      return base::fail(ErrorCode::usage,
                        arguments.card_owner + ": expected a site's four digits, as 9901");
    if (!arguments.card_key.empty()) {
      auto key = TRY(site::CardKey::read(io::real_disk(), arguments.card_key));
      fmt::print("card key: {}\n", key.id());
      made.cards = std::make_unique<site::Cards>(core, io::real_clock(), std::move(key), owner);
    }
    made.keeper = site::CardKeeper::start(core, owner, [log](const site::RefusedNotice& refused) {
      const std::string from = site::to_text(refused.from);
      fmt::print(stderr, "NOT BOOKED: notice {} of site {} in epoch {}: {}\n", refused.sequence,
                 from, refused.epoch, refused.words);
      if (log)
        log->line(line_of(Json{{"notice_refused", refused.why},
                               {"site", from},
                               {"epoch", refused.epoch},
                               {"notice", refused.sequence}}));
    });
    return made;
  }

  // An exchange with "9901@10.0.0.5:8443" has gone well.
  void heard(const std::string& upstream) const {
    if (const auto code = parse_code(upstream.substr(0, upstream.find('@')))) keeper->heard(*code);
  }
};

// The journals that a site exchanges with others: the port that answers, and the way out.
class Exchange {
 public:
  // Nothing where the folder's keys are none. A site that the roster does not list trades alone
  // until it does.
  static Result<std::unique_ptr<Exchange>> start(const Arguments& arguments,
                                                 const journal::Roster& roster, site::Core& core,
                                                 trade::SiteCode own,
                                                 const std::shared_ptr<LogFile>& log,
                                                 const CardService& cards) {
    io::Clock& clock = io::real_clock();
    std::set<std::string> dialled;
    for (const std::string& dial : arguments.dials) dialled.insert(dial.substr(0, dial.find('@')));
    auto folder = SiteFolder::open_by(roster, arguments.data, std::move(dialled));
    if (!folder && folder.error().code == ErrorCode::evidence_bad) {
      fmt::print(stderr, "no journals are exchanged: {}\n", folder.error().message);
      return nullptr;
    }
    auto made = std::unique_ptr<Exchange>(new Exchange(TRY(std::move(folder))));
    if (const auto listed = made->folder_->check_listed(); !listed)
      fmt::print(stderr, "no journals are exchanged yet: {}\n", listed.error().message);
    const auto on_refused = [log](const std::string& who, const syncing::No& no) {
      if (log) log->line(Json{{"sync_refused", syncing::name(no.refusal)}, {"site", who}}.dump());
    };
    made->port_.emplace(made->folder_->holdings(), clock, on_refused);
    carry::RoundsOptions rounds;
    for (const std::string& dial : arguments.dials)
      rounds.upstreams.push_back(TRY(made->upstream(dial)));
    rounds.on_round = [log, &core, own, cards = &cards, &it = *made](const carry::Round& round) {
      tell(log, round);
      if (round.outcome) cards->heard(round.name);
      it.want_own_night(core, own);
    };
    if (!rounds.upstreams.empty()) made->rounds_.emplace(*made->port_, clock, std::move(rounds));
    return made;
  }

  carry::Port& port() { return *port_; }

  // Requests that wait, and those that come, are answered by this roster from here on.
  void take_roster(const journal::Roster& roster) {
    port_->lend([&](syncing::Holdings&) { folder_->take_roster(roster); });
    if (rounds_) rounds_->hurry();
  }
  // Whether the roster says of a key that it may speak no more.
  std::function<bool(const crypto::PublicKey&)> ended_keys() const {
    return [index = folder_->roster()](const crypto::PublicKey& key) {
      const auto peer = index->peer(key);
      return !peer && peer.error().refusal != syncing::Refusal::unknown_site;
    };
  }

 private:
  explicit Exchange(std::unique_ptr<SiteFolder> folder) : folder_(std::move(folder)) {}

  // A site's name is looked up while somebody can still be told of a slip of the pen.
  Result<carry::Upstream> upstream(const std::string& text) const {
    auto made = TRY(parse_dial(text, folder_->signer()));
    if (folder_->check_listed())
      made = TRY(parse_upstream(text, *folder_->roster(), folder_->signer()));
    made.key = [this, site = text.substr(0, text.find('@'))] { return key_of(site); };
    return made;
  }

  // Whose key is to answer for a site now, by the roster in use.
  Result<crypto::PublicKey> key_of(const std::string& site) const {
    TRY(folder_->check_listed());
    const auto index = folder_->roster();
    const journal::RosterLine* line = index->site(site);
    if (line == nullptr)
      return base::fail(ErrorCode::input_bad, site + ": the roster does not know that site");
    const auto peer = index->peer(line->key.key);
    if (peer) return line->key.key;
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: {}", line->key.name, meaning(peer.error().refusal)));
  }

  // A store holds the centre's entries without documents, but for the newest that is about itself.
  // Of a centre that was rebuilt it may lie beside either journal: they are asked for it in turn.
  void want_own_night(site::Core& core, trade::SiteCode own) {
    site::Talk talk(core);
    const auto named =
        talk.ask([own](const site::View& view) { return site::newest_night(view, own); });
    if (!named || !*named || site::folder_with(io::real_disk(), **named)) return;
    const auto& folders = (*named)->folders;
    const auto key = site::journal_key(io::real_disk(), folders[nights_asked_++ % folders.size()]);
    if (!key || !*key) return;
    journal::Digest digest;
    digest.bytes = (*named)->document.bytes;
    port_->lend([&](syncing::Holdings& holdings) { holdings.want_document((*key)->name, digest); });
  }

  static void tell(const std::shared_ptr<LogFile>& log, const carry::Round& round) {
    if (!log) return;
    if (!round.outcome)
      return log->line(
          Json{{"sync", round.name}, {"failed", round.outcome.error().message}}.dump());
    const syncing::Exchanged& done = *round.outcome;
    for (const syncing::Stopped& one : done.stopped)
      log->line(Json{{"sync", round.name},
                     {"journal", one.origin},
                     {"stopped", syncing::name(one.no.refusal)},
                     {"why", one.no.words}}
                    .dump());
    if (done.given_entries + done.taken_entries > 0)
      log->line(
          Json{{"sync", round.name}, {"given", done.given_entries}, {"taken", done.taken_entries}}
              .dump());
  }

  const std::unique_ptr<SiteFolder> folder_;
  std::optional<carry::Port> port_;
  std::size_t nights_asked_ = 0;  // of the rounds' thread
  std::optional<carry::Rounds> rounds_;
};

// Site key and browser key, as TLS shows them.
Result<std::vector<http::Certificate>> certificates(const Arguments& arguments,
                                                    const site::CoreOptions& core,
                                                    const std::string& address) {
  io::Disk& disk = io::real_disk();
  const auto signer = TRY(site::site_key(disk, io::real_entropy(), core.data, own_origin(core)));
  std::vector<std::string> names = arguments.names;
  if (names.empty()) names.push_back(address);
  auto browser = TRY(http::keep_browser_certificate(disk, core.data / "browser.pem", names,
                                                    io::real_entropy(), io::real_clock()));
  return std::vector{http::site_certificate(signer.key), std::move(browser)};
}

// Whoever starts the process may let the first manager in.
void invite_first_manager(site::Core& core, site::Door& door) {
  core.ask([&door](const site::View& view) {
    for (const auto& [actor, person] : view.own.people)
      if (person.role == trade::Role::manager && !person.is_ended) return;
    fmt::print("no manager is enrolled: within 15 minutes, stockade enrol --code {} makes one\n",
               door.invite({false, trade::Role::manager}));
    std::fflush(stdout);
  });
}

// The same where all managers have lost their keys. The invitation is in the journal before its
// code is on the screen.
void invite_manager(site::Core& core, site::Door& door) {
  constexpr std::int64_t minute_ms = 60'000;
  const auto now_min = static_cast<std::uint32_t>(io::real_clock().wall_ms() / minute_ms);
  const trade::SecurityNoted noted{trade::SecurityKind::invited,
                                   *trade::Text<48>::of("this machine"), now_min, 1};
  core.submit({{}, [noted](const trade::Partition&) { return trade::Body(noted); }},
              [&door](const site::Outcome& outcome, const site::View&) {
                if (!outcome) {
                  fmt::print(stderr, "nobody is invited: {}\n", words_of(outcome.error()));
                  return;
                }
                fmt::print(
                    "invited on this machine: within 15 minutes, stockade enrol --code {} "
                    "makes one manager\n",
                    door.invite({false, trade::Role::manager}));
                std::fflush(stdout);
              });
}

// How the site would begin: what its journal holds, whether it takes entries, what the estate asks.
Result<> tell_standing(site::Core& core, const Arguments& arguments) {
  struct Standing {
    std::uint64_t entries = 0;
    std::string own, read_only_why;
  };
  std::promise<Standing> told;
  CHECK(core.ask([&](const site::View& view) {
    told.set_value({view.journal.size(), encode(view.own), std::string(view.read_only_why)});
  }));
  const Standing standing = told.get_future().get();
  trade::Book book;
  std::uint32_t lines = 0;
  if (book.restore(standing.own)) lines = book.partitions().begin()->second.goods.line_count();
  fmt::print("{} {}: {} entries in the journal, {}\n", arguments.kind, arguments.id,
             grouped(static_cast<std::int64_t>(standing.entries)), counted(lines, "line"));
  if (!arguments.estate.empty()) {
    const auto estate =
        TRY(estate::read_estate(io::real_disk(), arguments.estate, {.lenient = true}));
    const auto bodies = TRY(site::set_up(estate, arguments.id, book.partitions().begin()->second,
                                         site::local_time(io::real_clock().wall_ms()).day));
    fmt::print("the estate asks for {} of lines, prices and stock\n",
               counted(bodies.size(), "change"));
  }
  if (standing.read_only_why.empty()) return {};
  return base::fail(ErrorCode::read_only, standing.read_only_why);
}

// Nothing where no place is named for copies.
Result<std::unique_ptr<NightlyCopy>> start_copies(const Arguments& arguments,
                                                  const std::shared_ptr<LogFile>& log) {
  if (arguments.vault_places.empty()) return nullptr;
  const int minute = TRY(parse_minute(arguments.vault_at));
  const auto tell = [log](bool is_made, const std::string& said) {
    if (!is_made) fmt::print(stderr, "NO CONTINUITY COPY: {}\n", said);
    if (log) log->line(Json{{is_made ? "vault" : "vault_failed", said}}.dump());
  };
  return NightlyCopy::start(
      {arguments.data, arguments.vault_estate.empty() ? arguments.estate : arguments.vault_estate,
       arguments.vault_recipients, arguments.roster, arguments.vault_places, minute, tell});
}

// A list as words, with no more of them than a line can bear.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t names_max = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), names_max); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > names_max) text += fmt::format(" and {} more", names.size() - names_max);
  return text;
}

void tell(const site::RosterNews& news, const std::shared_ptr<LogFile>& log) {
  if (!news.refused_why.empty()) {
    fmt::print(stderr, "ROSTER NOT TAKEN OVER, number {} stays in use: {}\n", news.number,
               news.refused_why);
    if (log) log->line(line_of(Json{{"roster", news.number}, {"refused", news.refused_why}}));
  } else {
    const std::string added = some_of(news.added), revoked = some_of(news.revoked);
    fmt::print("roster number {} is in use; added: {}; revoked: {}\n", news.number,
               added.empty() ? "none" : added, revoked.empty() ? "none" : revoked);
    if (log)
      log->line(line_of(Json{{"roster", news.number}, {"added", added}, {"revoked", revoked}}));
  }
  std::fflush(stdout);
  if (log) log->flush();
}

// A running site and the roster that it goes by.
struct Follower {
  site::RosterInUse& roster;
  const journal::Origin own;
  site::Core& core;
  Exchange* exchange;
  http::Server& server;
  const std::shared_ptr<LogFile>& log;

  // Takes over what the roster's file says now, everywhere. Error: evidence_bad where this site
  // may write no more; then the journal takes nothing more either.
  Result<> look() const {
    const auto news = roster.look();
    if (!news) return {};
    tell(*news, log);
    if (!news->refused_why.empty()) return {};
    const site::RosterPtr now = roster.get();
    auto may_write = check_may_write(*now, own);
    if (!may_write) core.close(may_write.error().message);
    if (exchange != nullptr) {
      exchange->take_roster(*now);
      server.end_connections(exchange->ended_keys());
    }
    core.read_peers();
    return may_write;
  }
};

// Blocks the signals that end the process, for all threads that are started later.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Waits for one of the signals, and meanwhile looks once a second. Error: what a look ends with.
Result<> wait_for(const sigset_t& signals, const std::function<Result<>()>& look) {
  constexpr timespec second{1, 0};
  while (sigtimedwait(&signals, nullptr, &second) < 0) TRY(look());
  return {};
}

Result<> check_choice(const Arguments& arguments, const http::ServerOptions& server) {
  if (arguments.is_plain && !is_loopback(server.address))
    return base::fail(ErrorCode::usage, "--plain is for a loopback address only");
  if (!arguments.estate.empty() && arguments.kind != "store" && arguments.kind != "depot" &&
      arguments.kind != "centre")
    return base::fail(ErrorCode::usage, "--estate is for stores, depots and the centre");
  const CallerOptions& owner = arguments.card_owner_caller;
  if (owner.at.empty() != owner.device_key.empty() || owner.at.empty() != owner.pin.empty())
    return base::fail(ErrorCode::usage,
                      "--card-owner-at needs --card-owner-pin and --card-owner-device");
  if (!owner.at.empty() && (arguments.kind != "till" || arguments.card_key.empty()))
    return base::fail(ErrorCode::usage, "--card-owner-at is for tills with a --card-key");
  if (!arguments.online.ages.empty() && arguments.kind != "online")
    return base::fail(ErrorCode::usage, "--age is for online sites");
  if (!arguments.online.outbox.empty() && arguments.kind != "online")
    return base::fail(ErrorCode::usage, "--outbox is for online sites");
  if (arguments.lapses_parcels && arguments.kind != "store")
    return base::fail(ErrorCode::usage, "--lapse-parcels is for stores");
  if (!arguments.dials.empty() && arguments.roster.empty())
    return base::fail(ErrorCode::usage, "--dial needs --roster: it says who is dialled");
  const bool has_estate = !arguments.estate.empty() || !arguments.vault_estate.empty();
  if (!arguments.vault_places.empty() &&
      (arguments.vault_recipients.empty() || arguments.roster.empty() || !has_estate))
    return base::fail(ErrorCode::usage,
                      "--vault-to needs --vault-recipients, --roster, and --vault-estate where "
                      "there is no --estate");
  const bool has_tables = arguments.kind == "till" || arguments.kind == "online";
  if ((!arguments.tables.empty() || !arguments.store.empty()) && !has_tables)
    return base::fail(ErrorCode::usage, "--tables and --store are for tills and online sites");
  return {};
}

Result<site::EveningOptions> evening_options(const Arguments& arguments,
                                             const site::CoreOptions& core, int minute) {
  site::EveningOptions how{.estate = arguments.estate, .site_id = arguments.id, .minute = minute};
  how.estate_name = core.estate;
  how.waves.roster = core.roster;
  how.waves.typed_cap_percent = static_cast<int>(arguments.typed_cap);
  if (!arguments.emergency_at.empty())
    how.emergency_minute = TRY(parse_minute(arguments.emergency_at));
  how.is_rehearsal = arguments.is_rehearsal;
  how.data = core.data;
  how.signer =
      TRY(site::site_key(io::real_disk(), io::real_entropy(), core.data, own_origin(core)));
  return how;
}

// How a till asks the owner of gift cards; nobody where no address is given.
CalledOwnerOptions owner_of_cards(const Arguments& arguments, trade::SiteCode till,
                                  const std::shared_ptr<LogFile>& log) {
  const auto tell = [log](std::string_view line) {
    fmt::print(stderr, "{}\n", line);
    if (log) log->line(line_of(Json{{"card_owner", line}}));
  };
  return {.till = till, .caller = arguments.card_owner_caller, .tell = tell};
}

Result<> run_site(const Arguments& arguments) {
  const Address address = TRY(parse_address(arguments.listen));
  http::ServerOptions server;
  server.address = address.host;
  server.port = address.port;
  TRY(check_choice(arguments, server));
  site::CoreOptions options = TRY(core_options(arguments));
  const auto roster = TRY(open_roster(arguments, own_origin(options)));
  options.roster = roster;
  const int minute = TRY(parse_minute(arguments.night_at));
  std::shared_ptr<LogFile> log;
  if (!arguments.log.empty()) log = TRY(LogFile::open(arguments.log));
  const sigset_t signals = block_signals();
  io::raise_open_files();

  io::Disk& disk = io::real_disk();
  io::Clock& clock = io::real_clock();
  const auto tables = TRY(
      open_till_tables(arguments.tables, arguments.store.empty() ? arguments.id : arguments.store));
  TRY(disk.make_folders(options.data));
  auto core = TRY(site::Core::start(options, disk, clock, io::real_entropy()));
  if (arguments.only_checks) return tell_standing(*core, arguments);
  auto history = TRY(site::History::start(*core, disk, options.data, options.site.code));
  std::unique_ptr<site::Evening> evening;
  if (!arguments.estate.empty()) {
    const site::EveningOptions how = TRY(evening_options(arguments, options, minute));
    evening = TRY(site::Evening::start(*core, *history, disk, clock, how));
  }
  const auto log_json = [log](const Json& line) {
    if (!log) return;
    log->line(line_of(line));
    log->flush();
  };
  OnlineShop shop;
  if (options.site.kind == trade::SiteKind::online)
    shop = TRY(start_shop(arguments.online, tables, options, *core, log_json));
  const CardService cards = TRY(CardService::start(arguments, *core, log));
  std::unique_ptr<till::Upkeep> till_upkeep;
  const bool is_till = options.site.kind == trade::SiteKind::till;
  if (is_till || !arguments.tables.empty())
    till_upkeep = start_till_upkeep(tables, is_till, *core, log_json);
  TillDesk till_desk;
  if (options.site.kind == trade::SiteKind::till)
    till_desk = TRY(start_till_desk(options.data, *tables, *core, cards.cards.get(),
                                    owner_of_cards(arguments, options.site.code, log),
                                    [log](std::string_view line) {
                                      if (log) log->line(line);
                                    }));
  std::optional<site::ParcelKeeper> parcels;
  if (options.site.kind == trade::SiteKind::store)
    parcels.emplace(*core, site::ParcelRules{.lapses = arguments.lapses_parcels});
  site::Door door(*core, clock, io::real_entropy());

  if (!arguments.is_plain)
    server.certificates = TRY(certificates(arguments, options, server.address));
  server.threads = static_cast<int>(arguments.threads);
  server.headers_wanted = api::Api::headers_wanted();
  std::unique_ptr<http::Server> running;
  const auto copies = TRY(start_copies(arguments, log));
  api::ApiOptions how;
  how.is_secure = !arguments.is_plain;
  how.journal = options.data / site::journal_folder;
  how.history = history.get();
  how.evening = evening.get();
  how.shop = shop.shop.get();
  how.cards = cards.cards.get();
  how.card_counts = [keeper = cards.keeper] { return keeper->counts(); };
  how.till = till_desk.desk.get();
  how.counts = [&running] { return running ? running->counts() : http::ServerCounts{}; };
  how.roster = roster;
  if (copies)
    how.continuity = [&copies = *copies] {
      const NightlyCopy::Standing standing = copies.standing();
      return api::ContinuityCopies{standing.newest_s, standing.is_failing};
    };
  if (log) how.log = [log](std::string_view line) { log->line(line); };
  api::Api api(*core, door, clock, disk, std::move(how));
  std::unique_ptr<Exchange> exchange;
  std::optional<carry::Gate> gate;
  if (roster)
    exchange =
        TRY(Exchange::start(arguments, *roster->get(), *core, options.site.code, log, cards));
  if (exchange) {
    gate.emplace(exchange->port(), api);
    server.request.body_bytes_max = carry::sync_body_bytes_max;
  }
  running = TRY(http::Server::start(
      server, gate ? static_cast<http::Handler&>(*gate) : static_cast<http::Handler&>(api)));

  fmt::print("{} {} ({}) serves {}://{}:{}\n", arguments.kind, arguments.id,
             site::to_text(options.site.code), arguments.is_plain ? "http" : "https",
             server.address, running->port());
  fmt::print("key: {}\n", to_string(core->key()));
  std::fflush(stdout);
  if (arguments.invites.empty())
    invite_first_manager(*core, door);
  else
    invite_manager(*core, door);

  const auto look = [&]() -> Result<> {
    if (till_desk.desk) till_desk.desk->step();
    if (!roster) return {};
    return Follower{*roster, own_origin(options), *core, exchange.get(), *running, log}.look();
  };
  auto ended = wait_for(signals, look);
  const bool is_whole = running->stop(stop_ms_max);
  fmt::print("stopped{}\n", is_whole ? "" : "; some clients did not take their answers");
  if (log) log->flush();
  return ended;
}

}  // namespace

Action bind_site(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .one_of("--kind", arguments->kind, "what the site is",
              {"store", "depot", "centre", "online", "till"})
      .text("--id", arguments->id, "the site's id, as in sites.csv", true)
      .text("--data", arguments->data, "its folder; made at the first start", true)
      .text("--listen", arguments->listen, "ADDRESS:PORT; port 0 takes a free one", true)
      .text("--estate", arguments->estate,
            "estate folder: lines, prices and opening stock come from it, and orders are planned "
            "on it every night")
      .text("--estate-name", arguments->estate_name,
            "the retailer, as it stands in the journal's name; the same for all sites")
      .texts("--peer", arguments->peers, "folders of other sites' journals, to follow")
      .text("--roster", arguments->roster,
            "signed roster: only keys that it lists speak for their sites; a newer one in that "
            "file is taken over while the site runs")
      .texts("--dial", arguments->dials,
             "SITE@ADDRESS:PORT of sites to exchange journals with; needs --roster")
      .text("--night-at", arguments->night_at, "when orders are planned, by this machine's clock")
      .texts("--vault-to", arguments->vault_places, "places for a continuity copy every night")
      .text("--vault-recipients", arguments->vault_recipients,
            "public keys of those who may open the copies, for age")
      .text("--vault-estate", arguments->vault_estate, "estate folder of the copies; else --estate")
      .text("--vault-at", arguments->vault_at, "when the copy is made, by this machine's clock")
      .text("--emergency-at", arguments->emergency_at,
            "store: when it sends its orders by itself if the centre is not heard, by this "
            "machine's clock; never if not given")
      .flag("--emergency-rehearsal", arguments->is_rehearsal,
            "store: write those orders as a rehearsal of the day, and place nothing")
      .whole("--typed-cap", arguments->typed_cap,
             "depot: most units of a typed order, in % of the standing order's", 1, 1'000)
      .texts("--age", arguments->online.ages,
             "online: PRODUCT=YEARS, how old who takes it must be; payments are simulated")
      .text("--card-key", arguments->card_key,
            "file of the estate's card key; without it no card is known by its code")
      .text("--card-owner", arguments->card_owner,
            "the four digits of the site that owns the cards that are sold here")
      .text("--card-owner-at", arguments->card_owner_caller.at,
            "till: where that site answers, by https; without it its cards are taken unasked")
      .text("--card-owner-pin", arguments->card_owner_caller.pin,
            "till: that site's verifier key or its file")
      .text("--card-owner-device", arguments->card_owner_caller.device_key,
            "till: file of the key of a device that is enrolled there")
      .texts("--name", arguments->names, "names and addresses for the browsers' certificate")
      .whole("--threads", arguments->threads, "of the network", 1, 64)
      .text("--log", arguments->log, "file of the access log, a JSON object a line; - prints it")
      .one_of("--invite", arguments->invites,
              "print a code that enrols one, though others are enrolled: for when all of them have "
              "lost their keys; journalled",
              {"manager"})
      .flag("--check", arguments->only_checks,
            "open the journal and the estate, say how they stand, and stop")
      .flag("--plain", arguments->is_plain, "HTTP without TLS, on a loopback address only")
      .text("--tables", arguments->tables,
            "till: estate folder with what it sells by; newer files are taken over while it runs; "
            "without it nothing is sold by a scan")
      .text("--store", arguments->store,
            "till: the store that it stands in, as in sites.csv; else --id")
      .text("--outbox", arguments->online.outbox,
            "online: how customers are told about their orders: mailbox:FOLDER, webhook:URL, "
            "smtp://HOST:PORT, smtps://HOST:PORT or none; else mailbox: in the site's folder")
      .text("--outbox-from", arguments->online.outbox_from,
            "online: the address that messages come from")
      .whole("--erase-after", arguments->online.erase_after_days,
             "online: days after an order is over until nobody can read who ordered", 1, 3'650)
      .flag("--lapse-parcels", arguments->lapses_parcels,
            "store: what nobody collected within ten days goes back; time in a hold does not "
            "count");
  return [arguments]() -> Result<> {
    if (arguments->kind.empty()) return base::fail(ErrorCode::usage, "--kind is required");
    return run_site(*arguments);
  };
}

}  // namespace cmd
