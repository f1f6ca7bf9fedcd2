// A centre's last night, and a depot's and a store's evening without it: three cores in turn.
#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "crypto/sha256.h"
#include "estate/sample.h"
#include "site/code.h"
#include "site/cut_offs.h"
#include "site/emergency.h"
#include "site/evening.h"
#include "site/held_nights.h"
#include "site/key.h"
#include "trade/continued.h"

namespace site {
namespace {

using base::Date;

class WallClock final : public io::Clock {
 public:
  double seconds() override { return io::real_clock().seconds(); }
  std::int64_t wall_ms() override { return wall_ms_; }
  void set(std::int64_t wall_ms) { wall_ms_ = wall_ms; }

 private:
  std::atomic<std::int64_t> wall_ms_ = 0;
};

// A site of a sample estate, from its start to its end.
class RunningSite {
 public:
  RunningSite(const CoreOptions& options, io::Clock& clock, EveningOptions how)
      : core_(Core::start(options, io::real_disk(), clock, io::real_entropy()).value()),
        talk_(*core_),
        history_(History::start(*core_, io::real_disk(), options.data, options.site.code).value()) {
    how.estate_name = options.estate;
    how.data = options.data;
    how.signer = site_key(io::real_disk(), io::real_entropy(), options.data,
                          origin_of(options.estate, options.site.code, options.site.epoch))
                     .value();
    signer = how.signer;
    evening_ = Evening::start(*core_, *history_, io::real_disk(), clock, how).value();
  }
  ~RunningSite() {
    evening_.reset();
    history_.reset();
  }

