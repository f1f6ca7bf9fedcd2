// The online site's side of its orders: units to promise, slots, checkout, capture and refunds.
#include "trade/online.h"

#include <array>

#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

using Orders = Move<OnlineState, OnlineVerb>;
constexpr auto order_moves = std::to_array<Orders>({
    {OnlineState::none, OnlineVerb::place, OnlineState::placed},
    {OnlineState::placed, OnlineVerb::start, OnlineState::picking},
    {OnlineState::placed, OnlineVerb::pick, OnlineState::picked},
    {OnlineState::picking, OnlineVerb::pick, OnlineState::picked},
    {OnlineState::placed, OnlineVerb::cancel, OnlineState::cancelled},
    {OnlineState::picked, OnlineVerb::complete, OnlineState::completed},
    {OnlineState::picked, OnlineVerb::bring_back, OnlineState::returned},
    {OnlineState::completed, OnlineVerb::bring_back, OnlineState::returned},
    {OnlineState::picked, OnlineVerb::refund, OnlineState::picked},
    {OnlineState::completed, OnlineVerb::refund, OnlineState::completed},
    {OnlineState::returned, OnlineVerb::refund, OnlineState::returned},
});

using Parcels = Move<ParcelState, ParcelVerb>;
constexpr auto parcel_moves = std::to_array<Parcels>({
    {ParcelState::none, ParcelVerb::expect, ParcelState::expected},
    {ParcelState::expected, ParcelVerb::pack, ParcelState::arrived},
    {ParcelState::expected, ParcelVerb::cancel, ParcelState::returned},
    {ParcelState::arrived, ParcelVerb::make_ready, ParcelState::ready},
    {ParcelState::arrived, ParcelVerb::hold, ParcelState::held},
    {ParcelState::arrived, ParcelVerb::cancel, ParcelState::returning},
    {ParcelState::ready, ParcelVerb::hold, ParcelState::held},
    {ParcelState::ready, ParcelVerb::hand_over, ParcelState::collected},
    {ParcelState::ready, ParcelVerb::lapse, ParcelState::returning},
    {ParcelState::ready, ParcelVerb::cancel, ParcelState::returning},
    // A hold takes nothing from the customer: who comes gets the parcel.
    {ParcelState::held, ParcelVerb::lift, ParcelState::ready},
    {ParcelState::held, ParcelVerb::hand_over, ParcelState::collected},
    {ParcelState::returning, ParcelVerb::finish, ParcelState::returned},
    // Food whose date has passed goes out, and fresh food comes in, where the parcel lies.
    {ParcelState::arrived, ParcelVerb::replace_food, ParcelState::arrived},
    {ParcelState::ready, ParcelVerb::replace_food, ParcelState::ready},
    {ParcelState::held, ParcelVerb::replace_food, ParcelState::held},
    {ParcelState::arrived, ParcelVerb::pack, ParcelState::arrived},
    {ParcelState::ready, ParcelVerb::pack, ParcelState::ready},
    {ParcelState::held, ParcelVerb::pack, ParcelState::held},
});

bool is_other_site(const Partition& partition, SiteCode site) {
  return site != partition.site.code && static_cast<std::uint16_t>(site) <= site_code_max;
}

// A positive number of units of a line of ours, and another site.
Verdict check_handing(const Partition& partition, SiteCode other, LineNo line, Units units) {
  TRY(check_line(partition, line));
  if (!is_other_site(partition, other) || !within(units, 1, row_units_max))
    return no(Refusal::value_out_of_range, line);
  return {};
}

// The other site, as far as it is heard, and its line of our line's product.
struct OtherLine {
  const Partition* site = nullptr;
  std::optional<LineNo> line;
};
OtherLine line_at(const Decision& decision, SiteCode other, LineNo line) {
  const Partition* site = decision.book.find(other);
  if (site == nullptr || !decision.site.goods.has(line)) return {};
  return {site, site->goods.find(decision.site.goods.product(line))};
}

const Given* given_by(const OtherLine& at, SiteCode holder) {
  if (!at.line) return nullptr;
  const auto row = at.site->given.find({holder, *at.line});
  return row == at.site->given.end() ? nullptr : &row->second;
}

