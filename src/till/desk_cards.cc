// A desk's tenders: cash, cards at the terminal, gift cards and credit receipts; and what time
// brings to card payments.
#include <algorithm>

#include "till/desk_parts.h"
#include "trade/reconcile.h"

namespace till {
namespace {

using trade::PaymentState;
using trade::PaymentVerb;
using trade::TenderKind;

constexpr std::int64_t resend_ms = 5'000;
// So long after the terminal reached nobody, the line is believed to be up again.
constexpr std::int64_t no_line_ms = 60'000;

// What customers type where a gift card's code is asked for, and should not.
bool looks_like_a_bank_card(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return false;
    ++digits;
  }
  return digits >= 12 && digits <= 19;
}

bool is_no_line(trade::AnswerKind kind) {
  return kind == trade::AnswerKind::no_line || kind == trade::AnswerKind::approved_offline;
}

// Money that belongs to no sale.
bool is_unapplied(const trade::Partition& own, const trade::DocumentNumber& payment) {
  return own.ledger.balance({trade::Account::unapplied, {}, payment}) != 0;
}

// How a payment that belongs to no basket and no sale is given up.
std::optional<PaymentVerb> way_out(const trade::Partition& own, const trade::DocumentNumber& number,
                                   PaymentState state) {
  if (state == PaymentState::asked) return PaymentVerb::reverse;
  if (state == PaymentState::unreached) return PaymentVerb::drop;
  if (!is_unapplied(own, number)) return {};
  if (state == PaymentState::approved) return PaymentVerb::reverse;
  if (state == PaymentState::stored || state == PaymentState::offline_approved)
    return PaymentVerb::drop;
  return {};
}

}  // namespace

bool is_good(PaymentState state) {
  return state == PaymentState::approved || state == PaymentState::offline_approved ||
         state == PaymentState::stored;
}
bool is_waiting(PaymentState state) {
  return state == PaymentState::asked || state == PaymentState::unreached;
}

void Desk::take_cash(const Asker& who, std::int64_t pence, std::optional<std::uint32_t> changes,
                     Told<ShownBasket> told) {
  parts_->change(
      who, std::move(told),
      [pence, changes](Parts& its, const site::View& view,
                       Basket& basket) -> std::expected<void, Why> {
        if (changes && *changes != basket.changes) return refuse(DeskTrouble::basket_changed);
        if (pence <= 0 || pence > trade::total_pence_max)
          return refuse(trade::Refusal::pence_out_of_range);
        if (view.own.shift.state != trade::DrawerState::open)
          return refuse(trade::Refusal::till_not_open);
        const ShownBasket shown = TRY(its.show(view, basket));
        if (!shown.hindrances.empty()) return refuse(DeskTrouble::basket_refused);
        if (shown.left_pence == 0) return refuse(DeskTrouble::over_paid);
        if (basket.tenders.size() == tenders_max) return refuse(DeskTrouble::tenders_full);
        basket.tenders.push_back({++basket.last_tender, TenderKind::cash, pence, {}, {}});
        return {};
      });
}

// Of what is left, so much or all of it.
Desk::Parts::Shown<std::int64_t> Desk::Parts::wanted_pence(const site::View& view,
                                                           std::int64_t pence) const {
  TRY(check_free());
  if (view.own.shift.state != trade::DrawerState::open)
    return refuse(trade::Refusal::till_not_open);
  const ShownBasket shown = TRY(show(view, front));
  if (!shown.hindrances.empty()) return refuse(DeskTrouble::basket_refused);
  if (front.tenders.size() == tenders_max) return refuse(DeskTrouble::tenders_full);
  const std::int64_t left = shown.left_pence - paid(view, front).waiting_pence;
  if (pence < 0) return refuse(trade::Refusal::pence_out_of_range);
  if (left <= 0 || pence > left) return refuse(DeskTrouble::over_paid);
  return pence == 0 ? left : pence;
}

