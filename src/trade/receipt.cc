// Goods received at the door: against an advice of another site or a supplier, or blind.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

constexpr Decidegrees temperature_least = -600, temperature_most = 600;

struct ReceiptCauses {
  Cause accepted, quarantined, damaged;
};

constexpr ReceiptCauses causes_of(Place source) {
  if (source == Place::supplier)
    return {Cause::supplied, Cause::supplied_to_quarantine, Cause::supplied_damaged};
  return {Cause::arrived, Cause::arrived_to_quarantine, Cause::arrived_damaged};
}

Units came(const ReceiptRow& row) { return row.accepted + row.quarantined + row.damaged; }

bool is_own_inbound(const Partition& partition, const GoodsReceived& received) {
  return received.source == Place::supplier && received.advice.given() &&
         received.advice == partition.number(received.advice.counter);
}

Verdict check_receipt_row(const Partition& partition, const GoodsReceived& received,
                          const ReceiptRow& row) {
  TRY(check_line(partition, row.line));
  for (const Units units : {row.advised, row.accepted, row.quarantined, row.damaged, row.rejected})
    if (!within(units, 0, row_units_max)) return no(Refusal::value_out_of_range, row.line);
  const bool is_told = row.advised > 0 || came(row) > 0 || row.rejected > 0;
  if (!is_told || (row.advised > 0 && !received.advice.given()))
    return no(Refusal::value_out_of_range, row.line);
  return {};
}

Verdict check_receipt_rows(const Partition& partition, const GoodsReceived& received) {
  if (received.rows.empty()) return no(Refusal::document_empty);
  if (received.rows.size() > rows_max) return no(Refusal::document_too_large);
  std::int64_t sum = 0;
  for (const ReceiptRow& row : received.rows) {
    TRY(check_receipt_row(partition, received, row));
    sum += came(row);
  }
  for (const ReceiptRow& row : received.rows)
    if (!has_room(partition, row.line, sum)) return no(Refusal::value_out_of_range, row.line);
  if (!is_sorted_once(received.rows)) return no(Refusal::rows_not_sorted);
  return {};
}

void apply_row(Partition& partition, const GoodsReceived& received, const ReceiptRow& row) {
  const ReceiptCauses causes = causes_of(received.source);
  const auto move = [&](Cause cause, Units units) {
    if (units > 0) partition.stock.move(cause, row.line, units, row.lot);
  };
  move(causes.accepted, row.accepted);
  move(causes.quarantined, row.quarantined);
  move(causes.damaged, row.damaged);
  if (received.source != Place::vehicle || !received.advice.given()) return;
  move(Cause::arrived_short, row.advised - came(row));
  move(Cause::arrived_over, came(row) - row.advised);
}

// What the order was for is what arrived for it; a line that nobody ordered is no part of it.
void book_on_order(Partition& partition, const GoodsReceived& received) {
  const auto found = partition.orders.find(received.order);
  if (found == partition.orders.end()) return;
  Order& order = found->second;
  order.state = *next(order.state, OrderVerb::receive);
  for (const ReceiptRow& row : received.rows)
    if (OrderedRow* ordered = row_of_line(order.rows, row.line))
      ordered->received = static_cast<Units>(std::min<std::int64_t>(
          std::int64_t{ordered->received} + row.accepted + row.quarantined, on_hand_units_max));
}

// An advice as its sender's book tells it.
struct Advice {
  SiteCode to{};
  OrderKey order;
  const std::vector<CargoRow>* cargo = nullptr;
};

std::expected<Advice, No> find_advice(const Partition& sender, std::uint32_t counter) {
  if (const auto sent = sender.sent.find(counter); sent != sender.sent.end())
    return Advice{sent->second.to, {}, &sent->second.rows};
  for (const auto& [key, fulfilment] : sender.fulfilments)
    if (fulfilment.state == FulfilmentState::dispatched && fulfilment.advice == counter)
      return Advice{key.store, key, &fulfilment.cargo};
  return no(Refusal::advice_unknown);
}

using RowKey = std::pair<LineNo, Lot>;

// The advice's rows as if all had come whole, under the store's own line numbers.
std::expected<std::map<RowKey, ReceiptRow>, No> expect_cargo(const Partition& partition,
                                                             const Partition& sender,
                                                             const std::vector<CargoRow>& cargo) {
  std::map<RowKey, ReceiptRow> rows;
  for (const CargoRow& sent : cargo) {
    const auto line = partition.goods.find(sender.goods.product(sent.line));
    if (!line) return no(Refusal::line_unknown, sent.line);
    ReceiptRow& row = rows[{*line, sent.lot}];
    row.line = *line;
    row.lot = sent.lot;
    row.advised += sent.units;
    row.accepted += sent.units;
  }
  return rows;
}