// What the store has counted since is less than what it has given away.
bool is_overcommitted(const OtherLine& at) {
  std::int64_t outstanding = 0;
  for (const auto& [key, given] : at.site->given)
    if (key.line == *at.line) outstanding += given.outstanding();
  return at.site->stock.on_hand(*at.line) < outstanding;
}

Allotment& allotment_of(Partition& partition, const OnlineOrder& order, LineNo line) {
  return partition.allotments.find({order.store, line})->second;
}

Verdict check_allotted(const Partition& partition, const OnlineOrdered& ordered) {
  for (const OnlineRow& row : ordered.rows) {
    const auto allotment = partition.allotments.find({ordered.store, row.line});
    if (allotment == partition.allotments.end() || row.units > allotment->second.available())
      return no(Refusal::not_allotted, row.line);
  }
  return {};
}

Verdict check_slot(const Partition& partition, const OnlineOrdered& ordered) {
  const bool is_delivery = ordered.way == OnlineWay::delivery;
  if ((ordered.slot != 0) != is_delivery || ordered.code.given() == is_delivery)
    return no(Refusal::value_out_of_range);
  if (!is_delivery) return {};
  const auto* slot = TRY(find_in(partition.slots, ordered.slot));
  if (slot->store != ordered.store) return no(Refusal::document_not_ours);
  if (slot->booked_orders >= slot->capacity_orders) return no(Refusal::slot_full);
  return {};
}

std::expected<const Parcel*, No> parcel_of(const Decision& decision, std::uint32_t counter,
                                           const OnlineOrder& order) {
  const Partition* store = decision.book.find(order.store);
  if (store == nullptr) return no(Refusal::document_unknown);
  return find_in(store->parcels, decision.site.number(counter));
}

// Units of a row that are there after the shorts.
Units got_of(const OnlineRow& row, const std::vector<OrderRow>& shorts) {
  const OrderRow* typed = row_of_line(shorts, row.line);
  return typed != nullptr ? typed->units : row.units;
}

// What is charged once the order is picked.
OrderCharged charge_of(const Partition& partition, std::uint32_t counter, const OnlineOrder& order,
                       const std::vector<OrderRow>& shorts) {
  return {partition.number(counter), vat_of(order, shorts)};
}

Pence price_of(const OnlineOrder& order, const std::vector<OrderRow>& shorts) {
  std::int64_t sum = 0;
  for (const VatRow& row : vat_of(order, shorts)) sum += row.gross_pence;
  return static_cast<Pence>(sum);
}

void let_go(Partition& partition, const OnlineOrder& order, bool is_spent) {
  for (const OnlineRow& row : order.rows) {
    Allotment& allotment = allotment_of(partition, order, row.line);
    allotment.held -= row.units;
    if (is_spent) allotment.spent += row.units;
  }
}

}  // namespace

std::span<const Orders> moves_of(OnlineVerb) { return order_moves; }
std::span<const Parcels> moves_of(ParcelVerb) { return parcel_moves; }

std::int64_t pence_of(const std::vector<OnlineRow>& rows) {
  std::int64_t sum = 0;
  for (const OnlineRow& row : rows) sum += row.pence;
  return sum;
}

std::vector<VatRow> vat_of(const OnlineOrder& order, const std::vector<OrderRow>& shorts) {
  std::array<VatRow, vat_codes> by_code{};
  for (const OnlineRow& row : order.rows) {
    VatRow& sum = by_code[static_cast<std::size_t>(row.vat)];
    sum.code = row.vat;
    sum.basis_points = row.basis_points;
    sum.gross_pence += std::int64_t{row.pence} * got_of(row, shorts) / row.units;
  }
  std::vector<VatRow> made;
  for (VatRow& row : by_code) {
    if (row.gross_pence == 0) continue;
    row.vat_pence = vat_of(row.gross_pence, row.basis_points);
    made.push_back(row);
  }
  return made;
}

Verdict check_bought(const std::vector<OnlineRow>& rows) {
  std::array<const OnlineRow*, vat_codes> by_code{};
  for (const OnlineRow& row : rows) {
    const OnlineRow*& first = by_code[static_cast<std::size_t>(row.vat)];
    if (first == nullptr) first = &row;
    if (!within(row.pence, 0, row_pence_max) || row.age_years > age_years_max ||
        !within(row.basis_points, 0, basis_points_max) || row.basis_points != first->basis_points)
      return no(Refusal::value_out_of_range, row.line);
  }
  return {};
}

