#include "site/waves.h"

#include <algorithm>
#include <set>
#include <utility>

#include "site/cut_offs.h"

namespace site {
namespace {

using trade::DocumentNumber;
using trade::OrderKey;
using trade::OrderState;
using trade::Partition;

using Lane = std::pair<trade::Day, trade::Chain>;

constexpr int customers_cut_off_minute = 2 * 60;  // of the delivery day
constexpr std::uint8_t drop_max = 255;

bool is_taken_back(OrderState state) {
  return state == OrderState::cancelled || state == OrderState::skipped;
}

bool is_placed(const HeardOrder& order) {
  return order.number.given() && !is_taken_back(order.state) && !order.rows.empty();
}

// Who holds the delivery, if anybody does.
const trade::Fulfilment* holder_of(const Partition& depot, const OrderKey& key) {
  const auto row = depot.fulfilments.find(key);
  const bool holds =
      row != depot.fulfilments.end() && row->second.state != trade::FulfilmentState::cancelled;
  return holds ? &row->second : nullptr;
}

bool has_closed(const Partition& depot, const OrderKey& key) {
  bool closed = false;
  for (const auto& [counter, wave] : depot.waves) {
    if (wave.delivery != key.delivery || wave.chain != key.chain) continue;
    if (!wave.is_closed) return false;
    closed = true;
  }
  return closed;
}

// Puts a wave together.
class Wave {
 public:
  Wave(const Partition& depot, const trade::Wave& wave) : depot_(depot), wave_(wave) {}

  bool is_of(const OrderKey& key) const {
    return key.depot == depot_.site.code && key.delivery == wave_.delivery &&
           key.chain == wave_.chain;
  }
  void add(const HeardOrder& order) {
    if (!is_of(order.key)) return;
    spoken_.insert(order.key);
    const auto told = depot_.told.find(order.key);
    const bool is_behind = told != depot_.told.end() &&
                           told->second.order.site == order.key.store &&
                           told->second.order > order.number;
    if (is_placed(order) && !is_behind) put(order.key, order.number, lines(order.rows));
    if (!is_behind) decided_.insert(order.key);
  }
  void add(const OrderKey& key, const trade::ToldOrder& told) {
    if (!is_of(key) || decided_.contains(key)) return;
    spoken_.insert(key);
    put(key, told.order, told.rows);
  }
  void add(const PlannedDelivery& delivery, const trade::Sha256& document) {
    if (!is_of(delivery.key) || spoken_.contains(delivery.key)) return;
    if (holder_of(depot_, delivery.key) != nullptr) return;
    WaveOrder order{delivery.key, {}, {}, document, lines(delivery.rows), unknown_rows_};
    if (!order.rows.empty()) orders_[delivery.key] = std::move(order);
  }
  std::vector<WaveOrder> take() {
    std::vector<WaveOrder> orders;
    for (auto& [key, order] : orders_) orders.push_back(std::move(order));
    return orders;
  }

 private:
  std::vector<trade::OrderRow> lines(std::span<const WantedRow> rows) {
    unknown_rows_ = 0;
    return lines_of(rows, depot_.goods, unknown_rows_);
  }
  // Unless the delivery is another's already: then the store is answered, and nothing is doubled.
  void put(const OrderKey& key, const DocumentNumber& number, std::vector<trade::OrderRow> rows) {
    if (rows.empty()) return;
    WaveOrder order{key, number, {}, {}, std::move(rows), std::exchange(unknown_rows_, 0)};
    if (const trade::Fulfilment* holder = holder_of(depot_, key)) {
      const bool is_older = holder->order.site == number.site && holder->order < number &&
                            holder->state == trade::FulfilmentState::acknowledged;
      if (!is_older) return;
      order.replaces = holder->order;
    }
    orders_[key] = std::move(order);
  }

