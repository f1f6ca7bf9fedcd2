// stockade bench herd: every store comes back at once, each with a day to tell.

#include "cmd/bench_herd.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <sstream>
#include <thread>

#include <fmt/core.h>

#include "api/api.h"
#include "base/parallel.h"
#include "carry/gate.h"
#include "cmd/bench_stores.h"
#include "cmd/json.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "http/client.h"
#include "http/load.h"
#include "io/child.h"
#include "io/process.h"
#include "site/core.h"
#include "site/door.h"
#include "site/key.h"
#include "sync/dialler.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr trade::SiteCode centre{9'900};
constexpr int others = 4;  // keep-alive clients that ask the centre meanwhile
constexpr std::int64_t asked_ms_max = 600'000;
constexpr std::int64_t patience_ms = 120'000;
constexpr std::uint64_t now_s = 1'763'800'000;

double seconds() { return io::real_clock().seconds(); }

std::string name_of(std::size_t store) {
  return fmt::format("{:04}", static_cast<std::uint16_t>(store_code(store)));
}

journal::Roster roster_of(std::size_t stores) {
  journal::Roster roster;
  roster.estate = bench_estate;
  roster.lines.push_back({store_signer(centre).verifier, journal::Role::centre, {}, {}});
  for (std::size_t i = 0; i < stores; ++i)
    roster.lines.push_back({store_signer(store_code(i)).verifier, journal::Role::store, {}, {}});
  return roster;
}

// What a store's exchanges came to.
struct Given {
  std::uint64_t entries = 0;  // that were taken
  std::uint64_t turned_away = 0;
};

// A store that gives the centre what it lacks. One that is told to come later does: a server bounds
// what it holds in memory.
Result<Given> come_back(const io::Path& folder, std::size_t store,
                        const syncing::RosterIndex& roster, std::uint16_t port) {
  io::Disk& disk = io::real_disk();
  const journal::Signer signer = store_signer(store_code(store));
  auto copies = TRY(syncing::Copies::open(
      disk,
      {folder / "held" / name_of(store), [](const auto&) { return syncing::Want::nothing; }, {}},
      roster));
  syncing::Holdings holdings(
      disk, syncing::OwnJournal{signer.verifier.name, folder / "stores" / name_of(store)}, copies);
  http::Dial dial{"127.0.0.1", port};
  dial.pin = store_signer(centre).verifier.key;
  dial.own = http::site_certificate(signer.key);
  dial.timeout_ms = patience_ms;
  http::Client client(dial);
  syncing::Dialler dialler(holdings, 1 + store, now_s);
  Given given;
  const double end = seconds() + patience_ms / 1e3;
  const syncing::Channel to_centre = [&](std::string_view request) -> Result<std::string> {
    while (true) {
      auto answer = TRY(client.send({.method = http::Method::post,
                                     .target = std::string(carry::sync_path),
                                     .headers = {{"Content-Type", std::string(carry::sync_type)}},
                                     .body = std::string(request)}));
      if (answer.status == 200) return std::move(answer.body);
      if (answer.status != 503 || seconds() > end)
        return base::fail(ErrorCode::io_failed, fmt::format("status {}", answer.status));
      ++given.turned_away;
      // Not all at the same time again.
      std::this_thread::sleep_for(std::chrono::milliseconds(500 + store % 100 * 10));
    }
  };
  TRY(syncing::carry(to_centre, dialler));
  if (!dialler.exchanged().stopped.empty())
    return base::fail(ErrorCode::evidence_bad, dialler.exchanged().stopped[0].no.words);
  given.entries = dialler.exchanged().given_entries;
  return given;
}

// In the other process: told the port, all stores dial at once.
void be_the_stores(io::Talk& talk, const io::Path& folder, std::size_t stores) {
  io::raise_open_files();
  const auto heard = talk.hear();
  if (!heard) return;
  const auto port = static_cast<std::uint16_t>(std::stoi(*heard));
  const syncing::RosterIndex roster(roster_of(stores));
  std::vector<Result<Given>> given(stores);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < stores; ++i)
    threads.emplace_back([&, i] { given[i] = come_back(folder, i, roster, port); });
  for (std::thread& one : threads) one.join();
  Given all;
  for (const auto& one : given) {
    if (!one) return static_cast<void>(talk.say("failed " + one.error().message));
    all.entries += one->entries;
    all.turned_away += one->turned_away;
  }
  static_cast<void>(talk.say(fmt::format("done {} {}", all.entries, all.turned_away)));
}