// The lot that a typed row is about: of a line that was advised in one lot alone, that one.
std::expected<Lot, No> lot_meant(const std::map<RowKey, ReceiptRow>& advised,
                                 const ReceiptRow& typed) {
  if (typed.lot.given() || advised.contains({typed.line, typed.lot})) return typed.lot;
  const auto first = advised.lower_bound({typed.line, {}});
  if (first == advised.end() || first->first.first != typed.line) return typed.lot;
  const auto second = std::next(first);
  if (second != advised.end() && second->first.first == typed.line)
    return no(Refusal::lot_unclear, typed.line);
  return first->first.second;
}

Verdict complete_from_site(const Decision& decision, GoodsReceived& received) {
  const Partition* sender = decision.book.find(received.advice.site);
  if (sender == nullptr || sender->number(received.advice.counter) != received.advice)
    return no(Refusal::advice_unknown);
  const Advice advice = TRY(find_advice(*sender, received.advice.counter));
  if (advice.to != decision.site.site.code) return no(Refusal::advice_not_for_us);
  auto rows = TRY(expect_cargo(decision.site, *sender, *advice.cargo));
  const auto advised = rows;
  for (ReceiptRow typed : received.rows) {
    typed.lot = TRY(lot_meant(advised, typed));
    ReceiptRow& row = rows[{typed.line, typed.lot}];
    typed.advised = row.advised;
    row = typed;
  }
  received.rows.clear();
  for (const auto& [key, row] : rows) received.rows.push_back(row);
  // That an order is closed or forgotten is no reason to leave its goods at the door.
  received.order = {};
  const auto order = decision.site.orders.find(advice.order);
  if (order != decision.site.orders.end() && next(order->second.state, OrderVerb::receive))
    received.order = advice.order;
  return {};
}

Verdict complete_from_supplier(const Decision& decision, GoodsReceived& received) {
  if (!is_own_inbound(decision.site, received)) return no(Refusal::advice_unknown);
  const auto* inbound = TRY(find_in(decision.site.inbounds, received.advice.counter));
  LineNo told = no_line;
  for (ReceiptRow& row : received.rows) {
    const OrderRow* expected = row_of_line(inbound->rows, row.line);
    row.advised = expected != nullptr && row.line != told ? expected->units : 0;
    told = row.line;
  }
  return {};
}

// Accepted goods must be fit to be sold; what is not can be quarantined, thrown away or rejected.
Verdict check_fit_for_sale(const Decision& decision, const GoodsReceived& received) {
  const Partition& partition = decision.site;
  for (const ReceiptRow& row : received.rows) {
    TRY(check_line(partition, row.line));
    if (row.accepted == 0) continue;
    const Terms& terms = partition.goods.terms(row.line);
    if (received.temperature != no_temperature &&
        received.temperature > temperature_max(terms.chain))
      return no(Refusal::too_warm, row.line);
    if (is_stopped(partition, row.line, row.lot)) return no(Refusal::stop_sale, row.line);
    if (terms.date_kind == DateKind::use_by && row.lot.expiry.given() &&
        row.lot.expiry < partition.day)
      return no(Refusal::use_by_passed, row.line);
  }
  return {};
}

}  // namespace

Verdict fits(const Partition& partition, const GoodsReceived& received) {
  if (received.source != Place::supplier && received.source != Place::vehicle)
    return no(Refusal::value_out_of_range);
  if (received.temperature != no_temperature &&
      !within(received.temperature, temperature_least, temperature_most))
    return no(Refusal::value_out_of_range);
  TRY(check_receipt_rows(partition, received));
  if (partition.received.contains(received.advice)) return no(Refusal::advice_received);
  if (is_own_inbound(partition, received)) {
    const auto* inbound = TRY(find_in(partition.inbounds, received.advice.counter));
    TRY(next(inbound->state, InboundVerb::receive));
  }
  if (received.order == OrderKey{}) return {};
  const auto* order = TRY(find_in(partition.orders, received.order));
  TRY(next(order->state, OrderVerb::receive));
  return {};
}

void apply(Partition& partition, const GoodsReceived& received) {
  for (const ReceiptRow& row : received.rows) apply_row(partition, received, row);
  book_on_order(partition, received);
  if (is_own_inbound(partition, received)) {
    Inbound& inbound = partition.inbounds[received.advice.counter];
    inbound.state = *next(inbound.state, InboundVerb::receive);
  } else if (received.advice.given()) {
    partition.received[received.advice] = {};
  }
}

Verdict complete(const Decision& decision, GoodsReceived& received) {
  received.order = {};
  if (decision.site.received.contains(received.advice)) return no(Refusal::advice_received);
  if (received.advice.given() && received.source == Place::supplier)
    TRY(complete_from_supplier(decision, received));
  else if (received.advice.given())
    TRY(complete_from_site(decision, received));
  else
    for (ReceiptRow& row : received.rows) row.advised = 0;
  return check_fit_for_sale(decision, received);
}

}  // namespace trade
