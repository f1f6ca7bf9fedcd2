// Gift cards at several sites, each with its own journal on one disk: what they do by themselves,
// what they tell whoever has a code, and the power lost at each operation.
#include "site/cards.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site/code.h"
#include "site/peer_reader.h"
#include "site/testing/kit.h"
#include "site/testing/resume.h"
#include "trade/reconcile.h"

namespace site {
namespace {

using namespace testing;
using io::SimDisk;
using trade::CardState;
using trade::CardVerb;
using trade::SiteCode;
using trade::SiteKind;
using trade::TenderKind;

constexpr SiteCode owner_code{9'901}, here_code{42}, there_code{43}, liar_code{9'501};

trade::CardCode code_of(std::uint8_t number) {
  return trade::make_card_code(std::array<std::uint8_t, 16>{number, 7});
}
CardKey the_key() {
  io::SimEntropy entropy(11);
  return CardKey::make(entropy);
}
trade::CardDigest card_of(std::uint8_t number) { return the_key().digest_of(code_of(number)); }

Wish by_manager(trade::Body body, const std::string& key = {}) {
  trade::Origin origin;
  origin.actor = trade::ActorNo{1};
  if (!key.empty()) origin.request = request_of(key, key);
  return wish(std::move(body), origin);
}

// Soap for so many pence, paid with a card.
trade::SaleMade spent(TenderKind kind, const trade::CardDigest& card, trade::Pence pence,
                      SiteCode owner = owner_code) {
  trade::SaleMade sale;
  sale.vat = {{trade::VatCode::standard, 2'000, pence, trade::vat_of(pence, 2'000)}};
  sale.tenders = {{.kind = kind, .pence = pence, .card = card, .owner = owner}};
  sale.rows = {{soap, 1, 0, pence, pence, trade::VatCode::standard, {}}};
  return sale;
}
// A card that is sold where its owner cannot be asked.
trade::SaleMade sold(const trade::CardDigest& card, std::int64_t pence) {
  trade::SaleMade sale;
  sale.vouchers = {{card, trade::VoucherKind::gift_card, pence, owner_code, true}};
  sale.tenders = {{.kind = TenderKind::cash, .pence = pence}};
  return sale;
}
trade::CardActivated activated(const trade::CardDigest& card, std::int64_t pence) {
  return {card, trade::VoucherKind::gift_card, pence, here_code, {}};
}

// One site of an estate, and its process.
struct Site {
  Site(SimDisk& the_disk, SiteCode code, SiteKind kind, std::vector<SiteCode> peers,
       std::optional<SiteCode> owner = owner_code)
      : disk(the_disk), card_owner(owner), upkeep(owner) {
    world.options.data = to_text(code);
    world.options.site = {code, kind, 1};
    world.options.snapshot_entries = 3;
    world.entropy = io::SimEntropy{static_cast<std::uint64_t>(code)};
    for (const SiteCode peer : peers)
      world.options.peers.push_back(io::Path(to_text(peer)) / "journal");
  }