Verdict fits(const Partition& partition, const StockAllotted& allotted) {
  TRY(check_handing(partition, allotted.holder, allotted.line, allotted.units));
  const auto before = partition.given.find({allotted.holder, allotted.line});
  if (before != partition.given.end() && before->second.given + allotted.units > allotted_units_max)
    return no(Refusal::value_out_of_range, allotted.line);
  return {};
}

// Not more than is there and free.
Verdict complete(const Decision& decision, StockAllotted& allotted) {
  const Partition& site = decision.site;
  TRY(check_line(site, allotted.line));
  if (site.goods.is_closed(allotted.line)) return no(Refusal::line_closed, allotted.line);
  std::int64_t free =
      std::int64_t{site.stock.on_hand(allotted.line)} - site.stock.reserved(allotted.line);
  for (const auto& [key, given] : site.given)
    if (key.line == allotted.line) free -= given.outstanding();
  if (allotted.units > free) return no(Refusal::not_enough, allotted.line);
  return {};
}

void apply(Partition& partition, const StockAllotted& allotted) {
  partition.given[{allotted.holder, allotted.line}].given += allotted.units;
}

Verdict fits(const Partition& partition, const AllotmentEnded& ended) {
  TRY(check_handing(partition, ended.holder, ended.line, ended.units));
  const auto* given = TRY(find_in(partition.given, GivenKey{ended.holder, ended.line}));
  if (ended.units > given->outstanding()) return no(Refusal::not_allotted, ended.line);
  return {};
}

// Units come back only by an entry of the holder's journal that the store has read.
Verdict complete(const Decision& decision, AllotmentEnded& ended) {
  const OtherLine at = line_at(decision, ended.holder, ended.line);
  if (!at.line) return no(Refusal::not_allotted, ended.line);
  const auto holds = at.site->allotments.find({decision.site.site.code, *at.line});
  const auto before = decision.site.given.find({ended.holder, ended.line});
  const std::int64_t returned = holds == at.site->allotments.end() ? 0 : holds->second.returned;
  const std::int64_t known = before == decision.site.given.end() ? 0 : before->second.ended;
  if (ended.units > returned - known) return no(Refusal::not_allotted, ended.line);
  return {};
}

void apply(Partition& partition, const AllotmentEnded& ended) {
  partition.given[{ended.holder, ended.line}].ended += ended.units;
}

Verdict fits(const Partition& partition, const AllotmentTaken& taken) {
  TRY(check_handing(partition, taken.store, taken.line, taken.units));
  const auto before = partition.allotments.find({taken.store, taken.line});
  if (before != partition.allotments.end() &&
      before->second.taken + taken.units > allotted_units_max)
    return no(Refusal::value_out_of_range, taken.line);
  return {};
}

Verdict complete(const Decision& decision, AllotmentTaken& taken) {
  const OtherLine at = line_at(decision, taken.store, taken.line);
  const Given* given = given_by(at, decision.site.site.code);
  if (given == nullptr) return no(Refusal::not_allotted, taken.line);
  const auto before = decision.site.allotments.find({taken.store, taken.line});
  const std::int64_t known = before == decision.site.allotments.end() ? 0 : before->second.taken;
  if (taken.units > given->given - known) return no(Refusal::not_allotted, taken.line);
  return {};
}

void apply(Partition& partition, const AllotmentTaken& taken) {
  partition.allotments[{taken.store, taken.line}].taken += taken.units;
}

Verdict fits(const Partition& partition, const AllotmentReturned& returned) {
  TRY(check_handing(partition, returned.store, returned.line, returned.units));
  const auto* allotment =
      TRY(find_in(partition.allotments, AllotmentKey{returned.store, returned.line}));
  if (returned.units > allotment->available()) return no(Refusal::not_allotted, returned.line);
  return {};
}

void apply(Partition& partition, const AllotmentReturned& returned) {
  partition.allotments[{returned.store, returned.line}].returned += returned.units;
}

