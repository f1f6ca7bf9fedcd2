// Orders that reach a depot by another way than the store's journal, what the depot assumes where
// nobody is heard, its answers, and the centre's nights.
#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

constexpr std::uint32_t nights_kept_days = 15;

// The number that holds the delivery at this depot now; not given if none does.
DocumentNumber holder_of(const Partition& partition, const OrderKey& key) {
  const auto row = partition.fulfilments.find(key);
  const bool holds =
      row != partition.fulfilments.end() && row->second.state != FulfilmentState::cancelled;
  return holds ? row->second.order : DocumentNumber{};
}

bool is_newer(const DocumentNumber& number, const DocumentNumber& than) {
  return number.site == than.site && number > than;
}

// A wave of the delivery still takes orders, or none has been opened yet.
bool is_in_time(const Partition& partition, const OrderKey& key) {
  bool has_closed = false;
  for (const auto& [counter, wave] : partition.waves) {
    if (wave.delivery != key.delivery || wave.chain != key.chain) continue;
    if (!wave.is_closed) return true;
    has_closed = true;
  }
  return !has_closed;
}

Verdict check_depot_key(const Partition& partition, const OrderKey& key) {
  if (key.depot != partition.site.code) return no(Refusal::document_not_ours);
  if (!key.delivery.given() || key.store == key.depot) return no(Refusal::value_out_of_range);
  return {};
}

bool is_signed(OrderPath path) { return path == OrderPath::sealed || path == OrderPath::scanned; }

// One number counts once. What was typed gives way to the same with a signature, and an older
// number to a newer one of the same store.
Verdict check_news(const Partition& partition, const OrderTold& told) {
  const DocumentNumber holder = holder_of(partition, told.key);
  if (holder == told.order) return no(Refusal::order_known, no_line, holder);
  if (is_newer(holder, told.order)) return no(Refusal::order_outdated, no_line, holder);
  const auto before = partition.told.find(told.key);
  if (before != partition.told.end()) {
    const ToldOrder& known = before->second;
    const bool is_better = known.path == OrderPath::typed && is_signed(told.path);
    if (known.order == told.order && !is_better)
      return no(Refusal::order_known, no_line, known.order);
    if (is_newer(known.order, told.order)) return no(Refusal::order_outdated, no_line, known.order);
  }
  if (is_in_time(partition, told.key)) return {};
  if (holder.given()) return no(Refusal::cycle_already_ordered, no_line, holder);
  return no(Refusal::cut_off_passed);
}

}  // namespace

Verdict fits(const Partition& partition, const OrderTold& told) {
  TRY(check_depot_key(partition, told.key));
  const bool is_typed = told.path == OrderPath::typed;
  if (!is_typed && !is_signed(told.path)) return no(Refusal::value_out_of_range);
  if (!told.order.given() || told.order.site != told.key.store || !told.document.given())
    return no(Refusal::value_out_of_range);
  const bool is_called_back = told.called_back_by != ActorNo{} && told.called_back_ms > 0;
  if (is_typed && !is_called_back) return no(Refusal::call_back_missing);
  if (!is_typed && (told.called_back_by != ActorNo{} || told.called_back_ms != 0))
    return no(Refusal::value_out_of_range);
  TRY(check_news(partition, told));
  return check_document(partition, told.rows);
}

void apply(Partition& partition, const OrderTold& told) {
  partition.told[told.key] = {told.order, told.path, {}, told.rows};
  partition.refused.erase(told.order);
}

// What the store's own journal says goes before whatever somebody brings.
Verdict complete(const Decision& decision, OrderTold& told) {
  if (told.key.delivery < decision.site.day) return no(Refusal::date_past);
  const Partition* store = decision.book.find(told.key.store);
  if (store == nullptr) return {};
  const auto row = store->orders.find(told.key);
  if (row == store->orders.end() || row->second.counter == 0) return {};
  const DocumentNumber number = store->number(row->second.counter);
  if (is_newer(number, told.order)) return no(Refusal::order_outdated, no_line, number);
  if (number != told.order) return {};
  const bool is_taken_back =
      row->second.state == OrderState::cancelled || row->second.state == OrderState::skipped;
  return no(is_taken_back ? Refusal::order_outdated : Refusal::order_known, no_line, number);
}

Verdict fits(const Partition& partition, const OrderAssumed& assumed) {
  TRY(check_depot_key(partition, assumed.key));
  const bool is_standing = assumed.path == OrderPath::standing;
  if (!is_standing && assumed.path != OrderPath::customer) return no(Refusal::value_out_of_range);
  if (assumed.document.given() != is_standing || assumed.reference.given() == is_standing ||
      (assumed.key.store == SiteCode{}) == is_standing)
    return no(Refusal::value_out_of_range);
  for (const auto& [key, told] : partition.told)
    if (!is_standing && told.reference == assumed.reference && key.chain == assumed.key.chain)
      return no(Refusal::order_known, no_line, told.order);
  if (const DocumentNumber holder = holder_of(partition, assumed.key); holder.given())
    return no(Refusal::cycle_already_ordered, no_line, holder);
  if (const auto told = partition.told.find(assumed.key); told != partition.told.end())
    return no(Refusal::cycle_already_ordered, no_line, told->second.order);
  return check_document(partition, assumed.rows);
}

void apply(Partition& partition, const OrderAssumed& assumed) {
  partition.told[assumed.key] = {partition.number(assumed.counter), assumed.path, assumed.reference,
                                 assumed.rows};
}

Verdict fits(const Partition& partition, const OrderRefused& refused) {
  TRY(check_depot_key(partition, refused.key));
  if (!refused.order.given()) return no(Refusal::value_out_of_range);
  const auto before = partition.refused.find(refused.order);
  if (before != partition.refused.end() && before->second.why == refused.why)
    return no(Refusal::order_known);
  return {};
}

void apply(Partition& partition, const OrderRefused& refused) {
  partition.refused[refused.order] = {refused.key, refused.why};
}

Verdict fits(const Partition& partition, const NightTold& told) {
  const bool is_site =
      static_cast<std::uint16_t>(told.store) <= site_code_max && told.store != partition.site.code;
  if (!is_site || !told.day.given() || !told.document.given())
    return no(Refusal::value_out_of_range);
  return {};
}

void apply(Partition& partition, const NightTold& told) {
  partition.nights[{told.store, told.day}] = told.document;
  const auto first = partition.nights.lower_bound({told.store, {}});
  auto last = first;
  while (last != partition.nights.end() && last->first.store == told.store &&
         later(last->first.day, nights_kept_days) < told.day)
    ++last;
  partition.nights.erase(first, last);
}

}  // namespace trade
