// Money at a site: sales and refunds with their receipts, cards, holds, notices and card payments.
#include <array>
#include <cstdlib>

#include "base/result.h"
#include "trade/handlers.h"
#include "trade/reconcile.h"
#include "trade/till.h"

namespace trade {
namespace {

bool is_open(const Partition& partition, Capability capability) {
  return partition.modes[static_cast<std::size_t>(capability)] == Mode::open;
}

bool is_till(const Partition& partition) { return partition.site.kind == SiteKind::till; }

// A receipt's rows are those of its VAT codes, and each code's VAT is that of its gross.
Verdict check_receipt(const Partition& partition, const std::vector<SoldRow>& rows,
                      const std::vector<VatRow>& vat) {
  std::array<std::int64_t, vat_codes> gross{};
  for (const SoldRow& row : rows) {
    TRY(check_line(partition, row.line));
    if (!within(row.units, 1, row_units_max) || !within(row.grams, 0, row_grams_max) ||
        !within(row.pence, 0, row_pence_max) || !within(row.full_pence, row.pence, row_pence_max))
      return no(Refusal::value_out_of_range, row.line);
    gross[static_cast<std::size_t>(row.vat)] += row.pence;
  }
  std::size_t next_code = 0;
  for (const VatRow& row : vat) {
    const auto code = static_cast<std::size_t>(row.code);
    if (code < next_code || !within(row.basis_points, 0, basis_points_max) ||
        !within(row.gross_pence, 0, total_pence_max) || row.gross_pence != gross[code] ||
        row.vat_pence != vat_of(row.gross_pence, row.basis_points))
      return no(Refusal::receipt_unsound);
    gross[code] = 0;
    next_code = code + 1;
  }
  if (gross != decltype(gross){}) return no(Refusal::receipt_unsound);
  return {};
}

// What sale and refund have in common: the day, the drawer of a till, the receipt, and room for
// the goods where they are the site's own.
template <class Kind>
Verdict check_trade(const Partition& partition, const Kind& made) {
  if (!partition.day_is_open || made.day != partition.day) return no(Refusal::day_not_open);
  if (is_till(partition) && partition.shift.state != DrawerState::open)
    return no(Refusal::till_not_open);
  TRY(check_receipt(partition, made.rows, made.vat));
  if (!is_till(partition)) TRY(check_rows(partition, made.rows));
  return partition.ledger.check(made);
}

// What was sold, as the shift adds it up; `sign` is -1 for what is paid back.
template <class Kind>
void add_to_shift(Shift& shift, const Kind& made, std::int64_t sign) {
  for (const Tender& tender : made.tenders)
    shift.tendered_pence[static_cast<std::size_t>(tender.kind)] += sign * tender.pence;
  for (const VatRow& row : made.vat) {
    shift.gross_pence[static_cast<std::size_t>(row.code)] += sign * row.gross_pence;
    shift.vat_pence[static_cast<std::size_t>(row.code)] += sign * row.vat_pence;
  }
}

template <class Kind>
std::int64_t gross_of(const Kind& made) {
  std::int64_t sum = 0;
  for (const VatRow& row : made.vat) sum += row.gross_pence;
  return sum;
}

// What is added up before the ledger has looked at it.
template <class Kind>
Verdict check_amounts(const Kind& made) {
  for (const VatRow& row : made.vat)
    if (!within(row.gross_pence, 0, total_pence_max)) return no(Refusal::receipt_unsound);
  for (const Tender& tender : made.tenders)
    if (!within(tender.pence, 1, total_pence_max)) return no(Refusal::pence_out_of_range);
  return {};
}

// The goods of a till are its store's, which hears of them (TillHeard).
void move_goods(Partition& partition, Cause cause, const std::vector<SoldRow>& rows) {
  if (is_till(partition)) return;
  for (const SoldRow& row : rows)
    partition.stock.move(cause, row.line, row.units, row.lot,
                         cause == Cause::sale ? sold_from(partition, row.line) : Day{});
}

// Whether the site takes and gives money in this way now. What is switched off leaves cash.
Verdict check_modes(const Partition& partition, const std::vector<Tender>& tenders) {
  for (const Tender& tender : tenders) {
    const bool is_gift = tender.kind != TenderKind::cash && tender.kind != TenderKind::card;
    if (is_gift && !is_open(partition, Capability::gift_cards))
      return no(Refusal::capability_closed);
    // A card payment that was taken may still be applied: its money is here.
  }
  return {};
}

Verdict check_drawer_room(const Partition& partition, const SaleMade& sale) {
  if (!is_cash_only(partition)) return {};
  std::int64_t cash = partition.ledger.total(Account::cash);
  for (const Tender& tender : sale.tenders)
    if (tender.kind == TenderKind::cash) cash += tender.pence;
  if (cash > partition.limits.drawer_pence) return no(Refusal::drawer_full);
  return {};
}

// A device of another site asks in that site's name alone.
Verdict check_speaks_for(const Decision& decision, SiteCode site) {
  const auto device = decision.site.enrolled_devices.find(decision.command.origin.device);
  if (device == decision.site.enrolled_devices.end() || device->second.site == SiteCode{} ||
      device->second.site == site)
    return {};
  return no(Refusal::document_not_ours);
}

// Another site's order, as far as that site is heard.
const OnlineOrder* order_heard_of(const Decision& decision, const DocumentNumber& number) {
  const Partition* site = decision.book.find(number.site);
  if (site == nullptr || site->number(number.counter) != number) return nullptr;
  const auto found = site->online_orders.find(number.counter);
  return found == site->online_orders.end() ? nullptr : &found->second;
}

// What a customer can have paid for it.
std::int64_t worth_of(const OnlineOrder& order) {
  if (order.state == OnlineState::cancelled) return 0;
  return holds_units(order.state) ? order.authorised_pence : order.captured_pence;
}

// A card that is spent without asking is judged by what this site has heard of its owner.
Verdict check_unasked(const Decision& decision, const ValueEvent& event, SiteCode owner) {
  const Partition* heard = decision.book.find(owner);
  const Ledger unheard_of(owner, 0);
  return check_offline(decision.site.ledger, heard == nullptr ? unheard_of : heard->ledger,
                       offline_caps_of(decision.site.limits), event);
}

Verdict check_reason(TillReason reason) {
  if (reason == TillReason::none) return no(Refusal::reason_missing);
  return {};
}

// Above the limit a manager has to allow it who is not the one who does it.
Verdict check_second(const Decision& decision, std::int64_t pence, std::int64_t alone_pence_max,
                     ActorNo second) {
  if (pence <= alone_pence_max) return {};
  const auto person = decision.site.people.find(second);
  const bool is_manager = person != decision.site.people.end() && !person->second.is_ended &&
                          person->second.role == Role::manager;
  if (!is_manager || second == decision.command.origin.actor) return no(Refusal::second_missing);
  return {};
}

void post(Partition& partition, const ValueEvent& event) {
  CHECK(partition.ledger.post(event).has_value());
}

}  // namespace

bool is_cash_only(const Partition& partition) {
  return !is_open(partition, Capability::card_payments) &&
         !is_open(partition, Capability::gift_cards);
}

Verdict fits(const Partition& partition, const SaleMade& sale) {
  if (sale.rows.empty() && sale.vouchers.empty()) return no(Refusal::document_empty);
  return check_trade(partition, sale);
}

// A payment that is in a sale is captured: nothing takes it back any more but a refund.
void apply(Partition& partition, const SaleMade& sale) {
  post(partition, sale);
  for (const Tender& tender : sale.tenders) {
    const Payment* payment =
        tender.kind == TenderKind::card ? partition.payments.find(tender.number) : nullptr;
    if (payment != nullptr && payment->state == PaymentState::approved)
      CHECK(partition.payments.post({tender.number, PaymentVerb::capture}).has_value());
  }
  move_goods(partition, Cause::sale, sale.rows);
  if (partition.shift.state != DrawerState::open) return;
  ++partition.shift.sale_count;
  partition.shift.sold_pence += gross_of(sale);
  add_to_shift(partition.shift, sale, 1);
}

Verdict complete(const Decision& decision, SaleMade& sale) {
  sale.day = decision.site.day;
  TRY(check_amounts(sale));
  TRY(check_leaving(decision.site, sale.rows));
  TRY(check_modes(decision.site, sale.tenders));
  TRY(check_drawer_room(decision.site, sale));
  for (const Tender& tender : sale.tenders)
    if (tender.kind == TenderKind::gift_card_offline)
      return check_unasked(decision, sale, tender.owner);
  return {};
}

Verdict fits(const Partition& partition, const RefundMade& refund) {
  if (refund.rows.empty()) return no(Refusal::document_empty);
  if (row_of(refund.cause).by_hand != Verb::take_back) return no(Refusal::cause_not_by_hand);
  TRY(check_reason(refund.reason));
  return check_trade(partition, refund);
}

void apply(Partition& partition, const RefundMade& refund) {
  post(partition, refund);
  move_goods(partition, refund.cause, refund.rows);
  if (partition.shift.state != DrawerState::open) return;
  ++partition.shift.refund_count;
  partition.shift.refunded_pence += gross_of(refund);
  add_to_shift(partition.shift, refund, -1);
}

Verdict complete(const Decision& decision, RefundMade& refund) {
  refund.day = decision.site.day;
  TRY(check_amounts(refund));
  TRY(check_modes(decision.site, refund.tenders));
  const Limits& limits = decision.site.limits;
  const std::int64_t alone_pence_max =
      refund.receipt.given() ? limits.refund_alone_pence : limits.refund_unreceipted_alone_pence;
  return check_second(decision, gross_of(refund), alone_pence_max, refund.second);
}

Verdict fits(const Partition& partition, const ExposureRefunded& refund) {
  TRY(check_reason(refund.reason));
  if (!partition.day_is_open || refund.day != partition.day) return no(Refusal::day_not_open);
  return partition.ledger.check(refund);
}
void apply(Partition& partition, const ExposureRefunded& refund) { post(partition, refund); }
Verdict complete(const Decision& decision, ExposureRefunded& refund) {
  refund.day = decision.site.day;
  const OnlineOrder* order = order_heard_of(decision, refund.order);
  const Limits& limits = decision.site.limits;
  TRY(check_second(
      decision, refund.pence,
      order != nullptr ? limits.refund_alone_pence : limits.refund_unreceipted_alone_pence,
      refund.second));
  const std::int64_t exposed = decision.site.ledger.exposed_pence(refund.order);
  if (order != nullptr && refund.pence > worth_of(*order) - order->refunded_pence - exposed)
    return no(Refusal::over_refund);
  return check_unasked(decision, refund, refund.order.site);
}

#define TRADE_VALUE(Kind)                                                                         \
  Verdict fits(const Partition& partition, const Kind& it) { return partition.ledger.check(it); } \
  void apply(Partition& partition, const Kind& it) { post(partition, it); }
TRADE_VALUE(CardActivated)
TRADE_VALUE(CardCredited)
TRADE_VALUE(CardMoved)
TRADE_VALUE(HoldTaken)
TRADE_VALUE(HoldCaptured)
TRADE_VALUE(HoldEnded)
TRADE_VALUE(PendingHandedOver)
TRADE_VALUE(NoticeBooked)
#undef TRADE_VALUE

Verdict complete(const Decision& decision, HoldTaken& it) {
  return check_speaks_for(decision, it.site);
}
Verdict complete(const Decision& decision, HoldEnded& it) {
  const CardHold* known = decision.site.ledger.hold(it.hold);
  return known == nullptr ? Verdict{} : check_speaks_for(decision, known->site);
}

bool waits_for_its_order(const Partition& partition, const Notice& notice) {
  constexpr std::uint32_t days_max = 7;
  if (notice.kind != NoticeKind::exposure) return false;
  if (partition.number(notice.basis.counter) != notice.basis) return false;
  const auto order = partition.online_orders.find(notice.basis.counter);
  return order != partition.online_orders.end() && holds_units(order->second.state) &&
         partition.day <= later(order->second.day, days_max);
}

// Only what the writer's journal says, as far as it was read.
Verdict complete(const Decision& decision, NoticeBooked& booked) {
  const Partition* writer = decision.book.find(booked.from);
  if (writer == nullptr) return no(Refusal::site_unknown);
  const auto& told = writer->ledger.notices();
  const auto found = told.find({decision.site.site.code, booked.epoch, booked.sequence});
  if (found == told.end() || found->second != booked.notice ||
      waits_for_its_order(decision.site, booked.notice))
    return no(Refusal::notice_out_of_turn);
  return {};
}

// The other steps are those of a payment's moves and come with them.
Verdict fits(const Partition& partition, const PaymentPosted& posted) {
  if (posted.step != PaymentStep::refund) return no(Refusal::move_not_listed);
  return partition.ledger.check(posted);
}
void apply(Partition& partition, const PaymentPosted& posted) { post(partition, posted); }

Verdict fits(const Partition& partition, const PaymentMoved& moved) {
  // It comes with the sale.
  if (moved.verb == PaymentVerb::capture) return no(Refusal::move_not_listed);
  const auto posting = TRY(partition.payments.check(moved));
  if (posting) TRY(partition.ledger.check(*posting));
  return {};
}

void apply(Partition& partition, const PaymentMoved& moved) {
  const auto posting = partition.payments.post(moved);
  CHECK(posting.has_value());
  if (*posting) post(partition, **posting);
}

Verdict complete(const Decision& decision, PaymentMoved& moved) {
  const bool takes = moved.verb == PaymentVerb::ask || moved.verb == PaymentVerb::store;
  if (takes && !is_open(decision.site, Capability::card_payments))
    return no(Refusal::capability_closed);
  if (moved.verb == PaymentVerb::write_off && decision.command.role != Role::manager)
    return no(Refusal::role_not_allowed);
  if (moved.verb != PaymentVerb::store) return {};
  return decision.site.payments.check_store(card_rules_of(decision.site.limits), moved.payment);
}

Verdict fits(const Partition& partition, const DrawerMoved& moved) {
  TRY(next(partition.shift.state, moved.verb));
  const DrawerRow& row = row_of(moved.verb);
  if (row.needs_reason) TRY(check_reason(moved.reason));
  const bool closes = moved.verb == DrawerVerb::close;
  const bool opens_only = moved.verb == DrawerVerb::no_sale || moved.verb == DrawerVerb::read;
  if ((opens_only && moved.pence != 0) ||
      (closes && moved.pence != partition.shift.counted_pence) ||
      moved.over_short_pence != (closes ? moved.pence - partition.ledger.total(Account::cash) : 0))
    return no(Refusal::value_out_of_range);
  return partition.ledger.check(moved);
}

void apply(Partition& partition, const DrawerMoved& moved) {
  post(partition, moved);
  Shift& shift = partition.shift;
  if (moved.verb == DrawerVerb::open) shift = {.opened = moved.counter};
  shift.state =
      *next(moved.verb == DrawerVerb::open ? DrawerState::closed : shift.state, moved.verb);
  if (moved.verb == DrawerVerb::count) shift.counted_pence = moved.pence;
  if (moved.verb == DrawerVerb::no_sale) ++shift.no_sale_count;
  if (moved.verb != DrawerVerb::void_line && moved.verb != DrawerVerb::void_basket) return;
  ++shift.void_count;
  shift.voided_pence += moved.pence;
}

Verdict complete(const Decision& decision, DrawerMoved& moved) {
  const Partition& site = decision.site;
  const std::int64_t cash = site.ledger.total(Account::cash);
  if (moved.verb == DrawerVerb::close) {
    moved.pence = site.shift.counted_pence;
    moved.over_short_pence = moved.pence - cash;
  }
  const bool takes = moved.verb == DrawerVerb::safe_drop || moved.verb == DrawerVerb::pay_out;
  if (takes && moved.pence > cash) return no(Refusal::balance_too_low);
  const std::int64_t asked =
      moved.verb == DrawerVerb::close ? std::abs(moved.over_short_pence) : moved.pence;
  const auto alone = row_of(moved.verb).alone;
  if (alone == nullptr) return {};
  return check_second(decision, asked, site.limits.*alone, moved.second);
}

}  // namespace trade
