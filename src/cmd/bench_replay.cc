// stockade bench replay: how soon a store with a year of journal serves again.

#include <cstring>
#include <filesystem>

#include <fmt/core.h>

#include "base/prng.h"
#include "cmd/bench_site.h"
#include "cmd/json.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "crypto/sha256.h"
#include "site/core.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using trade::LineNo;

constexpr std::uint32_t lines = 2'000;
constexpr std::uint64_t events_per_day = 3'000;
constexpr std::size_t events_per_commit = 8;
constexpr std::uint64_t remembered_events = 2 * events_per_day;  // 48 hours of requests
constexpr trade::Day first_day{9'500};
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

trade::ProductId product(std::uint32_t number) {
  return *trade::ProductId::of(fmt::format("P{:05}", number));
}

void open_lines(Store& store) {
  trade::PublicKey key;
  key.bytes.fill(1);
  store.put(trade::PersonEnrolled{{}, trade::Role::manager, key});
  for (std::uint32_t i = 0; i < lines; ++i) {
    const auto chain = static_cast<trade::Chain>(i % 3);
    const auto dates = i % 3 == 1 ? trade::DateKind::use_by : trade::DateKind::none;
    store.put(trade::LineOpened{product(i), {12, chain, dates, 0, 0, 1'000, 1'000}, 150, i});
  }
}

trade::GoodsMoved sale(base::Prng& prng) {
  trade::GoodsMoved moved{trade::Cause::sale, {}};
  std::uint32_t line = static_cast<std::uint32_t>(prng.below(lines));
  for (std::uint64_t rows = 1 + prng.below(5); rows > 0 && line < lines; --rows) {
    moved.rows.push_back({LineNo{line}, static_cast<trade::Units>(1 + prng.below(3)), 150, {}});
    line += 1 + static_cast<std::uint32_t>(prng.below(lines / 8));
  }
  return moved;
}

trade::GoodsReceived receipt(base::Prng& prng, trade::Day day) {
  trade::GoodsReceived received;
  received.source = trade::Place::supplier;
  received.temperature = 20;
  const std::uint32_t first = static_cast<std::uint32_t>(prng.below(lines - 60));
  for (std::uint32_t i = 0; i < 60; ++i) {
    trade::ReceiptRow row;
    row.line = LineNo{first + i};
    row.accepted = 24;
    if ((first + i) % 3 == 1) row.lot.expiry = trade::later(day, 9);
    if ((first + i) % 3 != 2) received.rows.push_back(row);  // frozen goods come colder
  }
  return received;
}

// Days of trade: a count for every hundredth event, a receipt for every three-hundredth.
void trade_days(Store& store, std::uint64_t events) {
  base::Prng prng(1);
  trade::Day day = first_day;
  for (std::uint64_t done = 0; done < events; ++done) {
    const std::uint64_t of_day = done % events_per_day;
    if (of_day == 0) {
      if (done > 0) store.put(trade::DayClosed{});
      store.put(trade::DayOpened{day = trade::later(day, 1)});
    }
    if (of_day % 300 == 1)
      store.put(receipt(prng, day));
    else if (of_day % 100 == 7)
      store.put(
          trade::GoodsCounted{LineNo{static_cast<std::uint32_t>(prng.below(lines))}, {}, 20, 0});
    else
      store.put(sale(prng), done + remembered_events >= events ? done + 1 : 0);
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
  open_lines(store);
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