// A centre that is served, follows what it holds, and answers questions.
class Centre {
 public:
  static Result<std::unique_ptr<Centre>> start(const io::Path& data, std::size_t stores) {
    io::Disk& disk = io::real_disk();
    io::Clock& clock = io::real_clock();
    auto made = std::unique_ptr<Centre>(new Centre(roster_of(stores)));
    const journal::Signer signer = store_signer(centre);
    TRY(disk.make_folders(data));
    TRY(io::write_secret_file(disk, data / site::key_file, journal::secret_text(signer) + "\n"));
    site::CoreOptions options;
    options.data = data;
    options.site = {centre, trade::SiteKind::centre, 1};
    options.estate = bench_estate;
    options.held = data / site::copies_folder;
    made->core_ = TRY(site::Core::start(options, disk, clock, io::real_entropy()));
    made->door_ = std::make_unique<site::Door>(*made->core_, clock, io::real_entropy());
    api::ApiOptions how;
    how.is_secure = true;
    how.journal = data / site::journal_folder;
    made->api_ = std::make_unique<api::Api>(*made->core_, *made->door_, clock, disk, how);
    made->copies_.emplace(TRY(syncing::Copies::open(
        disk, {options.held, [](const auto&) { return syncing::Want::everything; }, {}},
        made->roster_)));
    made->holdings_.emplace(disk,
                            syncing::OwnJournal{signer.verifier.name, data / site::journal_folder},
                            *made->copies_);
    made->port_.emplace(*made->holdings_, clock);
    made->gate_.emplace(*made->port_, *made->api_);
    http::ServerOptions server;
    server.certificates = {http::site_certificate(signer.key)};
    server.headers_wanted = api::Api::headers_wanted();
    server.connections_per_address_max = server.connections_max;
    server.request.body_bytes_max = carry::sync_body_bytes_max;
    // All of them begin at once, and their turn may be late.
    server.head_ms_max = server.body_ms_max = server.write_ms_max = patience_ms;
    made->server_ = TRY(http::Server::start(server, *made->gate_));
    made->dial_ = {"127.0.0.1", made->server_->port()};
    made->dial_.pin = signer.verifier.key;
    return made;
  }
  ~Centre() {
    if (server_) server_->stop(5'000);
  }

  const http::Dial& dial() const { return dial_; }
  std::uint64_t connections() const { return server_->counts().connections_open; }
  std::uint64_t syncs() const { return port_->counts().syncs; }
  // Entries of others that are in the book.
  std::uint64_t entries_known() const {
    std::promise<std::uint64_t> told;
    if (!core_->ask([&](const site::View& view) {
          std::uint64_t entries = 0;
          for (const site::Peer& peer : view.peers) entries += peer.entries;
          told.set_value(entries);
        }))
      return 0;
    return told.get_future().get();
  }

 private:
  explicit Centre(journal::Roster roster) : roster_(std::move(roster)) {}

  syncing::RosterIndex roster_;
  std::unique_ptr<site::Core> core_;
  std::unique_ptr<site::Door> door_;
  std::unique_ptr<api::Api> api_;
  std::optional<syncing::Copies> copies_;
  std::optional<syncing::Holdings> holdings_;
  std::optional<carry::Port> port_;
  std::optional<carry::Gate> gate_;
  std::unique_ptr<http::Server> server_;
  http::Dial dial_;
};

struct Figures {
  std::uint64_t entries = 0, turned_away = 0, connections = 0, syncs = 0, questions = 0;
  double seconds = 0, folded_seconds = 0, p99_ms = 0, max_ms = 0;
};

// Asks the centre until the stores are done.
Result<> ask_meanwhile(const Centre& centre, const std::atomic<bool>& is_over, Figures& figures) {
  http::LoadOptions load;
  load.dial = centre.dial();
  load.clients = others;
  load.milliseconds = asked_ms_max;
  load.request = [](int, std::uint64_t) {
    return http::request_text({.method = http::Method::get, .target = "/readyz"}, "centre");
  };
  load.is_over = [&] {
    figures.connections = std::max(figures.connections, centre.connections());
    return is_over.load();
  };
  const auto seen = TRY(http::run_load(load));
  if (seen.failures > 0)
    return base::fail(ErrorCode::io_failed,
                      fmt::format("{} questions were not answered", seen.failures));
  figures.questions = seen.requests;
  figures.p99_ms = seen.p99_ms;
  figures.max_ms = seen.max_ms;
  return {};
}

Result<Figures> measure(const io::Path& folder, std::size_t stores, std::uint64_t entries,
                        io::Child& herd) {
  const auto served = TRY(Centre::start(folder / "centre", stores));
  Figures figures;
  std::atomic<bool> is_over = false;
  Result<std::string> told;
  std::thread listener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // the others are at work already
    const double begin = seconds();
    if (const auto said = herd.talk().say(std::to_string(served->dial().port)); said)
      told = herd.talk().hear();
    figures.seconds = seconds() - begin;
    const bool is_done = told && told->starts_with("done");
    while (is_done && served->entries_known() < entries && seconds() - begin < 600)
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    figures.folded_seconds = seconds() - begin;
    is_over = true;
  });
  auto asked = ask_meanwhile(*served, is_over, figures);
  listener.join();
  TRY(std::move(asked));
  std::istringstream words(TRY(std::move(told)));
  std::string word;
  words >> word >> figures.entries >> figures.turned_away;
  if (word != "done" || figures.entries != entries || served->entries_known() != entries)
    return base::fail(ErrorCode::evidence_bad, fmt::format("{} of {} entries arrived: {}",
                                                           figures.entries, entries, words.str()));
  figures.syncs = served->syncs();
  return figures;
}

}  // namespace