Verdict fits(const Partition& partition, const SlotOpened& opened) {
  if (!is_other_site(partition, opened.store) || !opened.day.given() ||
      opened.from_minute >= opened.to_minute || opened.to_minute > day_minutes)
    return no(Refusal::value_out_of_range);
  if (opened.day < partition.day) return no(Refusal::date_past);
  return {};
}

void apply(Partition& partition, const SlotOpened& opened) {
  partition.slots[opened.counter] = {opened.store, opened.day, opened.from_minute, opened.to_minute,
                                     opened.capacity_orders};
}

Verdict fits(const Partition& partition, const OnlineOrdered& ordered) {
  if (!is_other_site(partition, ordered.store) || !ordered.payment.given() ||
      !ordered.sealed.given())
    return no(Refusal::value_out_of_range);
  TRY(check_document(partition, ordered.rows));
  TRY(check_bought(ordered.rows));
  if (!within(ordered.authorised_pence, 0, row_pence_max)) return no(Refusal::value_out_of_range);
  if (pence_of(ordered.rows) > ordered.authorised_pence ||
      partition.online_payments.contains(ordered.payment))
    return no(Refusal::payment_wrong);
  TRY(check_slot(partition, ordered));
  return check_allotted(partition, ordered);
}

// What was shown still holds.
Verdict complete(const Decision& decision, OnlineOrdered& ordered) {
  const Partition& site = decision.site;
  if (!site.day_is_open) return no(Refusal::day_not_open);
  for (const OnlineRow& row : ordered.rows) {
    TRY(check_line(site, row.line));
    if (site.goods.is_closed(row.line)) return no(Refusal::line_closed, row.line);
    if (is_stopped(site, row.line, {})) return no(Refusal::stop_sale, row.line);
    if (row.pence != std::int64_t{price_on(site, row.line, site.day)} * row.units)
      return no(Refusal::price_changed, row.line);
    const OtherLine at = line_at(decision, ordered.store, row.line);
    if (at.line && is_overcommitted(at)) return no(Refusal::not_enough, row.line);
  }
  const auto slot = site.slots.find(ordered.slot);
  if (slot != site.slots.end() && slot->second.day < site.day) return no(Refusal::date_past);
  return {};
}

void apply(Partition& partition, const OnlineOrdered& ordered) {
  OnlineOrder& order = partition.online_orders[ordered.counter];
  order.state = *next(order.state, OnlineVerb::place);
  order.day = partition.day;
  order.store = ordered.store;
  order.way = ordered.way;
  order.slot = ordered.slot;
  order.takes_substitutes = ordered.takes_substitutes;
  order.authorised_pence = ordered.authorised_pence;
  order.payment = ordered.payment;
  order.sealed = ordered.sealed;
  order.code = ordered.code;
  order.rows = ordered.rows;
  for (const OnlineRow& row : order.rows)
    allotment_of(partition, order, row.line).held += row.units;
  if (order.slot != 0) ++partition.slots[order.slot].booked_orders;
  partition.online_payments.insert(order.payment);
}

Verdict fits(const Partition& partition, const OnlineMoved& moved) {
  using enum OnlineVerb;
  if (moved.verb == place || moved.verb == pick || moved.verb == refund)
    return no(Refusal::move_not_listed);
  const auto* order = TRY(find_in(partition.online_orders, moved.order));
  TRY(next(order->state, moved.verb));
  return {};
}

// Once the store has begun, nothing is cancelled; a collected order is one that the store says is.
Verdict complete(const Decision& decision, OnlineMoved& moved) {
  const auto* order = TRY(find_in(decision.site.online_orders, moved.order));
  const auto parcel = parcel_of(decision, moved.order, *order);
  const ParcelState at_store = parcel ? (*parcel)->state : ParcelState::none;
  if (moved.verb == OnlineVerb::cancel && at_store > ParcelState::expected)
    return no(Refusal::picking_started, no_line, decision.site.number(moved.order));
  if (moved.verb == OnlineVerb::complete && at_store != ParcelState::collected)
    return no(Refusal::move_not_listed, no_line, decision.site.number(moved.order));
  return {};
}