void Desk::take_card(const Asker& who, std::int64_t pence, Told<ShownBasket> told) {
  parts_->ask<ShownBasket>(
      who, std::move(told),
      [who, pence](Parts& its, const site::View& view, Told<ShownBasket> then) {
        if (its.is_known(who, view)) return then(its.show(view, its.front));
        const auto wanted = its.wanted_pence(view, pence);
        if (!wanted) return then(std::unexpected(wanted.error()));
        const auto shared = std::make_shared<Told<ShownBasket>>(std::move(then));
        its.front.is_busy = true;
        const auto answer = [its = its.shared_from_this(), shared](const site::Outcome& outcome,
                                                                   const site::View& now) {
          its->front.is_busy = false;
          if (!outcome) {
            its->has_orphans |= !std::holds_alternative<trade::No>(outcome.error().why);
            return (*shared)(std::unexpected<Why>(outcome.error()));
          }
          const auto& asked = std::get<trade::PaymentMoved>(outcome->event.body);
          if (!outcome->is_repeated && !its->is_over) {
            Basket& basket = its->front;
            basket.tenders.push_back(
                {++basket.last_tender, TenderKind::card, asked.pence, asked.payment, {}});
            ++basket.changes;
            its->terminal.send(
                now.own.payments.charge(trade::card_rules_of(now.own.limits), asked.payment));
          }
          (*shared)(its->show(now, its->front));
        };
        const trade::PaymentMoved move{{}, PaymentVerb::ask, view.tick_ms, *wanted, {}};
        if (its.submit(&who, trade::Body(move), answer)) return;
        its.front.is_busy = false;
        (*shared)(refuse(DeskTrouble::busy));
      });
}

void Desk::take_gift_card(const Asker& who, std::string_view code, std::int64_t pence,
                          Told<ShownBasket> told) {
  if (looks_like_a_bank_card(code)) return told(refuse(trade::Refusal::card_number_shown));
  const auto parsed = trade::parse_card_code(code);
  if (!parsed) return told(refuse(parsed.error()));
  parts_->ask<ShownBasket>(
      who, std::move(told),
      [who, code = *parsed, pence](Parts& its, const site::View& view, Told<ShownBasket> then) {
        if (!its.options.digest) return then(refuse(DeskTrouble::cards_not_keyed));
        if (!is_open(view.own, trade::Capability::gift_cards))
          return then(refuse(trade::Refusal::capability_closed));
        const auto wanted = its.wanted_pence(view, pence);
        if (!wanted) return then(std::unexpected(wanted.error()));
        const trade::CardDigest card = its.options.digest(code);
        if (view.own.ledger.state(card) == trade::CardState::pending) {
          std::int64_t used = *wanted;
          for (const TakenTender& one : its.front.tenders)
            if (one.kind == TenderKind::pending_card && one.card == card) used += one.pence;
          if (used > view.own.ledger.pending_pence(card))
            return then(refuse(trade::Refusal::balance_too_low));
          Basket& basket = its.front;
          basket.tenders.push_back(
              {++basket.last_tender, TenderKind::pending_card, *wanted, {}, card});
          ++basket.changes;
          return then(its.show(view, basket));
        }
        const auto shared = std::make_shared<Told<ShownBasket>>(std::move(then));
        its.front.is_busy = true;  // no other customer's basket stands here when the answer comes
        its.owner.hold(code, *wanted,
                       [its = its.shared_from_this(), shared, card,
                        wanted = *wanted](std::expected<CardHeld, NotHeld> held) {
                         const auto hop = [its, shared, card, wanted, held](const site::View& now) {
                           if (its->is_over) return (*shared)(refuse(DeskTrouble::busy));
                           its->front.is_busy = false;
                           its->add_gift_card(now, card, wanted, held, shared);
                         };
                         if (its->core.ask(hop)) return;
                         its->was_turned_away = true;
                         if (held) its->owner.release(held->hold);
                         (*shared)(refuse(DeskTrouble::busy));
                       });
      });
}

