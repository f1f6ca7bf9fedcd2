// A store and an online site, each with its own journal on one disk, and the power lost at each
// operation of both: every order has its parcel once, and every unit is where the journals say.
#include "site/parcel_keeper.h"

#include <cstdio>
#include <map>

#include <gtest/gtest.h>

#include "journal/cursor.h"
#include "site/peer_reader.h"
#include "site/testing/business.h"

namespace site {
namespace {

using namespace testing;
using io::SimDisk;
using io::Tear;
using trade::Body;
using trade::OnlineVerb;
using trade::ParcelState;
using trade::ParcelVerb;

constexpr trade::Units on_shelf = 10, allotted = 8;

// Two sites that hear each other's journals.
struct Sites {
  World web, store;
  ParcelRules rules{.lapses = true};

  Sites() {
    web.options.data = "web";
    web.options.site = {web_code, trade::SiteKind::online, 1};
    web.options.peers = {"data/journal"};
    web.entropy = io::SimEntropy{6};
    store.options.peers = {"web/journal"};
    store.options.snapshot_entries = 12;
  }
};

bool resumes(Loop& loop) {
  if (loop.view().journal.opening().standing != journal::Standing::undecided) return true;
  return loop.resume("test", "power was lost").has_value();
}

void hear(Loop& loop, SimDisk& disk, const char* folder) {
  PeerReader reader(disk, folder, "sample");
  reader.read([&](const Peer& peer, std::span<const std::string> events) {
    return loop.admit(0, peer, events);
  });
}

// False at the first that is not done.
bool all_done(Loop& loop, const std::vector<Body>& bodies) {
  std::vector<Wish> wishes;
  for (const Body& body : bodies) wishes.push_back(wish(body));
  for (const Outcome& outcome : batch(loop, std::move(wishes)))
    if (!outcome) return false;
  return true;
}

// What the site does while it runs; false if the disk failed on the way.
template <class Work>
bool lives(World& world, SimDisk& disk, const char* peer, Work&& work) {
  const auto opened = world.try_open(disk);
  if (!opened || !resumes(**opened)) return false;
  Loop& loop = **opened;
  hear(loop, disk, peer);
  if (!work(loop)) return false;
  world.clock.advance(2'000);
  loop.settle();
  loop.stop();
  return loop.view().read_only_why.empty();
}

// Rounds of the store's own process until it finds nothing more to do.
bool keep(Loop& loop, const ParcelRules& rules) {
  ParcelUpkeep upkeep(rules);
  for (auto bodies = upkeep.next(loop.view()); !bodies.empty(); bodies = upkeep.next(loop.view()))
    if (!all_done(loop, bodies)) return false;
  return true;
}

bool set_up_store(Sites& sites, SimDisk& disk) {
  return lives(sites.store, disk, "web/journal", [](Loop& loop) {
    if (loop.fold().own().goods.line_count() == 0)
      for (const Outcome& outcome : batch(loop, opening()))
        if (!outcome) return false;
    if (on_hand(loop) == 0 && loop.fold().own().given.empty() &&
        !all_done(loop, {trade::GoodsMoved{trade::Cause::opening, {{soap, on_shelf, 0, {}}}}}))
      return false;
    return !loop.fold().own().given.empty() ||
           all_done(loop, {trade::StockAllotted{web_code, soap, allotted}});
  });
}

trade::OnlineOrdered order_of(int number, trade::Units units) {
  trade::OnlineOrdered made;
  made.store = store_code;
  made.way = trade::OnlineWay::collect;
  made.authorised_pence = 210 * units;
  made.payment = digest(number);
  made.sealed = digest(100 + number);
  made.code = digest(200 + number);
  made.rows = {{trade::LineNo{0}, units, 210 * units, 0}};
  return made;
}

// Three orders of one, two and three units, each for one request.
bool sell(Sites& sites, SimDisk& disk) {
  return lives(sites.web, disk, "data/journal", [](Loop& loop) {
    const trade::Partition& own = loop.fold().own();
    const trade::Terms terms{12, trade::Chain::ambient, trade::DateKind::none, 0, 0, 2'000, 3'000};
    if (own.goods.line_count() == 0 &&
        !all_done(loop, {trade::LineOpened{trade::testing::product("soap"), terms, 210, 0}}))
      return false;
    if (!own.day_is_open && !all_done(loop, {trade::DayOpened{trade::testing::today}}))
      return false;
    if (own.allotments.empty() &&
        !all_done(loop, {trade::AllotmentTaken{store_code, trade::LineNo{0}, allotted}}))
      return false;
    for (int number = 1; number <= 3; ++number) {
      trade::Origin origin;
      origin.request = request_of(std::to_string(number), "order");
      if (!one(loop, wish(order_of(number, number), origin))) return false;
    }
    return true;
  });
}

// The guest of the order with so many units does not want it any more.
bool cancel(Sites& sites, SimDisk& disk, trade::Units units) {
  return lives(sites.web, disk, "data/journal", [&](Loop& loop) {
    for (const auto& [counter, order] : loop.fold().own().online_orders)
      if (order.rows[0].units == units && order.state != trade::OnlineState::cancelled)
        return all_done(loop, {trade::OnlineMoved{counter, OnlineVerb::cancel}});
    return true;
  });
}

bool follow(Sites& sites, SimDisk& disk) {
  return lives(sites.store, disk, "web/journal",
               [&](Loop& loop) { return keep(loop, sites.rules); });
}

// Somebody packs what is expected and says that it is ready.
bool pack(Sites& sites, SimDisk& disk) {
  return lives(sites.store, disk, "web/journal", [&](Loop& loop) {
    std::vector<Body> bodies;
    for (const auto& [number, parcel] : loop.fold().own().parcels)
      if (parcel.state == ParcelState::expected) {
        bodies.emplace_back(trade::ParcelPacked{number, {}, {}, {}});
        bodies.emplace_back(trade::ParcelMoved{number, ParcelVerb::make_ready, 0});
      } else if (parcel.state == ParcelState::arrived) {
        bodies.emplace_back(trade::ParcelMoved{number, ParcelVerb::make_ready, 0});
      }
    return all_done(loop, bodies);
  });
}

// The customer of the smallest parcel comes; nobody comes for the others, and time goes by.
bool collect_and_wait(Sites& sites, SimDisk& disk) {
  return lives(sites.store, disk, "web/journal", [&](Loop& loop) {
    for (const auto& [number, parcel] : loop.fold().own().parcels)
      if (parcel.state == ParcelState::ready && parcel.rows[0].units == 1 &&
          !all_done(loop, {trade::ParcelHanded{number, trade::HandOver::code, digest(201)}}))
        return false;
    sites.store.clock.advance(trade::parcel_right_ms);
    if (!keep(loop, sites.rules)) return false;
    sites.store.clock.advance(parcel_back_ms);
    return keep(loop, sites.rules);
  });
}

// The orders are there; what comes of them.
bool live(Sites& sites, SimDisk& disk) {
  return cancel(sites, disk, 2) && follow(sites, disk) && cancel(sites, disk, 3) &&
         follow(sites, disk) && pack(sites, disk) && collect_and_wait(sites, disk);
}

std::string word_of(const trade::Partition& store) {
  std::string text;
  for (const auto& [number, parcel] : store.parcels)
    text += fmt::format("{} {}; ", parcel.rows[0].units, trade::text_of(parcel.state));
  return text;
}

// How often the store's journal says that a parcel is expected, by its order.
std::map<trade::DocumentNumber, int> expected_in(SimDisk& disk) {
  std::map<trade::DocumentNumber, int> times;
  PeerReader reader(disk, "data/journal", "sample");
  reader.read([&](const Peer&, std::span<const std::string> events) {
    for (const std::string& bytes : events)
      if (const auto event = trade::decode(bytes))
        if (const auto* expected = std::get_if<trade::ParcelExpected>(&event->body))
          ++times[expected->order];
    return true;
  });
  return times;
}

// What is wrong at the end; empty if nothing is. The order of one unit is collected and that of
// three was cancelled behind its parcel's beginning; that of two never had one.
std::string judge(Sites& sites, SimDisk& disk) {
  const auto opened = sites.store.try_open(disk);
  if (!opened) return opened.error().message;
  const Loop& loop = **opened;
  const trade::Partition& store = loop.fold().own();
  if (word_of(store) != "1 collected; 3 returned; ") return word_of(store);
  if (on_hand(loop) != on_shelf - 1) return "the shelf is wrong";
  if (store.given.at({web_code, soap}).outstanding() != allotted - 1) return "the allotment is";
  for (const auto& [order, times] : expected_in(disk))
    if (times != 1) return "a parcel is expected twice";
  return "";
}

TEST(ParcelKeeper, follows_the_orders_of_an_online_site_by_itself) {
  Sites sites;
  SimDisk disk(1);
  ASSERT_TRUE(set_up_store(sites, disk) && sell(sites, disk) && live(sites, disk));
  EXPECT_EQ(judge(sites, disk), "");
}

TEST(ParcelKeeper, does_nothing_twice_where_the_power_is_lost_at_any_operation) {
  Sites before;
  SimDisk ordered(1);
  ASSERT_TRUE(set_up_store(before, ordered) && sell(before, ordered));
  std::uint64_t operations = 0;
  {
    Sites sites = before;
    const auto disk = ordered.clone(1);
    ASSERT_TRUE(live(sites, *disk));
    operations = disk->operations();
  }
  int points = 0;
  for (std::uint64_t at = 0; at < operations; ++at) {
    const Tear tear = io::tears[at % std::size(io::tears)];
    Sites sites = before;
    const auto disk = ordered.clone(at);
    disk->set_faults({.power_lost_at = at});
    (void)live(sites, *disk);
    disk->restart(tear);
    ASSERT_TRUE(live(sites, *disk)) << "operation " << at;
    ASSERT_EQ(judge(sites, *disk), "") << "operation " << at << " tear " << static_cast<int>(tear);
    ++points;
  }
  EXPECT_GT(points, 50);
  std::printf("crash points: %d\n", points);
}

// A store with one parcel of one unit that is ready, and nobody comes.
class Waiting : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(set_up_store(sites_, disk_) && sell(sites_, disk_) && cancel(sites_, disk_, 2) &&
                cancel(sites_, disk_, 3) && follow(sites_, disk_) && pack(sites_, disk_));
    open();
  }
  void open() {
    loop_.reset();
    loop_ = sites_.store.open(disk_);
    hear(*loop_, disk_, "web/journal");
  }
  std::size_t bodies(ParcelRules rules) { return ParcelUpkeep(rules).next(loop_->view()).size(); }

