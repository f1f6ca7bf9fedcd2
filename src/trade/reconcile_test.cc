#include "trade/reconcile.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"
#include "trade/testing/value_kit.h"

namespace trade {
namespace {

using namespace testing::value;
using ::testing::ElementsAre;

constexpr OfflineCaps caps{5'000, 8'000, 12'000};
constexpr std::uint16_t first_store = 42;

SiteCode store_at(std::size_t at) {
  return static_cast<SiteCode>(first_store + static_cast<std::uint16_t>(at));
}

std::string_view answer(const Ledger& own, const Ledger& heard, const ValueEvent& event) {
  const auto allowed = check_offline(own, heard, caps, event);
  return allowed ? "done" : row_of(allowed.error().why).name;
}

SaleMade offline_sale(SiteCode site, std::uint32_t counter, const CardDigest& card,
                      std::int64_t pence, Day day = today) {
  return sale(number(site, counter), pence, {gift(TenderKind::gift_card_offline, pence, card)},
              day);
}

TEST(Offline, takes_from_a_card_what_was_heard_of_it_up_to_the_cap_of_the_day) {
  Ledger owner(owner_code, 1), store(store_code, 1);
  const CardDigest card = card_of(1);
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 1, card, 100)), "card_not_heard_of");
  activate(owner, card, 7'000);
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 1, card, 5'001)), "over_offline_cap");
  must(store, offline_sale(store_code, 1, card, 4'000));
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 2, card, 1'001)), "over_offline_cap");
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 2, card, 1'000)), "done");
  // Another day, another cap; but there is no more on it than there is.
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 2, card, 3'001, in_days(1))),
            "balance_too_low");
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 2, card, 3'000, in_days(1))), "done");
  SaleMade parts = offline_sale(store_code, 2, card, 600);
  parts.tenders.push_back(parts.tenders[0]);
  EXPECT_EQ(answer(store, owner, parts), "over_offline_cap");
  must(owner, CardMoved{card, CardVerb::freeze});
  EXPECT_EQ(answer(store, owner, offline_sale(store_code, 2, card, 100)), "card_not_heard_of");
}

TEST(Offline, refunds_another_sites_order_up_to_the_caps) {
  Ledger online(owner_code, 1), store(store_code, 1);
  const auto refund = [&](std::uint32_t counter, std::uint32_t order, std::int64_t pence) {
    return ExposureRefunded{number(store_code, counter), number(owner_code, order), today, pence,
                            card_of(counter)};
  };
  EXPECT_EQ(answer(store, online, refund(1, 1, 8'001)), "over_exposure_cap");
  must(store, refund(1, 1, 7'000));
  EXPECT_EQ(answer(store, online, refund(2, 1, 1'001)), "over_exposure_cap");
  EXPECT_EQ(answer(store, online, refund(2, 2, 5'001)), "over_exposure_cap");
  EXPECT_EQ(answer(store, online, refund(2, 2, 5'000)), "done");
}

TEST(Loss, of_a_card_spent_at_three_stores_is_printed_beside_its_bound_with_names) {
  Ledger owner(owner_code, 1);
  const CardDigest card = card_of(0xab12cd34);
  activate(owner, card, 5'000);
  std::vector<Ledger> stores;
  for (std::size_t i = 0; i < 3; ++i) {
    stores.emplace_back(store_at(i), 1);
    must(stores[i], offline_sale(store_at(i), 17, card, 4'000));
  }
  const Ledger* backwards[] = {&stores[2], &stores[0], &stores[1]};
  EXPECT_EQ(reconcile(owner, backwards).booked.size(), 3u);
  EXPECT_THAT(
      print_loss(loss_of(owner, card, caps)),
      ElementsAre(
          "gift_card ab12cd34: lost 70.00 of at most 100.00 (3 - 1 sites x 50.00 a day x 1 day)",
          "  site 0042 receipt " + to_string(number(store_at(0), 17)) +
              " on 2026-11-27: took 40.00, lost 0.00",
          "  site 0043 receipt " + to_string(number(store_at(1), 17)) +
              " on 2026-11-27: took 40.00, lost 30.00",
          "  site 0044 receipt " + to_string(number(store_at(2), 17)) +
              " on 2026-11-27: took 40.00, lost 40.00"));
  EXPECT_TRUE(reconcile(owner, backwards).booked.empty());
  EXPECT_EQ(owner.loss_pence(card), 7'000);
}

TEST(Loss, where_a_site_broke_its_cap_is_still_booked_and_seen_beyond_the_bound) {
  Ledger owner(owner_code, 1), store(store_code, 1);
  activate(owner, card_of(1), 1'000);
  must(store, offline_sale(store_code, 1, card_of(1), 9'000));
  const Ledger* all[] = {&store};
  reconcile(owner, all);
  const LossReport report = loss_of(owner, card_of(1), caps);
  EXPECT_EQ(report.loss_pence, 8'000);
  EXPECT_EQ(report.bound_pence, 0);
  EXPECT_FALSE(report.is_bounded());
}

TEST(Reconcile, sets_a_writer_aside_at_what_cannot_be_true_and_books_the_others) {
  Ledger reader(store_code, 1), liar(owner_code, 1), honest(other_store_code, 1);
  must(liar, NoticeBooked{store_code,
                          1,
                          0,
                          {.kind = NoticeKind::exposure,
                           .document = number(store_code, 5),
                           .basis = number(owner_code, 1),
                           .pence = 100}});
  must(honest, offline_sale(other_store_code, 1, card_of(1), 10));
  must(honest, SaleMade{number(other_store_code, 2),
                        today,
                        goods(10),
                        {},
                        {{TenderKind::gift_card_offline, 10, card_of(1), {}, store_code}}});
  const Ledger* all[] = {&liar, &honest};
  const Reconciled done = reconcile(reader, all);
  ASSERT_EQ(done.refused.size(), 1u);
  EXPECT_EQ(done.refused[0].first.from, owner_code);
  EXPECT_EQ(done.refused[0].second.why, Refusal::over_refund);
  EXPECT_EQ(done.booked.size(), 1u);
}

// An estate of one owner and some stores that are cut off, come back, crash between two ledgers and
// ask twice. `log` is what was accepted where, the naive model's only source.
class World {
 public:
  explicit World(std::uint64_t seed) : prng_(seed) {
    ledgers_.emplace_back(owner_code, std::uint16_t{1});
    const std::size_t stores = 2 + prng_.below(3);
    for (std::size_t i = 0; i < stores; ++i) ledgers_.emplace_back(store_at(i), std::uint16_t{1});
    heard_.assign(ledgers_.size(), ledgers_[0]);
    is_cut_.assign(ledgers_.size(), false);
  }

  void step() {
    const std::size_t at = 1 + prng_.below(ledgers_.size() - 1);
    if (prng_.below(is_cut_[at] ? 20 : 6) == 0) is_cut_[at] = !is_cut_[at];
    if (prng_.below(30) == 0) day_ = in_days(++days_);
    if (!is_cut_[at]) connect(at);
    if (prng_.below(4) == 0) repeat();
    switch (prng_.below(10)) {
      case 0:
        return sell_card(at);
      case 1:
      case 2:
      case 3:
      case 8:
      case 9:
        return is_cut_[at] ? spend_offline(at) : spend(at);
      case 4:
        return refund(at);
      case 5:
        return prng_.below(2) == 0 ? order_with_hold() : order_by_card();
      case 6:
        return is_cut_[at] ? refund_order(at) : move_card();
      default:
        return pay_by_card(at);
    }
  }

  // Everybody can ask everybody, and what a crash cut short is done.
  void come_together() {
    while (!unfinished_.empty()) finish();
    for (int round = 0; round < 3; ++round)
      for (std::size_t at = 1; at < ledgers_.size(); ++at) connect(at);
    for (std::size_t at = 1; at < ledgers_.size(); ++at) connect(at);
  }

  const std::deque<Kept>& ledgers() const { return ledgers_; }
  const Kept& owner() const { return ledgers_[0]; }
  std::uint32_t cards() const { return cards_; }
  const std::vector<std::pair<std::size_t, ValueEvent>>& log() const { return log_; }

 private:
  using Steps = std::deque<std::pair<std::size_t, ValueEvent>>;

  DocumentNumber next(std::size_t at) { return number(ledgers_[at].site(), ++counter_); }
  std::int64_t pence(std::uint64_t max) { return 1 + static_cast<std::int64_t>(prng_.below(max)); }
  // Of the newest few, so that one card is often spent by many.
  CardDigest some_card() {
    const auto back = static_cast<std::uint32_t>(prng_.below(4));
    return card_of(cards_ > back ? cards_ - back : 1);
  }

  // A sale of the ledger, or a number that is none.
  DocumentNumber some_sale(std::size_t at) {
    std::vector<DocumentNumber> sales{number(ledgers_[at].site(), 1'000'000)};
    for (const auto& [where, event] : log_)
      if (const auto* sold = std::get_if<SaleMade>(&event); sold && where == at)
        sales.push_back(sold->receipt);
      else if (const auto* charged = std::get_if<OrderCharged>(&event); charged && where == at)
        sales.push_back(charged->order);
    return sales[prng_.below(sales.size())];
  }

  bool post(std::size_t at, const ValueEvent& event) {
    const Kept before = ledgers_[at];
    if (!ledgers_[at].post(event)) {
      RC_ASSERT((ledgers_[at] == before));
      return false;
    }
    log_.emplace_back(at, event);
    const std::string fault = fault_of(ledgers_[at]);
    if (!fault.empty()) RC_FAIL(fault);
    return true;
  }

  // Steps at several ledgers: the first may be refused, then nothing happens. Each is a commit, and
  // after each the power may fail.
  void run(Steps steps) {
    if (!post(steps.front().first, steps.front().second)) return;
    steps.pop_front();
    while (!steps.empty() && prng_.below(5) != 0) {
      RC_ASSERT(post(steps.front().first, steps.front().second));
      steps.pop_front();
    }
    if (!steps.empty()) unfinished_.push_back(std::move(steps));
  }
  void finish() {
    for (const auto& [at, event] : unfinished_.front()) RC_ASSERT(post(at, event));
    unfinished_.pop_front();
  }

  // Somebody sends again what was accepted already. To freeze a card is an order with a number of
  // its own wherever it is given; here it would be a new one.
  void repeat() {
    if (log_.empty()) return;
    const auto [at, event] = log_[prng_.below(log_.size())];
    if (std::holds_alternative<CardMoved>(event) || std::holds_alternative<OrderPaidBack>(event))
      return;
    RC_ASSERT(!post(at, event));
  }

  void connect(std::size_t at) {
    if (!unfinished_.empty()) finish();
    for (std::uint32_t card = 1; card <= cards_; ++card)
      if (ledgers_[at].state(card_of(card)) == CardState::pending)
        RC_ASSERT(post(at, PendingHandedOver{card_of(card), owner_code}));
    for (const NoticeBooked& event : unheard(ledgers_[0], ledgers_[at])) RC_ASSERT(post(0, event));
    for (const NoticeBooked& event : unheard(ledgers_[at], ledgers_[0])) RC_ASSERT(post(at, event));
    heard_[at] = ledgers_[0];
  }

  void sell_card(std::size_t at) {
    const CardDigest card = card_of(++cards_);
    const std::int64_t value = pence(6'000);
    const SaleMade sold{next(at),
                        day_,
                        {},
                        {{card, VoucherKind::gift_card, value, owner_code, is_cut_[at]}},
                        {cash(value)}};
    Steps steps;
    if (!is_cut_[at])
      steps.emplace_back(
          0, CardActivated{card, VoucherKind::gift_card, value, ledgers_[at].site(), sold.receipt});
    steps.emplace_back(at, sold);
    run(std::move(steps));
  }

  void spend(std::size_t at) {
    const CardDigest card = some_card();
    const std::int64_t value = pence(4'000);
    const DocumentNumber hold = next(0), receipt = next(at);
    if (prng_.below(2) == 0) {
      // Sold on the hold: the owner captures when it reads of it, if it has not ended till then.
      Tender tender = gift(TenderKind::gift_card, value, card);
      tender.number = hold;
      Steps steps{{0, HoldTaken{hold, card, value, ledgers_[at].site(), 0}},
                  {at, sale(receipt, value, {tender}, day_)}};
      return run(std::move(steps));
    }
    run({{0, HoldTaken{hold, card, value, ledgers_[at].site(), 0}},
         {0, HoldCaptured{hold, value, receipt}},
         {at, sale(receipt, value, {gift(TenderKind::gift_card, value, card)}, day_)}});
  }

  void spend_offline(std::size_t at) {
    const CardDigest card = some_card();
    const bool is_pending = ledgers_[at].state(card) == CardState::pending;
    const std::int64_t value = pence(4'000);
    const SaleMade sold = sale(
        next(at), value,
        {gift(is_pending ? TenderKind::pending_card : TenderKind::gift_card_offline, value, card)},
        day_);
    if (check_offline(ledgers_[at], heard_[at], caps, sold)) run({{at, sold}});
  }

  void refund(std::size_t at) {
    const DocumentNumber receipt = some_sale(at);
    const std::int64_t value = pence(2'000);
    RefundMade made{next(at), receipt, day_, goods(value), {}};
    if (is_cut_[at]) {
      made.tenders = {gift(TenderKind::pending_card, value, card_of(++cards_))};
      return run({{at, made}});
    }
    CardDigest card = some_card();
    for (std::uint32_t i = 1; i <= cards_; ++i)
      if (owner().loss_pence(card_of(i)) > 0) card = card_of(i);
    if (owner().state(card) == CardState::unknown) return;
    made.tenders = {gift(TenderKind::gift_card, value, card)};
    run({{at, made}, {0, CardCredited{card, value, ledgers_[at].site(), made.refund}}});
  }

  // An online order: held now, captured in parts at picking, the rest released or expired.
  void order_with_hold() {
    const DocumentNumber hold = next(0), order = next(0);
    const CardDigest card = some_card();
    const std::int64_t value = pence(5'000);
    if (!post(0, HoldTaken{hold, card, value, owner_code, 10})) return;
    std::int64_t left = value;
    while (prng_.below(2) == 0) {
      const std::int64_t part = pence(4'000);
      const bool done = post(0, HoldCaptured{hold, part, order});
      RC_ASSERT(done == (part <= left && left == value));
      if (done) left -= part;
    }
    if (left < value)
      RC_ASSERT(post(
          0, sale(order, value - left, {gift(TenderKind::gift_card, value - left, card)}, day_)));
    if (prng_.below(3) == 0) return;
    const bool is_late = prng_.below(2) == 0;
    RC_ASSERT(post(0, HoldEnded{hold, is_late ? HoldVerb::expire : HoldVerb::release, 10}));
  }

  // An online order that is charged at the pick, and perhaps paid back in part.
  void order_by_card() {
    const DocumentNumber order = next(0);
    const std::int64_t value = pence(9'000), back = pence(5'000);
    RC_ASSERT(post(0, OrderCharged{order, goods(value)}));
    if (prng_.below(2) == 0) RC_ASSERT(post(0, OrderPaidBack{order, back}) == (back <= value));
  }

  void refund_order(std::size_t at) {
    const ExposureRefunded made{next(at), some_sale(0), day_, pence(3'000), card_of(cards_ + 1)};
    if (!check_offline(ledgers_[at], heard_[at], caps, made)) return;
    ++cards_;
    run({{at, made}});
  }

  void move_card() {
    const auto verb = static_cast<CardVerb>(prng_.below(count_of<CardVerb>));
    post(0, CardMoved{some_card(), verb});
  }

  void pay_by_card(std::size_t at) {
    const DocumentNumber payment = next(at);
    const std::int64_t value = pence(9'000);
    const bool is_stored = prng_.below(2) == 0;
    run({{at, PaymentPosted{payment, is_stored ? PaymentStep::store : PaymentStep::charge, value}},
         {at, sale(next(at), value, {by_card(value, payment)}, day_)}});
    if (is_stored && prng_.below(2) == 0)
      post(at, PaymentPosted{payment,
                             prng_.below(3) == 0 ? PaymentStep::become_debt : PaymentStep::forward,
                             value});
  }

  base::Prng prng_;
  std::deque<Kept> ledgers_;  // the owner's first
  std::deque<Ledger> heard_;  // the owner's, as each store has heard it
  std::deque<bool> is_cut_;
  std::deque<Steps> unfinished_;
  std::vector<std::pair<std::size_t, ValueEvent>> log_;
  std::uint32_t counter_ = 0, cards_ = 0;
  int days_ = 0;
  Day day_ = today;
};

// The naive model: what a card comes to, added up from the owner's events one by one.
struct Naive {
  std::int64_t paid_in = 0, captured = 0, held = 0, claimed = 0;
  std::int64_t rest() const { return paid_in - captured - held - claimed; }
};
Naive naive_of(const World& world, const CardDigest& card) {
  Naive sums;
  std::map<DocumentNumber, std::int64_t> open;
  for (const auto& [at, event] : world.log()) {
    if (at != 0) continue;
    if (const auto* it = std::get_if<CardActivated>(&event); it && it->card == card)
      sums.paid_in += it->pence;
    if (const auto* it = std::get_if<CardCredited>(&event); it && it->card == card)
      sums.paid_in += it->pence;
    if (const auto* it = std::get_if<NoticeBooked>(&event); it && it->notice.card == card) {
      if (it->notice.kind == NoticeKind::hand_over) sums.paid_in += it->notice.pence;
      if (it->notice.kind == NoticeKind::claim) {
        const auto hold = open.find(it->notice.basis);
        const std::int64_t captured =
            hold == open.end() ? 0 : std::min(hold->second, it->notice.pence);
        if (captured > 0) hold->second -= captured;
        sums.captured += captured;
        sums.claimed += it->notice.pence - captured;
      }
    }
    if (const auto* it = std::get_if<HoldTaken>(&event); it && it->card == card)
      open[it->hold] = it->pence;
    if (const auto* it = std::get_if<HoldCaptured>(&event); it && open.contains(it->hold)) {
      open[it->hold] -= it->pence;
      sums.captured += it->pence;
    }
    if (const auto* it = std::get_if<HoldEnded>(&event)) open.erase(it->hold);
  }
  for (const auto& [hold, pence] : open) sums.held += pence;
  return sums;
}

void check_cards(const World& world) {
  for (std::uint32_t i = 1; i <= world.cards(); ++i) {
    const CardDigest card = card_of(i);
    const Naive naive = naive_of(world, card);
    RC_ASSERT(world.owner().held_pence(card) == naive.held);
    RC_ASSERT(world.owner().available_pence(card) == std::max<std::int64_t>(0, naive.rest()));
    RC_ASSERT(world.owner().loss_pence(card) == std::max<std::int64_t>(0, -naive.rest()));
    const LossReport report = loss_of(world.owner(), card, caps);
    RC_ASSERT(report.is_bounded());
    std::int64_t named = 0;
    for (const LossRow& row : report.rows) named += row.lost_pence;
    RC_ASSERT(named == report.loss_pence);
  }
}

RC_GTEST_PROP(Money, adds_up_after_every_event_with_crashes_duplicates_and_cut_lines,
              (std::uint64_t seed)) {
  World world(seed);
  for (int i = 0; i < 150; ++i) world.step();
  check_cards(world);
  world.come_together();
  check_cards(world);
  // Nobody owes anybody what the other does not know of, and nothing is left in between.
  const auto& ledgers = world.ledgers();
  for (const Kept& one : ledgers) {
    RC_ASSERT(one.total(Account::pending) == 0);
    RC_ASSERT(one.total(Account::exposure) == 0);
    RC_ASSERT(one.total(Account::unapplied) == 0);
    for (const Ledger& other : ledgers)
      RC_ASSERT(one.balance({Account::due, {}, {other.site(), 0, 0}}) +
                    other.balance({Account::due, {}, {one.site(), 0, 0}}) ==
                0);
  }
  // Every sale that was acknowledged is there once, and the VAT of the receipts adds up.
  std::set<DocumentNumber> receipts;
  std::int64_t vat = 0, booked = 0;
  for (const auto& [at, event] : world.log())
    if (const auto* sold = std::get_if<SaleMade>(&event)) {
      RC_ASSERT(receipts.insert(sold->receipt).second);
      for (const VatRow& row : sold->vat) vat -= row.vat_pence;
    } else if (const auto* charged = std::get_if<OrderCharged>(&event)) {
      for (const VatRow& row : charged->vat) vat -= row.vat_pence;
    }
  for (const Kept& one : ledgers)
    for (const Posting& posting : one.postings())
      if (posting.key.account == Account::vat && posting.pence < 0) booked += posting.pence;
  RC_ASSERT(booked == vat);
  // A ledger is the fold of its events: after a restart it is the same.
  for (std::size_t at = 0; at < ledgers.size(); ++at) {
    Kept again(ledgers[at].site(), 1);
    for (const auto& [where, event] : world.log())
      if (where == at) RC_ASSERT(again.post(event).has_value());
    RC_ASSERT((again == ledgers[at]));
  }
}

TEST(Money, moves_in_every_way_in_the_random_estates_of_this_test) {
  std::set<std::size_t> kinds;
  std::set<std::pair<NoticeKind, bool>> notices;  // and whether something of it was lost
  int losses = 0, made_good = 0;
  for (std::uint64_t seed = 0; seed < 90; ++seed) {
    World world(seed);
    for (int i = 0; i < 150; ++i) world.step();
    world.come_together();
    for (const auto& [at, event] : world.log()) {
      kinds.insert(event.index());
      if (const auto* it = std::get_if<NoticeBooked>(&event))
        notices.emplace(it->notice.kind, it->notice.granted_pence < it->notice.pence);
    }
    for (const Posting& posting : world.owner().postings())
      if (posting.key.account == Account::loss) ++(posting.pence > 0 ? losses : made_good);
  }
  // All but those of a drawer, which no other site hears of.
  EXPECT_EQ(kinds.size(), std::variant_size_v<ValueEvent> - 1);
  EXPECT_TRUE(notices.contains({NoticeKind::settled, false}));
  EXPECT_TRUE(notices.contains({NoticeKind::settled, true}));
  EXPECT_GT(losses, 20);
  EXPECT_GT(made_good, 5);
}

// Books what the stores have to tell, one letter after another, of a random store each time.
void book_letters(Ledger& owner, std::span<const Ledger* const> stores, base::Prng& prng) {
  std::size_t left = 0;
  for (const Ledger* store : stores) left += unheard(owner, *store).size();
  while (left > 0) {
    const auto next = unheard(owner, *stores[prng.below(stores.size())]);
    if (next.empty()) continue;
    RC_ASSERT(owner.post(next.front()).has_value());
    --left;
  }
}

RC_GTEST_PROP(Reconcile, comes_to_the_same_whoever_is_heard_first, (std::uint64_t seed)) {
  World world(seed);
  for (int i = 0; i < 150; ++i) world.step();
  std::deque<Kept> stores(world.ledgers().begin() + 1, world.ledgers().end());
  std::vector<const Ledger*> writers;
  for (Kept& store : stores) {
    for (std::uint32_t i = 1; i <= world.cards(); ++i)
      if (store.state(card_of(i)) == CardState::pending)
        must(store, PendingHandedOver{card_of(i), owner_code});
    writers.push_back(&store);
  }
  Ledger in_order = world.owner(), letters = world.owner();
  RC_ASSERT(reconcile(in_order, writers).refused.empty());
  base::Prng prng(seed);
  book_letters(letters, writers, prng);
  // Who is granted a refund that two stores paid out is the only thing that the order decides.
  auto one = in_order.balances(), other = letters.balances();
  const auto is_due = [](const auto& entry) { return entry.first.account == Account::due; };
  std::erase_if(one, is_due);
  std::erase_if(other, is_due);
  RC_ASSERT((one == other));
  RC_ASSERT(in_order.total(Account::due) == letters.total(Account::due));
  for (std::uint32_t i = 1; i <= world.cards(); ++i) {
    const CardDigest card = card_of(i);
    RC_ASSERT(in_order.state(card) == letters.state(card));
    RC_ASSERT((loss_of(in_order, card, caps).rows == loss_of(letters, card, caps).rows));
  }
}

TEST(Reconcile, grants_two_stores_together_what_was_left_of_an_order) {
  for (const bool is_swapped : {false, true}) {
    Ledger online(owner_code, 1);
    must(online, sale(number(owner_code, 1), 5'000, {cash(5'000)}));
    std::deque<Ledger> stores;
    for (std::uint32_t i = 0; i < 2; ++i) {
      stores.emplace_back(store_at(i), std::uint16_t{1});
      must(stores[i], ExposureRefunded{number(store_at(i), 1), number(owner_code, 1), today, 3'000,
                                       card_of(i + 1)});
    }
    const auto hear = [&](Ledger& reader, const Ledger& writer) {
      const Ledger* only[] = {&writer};
      EXPECT_TRUE(reconcile(reader, only).refused.empty());
    };
    hear(online, stores[is_swapped ? 1 : 0]);
    hear(online, stores[is_swapped ? 0 : 1]);
    for (Ledger& store : stores) hear(store, online);
    EXPECT_EQ(stores[0].total(Account::loss), is_swapped ? 1'000 : 0);
    EXPECT_EQ(stores[1].total(Account::loss), is_swapped ? 0 : 1'000);
    EXPECT_EQ(online.refundable_pence(number(owner_code, 1)), 0);
    EXPECT_EQ(online.total(Account::refunds), -online.total(Account::sales));
    EXPECT_EQ(online.total(Account::vat), 0);
  }
}

// N stores that heard of a card before they were cut off; each spends it as often as it may.
RC_GTEST_PROP(DoubleSpend, costs_no_more_than_its_bound_whoever_is_heard_first,
              (std::uint64_t seed)) {
  base::Prng prng(seed);
  Ledger owner(owner_code, 1);
  const std::uint32_t cards = 1 + static_cast<std::uint32_t>(prng.below(3));
  for (std::uint32_t i = 1; i <= cards; ++i)
    activate(owner, card_of(i), 1 + static_cast<std::int64_t>(prng.below(20'000)));
  const Ledger heard = owner;
  std::deque<Ledger> stores;
  const std::size_t count = 1 + prng.below(6);
  const std::size_t days = 1 + prng.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    stores.emplace_back(store_at(i), std::uint16_t{1});
    std::uint32_t counter = 0;
    for (std::size_t day = 0; day < days; ++day)
      for (int sales = 0; sales < 4; ++sales) {
        const SaleMade sold = offline_sale(
            store_at(i), ++counter, card_of(1 + static_cast<std::uint32_t>(prng.below(cards))),
            1 + static_cast<std::int64_t>(prng.below(5'000)), in_days(static_cast<int>(day)));
        if (check_offline(stores[i], heard, caps, sold)) must(stores[i], sold);
      }
  }
  // The owner goes on meanwhile.
  for (std::uint32_t i = 1; i <= cards; ++i)
    if (prng.below(2) == 0)
      (void)owner.post(HoldTaken{number(owner_code, i), card_of(i),
                                 1 + static_cast<std::int64_t>(prng.below(9'000)), owner_code, 0});
  // In the set order, and as one letter after another happens to arrive.
  Ledger letters = owner;
  std::vector<const Ledger*> writers;
  for (const Ledger& store : stores) writers.push_back(&store);
  const Reconciled done = reconcile(owner, writers);
  RC_ASSERT(done.refused.empty());
  book_letters(letters, writers, prng);
  RC_ASSERT((owner.balances() == letters.balances()));
  for (std::uint32_t i = 1; i <= cards; ++i) {
    const LossReport report = loss_of(owner, card_of(i), caps);
    RC_ASSERT(report.loss_pence <= report.bound_pence);
    RC_ASSERT((report.rows == loss_of(letters, card_of(i), caps).rows));
    RC_ASSERT(owner.state(card_of(i)) == letters.state(card_of(i)));
    RC_ASSERT(owner.available_pence(card_of(i)) >= 0);
  }
  RC_ASSERT(owner.is_sound() && letters.is_sound());
}

// The bound is reached: a card with just the cap on it, spent whole at each store on one day.
TEST(DoubleSpend, reaches_its_bound) {
  Ledger owner(owner_code, 1);
  activate(owner, card_of(1), caps.card_day_pence);
  std::deque<Ledger> stores;
  std::vector<const Ledger*> writers;
  for (std::size_t i = 0; i < 5; ++i) {
    stores.emplace_back(store_at(i), std::uint16_t{1});
    const SaleMade sold = offline_sale(store_at(i), 1, card_of(1), caps.card_day_pence);
    ASSERT_TRUE(check_offline(stores[i], owner, caps, sold));
    must(stores[i], sold);
    writers.push_back(&stores[i]);
  }
  reconcile(owner, writers);
  const LossReport report = loss_of(owner, card_of(1), caps);
  EXPECT_EQ(report.loss_pence, 4 * caps.card_day_pence);
  EXPECT_EQ(report.loss_pence, report.bound_pence);
  for (const std::string& line : print_loss(report)) std::printf("%s\n", line.c_str());
  std::printf("loss pence: %lld\nbound pence: %lld\nreceipts named: %zu\n",
              static_cast<long long>(report.loss_pence), static_cast<long long>(report.bound_pence),
              report.rows.size());
}

}  // namespace
}  // namespace trade
