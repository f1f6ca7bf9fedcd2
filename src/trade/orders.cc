// Proposals of the planning site, and orders of the store.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

Verdict check_key(const OrderKey& key) {
  if (!key.delivery.given() || key.store == key.depot) return no(Refusal::value_out_of_range);
  return {};
}

Verdict check_own_key(const Partition& partition, const OrderKey& key) {
  if (key.store != partition.site.code) return no(Refusal::document_not_ours);
  return check_key(key);
}

// Rows of somebody else's lines: their bounds are all that can be said.
Verdict check_foreign_rows(const std::vector<OrderRow>& rows) {
  if (rows.empty()) return no(Refusal::document_empty);
  if (rows.size() > rows_max) return no(Refusal::document_too_large);
  for (const OrderRow& row : rows)
    if (index(row.line) >= lines_max || !within(row.units, 1, row_units_max))
      return no(Refusal::value_out_of_range, row.line);
  if (!is_sorted_once(rows)) return no(Refusal::rows_not_sorted);
  return {};
}

template <class Table>
auto state_in(const Table& table, const OrderKey& key) {
  const auto row = table.find(key);
  return row == table.end() ? decltype(row->second.state){} : row->second.state;
}

// What the depot has done with the order, as far as the store has heard.
const Fulfilment* heard_of(const Decision& decision, const OrderKey& key) {
  const Partition* depot = decision.book.find(key.depot);
  if (depot == nullptr) return nullptr;
  const auto row = depot->fulfilments.find(key);
  return row == depot->fulfilments.end() ? nullptr : &row->second;
}

// An order can change, or be cancelled, until the depot begins to pick it.
Verdict check_not_picking(const Fulfilment* fulfilment) {
  if (fulfilment == nullptr) return {};
  if (next(fulfilment->state, FulfilmentVerb::acknowledge)) return {};
  return no(Refusal::picking_started, no_line, fulfilment->order);
}

bool is_over(const Order& order) {
  return order.state == OrderState::closed || order.state == OrderState::cancelled;
}

}  // namespace

Verdict fits(const Partition& partition, const OrderProposed& proposed) {
  TRY(check_key(proposed.key));
  if (proposed.key.delivery < partition.day) return no(Refusal::date_past);
  TRY(check_foreign_rows(proposed.rows));
  TRY(next(state_in(partition.proposals, proposed.key), ProposalVerb::propose));
  return {};
}

void apply(Partition& partition, const OrderProposed& proposed) {
  Proposal& proposal = partition.proposals[proposed.key];
  proposal.state = *next(proposal.state, ProposalVerb::propose);
  proposal.rows = proposed.rows;
}

Verdict fits(const Partition& partition, const ProposalWithdrawn& withdrawn) {
  TRY(next(state_in(partition.proposals, withdrawn.key), ProposalVerb::withdraw));
  return {};
}

void apply(Partition& partition, const ProposalWithdrawn& withdrawn) {
  Proposal& proposal = partition.proposals[withdrawn.key];
  proposal.state = *next(proposal.state, ProposalVerb::withdraw);
  proposal.rows = {};
}

Verdict fits(const Partition& partition, const OrderConfirmed& confirmed) {
  TRY(check_own_key(partition, confirmed.key));
  if (confirmed.key.delivery < partition.day) return no(Refusal::date_past);
  TRY(check_foreign_rows(confirmed.rows));
  for (const OrderRow& row : confirmed.rows) {
    TRY(check_line(partition, row.line));
    if (partition.goods.is_closed(row.line)) return no(Refusal::line_closed, row.line);
  }
  TRY(next(state_in(partition.orders, confirmed.key), OrderVerb::confirm));
  return {};
}

void apply(Partition& partition, const OrderConfirmed& confirmed) {
  Order& order = partition.orders[confirmed.key];
  order.state = *next(order.state, OrderVerb::confirm);
  order.rows.clear();
  order.rows.reserve(confirmed.rows.size());
  for (const OrderRow& row : confirmed.rows) order.rows.push_back({row.line, row.units, 0});
}

Verdict fits(const Partition& partition, const OrderPlaced& placed) {
  const auto* order = TRY(find_in(partition.orders, placed.key));
  const DocumentNumber before =
      order->counter == 0 ? DocumentNumber{} : partition.number(order->counter);
  if (placed.replaces != before) return no(Refusal::number_not_next);
  TRY(next(order->state, OrderVerb::place));
  return {};
}

void apply(Partition& partition, const OrderPlaced& placed) {
  Order& order = partition.orders[placed.key];
  order.state = *next(order.state, OrderVerb::place);
  order.counter = placed.counter;
}

Verdict complete(const Decision& decision, OrderPlaced& placed) {
  const auto* order = TRY(find_in(decision.site.orders, placed.key));
  if (order->counter != 0) placed.replaces = decision.site.number(order->counter);
  const Fulfilment* fulfilment = heard_of(decision, placed.key);
  if (fulfilment == nullptr || fulfilment->state == FulfilmentState::cancelled) return {};
  if (fulfilment->order != placed.replaces)
    return no(Refusal::cycle_already_ordered, no_line, fulfilment->order);
  return check_not_picking(fulfilment);
}

Verdict fits(const Partition& partition, const OrderMoved& moved) {
  if (moved.verb != OrderVerb::close && moved.verb != OrderVerb::cancel)
    return no(Refusal::move_not_listed);
  const auto* order = TRY(find_in(partition.orders, moved.key));
  TRY(next(order->state, moved.verb));
  return {};
}

void apply(Partition& partition, const OrderMoved& moved) {
  Order& order = partition.orders[moved.key];
  order.state = *next(order.state, moved.verb);
  if (is_over(order)) order.rows = {};
}

Verdict complete(const Decision& decision, OrderMoved& moved) {
  if (moved.verb != OrderVerb::cancel) return {};
  return check_not_picking(heard_of(decision, moved.key));
}

void forget_old_documents(Partition& partition) {
  const auto is_old = [&](Day day) { return later(day, kept_days) < partition.day; };
  std::erase_if(partition.proposals, [&](const auto& row) { return is_old(row.first.delivery); });
  std::erase_if(partition.orders,
                [&](const auto& row) { return is_old(row.first.delivery) && is_over(row.second); });
  std::erase_if(partition.fulfilments, [&](const auto& row) {
    return is_old(row.first.delivery) && (row.second.state == FulfilmentState::closed ||
                                          row.second.state == FulfilmentState::cancelled);
  });
  std::erase_if(partition.waves, [&](const auto& row) {
    return is_old(row.second.delivery) && row.second.is_closed;
  });
  std::erase_if(partition.inbounds, [&](const auto& row) {
    return is_old(row.second.due) && (row.second.state == InboundState::received ||
                                      row.second.state == InboundState::refused);
  });
}

}  // namespace trade