  void must(const trade::Body& body) {
    const auto done = talk_.carry_out(body).value();
    EXPECT_TRUE(done) << trade::kind_name(body) << ": " << words_of(done.error());
  }
  NightFacts run_night() {
    std::promise<base::Result<NightFacts>> told;
    EXPECT_TRUE(evening_->run_now([&](auto facts) { told.set_value(std::move(facts)); }));
    auto facts = told.get_future().get();
    EXPECT_TRUE(facts) << facts.error().message;
    return facts.value_or(NightFacts());
  }
  // "sealed", or the name of the refusal.
  std::string take(OrderOffer offer) {
    std::promise<Evening::Taken> told;
    trade::Origin origin;
    origin.actor = trade::ActorNo{1};
    EXPECT_TRUE(evening_->take_order(std::move(offer), origin,
                                     [&](auto taken) { told.set_value(std::move(taken)); }));
    const auto taken = told.get_future().get().value();
    if (taken) return std::string(text_of(std::get<trade::OrderTold>(taken->event.body).path));
    if (const auto* no = std::get_if<trade::No>(&taken.error().why))
      return std::string(row_of(no->why).name);
    return "not believed: " + taken.error().words;
  }
  bool holds_night(trade::SiteCode store, Date day) {
    return NightShelf(talk_, io::real_disk()).find(store, day).value().has_value();
  }
  Date newest_night_held(trade::SiteCode store) {
    NightShelf shelf(talk_, io::real_disk());
    EXPECT_TRUE(shelf.refresh());
    const auto held = shelf.newest().find(store);
    return held == shelf.newest().end() ? base::date_min : held->second.night.day;
  }
  template <class Question>
  auto ask(Question question) {
    return talk_.ask(question).value();
  }
  template <class Condition>
  bool comes_true(Condition is_so) {
    for (int i = 0; i < 400; ++i) {
      core_->read_peers();
      if (ask(is_so)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  std::optional<journal::Signer> signer;

 private:
  std::unique_ptr<Core> core_;
  Talk talk_;
  std::unique_ptr<History> history_;
  std::unique_ptr<Evening> evening_;
};

OrderOffer sealed_offer(std::string_view bytes) {
  OrderOffer offer;
  offer.sealed = bytes;
  return offer;
}

class CentreGone : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    estate::SampleOptions options;
    options.stores = 3;
    options.lines = 60;
    options.days = 120;
    options.out = io::Path(::testing::TempDir()) / "centre-gone-estate";
    const auto facts = estate::write_sample(io::real_disk(), options);
    ASSERT_TRUE(facts);
    estate_ = options.out;
    day_ = facts->as_of + 1;
  }
  void SetUp() override {
    root_ = io::Path(::testing::TempDir()) /
            (std::string("centre-gone-") +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(root_);
    clock_.set(local_ms(day_, 15 * 60));
  }

  std::unique_ptr<RunningSite> start(trade::SiteKind kind, const std::string& id,
                                     const std::vector<std::string>& peers,
                                     EveningOptions how = {}) {
    auto made = start_in(id, kind, id, 1, peers, std::move(how));
    made->must(trade::DayOpened{trade::to_day(day_)});
    return made;
  }
  std::unique_ptr<RunningSite> start_in(const std::string& folder, trade::SiteKind kind,
                                        const std::string& id, std::uint16_t epoch,
                                        const std::vector<std::string>& peers,
                                        EveningOptions how = {}, int minute = 24 * 60) {
    CoreOptions options;
    options.data = root_ / folder;
    std::filesystem::create_directories(options.data);
    options.site = {code_of(kind, id).value(), kind, epoch};
    options.estate = "test";
    for (const std::string& peer : peers) options.peers.push_back(root_ / peer / journal_folder);
    how.estate = estate_;
    how.site_id = id;
    how.minute = minute;  // 24:00: only when asked
    return std::make_unique<RunningSite>(options, clock_, std::move(how));
  }
  void last_night_of_the_centre() {
    const auto centre = start(trade::SiteKind::centre, "C0001", {});
    const NightFacts facts = centre->run_night();
    EXPECT_EQ(facts.refused, 0u) << facts.first_refusal;
    EXPECT_EQ(centre->ask([](const View& view) { return view.own.nights.size(); }), 3u);
    last_ = centre->ask(
        [](const View& view) { return std::pair(view.journal.size(), trade::encode(view.own)); });
  }
  // The centre of the next epoch, as stockade rebuild makes it from all that the last one wrote.
  std::unique_ptr<RunningSite> rebuilt_centre() {
    auto centre = start_in("C0001-2", trade::SiteKind::centre, "C0001", 2, {});
    trade::Sha256 state;
    state.bytes = crypto::sha256(last_.second).bytes;
    for (auto& part : trade::continue_from(1, last_.first, state, last_.second))
      centre->must(std::move(part));
    return centre;
  }
  static inline io::Path estate_;
  static inline Date day_;
  io::Path root_;
  WallClock clock_;
  std::pair<std::uint64_t, std::string> last_;  // of the centre's first epoch: entries and state
};

bool has_waves(const View& view) { return !view.own.waves.empty(); }
bool has_closed_wave(const View& view) {
  return std::ranges::any_of(view.own.waves,
                             [](const auto& wave) { return wave.second.is_closed; });
}
// What a depot takes from a standing order it tells first, and acknowledges then.
bool is_waiting(const View& view, const trade::OrderKey& key, const trade::ToldOrder& told) {
  return told.path == trade::OrderPath::standing && !view.own.fulfilments.contains(key);
}
bool is_picking(const View& view) {
  return !view.own.fulfilments.empty() &&
         std::ranges::none_of(
             view.own.told,
             [&](const auto& told) { return is_waiting(view, told.first, told.second); }) &&
         std::ranges::all_of(view.own.fulfilments, [](const auto& row) {
           return row.second.state == trade::FulfilmentState::picking;
         });
}

TEST_F(CentreGone, a_depot_fills_silent_stores_from_the_standing_orders_that_it_holds) {
  last_night_of_the_centre();
  std::size_t filled = 0;
  for (const std::string id : {"D01", "D02"}) {
    clock_.set(local_ms(day_, 15 * 60));
    const auto depot = start(trade::SiteKind::depot, id, {"C0001"});
    if (!depot->comes_true(has_waves)) continue;
    clock_.set(local_ms(day_ + 1, 3 * 60));
    if (!depot->comes_true(has_closed_wave)) continue;
    EXPECT_TRUE(depot->comes_true(is_picking));
    filled += depot->ask([](const View& view) {
      for (const auto& [key, told] : view.own.told)
        if (told.path == trade::OrderPath::standing) {
          EXPECT_EQ(view.own.fulfilments.at(key).order, told.order);
        }
      return view.own.told.size();
    });
  }
  EXPECT_GT(filled, 0u);
}

TEST_F(CentreGone, plans_every_night_for_a_day_of_its_own_until_then) {
  const auto centre = start_in("C0001", trade::SiteKind::centre, "C0001", 1, {}, {}, 20 * 60);
  for (const Date day : {day_, day_ + 1}) {
    clock_.set(local_ms(day, 21 * 60));
    EXPECT_TRUE(centre->comes_true([day](const View& view) {
      return view.own.nights.contains({trade::SiteCode{1}, trade::to_day(day)});
    })) << to_string(day);
  }
}

// A restart is what the change of roster asks of a site.
TEST_F(CentreGone, a_depot_that_starts_again_beside_the_rebuilt_centre_keeps_the_standing_orders) {
  last_night_of_the_centre();
  rebuilt_centre();
  std::size_t opened = 0;
  for (const std::string id : {"D01", "D02"}) {
    const auto alone = start(trade::SiteKind::depot, id, {"C0001"});
    if (!alone->comes_true(has_waves)) continue;
    const auto waves = alone->ask([](const View& view) { return view.own.waves.size(); });
    const auto again = start_in(id + "-again", trade::SiteKind::depot, id, 1, {"C0001", "C0001-2"});
    again->must(trade::DayOpened{trade::to_day(day_)});
    EXPECT_TRUE(
        again->comes_true([waves](const View& view) { return view.own.waves.size() == waves; }));
    EXPECT_EQ(again->ask([](const View& view) {
      return view.book.find(trade::SiteCode{9901})->site.epoch;
    }),
              2);
    opened += waves;
  }
  EXPECT_GT(opened, 0u);
}

TEST_F(CentreGone, a_night_of_the_rebuilt_centre_takes_the_place_of_the_lost_ones) {
  last_night_of_the_centre();
  auto centre = rebuilt_centre();
  centre->must(trade::DayClosed{});
  centre->must(trade::DayOpened{trade::to_day(day_ + 1)});
  EXPECT_EQ(centre->run_night().refused, 0u);
  centre.reset();  // all is signed
  const auto store = start(trade::SiteKind::store, "S0001", {"C0001", "C0001-2"});
  EXPECT_TRUE(store->comes_true([](const View& view) {
    const auto wanted = newest_night(view, trade::SiteCode{1});
    return wanted && wanted->folders.front().string().find("C0001-2") != std::string::npos;
  }));
  const auto depot = start(trade::SiteKind::depot, "D01", {"C0001", "C0001-2"});
  for (const base::Date day : {day_, day_ + 1})
    for (std::uint16_t code = 1; code <= 3; ++code)
      EXPECT_TRUE(depot->holds_night(trade::SiteCode{code}, day)) << code << to_string(day);
  EXPECT_EQ(depot->newest_night_held(trade::SiteCode{1}), day_ + 1);
}

TEST_F(CentreGone, a_store_that_hears_nothing_sends_its_orders_and_the_depot_takes_them_once) {
  last_night_of_the_centre();
  EveningOptions how;
  how.emergency_minute = 22 * 60 + 30;
  io::Path sealed_file;
  trade::OrderKey key;
  journal::Roster roster;
  roster.estate = "test";
  {
    const auto store = start(trade::SiteKind::store, "S0001", {"C0001"}, how);
    ASSERT_GT(store->run_night().orders, 0u);
    clock_.set(local_ms(day_, 22 * 60 + 31));
    ASSERT_TRUE(store->comes_true([](const View& view) {
      return !view.own.orders.empty() && std::ranges::all_of(view.own.orders, [](const auto& row) {
        return row.second.state == trade::OrderState::placed;
      });
    }));
    key = store->ask([](const View& view) { return view.own.orders.begin()->first; });
    const auto number = store->ask([](const View& view) {
      return trade::to_string(view.own.number(view.own.orders.begin()->second.counter));
    });
    sealed_file = root_ / "S0001" / emergency_folder / number / "order.sealed";
    for (int i = 0; i < 100 && !std::filesystem::exists(sealed_file); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    roster.lines.push_back({store->signer->verifier, journal::Role::store, {}, {}});
  }
  const auto sealed = io::read_file(io::real_disk(), sealed_file);
  ASSERT_TRUE(sealed);
  clock_.set(local_ms(day_, 15 * 60));
  EveningOptions door;
  const auto in_use = std::make_shared<RosterInUse>(roster);
  door.waves.roster = in_use;
  const std::string depot_id = key.depot == trade::SiteCode{9001} ? "D01" : "D02";
  const auto depot = start(trade::SiteKind::depot, depot_id, {"C0001"}, door);
  depot->must(trade::PersonEnrolled{{}, trade::Role::depot, {{{1}}}});
  ASSERT_TRUE(depot->comes_true(has_waves));
  EXPECT_EQ(depot->take(sealed_offer(*sealed)), "sealed");
  EXPECT_EQ(depot->take(sealed_offer(*sealed)), "order_known");
  std::string altered = *sealed;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  EXPECT_THAT(depot->take(sealed_offer(altered)), ::testing::StartsWith("not believed"));
  const auto of_store = depot->ask([](const View& view) { return view.own.refused.size(); });
  EXPECT_EQ(of_store, 1u);  // the second time that it came

  roster.lines[0].revoked_at_entries = 0;
  in_use->replace(std::make_shared<journal::Roster>(roster));
  EXPECT_THAT(depot->take(sealed_offer(*sealed)), ::testing::StartsWith("not believed"))
      << "the depot runs on, and the store's key was revoked";
}

TEST_F(CentreGone, a_rehearsal_places_nothing_and_says_so_on_all_it_writes) {
  last_night_of_the_centre();
  EveningOptions how;
  how.emergency_minute = 21 * 60 + 30;
  how.is_rehearsal = true;
  const auto store = start(trade::SiteKind::store, "S0001", {"C0001"}, how);
  ASSERT_GT(store->run_night().orders, 0u);
  clock_.set(local_ms(day_, 21 * 60 + 31));
  const io::Path folder = root_ / "S0001" / emergency_folder;
  for (int i = 0; i < 200 && !std::filesystem::exists(folder); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_TRUE(std::filesystem::exists(folder));
  for (const auto& one : std::filesystem::directory_iterator(folder))
    EXPECT_TRUE(one.path().filename().string().ends_with("-rehearsal"));
  EXPECT_TRUE(store->ask([](const View& view) { return view.own.orders.empty(); }));
}

}  // namespace
}  // namespace site
