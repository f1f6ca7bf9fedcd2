// stockade bench checkout and last-units: guests' orders at an online site.

#include "cmd/bench_shop.h"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

#include <fmt/core.h>

#include "api/api.h"
#include "base/numbers.h"
#include "cmd/json.h"
#include "cmd/raw_syncs.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "crypto/sha256.h"
#include "http/client.h"
#include "http/load.h"
#include "io/child.h"
#include "io/process.h"
#include "site/core.h"
#include "site/cut_offs.h"
#include "site/door.h"
#include "site/key.h"
#include "site/shop.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr trade::SiteCode store_code{42}, web_code{9'501};
constexpr std::uint32_t lines_of_checkout = 2'000;
constexpr std::uint64_t requests_of_order = 7;
constexpr double ready_seconds_max = 60;
constexpr std::int64_t stop_ms_max = 5'000;

std::string product(std::uint32_t number) { return fmt::format("P{:05}", number); }
double seconds() { return io::real_clock().seconds(); }

void put(site::Core& core, trade::Body body) {
  CHECK(core.submit(
      {{}, [body = std::move(body)](const trade::Partition&) { return body; }},
      [](const site::Outcome& outcome, const site::View&) { CHECK(outcome.has_value()); }));
}

// The journal of a store that has so many units of each line, all given to the online site.
Result<> make_store(const io::Path& data, std::uint32_t lines, trade::Units units) {
  site::CoreOptions options;
  options.data = data;
  options.site = {store_code, trade::SiteKind::store, 1};
  options.estate = "bench";
  options.has_threads = false;
  const auto core =
      TRY(site::Core::start(options, io::real_disk(), io::real_clock(), io::real_entropy()));
  put(*core, trade::DayOpened{trade::to_day(site::local_time(io::real_clock().wall_ms()).day)});
  for (std::uint32_t i = 0; i < lines; ++i) {
    put(*core, trade::LineOpened{*trade::ProductId::of(product(i)), {.case_units = 12}, 150, i});
    put(*core, trade::GoodsMoved{trade::Cause::opening, {{trade::LineNo{i}, units, 0, {}}}});
    put(*core, trade::StockAllotted{web_code, trade::LineNo{i}, units});
    core->step();
  }
  return {};
}

site::CoreOptions web_options(const io::Path& folder) {
  site::CoreOptions options;
  options.data = folder / "web";
  options.site = {web_code, trade::SiteKind::online, 1};
  options.estate = "bench";
  options.peers = {folder / "store" / site::journal_folder};
  return options;
}

std::string books_of(const io::Path& folder) { return (folder / "payments").string(); }

// The online site of the folder's store, served.
class Served {
 public:
  static Result<std::unique_ptr<Served>> start(const io::Path& folder, std::uint32_t lines,
                                               std::size_t connections) {
    auto made = std::make_unique<Served>();
    made->core_ = TRY(site::Core::start(web_options(folder), io::real_disk(), io::real_clock(),
                                        io::real_entropy()));
    made->payments_ = TRY(site::SimulatedPayments::open_books(books_of(folder), io::real_clock(),
                                                              io::real_entropy()));
    made->shop_ = TRY(site::Shop::start({.data = folder / "web"}, *made->core_, *made->payments_,
                                        io::real_clock(), io::real_entropy()));
    made->door_ = std::make_unique<site::Door>(*made->core_, io::real_clock(), io::real_entropy());
    api::ApiOptions how;
    how.journal = folder / "web" / site::journal_folder;
    how.shop = made->shop_.get();
    made->api_ = std::make_unique<api::Api>(*made->core_, *made->door_, io::real_clock(),
                                            io::real_disk(), std::move(how));
    http::ServerOptions server;
    server.headers_wanted = api::Api::headers_wanted();
    server.connections_max = server.connections_per_address_max = 2 * connections + 16;
    made->server_ = TRY(http::Server::start(server, *made->api_));
    made->dial_.address = server.address;
    made->dial_.port = made->server_->port();
    TRY(made->wait_until_ready(lines));
    return made;
  }
  ~Served() {
    if (server_) server_->stop(stop_ms_max);
    server_.reset();
    api_.reset();
  }

  const http::Dial& dial() const { return dial_; }
  const std::string& slot() const { return slot_; }

