#include "vault/own_rows.h"

#include <algorithm>

#include <fmt/core.h>

#include "site/code.h"
#include "site/set_up.h"

namespace vault {
namespace {

using trade::Partition;

const trade::ProductId& product_of(const Partition& partition, trade::LineNo line) {
  return partition.goods.product(line);
}

// The name of an order that has no number yet.
std::string name_of(const trade::OrderKey& key, const Ids& ids) {
  return fmt::format("{}-{}-{}-{}-{}", ids.of(key.store), ids.of(key.depot),
                     to_string(trade::to_date(key.delivery)), key.drop, text_of(key.chain));
}

// What a depot promises of an order, by product: what is dispatched or picked, else allocated;
// nothing as long as it has only acknowledged.
std::map<trade::ProductId, std::int64_t> promised(const Partition& depot,
                                                  const trade::Fulfilment& fulfilment) {
  std::map<trade::ProductId, std::int64_t> units;
  for (const trade::FulfilmentRow& row : fulfilment.rows)
    units[product_of(depot, row.line)] = fulfilment.cargo.empty() ? row.allocated : 0;
  for (const trade::CargoRow& row : fulfilment.cargo)
    units[product_of(depot, row.line)] += row.units;
  return units;
}

bool has_promised(const trade::Fulfilment& fulfilment) {
  return fulfilment.state != trade::FulfilmentState::none &&
         fulfilment.state != trade::FulfilmentState::acknowledged;
}

bool is_open(trade::Seen seen) {
  using enum trade::Seen;
  return seen == confirmed || seen == placed || seen == acknowledged || seen == being_picked ||
         seen == picked || seen == on_the_way;
}

class Orders {
 public:
  Orders(const Known& known, const Ids& ids) : book_(known.book), ids_(ids) {}

  std::vector<OrderedLine> all() {
    for (const auto& [code, site] : book_.partitions()) {
      for (const auto& [key, order] : site.orders) add_order(site, key, order);
      for (const auto& [key, fulfilment] : site.fulfilments) add_unheard(site, key, fulfilment);
      for (const auto& [counter, inbound] : site.inbounds) add_inbound(site, counter, inbound);
      for (const auto& [counter, sent] : site.sent) add_sent(site, counter, sent);
    }
    return std::move(rows_);
  }

 private:
  void add_order(const Partition& store, const trade::OrderKey& key, const trade::Order& order) {
    const Partition* depot = book_.find(key.depot);
    const trade::Fulfilment* fulfilment = find(depot, key);
    const auto state = fulfilment == nullptr ? trade::FulfilmentState::none : fulfilment->state;
    const trade::Seen seen = trade::seen(trade::ProposalState::none, order.state, state);
    if (!is_open(seen)) return;
    std::map<trade::ProductId, std::int64_t> units;
    const bool is_promised = fulfilment != nullptr && has_promised(*fulfilment);
    if (is_promised) units = promised(*depot, *fulfilment);
    for (const trade::OrderedRow& row : order.rows) {
      OrderedLine made{ids_.of(key.store),
                       product_of(store, row.line),
                       key.delivery,
                       std::max(row.ordered - row.received, 0),
                       {},
                       {},
                       ids_.of(key.depot),
                       std::string(text_of(seen))};
      made.order = order.counter == 0 ? name_of(key, ids_) : to_string(store.number(order.counter));
      if (is_promised) made.confirmed_units = units[made.product];
      rows_.push_back(std::move(made));
    }
  }

  // What came to the depot by another way than the store's journal.
  void add_unheard(const Partition& depot, const trade::OrderKey& key,
                   const trade::Fulfilment& fulfilment) {
    const Partition* store = book_.find(key.store);
    if (store != nullptr && store->orders.contains(key)) return;
    const trade::Seen seen =
        trade::seen(trade::ProposalState::none, trade::OrderState::none, fulfilment.state);
    const bool is_over = fulfilment.state == trade::FulfilmentState::closed;
    if (!is_open(seen) || is_over || has_received(store, depot.number(fulfilment.advice))) return;
    const auto units = promised(depot, fulfilment);
    for (const trade::FulfilmentRow& row : fulfilment.rows) {
      const trade::ProductId& product = product_of(depot, row.line);
      OrderedLine made{ids_.of(key.store),
                       product,
                       key.delivery,
                       row.ordered,
                       {},
                       to_string(fulfilment.order),
                       ids_.of(key.depot),
                       std::string(text_of(seen))};
      if (has_promised(fulfilment)) made.confirmed_units = units.at(product);
      rows_.push_back(std::move(made));
    }
  }

  void add_inbound(const Partition& site, std::uint32_t counter, const trade::Inbound& inbound) {
    const bool is_stopped = inbound.state == trade::InboundState::stopped;
    if (inbound.state != trade::InboundState::expected && !is_stopped) return;
    for (const trade::OrderRow& row : inbound.rows) {
      OrderedLine made{ids_.of(site.site.code),
                       product_of(site, row.line),
                       inbound.due,
                       row.units,
                       {},
                       to_string(site.number(counter)),
                       std::string(inbound.supplier.view()),
                       std::string(text_of(inbound.state))};
      if (is_stopped) made.confirmed_units = 0;
      rows_.push_back(std::move(made));
    }
  }

