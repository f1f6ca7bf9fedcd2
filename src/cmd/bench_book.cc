// stockade bench book: what a book of so many lines takes in memory, and how fast it folds events.

#include <algorithm>

#include <fmt/core.h>

#include "base/prng.h"
#include "cmd/bench.h"
#include "cmd/bench_lines.h"
#include "cmd/json.h"
#include "trade/book.h"

namespace cmd {
namespace {

using namespace trade;

constexpr std::uint32_t sites_per_depot = 250;
constexpr std::size_t replayed_events = 1'000'000;
constexpr Day first_day{9'800};
constexpr std::int64_t cut_off_ms = 1;

// Line after line, one in three is on order and one in four has two expiry lots.
constexpr bool is_on_order(std::uint32_t line) { return line % 3 == 0; }
constexpr bool has_lots(std::uint32_t line) { return line % 4 == 0; }

// The made-up estate. Every event goes through apply, as in a replay.
class MadeBook {
 public:
  explicit MadeBook(std::size_t lines) {
    std::uint16_t code = 0;
    for (std::size_t made = 0; made < lines; made += made_lines_per_site) {
      const auto count = static_cast<std::uint32_t>(std::min(lines - made, made_lines_per_site));
      open_site(SiteCode{code}, code % sites_per_depot == 0 ? SiteKind::depot : SiteKind::store,
                count);
      if (code % sites_per_depot != 0) order(SiteCode{code}, depot_of(code), count);
      ++code;
    }
  }
  const Book& book() const { return book_; }

 private:
  static SiteCode depot_of(std::uint16_t code) {
    return SiteCode{static_cast<std::uint16_t>(code / sites_per_depot * sites_per_depot)};
  }
  void happened(SiteCode site, Body body) { apply(book_, site, {{}, std::move(body)}); }

  void open_site(SiteCode site, SiteKind kind, std::uint32_t lines) {
    happened(site, SiteOpened{site, kind, 1});
    for (std::uint32_t i = 0; i < lines; ++i) {
      const Terms terms{1 + i % 24, static_cast<Chain>(i % 3), DateKind::use_by, 9, 2, 6'000, 0};
      happened(site,
               LineOpened{*ProductId::of(fmt::format("P{:08}", i)), terms, 99 + Pence(i % 900), i});
    }
    happened(site, DayOpened{first_day});
    for (std::uint32_t i = 0; i < lines; ++i) stock(site, LineNo{i});
    if (kind == SiteKind::depot)
      happened(site, WaveOpened{1, first_day, Chain::ambient, cut_off_ms});
  }
  void stock(SiteCode site, LineNo line) {
    std::vector<GoodsRow> rows{{line, 20, 0, {}}};
    if (has_lots(index(line)))
      rows = {{line, 8, 0, {{9'803}, *Batch::of("B1")}},
              {line, 12, 0, {{9'807}, *Batch::of("B2")}}};
    happened(site, GoodsMoved{Cause::opening, std::move(rows)});
  }
  // Proposed and placed by the store, acknowledged by the depot.
  void order(SiteCode store, SiteCode depot, std::uint32_t lines) {
    const OrderKey key{store, depot, first_day, 1, Chain::ambient};
    std::vector<OrderRow> rows;
    for (std::uint32_t i = 0; i < lines; ++i)
      if (is_on_order(i)) rows.push_back({LineNo{i}, 6});
    happened(store, OrderProposed{key, rows});
    happened(store, OrderConfirmed{key, rows});
    happened(store, OrderPlaced{key, 1, {}});
    happened(depot, OrderAcknowledged{key, {store, 1, 1}, {}, 1, std::move(rows)});
  }

  Book book_;
};

// A store's day over and over: mostly sales of one to five lines, some counts and some waste.
std::vector<std::string> made_events(const Partition& store) {
  base::Prng prng(1);
  std::vector<std::string> events;
  const auto any_line = [&] {
    return LineNo{static_cast<std::uint32_t>(prng.below(store.goods.line_count()))};
  };
  for (std::size_t i = 0; i < replayed_events; ++i) {
    Event event{{ActorNo{300}, DeviceNo{5}, i + 1}, {}};
    GoodsMoved moved{prng.below(20) == 0 ? Cause::returned_to_shelf : Cause::sale, {}};
    for (std::uint64_t rows = 1 + prng.below(5); rows > 0; --rows)
      moved.rows.push_back({any_line(), 1, 250, {}});
    event.body = std::move(moved);
    if (prng.below(30) == 0)
      event.body = GoodsReceived{
          Place::supplier, {}, {},
          no_temperature,  {}, {{any_line(), 0, 24, 0, 0, 0, {{9'806}, *Batch::of("B3")}}}};
    events.push_back(encode(event));
  }
  return events;
}

void replay(Book& book, SiteCode site, const std::vector<std::string>& events) {
  for (const std::string& bytes : events) apply(book, site, decode(bytes).value());
}

struct Replay {
  Lap lap;
  std::size_t bytes = 0;
};

Replay measure_replay() {
  const MadeBook made(2 * made_lines_per_site);
  const SiteCode store{1};
  const auto events = made_events(*made.book().find(store));
  Book book;
  CHECK(book.restore(encode(*made.book().find(store))).has_value());
  Replay replayed;
  for (const std::string& bytes : events) replayed.bytes += bytes.size();
  replayed.lap = timed([&] { replay(book, store, events); });
  return replayed;
}

}  // namespace

base::Result<> bench_book(const BenchBook& wanted) {
  const double mib_before = io::peak_memory_mib();
  std::optional<MadeBook> made;
  const Lap build = timed([&] { made.emplace(wanted.lines); });
  const double mib = io::peak_memory_mib() - mib_before;
  const auto lines = static_cast<double>(wanted.lines);
  const std::size_t sites = made->book().partitions().size();
  made.reset();
  const Replay replayed = measure_replay();

  Json json;
  json["lines"] = wanted.lines;
  json["bytes_per_line"] = mib * 1'048'576 / lines;
  json["sites"] = sites;
  json["build_seconds"] = build.seconds;
  json["events_per_cpu_s"] = replayed_events / replayed.lap.cpu_seconds;
  json["events_per_s"] = replayed_events / replayed.lap.seconds;
  json["bytes_per_event"] = static_cast<double>(replayed.bytes) / replayed_events;
  if (wanted.json) {
    print(json);
    return {};
  }
  fmt::print("{} lines at {} sites take {:.1f} bytes each, made in {:.1f} s\n", wanted.lines, sites,
             json["bytes_per_line"].get<double>(), build.seconds);
  fmt::print("decoding and applying: {:.0f} events per core-second, {:.1f} bytes each\n",
             json["events_per_cpu_s"].get<double>(), json["bytes_per_event"].get<double>());
  return {};
}

}  // namespace cmd
