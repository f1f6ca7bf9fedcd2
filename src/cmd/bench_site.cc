// stockade bench site: sales that a store takes over HTTP, each on disk before it is answered.

#include "cmd/bench_site.h"

#include <optional>
#include <sstream>

#include <fmt/core.h>

#include "api/api.h"
#include "base/numbers.h"
#include "base/result.h"
#include "cmd/caller.h"
#include "cmd/json.h"
#include "cmd/raw_syncs.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "http/client.h"
#include "http/crowd.h"
#include "http/load.h"
#include "io/child.h"
#include "io/process.h"
#include "site/core.h"
#include "site/door.h"
#include "site/key.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr int clients = 64;
constexpr int rows_per_sale = 5;
constexpr std::uint32_t lines = 2'000;
constexpr std::int64_t warm_up_ms = 500;
constexpr double crowd_seconds_max = 5;  // the server ends slow heads after ten
constexpr trade::SiteCode code{42};

std::string product(std::uint32_t number) { return fmt::format("P{:05}", number); }

// A store with an open day that is served, and one colleague who has signed in.
class Served {
 public:
  // At most so many connections may come from one address.
  static Result<std::unique_ptr<Served>> start(const io::Path& data, bool is_tls,
                                               std::size_t connections_max) {
    auto made = std::make_unique<Served>();
    site::CoreOptions options;
    options.data = data;
    options.site = {code, trade::SiteKind::store, 1};
    options.estate = "bench";
    made->core_ =
        TRY(site::Core::start(options, io::real_disk(), io::real_clock(), io::real_entropy()));
    made->fill();
    made->door_ = std::make_unique<site::Door>(*made->core_, io::real_clock(), io::real_entropy());
    api::ApiOptions how;
    how.journal = data / site::journal_folder;
    how.is_secure = is_tls;
    made->api_ = std::make_unique<api::Api>(*made->core_, *made->door_, io::real_clock(),
                                            io::real_disk(), std::move(how));
    http::ServerOptions server;
    server.headers_wanted = api::Api::headers_wanted();
    server.connections_max = server.connections_per_address_max = connections_max;
    if (is_tls) {
      const auto signer = TRY(site::site_key(io::real_disk(), io::real_entropy(), data,
                                             site::origin_of("bench", code, 1)));
      server.certificates = {http::site_certificate(signer.key)};
      made->dial_.pin = signer.key.public_key();
    }
    made->server_ = TRY(http::Server::start(server, *made->api_));
    made->dial_.address = server.address;
    made->dial_.port = made->server_->port();
    http::Client client(made->dial_);
    made->token_ = TRY(sign_in(client, made->key_));
    return made;
  }
  ~Served() {
    if (server_) server_->stop(5'000);
  }

  const http::Dial& dial() const { return dial_; }
  const std::string& token() const { return token_; }
  std::uint64_t commits() const { return core_->counts().commits; }

 private:
  void put(trade::Body body) {
    CHECK(core_->submit(
        {{}, [body = std::move(body)](const trade::Partition&) { return body; }},
        [](const site::Outcome& outcome, const site::View&) { CHECK(outcome.has_value()); }));
  }
  void fill() {
    for (std::uint32_t i = 0; i < lines; ++i)
      put(trade::LineOpened{*trade::ProductId::of(product(i)), {.case_units = 12}, 150, i});
    put(trade::DayOpened{trade::Day{9'800}});
    trade::PublicKey key;
    key.bytes = key_.public_key();
    put(trade::PersonEnrolled{{}, trade::Role::colleague, key});
  }

  crypto::SigningKey key_{crypto::Seed{7}};
  std::unique_ptr<site::Core> core_;
  std::unique_ptr<site::Door> door_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<http::Server> server_;
  http::Dial dial_;
  std::string token_;
};

std::string sale_of(int client, std::uint64_t n) {
  std::string rows;
  for (int i = 0; i < rows_per_sale; ++i) {
    const auto line =
        (static_cast<std::uint64_t>(client) * 31 + n * 17 + static_cast<std::uint64_t>(i) * 397) %
        lines;
    rows += fmt::format(R"({}{{"product":"{}","units":{},"pence":{}}})", i == 0 ? "" : ",",
                        product(static_cast<std::uint32_t>(line)), 1 + i % 2, 150 * (1 + i % 2));
  }
  return fmt::format(R"({{"rows":[{}]}})", rows);
}

// Connections that begin a request and never end it. They live in a process of their own: each of
// their two ends is an open file, and one process may not have enough of those for both.
class DistantCrowd {
 public:
  static Result<DistantCrowd> make() {
    return DistantCrowd(TRY(io::Child::start([](io::Talk& talk) {
      io::raise_open_files();
      if (const auto said = stand(talk); !said)
        static_cast<void>(talk.say("failed: " + said.error().message));
    })));
  }

  Result<> open(const http::Dial& dial, std::size_t connections) {
    TRY(child_.talk().say(fmt::format("{} {} {}", dial.address, dial.port, connections)));
    TRY(count());
    return {};
  }
  // Connections that the server has not ended. Requires that they were opened.
  Result<std::size_t> open_count() {
    TRY(child_.talk().say("count"));
    return count();
  }

 private:
  explicit DistantCrowd(io::Child child) : child_(std::move(child)) {}

  // In the other process: what it is asked to connect to, then as often as it is asked how many
  // stand there.
  static Result<> stand(io::Talk& talk) {
    std::istringstream asked(TRY(talk.hear()));
    http::Dial dial;
    std::size_t connections = 0;
    asked >> dial.address >> dial.port >> connections;
    const auto crowd = TRY(http::Crowd::open(dial, connections));
    do TRY(talk.say(std::to_string(crowd->open_count())));
    while (talk.hear());
    return {};
  }
  Result<std::size_t> count() {
    const std::string line = TRY(child_.talk().hear());
    const auto number = base::parse_whole(line);
    if (!number) return base::fail(ErrorCode::io_failed, "the crowd: " + line);
    return static_cast<std::size_t>(*number);
  }

  io::Child child_;
};

struct Figures {
  http::LoadFigures load;
  double cpu_us_per_request = 0;  // of everything but the clients
  double sales_per_commit = 0;
  std::size_t crowd_open = 0;  // connections of the crowd in the end
};

// With a crowd of so many connections around the clients.
Result<Figures> measure(const io::Path& data, bool is_tls, double seconds_wanted,
                        DistantCrowd* crowd = nullptr, std::size_t crowd_size = 0) {
  const auto served = TRY(Served::start(data, is_tls, crowd_size + 2 * clients));
  std::uint64_t run = 0;
  http::LoadOptions load;
  load.dial = served->dial();
  load.clients = clients;
  load.request = [&](int client, std::uint64_t n) {
    return http::request_text(
        {.method = http::Method::post,
         .target = "/v1/sales",
         .headers = {{"Authorization", "Bearer " + served->token()},
                     {"Content-Type", "application/json"},
                     {"Idempotency-Key", fmt::format("{}-{}-{}", run, client, n)}},
         .body = sale_of(client, n)},
        "store");
  };
  load.milliseconds = warm_up_ms;
  TRY(http::run_load(load));
  if (crowd != nullptr) TRY(crowd->open(served->dial(), crowd_size));
  run = 1;
  load.milliseconds = static_cast<std::int64_t>(seconds_wanted * 1'000);
  const std::uint64_t commits = served->commits();
  const double all = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double own = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  Figures figures;
  figures.load = TRY(http::run_load(load));
  const double served_s =
      cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - all - (cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - own);
  if (crowd) figures.crowd_open = TRY(crowd->open_count());
  const auto requests = static_cast<double>(figures.load.requests);
  figures.cpu_us_per_request = served_s * 1e6 / requests;
  figures.sales_per_commit = requests / static_cast<double>(served->commits() - commits);
  if (figures.load.failures > 0)
    return base::fail(ErrorCode::io_failed,
                      fmt::format("{} requests were not answered with 2xx", figures.load.failures));
  return figures;
}

Json json_of(const Figures& figures, double raw) {
  return {{"sales_per_s", figures.load.requests_per_s},
          {"p50_ms", figures.load.p50_ms},
          {"p99_ms", figures.load.p99_ms},
          {"cpu_us_per_request", figures.cpu_us_per_request},
          {"sales_per_commit", figures.sales_per_commit},
          {"raw_syncs_per_s", raw}};
}

void print_text(const char* name, const Figures& figures) {
  fmt::print(
      "{}: {} sales/s, p50 {:.1f} ms, p99 {:.1f} ms, {:.1f} us of processor a request, {:.0f} "
      "sales a commit\n",
      name, grouped(static_cast<std::int64_t>(figures.load.requests_per_s)), figures.load.p50_ms,
      figures.load.p99_ms, figures.cpu_us_per_request, figures.sales_per_commit);
}

}  // namespace

Result<> bench_site(const BenchSite& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path& folder = scratch.path();
  std::optional<DistantCrowd> around;  // before any thread runs
  if (wanted.connections > 0) around.emplace(TRY(DistantCrowd::make()));
  io::raise_open_files();
  const double share = wanted.seconds / 6;
  const double before = TRY(raw_syncs_per_s(folder, share / 2));
  const Figures plain = TRY(measure(folder / "plain", false, share * 1.5));
  const double between = TRY(raw_syncs_per_s(folder, share / 2));
  const Figures tls = TRY(measure(folder / "tls", true, share * 1.5));
  const double after = TRY(raw_syncs_per_s(folder, share / 2));
  std::optional<Figures> crowd;
  if (around)
    crowd = TRY(measure(folder / "crowd", false, crowd_seconds_max, &*around, wanted.connections));
  if (wanted.json) {
    Json all = json_of(plain, (before + between) / 2);
    all["tls"] = json_of(tls, (between + after) / 2);
    if (crowd) {
      all["crowd"] = json_of(*crowd, after);
      all["crowd"]["connections"] = wanted.connections;
      all["crowd"]["connections_open"] = crowd->crowd_open;
    }
    print(all);
    return {};
  }
  print_text("plain", plain);
  print_text("TLS  ", tls);
  if (crowd) print_text("crowd", *crowd);
  fmt::print("a bare append with a sync: {}, {} and {} a second\n",
             grouped(static_cast<std::int64_t>(before)),
             grouped(static_cast<std::int64_t>(between)),
             grouped(static_cast<std::int64_t>(after)));
  return {};
}

}  // namespace cmd
