// The depot's side of store orders: waves, acknowledgement, allocation, picking and dispatch.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

FulfilmentState state_of(const Partition& partition, const OrderKey& key) {
  const auto row = partition.fulfilments.find(key);
  return row == partition.fulfilments.end() ? FulfilmentState::none : row->second.state;
}

void reserve(Partition& partition, const Fulfilment& fulfilment, int sign) {
  for (const FulfilmentRow& row : fulfilment.rows)
    partition.stock.reserve(row.line, sign * row.allocated);
}

// Moves a fulfilment and keeps what is spoken for in step.
void move_on(Partition& partition, Fulfilment& fulfilment, FulfilmentVerb verb) {
  const FulfilmentState to = *next(fulfilment.state, verb);
  const int sign = int{holds_reservation(to)} - int{holds_reservation(fulfilment.state)};
  if (sign != 0) reserve(partition, fulfilment, sign);
  fulfilment.state = to;
}

// One order holds a cycle. A replacement says so, and comes in time.
Verdict check_cycle_free(const Partition& partition, const OrderAcknowledged& acknowledged) {
  const auto holder = partition.fulfilments.find(acknowledged.key);
  if (holder == partition.fulfilments.end()) return {};
  const Fulfilment& fulfilment = holder->second;
  if (fulfilment.state == FulfilmentState::cancelled) return {};
  if (acknowledged.replaces != fulfilment.order || acknowledged.order == fulfilment.order)
    return no(Refusal::cycle_already_ordered, no_line, fulfilment.order);
  if (!next(fulfilment.state, FulfilmentVerb::acknowledge))
    return no(Refusal::picking_started, no_line, fulfilment.order);
  return {};
}

Verdict check_allocated_row(const Partition& partition, const Fulfilment& fulfilment,
                            const OrderRow& row) {
  const FulfilmentRow* ordered = row_of_line(fulfilment.rows, row.line);
  if (ordered == nullptr) return no(Refusal::line_unknown, row.line);
  if (!within(row.units, 1, ordered->ordered)) return no(Refusal::value_out_of_range, row.line);
  if (std::int64_t{partition.stock.reserved(row.line)} + row.units > on_hand_units_max)
    return no(Refusal::value_out_of_range, row.line);
  return {};
}

// The units that are to be picked of a row, after the shorts.
Units wanted_of(const FulfilmentRow& row, const std::vector<OrderRow>& shorts) {
  const OrderRow* typed = row_of_line(shorts, row.line);
  return typed != nullptr ? typed->units : row.allocated;
}

Verdict check_shorts(const Fulfilment& fulfilment, const std::vector<OrderRow>& shorts) {
  if (!is_sorted_once(shorts)) return no(Refusal::rows_not_sorted);
  for (const OrderRow& row : shorts) {
    const FulfilmentRow* ordered = row_of_line(fulfilment.rows, row.line);
    if (ordered == nullptr) return no(Refusal::line_unknown, row.line);
    if (!within(row.units, 0, ordered->allocated - 1))
      return no(Refusal::value_out_of_range, row.line);
  }
  return {};
}

// The cargo holds of every line what was to be picked, and no other line.
Verdict check_cargo(const Partition& partition, const Fulfilment& fulfilment,
                    const OrderPicked& picked) {
  std::size_t at = 0;
  for (const FulfilmentRow& row : fulfilment.rows) {
    std::int64_t units = 0;
    for (; at < picked.cargo.size() && picked.cargo[at].line == row.line; ++at)
      units += picked.cargo[at].units;
    if (units != wanted_of(row, picked.shorts)) return no(Refusal::value_out_of_range, row.line);
    if (units > 0 && units > partition.stock.on_hand(row.line))
      return no(Refusal::not_enough, row.line);
  }
  if (at != picked.cargo.size()) return no(Refusal::line_unknown, picked.cargo[at].line);
  return {};
}

}  // namespace

Verdict fits(const Partition& partition, const WaveOpened& opened) {
  if (!opened.delivery.given() || opened.cut_off_ms < 0) return no(Refusal::value_out_of_range);
  if (opened.delivery < partition.day) return no(Refusal::date_past);
  return {};
}

void apply(Partition& partition, const WaveOpened& opened) {
  partition.waves[opened.counter] = {opened.delivery, opened.chain, opened.cut_off_ms, false};
}

Verdict fits(const Partition& partition, const WaveClosed& closed) {
  const auto* wave = TRY(find_in(partition.waves, closed.wave));
  if (wave->is_closed) return no(Refusal::move_not_listed);
  return {};
}

