#pragma once
// A till for tests: its core on a simulated disk, a small shop's tables, a terminal and an owner of
// gift cards that do what the test says.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/sha256.h"
#include "io/sim_disk.h"
#include "selling/testing/shop.h"
#include "site/card_key.h"
#include "site/testing/kit.h"
#include "till/desk.h"
#include "trade/reconcile.h"

namespace till::testing {

using selling::testing::id;

inline constexpr trade::SiteCode till_code{4'201}, owner_code{9'901};
inline const io::Path owner_folder = "owner";

// The tables of selling's small shop, with a member's card of 16 digits that begins with 6335.
inline TablesPtr shop_tables() {
  static const selling::testing::Shop shop;
  auto made = std::make_shared<Tables>();
  made->shop = "Stockade Food, High Street";
  made->vat_number = "GB 123 4567 89";
  made->nation = selling::Nation::scotland;
  made->layouts = shop.layouts;
  made->products = shop.products;
  made->gtins = shop.gtins;
  made->items = shop.items;
  made->prices = shop.prices;
  made->offers = shop.offers;
  made->vat_codes = shop.vat_codes;
  made->vat_rates = shop.vat_rates;
  made->restrictions = shop.restrictions;
  made->cards = {{*trade::Text<12>::of("6335"), 16, selling::CardKind::member},
                 {*trade::Text<12>::of("9826"), 16, selling::CardKind::colleague}};
  return made;
}
inline const std::string member_card = "6335000000000003";

// A terminal and its bank. What the bank has charged outlives a restart of the till.
class TestTerminal final : public trade::CardTerminal {
 public:
  // What a charge is answered with; nothing: no answer comes.
  std::optional<trade::AnswerKind> answers_with = trade::AnswerKind::approved;
  bool has_line = true;  // for reversals and forwards
  std::vector<trade::CardRequest> requests;
  std::map<trade::DocumentNumber, std::int64_t> charged;

  void send(const trade::CardRequest& request) override {
    requests.push_back(request);
    using trade::RequestKind;
    if (request.kind == RequestKind::charge && answers_with) {
      if (*answers_with == trade::AnswerKind::approved) charged[request.payment] = request.pence;
      answer(*answers_with, request.payment);
    }
    if (request.kind == RequestKind::charge || !has_line) return;
    if (request.kind == RequestKind::reverse) charged.erase(request.payment);
    if (request.kind == RequestKind::forward) charged[request.payment] = request.pence;
    answer(request.kind == RequestKind::reverse ? trade::AnswerKind::reversed
                                                : trade::AnswerKind::accepted,
           request.payment);
  }
  std::vector<trade::CardAnswer> receive() override { return std::exchange(ready_, {}); }
  void answer(trade::AnswerKind kind, const trade::DocumentNumber& payment) {
    ready_.push_back({kind,
                      payment,
                      {*trade::Text<32>::of("tok-1"), *trade::Text<19>::of("************4242"),
                       *trade::Text<16>::of("visa"), trade::EntryMode::contactless}});
  }
  std::int64_t charged_pence() const {
    std::int64_t sum = 0;
    for (const auto& [payment, pence] : charged) sum += pence;
    return sum;
  }
  // What was on its way to the till is lost.
  void forget_answers() { ready_.clear(); }

 private:
  std::vector<trade::CardAnswer> ready_;
};

// A keyed hash in the eyes of a test.
inline trade::CardDigest digest_of(const trade::CardCode& code) {
  trade::CardDigest made;
  made.bytes = crypto::sha256("key " + std::string(code.view())).bytes;
  return made;
}

// The owner of gift cards with a ledger like any site's: it captures when it reads a till's sale.
class TestOwner final : public CardOwner {
 public:
  bool is_reached = false;
  bool is_slow = false;  // a hold is answered by answer() alone
  trade::Ledger ledger{owner_code, 1};

  trade::SiteCode site() const override { return owner_code; }
  void hold(const trade::CardCode& code, std::int64_t pence,
            std::move_only_function<void(std::expected<CardHeld, NotHeld>)> then) override {
    if (is_slow) return waiting_.push_back({digest_of(code), pence, std::move(then)});
    take(digest_of(code), pence, then);
  }
  void answer() {
    for (auto& one : std::exchange(waiting_, {})) take(one.card, one.pence, one.then);
  }
  void release(const trade::DocumentNumber& hold) override {
    if (is_reached) (void)ledger.post(trade::HoldEnded{hold, trade::HoldVerb::release, 0});
  }

