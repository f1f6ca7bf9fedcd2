// Proposals of the planning site, orders of the store, and what a person there says to a proposal
// that is not taken as it is.
#include "base/result.h"
#include "trade/cut_off.h"
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

// What has gone to the depot may change until the cut-off, and later only if a wave is still open
// that the depot can put the change into. What never went off may still go: late is better than
// never, and the depot answers. The site's own process places at the cut-off itself.
Verdict check_in_time(const Decision& decision, const OrderKey& key) {
  const auto order = decision.site.orders.find(key);
  const bool has_left = order != decision.site.orders.end() && order->second.counter != 0;
  const Command& command = decision.command;
  if (!has_left || command.role == Role::site) return {};
  TRY(check_not_picking(heard_of(decision, key)));
  if (lies_behind(key.delivery, command.at_ms)) return {};
  bool is_late = command.cut_off_ms && *command.cut_off_ms < command.at_ms;
  if (const Partition* depot = decision.book.find(key.depot))
    for (const auto& [counter, wave] : depot->waves) {
      if (wave.delivery != key.delivery || wave.chain != key.chain) continue;
      if (!wave.is_closed && command.at_ms <= wave.cut_off_ms) return {};
      is_late = true;
    }
  if (!is_late) return {};
  return no(Refusal::cut_off_passed, no_line, decision.site.number(order->second.counter));
}

bool is_over(const Order& order) {
  return order.state == OrderState::closed || order.state == OrderState::cancelled ||
         order.state == OrderState::skipped;
}

Verdict check_confirming(const Partition& partition, const OrderKey& key,
                         const std::vector<OrderRow>& rows) {
  TRY(check_own_key(partition, key));
  if (key.delivery < partition.day) return no(Refusal::date_past);
  TRY(check_foreign_rows(rows));
  for (const OrderRow& row : rows) {
    TRY(check_line(partition, row.line));
    if (partition.goods.is_closed(row.line)) return no(Refusal::line_closed, row.line);
  }
  TRY(next(state_in(partition.orders, key), OrderVerb::confirm));
  return {};
}

void confirm(Partition& partition, const OrderKey& key, const std::vector<OrderRow>& rows) {
  Order& order = partition.orders[key];
  order.state = *next(order.state, OrderVerb::confirm);
  order.rows.clear();
  order.rows.reserve(rows.size());
  for (const OrderRow& row : rows) order.rows.push_back({row.line, row.units, 0});
}

// A journal cannot forget. Names cannot be told from other words; what somebody could be called or
// written to by can.
bool could_reach_somebody(const Note& note) {
  constexpr int digits_max = 5;
  int digits = 0;
  for (const char c : note.view()) {
    digits += c >= '0' && c <= '9';
    if (c == '@' || digits > digits_max) return true;
  }
  return false;
}

template <class Kind>
Verdict check_reason(const Kind& answer) {
  const bool is_silent = answer.reason == ChangeReason::other && !answer.note.given();
  if (is_silent || could_reach_somebody(answer.note)) return no(Refusal::value_out_of_range);
  return {};
}

// Whoever plans for the store, itself or another site, must have proposed it.
Verdict check_proposed(const Book& book, const OrderKey& key) {
  for (const auto& [code, partition] : book.partitions()) {
    const auto row = partition.proposals.find(key);
    if (row != partition.proposals.end() && row->second.state == ProposalState::proposed) return {};
  }
  return no(Refusal::document_unknown);
}

// Only lines of the store, for a proposal of its own may have named others.
std::vector<OrderRow> proposed_rows(const Partition& partition, const OrderKey& key) {
  const auto proposal = partition.proposals.find(key);
  if (proposal == partition.proposals.end()) return {};
  std::vector<OrderRow> rows = proposal->second.rows;
  std::erase_if(rows, [&](const OrderRow& row) { return !partition.goods.has(row.line); });
  return rows;
}

template <class Kind>
void keep_answer(Partition& partition, const Kind& said, std::vector<OrderRow> wanted) {
  partition.answers[said.key] = {said.reason, said.note, said.learn,
                                 proposed_rows(partition, said.key), std::move(wanted)};
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
  return check_confirming(partition, confirmed.key, confirmed.rows);
}

Verdict complete(const Decision& decision, OrderConfirmed& confirmed) {
  return check_in_time(decision, confirmed.key);
}

void apply(Partition& partition, const OrderConfirmed& confirmed) {
  confirm(partition, confirmed.key, confirmed.rows);
  partition.answers.erase(confirmed.key);
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
  TRY(check_not_picking(heard_of(decision, moved.key)));
  return check_in_time(decision, moved.key);
}

Verdict fits(const Partition& partition, const ProposalChanged& changed) {
  TRY(check_confirming(partition, changed.key, changed.rows));
  return check_reason(changed);
}

void apply(Partition& partition, const ProposalChanged& changed) {
  confirm(partition, changed.key, changed.rows);
  keep_answer(partition, changed, changed.rows);
}

Verdict complete(const Decision& decision, ProposalChanged& changed) {
  TRY(check_proposed(decision.book, changed.key));
  return check_in_time(decision, changed.key);
}

Verdict fits(const Partition& partition, const ProposalSkipped& skipped) {
  TRY(check_own_key(partition, skipped.key));
  TRY(check_reason(skipped));
  TRY(next(state_in(partition.orders, skipped.key), OrderVerb::skip));
  return {};
}

void apply(Partition& partition, const ProposalSkipped& skipped) {
  Order& order = partition.orders[skipped.key];
  order.state = *next(order.state, OrderVerb::skip);
  keep_answer(partition, skipped, {});
}

Verdict complete(const Decision& decision, ProposalSkipped& skipped) {
  return check_proposed(decision.book, skipped.key);
}

void forget_old_documents(Partition& partition) {
  const auto is_old = [&](Day day) { return later(day, kept_days) < partition.day; };
  std::erase_if(partition.proposals, [&](const auto& row) { return is_old(row.first.delivery); });
  std::erase_if(partition.answers, [&](const auto& row) { return is_old(row.first.delivery); });
  std::erase_if(partition.orders,
                [&](const auto& row) { return is_old(row.first.delivery) && is_over(row.second); });
  std::erase_if(partition.fulfilments, [&](const auto& row) {
    return is_old(row.first.delivery) && (row.second.state == FulfilmentState::closed ||
                                          row.second.state == FulfilmentState::cancelled);
  });
  std::erase_if(partition.told, [&](const auto& row) { return is_old(row.first.delivery); });
  std::erase_if(partition.refused,
                [&](const auto& row) { return is_old(row.second.key.delivery); });
  std::erase_if(partition.waves, [&](const auto& row) {
    return is_old(row.second.delivery) && row.second.is_closed;
  });
  std::erase_if(partition.inbounds, [&](const auto& row) {
    return is_old(row.second.due) && (row.second.state == InboundState::received ||
                                      row.second.state == InboundState::refused ||
                                      row.second.state == InboundState::withdrawn);
  });
}

}  // namespace trade