Result<> bench_herd(const BenchHerd& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path& folder = scratch.path();
  const auto stores = static_cast<std::size_t>(wanted.sites);
  io::Child herd = TRY(io::Child::start(
      [&](io::Talk& talk) { be_the_stores(talk, folder, stores); }));  // before any thread runs
  io::raise_open_files();
  const auto events = events_of_a_store(1, wanted.events_per_day);
  std::vector<Result<>> written(stores);
  base::for_ranges(base::hardware_threads(), stores, 1,
                   [&](std::size_t i, std::size_t, std::size_t) {
                     written[i] = write_store_journal(folder / "stores" / name_of(i), store_code(i),
                                                      events, events.size());
                   });
  for (auto& one : written) TRY(std::move(one));
  const std::uint64_t entries = stores * (events.size() + 1);
  const Figures figures = TRY(measure(folder, stores, entries, herd));
  if (wanted.json)
    print({{"connections", figures.connections},
           {"seconds_to_caught_up", figures.seconds},
           {"seconds_to_folded", figures.folded_seconds},
           {"other_p99_ms", figures.p99_ms},
           {"other_max_ms", figures.max_ms},
           {"other_requests", figures.questions},
           {"entries", figures.entries},
           {"entries_per_s", static_cast<double>(figures.entries) / figures.seconds},
           {"turned_away", figures.turned_away},
           {"syncs", figures.syncs},
           {"rss_mib", io::peak_memory_mib()}});
  else
    fmt::print(
        "{} stores at once, at most {} connections seen: {} entries held after {:.1f} s, in the "
        "book after {:.1f} s; {} syncs\nothers' p99: {:.1f} ms, at most {:.0f} ms\n",
        grouped(wanted.sites), grouped(static_cast<std::int64_t>(figures.connections)),
        grouped(static_cast<std::int64_t>(figures.entries)), figures.seconds,
        figures.folded_seconds, grouped(static_cast<std::int64_t>(figures.syncs)), figures.p99_ms,
        figures.max_ms);
  return {};
}

}  // namespace cmd