 private:
  // Until it has taken what the store gave, and a slot is open.
  Result<> wait_until_ready(std::uint32_t lines) {
    const trade::Day today = trade::to_day(site::local_time(io::real_clock().wall_ms()).day);
    bool has_slot = false;
    for (const double begin = seconds(); seconds() - begin < ready_seconds_max;) {
      shop_->step();
      const auto shown = shop_->shown();
      const auto offered = std::ranges::count_if(
          shown->lines, [](const site::ShownLine& line) { return !line.available.empty(); });
      if (!shown->slots.empty() && offered == lines) {
        slot_ = trade::to_string(shown->slots.front().number);
        return {};
      }
      if (!std::exchange(has_slot, true) && shown->slots.empty())
        put(*core_,
            trade::SlotOpened{0, store_code, trade::later(today, 1), 600, 660, 4'000'000'000});
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return base::fail(ErrorCode::io_failed, "the online site has not taken its allotments");
  }

  std::unique_ptr<site::Core> core_;
  std::unique_ptr<site::SimulatedPayments> payments_;
  std::unique_ptr<site::Shop> shop_;
  std::unique_ptr<site::Door> door_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<http::Server> server_;
  http::Dial dial_;
  std::string slot_;
};

// A member's text in an answer: these are our own, so no parser is needed.
std::string member_of(std::string_view answer, std::string_view name) {
  const std::string label = fmt::format("\"{}\":\"", name);
  const std::size_t at = answer.find(label);
  if (at == answer.npos) return {};
  const std::string_view rest = answer.substr(at + label.size());
  return std::string(rest.substr(0, rest.find('"')));
}

std::string post(std::string_view path, std::string body, http::Method method = http::Method::post,
                 std::string key = {}) {
  std::vector<http::Field> headers{{"Content-Type", "application/json"}};
  if (!key.empty()) headers.push_back({"Idempotency-Key", std::move(key)});
  return http::request_text({.method = method,
                             .target = std::string(path),
                             .headers = std::move(headers),
                             .body = std::move(body)},
                            "shop");
}

// One guest after the other at one connection: which of the seven requests comes next.
class Guest {
 public:
  void set_number(int number) { number_ = number; }

  std::string next(std::uint32_t line, const std::string& slot) {
    const std::string basket = "/v1/shop/baskets/" + basket_;
    switch (step_) {
      case 0:
        begin_s_ = seconds();
        return post("/v1/shop/baskets", R"({"store":"0042"})");
      case 1:
        return post(basket + "/items",
                    fmt::format(R"({{"product":"{}","units":1}})", product(line)));
      case 2:
        return post(basket + "/address",
                    R"({"name":"A Guest","street":"1 High Street","town":"Leeds",)"
                    R"("postcode":"LS1 1AA","email":"guest@example.org"})",
                    http::Method::put);
      case 3:
        return http::request_text({.target = basket + "/options"}, "shop");
      case 4:
        return post(basket + "/option",
                    fmt::format(R"({{"option":"{}","takes_substitutes":true}})", slot),
                    http::Method::put);
      case 5:
        return post(basket + "/payment", "");
      default:
        if (key_.empty()) key_ = fmt::format("guest-{}-{}", number_, orders_++);
        return post(basket + "/place", "", http::Method::post, key_);
    }
  }

  struct Heard {
    bool is_try_over = false;
    std::string order;  // if it was placed
    double ms = 0;      // for the whole order
  };
  Heard hear(int status, std::string_view answer) {
    if (step_ == 0) basket_ = member_of(answer, "basket");
    if (status / 100 == 2 && step_ + 1 < requests_of_order) {
      ++step_;
      return {};
    }
    Heard heard{true, status / 100 == 2 ? member_of(answer, "order") : "",
                (seconds() - begin_s_) * 1'000};
    // Where there was no room, or another request is on its way, the same comes again.
    if (status == 503) return {};
    step_ = 0;
    key_.clear();
    return heard;
  }
  // The server has gone. A checkout that nobody answered is asked again, all else begins anew.
  void lose_connection() {
    if (step_ + 1 < requests_of_order || key_.empty()) step_ = 0;
  }

 private:
  int number_ = 0;
  std::uint64_t step_ = 0, orders_ = 0;
  double begin_s_ = 0;
  std::string basket_, key_;
};

std::vector<Guest> guests_of(std::int64_t count) {
  std::vector<Guest> guests(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < guests.size(); ++i) guests[i].set_number(static_cast<int>(i));
  return guests;
}

// What journal, provider and personal data say once the site has been started again.
struct Audit {
  std::int64_t orders = 0, paid = 0, held = 0, orphans = 0;
  std::set<std::string> numbers;
};

trade::Sha256 digest_of(std::string_view text) {
  trade::Sha256 made;
  made.bytes = crypto::sha256(text).bytes;
  return made;
}

Result<Audit> audit(const io::Path& folder) {
  site::CoreOptions options = web_options(folder);
  options.has_threads = false;
  const auto core =
      TRY(site::Core::start(options, io::real_disk(), io::real_clock(), io::real_entropy()));
  const auto payments = TRY(
      site::SimulatedPayments::open_books(books_of(folder), io::real_clock(), io::real_entropy()));
  // The start of a shop clears up what a kill has left.
  const auto shop = TRY(site::Shop::start({.data = folder / "web", .has_threads = false}, *core,
                                          *payments, io::real_clock(), io::real_entropy()));
  std::set<trade::Sha256> authorised;
  for (const std::string& reference : payments->open()) authorised.insert(digest_of(reference));
  Audit made;
  core->ask([&](const site::View& view) {
    std::int64_t units = 0;
    for (const auto& [counter, order] : view.own.online_orders) {
      ++made.orders;
      made.numbers.insert(trade::to_string(view.own.number(counter)));
      const bool is_paid = authorised.erase(order.payment) == 1;
      made.paid += is_paid;
      made.orphans += !is_paid;
      for (const trade::OnlineRow& row : order.rows) units += row.units;
    }
    for (const auto& [key, allotment] : view.own.allotments) made.held += allotment.held;
    made.orphans += std::abs(units - made.held);
  });
  core->step();
  made.orphans += static_cast<std::int64_t>(authorised.size());
  return made;
}

struct Run {
  std::int64_t clients = 0;
  double orders_per_s = 0, p50_ms = 0, p99_ms = 0, cpu_ms_per_order = 0, raw_syncs_per_s = 0;
};

double quantile(std::vector<double>& ms, double share) {
  if (ms.empty()) return 0;
  std::ranges::sort(ms);
  return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
}

Result<Run> measure(const Served& served, std::int64_t clients, double seconds_wanted,
                    std::set<std::string>& acknowledged, std::uint64_t& turn) {
  std::vector<Guest> guests = guests_of(clients);
  std::vector<double> order_ms;
  std::uint64_t refused = 0;
  http::LoadOptions load;
  load.dial = served.dial();
  load.clients = static_cast<int>(clients);
  load.milliseconds = static_cast<std::int64_t>(seconds_wanted * 1'000);
  load.request = [&](int client, std::uint64_t) {
    const auto line = static_cast<std::uint32_t>(++turn * 397 % lines_of_checkout);
    return guests[static_cast<std::size_t>(client)].next(line, served.slot());
  };
  load.answered = [&](int client, std::uint64_t, int status, std::string_view answer) {
    const auto heard = guests[static_cast<std::size_t>(client)].hear(status, answer);
    if (!heard.is_try_over) return;
    if (heard.order.empty()) {
      ++refused;
      return;
    }
    acknowledged.insert(heard.order);
    order_ms.push_back(heard.ms);
  };
  const double all = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double own = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  const auto figures = TRY(http::run_load(load));
  const double served_s =
      cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - all - (cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - own);
  if (refused > 0 || order_ms.empty())
    return base::fail(ErrorCode::io_failed, fmt::format("{} orders of {} were not placed", refused,
                                                        refused + order_ms.size()));
  const auto orders = static_cast<double>(order_ms.size());
  return Run{clients,
             orders / figures.seconds,
             quantile(order_ms, 0.5),
             quantile(order_ms, 0.99),
             served_s * 1'000 / orders,
             0};
}

// The process that is killed: says where it serves, and stops once nobody talks to it.
void serve(const io::Path& folder, std::size_t connections, io::Talk& talk) {
  io::raise_open_files();
  auto served = Served::start(folder, 1, connections);
  if (!served) {
    (void)talk.say("failed: " + served.error().message);
    return;
  }
  (void)talk.say(fmt::format("{} {}", (*served)->dial().port, (*served)->slot()));
  (void)talk.hear();
}

struct Rush {
  const BenchLastUnits& wanted;
  std::vector<Guest> guests;
  std::int64_t tries = 0, restarts = 0;
  std::set<std::string> acknowledged;
};

// Until the tries are made, or the process is killed.
Result<> run_until_killed(Rush& rush, const io::Path& folder) {
  auto child = TRY(io::Child::start(
      [&](io::Talk& talk) { serve(folder, static_cast<std::size_t>(rush.wanted.clients), talk); }));
  const std::string said = TRY(child.talk().hear());
  const std::size_t space = said.find(' ');
  const auto port = base::parse_whole(said.substr(0, space));
  if (!port || space == said.npos) return base::fail(ErrorCode::io_failed, "the shop: " + said);
  const std::string slot = said.substr(space + 1);
  http::LoadOptions load;
  load.dial.address = "127.0.0.1";
  load.dial.port = static_cast<std::uint16_t>(*port);
  load.clients = static_cast<int>(rush.wanted.clients);
  load.milliseconds = 600'000;
  bool is_killed = false;
  load.is_over = [&] { return is_killed || rush.tries >= rush.wanted.tries; };
  load.request = [&](int client, std::uint64_t) {
    return rush.guests[static_cast<std::size_t>(client)].next(0, slot);
  };
  load.answered = [&](int client, std::uint64_t, int status, std::string_view answer) {
    const auto heard = rush.guests[static_cast<std::size_t>(client)].hear(status, answer);
    rush.tries += heard.is_try_over;
    if (!heard.order.empty()) rush.acknowledged.insert(heard.order);
    const bool is_time =
        (rush.restarts == 0 && std::ssize(rush.acknowledged) * 4 >= rush.wanted.units) ||
        (rush.restarts == 1 && rush.tries * 2 >= rush.wanted.tries);
    if (!is_time || is_killed) return;
    child.kill();
    is_killed = true;
    ++rush.restarts;
  };
  TRY(http::run_load(load));
  for (Guest& guest : rush.guests) guest.lose_connection();
  return {};
}

}  // namespace

Result<> bench_checkout(const BenchCheckout& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path& folder = scratch.path();
  io::raise_open_files();
  TRY(make_store(folder / "store", lines_of_checkout, trade::row_units_max));
  const std::int64_t most = *std::ranges::max_element(wanted.clients);
  std::vector<Run> runs;
  std::set<std::string> acknowledged;
  {
    const auto served =
        TRY(Served::start(folder, lines_of_checkout, static_cast<std::size_t>(most)));
    const double share = wanted.seconds / static_cast<double>(wanted.clients.size() + 1);
    std::uint64_t turn = 0;
    TRY(measure(*served, 8, share / 2, acknowledged, turn));  // warm
    for (const std::int64_t clients : wanted.clients) {
      const double before = TRY(raw_syncs_per_s(folder, share / 8));
      Run run = TRY(measure(*served, clients, share * 3 / 4, acknowledged, turn));
      run.raw_syncs_per_s = (before + TRY(raw_syncs_per_s(folder, share / 8))) / 2;
      runs.push_back(run);
    }
  }
  const Audit found = TRY(audit(folder));
  for (const std::string& number : acknowledged)
    if (!found.numbers.contains(number))
      return base::fail(ErrorCode::evidence_bad, number + " was acknowledged and is not there");
  if (!wanted.json) {
    for (const Run& run : runs)
      fmt::print(
          "{:3} clients: {} orders/s, p50 {:.1f} ms, p99 {:.1f} ms, {:.2f} ms of processor "
          "an order; a bare append with a sync: {} a second\n",
          run.clients, grouped(static_cast<std::int64_t>(run.orders_per_s)), run.p50_ms, run.p99_ms,
          run.cpu_ms_per_order, grouped(static_cast<std::int64_t>(run.raw_syncs_per_s)));
    fmt::print("{} orders were acknowledged, and all of them are in the journal\n",
               grouped(std::ssize(acknowledged)));
    return {};
  }
  Json list = Json::array();
  for (const Run& run : runs)
    list.push_back({{"clients", run.clients},
                    {"orders_per_s", run.orders_per_s},
                    {"p50_ms", run.p50_ms},
                    {"p99_ms", run.p99_ms},
                    {"cpu_ms_per_order", run.cpu_ms_per_order},
                    {"raw_syncs_per_s", run.raw_syncs_per_s}});
  print(Json{{"runs", list}, {"acknowledged", acknowledged.size()}, {"orders", found.orders}});
  return {};
}

Result<> bench_last_units(const BenchLastUnits& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path& folder = scratch.path();
  io::raise_open_files();
  TRY(make_store(folder / "store", 1, static_cast<trade::Units>(wanted.units)));
  Rush rush{wanted, guests_of(wanted.clients), 0, 0, {}};
  while (rush.tries < wanted.tries) TRY(run_until_killed(rush, folder));
  Audit found = TRY(audit(folder));
  for (const std::string& number : rush.acknowledged)
    found.orphans += !found.numbers.contains(number);
  if (wanted.json) {
    print(Json{{"units", wanted.units},
               {"clients", wanted.clients},
               {"tries", rush.tries},
               {"paid", found.paid},
               {"held", found.held},
               {"orphans", found.orphans},
               {"restarts", rush.restarts},
               {"acknowledged", rush.acknowledged.size()}});
    return {};
  }
  fmt::print(
      "{} units, {} clients, {} tries, {} restarts after a kill: {} orders paid, {} units "
      "held, {} orphans; {} orders were acknowledged\n",
      wanted.units, wanted.clients, grouped(rush.tries), rush.restarts, found.paid, found.held,
      found.orphans, rush.acknowledged.size());
  return {};
}

}  // namespace cmd