  Sites sites_;
  SimDisk disk_{1};
  std::unique_ptr<Loop> loop_;
};

TEST_F(Waiting, parcels_lapse_only_where_the_store_is_set_to) {
  sites_.store.clock.advance(trade::parcel_right_ms - 60'000);
  EXPECT_EQ(bodies({.lapses = true}), 0u);
  sites_.store.clock.advance(60'000);
  EXPECT_EQ(bodies({.lapses = true}), 1u);
  EXPECT_EQ(bodies({.lapses = false}), 0u);
}

TEST_F(Waiting, parcels_do_not_lapse_by_the_time_of_a_hold) {
  const trade::DocumentNumber order = loop_->fold().own().parcels.begin()->first;
  ASSERT_TRUE(all_done(*loop_, {trade::ParcelMoved{order, ParcelVerb::hold, 0}}));
  sites_.store.clock.advance(3 * trade::parcel_right_ms);
  EXPECT_EQ(bodies({.lapses = true}), 0u);
  ASSERT_TRUE(all_done(*loop_, {trade::ParcelMoved{order, ParcelVerb::lift, 0}}));
  sites_.store.clock.advance(trade::parcel_right_ms - 60'000);
  EXPECT_EQ(bodies({.lapses = true}), 0u);
}

TEST_F(Waiting, orders_are_looked_at_again_after_the_new_ones) {
  // An order that was refused before, for whatever reason, is found by a later round.
  ParcelUpkeep upkeep({});
  EXPECT_TRUE(upkeep.next(loop_->view()).empty());
  ASSERT_TRUE(lives(sites_.web, disk_, "data/journal", [](Loop& web) {
    trade::Origin origin;
    origin.request = request_of("4", "order");
    return one(web, wish(order_of(4, 1), origin)).has_value();
  }));
  open();
  for (int round = 0; round < 3; ++round)
    EXPECT_EQ(upkeep.next(loop_->view()).size(), 1u) << "nobody has carried it out yet";
}

}  // namespace
}  // namespace site