  // False if the disk fails.
  bool start() {
    auto opened = world.try_open(disk);
    if (!opened) return false;
    loop = *std::move(opened);
    if (!resumes(*loop)) return false;
    upkeep = CardUpkeep(card_owner);
    readers.clear();
    for (const io::Path& peer : world.options.peers) readers.emplace_back(disk, peer, "sample");
    if (loop->fold().own().goods.line_count() > 0) return true;
    return std::ranges::all_of(batch(*loop, opening()),
                               [](const Outcome& outcome) { return outcome.has_value(); });
  }
  void stop() {
    sign();
    loop->stop();
    loop.reset();
  }
  void sign() {
    world.clock.advance(2'000);
    loop->settle();
  }
  std::string does(trade::Body body, const std::string& key = {}) {
    const std::string said = word(one(*loop, by_manager(std::move(body), key)));
    sign();
    return said;
  }
  void follow() {
    for (std::size_t i = 0; i < readers.size(); ++i)
      readers[i].read([&](const Peer& peer, std::span<const std::string> events) {
        return loop->admit(i, peer, events);
      });
  }
  // What the others have signed is read, and the upkeep goes a round; what it wanted.
  std::vector<trade::Body> round() {
    follow();
    const auto bodies = upkeep.next(loop->view(), card_bodies_a_round);
    std::vector<Wish> wishes;
    for (const trade::Body& body : bodies) wishes.push_back(wish(body));
    const auto outcomes = batch(*loop, std::move(wishes));
    for (std::size_t i = 0; i < bodies.size(); ++i)
      if (const auto refused = upkeep.took(bodies[i], outcomes[i])) told.push_back(*refused);
    sign();
    return bodies;
  }
  const trade::Ledger& ledger() const { return loop->fold().own().ledger; }
  std::int64_t available(std::uint8_t card) const {
    return ledger().available_pence(card_of(card));
  }

  World world;
  SimDisk& disk;
  const std::optional<SiteCode> card_owner;
  std::unique_ptr<Loop> loop;
  CardUpkeep upkeep;
  std::vector<PeerReader> readers;
  std::vector<RefusedNotice> told;
};

// A centre that owns the cards, and two stores.
class CardsOfAnEstate : public ::testing::Test {
 protected:
  void SetUp() override {
    for (Site* site : {&owner, &here, &there}) ASSERT_TRUE(site->start());
  }
  SimDisk disk{1};
  Site owner{disk, owner_code, SiteKind::centre, {here_code, there_code}};
  Site here{disk, here_code, SiteKind::store, {owner_code}};
  Site there{disk, there_code, SiteKind::store, {owner_code}};
};

TEST_F(CardsOfAnEstate, one_that_a_cut_off_store_sold_is_honoured_there_alone_until_it_is_heard) {
  const trade::CardDigest card = card_of(1);
  EXPECT_TRUE(here.upkeep.next(here.loop->view(), 10).empty());
  EXPECT_EQ(here.does(sold(card, 5'000)), "done");
  EXPECT_EQ(here.does(spent(TenderKind::pending_card, card, 2'000)), "done");
  EXPECT_EQ(balance_of(here.ledger(), card),
            (CardBalance{trade::VoucherKind::gift_card, CardState::pending, 3'000}));
  EXPECT_TRUE(here.round().empty()) << "nobody was heard";
  // Elsewhere it is nothing.
  EXPECT_EQ(there.does(spent(TenderKind::pending_card, card, 100)), "move_not_listed");
  EXPECT_EQ(there.does(spent(TenderKind::gift_card_offline, card, 100)), "card_not_heard_of");
  EXPECT_EQ(owner.does(trade::HoldTaken{{}, card, 100, there_code, 1'000'000}), "move_not_listed");
  EXPECT_EQ(balance_of(owner.ledger(), card), std::nullopt);

  // The owner speaks, the store hears it and hands over, the owner reads that. What was read before
  // a restart may be old.
  here.stop();
  ASSERT_TRUE(here.start());
  EXPECT_TRUE(here.round().empty());
  EXPECT_EQ(owner.does(activated(card_of(2), 100)), "done");
  EXPECT_EQ(here.round().size(), 1u);
  EXPECT_EQ(here.ledger().state(card), CardState::handed_over);
  EXPECT_EQ(balance_of(here.ledger(), card), std::nullopt);
  EXPECT_EQ(owner.round().size(), 1u);
  EXPECT_EQ(balance_of(owner.ledger(), card),
            (CardBalance{trade::VoucherKind::gift_card, CardState::active, 3'000}));
  there.follow();
  EXPECT_EQ(look_at(there.loop->view(), owner_code, card).unasked_pence, 3'000);
  EXPECT_EQ(owner.does(trade::HoldTaken{{}, card, 3'000, there_code, 1'000'000}), "done");
  for (Site* site : {&owner, &here, &there}) {
    EXPECT_TRUE(site->round().empty());
    EXPECT_TRUE(site->ledger().is_sound());
  }
}

TEST_F(CardsOfAnEstate, that_were_spent_at_two_cut_off_stores_are_a_loss_with_names_in_its_bound) {
  const trade::CardDigest card = card_of(1);
  EXPECT_EQ(owner.does(activated(card, 6'000)), "done");
  for (Site* store : {&here, &there}) {
    store->follow();
    EXPECT_EQ(look_at(store->loop->view(), owner_code, card).unasked_pence, 5'000) << "the cap";
    EXPECT_EQ(store->does(spent(TenderKind::gift_card_offline, card, 4'000)), "done");
    EXPECT_EQ(look_at(store->loop->view(), owner_code, card).unasked_pence, 1'000);
  }
  EXPECT_EQ(owner.round().size(), 2u);
  const auto loss = trade::loss_of(owner.ledger(), card, trade::offline_caps);
  EXPECT_EQ(loss.loss_pence, 2'000);
  EXPECT_EQ(loss.bound_pence, 5'000);
  ASSERT_EQ(loss.rows.size(), 2u);
  EXPECT_EQ(loss.rows[0].site, here_code);
  EXPECT_EQ(loss.rows[0].lost_pence, 0);
  EXPECT_EQ(loss.rows[1].site, there_code);
  EXPECT_EQ(loss.rows[1].lost_pence, 2'000);
  EXPECT_EQ(loss.rows[1].receipt.site, there_code);
  EXPECT_TRUE(owner.round().empty());
  EXPECT_EQ(owner.upkeep.counts().booked, 2u);
}

TEST_F(CardsOfAnEstate, are_held_until_their_time_is_over_and_no_longer) {
  const trade::CardDigest card = card_of(1);
  EXPECT_EQ(here.does(sold(card_of(6), 100)), "done");
  EXPECT_EQ(owner.does(activated(card, 1'000)), "done");
  const std::int64_t now = owner.loop->view().tick_ms;
  EXPECT_EQ(owner.does(trade::HoldTaken{{}, card, 300, here_code, now + 60'000}), "done");
  EXPECT_EQ(owner.does(trade::HoldTaken{{}, card, 200, here_code, now + 600'000}), "done");
  EXPECT_TRUE(owner.round().empty());
  // Over, and the journal of its site has not come so far: a sale on it may be on the way.
  owner.world.clock.advance(60'000);
  EXPECT_TRUE(owner.round().empty());
  here.world.clock.advance(90'000);
  EXPECT_EQ(here.does(sold(card_of(7), 100)), "done");
  EXPECT_EQ(owner.round().size(), 1u);
  EXPECT_EQ(owner.available(1), 800);
  // The walk goes on behind the last hold, and begins anew. A site that is never heard again keeps
  // nobody's money for ever.
  owner.world.clock.advance(600'000 + unheard_ms_max);
  for (int i = 0; i < 2; ++i) owner.round();
  EXPECT_EQ(owner.available(1), 1'000);
  EXPECT_EQ(owner.upkeep.counts().expired, 2u);
}

// Who has no journal here may have sold on a hold only if its own device asks for it.
TEST_F(CardsOfAnEstate, held_for_a_site_that_was_never_heard_wait_where_its_device_is_enrolled) {
  EXPECT_EQ(owner.does(activated(card_of(1), 1'000)), "done");
  EXPECT_EQ(owner.does(trade::DeviceEnrolled{{}, key_of(50), liar_code}), "done");
  const std::int64_t now = owner.loop->view().tick_ms;
  for (const SiteCode site : {liar_code, SiteCode{4'444}})
    EXPECT_EQ(owner.does(trade::HoldTaken{{}, card_of(1), 100, site, now + 10'000}), "done");
  owner.world.clock.advance(60'000);
  for (int i = 0; i < 2; ++i) owner.round();
  EXPECT_EQ(owner.available(1), 900) << "the one that nobody could have sold on has ended";
  owner.world.clock.advance(unheard_ms_max);
  for (int i = 0; i < 2; ++i) owner.round();
  EXPECT_EQ(owner.available(1), 1'000);
}

TEST_F(CardsOfAnEstate, that_pay_on_a_hold_are_captured_however_late_their_site_is_heard) {
  const trade::CardDigest card = card_of(1);
  EXPECT_EQ(owner.does(activated(card, 1'000)), "done");
  const std::int64_t now = owner.loop->view().tick_ms;
  EXPECT_EQ(owner.does(trade::HoldTaken{{}, card, 600, here_code, now + 60'000}), "done");
  trade::SaleMade sale = spent(TenderKind::gift_card, card, 600);
  sale.tenders[0].number =
      owner.ledger().balances().lower_bound({trade::Account::held, {}, {}})->first.number;
  here.world.clock.advance(30'000);
  EXPECT_EQ(here.does(sale), "done");
  here.world.clock.advance(90'000);
  EXPECT_EQ(here.does(sold(card_of(7), 100)), "done");
  // Hours later the owner reads it all at once: the capture comes before the end.
  owner.world.clock.advance(7'200'000);
  EXPECT_EQ(owner.round().size(), 1u);
  EXPECT_EQ(owner.ledger().held_pence(card), 0);
  EXPECT_EQ(owner.available(1), 400);
  EXPECT_EQ(owner.ledger().loss_pence(card), 0);
  EXPECT_EQ(owner.upkeep.counts().expired, 0u);
  EXPECT_TRUE(owner.ledger().claims(card).empty());
}

TEST_F(CardsOfAnEstate, make_no_round_longer_than_its_bound) {
  EXPECT_EQ(owner.does(activated(card_of(1), 5'000)), "done");
  here.follow();
  const int claims = 70;
  for (int i = 0; i < claims; ++i)
    EXPECT_EQ(here.does(spent(TenderKind::gift_card_offline, card_of(1), 10)), "done");
  owner.follow();
  EXPECT_EQ(owner.upkeep.next(owner.loop->view(), 5).size(), 5u);
  EXPECT_EQ(owner.round().size(), notices_of_a_writer_max);
  EXPECT_EQ(owner.round().size(), claims - notices_of_a_writer_max);
  EXPECT_TRUE(owner.round().empty());
  EXPECT_EQ(owner.available(1), 5'000 - claims * 10);
}

TEST_F(CardsOfAnEstate, wait_while_reconciling_is_switched_off) {
  EXPECT_EQ(owner.does(activated(card_of(1), 5'000)), "done");
  here.follow();
  EXPECT_EQ(here.does(spent(TenderKind::gift_card_offline, card_of(1), 10)), "done");
  ASSERT_EQ(
      word(one(*owner.loop, wish(trade::PersonEnrolled{{}, trade::Role::incident, key_of(9)}))),
      "done");
  trade::Origin incident;
  incident.actor = trade::ActorNo{3};
  const auto turn = [&](trade::Mode mode) {
    const trade::CapabilitySwitched body{trade::Capability::reconciling, mode};
    EXPECT_EQ(word(one(*owner.loop, wish(body, incident))), "done");
  };
  turn(trade::Mode::closed);
  EXPECT_TRUE(owner.round().empty());
  turn(trade::Mode::open);
  EXPECT_EQ(owner.round().size(), 1u);
}

// A journal in which somebody answers what nobody has asked, as it could only be forged.
std::vector<std::string> lies_to(SiteCode reader, std::uint32_t count) {
  std::vector<trade::Body> bodies{trade::SiteOpened{liar_code, SiteKind::online, 1}};
  for (std::uint32_t i = 0; i < count; ++i)
    bodies.emplace_back(trade::NoticeBooked{reader,
                                            1,
                                            i,
                                            {.kind = trade::NoticeKind::exposure,
                                             .document = {reader, 1, 900 + i},
                                             .basis = {liar_code, 1, 1},
                                             .pence = 100}});
  std::vector<std::string> events;
  for (trade::Body& body : bodies) events.push_back(trade::encode({{}, std::move(body)}));
  return events;
}

TEST(CardNotices, of_a_writer_that_cannot_be_true_stop_nobody_else_and_are_told_once) {
  SimDisk disk(1);
  Site reader(disk, here_code, SiteKind::store, {there_code, liar_code}, {});
  Site honest(disk, there_code, SiteKind::store, {here_code}, here_code);
  ASSERT_TRUE(reader.start());
  ASSERT_TRUE(honest.start());
  EXPECT_EQ(reader.does(activated(card_of(1), 5'000)), "done");
  honest.follow();
  Peer liar;
  liar.site = liar_code;
  liar.epoch = 1;
  liar.entries = 3;
  ASSERT_TRUE(reader.loop->admit(1, liar, lies_to(here_code, 2)));
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(honest.does(spent(TenderKind::gift_card_offline, card_of(1), 10, here_code)), "done");
    reader.round();
    EXPECT_EQ(reader.available(1), 5'000 - i * 10);
  }
  ASSERT_EQ(reader.told.size(), 1u);
  EXPECT_EQ(reader.told[0].from, liar_code);
  EXPECT_EQ(reader.told[0].sequence, 0u);
  EXPECT_EQ(reader.told[0].why, "over_refund");
  EXPECT_EQ(reader.upkeep.counts().refused, reader.told) << "as long as it is so";
  EXPECT_EQ(reader.round().size(), 1u) << "only the first of the liar's is tried again";
}

TEST(CardNotices, of_a_journal_that_is_set_aside_wait_for_a_person) {
  SimDisk disk(1);
  Site reader(disk, here_code, SiteKind::store, {liar_code}, {});
  ASSERT_TRUE(reader.start());
  Peer liar;
  liar.site = liar_code;
  liar.epoch = 1;
  liar.entries = 3;
  auto events = lies_to(here_code, 1);
  events.push_back("no event");
  ASSERT_FALSE(reader.loop->admit(0, liar, events));
  EXPECT_TRUE(reader.round().empty());
  EXPECT_TRUE(reader.told.empty());
}

TEST(CardNotices, of_a_site_to_itself_are_booked_as_any_others) {
  SimDisk disk(1);
  Site site(disk, here_code, SiteKind::store, {}, here_code);
  ASSERT_TRUE(site.start());
  EXPECT_EQ(site.does(activated(card_of(1), 5'000)), "done");
  EXPECT_EQ(site.does(spent(TenderKind::gift_card_offline, card_of(1), 10, here_code)), "done");
  EXPECT_EQ(site.available(1), 5'000);
  EXPECT_EQ(site.round().size(), 1u);
  EXPECT_EQ(site.available(1), 4'990);
  EXPECT_TRUE(site.round().empty());
}

// A day of a centre and a store: a card that is spent unasked, and one that is sold unasked. False
// at the first thing that the disk does not take; asked again, the same requests make the same day.
bool live(SimDisk& disk, Site& owner, Site& store) {
  if (!owner.start()) return false;
  const std::string is_active = owner.does(activated(card_of(1), 5'000), "card");
  if (is_active != "done" && is_active != "repeated") return false;
  owner.stop();
  if (!store.start()) return false;
  store.follow();
  for (const auto& [key, sale] :
       {std::pair("claim", spent(TenderKind::gift_card_offline, card_of(1), 4'000)),
        std::pair("sold", sold(card_of(2), 3'000))}) {
    const std::string said = store.does(sale, key);
    if (said != "done" && said != "repeated") return false;
  }
  store.upkeep.owner_is_heard();
  store.round();
  store.stop();
  if (!owner.start()) return false;
  for (int i = 0; i < 2; ++i) owner.round();
  owner.stop();
  return !disk.power_lost();
}

TEST(CardCrash, books_each_notice_once_wherever_the_power_is_lost) {
  const auto estate = [](SimDisk& disk) {
    return std::pair(
        std::make_unique<Site>(disk, owner_code, SiteKind::centre, std::vector{here_code}),
        std::make_unique<Site>(disk, here_code, SiteKind::store, std::vector{owner_code}));
  };
  std::uint64_t operations = 0;
  {
    SimDisk disk(1);
    const auto [owner, store] = estate(disk);
    ASSERT_TRUE(live(disk, *owner, *store));
    operations = disk.operations();
  }
  for (std::uint64_t at = 0; at < operations; ++at) {
    SimDisk disk(at);
    disk.set_faults({.power_lost_at = at});
    {
      const auto [owner, store] = estate(disk);
      (void)live(disk, *owner, *store);
    }
    disk.restart(io::tears[at % std::size(io::tears)]);
    const auto [owner, store] = estate(disk);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(live(disk, *owner, *store)) << "operation " << at;
    ASSERT_TRUE(owner->start());
    const trade::Ledger& ledger = owner->ledger();
    ASSERT_TRUE(ledger.is_sound());
    ASSERT_EQ(ledger.claims(card_of(1)).size(), 1u) << "operation " << at;
    ASSERT_EQ(owner->available(1), 1'000) << "operation " << at;
    ASSERT_EQ(owner->available(2), 3'000) << "operation " << at;
    ASSERT_EQ(ledger.booked({here_code, 1}), 2u) << "operation " << at;
  }
  std::printf("crash points: %llu\n", static_cast<unsigned long long>(operations));
}

// The running thing, on a simulated clock.
class CardsAtASite : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.options.has_threads = false;
    auto started = Core::start(world_.options, disk_, world_.clock, world_.entropy);
    ASSERT_TRUE(started) << started.error().message;
    core_ = *std::move(started);
    cards_ = std::make_unique<Cards>(*core_, world_.clock, the_key(), store_code);
    for (Wish& one : opening()) must(std::move(one));
  }
  void must(Wish wanted) {
    EXPECT_TRUE(core_->submit(std::move(wanted), [](const Outcome& outcome, const View&) {
      EXPECT_EQ(word(outcome), "done");
    }));
    core_->step();
  }
  // "active 500", or why not.
  std::string balance(const std::string& source, std::uint8_t card) {
    std::string said;
    const auto then = [&](std::expected<CardBalance, CardTrouble> told) {
      if (told)
        said = std::string(trade::text_of(told->state)) + " " + std::to_string(told->pence);
      else
        said = told.error() == CardTrouble::unknown ? "unknown" : "too_many";
    };
    cards_->balance(source, card_of(card), then);
    core_->step();
    return said;
  }
  trade::CardActivated card(std::uint8_t number) { return activated(card_of(number), 500); }

  SimDisk disk_{1};
  World world_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Cards> cards_;
};

TEST_F(CardsAtASite, tell_their_balance_and_of_no_other_card_why_not) {
  must(by_manager(card(1)));
  must(by_manager(card(2)));
  must(by_manager(trade::CardMoved{card_of(2), CardVerb::stop}));
  must(by_manager(card(3)));
  must(by_manager(trade::CardMoved{card_of(3), CardVerb::freeze}));
  EXPECT_EQ(balance("10.0.0.1", 1), "active 500");
  EXPECT_EQ(balance("10.0.0.1", 2), "unknown");
  EXPECT_EQ(balance("10.0.0.1", 3), "unknown");
  EXPECT_EQ(balance("10.0.0.1", 4), "unknown");
}

TEST_F(CardsAtASite, are_checked_so_often_and_no_oftener_known_or_not) {
  must(by_manager(card(1)));
  for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{4}})
    for (int i = 0; i <= card_balance_checks_a_minute_max; ++i) {
      const std::string said = balance("10.0.0." + std::to_string(i), number);
      EXPECT_EQ(said == "too_many", i == card_balance_checks_a_minute_max) << said;
    }
  world_.clock.advance(60'000);
  EXPECT_EQ(balance("10.0.0.1", 1), "active 500");
}

TEST_F(CardsAtASite, let_nobody_try_many_codes_from_one_place) {
  int turned_away = 0;
  for (int i = 0; i < 100; ++i)
    turned_away += balance("10.0.0.1", static_cast<std::uint8_t>(i)) == "too_many";
  EXPECT_EQ(turned_away, 100 - balance_checks_a_minute_max);
  EXPECT_EQ(balance("10.0.0.2", 200), "unknown") << "others may";
}

TEST_F(CardsAtASite, are_kept_up_once_a_second_by_the_running_site) {
  std::vector<RefusedNotice> told;
  const auto keeper =
      CardKeeper::start(*core_, store_code, [&](const RefusedNotice& it) { told.push_back(it); });
  must(by_manager(card(1)));
  must(by_manager(spent(TenderKind::gift_card_offline, card_of(1), 100, store_code)));
  EXPECT_EQ(keeper->counts().booked, 0u);
  for (int i = 0; i < 3; ++i) {
    world_.clock.advance(1'000);
    core_->step();
    core_->step();
  }
  EXPECT_EQ(keeper->counts().booked, 1u);
  EXPECT_EQ(balance("10.0.0.1", 1), "active 400");
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace site
