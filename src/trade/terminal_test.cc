#include "trade/terminal.h"

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "trade/testing/acquirer.h"
#include "trade/testing/value_kit.h"

namespace trade {
namespace {

using namespace testing;
using namespace testing::value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t hour_ms = 3'600'000;
constexpr CardRules rules{.answer_ms_max = 45'000,
                          .contactless_pence_max = 10'000,
                          .store_sale_pence_max = 8'000,
                          .store_till_pence_max = 600'000,
                          .store_count_max = 150,
                          .store_contactless_pence_max = 4'000};

DocumentNumber ours(std::uint32_t counter) { return number(store_code, counter); }

std::string_view move(CardPayments& payments, std::uint32_t payment, PaymentVerb verb,
                      std::int64_t pence = 0, const CardFacts& facts = {}) {
  const auto posted = payments.post({ours(payment), verb, 0, pence, facts});
  if (!posted) return row_of(posted.error().why).name;
  return text_of(payments.find(ours(payment))->state);
}

TEST(Payment, lives_by_its_table_and_by_nothing_else) {
  std::set<std::string> listed;
  for (std::size_t s = 0; s < count_of<PaymentState>; ++s)
    for (std::size_t v = 0; v < count_of<PaymentVerb>; ++v) {
      const auto state = static_cast<PaymentState>(s);
      const auto verb = static_cast<PaymentVerb>(v);
      const auto to = next(state, verb);
      if (to)
        listed.insert(std::string(text_of(state)) + " " + std::string(text_of(verb)) + " " +
                      std::string(text_of(*to)));
    }
  const std::set<std::string> expected{"none ask asked",
                                       "asked approve approved",
                                       "asked decline declined",
                                       "asked no_line unreached",
                                       "asked approve_offline offline_approved",
                                       "asked time_out unknown",
                                       "asked reverse reversing",
                                       "unreached store stored",
                                       "unreached drop dropped",
                                       "approved capture captured",
                                       "approved reverse reversing",
                                       "approved approve approved",
                                       "captured approve captured",
                                       "unknown approve unknown",
                                       "unknown decline declined",
                                       "unknown no_line declined",
                                       "unknown approve_offline unknown",
                                       "unknown reverse reversing",
                                       "reversing approve reversing",
                                       "reversing decline reversing",
                                       "reversing no_line reversing",
                                       "reversing approve_offline reversing",
                                       "reversing confirm_reversal reversed",
                                       "reversed approve reversing",
                                       "reversed confirm_reversal reversed",
                                       "reversed decline reversed",
                                       "declined approve reversing",
                                       "declined decline declined",
                                       "offline_approved forward presenting",
                                       "offline_approved drop dropped",
                                       "offline_approved lapse over_age",
                                       "presenting accept accepted",
                                       "presenting refuse_late refused_late",
                                       "stored forward forwarding",
                                       "stored drop dropped",
                                       "stored lapse over_age",
                                       "forwarding accept accepted",
                                       "forwarding refuse_late refused_late",
                                       "accepted accept accepted",
                                       "refused_late refuse_late refused_late",
                                       "refused_late pay_debt settled",
                                       "refused_late write_off settled",
                                       "over_age pay_debt settled",
                                       "over_age write_off settled",
                                       "settled refuse_late settled"};
  EXPECT_EQ(listed, expected);
}

// Only two ways lead to a charge that counts, and none leads from one to the other: a payment that
// may have been charged is never stored, and one that was stored is never asked for.
TEST(Payment, can_be_charged_in_one_way_only) {
  const auto reaches = [](PaymentState from) {
    std::set<PaymentState> seen{from};
    for (std::size_t round = 0; round < count_of<PaymentState>; ++round)
      for (const PaymentMove& it : moves_of(PaymentVerb{}))
        if (seen.contains(it.from)) seen.insert(it.to);
    return seen;
  };
  for (const PaymentState from : {PaymentState::approved, PaymentState::unknown,
                                  PaymentState::reversing, PaymentState::declined}) {
    EXPECT_FALSE(reaches(from).contains(PaymentState::stored)) << text_of(from);
    EXPECT_FALSE(reaches(from).contains(PaymentState::offline_approved)) << text_of(from);
  }
  for (const PaymentState from : {PaymentState::unreached, PaymentState::offline_approved})
    EXPECT_FALSE(reaches(from).contains(PaymentState::approved)) << text_of(from);
  for (const PaymentState from : {PaymentState::unknown, PaymentState::reversing}) {
    EXPECT_FALSE(reaches(from).contains(PaymentState::approved)) << text_of(from);
    EXPECT_TRUE(reaches(from).contains(PaymentState::reversed)) << text_of(from);
  }
}

TEST(Payment, approved_after_our_reversal_was_asked_for_ends_as_reversed) {
  CardPayments payments;
  EXPECT_EQ(move(payments, 1, PaymentVerb::ask, 500), "asked");
  EXPECT_THAT(payments.due(rules, 44'999, true), IsEmpty());
  EXPECT_THAT(payments.due(rules, 45'000, true),
              ElementsAre(PaymentMoved{ours(1), PaymentVerb::time_out, 45'000}));
  EXPECT_EQ(move(payments, 1, PaymentVerb::time_out), "unknown");
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve), "unknown");
  EXPECT_THAT(payments.due(rules, 45'001, true),
              ElementsAre(PaymentMoved{ours(1), PaymentVerb::reverse, 45'001}));
  EXPECT_EQ(move(payments, 1, PaymentVerb::reverse), "reversing");
  ASSERT_EQ(payments.outstanding().size(), 1u);
  EXPECT_EQ(payments.outstanding()[0].kind, RequestKind::reverse);
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve), "reversing");
  EXPECT_EQ(move(payments, 1, PaymentVerb::confirm_reversal), "reversed");
  EXPECT_THAT(payments.outstanding(), IsEmpty());
  // From an acquirer that forgot: once more.
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve), "reversing");
  EXPECT_EQ(payments.outstanding().size(), 1u);
}

TEST(Payment, posts_to_the_ledger_once) {
  CardPayments payments;
  Kept ledger(store_code, 1);
  const auto step = [&](PaymentVerb verb, std::int64_t pence = 0) {
    const auto posted = payments.post({ours(1), verb, 0, pence, {}});
    CHECK(posted.has_value());
    if (*posted) must(ledger, **posted);
  };
  step(PaymentVerb::ask, 500);
  EXPECT_EQ(ledger.total(Account::unapplied), 0);
  step(PaymentVerb::no_line);
  step(PaymentVerb::store);
  EXPECT_EQ(ledger.total(Account::card_stored), 500);
  step(PaymentVerb::forward);
  step(PaymentVerb::refuse_late);
  step(PaymentVerb::refuse_late);
  EXPECT_EQ(ledger.total(Account::card_debt), 500);
  EXPECT_EQ(ledger.total(Account::card_receivable), 0);
  step(PaymentVerb::pay_debt);
  EXPECT_EQ(ledger.total(Account::cash), 500);
}

TEST(Payment, that_is_in_a_sale_is_not_reversed_or_dropped) {
  CardPayments payments;
  Kept ledger(store_code, 1);
  const auto check = [&](std::uint32_t payment, PaymentVerb verb) {
    const auto posting = payments.check({ours(payment), verb, 0, 0, {}});
    CHECK(posting.has_value() && posting->has_value());
    const auto may = ledger.check(**posting);
    return may ? "done" : row_of(may.error().why).name;
  };
  const auto take = [&](std::uint32_t payment, PaymentVerb answer, PaymentVerb undo) {
    must(ledger, **payments.post({ours(payment), answer, 0, 0, {}}));
    EXPECT_EQ(check(payment, undo), "done");
    must(ledger, sale(ours(payment + 10), 500, {by_card(500, ours(payment))}));
    EXPECT_EQ(check(payment, undo), "over_payment");
  };
  move(payments, 1, PaymentVerb::ask, 500), move(payments, 2, PaymentVerb::ask, 500);
  take(1, PaymentVerb::approve, PaymentVerb::reverse);
  take(2, PaymentVerb::approve_offline, PaymentVerb::drop);
}

TEST(Payment, at_our_own_risk_has_caps_per_sale_and_till_and_a_limit_contactless) {
  CardPayments payments;
  CardRules few = rules;
  few.store_count_max = 2;
  few.store_till_pence_max = 9'000;
  const auto ask = [&](std::uint32_t number, std::int64_t pence, EntryMode entry) {
    CardFacts facts;
    facts.entry = entry;
    move(payments, number, PaymentVerb::ask, pence);
    move(payments, number, PaymentVerb::no_line, 0, facts);
    const auto may = payments.check_store(few, ours(number));
    return may ? "done" : row_of(may.error().why).name;
  };
  EXPECT_EQ(ask(1, 8'001, EntryMode::chip_and_pin), "over_store_cap");
  EXPECT_EQ(ask(2, 4'001, EntryMode::contactless), "contactless_limit");
  EXPECT_EQ(ask(3, 4'000, EntryMode::contactless), "done");
  EXPECT_EQ(ask(4, 8'000, EntryMode::chip_and_pin), "done");
  EXPECT_EQ(move(payments, 4, PaymentVerb::store), "stored");
  EXPECT_EQ(ask(5, 1'001, EntryMode::chip_and_pin), "over_store_cap");
  EXPECT_EQ(ask(6, 1'000, EntryMode::chip_and_pin), "done");
  EXPECT_EQ(move(payments, 6, PaymentVerb::store), "stored");
  EXPECT_EQ(ask(7, 1, EntryMode::chip_and_pin), "over_store_cap");
  EXPECT_EQ(move(payments, 4, PaymentVerb::drop), "dropped");
  EXPECT_EQ(ask(8, 1, EntryMode::chip_and_pin), "done");
  EXPECT_EQ(payments.check_store(CardRules{}, ours(8)).error().why, Refusal::over_store_cap);
  EXPECT_EQ(payments.check_store(few, ours(4)).error().why, Refusal::move_not_listed);
  EXPECT_EQ(payments.check_store(few, ours(99)).error().why, Refusal::move_not_listed);
}

TEST(Payment, of_the_queue_goes_alone_and_in_order_and_lapses_when_it_is_too_old) {
  CardPayments payments;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    move(payments, i, PaymentVerb::ask, 100);
    ASSERT_TRUE(payments.post({ours(i), PaymentVerb::approve_offline, i * hour_ms, 0, {}}));
  }
  EXPECT_THAT(payments.due(rules, 25 * hour_ms, false), IsEmpty());
  EXPECT_THAT(payments.due(rules, 25 * hour_ms, true),
              ElementsAre(PaymentMoved{ours(1), PaymentVerb::forward, 25 * hour_ms}));
  EXPECT_THAT(payments.due(rules, 25 * hour_ms + 1, true),
              ElementsAre(PaymentMoved{ours(1), PaymentVerb::lapse, 25 * hour_ms + 1},
                          PaymentMoved{ours(2), PaymentVerb::forward, 25 * hour_ms + 1}));
  EXPECT_EQ(move(payments, 1, PaymentVerb::forward), "presenting");
  // What was sent may have been charged: no age makes it a debt, only an answer.
  EXPECT_THAT(payments.due(rules, 26 * hour_ms + 1, true),
              ElementsAre(PaymentMoved{ours(2), PaymentVerb::lapse, 26 * hour_ms + 1}));
  ASSERT_EQ(payments.outstanding().size(), 1u);
  EXPECT_EQ(payments.outstanding()[0].payment, ours(1));
  EXPECT_EQ(payments.stored_count(), 0);  // the issuer's risk, not ours
}

TEST(Payment, keeps_no_card_number) {
  CardPayments payments;
  move(payments, 1, PaymentVerb::ask, 100);
  CardFacts facts;
  facts.masked = *Text<19>::of("4111111111111111");
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve, 0, facts), "card_number_shown");
  facts.masked = *Text<19>::of("411111******1111");
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve, 0, facts), "card_number_shown");
  facts.masked = *Text<19>::of("************1111");
  facts.token = *Text<32>::of("4111111111111111");
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve, 0, facts), "card_number_shown");
  facts.token = *Text<32>::of("41111111111111110000");
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve, 0, facts), "approved");
}

TEST(Payment, is_asked_for_with_an_amount_and_a_number) {
  CardPayments payments;
  EXPECT_EQ(move(payments, 0, PaymentVerb::ask, 100), "number_bad");
  EXPECT_EQ(move(payments, 1, PaymentVerb::ask, 0), "pence_out_of_range");
  EXPECT_EQ(move(payments, 1, PaymentVerb::ask, total_pence_max + 1), "pence_out_of_range");
  EXPECT_EQ(move(payments, 1, PaymentVerb::approve), "move_not_listed");
  EXPECT_EQ(payments.find(ours(1)), nullptr);
  EXPECT_EQ(move(payments, 1, PaymentVerb::ask, 100), "asked");
  EXPECT_EQ(move(payments, 1, PaymentVerb::ask, 100), "move_not_listed");
}

// A till under load with its ledger and its journal of moves. Power fails: what was in memory is
// read back from the journal, and what was about to be sent was not.
class Till {
 public:
  Till(std::uint64_t seed, const Faults& faults)
      : prng_(base::mix(seed)), terminal_(seed, faults, rules.store_age_ms_max) {}

  TerminalSimulator& terminal() { return terminal_; }
  const CardPayments& payments() const { return payments_; }
  const Kept& ledger() const { return ledger_; }
  const std::vector<DocumentNumber>& taken_offline() const { return taken_offline_; }
  int strange() const { return strange_; }
  int cash_only() const { return cash_only_; }

  // So long, half a minute at a time, a new customer every few minutes if there are any.
  void run(std::int64_t ms, bool is_open) {
    for (const std::int64_t until = now_ms_ + ms; now_ms_ < until; now_ms_ += 30'000) {
      terminal_.advance(now_ms_);
      for (const CardAnswer& answer : terminal_.receive()) hear(answer);
      // The till may believe in a line that is dead.
      const bool is_line_up = terminal_.is_up(now_ms_) || prng_.below(400) == 0;
      for (const PaymentMoved& move : payments_.due(rules, now_ms_, is_line_up)) commit(move);
      if (prng_.below(500) == 0) restart();
      for (const CardRequest& request : payments_.outstanding()) terminal_.send(request);
      if (is_open && prng_.below(7) == 0) serve();
      must_hold(payments_.stored_count() <= rules.store_count_max, "stored too many");
      must_hold(payments_.stored_pence() <= rules.store_till_pence_max, "stored too much");
    }
  }

 private:
  // Quicker than RC_ASSERT, which keeps its words for every step that went well.
  static void must_hold(bool holds, const char* what) {
    if (!holds) RC_FAIL(what);
  }
  void commit(const PaymentMoved& move) {
    const auto posted = payments_.post(move);
    must_hold(posted.has_value(), "a move was refused");
    if (*posted) must_hold(ledger_.post(**posted).has_value(), "a posting was refused");
    journal_.push_back(move);
  }

  void restart() {
    CardPayments again;
    for (const PaymentMoved& move : journal_)
      must_hold(again.post(move).has_value(), "the journal is refused");
    must_hold(again == payments_, "a restart knows something else");
    payments_ = std::move(again);
  }

  void serve() {
    const DocumentNumber payment = ours(++counter_);
    const auto pence = static_cast<std::int64_t>(1 + prng_.below(12'000));
    commit({payment, PaymentVerb::ask, now_ms_, pence});
    if (prng_.below(100) == 0) return restart();  // before it could be sent
    if (prng_.below(100) == 0)
      commit({payment, PaymentVerb::reverse, now_ms_});  // changed his mind
    if (payments_.find(payment)->state == PaymentState::asked)
      terminal_.send(payments_.charge(rules, payment));
  }

  void hear(const CardAnswer& answer) {
    const Payment* known = payments_.find(answer.payment);
    RC_ASSERT(known != nullptr);
    const PaymentState before = known->state;
    if (!next(before, verb_of(answer.kind))) {
      ++strange_;
      return;
    }
    commit({answer.payment, verb_of(answer.kind), now_ms_, 0, answer.facts});
    RC_ASSERT(known->facts.entry != EntryMode::contactless ||
              known->pence <= rules.contactless_pence_max);
    if (before == PaymentState::asked) finish(answer.payment);
  }

  // The customer is still there.
  void finish(const DocumentNumber& payment) {
    const auto state = [&] { return payments_.find(payment)->state; };
    if (state() == PaymentState::unreached) {
      const bool may = payments_.check_store(rules, payment).has_value();
      if (!may) ++cash_only_;
      commit({payment, may ? PaymentVerb::store : PaymentVerb::drop, now_ms_});
    }
    const bool is_offline =
        state() == PaymentState::stored || state() == PaymentState::offline_approved;
    if (!is_offline && state() != PaymentState::approved) return;
    if (prng_.below(20) == 0)
      return commit({payment, is_offline ? PaymentVerb::drop : PaymentVerb::reverse, now_ms_});
    const std::int64_t pence = payments_.find(payment)->pence;
    RC_ASSERT(ledger_.post(sale(ours(++counter_), pence, {by_card(pence, payment)})).has_value());
    if (is_offline) taken_offline_.push_back(payment);
    if (!is_offline) commit({payment, PaymentVerb::capture, now_ms_});
  }

  base::Prng prng_;
  TerminalSimulator terminal_;
  CardPayments payments_;
  Kept ledger_{store_code, 1};
  std::vector<PaymentMoved> journal_;
  std::vector<DocumentNumber> taken_offline_;  // and sold, in this order
  std::int64_t now_ms_ = 0;
  std::uint32_t counter_ = 0;
  int strange_ = 0, cash_only_ = 0;
};

struct Tally {
  int accepted = 0, refused_late = 0, over_age = 0, reversed = 0, charged_twice = 0;
};

// What the acquirer's own books say against ours, payment by payment.
Tally compare(const Till& till, const Acquirer& acquirer) {
  std::map<DocumentNumber, std::int64_t> charged;
  std::map<DocumentNumber, int> times;
  for (const Acquirer::Charge& charge : acquirer.charges()) {
    if (charge.is_reversed) continue;
    charged[charge.payment] += charge.pence;
    ++times[charge.payment];
  }
  Tally tally;
  std::int64_t debts = 0;
  for (const auto& [number, payment] : till.payments().all()) {
    const bool is_charged =
        payment.state == PaymentState::captured || payment.state == PaymentState::accepted;
    const std::set<PaymentState> ends{PaymentState::captured, PaymentState::accepted,
                                      PaymentState::declined, PaymentState::reversed,
                                      PaymentState::dropped,  PaymentState::refused_late,
                                      PaymentState::over_age};
    RC_ASSERT(ends.contains(payment.state));
    tally.charged_twice += times[number] > 1;
    RC_ASSERT(times[number] == (is_charged ? 1 : 0));
    RC_ASSERT(charged[number] == (is_charged ? payment.pence : 0));
    if (is_debt(payment.state)) debts += payment.pence;
    tally.accepted += payment.state == PaymentState::accepted;
    tally.refused_late += payment.state == PaymentState::refused_late;
    tally.over_age += payment.state == PaymentState::over_age;
    tally.reversed += payment.state == PaymentState::reversed;
  }
  RC_ASSERT(till.ledger().total(Account::card_receivable) == acquirer.owes_pence());
  RC_ASSERT(till.ledger().total(Account::card_debt) == debts);
  RC_ASSERT(till.ledger().total(Account::card_stored) == 0);
  RC_ASSERT(till.ledger().total(Account::unapplied) == 0);
  RC_ASSERT(fault_of(till.ledger()).empty());
  return tally;
}

Tally lose_the_acquirer(std::uint64_t seed, std::int64_t cut_ms, Till& till) {
  const std::int64_t from = 2 * hour_ms + static_cast<std::int64_t>(seed % 3'600'000);
  till.terminal().cut(from, from + cut_ms);
  till.run(from + cut_ms + hour_ms, true);
  // The shop closes, and what is on its way arrives.
  till.run(12 * hour_ms, false);
  const Acquirer& acquirer = till.terminal().acquirer();
  // Once each, in the order in which they were taken; those that never went are too old or dropped.
  std::vector<DocumentNumber> sent;
  for (const DocumentNumber& number : till.taken_offline())
    if (till.payments().find(number)->state != PaymentState::over_age) sent.push_back(number);
  RC_ASSERT((acquirer.forwards() == sent));
  return compare(till, acquirer);
}

RC_GTEST_PROP(LostAcquirer, for_26_hours_charges_nobody_twice_and_leaves_debts_that_are_seen,
              (std::uint64_t seed)) {
  Till till(seed, {});
  const Tally tally = lose_the_acquirer(seed, 26 * hour_ms, till);
  RC_ASSERT(tally.accepted > 0 && tally.over_age > 0);
  // Time in the queue is less than its longest.
  for (const auto& [number, payment] : till.payments().all())
    RC_ASSERT(payment.state != PaymentState::over_age || payment.stored_tick_ms > 0);
}

RC_GTEST_PROP(LostAcquirer, on_a_bad_line_charges_nobody_twice_either, (std::uint64_t seed)) {
  const Faults bad{.declined = 20,
                   .request_lost = 20,
                   .request_late = 20,
                   .answer_lost = 20,
                   .answer_late = 20,
                   .answer_twice = 40,
                   .approved_offline = 50};
  Till till(seed, bad);
  lose_the_acquirer(seed, static_cast<std::int64_t>(seed % 8) * hour_ms, till);
}

TEST(LostAcquirer, meets_every_end_of_a_payment_in_these_tests) {
  Tally all;
  int cash_only = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Till till(seed, {});
    const Tally tally = lose_the_acquirer(seed, 26 * hour_ms, till);
    all.accepted += tally.accepted, all.refused_late += tally.refused_late;
    all.over_age += tally.over_age, all.reversed += tally.reversed;
    all.charged_twice += tally.charged_twice;
    cash_only += till.cash_only();
    EXPECT_EQ(till.strange(), 0);
  }
  EXPECT_GT(all.accepted, 500);
  EXPECT_GT(all.refused_late, 20);
  EXPECT_GT(all.over_age, 50);
  EXPECT_GT(all.reversed, 20);
  EXPECT_GT(cash_only, 100);
  EXPECT_EQ(all.charged_twice, 0);
  std::printf(
      "forwarded and accepted: %d\nrefused late: %d\nover age: %d\nreversed: %d\n"
      "payments charged twice: %d\n",
      all.accepted, all.refused_late, all.over_age, all.reversed, all.charged_twice);
}

}  // namespace
}  // namespace trade