void apply(Partition& partition, const WaveClosed& closed) {
  partition.waves[closed.wave].is_closed = true;
}

Verdict fits(const Partition& partition, const OrderAcknowledged& acknowledged) {
  const OrderKey& key = acknowledged.key;
  if (key.depot != partition.site.code) return no(Refusal::document_not_ours);
  if (key.store == key.depot || !acknowledged.order.given()) return no(Refusal::value_out_of_range);
  TRY(check_cycle_free(partition, acknowledged));
  const auto* wave = TRY(find_in(partition.waves, acknowledged.wave));
  if (wave->delivery != key.delivery || wave->chain != key.chain) return no(Refusal::wave_mismatch);
  if (wave->is_closed) return no(Refusal::cut_off_passed);
  return check_document(partition, acknowledged.rows);
}

void apply(Partition& partition, const OrderAcknowledged& acknowledged) {
  Fulfilment& fulfilment = partition.fulfilments[acknowledged.key];
  move_on(partition, fulfilment, FulfilmentVerb::acknowledge);
  fulfilment.order = acknowledged.order;
  fulfilment.wave = acknowledged.wave;
  fulfilment.rows.clear();
  fulfilment.rows.reserve(acknowledged.rows.size());
  for (const OrderRow& row : acknowledged.rows) fulfilment.rows.push_back({row.line, row.units, 0});
}

Verdict complete(const Decision& decision, OrderAcknowledged& acknowledged) {
  if (acknowledged.key.delivery < decision.site.day) return no(Refusal::date_past);
  TRY(check_cycle_free(decision.site, acknowledged));
  const auto* wave = TRY(find_in(decision.site.waves, acknowledged.wave));
  // The depot's own evening puts what it has heard until then into the wave, and closes it.
  const bool is_late = decision.command.at_ms > wave->cut_off_ms;
  if (is_late && decision.command.role != Role::site) return no(Refusal::cut_off_passed);
  return {};
}

Verdict fits(const Partition& partition, const OrderAllocated& allocated) {
  TRY(next(state_of(partition, allocated.key), FulfilmentVerb::allocate));
  const Fulfilment& fulfilment = partition.fulfilments.find(allocated.key)->second;
  const auto* wave = TRY(find_in(partition.waves, fulfilment.wave));
  if (!wave->is_closed) return no(Refusal::wave_open);
  if (!is_sorted_once(allocated.rows)) return no(Refusal::rows_not_sorted);
  for (const OrderRow& row : allocated.rows) TRY(check_allocated_row(partition, fulfilment, row));
  return {};
}

void apply(Partition& partition, const OrderAllocated& allocated) {
  Fulfilment& fulfilment = partition.fulfilments[allocated.key];
  if (holds_reservation(fulfilment.state)) reserve(partition, fulfilment, -1);
  for (FulfilmentRow& row : fulfilment.rows) {
    const OrderRow* given = row_of_line(allocated.rows, row.line);
    row.allocated = given != nullptr ? given->units : 0;
  }
  reserve(partition, fulfilment, 1);
  fulfilment.state = *next(fulfilment.state, FulfilmentVerb::allocate);
}

// No unit is promised twice.
Verdict complete(const Decision& decision, OrderAllocated& allocated) {
  const Partition& depot = decision.site;
  const auto* fulfilment = TRY(find_in(depot.fulfilments, allocated.key));
  const bool is_again = holds_reservation(fulfilment->state);
  for (const OrderRow& row : allocated.rows) {
    const FulfilmentRow* before = row_of_line(fulfilment->rows, row.line);
    if (before == nullptr) return no(Refusal::line_unknown, row.line);
    const Units own = is_again ? before->allocated : 0;
    const std::int64_t others = std::int64_t{depot.stock.reserved(row.line)} - own;
    if (others + row.units > depot.stock.on_hand(row.line))
      return no(Refusal::not_enough, row.line);
  }
  return {};
}

