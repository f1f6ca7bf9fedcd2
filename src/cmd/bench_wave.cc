// stockade bench wave: a depot shares what it has among its stores' orders.

#include "cmd/bench_wave.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/prng.h"
#include "cmd/json.h"
#include "cmd/text.h"
#include "crypto/sha256.h"
#include "io/clock.h"
#include "site/share_wave.h"
#include "trade/book.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using trade::LineNo;
using trade::OrderKey;

constexpr trade::SiteCode depot_code{9'000};
constexpr trade::Day today{9'800}, tomorrow{9'801};
constexpr std::uint32_t depot_lines = 8'000;
constexpr trade::Units case_units = 6;
constexpr std::int64_t cut_off_ms = 1'000'000;

// One line in seven is of the first tier, one store in twenty a lifeline.
bool is_first_tier(LineNo line) { return trade::index(line) % 7 == 0; }
bool is_lifeline(trade::SiteCode store) { return static_cast<std::uint16_t>(store) % 20 == 1; }

site::ClaimFacts facts_of(const OrderKey& key, LineNo line) {
  site::ClaimFacts facts;
  facts.tier = is_first_tier(line) ? 1 : 3;
  facts.lifeline = is_lifeline(key.store) ? 2 : 0;
  const auto mixed = static_cast<std::uint32_t>(key.store) * 31 + trade::index(line) * 17;
  facts.on_hand_units = static_cast<float>(mixed % 5);
  facts.demand_mean = 2 + static_cast<float>(mixed % 11);
  facts.demand_variance = facts.demand_mean * 1.5f;
  return facts;
}

class Depot {
 public:
  explicit Depot(const BenchWave& wanted) : wanted_(wanted), ordered_(depot_lines) {
    put(trade::SiteOpened{depot_code, trade::SiteKind::depot, 1});
    for (std::uint32_t i = 0; i < depot_lines; ++i)
      put(trade::LineOpened{
          *trade::ProductId::of(fmt::format("P{:05}", i)), {.case_units = case_units}, 150, i});
    put(trade::DayOpened{today});
    put(trade::WaveOpened{0, tomorrow, trade::Chain::ambient, cut_off_ms});
    wave_ = partition().last_counter;
  }

  // All orders, each again under its own number and under another one.
  void take_orders() {
    base::Prng prng(7);
    for (std::int64_t store = 1; store <= wanted_.stores; ++store) {
      const trade::SiteCode code{static_cast<std::uint16_t>(store)};
      const OrderKey key{code, depot_code, tomorrow, 0, trade::Chain::ambient};
      trade::OrderAcknowledged order{key, {code, 1, 10}, {}, wave_, rows(prng)};
      for (const trade::OrderRow& row : order.rows) ordered_[trade::index(row.line)] += row.units;
      offer(order);
      offer(order);
      order.order.counter = 11;
      offer(order);
    }
  }
  // Half of what was ordered, in whole units.
  void take_stock() {
    for (std::uint32_t i = 0; i < depot_lines; ++i)
      if (const auto units = static_cast<trade::Units>(ordered_[i] / 2); units > 0)
        put(trade::GoodsMoved{trade::Cause::opening, {{LineNo{i}, units, 0, {}}}});
  }
  void close() {
    put(trade::WaveClosed{wave_});
    for (trade::OrderAllocated& order :
         site::share_wave(partition(), wave_, facts_of, site::no_limit, wanted_.threads))
      put(std::move(order));
  }

  // The rule in words that anybody can check: goods are there for what goes out; what stays is less
  // than a case; of a line of the first tier, lifelines have all, or nobody else has any.
  Result<> check() const {
    std::vector<std::int64_t> given(depot_lines), to_others(depot_lines);
    std::vector<bool> is_lifeline_short(depot_lines);
    for (const auto& [key, fulfilment] : partition().fulfilments)
      for (const trade::FulfilmentRow& row : fulfilment.rows) {
        const std::uint32_t line = trade::index(row.line);
        given[line] += row.allocated;
        if (!is_lifeline(key.store)) to_others[line] += row.allocated;
        if (is_lifeline(key.store) && row.allocated < row.ordered) is_lifeline_short[line] = true;
      }
    for (std::uint32_t i = 0; i < depot_lines; ++i) {
      const std::int64_t left = partition().stock.on_hand(LineNo{i}) - given[i];
      const bool holds = left >= 0 && left < case_units &&
                         !(is_first_tier(LineNo{i}) && is_lifeline_short[i] && to_others[i] > 0);
      if (!holds)
        return base::fail(ErrorCode::evidence_bad,
                          fmt::format("line {}: {} left of {}", i, left, given[i] + left));
    }
    return {};
  }

  const trade::Partition& partition() const { return *book_.find(depot_code); }
  std::int64_t offered() const { return offered_; }
  std::int64_t refused() const { return refused_; }

 private:
  bool put(trade::Body body) {
    const auto event = trade::decide(book_, depot_code, {trade::Role::depot, {}, 0, body});
    const auto by_site =
        event ? event : trade::decide(book_, depot_code, {trade::Role::site, {}, 0, body});
    if (by_site) trade::apply(book_, depot_code, *by_site);
    return by_site.has_value();
  }
  void offer(const trade::OrderAcknowledged& order) {
    ++offered_;
    refused_ += !put(order);
  }
  std::vector<trade::OrderRow> rows(base::Prng& prng) {
    std::vector<trade::OrderRow> rows;
    const auto step = depot_lines / static_cast<std::uint32_t>(wanted_.lines);
    for (std::int64_t i = 0; i < wanted_.lines; ++i)
      rows.push_back({LineNo{static_cast<std::uint32_t>(i) * step +
                             static_cast<std::uint32_t>(prng.below(step))},
                      static_cast<trade::Units>(case_units * (1 + prng.below(4)))});
    return rows;
  }

  const BenchWave wanted_;
  trade::Book book_;
  std::uint32_t wave_ = 0;
  std::vector<std::int64_t> ordered_;
  std::int64_t offered_ = 0, refused_ = 0;
};

}  // namespace

Result<> bench_wave(const BenchWave& wanted) {
  Depot depot(wanted);
  depot.take_orders();
  depot.take_stock();
  const double begin = io::real_clock().seconds();
  depot.close();
  const double seconds = io::real_clock().seconds() - begin;
  TRY(depot.check());
  const auto orders = static_cast<std::int64_t>(depot.partition().fulfilments.size());
  const std::string digest = to_hex(crypto::sha256(trade::encode(depot.partition())));
  if (wanted.json)
    print({{"orders", orders},
           {"lines", orders * wanted.lines},
           {"offered", depot.offered()},
           {"refused", depot.refused()},
           {"seconds", seconds},
           {"threads", wanted.threads},
           {"digest", digest}});
  else
    fmt::print(
        "{} orders of {} lines, {} offered: {} refused; shared and booked in {:.2f} s\n"
        "digest {}\n",
        grouped(orders), wanted.lines, grouped(depot.offered()), grouped(depot.refused()), seconds,
        digest);
  return {};
}

}  // namespace cmd