  const Partition& depot_;
  const trade::Wave& wave_;
  std::map<OrderKey, WaveOrder> orders_;
  std::set<OrderKey> spoken_;   // somebody was heard for this delivery
  std::set<OrderKey> decided_;  // the store's journal has the last word
  std::size_t unknown_rows_ = 0;
};

}  // namespace

std::vector<trade::OrderRow> lines_of(std::span<const WantedRow> rows, const trade::Goods& goods,
                                      std::size_t& unknown_rows) {
  std::vector<trade::OrderRow> made;
  for (const WantedRow& row : rows) {
    const auto line = goods.find(row.product);
    if (!line)
      ++unknown_rows;
    else if (row.units > 0)
      made.push_back({*line, row.units});
  }
  std::ranges::sort(made, {}, &trade::OrderRow::line);
  return made;
}

std::vector<trade::WaveOpened> waves_to_open(const Partition& depot, const HeldNights& nights) {
  std::map<Lane, std::int64_t> wanted;
  const auto want = [&](const OrderKey& key, std::int64_t cut_off_ms) {
    if (key.depot != depot.site.code || key.delivery <= depot.day) return;
    std::int64_t& latest = wanted[{key.delivery, key.chain}];
    latest = std::max(latest, cut_off_ms);
  };
  for (const auto& [store, held] : nights)
    for (const PlannedDelivery& delivery : held.night.standing)
      want(delivery.key, delivery.cut_off_ms);
  for (const auto& [key, told] : depot.told)
    if (!wanted.contains({key.delivery, key.chain}))
      want(key, local_ms(trade::to_date(key.delivery), customers_cut_off_minute));
  for (const auto& [counter, wave] : depot.waves) wanted.erase({wave.delivery, wave.chain});
  std::vector<trade::WaveOpened> opened;
  for (const auto& [lane, cut_off_ms] : wanted)
    opened.push_back({0, lane.first, lane.second, cut_off_ms});
  return opened;
}

std::vector<WaveOrder> orders_of_wave(const Partition& depot, std::uint32_t wave,
                                      std::span<const HeardOrder> heard, const HeldNights& nights) {
  Wave made(depot, depot.waves.at(wave));
  for (const HeardOrder& order : heard) made.add(order);
  for (const auto& [key, told] : depot.told) made.add(key, told);
  for (const auto& [store, held] : nights)
    for (const PlannedDelivery& delivery : held.night.standing) made.add(delivery, held.document);
  return made.take();
}

std::vector<trade::OrderRefused> late_answers(const Partition& depot,
                                              std::span<const HeardOrder> heard) {
  std::vector<trade::OrderRefused> answers;
  for (const HeardOrder& order : heard) {
    if (order.key.depot != depot.site.code || !is_placed(order) || !has_closed(depot, order.key))
      continue;
    const trade::Fulfilment* holder = holder_of(depot, order.key);
    if (holder != nullptr && holder->order == order.number) continue;
    trade::OrderRefused answer{
        order.key, order.number, trade::OrderPath::carried, trade::OrderFault::cut_off_passed, {}};
    if (holder != nullptr) {
      answer.why = trade::OrderFault::cycle_already_ordered;
      answer.winner = holder->order;
    }
    const auto before = depot.refused.find(order.number);
    if (before == depot.refused.end() || before->second.why != answer.why)
      answers.push_back(answer);
  }
  return answers;
}

std::vector<trade::OrderAssumed> customer_orders(const Partition& depot,
                                                 std::span<const CustomerRow> rows) {
  std::map<Lane, std::set<std::uint8_t>> drops;
  std::set<std::pair<std::string, trade::Chain>> known;
  for (const auto& [key, told] : depot.told) {
    if (key.store == trade::SiteCode{}) drops[{key.delivery, key.chain}].insert(key.drop);
    if (told.reference.given()) known.insert({std::string(told.reference.view()), key.chain});
  }
  std::map<std::tuple<std::string, trade::Day, trade::Chain>, std::vector<WantedRow>> orders;
  for (const CustomerRow& row : rows) {
    if (row.due <= depot.day || known.contains({row.order, row.chain}) || row.units <= 0) continue;
    orders[{row.order, row.due, row.chain}].push_back({row.product, row.units});
  }
  std::vector<trade::OrderAssumed> made;
  for (const auto& [name, wanted] : orders) {
    const auto& [order, due, chain] = name;
    std::set<std::uint8_t>& taken = drops[{due, chain}];
    const std::uint8_t drop = taken.empty() ? 1 : static_cast<std::uint8_t>(*taken.rbegin() + 1);
    const auto reference = trade::Reference::of(order);
    std::size_t unknown_rows = 0;
    auto lines = lines_of(wanted, depot.goods, unknown_rows);
    const bool fits = reference && !lines.empty() && taken.size() < drop_max;
    if (!fits || !known.insert({order, chain}).second) continue;
    taken.insert(drop);
    made.push_back({0,
                    {{}, depot.site.code, due, drop, chain},
                    trade::OrderPath::customer,
                    {},
                    *reference,
                    std::move(lines)});
  }
  return made;
}

std::vector<HeardOrder> heard_orders(const std::map<trade::SiteCode, Partition>& book,
                                     const Partition& depot) {
  std::vector<HeardOrder> heard;
  for (const auto& [code, store] : book) {
    if (store.site.kind != trade::SiteKind::store) continue;
    const auto first = store.orders.lower_bound({code, depot.site.code, depot.day, 0, {}});
    for (auto row = first; row != store.orders.end() && row->first.depot == depot.site.code;
         ++row) {
      const auto& [key, order] = *row;
      if (order.state == OrderState::none || order.state == OrderState::confirmed) continue;
      HeardOrder made{key,
                      order.counter == 0 ? DocumentNumber{} : store.number(order.counter),
                      order.state,
                      {}};
      for (const trade::OrderedRow& one : order.rows)
        made.rows.push_back({store.goods.product(one.line), one.ordered});
      heard.push_back(std::move(made));
    }
  }
  return heard;
}

}  // namespace site