Verdict fits(const Partition& partition, const FulfilmentMoved& moved) {
  using enum FulfilmentVerb;
  if (moved.verb != release && moved.verb != put_back && moved.verb != close &&
      moved.verb != cancel)
    return no(Refusal::move_not_listed);
  TRY(next(state_of(partition, moved.key), moved.verb));
  if (moved.verb != put_back) return {};
  std::int64_t sum = 0;
  const Fulfilment& fulfilment = partition.fulfilments.find(moved.key)->second;
  for (const CargoRow& row : fulfilment.cargo) sum += row.units;
  for (const CargoRow& row : fulfilment.cargo)
    if (!has_room(partition, row.line, sum)) return no(Refusal::value_out_of_range, row.line);
  for (const FulfilmentRow& row : fulfilment.rows)
    if (std::int64_t{partition.stock.reserved(row.line)} + row.allocated > on_hand_units_max)
      return no(Refusal::value_out_of_range, row.line);
  return {};
}

void apply(Partition& partition, const FulfilmentMoved& moved) {
  Fulfilment& fulfilment = partition.fulfilments[moved.key];
  move_on(partition, fulfilment, moved.verb);
  if (moved.verb == FulfilmentVerb::put_back)
    for (const CargoRow& row : fulfilment.cargo)
      partition.stock.move(Cause::put_back, row.line, row.units, row.lot);
  if (moved.verb != FulfilmentVerb::release) fulfilment.cargo = {};
  if (moved.verb == FulfilmentVerb::close || moved.verb == FulfilmentVerb::cancel)
    fulfilment.rows = {};
}

Verdict fits(const Partition& partition, const OrderPicked& picked) {
  if (!partition.day_is_open) return no(Refusal::day_not_open);
  TRY(next(state_of(partition, picked.key), FulfilmentVerb::pick));
  const Fulfilment& fulfilment = partition.fulfilments.find(picked.key)->second;
  TRY(check_shorts(fulfilment, picked.shorts));
  TRY(check_rows(partition, picked.cargo));
  if (!is_sorted_once(picked.cargo)) return no(Refusal::rows_not_sorted);
  return check_cargo(partition, fulfilment, picked);
}

void apply(Partition& partition, const OrderPicked& picked) {
  Fulfilment& fulfilment = partition.fulfilments[picked.key];
  move_on(partition, fulfilment, FulfilmentVerb::pick);
  for (const CargoRow& row : picked.cargo)
    partition.stock.move(Cause::picked, row.line, row.units, row.lot,
                         sold_from(partition, row.line));
  fulfilment.cargo = picked.cargo;
}

// The earliest lots that give the store enough life. Where these are too few, a short is typed.
Verdict complete(const Decision& decision, OrderPicked& picked) {
  const Partition& depot = decision.site;
  const auto* fulfilment = TRY(find_in(depot.fulfilments, picked.key));
  TRY(check_shorts(*fulfilment, picked.shorts));
  picked.cargo.clear();
  for (const FulfilmentRow& row : fulfilment->rows) {
    const Units wanted = wanted_of(row, picked.shorts);
    if (wanted == 0) continue;
    const Day until = needed_until(depot, picked.key, row.line);
    Units chosen = 0;
    for (const CargoRow& lot : choose_lots(depot, row.line, wanted, until)) {
      picked.cargo.push_back(lot);
      chosen += lot.units;
    }
    if (chosen < wanted) return no(why_too_few(depot, row.line, wanted, until), row.line);
  }
  return {};
}

Verdict fits(const Partition& partition, const OrderDispatched& dispatched) {
  if (!partition.day_is_open) return no(Refusal::day_not_open);
  TRY(next(state_of(partition, dispatched.key), FulfilmentVerb::dispatch));
  return {};
}

void apply(Partition& partition, const OrderDispatched& dispatched) {
  Fulfilment& fulfilment = partition.fulfilments[dispatched.key];
  move_on(partition, fulfilment, FulfilmentVerb::dispatch);
  fulfilment.advice = dispatched.counter;
  fulfilment.vehicle = dispatched.vehicle;
  fulfilment.stop = dispatched.stop;
  for (const CargoRow& row : fulfilment.cargo)
    partition.stock.move(Cause::dispatched, row.line, row.units, row.lot);
}

// What was stopped, or has gone off, since it was picked stays on the dock: put back, then short.
Verdict complete(const Decision& decision, OrderDispatched& dispatched) {
  const Partition& depot = decision.site;
  const auto* fulfilment = TRY(find_in(depot.fulfilments, dispatched.key));
  for (const CargoRow& row : fulfilment->cargo) {
    if (is_stopped(depot, row.line, row.lot)) return no(Refusal::stop_sale, row.line);
    if (row.lot.expiry.given() && row.lot.expiry < sold_from(depot, row.line))
      return no(Refusal::use_by_passed, row.line);
  }
  return {};
}

}  // namespace trade
