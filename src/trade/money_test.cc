// Money in the journal: sites that sell, ask each other, crash and are asked twice. What they come
// to is judged by their journals alone.
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/prng.h"
#include "base/result.h"
#include "trade/reconcile.h"
#include "trade/testing/kit.h"
#include "trade/testing/value_kit.h"
#include "trade/till.h"

namespace trade {
namespace {

using testing::value::by_card;
using testing::value::card_of;
using testing::value::cash;
using testing::value::goods;

constexpr SiteCode owner_code{9'000}, shop_code{42}, other_code{43}, till_code{4'201};
constexpr Day today{9'827};
constexpr LineNo soap{0};

SoldRow soap_for(std::int64_t pence) {
  const auto each = static_cast<Pence>(pence);
  return {soap, 1, 0, each, each, VatCode::standard, {}};
}
SaleMade sale_of(std::int64_t pence, std::vector<Tender> tenders) {
  return {{}, {}, goods(pence), {}, std::move(tenders), {soap_for(pence)}};
}
Tender gift(TenderKind kind, std::int64_t pence, const CardDigest& card) {
  return {.kind = kind, .pence = pence, .card = card, .owner = owner_code};
}

// A site with its journal. Its book is never more than the fold of journals.
class Site {
 public:
  Site(SiteCode code, SiteKind kind) : code_(code) {
    must(SiteOpened{code, kind, 1});
    must(LineOpened{*ProductId::of("soap"), {12, Chain::ambient, DateKind::none}, 210, 10});
    must(DayOpened{today});
    must(PersonEnrolled{{}, Role::manager, {{1}}});
    must(PersonEnrolled{{}, Role::manager, {{2}}});
    if (kind == SiteKind::till) must(DrawerMoved{.verb = DrawerVerb::open, .pence = 5'000});
  }

  SiteCode code() const { return code_; }
  const Partition& own() const { return *book_.find(code_); }
  const Partition* find(SiteCode site) const { return book_.find(site); }
  const Book& book() const { return book_; }
  const std::vector<std::string>& journal() const { return journal_; }

  Command command(Body body) {
    return {Role::manager, {ActorNo{1}, DeviceNo{1}, ++sequence_}, at_ms(body), std::move(body)};
  }
  std::expected<Event, No> carry_out(Command command) {
    auto event = decide_as(command);
    if (event) {
      journal_.push_back(encode(*event));
      apply(book_, code_, *event);
    }
    return event;
  }
  std::expected<Event, No> ask(Body body) { return carry_out(command(std::move(body))); }
  Event must(Body body) {
    auto event = ask(std::move(body));
    EXPECT_TRUE(event) << (event ? "" : row_of(event.error().why).name);
    return event.value_or(Event{});
  }
  std::string_view answer(Body body) {
    const auto event = ask(std::move(body));
    return event ? "done" : row_of(event.error().why).name;
  }

  // Reads what another site has written since.
  void read(const Site& other) {
    std::size_t& read = read_[other.code()];
    for (; read < other.journal().size(); ++read)
      RC_ASSERT(admit(book_, other.code(), other.journal()[read]).has_value());
  }
  void book_notices_of(const Site& other) {
    read(other);
    for (const NoticeBooked& notice : unheard(own().ledger, find(other.code())->ledger))
      RC_ASSERT(ask(notice).has_value());
  }

  // The process is gone; another begins from the journal and reads the others again.
  void restart(const std::vector<const Site*>& others) {
    book_ = folded();
    for (const Site* other : others)
      for (std::size_t i = 0; i < read_[other->code()]; ++i)
        RC_ASSERT(admit(book_, other->code(), other->journal()[i]).has_value());
  }
  Book folded() const {
    Book made;
    for (const std::string& bytes : journal_) apply(made, code_, decode(bytes).value());
    return made;
  }

 private:
  static std::int64_t at_ms(const Body& body) { return testing::asked_at_ms(body); }
  std::expected<Event, No> decide_as(const Command& command) const {
    auto event = decide(book_, code_, command);
    if (event || event.error().why != Refusal::role_not_allowed) return event;
    return testing::decide_as_anybody(book_, code_, command);
  }

  SiteCode code_;
  Book book_;
  std::vector<std::string> journal_;
  std::map<SiteCode, std::size_t> read_;
  std::uint64_t sequence_ = 0;
};

// One owner of cards, two stores and a till of the first. Somebody asks at random; any answer may
// be lost with the process, and any question may come twice.
class World {
 public:
  explicit World(std::uint64_t seed) : prng_(seed) {
    sites_.emplace_back(owner_code, SiteKind::online);
    sites_.emplace_back(shop_code, SiteKind::store);
    sites_.emplace_back(other_code, SiteKind::store);
    sites_.emplace_back(till_code, SiteKind::till);
  }

  void step() {
    Site& site = sites_[1 + below(3)];
    if (below(8) == 0) site.read(owner());
    switch (below(9)) {
      case 0:
        return sell_card(site);
      case 1:
        return spend(site);
      case 2:
        return spend_unasked(site);
      case 3:
        return pay_by_card(site);
      case 4:
        return move_payment(site);
      case 5:
        return refund(site);
      case 6:
        return refund_elsewhere(site);
      case 7:
        return freeze_or_hear(site);
      default:
        return sell(site, sale_of(pence(2'000), {}));
    }
  }

  // Whatever is open between sites is told, until nobody has anything to tell.
  void come_together() {
    for (int round = 0; round < 3; ++round)
      for (Site& site : sites_) {
        hand_over(site);
        for (Site& other : sites_)
          if (&other != &site) site.book_notices_of(other);
      }
  }

  const std::vector<Site>& sites() const { return sites_; }
  const std::map<SiteCode, std::set<DocumentNumber>>& acknowledged() const { return sold_; }
  std::size_t refused() const { return refused_; }
  const std::set<std::size_t>& kinds() const { return kinds_; }

 private:
  Site& owner() { return sites_[0]; }
  std::uint64_t below(std::uint64_t count) { return prng_.below(count); }
  std::int64_t pence(std::uint64_t max) { return 1 + static_cast<std::int64_t>(below(max)); }
  CardDigest some_card() { return card_of(1 + static_cast<std::uint32_t>(below(cards_ + 1))); }

  // The whole of a command's way, with what may go wrong on it.
  std::optional<Event> ask(Site& site, Body body) {
    const Command command = site.command(std::move(body));
    if (below(9) == 0) crash(site);  // before anything was written: the device sends it again
    const auto event = site.carry_out(command);
    if (below(9) == 0) crash(site);  // written, and the answer lost
    if (event) {
      kinds_.insert(event->body.index());
      const auto again = site.carry_out(command);
      RC_ASSERT(!again && again.error().why == Refusal::already_done);
    } else {
      ++refused_;
    }
    for (const Site& each : sites_) RC_ASSERT(each.own().ledger.is_sound());
    if (!event) return std::nullopt;
    return *event;
  }
  void crash(Site& site) {
    std::vector<const Site*> others;
    for (const Site& other : sites_)
      if (&other != &site) others.push_back(&other);
    const std::string before = encode(site.own());
    site.restart(others);
    RC_ASSERT(encode(site.own()) == before);
  }

  void sell(Site& site, SaleMade sale) {
    std::int64_t paid = 0, due = 0;
    for (const Tender& tender : sale.tenders) paid += tender.pence;
    for (const VatRow& row : sale.vat) due += row.gross_pence;
    for (const VoucherRow& row : sale.vouchers) due += row.pence;
    if (due > paid) sale.tenders.push_back(cash(due - paid));
    const auto event = ask(site, sale);
    if (!event) return;
    const auto& made = std::get<SaleMade>(event->body);
    RC_ASSERT(sold_[site.code()].insert(made.receipt).second);
    receipts_.push_back(made.receipt);
  }

  void sell_card(Site& site) {
    const CardDigest card = card_of(++cards_);
    const std::int64_t value = pence(6'000);
    const bool is_pending = below(2) == 0;
    SaleMade sale{{}, {}, {}, {{card, VoucherKind::gift_card, value, owner_code, is_pending}},
                  {}, {}};
    if (!is_pending) {
      const DocumentNumber receipt = site.own().next_number();
      sale.receipt = receipt;
      if (!ask(owner(), CardActivated{card, VoucherKind::gift_card, value, site.code(), receipt}))
        return;
    }
    sell(site, sale);
  }

  // The owner is asked: held and captured for a receipt that is then written.
  void spend(Site& site) {
    const CardDigest card = some_card();
    const std::int64_t value = pence(4'000);
    const auto held = ask(owner(), HoldTaken{{}, card, value, site.code(), 10});
    if (!held) return;
    const DocumentNumber hold = std::get<HoldTaken>(held->body).hold;
    if (below(4) == 0) {
      ask(owner(), HoldEnded{hold, below(2) == 0 ? HoldVerb::release : HoldVerb::expire,
                             static_cast<std::int64_t>(below(20))});
      return;
    }
    const DocumentNumber receipt = site.own().next_number();
    // More than the hold, now and then.
    const std::int64_t part =
        below(5) == 0 ? value + pence(500) : pence(static_cast<std::uint64_t>(value));
    if (below(2) == 0) {
      // The owner hears of it later, and perhaps the hold has ended by then.
      Tender tender = gift(TenderKind::gift_card, value, card);
      tender.number = hold;
      sell(site, sale_of(value + pence(300), {tender}));
      if (below(4) == 0) ask(owner(), HoldEnded{hold, HoldVerb::expire, 20});
      return;
    }
    if (!ask(owner(), HoldCaptured{hold, part, receipt})) {
      RC_ASSERT(part > value);
      return;
    }
    RC_ASSERT(part <= value);
    SaleMade sale = sale_of(part + pence(300), {gift(TenderKind::gift_card, part, card)});
    sale.receipt = receipt;
    sell(site, sale);
  }

  void spend_unasked(Site& site) {
    const CardDigest card = some_card();
    const bool is_pending = site.own().ledger.state(card) == CardState::pending;
    const std::int64_t value = pence(3'000);
    sell(site,
         sale_of(value, {gift(is_pending ? TenderKind::pending_card : TenderKind::gift_card_offline,
                              value, card)}));
  }

  void pay_by_card(Site& site) {
    const std::int64_t value = pence(6'000);
    const auto asked = ask(site, PaymentMoved{{}, PaymentVerb::ask, 0, value, {}});
    if (!asked) return;
    const DocumentNumber payment = std::get<PaymentMoved>(asked->body).payment;
    payments_.emplace_back(site.code(), payment);
    const auto verb = std::vector{PaymentVerb::approve, PaymentVerb::approve_offline,
                                  PaymentVerb::no_line, PaymentVerb::time_out}[below(4)];
    ask(site, PaymentMoved{payment, verb, 0, 0, {}});
    if (verb == PaymentVerb::no_line)
      ask(site, PaymentMoved{payment, PaymentVerb::store, 0, 0, {}});
    if (below(3) > 0) sell(site, sale_of(value, {by_card(value, payment)}));
  }
  // Any verb on any payment of the site, perhaps of another.
  void move_payment(Site& site) {
    if (payments_.empty()) return;
    const auto& [where, payment] = payments_[below(payments_.size())];
    if (where != site.code() && below(4) > 0) return;
    ask(site,
        PaymentMoved{payment, static_cast<PaymentVerb>(below(count_of<PaymentVerb>)), 0, 0, {}});
  }

  void refund(Site& site) {
    const std::int64_t value = pence(1'500);
    RefundMade made{{}, {}, {}, goods(value), {}, {soap_for(value)}};
    if (!receipts_.empty() && below(5) > 0) made.receipt = receipts_[below(receipts_.size())];
    made.reason = below(6) == 0 ? TillReason::none : TillReason::goods_faulty;
    made.second = ActorNo{static_cast<std::uint32_t>(below(4))};
    const std::uint64_t way = below(3);
    made.tenders = {way == 0   ? cash(value)
                    : way == 1 ? gift(TenderKind::pending_card, value, card_of(++cards_))
                               : gift(TenderKind::gift_card, value, some_card())};
    const auto done = ask(site, made);
    if (!done || way != 2) return;
    ask(owner(), CardCredited{made.tenders[0].card, value, site.code(),
                              std::get<RefundMade>(done->body).refund});
  }

  void refund_elsewhere(Site& site) {
    if (receipts_.empty()) return;
    ask(site, ExposureRefunded{{},
                               receipts_[below(receipts_.size())],
                               {},
                               pence(6'000),
                               card_of(++cards_),
                               below(6) == 0 ? TillReason::none : TillReason::goods_faulty,
                               ActorNo{static_cast<std::uint32_t>(below(4))}});
  }

  void freeze_or_hear(Site& site) {
    if (below(3) == 0) {
      ask(owner(), CardMoved{some_card(), static_cast<CardVerb>(below(count_of<CardVerb>))});
      return;
    }
    hand_over(site);
    owner().book_notices_of(site);
  }
  void hand_over(Site& site) {
    for (std::uint32_t i = 1; i <= cards_; ++i)
      if (site.own().ledger.state(card_of(i)) == CardState::pending)
        RC_ASSERT(ask(site, PendingHandedOver{card_of(i), owner_code}).has_value());
  }

  base::Prng prng_;
  std::vector<Site> sites_;  // the owner of the cards is the first
  std::map<SiteCode, std::set<DocumentNumber>> sold_;
  std::vector<DocumentNumber> receipts_;
  std::vector<std::pair<SiteCode, DocumentNumber>> payments_;
  std::set<std::size_t> kinds_;
  std::size_t refused_ = 0;
  std::uint32_t cards_ = 0;
};

// What the journal says, read without the ledger: every sale once, each receipt adding up, no hold
// captured beyond what it took.
struct Naive {
  std::map<DocumentNumber, int> receipts;
  std::map<DocumentNumber, std::int64_t> left;
  std::map<DocumentNumber, std::int64_t> charged;

  void note(const SaleMade& sale) {
    ++receipts[sale.receipt];
    std::map<VatCode, std::int64_t> gross;
    std::int64_t due = 0;
    for (const SoldRow& row : sale.rows) gross[row.vat] += row.pence;
    for (const VatRow& row : sale.vat) {
      RC_ASSERT(gross[row.code] == row.gross_pence);
      // VAT of the gross at the rate, to half a penny.
      const std::int64_t twice =
          2 * row.vat_pence * (10'000 + row.basis_points) - 2 * row.gross_pence * row.basis_points;
      RC_ASSERT(std::abs(twice) <= 10'000 + row.basis_points);
      due += row.gross_pence;
    }
    for (const VoucherRow& row : sale.vouchers) due += row.pence;
    for (const Tender& tender : sale.tenders) {
      due -= tender.pence;
      if (tender.kind == TenderKind::card) charged[tender.number] -= tender.pence;
    }
    RC_ASSERT(due == 0);
  }
  void note(const HoldTaken& hold) { left[hold.hold] = hold.pence; }
  void note(const HoldCaptured& capture) {
    left[capture.hold] -= capture.pence;
    RC_ASSERT(left[capture.hold] >= 0);
  }
  template <class Other>
  void note(const Other&) {}
};

RC_GTEST_PROP(Money, of_random_commands_with_crashes_and_duplicates_holds_what_it_promises,
              (std::uint64_t seed)) {
  World world(seed);
  for (int i = 0; i < 60; ++i) world.step();
  world.come_together();
  for (const Site& site : world.sites()) {
    Naive naive;
    for (const std::string& bytes : site.journal())
      std::visit([&](const auto& body) { naive.note(body); }, decode(bytes)->body);
    const auto acknowledged = world.acknowledged().find(site.code());
    const std::size_t count =
        acknowledged == world.acknowledged().end() ? 0 : acknowledged->second.size();
    RC_ASSERT(naive.receipts.size() == count);
    for (const auto& [receipt, times] : naive.receipts)
      RC_ASSERT(times == 1 && acknowledged->second.contains(receipt));
    // The fold of the journal is the book, and so is what its snapshot brings back.
    const std::string bytes = encode(site.own());
    RC_ASSERT(encode(*site.folded().find(site.code())) == bytes);
    Book restored;
    RC_ASSERT(restored.restore(bytes).has_value());
    RC_ASSERT(encode(*restored.find(site.code())) == bytes);
    // It goes on alike.
    const Command next{Role::manager, {ActorNo{1}, {}, 0}, 0, sale_of(100, {cash(100)})};
    const auto here = decide(site.book(), site.code(), next);
    RC_ASSERT((decide(restored, site.code(), next) == here));
    // Nobody is owed what the other does not know of.
    for (const Site& other : world.sites())
      if (&other != &site && other.code() != owner_code && site.code() != owner_code)
        RC_ASSERT(site.own().ledger.balance({Account::due, {}, {other.code(), 0, 0}}) +
                      other.own().ledger.balance({Account::due, {}, {site.code(), 0, 0}}) ==
                  0);
  }
}

TEST(Money, moves_in_every_way_in_the_random_journals_of_this_test) {
  std::set<std::size_t> kinds;
  std::size_t refused = 0, sales = 0, journalled = 0, unsound = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    World world(seed);
    for (int i = 0; i < 100; ++i) world.step();
    world.come_together();
    kinds.insert(world.kinds().begin(), world.kinds().end());
    refused += world.refused();
    for (const auto& [site, receipts] : world.acknowledged()) sales += receipts.size();
    for (const Site& site : world.sites()) {
      unsound += site.own().ledger.is_sound() ? 0 : 1;
      for (const std::string& bytes : site.journal())
        journalled += std::holds_alternative<SaleMade>(decode(bytes)->body) ? 1 : 0;
    }
  }
  const Body first = SaleMade{}, last = PaymentMoved{};
  std::set<std::size_t> expected;
  for (std::size_t kind = first.index(); kind <= last.index(); ++kind) expected.insert(kind);
  expected.erase(Body(PaymentPosted{}).index());  // a test of its own
  expected.erase(Body(NoticeBooked{}).index());   // asked for by the site itself, not counted here
  EXPECT_EQ(kinds, expected);
  EXPECT_GT(refused, 200u);
  EXPECT_GT(sales, 400u);
  EXPECT_EQ(journalled, sales);
  EXPECT_EQ(unsound, 0u);
  std::printf(
      "sales acknowledged: %zu\nsales in journals: %zu\ncommands refused: %zu\n"
      "ledgers that do not add up: %zu\n",
      sales, journalled, refused, unsound);
}

TEST(SaleMade, moves_a_stores_goods_and_money_in_one_event) {
  Site store(shop_code, SiteKind::store);
  const SaleMade made = std::get<SaleMade>(store.must(sale_of(240, {cash(240)})).body);
  EXPECT_EQ(made.receipt, store.own().number(store.own().last_counter));
  EXPECT_EQ(made.day, today);
  EXPECT_EQ(store.own().stock.on_hand(soap), -1);
  EXPECT_EQ(store.own().ledger.total(Account::cash), 240);
  EXPECT_EQ(store.own().ledger.total(Account::vat), -40);
}

TEST(SaleMade, is_refused_where_its_receipt_does_not_add_up) {
  Site store(shop_code, SiteKind::store);
  SaleMade sale = sale_of(240, {cash(240)});
  sale.vat[0].vat_pence = 41;
  EXPECT_EQ(store.answer(sale), "receipt_unsound");
  sale = sale_of(240, {cash(240)});
  sale.rows[0].pence = 239;
  EXPECT_EQ(store.answer(sale), "receipt_unsound");
  sale = sale_of(240, {cash(240)});
  sale.rows[0].vat = VatCode::zero;
  EXPECT_EQ(store.answer(sale), "receipt_unsound");
  sale = sale_of(240, {cash(240)});
  sale.vat.push_back(sale.vat[0]);
  EXPECT_EQ(store.answer(sale), "receipt_unsound");
  EXPECT_EQ(store.answer(sale_of(240, {cash(239)})), "tenders_differ");
  EXPECT_EQ(store.answer(SaleMade{}), "document_empty");
  sale = sale_of(240, {cash(240)});
  sale.receipt = {shop_code, 1, 99};
  EXPECT_EQ(store.answer(sale), "number_not_next");
}

TEST(Money, of_any_size_is_refused_before_it_is_added_up) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t pence : {least, std::int64_t{-1}, total_pence_max + 1, most}) {
    Site till(till_code, SiteKind::till);
    SaleMade sale = sale_of(240, {cash(pence), cash(pence)});
    EXPECT_EQ(till.answer(sale), "pence_out_of_range") << pence;
    sale = sale_of(240, {cash(240)});
    sale.vat[0].gross_pence = pence;
    sale.vat.push_back(sale.vat[0]);
    EXPECT_EQ(till.answer(sale), "receipt_unsound") << pence;
    RefundMade refund{{}, {}, {}, sale.vat, {cash(240)}, {soap_for(240)}};
    refund.reason = TillReason::goods_faulty;
    EXPECT_EQ(till.answer(refund), "receipt_unsound") << pence;
  }
}

TEST(SaleMade, captures_the_card_payment_that_pays_it_and_nothing_takes_that_back) {
  Site store(shop_code, SiteKind::store);
  const auto asked = store.must(PaymentMoved{{}, PaymentVerb::ask, 0, 500, {}});
  const DocumentNumber payment = std::get<PaymentMoved>(asked.body).payment;
  EXPECT_EQ(store.answer(sale_of(500, {by_card(500, payment)})), "payment_unknown");
  EXPECT_EQ(store.answer(PaymentMoved{payment, PaymentVerb::capture, 0, 0, {}}), "move_not_listed");
  store.must(PaymentMoved{payment, PaymentVerb::approve, 0, 0, {}});
  store.must(sale_of(500, {by_card(500, payment)}));
  EXPECT_EQ(store.own().payments.find(payment)->state, PaymentState::captured);
  EXPECT_EQ(store.answer(PaymentMoved{payment, PaymentVerb::reverse, 0, 0, {}}), "move_not_listed");
  EXPECT_EQ(store.answer(PaymentPosted{payment, PaymentStep::reverse, 500, payment}),
            "move_not_listed");
  // Paid back to the card: the refund, and then the posting that the acquirer is told of.
  RefundMade refund{{},
                    {store.own().site.code, 1, store.own().last_counter},
                    {},
                    goods(500),
                    {by_card(500, payment)},
                    {soap_for(500)}};
  refund.reason = TillReason::goods_faulty;
  const auto refunded = store.must(refund);
  store.must(
      PaymentPosted{payment, PaymentStep::refund, 500, std::get<RefundMade>(refunded.body).refund});
  EXPECT_EQ(store.own().ledger.total(Account::card_receivable), 0);
}

TEST(SaleMade, takes_cash_alone_where_cards_are_switched_off_and_the_drawer_has_room) {
  Site store(shop_code, SiteKind::store);
  EXPECT_FALSE(is_cash_only(store.own()));
  for (const Capability it : {Capability::gift_cards, Capability::card_payments})
    store.must(CapabilitySwitched{it, Mode::closed});
  EXPECT_TRUE(is_cash_only(store.own()));
  EXPECT_EQ(store.answer(PaymentMoved{{}, PaymentVerb::ask, 0, 500, {}}), "capability_closed");
  EXPECT_EQ(store.answer(sale_of(100, {gift(TenderKind::gift_card, 100, card_of(1))})),
            "capability_closed");
  store.must(sale_of(Limits{}.drawer_pence, {cash(Limits{}.drawer_pence)}));
  EXPECT_EQ(store.answer(sale_of(1, {cash(1)})), "drawer_full");
  store.must(DrawerMoved{.verb = DrawerVerb::open});
  store.must(DrawerMoved{.verb = DrawerVerb::safe_drop, .pence = 50'000});
  store.must(sale_of(1, {cash(1)}));
}

TEST(SaleMade, spends_a_card_unasked_only_as_far_as_its_owner_was_heard) {
  Site owner(owner_code, SiteKind::online), store(shop_code, SiteKind::store);
  owner.must(CardActivated{card_of(1), VoucherKind::gift_card, 9'000, shop_code, {}});
  const auto spend = [&](std::int64_t pence) {
    return store.answer(sale_of(pence, {gift(TenderKind::gift_card_offline, pence, card_of(1))}));
  };
  EXPECT_EQ(spend(100), "card_not_heard_of");
  store.read(owner);
  EXPECT_EQ(spend(offline_caps.card_day_pence + 1), "over_offline_cap");
  EXPECT_EQ(spend(offline_caps.card_day_pence), "done");
  EXPECT_EQ(spend(1), "over_offline_cap");
}

// A till's device at the owner of cards asks for its till and for no other site.
TEST(HoldTaken, by_a_device_of_a_site_is_for_that_site_alone) {
  Site owner(owner_code, SiteKind::online);
  owner.must(CardActivated{card_of(1), VoucherKind::gift_card, 9'000, shop_code, {}});
  PublicKey key;
  key.bytes[0] = 9;
  EXPECT_EQ(owner.answer(DeviceEnrolled{{}, key, owner_code}), "value_out_of_range");
  owner.must(DeviceEnrolled{{}, key});  // of this site: the one that commands come from here
  key.bytes[0] = 10;
  const auto device =
      std::get<DeviceEnrolled>(owner.must(DeviceEnrolled{{}, key, till_code}).body).device;
  std::uint64_t sequence = 0;
  const auto by_device = [&](const Body& body) {
    Command command = owner.command(body);
    command.role = Role::device;
    command.origin = {{}, device, ++sequence};
    const auto event = owner.carry_out(command);
    return event ? "done" : row_of(event.error().why).name;
  };
  const HoldTaken hold{{}, card_of(1), 100, till_code, 10};
  HoldTaken foreign = hold;
  foreign.site = shop_code;
  EXPECT_EQ(by_device(foreign), "document_not_ours");
  EXPECT_EQ(by_device(hold), "done");
  const auto theirs = std::get<HoldTaken>(owner.must(foreign).body).hold;
  EXPECT_EQ(by_device(HoldEnded{theirs, HoldVerb::release, 0}), "document_not_ours");
  // And it does nothing else, not even for its own.
  EXPECT_EQ(by_device(HoldCaptured{theirs, 1, {shop_code, 1, 1}}), "role_not_allowed");
  EXPECT_EQ(by_device(CardActivated{card_of(2), VoucherKind::gift_card, 1, till_code, {}}),
            "role_not_allowed");
  EXPECT_EQ(by_device(sale_of(100, {cash(100)})), "role_not_allowed");
}

TEST(ExposureRefunded, needs_a_reason_and_of_an_order_that_nobody_has_heard_of_a_second_manager) {
  Site store(shop_code, SiteKind::store);
  ExposureRefunded refund{{}, {owner_code, 1, 7}, {}, 1, card_of(1)};
  EXPECT_EQ(store.answer(refund), "second_missing");
  refund.second = ActorNo{2};
  EXPECT_EQ(store.answer(refund), "reason_missing");
  refund.reason = TillReason::goods_faulty;
  EXPECT_EQ(store.answer(refund), "done");
}

TEST(NoticeBooked, is_what_the_writers_journal_says_and_nothing_else) {
  Site owner(owner_code, SiteKind::online), store(shop_code, SiteKind::store);
  owner.must(CardActivated{card_of(1), VoucherKind::gift_card, 9'000, shop_code, {}});
  store.read(owner);
  store.must(sale_of(700, {gift(TenderKind::gift_card_offline, 700, card_of(1))}));
  NoticeBooked notice{shop_code, 1, 0, store.own().ledger.notices(owner_code)[0]};
  EXPECT_EQ(owner.answer(notice), "site_unknown");
  owner.read(store);
  ++notice.notice.pence;
  EXPECT_EQ(owner.answer(notice), "notice_out_of_turn");
  --notice.notice.pence;
  EXPECT_EQ(owner.answer(notice), "done");
  EXPECT_EQ(owner.answer(notice), "notice_out_of_turn");
  EXPECT_EQ(owner.own().ledger.available_pence(card_of(1)), 8'300);
}

TEST(RefundMade, needs_a_reason_and_above_a_limit_a_second_manager) {
  Site store(shop_code, SiteKind::store);
  store.must(sale_of(9'000, {cash(9'000)}));
  const DocumentNumber receipt = store.own().number(store.own().last_counter);
  const auto refund = [&](std::int64_t pence, ActorNo second, bool has_receipt,
                          TillReason reason = TillReason::goods_faulty) {
    RefundMade made{{}, {}, {}, goods(pence), {cash(pence)}, {soap_for(pence)}};
    if (has_receipt) made.receipt = receipt;
    made.reason = reason;
    made.second = second;
    return store.answer(made);
  };
  EXPECT_EQ(refund(100, {}, true, TillReason::none), "reason_missing");
  EXPECT_EQ(refund(100, {}, true), "done");
  EXPECT_EQ(refund(Limits{}.refund_alone_pence + 1, {}, true), "second_missing");
  EXPECT_EQ(refund(Limits{}.refund_alone_pence + 1, ActorNo{1}, true),
            "second_missing");  // himself
  EXPECT_EQ(refund(Limits{}.refund_alone_pence + 1, ActorNo{7}, true), "second_missing");
  EXPECT_EQ(refund(Limits{}.refund_alone_pence + 1, ActorNo{2}, true), "done");
  EXPECT_EQ(refund(1, {}, false), "second_missing");
  EXPECT_EQ(refund(1, ActorNo{2}, false), "done");
  EXPECT_EQ(refund(9'000, ActorNo{2}, true), "over_refund");
}

TEST(Drawer, lives_by_its_table_and_by_nothing_else) {
  std::size_t listed = 0;
  for (std::size_t s = 0; s < count_of<DrawerState>; ++s)
    for (std::size_t v = 0; v < count_of<DrawerVerb>; ++v) {
      Site till(till_code, SiteKind::till);  // open
      const auto state = static_cast<DrawerState>(s);
      const auto verb = static_cast<DrawerVerb>(v);
      if (state != DrawerState::open)
        till.must(DrawerMoved{.verb = DrawerVerb::count, .pence = 5'000});
      if (state == DrawerState::closed) till.must(DrawerMoved{.verb = DrawerVerb::close});
      ASSERT_EQ(till.own().shift.state, state);
      const bool is_listed = next(state, verb).has_value();
      listed += is_listed ? 1 : 0;
      const auto answer =
          till.answer(DrawerMoved{.verb = verb, .reason = TillReason::test, .second = ActorNo{2}});
      EXPECT_EQ(answer, is_listed ? "done" : "move_not_listed") << text_of(verb);
      EXPECT_EQ(till.own().shift.state, next(state, verb).value_or(state));
    }
  EXPECT_EQ(listed, 13u);
}

TEST(Drawer, is_counted_blind_and_closed_with_what_was_over_or_short) {
  Site till(till_code, SiteKind::till);
  till.must(sale_of(1'200, {cash(1'200)}));
  till.must(DrawerMoved{.verb = DrawerVerb::safe_drop, .pence = 1'000});
  till.must(
      DrawerMoved{.verb = DrawerVerb::pay_out, .pence = 300, .reason = TillReason::petty_cash});
  till.must(DrawerMoved{.verb = DrawerVerb::no_sale, .reason = TillReason::change_needed});
  const auto said = [&] {
    std::map<std::string, std::string> made;
    for (auto& [name, figure] : shift_report(till.own())) made[name] = figure;
    return made;
  };
  EXPECT_FALSE(said().contains("expected"));  // blind until counted
  till.must(DrawerMoved{.verb = DrawerVerb::count, .pence = 3'390});
  EXPECT_EQ(till.answer(sale_of(100, {cash(100)})), "till_not_open");
  EXPECT_EQ(said()["expected"], "49.00");
  EXPECT_EQ(said()["short"], "15.10");
  EXPECT_EQ(said()["VAT standard"], "2.00");
  EXPECT_EQ(said()["no sales"], "1");
  EXPECT_EQ(till.answer(DrawerMoved{.verb = DrawerVerb::close}), "second_missing");
  till.must(DrawerMoved{.verb = DrawerVerb::close, .second = ActorNo{2}});
  const Ledger& ledger = till.own().ledger;
  EXPECT_EQ(ledger.total(Account::cash), 0);
  EXPECT_EQ(ledger.total(Account::over_short), 1'510);
  EXPECT_EQ(ledger.total(Account::paid_out), 300);
  EXPECT_EQ(ledger.total(Account::safe), 1'000 + 3'390 - 5'000);
}

TEST(Drawer, asks_for_reasons_and_for_a_second_person_above_each_limit) {
  Site till(till_code, SiteKind::till);
  till.must(sale_of(90'000, {cash(90'000)}));
  for (std::size_t v = 0; v < count_of<DrawerVerb>; ++v) {
    const DrawerRow& row = row_of(static_cast<DrawerVerb>(v));
    if (!row.needs_reason) continue;
    EXPECT_EQ(till.answer(DrawerMoved{.verb = row.verb}), "reason_missing");
    if (row.alone == nullptr) continue;
    DrawerMoved moved{.verb = row.verb, .pence = Limits{}.*row.alone, .reason = TillReason::test};
    EXPECT_EQ(till.answer(moved), "done") << text_of(row.verb);
    ++moved.pence;
    EXPECT_EQ(till.answer(moved), "second_missing") << text_of(row.verb);
    moved.second = ActorNo{2};
    EXPECT_EQ(till.answer(moved), "done") << text_of(row.verb);
  }
  EXPECT_EQ(till.answer(DrawerMoved{.verb = DrawerVerb::safe_drop, .pence = 900'000}),
            "balance_too_low");
}

// What the till has written since the store last read it, as the store's process reads it.
TillHeard heard_of(const Site& till, const Site& store) {
  const auto known = store.own().tills.find(till.code());
  const std::size_t from = known == store.own().tills.end() ? 0 : known->second.events;
  TillTally tally;
  for (std::size_t i = from; i < till.journal().size(); ++i)
    tally.add(goods_of(till.own(), decode(till.journal()[i])->body));
  TillTally::Rows rows = tally.rows(store.own());
  return {till.code(), 1, till.journal().size(), std::move(rows.rows), rows.unknown};
}

TEST(TillHeard, moves_the_stores_stock_once_for_each_receipt_however_often_it_is_read) {
  Site till(till_code, SiteKind::till), store(shop_code, SiteKind::store);
  till.must(sale_of(240, {cash(240)}));
  EXPECT_EQ(till.own().stock.on_hand(soap), 0);  // a till has no shelf
  const TillHeard first = heard_of(till, store);
  store.must(first);
  EXPECT_EQ(store.own().stock.on_hand(soap), -1);
  EXPECT_EQ(store.answer(first), "till_heard_already");
  till.must(sale_of(240, {cash(240)}));
  RefundMade refund{{}, {}, {}, goods(240), {cash(240)}, {soap_for(240)}};
  refund.cause = Cause::returned_to_quarantine;
  refund.reason = TillReason::goods_faulty;
  refund.second = ActorNo{2};
  till.must(refund);
  store.must(heard_of(till, store));
  EXPECT_EQ(store.own().stock.on_hand(soap), -2);
  EXPECT_EQ(store.own().stock.quarantined(soap), 1);
  TillHeard older = first;
  older.events += 1;
  EXPECT_EQ(store.answer(older), "till_heard_already");
  older.epoch = 2;  // a new till under the old code
  EXPECT_EQ(store.answer(older), "done");
}

TEST(TillHeard, counts_products_that_the_store_has_no_line_of) {
  Site till(till_code, SiteKind::till), store(shop_code, SiteKind::store);
  till.must(LineOpened{*ProductId::of("comb"), {1, Chain::ambient, DateKind::none}, 100, 10});
  SaleMade sale = sale_of(100, {cash(100)});
  sale.rows[0].line = LineNo{1};
  till.must(sale);
  const TillHeard heard = heard_of(till, store);
  EXPECT_TRUE(heard.rows.empty());
  EXPECT_EQ(heard.unknown_rows, 1u);
  EXPECT_EQ(store.answer(heard), "done");
}

RC_GTEST_PROP(TillHeard, comes_to_the_same_in_whatever_pieces_it_is_read, (std::uint64_t seed)) {
  base::Prng prng(seed);
  Site till(till_code, SiteKind::till), whole(shop_code, SiteKind::store),
      pieces(shop_code, SiteKind::store);
  for (int i = 0; i < 12; ++i) {
    const auto pence = 1 + static_cast<std::int64_t>(prng.below(900));
    till.must(sale_of(pence, {cash(pence)}));
    if (prng.below(3) == 0) pieces.must(heard_of(till, pieces));
  }
  whole.must(heard_of(till, whole));
  (void)pieces.ask(heard_of(till, pieces));
  RC_ASSERT(whole.own().stock.on_hand(soap) == pieces.own().stock.on_hand(soap));
  RC_ASSERT(whole.own().stock.on_hand(soap) == -12);
}

}  // namespace
}  // namespace trade