  void activate(const trade::CardCode& code, std::int64_t pence) {
    ASSERT_TRUE(ledger.post(trade::CardActivated{
        digest_of(code), trade::VoucherKind::gift_card, pence, till_code, {till_code, 1, 77}}));
  }
  // Reads the till's journal.
  void read(const trade::Ledger& till) {
    const trade::Ledger* const writers[]{&till};
    EXPECT_TRUE(trade::reconcile(ledger, writers).refused.empty());
    EXPECT_TRUE(ledger.is_sound());
  }
  // What nobody has sold on runs out.
  void expire_all() {
    std::vector<trade::DocumentNumber> holds;
    for (const auto& [key, pence] : ledger.balances())
      if (key.account == trade::Account::held) holds.push_back(key.number);
    for (const trade::DocumentNumber& hold : holds)
      ASSERT_TRUE(ledger.post(trade::HoldEnded{hold, trade::HoldVerb::expire, hold_ends_ms}));
  }

 private:
  static constexpr std::int64_t hold_ends_ms = 1'000;
  using Then = std::move_only_function<void(std::expected<CardHeld, NotHeld>)>;
  struct Waiting {
    trade::CardDigest card = {};
    std::int64_t pence = 0;
    Then then;
  };
  void take(const trade::CardDigest& card, std::int64_t pence, Then& then) {
    if (!is_reached) return then(std::unexpected(NotReached{}));
    const trade::DocumentNumber hold{owner_code, 1, ++last_};
    const auto taken = ledger.post(trade::HoldTaken{hold, card, pence, till_code, hold_ends_ms});
    if (!taken) return then(std::unexpected(taken.error()));
    then(CardHeld{hold, pence, 60'000});
  }

  std::uint32_t last_ = 0;
  std::vector<Waiting> waiting_;
};

inline const site::CardKey& test_key() {
  static const site::CardKey key = [] {
    io::SimEntropy entropy(3);
    return site::CardKey::make(entropy);
  }();
  return key;
}

inline trade::CardCode a_code() {
  const std::array<std::uint8_t, trade::card_code_random_bytes> bytes{1, 2, 3};
  return trade::make_card_code(bytes);
}

inline std::string word(const Why& why) {
  if (const auto* trouble = std::get_if<DeskTrouble>(&why))
    return "desk " + std::to_string(static_cast<int>(*trouble));
  if (const auto* refusal = std::get_if<selling::Refusal>(&why))
    return std::string(selling::row_of(*refusal).name);
  return site::testing::word(std::unexpected(std::get<site::NotDone>(why)));
}
inline std::string word(DeskTrouble trouble) { return word(Why(trouble)); }

class World {
 public:
  explicit World(io::SimDisk& its_disk) : disk(its_disk) {
    options.data = "till";
    options.site = {till_code, trade::SiteKind::till, 1};
    options.estate = "sample";
    options.has_threads = false;
    how.has_threads = false;
    how.digest = digest_of;
    how.new_code = [](const trade::RequestId& request, const trade::DocumentNumber& document,
                      std::uint32_t index) {
      return test_key().new_code(request, document, index);
    };
    how.log = [this](std::string_view line) { log.emplace_back(line); };
  }
  ~World() { stop(); }

  // False: the core does not start.
  bool start() {
    auto started = site::Core::start(options, disk, clock, entropy);
    if (!started) return false;
    core = *std::move(started);
    desk = std::make_unique<Desk>(how, *core, tables, terminal, owner);
    return true;
  }
  void stop() {
    desk.reset();
    core.reset();
  }
  // As after a kill: what the terminal had to say is lost, and the basket.
  void restart() {
    stop();
    terminal.forget_answers();
    ASSERT_TRUE(start());
  }
  // A manager (1), a colleague (2), an incident lead (3), an open drawer with a float.
  void open() {
    ASSERT_TRUE(start());
    for (const trade::Role role :
         {trade::Role::manager, trade::Role::colleague, trade::Role::incident})
      ASSERT_EQ(must(trade::PersonEnrolled{
                    {}, role, site::testing::key_of(static_cast<std::uint8_t>(role) + 1)}),
                "done");
    const auto drawer = move_drawer(trade::DrawerVerb::open, 10'000);
    ASSERT_TRUE(drawer) << word(drawer.error());
  }
  std::string must(const trade::Body& body, trade::ActorNo actor = {}) {
    std::string told = "nothing";
    trade::Origin origin;
    origin.actor = actor;
    EXPECT_TRUE(core->submit(site::testing::wish(body, origin),
                             [&](const site::Outcome& outcome, const site::View&) {
                               told = site::testing::word(outcome);
                             }));
    run([&] { return told != "nothing"; });
    return told;
  }

  // Lets the core do what waits until somebody is content.
  template <class IsDone>
  void run(IsDone is_done) {
    for (int i = 0; i < 50 && !is_done(); ++i) core->step();
  }
  template <class T>
  std::expected<T, Why> told(std::move_only_function<void(Told<T>)> start) {
    std::optional<std::expected<T, Why>> made;
    start([&](std::expected<T, Why> it) { made = std::move(it); });
    run([&] { return made.has_value(); });
    if (!made) return refuse_unanswered<T>();
    return *std::move(made);
  }
  std::expected<ShownBasket, Why> basket(std::move_only_function<void(Told<ShownBasket>)> start) {
    return told<ShownBasket>(std::move(start));
  }
  // A second passes so often, and what it brings is done.
  void seconds(int count) {
    for (int i = 0; i < count; ++i) {
      clock.advance(1'000);
      desk->step();
      for (int j = 0; j < 6; ++j) core->step();
    }
  }

  // The colleague asks, the manager allows.
  Asker who(const std::string& key = "") {
    const std::string name = key.empty() ? "key " + std::to_string(++keys_) : key;
    return {trade::ActorNo{2}, site::testing::request_of(name, name)};
  }
  Asker with_second(const std::string& key = "") {
    Asker made = who(key);
    made.second = trade::ActorNo{1};
    return made;
  }
  std::expected<ShownBasket, Why> scan(std::string_view product, trade::Units units = 1) {
    return basket([&](Told<ShownBasket> then) {
      desk->add(who(), {.product = id(product), .units = units}, std::move(then));
    });
  }
  std::expected<ShownBasket, Why> look() {
    return basket([&](Told<ShownBasket> then) { desk->look(who(), std::move(then)); });
  }
  std::expected<ShownBasket, Why> cash(std::int64_t pence) {
    return basket(
        [&](Told<ShownBasket> then) { desk->take_cash(who(), pence, {}, std::move(then)); });
  }
  // Asks the terminal and lets it answer.
  std::expected<ShownBasket, Why> card(std::int64_t pence = 0) {
    const auto asked =
        basket([&](Told<ShownBasket> then) { desk->take_card(who(), pence, std::move(then)); });
    if (!asked) return asked;
    seconds(1);
    return look();
  }
  std::expected<Completed, Why> complete(const std::string& key = "") {
    return told<Completed>(
        [&](Told<Completed> then) { desk->complete(who(key), std::move(then)); });
  }
  std::expected<DrawerAnswer, Why> move_drawer(trade::DrawerVerb verb, std::int64_t pence = 0,
                                               trade::TillReason reason = trade::TillReason::none,
                                               bool is_allowed = false) {
    return told<DrawerAnswer>([&](Told<DrawerAnswer> then) {
      desk->move_drawer(is_allowed ? with_second() : who(), verb, pence, reason, std::move(then));
    });
  }
  DeskState state() {
    const auto made =
        told<DeskState>([&](Told<DeskState> then) { desk->state(who(), std::move(then)); });
    EXPECT_TRUE(made);
    return made.value_or(DeskState{});
  }
  // What the book says now.
  template <class Read>
  auto read(Read read) {
    std::optional<decltype(read(std::declval<const trade::Partition&>()))> made;
    EXPECT_TRUE(core->ask([&](const site::View& view) { made = read(view.own); }));
    run([&] { return made.has_value(); });
    return *made;
  }
  std::int64_t total(trade::Account account) {
    return read([&](const trade::Partition& own) { return own.ledger.total(account); });
  }
  std::uint32_t sales() {
    return read([](const trade::Partition& own) { return own.shift.sale_count; });
  }

  io::SimDisk& disk;
  io::SimClock clock{1'793'440'000'000};
  io::SimEntropy entropy{5};
  site::CoreOptions options;
  DeskOptions how;
  std::vector<std::string> log;
  TablesInUse tables{shop_tables()};
  TestTerminal terminal;
  TestOwner owner;
  std::unique_ptr<site::Core> core;
  std::unique_ptr<Desk> desk;

 private:
  template <class T>
  static std::expected<T, Why> refuse_unanswered() {
    return std::unexpected<Why>(DeskTrouble::busy);
  }
  int keys_ = 0;
};

}  // namespace till::testing