  void add_sent(const Partition& from, std::uint32_t counter, const trade::Sent& sent) {
    if (has_received(book_.find(sent.to), from.number(counter))) return;
    std::map<trade::ProductId, std::int64_t> units;
    for (const trade::CargoRow& row : sent.rows) units[product_of(from, row.line)] += row.units;
    for (const auto& [product, count] : units)
      rows_.push_back({ids_.of(sent.to),
                       product,
                       from.day,
                       count,
                       {},
                       to_string(from.number(counter)),
                       ids_.of(from.site.code),
                       std::string(text_of(trade::Seen::on_the_way))});
  }

  static const trade::Fulfilment* find(const Partition* depot, const trade::OrderKey& key) {
    if (depot == nullptr) return nullptr;
    const auto found = depot->fulfilments.find(key);
    return found == depot->fulfilments.end() ? nullptr : &found->second;
  }
  static bool has_received(const Partition* site, const trade::DocumentNumber& number) {
    return site != nullptr && site->received.contains(number);
  }

  const trade::Book& book_;
  const Ids& ids_;
  std::vector<OrderedLine> rows_;
};

}  // namespace

Ids::Ids(const estate::Estate& estate) : estate_(estate) {
  for (std::uint32_t i = 0; i < estate.sites.size(); ++i)
    if (const auto code = site::code_of(estate, i)) sites_.emplace(*code, i);
}

std::uint32_t Ids::site(trade::SiteCode site) const {
  const auto found = sites_.find(site);
  return found == sites_.end() ? estate::none : found->second;
}

std::string Ids::of(trade::SiteCode code) const {
  const std::uint32_t known = site(code);
  return known == estate::none ? site::to_text(code) : estate_.sites[known].id;
}

std::vector<StockRow> stock_rows(const Known& known, const Ids& ids) {
  std::vector<StockRow> rows;
  for (const auto& [code, site] : known.book.partitions()) {
    const std::string id = ids.of(code);
    for (const trade::LineNo line : site.goods.by_product()) {
      const trade::ProductId& product = product_of(site, line);
      const std::int64_t apart = site.stock.quarantined(line);
      std::int64_t loose = site.stock.on_hand(line);
      const std::size_t before = rows.size();
      site.stock.each_lot(line, [&](const trade::Lot& lot, trade::Units units) {
        rows.push_back({id, product, units, 0, lot, site.day});
        loose -= units;
      });
      // A line without anything is known to have nothing.
      if (loose != 0 || apart != 0 || rows.size() == before)
        rows.push_back({id, product, loose + apart, apart, {}, site.day});
    }
  }
  return rows;
}

std::vector<OrderedLine> order_rows(const Known& known, const Ids& ids) {
  return Orders(known, ids).all();
}

std::vector<TransitRow> transit_rows(const Known& known, const Ids& ids) {
  std::vector<TransitRow> rows;
  const auto has_received = [&](trade::SiteCode site, const trade::DocumentNumber& number) {
    const Partition* to = known.book.find(site);
    return to != nullptr && to->received.contains(number);
  };
  for (const auto& [code, from] : known.book.partitions()) {
    for (const auto& [key, fulfilment] : from.fulfilments) {
      const auto advice = from.number(fulfilment.advice);
      if (fulfilment.state != trade::FulfilmentState::dispatched) continue;
      if (has_received(key.store, advice)) continue;
      for (const trade::CargoRow& cargo : fulfilment.cargo)
        rows.push_back({"delivery", ids.of(code), ids.of(key.store), to_string(advice),
                        to_string(fulfilment.order), key.delivery, product_of(from, cargo.line),
                        cargo, std::string(fulfilment.vehicle.view())});
    }
    for (const auto& [counter, sent] : from.sent) {
      if (has_received(sent.to, from.number(counter))) continue;
      for (const trade::CargoRow& cargo : sent.rows)
        rows.push_back({sent.is_loan ? "loan" : "transfer",
                        ids.of(code),
                        ids.of(sent.to),
                        to_string(from.number(counter)),
                        {},
                        {},
                        product_of(from, cargo.line),
                        cargo,
                        {}});
    }
  }
  return rows;
}

std::vector<PriceRow> price_rows(const Known& known, const Ids& ids) {
  std::vector<PriceRow> rows;
  for (const auto& [code, site] : known.book.partitions()) {
    const std::string id = ids.of(code);
    for (const trade::LineNo line : site.goods.by_product())
      rows.push_back({id, product_of(site, line), site.day, {}, site.goods.price_pence(line)});
    for (const auto& [key, pence] : site.prices)
      rows.push_back({id, product_of(site, key.line), key.from, key.to, pence});
  }
  return rows;
}

std::vector<StopRow> stop_rows(const Known& known, const Ids& ids) {
  std::vector<StopRow> rows;
  for (const auto& [code, site] : known.book.partitions())
    for (const auto& [counter, stop] : site.stops)
      rows.push_back({ids.of(code), to_string(site.number(counter)), stop});
  return rows;
}

std::vector<StandingRow> standing_rows(const Known& known, const Ids& ids) {
  std::vector<StandingRow> rows;
  const trade::SiteCode own = known.journals.front().site;
  for (const auto& [store, held] : known.nights)
    for (const site::PlannedDelivery& delivery : held.night.standing) {
      if (delivery.key.depot != own) continue;
      for (const site::WantedRow& wanted : delivery.rows)
        rows.push_back({ids.of(store), ids.of(own), delivery.key, delivery.cut_off_ms,
                        trade::to_day(held.night.day), wanted.product, wanted.units});
    }
  return rows;
}

}  // namespace vault