void apply(Partition& partition, const OnlineMoved& moved) {
  OnlineOrder& order = partition.online_orders[moved.order];
  order.state = *next(order.state, moved.verb);
  if (moved.verb != OnlineVerb::cancel) return;
  let_go(partition, order, false);
  const auto slot = partition.slots.find(order.slot);
  if (slot != partition.slots.end()) --slot->second.booked_orders;
}

Verdict fits(const Partition& partition, const OnlinePicked& picked) {
  const auto* order = TRY(find_in(partition.online_orders, picked.order));
  TRY(next(order->state, OnlineVerb::pick));
  if (!is_sorted_once(picked.shorts)) return no(Refusal::rows_not_sorted);
  for (const OrderRow& row : picked.shorts) {
    const OnlineRow* ordered = row_of_line(order->rows, row.line);
    if (ordered == nullptr) return no(Refusal::line_unknown, row.line);
    if (!within(row.units, 0, ordered->units - 1)) return no(Refusal::value_out_of_range, row.line);
  }
  if (picked.captured_pence != price_of(*order, picked.shorts)) return no(Refusal::payment_wrong);
  return partition.ledger.check(charge_of(partition, picked.order, *order, picked.shorts));
}

// As the store's journal says.
Verdict complete(const Decision& decision, OnlinePicked& picked) {
  const auto* order = TRY(find_in(decision.site.online_orders, picked.order));
  const auto* parcel = TRY(parcel_of(decision, picked.order, *order));
  if (parcel->state == ParcelState::expected || (parcel->picked.empty() && parcel->is_cancelled))
    return no(Refusal::document_unknown, no_line, decision.site.number(picked.order));
  const Partition& store = *decision.book.find(order->store);
  picked.shorts.clear();
  for (const OnlineRow& row : order->rows) {
    const auto line = store.goods.find(decision.site.goods.product(row.line));
    const OrderRow* got = line ? row_of_line(parcel->picked, *line) : nullptr;
    const Units units = got != nullptr ? got->units : 0;
    if (units < row.units) picked.shorts.push_back({row.line, units});
  }
  picked.captured_pence = price_of(*order, picked.shorts);
  return {};
}

void apply(Partition& partition, const OnlinePicked& picked) {
  OnlineOrder& order = partition.online_orders[picked.order];
  order.state = *next(order.state, OnlineVerb::pick);
  order.captured_pence = picked.captured_pence;
  let_go(partition, order, true);
  CHECK(
      partition.ledger.post(charge_of(partition, picked.order, order, picked.shorts)).has_value());
}

Verdict fits(const Partition& partition, const OnlineRefunded& refunded) {
  const auto* order = TRY(find_in(partition.online_orders, refunded.order));
  TRY(next(order->state, OnlineVerb::refund));
  if (refunded.pence < 1) return no(Refusal::value_out_of_range);
  if (refunded.pence > order->captured_pence - order->refunded_pence)
    return no(Refusal::payment_wrong);
  // A store may have refunded some of it, while it could not ask.
  return partition.ledger.check(OrderPaidBack{partition.number(refunded.order), refunded.pence});
}

void apply(Partition& partition, const OnlineRefunded& refunded) {
  partition.online_orders[refunded.order].refunded_pence += refunded.pence;
  CHECK(partition.ledger.post(OrderPaidBack{partition.number(refunded.order), refunded.pence})
            .has_value());
}

void forget_old_online(Partition& partition) {
  const auto is_old = [&](Day day) { return later(day, kept_days) < partition.day; };
  for (auto row = partition.online_orders.begin(); row != partition.online_orders.end();) {
    const OnlineOrder& order = row->second;
    const bool is_over = order.state == OnlineState::cancelled ||
                         order.state == OnlineState::completed ||
                         order.state == OnlineState::returned;
    if (!is_old(order.day) || !is_over) {
      ++row;
      continue;
    }
    partition.online_payments.erase(order.payment);
    partition.ledger.forget_order(partition.number(row->first));
    row = partition.online_orders.erase(row);
  }
  std::erase_if(partition.slots, [&](const auto& row) { return is_old(row.second.day); });
  std::erase_if(partition.parcels, [&](const auto& row) {
    return is_old(row.second.day) && (row.second.state == ParcelState::collected ||
                                      row.second.state == ParcelState::returned);
  });
}

}  // namespace trade