// The owner has answered, or nobody has: then it is taken unasked, as far as the caps go.
void Desk::Parts::add_gift_card(const site::View& view, const trade::CardDigest& card,
                                std::int64_t pence, const std::expected<CardHeld, NotHeld>& held,
                                SharedTold<ShownBasket> told) {
  const auto added = [&]() -> Shown<ShownBasket> {
    if (!held)
      if (const auto* why = std::get_if<trade::No>(&held.error())) return refuse(*why);
    TRY(wanted_pence(view, pence));  // the basket may be another one by now
    TakenTender tender{front.last_tender + 1, TenderKind::gift_card, pence, {}, card};
    if (held) {
      tender.number = held->hold;
      tender.pence = held->pence;
      tender.good_until_tick_ms = view.tick_ms + held->good_ms;
    } else {
      tender.kind = TenderKind::gift_card_offline;
      trade::SaleMade probe{.day = view.own.day};
      for (const TakenTender& one : front.tenders)
        if (one.kind == TenderKind::gift_card_offline)
          probe.tenders.push_back(
              {.kind = one.kind, .pence = one.pence, .card = one.card, .owner = owner.site()});
      probe.tenders.push_back(
          {.kind = tender.kind, .pence = pence, .card = card, .owner = owner.site()});
      const trade::Partition* heard = view.book.find(owner.site());
      const trade::Ledger unheard_of(owner.site(), 0);
      const auto verdict =
          trade::check_offline(view.own.ledger, heard == nullptr ? unheard_of : heard->ledger,
                               trade::offline_caps_of(view.own.limits), probe);
      if (!verdict) return refuse(verdict.error());
    }
    front.last_tender = tender.tender;
    front.tenders.push_back(tender);
    ++front.changes;
    return show(view, front);
  }();
  if (!added && held) owner.release(held->hold);
  (*told)(added);
}

void Desk::take_back(const Asker& who, std::uint32_t tender, Told<ShownBasket> told) {
  parts_->ask<ShownBasket>(
      who, std::move(told),
      [who, tender](Parts& its, const site::View& view, Told<ShownBasket> then) {
        if (its.is_known(who, view)) return then(its.show(view, its.front));
        if (const auto free = its.check_free(); !free) return then(std::unexpected(free.error()));
        Basket& basket = its.front;
        const auto found = std::ranges::find(basket.tenders, tender, &TakenTender::tender);
        if (found == basket.tenders.end()) return then(refuse(DeskTrouble::tender_unknown));
        const TakenTender taken = *found;
        const trade::Payment* payment =
            taken.kind == TenderKind::card ? view.own.payments.find(taken.number) : nullptr;
        const auto verb =
            payment == nullptr ? std::nullopt : way_out(view.own, taken.number, payment->state);
        const auto forget = [tender](Basket& its_basket) {
          std::erase_if(its_basket.tenders,
                        [&](const TakenTender& one) { return one.tender == tender; });
          ++its_basket.changes;
        };
        if (!verb) {
          if (taken.kind == TenderKind::gift_card) its.owner.release(taken.number);
          forget(basket);
          return then(its.show(view, basket));
        }
        const auto shared = std::make_shared<Told<ShownBasket>>(std::move(then));
        basket.is_busy = true;
        const auto answer = [its = its.shared_from_this(), shared, forget](
                                const site::Outcome& outcome, const site::View& now) {
          its->front.is_busy = false;
          if (!outcome) return (*shared)(std::unexpected<Why>(outcome.error()));
          forget(its->front);
          its->send_outstanding(now);
          (*shared)(its->show(now, its->front));
        };
        const trade::PaymentMoved move{taken.number, *verb, view.tick_ms, 0, {}};
        if (its.submit(&who, trade::Body(move), answer)) return;
        basket.is_busy = false;
        (*shared)(refuse(DeskTrouble::busy));
      });
}

void Desk::step() {
  (void)parts_->core.ask([its = parts_](const site::View& view) { its->round(view); });
}

void Desk::Parts::round(const site::View& view) {
  if (is_over) return;
  if (was_turned_away.exchange(false)) front.is_busy = false;
  settle_unsure(view);
  if (has_orphans && !front.is_busy) take_orphans_back(view);
  for (const trade::CardAnswer& answer : terminal.receive()) take_answer(view, answer);
  for (const trade::PaymentMoved& move : view.own.payments.due(
           trade::card_rules_of(view.own.limits), view.tick_ms, may_forward(view)))
    move_payment(move);
  send_outstanding(view);
}

