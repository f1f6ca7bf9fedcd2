#include "trade/ledger.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <set>
#include <utility>
#include <variant>

#include "base/result.h"

namespace trade {
namespace {

AccountKey of(Account account) { return {account, {}, {}}; }
AccountKey of(Account account, const CardDigest& card) { return {account, card, {}}; }
AccountKey of(Account account, const DocumentNumber& number) { return {account, {}, number}; }
AccountKey due(SiteCode site) { return {Account::due, {}, {site, 0, 0}}; }
AccountKey held(const CardDigest& card, const DocumentNumber& hold) {
  return {Account::held, card, hold};
}
AccountKey account_of(const DocumentNumber& payment, Account account) {
  return account == Account::cash ? of(account) : of(account, payment);
}

// Steps of a payment that may come more than once, each for another document.
bool is_part(PaymentStep step) {
  return step == PaymentStep::refund || step == PaymentStep::pay_debt ||
         step == PaymentStep::write_off;
}

// Sums of some 10^8 amounts; a sum of all balances stays within 64 bits.
constexpr std::int64_t balance_pence_max = std::int64_t{1} << 56;
constexpr std::int64_t sum_pence_max = std::int64_t{1} << 62;

bool is_beyond(Side side, std::int64_t pence) {
  return (side == Side::debit && pence < 0) || (side == Side::credit && pence > 0);
}

bool in_bounds(std::int64_t pence) { return pence > 0 && pence <= total_pence_max; }

bool is_on_hold(const Tender& tender) {
  return tender.kind == TenderKind::gift_card && tender.number.given();
}

// Of goods: the sum of gross and of VAT.
std::expected<std::pair<std::int64_t, std::int64_t>, No> sums_of(const std::vector<VatRow>& rows) {
  std::int64_t gross = 0, vat = 0;
  for (const VatRow& row : rows) {
    if (row.gross_pence < 0 || row.gross_pence > total_pence_max - gross || row.vat_pence < 0 ||
        row.vat_pence > row.gross_pence)
      return no(Refusal::pence_out_of_range);
    gross += row.gross_pence;
    vat += row.vat_pence;
  }
  return std::pair(gross, vat);
}

// VAT of the first so many pence of a sale, half a penny up: the whole of it at the end.
std::int64_t vat_share(std::int64_t pence, std::int64_t vat_pence, std::int64_t gross_pence) {
  return gross_pence == 0 ? 0 : (2 * pence * vat_pence + gross_pence) / (2 * gross_pence);
}

}  // namespace

std::int64_t Ledger::balance(const AccountKey& key) const {
  const auto found = balances_.find(key);
  return found == balances_.end() ? 0 : found->second;
}

std::int64_t Ledger::total(Account account) const {
  std::int64_t sum = 0;
  for (auto it = balances_.lower_bound(of(account));
       it != balances_.end() && it->first.account == account; ++it)
    sum += it->second;
  return sum;
}

CardState Ledger::state(const CardDigest& card) const {
  const auto found = cards_.find(card);
  return found == cards_.end() ? CardState::unknown : found->second.state;
}

VoucherKind Ledger::kind(const CardDigest& card) const {
  const auto found = cards_.find(card);
  return found == cards_.end() ? VoucherKind{} : found->second.kind;
}

AccountKey Ledger::liability(const CardDigest& card, VoucherKind otherwise) const {
  const auto found = cards_.find(card);
  const VoucherKind kind = found == cards_.end() ? otherwise : found->second.kind;
  return of(kind == VoucherKind::credit_receipt ? Account::credit_receipt : Account::gift_card,
            card);
}

std::int64_t Ledger::available_pence(const CardDigest& card) const {
  return -balance(liability(card, {}));
}
std::int64_t Ledger::held_pence(const CardDigest& card) const {
  std::int64_t sum = 0;
  for (auto it = balances_.lower_bound(of(Account::held, card));
       it != balances_.end() && it->first.account == Account::held && it->first.card == card; ++it)
    sum -= it->second;
  return sum;
}
std::int64_t Ledger::loss_pence(const CardDigest& card) const {
  return balance(of(Account::loss, card));
}
std::int64_t Ledger::pending_pence(const CardDigest& card) const {
  return -balance(of(Account::pending, card));
}

std::vector<Claim> Ledger::claims(const CardDigest& card) const {
  std::vector<Claim> made;
  for (auto it = claims_.lower_bound({card, {}, 0}); it != claims_.end() && it->first.card == card;
       ++it) {
    const auto& [key, claim] = *it;
    made.push_back(
        {key.teller.site, key.teller.epoch, key.sequence, claim.receipt, claim.day, claim.pence});
  }
  return made;
}

bool Ledger::was_used(const CardDigest& card) const {
  const auto found = cards_.find(card);
  return found != cards_.end() && found->second.was_used;
}

const CardHold* Ledger::hold(const DocumentNumber& number) const {
  const auto found = holds_.find(number);
  return found == holds_.end() ? nullptr : &found->second;
}

std::int64_t Ledger::left_pence(const DocumentNumber& number) const {
  const CardHold* known = hold(number);
  return known == nullptr ? 0 : -balance(held(known->card, number));
}

std::int64_t Ledger::refundable_pence(const DocumentNumber& receipt) const {
  const auto found = sales_.find(receipt);
  return found == sales_.end() ? 0 : found->second.gross_pence - found->second.refunded_pence;
}

std::int64_t Ledger::offline_pence(const CardDigest& card, Day day) const {
  const auto found = offline_.find({card, day});
  return found == offline_.end() ? 0 : found->second;
}

std::int64_t Ledger::unbooked_pence(const CardDigest& card, const Ledger& owner) const {
  std::int64_t pence = 0;
  for (auto it = notices_.lower_bound({owner.site(), 0, 0});
       it != notices_.end() && it->first.reader == owner.site(); ++it) {
    const auto& [key, notice] = *it;
    const bool is_booked = key.sequence < owner.booked({site_, key.epoch});
    if (!is_booked && notice.kind == NoticeKind::claim && notice.card == card &&
        !notice.basis.given())
      pence += notice.pence;
  }
  return pence;
}

std::int64_t Ledger::exposed_pence(const DocumentNumber& order) const {
  const auto found = exposed_by_order_.find(order);
  return found == exposed_by_order_.end() ? 0 : found->second;
}
std::int64_t Ledger::exposed_pence(Day day) const {
  const auto found = exposed_by_day_.find(day);
  return found == exposed_by_day_.end() ? 0 : found->second;
}

std::vector<Notice> Ledger::notices(SiteCode reader) const {
  std::vector<Notice> told;
  for (auto it = notices_.lower_bound({reader, 0, 0});
       it != notices_.end() && it->first.reader == reader; ++it)
    told.push_back(it->second);
  return told;
}

std::uint32_t Ledger::booked(const Teller& writer) const {
  const auto found = booked_.find(writer);
  return found == booked_.end() ? 0 : found->second;
}

Verdict Ledger::check_new(const DocumentNumber& number, SiteCode issuer) const {
  if (!number.given() || number.site != issuer) return no(Refusal::number_bad);
  if (documents_.contains(number)) return no(Refusal::document_known);
  return {};
}

// A tender of a sale is a debit, of a refund a credit of the same account.
Verdict Ledger::add_tenders(const std::vector<Tender>& tenders, bool is_refund,
                            Draft& draft) const {
  std::set<CardDigest> issued;
  for (const Tender& tender : tenders) {
    if (!in_bounds(tender.pence)) return no(Refusal::pence_out_of_range);
    AccountKey key = due(tender.owner);
    switch (tender.kind) {
      case TenderKind::cash:
        key = of(Account::cash);
        break;
      case TenderKind::card:
        if (!documents_.contains(tender.number)) return no(Refusal::payment_unknown);
        key = of(Account::unapplied, tender.number);
        break;
      case TenderKind::gift_card:
        break;
      case TenderKind::gift_card_offline:
        if (is_refund) return no(Refusal::tender_unfit);
        break;
      case TenderKind::pending_card:
        TRY(next(state(tender.card), is_refund ? CardVerb::issue : CardVerb::honour));
        if (is_refund && !issued.insert(tender.card).second) return no(Refusal::move_not_listed);
        key = of(Account::pending, tender.card);
        break;
    }
    draft.push_back({key, is_refund ? -tender.pence : tender.pence});
  }
  return {};
}

std::expected<Ledger::Draft, No> Ledger::draft(const SaleMade& event) const {
  TRY(check_new(event.receipt, site_));
  std::set<DocumentNumber> holds;
  for (const Tender& tender : event.tenders) {
    if (!is_on_hold(tender)) continue;
    TRY(check_new(tender.number, tender.owner));
    if (!holds.insert(tender.number).second) return no(Refusal::document_known);
  }
  const auto [gross, vat] = TRY(sums_of(event.vat));
  Draft draft{{of(Account::sales), vat - gross}, {of(Account::vat), -vat}};
  std::set<CardDigest> issued;
  for (const VoucherRow& row : event.vouchers) {
    if (!in_bounds(row.pence)) return no(Refusal::pence_out_of_range);
    if (row.is_pending) TRY(next(state(row.card), CardVerb::issue));
    if (!issued.insert(row.card).second) return no(Refusal::move_not_listed);
    draft.push_back({row.is_pending ? of(Account::pending, row.card) : due(row.owner), -row.pence});
  }
  // A card that is sold here and now cannot pay for its own sale: it is not pending yet.
  TRY(add_tenders(event.tenders, false, draft));
  return draft;
}

void Ledger::note(const SaleMade& event) {
  const auto [gross, vat] = *sums_of(event.vat);
  documents_[event.receipt];
  sales_[event.receipt] = {gross, vat, 0};
  for (const VoucherRow& row : event.vouchers)
    if (row.is_pending) {
      Card& card = cards_[row.card];
      card.state = *next(card.state, CardVerb::issue);
      card.kind = row.kind;
    }
  for (const Tender& tender : event.tenders) {
    const bool is_held = is_on_hold(tender);
    if (!is_held && tender.kind != TenderKind::gift_card_offline) continue;
    if (is_held)
      documents_[tender.number];
    else
      offline_[{tender.card, event.day}] += tender.pence;
    tell(tender.owner, {.kind = NoticeKind::claim,
                        .card = tender.card,
                        .document = event.receipt,
                        .basis = is_held ? tender.number : DocumentNumber{},
                        .day = event.day,
                        .pence = tender.pence});
  }
}

std::expected<Ledger::Draft, No> Ledger::draft(const RefundMade& event) const {
  TRY(check_new(event.refund, site_));
  const auto [gross, vat] = TRY(sums_of(event.vat));
  if (gross == 0) return no(Refusal::pence_out_of_range);
  if (event.receipt.given()) {
    if (!sales_.contains(event.receipt)) return no(Refusal::receipt_unknown);
    if (gross > refundable_pence(event.receipt)) return no(Refusal::over_refund);
  }
  Draft draft{{of(Account::refunds), gross - vat}, {of(Account::vat), vat}};
  TRY(add_tenders(event.tenders, true, draft));
  return draft;
}

void Ledger::note(const RefundMade& event) {
  documents_[event.refund];
  if (event.receipt.given()) sales_[event.receipt].refunded_pence += sums_of(event.vat)->first;
  for (const Tender& tender : event.tenders)
    if (tender.kind == TenderKind::pending_card) {
      Card& card = cards_[tender.card];
      card.state = *next(card.state, CardVerb::issue);
      card.kind = VoucherKind::credit_receipt;
    }
}

std::expected<Ledger::Draft, No> Ledger::draft(const CardActivated& event) const {
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  TRY(next(state(event.card), CardVerb::activate));
  return Draft{{liability(event.card, event.kind), -event.pence}, {due(event.site), event.pence}};
}

void Ledger::note(const CardActivated& event) {
  const auto found = cards_.try_emplace(event.card, Card{.kind = event.kind}).first;
  found->second.state = *next(found->second.state, CardVerb::activate);
}

std::expected<Ledger::Draft, No> Ledger::draft(const CardCredited& event) const {
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  TRY(check_new(event.refund, event.site));
  TRY(next(state(event.card), CardVerb::credit));
  return Draft{{liability(event.card, {}), -event.pence}, {due(event.site), event.pence}};
}

void Ledger::note(const CardCredited& event) {
  documents_[event.refund];
  Card& card = cards_[event.card];
  card.state = *next(card.state, CardVerb::credit);
}

std::expected<Ledger::Draft, No> Ledger::draft(const CardMoved& event) const {
  // The other verbs are parts of events that move money.
  if (event.verb != CardVerb::freeze && event.verb != CardVerb::thaw &&
      event.verb != CardVerb::stop)
    return no(Refusal::move_not_listed);
  TRY(next(state(event.card), event.verb));
  return Draft{};
}

void Ledger::note(const CardMoved& event) {
  Card& card = cards_[event.card];
  card.state = *next(card.state, event.verb);
}

std::expected<Ledger::Draft, No> Ledger::draft(const HoldTaken& event) const {
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  TRY(check_new(event.hold, site_));
  TRY(next(state(event.card), CardVerb::hold));
  return Draft{{liability(event.card, {}), event.pence},
               {held(event.card, event.hold), -event.pence}};
}

void Ledger::note(const HoldTaken& event) {
  documents_[event.hold];
  holds_[event.hold] = {
      event.card, event.site, *next(HoldState::none, HoldVerb::take), event.expires_tick_ms, {}};
  cards_[event.card].was_used = true;
}

std::expected<Ledger::Draft, No> Ledger::draft(const HoldCaptured& event) const {
  const CardHold* known = hold(event.hold);
  if (known == nullptr) return no(Refusal::hold_unknown);
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  if (!event.receipt.given()) return no(Refusal::number_bad);
  if (std::ranges::find(known->receipts, event.receipt) != known->receipts.end())
    return no(Refusal::document_known);
  if (known->receipts.size() >= rows_max) return no(Refusal::document_too_large);
  TRY(next(known->state, HoldVerb::capture));
  return Draft{{held(known->card, event.hold), event.pence}, {due(known->site), -event.pence}};
}

void Ledger::note(const HoldCaptured& event) {
  CardHold& known = holds_.at(event.hold);
  known.state = *next(known.state, HoldVerb::capture);
  known.receipts.push_back(event.receipt);
}

std::expected<Ledger::Draft, No> Ledger::draft(const HoldEnded& event) const {
  const CardHold* known = hold(event.hold);
  if (known == nullptr) return no(Refusal::hold_unknown);
  if (event.verb != HoldVerb::release && event.verb != HoldVerb::expire)
    return no(Refusal::move_not_listed);
  TRY(next(known->state, event.verb));
  if (event.verb == HoldVerb::expire && event.tick_ms < known->expires_tick_ms)
    return no(Refusal::hold_not_due);
  const std::int64_t left = left_pence(event.hold);
  return Draft{{held(known->card, event.hold), left}, {liability(known->card, {}), -left}};
}

void Ledger::note(const HoldEnded& event) {
  CardHold& known = holds_.at(event.hold);
  known.state = *next(known.state, event.verb);
}

std::expected<Ledger::Draft, No> Ledger::draft(const PendingHandedOver& event) const {
  TRY(next(state(event.card), CardVerb::hand_over));
  const std::int64_t left = pending_pence(event.card);
  return Draft{{of(Account::pending, event.card), left}, {due(event.owner), -left}};
}

void Ledger::note(const PendingHandedOver& event) {
  Card& card = cards_[event.card];
  card.state = *next(card.state, CardVerb::hand_over);
  tell(event.owner, {.kind = NoticeKind::hand_over,
                     .card = event.card,
                     .voucher_kind = card.kind,
                     .pence = pending_pence(event.card)});
}

std::expected<Ledger::Draft, No> Ledger::draft(const ExposureRefunded& event) const {
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  TRY(check_new(event.refund, site_));
  if (!event.order.given() || event.order.site == site_) return no(Refusal::number_bad);
  TRY(next(state(event.card), CardVerb::issue));
  return Draft{{of(Account::exposure, event.refund), event.pence},
               {of(Account::pending, event.card), -event.pence}};
}

void Ledger::note(const ExposureRefunded& event) {
  documents_[event.refund];
  Card& card = cards_[event.card];
  card.state = *next(card.state, CardVerb::issue);
  card.kind = VoucherKind::credit_receipt;
  exposed_by_order_[event.order] += event.pence;
  exposed_by_day_[event.day] += event.pence;
  tell(event.order.site, {.kind = NoticeKind::exposure,
                          .card = event.card,
                          .voucher_kind = VoucherKind::credit_receipt,
                          .document = event.refund,
                          .basis = event.order,
                          .day = event.day,
                          .pence = event.pence});
}

std::int64_t Ledger::vat_of_refund(const Sale& sale, std::int64_t pence) const {
  return vat_share(sale.refunded_pence + pence, sale.vat_pence, sale.gross_pence) -
         vat_share(sale.refunded_pence, sale.vat_pence, sale.gross_pence);
}

const CardHold* Ledger::hold_of(const NoticeBooked& claim) const {
  const CardHold* known = hold(claim.notice.basis);
  const bool is_it = known != nullptr && known->card == claim.notice.card &&
                     known->site == claim.from && next(known->state, HoldVerb::capture);
  return is_it ? known : nullptr;
}

// What was held for it pays it, and only the rest is a claim on what is there now.
Ledger::Draft Ledger::draft_claim(const NoticeBooked& event) const {
  const Notice& notice = event.notice;
  const std::int64_t captured =
      hold_of(event) == nullptr ? 0 : std::min(notice.pence, left_pence(notice.basis));
  return {{held(notice.card, notice.basis), captured},
          {liability(notice.card, notice.voucher_kind), notice.pence - captured},
          {due(event.from), -notice.pence}};
}

void Ledger::note_claim(const NoticeBooked& event) {
  const Notice& notice = event.notice;
  const std::int64_t captured =
      hold_of(event) == nullptr ? 0 : std::min(notice.pence, left_pence(notice.basis));
  if (captured > 0) {
    CardHold& known = holds_.at(notice.basis);
    known.state = *next(known.state, HoldVerb::capture);
    known.receipts.push_back(notice.document);
  }
  if (captured < notice.pence)
    claims_[{notice.card, {event.from, event.epoch}, event.sequence}] = {
        notice.document, notice.day, notice.pence - captured};
}

// Grants what is left to refund of the order, and no more.
Ledger::Draft Ledger::draft_exposure(const NoticeBooked& event) const {
  const std::int64_t granted = std::min(event.notice.pence, refundable_pence(event.notice.basis));
  const auto found = sales_.find(event.notice.basis);
  if (found == sales_.end()) return {};
  const std::int64_t vat = vat_of_refund(found->second, granted);
  return {
      {of(Account::refunds), granted - vat}, {of(Account::vat), vat}, {due(event.from), -granted}};
}

std::expected<Ledger::Draft, No> Ledger::draft(const NoticeBooked& event) const {
  const Notice& notice = event.notice;
  if (event.sequence != booked({event.from, event.epoch})) return no(Refusal::notice_out_of_turn);
  if (notice.pence < 0 || notice.pence > total_pence_max) return no(Refusal::pence_out_of_range);
  switch (notice.kind) {
    case NoticeKind::claim:
      return draft_claim(event);
    case NoticeKind::hand_over:
      return Draft{{liability(notice.card, notice.voucher_kind), -notice.pence},
                   {due(event.from), notice.pence}};
    case NoticeKind::exposure:
      return draft_exposure(event);
    case NoticeKind::settled:
      break;
  }
  if (notice.granted_pence < 0 || notice.granted_pence > notice.pence)
    return no(Refusal::pence_out_of_range);
  return Draft{{of(Account::exposure, notice.document), -notice.pence},
               {due(event.from), notice.granted_pence},
               {of(Account::loss, notice.document), notice.pence - notice.granted_pence}};
}

void Ledger::note_exposure(const NoticeBooked& event) {
  const std::int64_t granted = std::min(event.notice.pence, refundable_pence(event.notice.basis));
  if (granted > 0) sales_[event.notice.basis].refunded_pence += granted;
  Notice answer = event.notice;
  answer.kind = NoticeKind::settled;
  answer.granted_pence = granted;
  tell(event.from, answer);
}

void Ledger::note(const NoticeBooked& event) {
  const Notice& notice = event.notice;
  ++booked_[{event.from, event.epoch}];
  if (notice.kind == NoticeKind::exposure) note_exposure(event);
  if (notice.kind != NoticeKind::claim && notice.kind != NoticeKind::hand_over) return;
  Card& card = cards_.try_emplace(notice.card, Card{.kind = notice.voucher_kind}).first->second;
  if (notice.kind == NoticeKind::claim) return note_claim(event);
  // The money was taken, so it is the card's, whatever has become of the card meanwhile.
  if (const auto active = next(card.state, CardVerb::activate)) card.state = *active;
}

std::expected<Ledger::Draft, No> Ledger::draft(const PaymentPosted& event) const {
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  const bool is_first = event.step == PaymentStep::charge || event.step == PaymentStep::store;
  if (is_first) TRY(check_new(event.payment, site_));
  if (!is_first && !documents_.contains(event.payment)) return no(Refusal::payment_unknown);
  if (is_part(event.step)) {
    if (!event.document.given()) return no(Refusal::number_bad);
    if (payment_parts_.contains({event.payment, event.document}))
      return no(Refusal::document_known);
  }
  const PaymentRow& row = row_of(event.step);
  return Draft{{account_of(event.payment, row.debit), event.pence},
               {account_of(event.payment, row.credit), -event.pence}};
}

void Ledger::note(const PaymentPosted& event) {
  documents_[event.payment];
  if (is_part(event.step)) payment_parts_[{event.payment, event.document}];
}

std::expected<Ledger::Draft, No> Ledger::draft(const DrawerMoved& event) const {
  const DrawerRow& row = row_of(event.verb);
  if (event.pence < 0 || event.pence > total_pence_max ||
      std::abs(event.over_short_pence) > total_pence_max)
    return no(Refusal::pence_out_of_range);
  Draft made;
  if (row.debit != row.credit)
    made = {{of(row.debit), event.pence}, {of(row.credit), -event.pence}};
  if (event.over_short_pence != 0) {
    made.push_back({of(Account::cash), event.over_short_pence});
    made.push_back({of(Account::over_short), -event.over_short_pence});
  }
  return made;
}

// Orders have the numbers of their own site, and are charged once: who keeps them sees to that.
std::expected<Ledger::Draft, No> Ledger::draft(const OrderCharged& event) const {
  if (!event.order.given() || event.order.site != site_) return no(Refusal::number_bad);
  if (sales_.contains(event.order)) return no(Refusal::document_known);
  const auto [gross, vat] = TRY(sums_of(event.vat));
  return Draft{{of(Account::card_receivable), gross},
               {of(Account::sales), vat - gross},
               {of(Account::vat), -vat}};
}

void Ledger::note(const OrderCharged& event) {
  const auto [gross, vat] = *sums_of(event.vat);
  if (gross > 0) sales_[event.order] = {gross, vat, 0};
}

std::expected<Ledger::Draft, No> Ledger::draft(const OrderPaidBack& event) const {
  if (!in_bounds(event.pence)) return no(Refusal::pence_out_of_range);
  const auto found = sales_.find(event.order);
  if (found == sales_.end()) return no(Refusal::receipt_unknown);
  if (event.pence > refundable_pence(event.order)) return no(Refusal::over_refund);
  const std::int64_t vat = vat_of_refund(found->second, event.pence);
  return Draft{{of(Account::refunds), event.pence - vat},
               {of(Account::vat), vat},
               {of(Account::card_receivable), -event.pence}};
}

void Ledger::note(const OrderPaidBack& event) { sales_[event.order].refunded_pence += event.pence; }

std::expected<Ledger::Draft, No> Ledger::checked_draft(const ValueEvent& event) const {
  Draft made = TRY(std::visit([&](const auto& it) { return draft(it); }, event));
  std::int64_t sum = 0;
  std::map<AccountKey, std::int64_t> moves;
  for (const Posting& posting : made) {
    sum += posting.pence;
    moves[posting.key] += posting.pence;
  }
  if (sum != 0) return no(Refusal::tenders_differ);
  // A claim is a fact. What the card lacks becomes a loss.
  const auto* booked = std::get_if<NoticeBooked>(&event);
  const bool is_claim = booked != nullptr && booked->notice.kind == NoticeKind::claim;
  for (const auto& [key, pence] : moves) {
    const std::int64_t after = balance(key) + pence;
    if (std::abs(after) > balance_pence_max) return no(Refusal::pence_out_of_range);
    if (is_beyond(row_of(key.account).side, after) && !is_claim)
      return no(row_of(key.account).beyond);
  }
  return made;
}

Verdict Ledger::check(const ValueEvent& event) const {
  TRY(checked_draft(event));
  return {};
}

std::expected<std::vector<Posting>, No> Ledger::post(const ValueEvent& event) {
  std::vector<Posting> made = TRY(checked_draft(event));
  std::visit([&](const auto& it) { note(it); }, event);
  for (const Posting& posting : made) add_to(balances_, posting);
  const std::size_t drafted = made.size();
  for (std::size_t i = 0; i < drafted; ++i) {
    const AccountKey key = made[i].key;
    if (key.account == Account::gift_card || key.account == Account::credit_receipt ||
        key.account == Account::held)
      settle(key.card, made);
  }
  if (const auto* card = std::get_if<CardMoved>(&event)) settle(card->card, made);
  std::erase_if(made, [](const Posting& posting) { return posting.pence == 0; });
  return made;
}

void Ledger::add_to(std::map<AccountKey, std::int64_t>& balances, const Posting& posting) {
  if (posting.pence == 0) return;
  const auto found = balances.try_emplace(posting.key, 0).first;
  found->second += posting.pence;
  if (found->second == 0) balances.erase(found);
}

bool Ledger::is_sound() const {
  std::int64_t sum = 0;
  for (const auto& [key, pence] : balances_) {
    if (pence == 0 || pence > balance_pence_max || pence < -balance_pence_max ||
        is_beyond(row_of(key.account).side, pence))
      return false;
    if (sum > 0 ? pence > sum_pence_max - sum : pence < -sum_pence_max - sum) return false;
    sum += pence;
  }
  const auto is_sum = [](std::int64_t pence) { return pence >= 0 && pence <= balance_pence_max; };
  for (const auto& [number, sale] : sales_)
    if (!is_sum(sale.gross_pence) || sale.gross_pence > total_pence_max ||
        !is_sum(sale.vat_pence) || sale.vat_pence > sale.gross_pence ||
        !is_sum(sale.refunded_pence) || sale.refunded_pence > sale.gross_pence)
      return false;
  const auto are_sums = [&](const auto& table) {
    return std::ranges::all_of(table, [&](const auto& row) { return is_sum(row.second); });
  };
  return sum == 0 && are_sums(offline_) && are_sums(exposed_by_order_) &&
         are_sums(exposed_by_day_) && std::ranges::all_of(notices_, [&](const auto& row) {
           return is_sum(row.second.pence) && is_sum(row.second.granted_pence);
         });
}

void Ledger::tell(SiteCode reader, const Notice& notice) {
  // The next in this epoch: one behind the last that the reader is told under it.
  auto after = notices_.upper_bound({reader, epoch_, std::numeric_limits<std::uint32_t>::max()});
  NoticeKey key{reader, epoch_, 0};
  if (after != notices_.begin())
    if (const NoticeKey& last = (--after)->first; last.reader == reader && last.epoch == epoch_)
      key.sequence = last.sequence + 1;
  notices_[key] = notice;
}

void Ledger::settle(const CardDigest& card, std::vector<Posting>& postings) {
  const AccountKey key = liability(card, {});
  const AccountKey loss = of(Account::loss, card);
  const std::int64_t lacks = balance(key);
  const std::int64_t moves = lacks > 0 ? lacks : -std::min(-lacks, balance(loss));
  for (const Posting& posting : {Posting{key, -moves}, Posting{loss, moves}}) {
    add_to(balances_, posting);
    postings.push_back(posting);
  }
  Card& known = cards_[card];
  const bool is_empty = available_pence(card) == 0 && held_pence(card) == 0;
  if (const auto to = next(known.state, is_empty ? CardVerb::spend_out : CardVerb::refill))
    known.state = *to;
}

}  // namespace trade
