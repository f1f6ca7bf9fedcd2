#include "trade/terminal.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/result.h"

namespace trade {
namespace {

using State = PaymentState;
using Act = PaymentVerb;
using Step = PaymentStep;

constexpr auto payment_moves = std::to_array<PaymentMove>({
    {State::none, Act::ask, State::asked},
    {State::asked, Act::approve, State::approved, Step::charge},
    {State::asked, Act::decline, State::declined},
    {State::asked, Act::no_line, State::unreached},
    {State::asked, Act::approve_offline, State::offline_approved, Step::store},
    {State::asked, Act::time_out, State::unknown},
    {State::asked, Act::reverse, State::reversing},
    {State::unreached, Act::store, State::stored, Step::store},
    {State::unreached, Act::drop, State::dropped},
    {State::approved, Act::capture, State::captured},
    {State::approved, Act::reverse, State::reversing, Step::reverse},
    // The customer was told that it failed: a late answer changes nothing but that.
    {State::unknown, Act::approve, State::unknown},
    {State::unknown, Act::decline, State::declined},
    {State::unknown, Act::no_line, State::declined},
    {State::unknown, Act::approve_offline, State::unknown},
    {State::unknown, Act::reverse, State::reversing},
    {State::reversing, Act::approve, State::reversing},
    {State::reversing, Act::decline, State::reversing},
    {State::reversing, Act::no_line, State::reversing},
    {State::reversing, Act::approve_offline, State::reversing},
    {State::reversing, Act::confirm_reversal, State::reversed},
    // Charged after all, or an old answer that took its time: it is taken back once more.
    {State::reversed, Act::approve, State::reversing},
    {State::declined, Act::approve, State::reversing},
    // The same answer again.
    {State::reversed, Act::confirm_reversal, State::reversed},
    {State::reversed, Act::decline, State::reversed},
    {State::approved, Act::approve, State::approved},
    {State::captured, Act::approve, State::captured},
    {State::declined, Act::decline, State::declined},
    {State::accepted, Act::accept, State::accepted},
    {State::refused_late, Act::refuse_late, State::refused_late},
    {State::settled, Act::refuse_late, State::settled},
    // What was taken without the acquirer. It is reversed no more: before it is sent it can be
    // dropped, after that only its answer says what became of it.
    {State::offline_approved, Act::forward, State::presenting},
    {State::offline_approved, Act::drop, State::dropped, Step::drop},
    {State::offline_approved, Act::lapse, State::over_age, Step::become_debt},
    {State::presenting, Act::accept, State::accepted, Step::forward},
    {State::presenting, Act::refuse_late, State::refused_late, Step::become_debt},
    {State::stored, Act::forward, State::forwarding},
    {State::stored, Act::drop, State::dropped, Step::drop},
    {State::stored, Act::lapse, State::over_age, Step::become_debt},
    {State::forwarding, Act::accept, State::accepted, Step::forward},
    {State::forwarding, Act::refuse_late, State::refused_late, Step::become_debt},
    {State::refused_late, Act::pay_debt, State::settled, Step::pay_debt},
    {State::refused_late, Act::write_off, State::settled, Step::write_off},
    {State::over_age, Act::pay_debt, State::settled, Step::pay_debt},
    {State::over_age, Act::write_off, State::settled, Step::write_off},
});

bool is_open(State state) {
  return state == State::asked || state == State::unknown || state == State::reversing;
}
bool is_queued(State state) {
  return state == State::offline_approved || state == State::presenting || state == State::stored ||
         state == State::forwarding;
}
bool is_sent(State state) { return state == State::presenting || state == State::forwarding; }
bool is_own_risk(State state) { return state == State::stored || state == State::forwarding; }

std::ptrdiff_t digits_in(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
}

const PaymentMove* find_move(State from, Act verb) {
  const auto found = std::ranges::find_if(payment_moves, [&](const PaymentMove& move) {
    return move.from == from && move.verb == verb;
  });
  return found == payment_moves.end() ? nullptr : &*found;
}

}  // namespace

std::span<const PaymentMove> moves_of(PaymentVerb) { return payment_moves; }

Verdict check_facts(const CardFacts& facts) {
  if (digits_in(facts.masked.view()) > 4) return no(Refusal::card_number_shown);
  const std::string_view token = facts.token.view();
  const bool is_all_digits = digits_in(token) == static_cast<std::ptrdiff_t>(token.size());
  if (is_all_digits && token.size() >= 12 && token.size() <= 19)
    return no(Refusal::card_number_shown);
  return {};
}

PaymentVerb verb_of(AnswerKind answer) {
  constexpr std::array verbs{Act::approve,         Act::decline,          Act::no_line,
                             Act::approve_offline, Act::confirm_reversal, Act::accept,
                             Act::refuse_late};
  static_assert(verbs.size() == count_of<AnswerKind>);
  return verbs[static_cast<std::size_t>(answer)];
}

const Payment* CardPayments::find(const DocumentNumber& payment) const {
  const auto found = payments_.find(payment);
  return found == payments_.end() ? nullptr : &found->second;
}

std::expected<std::optional<PaymentPosted>, No> CardPayments::check(
    const PaymentMoved& move) const {
  if (!move.payment.given()) return no(Refusal::number_bad);
  const Payment* known = find(move.payment);
  const PaymentMove* row = find_move(known == nullptr ? State::none : known->state, move.verb);
  if (row == nullptr) return no(Refusal::move_not_listed);
  if (move.verb == Act::ask && (move.pence <= 0 || move.pence > total_pence_max))
    return no(Refusal::pence_out_of_range);
  TRY(check_facts(move.facts));
  if (!row->posts) return std::nullopt;
  CHECK(known != nullptr);
  return PaymentPosted{move.payment, *row->posts, known->pence, move.payment};
}

std::expected<std::optional<PaymentPosted>, No> CardPayments::post(const PaymentMoved& move) {
  const auto posted = TRY(check(move));
  const Payment* known = find(move.payment);
  Payment payment = known == nullptr ? Payment{} : *known;
  const State to = find_move(payment.state, move.verb)->to;
  if (move.verb == Act::ask) payment.pence = move.pence, payment.asked_tick_ms = move.tick_ms;
  if (!is_queued(payment.state) && is_queued(to)) payment.stored_tick_ms = move.tick_ms;
  if (move.facts != CardFacts{}) payment.facts = move.facts;
  file(move.payment, payment, to);
  return posted;
}

// Puts the payment into its new state, and into the lists that its state belongs to.
void CardPayments::file(const DocumentNumber& number, const Payment& payment, State to) {
  const State from = payment.state;
  if (is_open(to)) open_.insert(number);
  if (!is_open(to)) open_.erase(number);
  if (!is_queued(from) && is_queued(to)) queue_.emplace(++queued_, number);
  if (is_queued(from) && !is_queued(to))
    std::erase_if(queue_, [&](const auto& turn) { return turn.second == number; });
  const int change = (is_own_risk(to) ? 1 : 0) - (is_own_risk(from) ? 1 : 0);
  stored_count_ += change;
  stored_pence_ += change * payment.pence;
  Payment& kept = payments_[number];
  kept = payment;
  kept.state = to;
}

bool CardPayments::restore() {
  std::size_t queued = 0;
  for (const auto& [number, payment] : payments_) {
    if (payment.state == State::none || payment.pence <= 0 || payment.pence > total_pence_max)
      return false;
    if (is_open(payment.state)) open_.insert(number);
    if (is_own_risk(payment.state)) ++stored_count_, stored_pence_ += payment.pence;
    if (is_queued(payment.state)) ++queued;
  }
  std::set<DocumentNumber> seen;
  for (const auto& [turn, number] : queue_) {
    const Payment* payment = find(number);
    if (turn == 0 || turn > queued_ || payment == nullptr || !is_queued(payment->state) ||
        !seen.insert(number).second)
      return false;
  }
  return queued == queue_.size();
}

Verdict CardPayments::check_store(const CardRules& rules, const DocumentNumber& payment) const {
  const Payment* known = find(payment);
  if (known == nullptr || known->state != State::unreached) return no(Refusal::move_not_listed);
  if (known->pence > rules.store_sale_pence_max ||
      known->pence > rules.store_till_pence_max - stored_pence_ ||
      stored_count_ >= rules.store_count_max)
    return no(Refusal::over_store_cap);
  if (known->facts.entry == EntryMode::contactless &&
      known->pence > rules.store_contactless_pence_max)
    return no(Refusal::contactless_limit);
  return {};
}

CardRequest CardPayments::charge(const CardRules& rules, const DocumentNumber& payment) const {
  const Payment* known = find(payment);
  CHECK(known != nullptr && known->state == State::asked);
  return {.kind = RequestKind::charge,
          .payment = payment,
          .pence = known->pence,
          .contactless_pence_max = rules.contactless_pence_max};
}

std::vector<CardRequest> CardPayments::outstanding() const {
  std::vector<CardRequest> requests;
  for (const DocumentNumber& number : open_)
    if (const Payment& payment = payments_.at(number); payment.state == State::reversing)
      requests.push_back({.kind = RequestKind::reverse, .payment = number, .pence = payment.pence});
  if (queue_.empty()) return requests;
  const DocumentNumber& first = queue_.begin()->second;
  const Payment& oldest = payments_.at(first);
  if (is_sent(oldest.state))
    requests.push_back({.kind = RequestKind::forward,
                        .payment = first,
                        .pence = oldest.pence,
                        .token = oldest.facts.token,
                        .stored_tick_ms = oldest.stored_tick_ms});
  return requests;
}

std::vector<PaymentMoved> CardPayments::due(const CardRules& rules, std::int64_t tick_ms,
                                            bool is_line_up) const {
  std::vector<PaymentMoved> moves;
  for (const DocumentNumber& number : open_) {
    const Payment& payment = payments_.at(number);
    if (payment.state == State::asked && tick_ms - payment.asked_tick_ms >= rules.answer_ms_max)
      moves.push_back({number, Act::time_out, tick_ms});
    if (payment.state == State::unknown) moves.push_back({number, Act::reverse, tick_ms});
  }
  bool is_first = true;
  for (const auto& [turn, number] : queue_) {
    const Payment& payment = payments_.at(number);
    // What was sent may have been charged; only the acquirer can say that it is too old.
    if (is_sent(payment.state)) {
      is_first = false;
    } else if (tick_ms - payment.stored_tick_ms > rules.store_age_ms_max) {
      moves.push_back({number, Act::lapse, tick_ms});
    } else {
      if (is_first && is_line_up) moves.push_back({number, Act::forward, tick_ms});
      break;  // the others are younger
    }
  }
  return moves;
}

}  // namespace trade