// Once the journal takes entries again, it also says what became of the sale.
void Desk::Parts::settle_unsure(const site::View& view) {
  if (!front.unsure || front.is_busy || !view.no_write_why().empty()) return;
  const bool is_sold = view.requests.find(*front.unsure, view.tick_ms).has_value();
  front.unsure.reset();
  if (is_sold) front = new_basket();
}

void Desk::Parts::move_payment(const trade::PaymentMoved& move, site::Core::Then then) {
  (void)submit(nullptr, trade::Body(move),
               [its = shared_from_this(), then = std::move(then)](const site::Outcome& outcome,
                                                                  const site::View& view) mutable {
                 // What the disk did not take is looked for again.
                 if (!outcome && !std::holds_alternative<trade::No>(outcome.error().why))
                   its->has_orphans = true;
                 if (then) then(outcome, view);
               });
}

void Desk::Parts::take_answer(const site::View& view, const trade::CardAnswer& answer) {
  if (is_no_line(answer.kind))
    no_line_tick_ms = view.tick_ms;
  else
    no_line_tick_ms = -1;
  const trade::PaymentMoved move{answer.payment, trade::verb_of(answer.kind), view.tick_ms, 0,
                                 answer.facts};
  const bool is_no = answer.kind == trade::AnswerKind::no_line;
  move_payment(move, [its = shared_from_this(), is_no, payment = answer.payment](
                         const site::Outcome& outcome, const site::View& now) {
    if (!outcome) return;
    ++its->front.changes;  // its tenders may look different now
    if (is_no) its->store_or_drop(payment, now.tick_ms);
    its->send_outstanding(now);
  });
}

// At our own risk within the caps; beyond them it is no tender.
void Desk::Parts::store_or_drop(const trade::DocumentNumber& payment, std::int64_t tick_ms) {
  move_payment(
      {payment, PaymentVerb::store, tick_ms, 0, {}},
      [its = shared_from_this(), payment](const site::Outcome& outcome, const site::View& now) {
        if (outcome || !std::holds_alternative<trade::No>(outcome.error().why)) return;
        its->move_payment({payment, PaymentVerb::drop, now.tick_ms, 0, {}});
      });
}

// What is left in `unapplied` after a restart is a payment without a sale, or a refund whose
// posting did not follow.
void Desk::Parts::take_orphans_back(const site::View& view) {
  has_orphans = false;
  std::set<trade::DocumentNumber> in_front;
  for (const TakenTender& one : front.tenders) in_front.insert(one.number);
  for (const auto& [number, payment] : view.own.payments.all()) {
    if (in_front.contains(number)) continue;
    if (const auto verb = way_out(view.own, number, payment.state)) {
      move_payment({number, *verb, view.tick_ms, 0, {}});
      continue;
    }
    const bool is_paid =
        payment.state == PaymentState::captured || payment.state == PaymentState::accepted;
    if (!is_paid || !is_unapplied(view.own, number)) continue;
    const std::int64_t pence = -view.own.ledger.balance({trade::Account::unapplied, {}, number});
    const trade::PaymentPosted posted{number, trade::PaymentStep::refund, pence,
                                      view.own.number(view.own.last_counter)};
    (void)submit(nullptr, trade::Body(posted), [](const site::Outcome&, const site::View&) {});
  }
}

void Desk::Parts::send_outstanding(const site::View& view) {
  if (is_over) return;
  decltype(sent) still;
  for (const trade::CardRequest& request : view.own.payments.outstanding()) {
    const auto key = std::pair(request.payment, request.kind);
    const auto before = sent.find(key);
    const bool is_due = before == sent.end() || view.tick_ms - before->second >= resend_ms;
    if (is_due) terminal.send(request);
    still[key] = is_due ? view.tick_ms : before->second;
  }
  sent = std::move(still);
}

// The oldest that was taken offline goes first, and not before it is in a sale: till then it can
// still be given up.
bool Desk::Parts::may_forward(const site::View& view) const {
  const auto& queue = view.own.payments.queue();
  if (queue.empty() || is_unapplied(view.own, queue.begin()->second)) return false;
  return no_line_tick_ms < 0 || view.tick_ms - no_line_tick_ms >= no_line_ms;
}

}  // namespace till
