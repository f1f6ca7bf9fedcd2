// stockade bench replay: how soon a store with a year of journal serves again.

#include <cstring>
#include <filesystem>

#include <fmt/core.h>

#include "cmd/bench_site.h"
#include "cmd/bench_trade.h"
#include "cmd/json.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "crypto/sha256.h"
#include "site/core.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint32_t lines = 2'000;
constexpr std::uint64_t events_per_day = 3'000;
constexpr std::size_t events_per_commit = 8;
constexpr std::uint64_t remembered_events = 2 * events_per_day;  // 48 hours of requests
constexpr trade::SiteCode code{42};

// A store in the folder that is worked step by step.
class Store {
 public:
  explicit Store(io::Path data) : data_(std::move(data)) {}

  Result<> open() {
    site::CoreOptions options;
    options.data = data_;
    options.site = {code, trade::SiteKind::store, 1};
    options.estate = "bench";
    options.has_threads = false;
    core_ = TRY(site::Core::start(options, io::real_disk(), io::real_clock(), io::real_entropy()));
    return {};
  }
  void close() { core_.reset(); }

  // By the store's manager; the first wish enrols one. A request that may come again has a number.
  void put(trade::Body body, std::uint64_t request = 0) {
    trade::Origin by;
    if (!std::holds_alternative<trade::PersonEnrolled>(body)) by.actor = trade::ActorNo{1};
    std::memcpy(by.request.bytes.data(), &request, sizeof request);
    CHECK(core_->submit({by, [body = std::move(body)](const trade::Partition&) { return body; }},
                        [this](const site::Outcome& outcome, const site::View&) {
                          ++(outcome ? taken_ : refused_);
                        }));
    if (++waiting_ == events_per_commit) commit();
  }
  void commit() {
    core_->step();
    waiting_ = 0;
  }
  std::uint64_t taken() const { return taken_; }
  std::uint64_t refused() const { return refused_; }

  // Memory of a request that may come again.
  double bytes_per_request() {
    double bytes = 0;
    core_->ask([&](const site::View& view) {
      const auto count = static_cast<double>(view.requests.count());
      bytes = static_cast<double>(view.requests.bytes()) / count;
    });
    core_->step();
    return bytes;
  }
  // SHA-256 of what the site knows of itself.
  std::string digest() {
    std::string bytes;
    core_->ask([&](const site::View& view) { bytes = encode(view.own); });
    core_->step();
    return crypto::to_hex(crypto::sha256(bytes));
  }

 private:
  io::Path data_;
  std::unique_ptr<site::Core> core_;
  std::size_t waiting_ = 0;
  std::uint64_t taken_ = 0, refused_ = 0;
};

// Days of trade. What the last 48 hours bring may come again.
void trade_days(Store& store, std::uint64_t events) {
  MadeUpTrade trade(lines, events_per_day);
  trade::PublicKey key;
  key.bytes.fill(1);
  store.put(trade::PersonEnrolled{{}, trade::Role::manager, key});
  for (trade::Body& body : trade.opening()) store.put(std::move(body));
  for (std::uint64_t done = 0; done < events; ++done) {
    trade::Body body = trade.next();
    const bool is_sale = std::holds_alternative<trade::GoodsMoved>(body);
    store.put(std::move(body), is_sale && done + remembered_events >= events ? done + 1 : 0);
  }
  store.commit();
}

double seconds() { return io::real_clock().seconds(); }

}  // namespace

Result<> bench_replay(const BenchReplay& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  const io::Path live = scratch.path() / "live", killed = scratch.path() / "killed";
  TRY(io::real_disk().make_folders(live));

  const double begin = seconds();
  Store store(live);
  TRY(store.open());
  trade_days(store, wanted.events);
  const double trade_s = seconds() - begin;
  const std::string digest = store.digest();
  const double bytes_per_request = store.bytes_per_request();
  const std::uint64_t refused = store.refused();
  // As a kill leaves it: with the last snapshot on the way and everything since unsigned.
  std::filesystem::copy(live, killed, std::filesystem::copy_options::recursive);
  store.close();

  const auto start = [&]() -> Result<double> {
    Store again(killed);
    const double from = seconds();
    TRY(again.open());
    const double took = seconds() - from;
    if (again.digest() != digest)
      return base::fail(ErrorCode::evidence_bad, "the book is not the one that traded");
    return took;
  };
  const double ready_s = TRY(start());
  std::filesystem::remove(killed / "journal" / "snapshot");
  const double replay_s = TRY(start());

  const std::uint64_t events = store.taken();
  const double rate = static_cast<double>(events) / replay_s;
  if (wanted.json)
    print({{"events", events},
           {"refused", refused},
           {"trade_s", trade_s},
           {"ready_s", ready_s},
           {"replay_s", replay_s},
           {"events_per_s", rate},
           {"bytes_per_request", bytes_per_request},
           {"digest", digest}});
  else
    fmt::print(
        "{} events traded in {:.1f} s ({} refused)\nready after a kill: {:.2f} s\n"
        "full replay: {:.2f} s, {} events a second\na request of the last 48 hours takes {:.0f} "
        "bytes\n",
        grouped(static_cast<std::int64_t>(events)), trade_s, refused, ready_s, replay_s,
        grouped(static_cast<std::int64_t>(rate)), bytes_per_request);
  return {};
}

}  // namespace cmd
