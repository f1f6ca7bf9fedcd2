// stockade bench: how fast this machine is at what Stockade does.

#include "cmd/bench.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/parallel.h"
#include "base/result.h"
#include "cmd/bench_evidence.h"
#include "cmd/bench_herd.h"
#include "cmd/bench_rebuild.h"
#include "cmd/bench_shop.h"
#include "cmd/bench_silent.h"
#include "cmd/bench_site.h"
#include "cmd/bench_wave.h"
#include "cmd/command.h"

namespace cmd {
namespace {

struct Arguments {
  std::string what;
  std::int64_t stores = 0, lines = 0, periods = 400, threads = 0, connections = 0;
  std::int64_t sites = 2'500, days = 14, events_per_day = 3'000, missing = 0, lying = 0;
  std::int64_t units = 50, tries = 5'000;
  std::string clients;
  BenchEvidence evidence;
};

std::size_t lines_or(const Arguments& arguments, std::size_t otherwise) {
  return arguments.lines == 0 ? otherwise : static_cast<std::size_t>(arguments.lines);
}

// "1,8,32,256"
base::Result<std::vector<std::int64_t>> clients_of(const std::string& text) {
  constexpr std::int64_t clients_max = 4'096;
  std::vector<std::int64_t> made;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto number = base::parse_whole(part);
    if (!number || *number < 1 || *number > clients_max)
      return base::fail(base::ErrorCode::usage,
                        "--clients: expected numbers from 1 to 4096, as 1,8,32");
    made.push_back(*number);
  }
  return made;
}

base::Result<> bench_checkout(const Arguments& arguments) {
  BenchCheckout wanted{.folder = arguments.evidence.folder,
                       .seconds = arguments.evidence.seconds,
                       .json = arguments.evidence.json};
  if (!arguments.clients.empty()) wanted.clients = TRY(clients_of(arguments.clients));
  return bench_checkout(wanted);
}

base::Result<> bench_last_units(const Arguments& arguments) {
  BenchLastUnits wanted{.folder = arguments.evidence.folder,
                        .units = arguments.units,
                        .tries = arguments.tries,
                        .json = arguments.evidence.json};
  const auto clients = TRY(clients_of(arguments.clients));
  if (clients.size() > 1)
    return base::fail(base::ErrorCode::usage, "last-units takes one number of --clients");
  if (!clients.empty()) wanted.clients = clients[0];
  return bench_last_units(wanted);
}

base::Result<> bench(const Arguments& arguments) {
  const int threads =
      arguments.threads == 0 ? base::hardware_threads() : static_cast<int>(arguments.threads);
  if (arguments.what == "state")
    return bench_state({.lines = lines_or(arguments, 100'000),
                        .periods = static_cast<std::int32_t>(arguments.periods),
                        .threads = threads,
                        .json = arguments.evidence.json});
  if (arguments.what == "order")
    return bench_order(
        {.stores = static_cast<std::size_t>(arguments.stores == 0 ? 100 : arguments.stores),
         .lines = lines_or(arguments, 8'000),
         .threads = threads,
         .json = arguments.evidence.json});
  if (arguments.what == "book")
    return bench_book({.lines = lines_or(arguments, 1'000'000), .json = arguments.evidence.json});
  if (arguments.what == "journal") return bench_journal(arguments.evidence);
  if (arguments.what == "verify") return bench_verify(arguments.evidence);
  if (arguments.what == "start") return bench_start(arguments.evidence);
  if (arguments.what == "site")
    return bench_site({.folder = arguments.evidence.folder,
                       .seconds = arguments.evidence.seconds,
                       .connections = static_cast<std::size_t>(arguments.connections),
                       .json = arguments.evidence.json});
  if (arguments.what == "replay")
    return bench_replay({.folder = arguments.evidence.folder,
                         .events = static_cast<std::uint64_t>(arguments.evidence.events),
                         .json = arguments.evidence.json});
  if (arguments.what == "rebuild")
    return bench_rebuild({.folder = arguments.evidence.folder,
                          .sites = arguments.sites,
                          .days = arguments.days,
                          .events_per_day = arguments.events_per_day,
                          .missing_percent = arguments.missing,
                          .lying_percent = arguments.lying,
                          .threads = threads,
                          .json = arguments.evidence.json});
  if (arguments.what == "herd")
    return bench_herd({.folder = arguments.evidence.folder,
                       .sites = arguments.sites,
                       .events_per_day = arguments.events_per_day,
                       .json = arguments.evidence.json});
  if (arguments.what == "wave")
    return bench_wave({.stores = arguments.stores == 0 ? 2'500 : arguments.stores,
                       .lines = arguments.lines == 0 ? 400 : arguments.lines,
                       .threads = threads,
                       .json = arguments.evidence.json});
  if (arguments.what == "checkout") return bench_checkout(arguments);
  if (arguments.what == "last-units") return bench_last_units(arguments);
  if (arguments.what == "silent")
    return bench_silent({.folder = arguments.evidence.folder,
                         .stores = arguments.stores == 0 ? 250 : arguments.stores,
                         .lines = arguments.lines == 0 ? 120 : arguments.lines,
                         .threads = threads,
                         .json = arguments.evidence.json});
  return base::fail(base::ErrorCode::usage,
                    "bench: expected what to measure: order, state, book, journal, verify, start, "
                    "replay, site, rebuild, herd, wave, silent, checkout or last-units");
}

}  // namespace

Action bind_bench(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  BenchEvidence& evidence = arguments->evidence;
  evidence.folder = "stockade-bench";
  options
      .one_of(
          "what", arguments->what,
          "order: a whole night; state: the first build of the state, and one night of it; "
          "book: memory of a line, and how fast events fold; "
          "journal: commits, beside a bare append and SQLite; verify: reading and checking, "
          "beside SHA-256; start: from a snapshot and by full replay; replay: a store with a year "
          "of journal; site: sales over HTTP, each on disk; rebuild: a centre from its stores' "
          "journals; herd: all stores come back to a centre at once; wave: a depot shares what it "
          "has among 2,500 orders; silent: what silence costs stores that get standing orders; "
          "checkout: guests' whole orders at an online site; last-units: many clients, few units, "
          "and a kill in the middle",
          {"order", "state", "book", "journal", "verify", "start", "replay", "site", "rebuild",
           "herd", "wave", "silent", "checkout", "last-units"})
      .whole("--stores", arguments->stores,
             "order: stores (100 if not given); wave: as well (2500); silent: as well (250)", 1,
             100'000)
      .whole("--lines", arguments->lines,
             "state: lines in all (100000 if not given); book: as well (1000000); order: lines of "
             "each store (8000); wave: lines of each order (400)",
             1, static_cast<std::int64_t>(lines_max))
      .whole("--periods", arguments->periods, "state: days of history that it is built from", 1,
             3'000)
      .whole("--threads", arguments->threads,
             "state, order, rebuild: threads; 0 = as many as the machine runs", 0, 64)
      .whole("--connections", arguments->connections,
             "site: connections that begin requests and never end them, around the clients", 0,
             60'000)
      .whole("--sites", arguments->sites, "rebuild, herd: stores", 1, 8'999)
      .whole("--days", arguments->days, "rebuild: of trade in each journal", 1, 3'650)
      .whole("--events-per-day", arguments->events_per_day, "rebuild, herd: of a store", 10,
             1'000'000)
      .whole("--missing", arguments->missing, "rebuild: percent of the stores without any copy", 0,
             99)
      .whole("--lying", arguments->lying, "rebuild: percent of the stores with two histories", 0,
             49)
      .text("--clients", arguments->clients,
            "checkout: numbers of clients, one run each (1,8,32,256); last-units: clients (256)")
      .whole("--units", arguments->units, "last-units: that can be sold", 1, 100'000)
      .whole("--tries", arguments->tries, "last-units: to buy one", 1, 10'000'000)
      .text("--folder", evidence.folder, "a new folder on the disk to be measured")
      .real("--seconds", evidence.seconds, "how long to measure, about", 0.1, 3'600)
      .whole("--entry-bytes", evidence.entry_bytes, "verify: size of an entry", 64, 65'535)
      .whole("--mib", evidence.mib, "verify: how much of it", 1, 65'536)
      .whole("--events", evidence.events, "start, replay: events", 1, 100'000'000)
      .flag("--json", evidence.json, "print the figures as JSON");
  return [arguments] { return bench(*arguments); };
}

}  // namespace cmd
