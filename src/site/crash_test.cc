// A life of a site, with the power lost or the disk failing at each of its operations: what was
// acknowledged is there afterwards, and a request that is sent again happens once.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "site/testing/kit.h"
#include "trade/testing/chance.h"

namespace site {
namespace {

using namespace testing;
using io::SimDisk;
using io::Tear;

constexpr int batches = 6;
constexpr int batch_size = 4;

// What a client was told, by the key of its request.
struct Told {
  struct Answer {
    std::uint64_t entry = 0;
    std::uint32_t place = 0;
    trade::Event event;
  };
  std::map<std::string, Answer> done;
};

trade::Units units_of(const std::string& key) {
  return 1 + static_cast<trade::Units>(key.back() - '0');
}

// Sends every request, each twice in its batch, and again in the next one. False at the first
// request that is not answered.
bool live(World& world, SimDisk& disk, Told& told) {
  const auto opened = world.try_open(disk);
  if (!opened) return false;
  Loop& loop = **opened;
  if (loop.fold().own().goods.line_count() == 0)
    for (const Outcome& outcome : batch(loop, opening()))
      if (!outcome) return false;
  for (int number = 0; number < batches; ++number) {
    std::vector<Wish> wishes;
    std::vector<std::string> keys;
    for (int i = 0; i < 2 * batch_size; ++i) {
      keys.push_back(std::to_string(number - i / batch_size) + "-" +
                     std::to_string(i % batch_size));
      wishes.push_back(sale(keys.back(), units_of(keys.back())));
    }
    const auto outcomes = batch(loop, std::move(wishes));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!outcomes[i]) return false;
      told.done[keys[i]] = {outcomes[i]->entry, outcomes[i]->place, outcomes[i]->event};
    }
    world.clock.advance(400);
    loop.settle();
  }
  loop.stop();
  return true;
}

trade::Units sold(const Told& told) {
  trade::Units sum = 0;
  for (const auto& [key, answer] : told.done) sum += units_of(key);
  return sum;
}

std::int64_t balance(const trade::Partition& own) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < trade::count_of<trade::Place>; ++i)
    sum += own.stock.total(static_cast<trade::Place>(i));
  return sum;
}

// Starts again after a crash; asks for everything that was answered once more, and lives on. Empty
// if all is well.
std::string start_again(World& world, SimDisk& disk, Told told) {
  auto opened = world.try_open(disk);
  if (!opened) return "does not open: " + opened.error().message;
  Loop& loop = **opened;
  const auto standing = loop.view().journal.opening().standing;
  if (standing == journal::Standing::damaged) return std::string(loop.view().read_only_why);
  if (standing == journal::Standing::undecided && !loop.resume("test", "power was lost"))
    return "does not resume";
  const trade::Units before = on_hand(loop);
  if (-before < sold(told)) return "something that was sold is not sold any more";
  for (const auto& [key, answer] : told.done) {
    const Outcome again = one(loop, sale(key, units_of(key)));
    if (word(again) != "repeated") return key + " is not known any more";
    if (again->entry != answer.entry || again->place != answer.place ||
        again->event != answer.event)
      return key + " gets another answer";
  }
  if (on_hand(loop) != before) return "a repeated request happened again";
  opened->reset();
  Told later;
  if (!live(world, disk, later)) return "does not live on";
  opened = world.try_open(disk);
  if (!opened) return "does not open twice";
  if (on_hand(**opened) != -sold(later)) return "something happened twice, or not at all";
  if (balance((*opened)->fold().own()) != 0) return "units do not balance";
  const std::string state = (*opened)->fold().save();
  (void)disk.remove_all(journal_path / "snapshot");
  opened->reset();
  opened = world.try_open(disk);
  return opened && (*opened)->fold().save() == state ? "" : "another state by full replay";
}

World new_world() {
  World world;
  world.options.snapshot_entries = 3;
  world.options.segment_bytes_max = 1'500;
  return world;
}

std::uint64_t operations_of_a_life() {
  World world = new_world();
  SimDisk disk(1);
  Told told;
  EXPECT_TRUE(live(world, disk, told));
  return disk.operations();
}

TEST(Crash, what_was_answered_survives_a_loss_of_power_at_any_operation) {
  const std::uint64_t operations = operations_of_a_life();
  EXPECT_GT(operations, 40u);
  int points = 0;
  for (std::uint64_t at = 0; at < operations; ++at)
    for (const Tear tear : io::tears) {
      World world = new_world();
      SimDisk disk(at);
      disk.set_faults({.power_lost_at = at});
      Told told;
      (void)live(world, disk, told);
      disk.restart(tear);
      ASSERT_EQ(start_again(world, disk, told), "")
          << "operation " << at << " tear " << static_cast<int>(tear);
      ++points;
    }
  std::printf("%d crash points\n", points);
}

// The site goes on after the error in the same process; only then the power goes.
TEST(Crash, what_was_answered_survives_an_error_at_any_operation) {
  const std::uint64_t operations = operations_of_a_life();
  for (std::uint64_t at = 0; at < operations; ++at)
    for (const Tear tear : {Tear::none, Tear::all, Tear::sectors}) {
      World world = new_world();
      SimDisk disk(at);
      disk.set_faults({.fails_at = at});
      Told told;
      (void)live(world, disk, told);
      const Told first = told;
      (void)live(world, disk, told);
      for (const auto& [key, answer] : first.done) ASSERT_TRUE(told.done.contains(key)) << at;
      disk.restart(tear);
      ASSERT_EQ(start_again(world, disk, told), "") << "operation " << at;
    }
}

TEST(Crash, what_was_answered_survives_a_disk_that_fills_up_anywhere) {
  int filled = 0;
  for (std::uint64_t capacity = 100; capacity < 12'000; capacity += 97) {
    World world = new_world();
    SimDisk disk(capacity);
    disk.set_faults({.capacity_bytes = capacity});
    Told told;
    filled += live(world, disk, told) ? 0 : 1;
    disk.restart(Tear::prefix);
    ASSERT_EQ(start_again(world, disk, told), "") << capacity;
  }
  EXPECT_GT(filled, 20);
}

// Any wishes at all, of people and devices that may not exist, repeated at will, with crashes.
class RandomLife {
 public:
  explicit RandomLife(std::uint64_t seed) : chance_(seed), disk_(seed) {
    world_.options.snapshot_entries = 4;
    world_.options.segment_bytes_max = 4'000;
  }

  void run(int steps) {
    loop_ = world_.open_new(disk_);
    for (int step = 0; step < steps; ++step) {
      std::vector<Wish> wishes;
      for (std::uint64_t i = 0; i < 1 + chance_.below(5); ++i) wishes.push_back(next_wish());
      check_answers(batch(*loop_, std::move(wishes)));
      RC_ASSERT(balance(loop_->fold().own()) == 0);
      world_.clock.advance(static_cast<std::int64_t>(chance_.below(6 * 3'600'000)));
      loop_->settle();
      if (chance_.once_in(6)) restart();
    }
    restart();
  }

 private:
  Wish next_wish() {
    trade::Origin origin;
    origin.actor = trade::ActorNo{static_cast<std::uint32_t>(chance_.below(4))};
    if (chance_.once_in(4)) {
      origin.device = trade::DeviceNo{static_cast<std::uint32_t>(chance_.below(3))};
      origin.sequence = chance_.below(200);
    }
    const std::string key = std::to_string(chance_.below(60));
    if (chance_.once_in(2)) origin.request = request_of(key, key);
    if (chance_.once_in(2)) return wish(chance_.any_event().body, origin);
    trade::GoodsMoved moved{trade::Cause::sale,
                            {{soap, static_cast<trade::Units>(1 + chance_.below(5)), 1, {}}}};
    return wish(moved, origin);
  }
  void check_answers(const std::vector<Outcome>& outcomes) {
    for (const Outcome& outcome : outcomes) {
      if (!outcome) continue;
      const std::string bytes = trade::encode(outcome->event);
      const auto [known, is_new] = events_.try_emplace({outcome->entry, outcome->place}, bytes);
      RC_ASSERT(is_new != outcome->is_repeated);
      RC_ASSERT(known->second == bytes);
    }
  }
  // With or without a loss of power; from the snapshot and without it.
  void restart() {
    const std::string state = loop_->fold().save();
    if (chance_.once_in(3)) loop_->stop();
    loop_.reset();
    if (chance_.once_in(2)) disk_.restart(io::tears[chance_.below(io::tears.size())]);
    for (const bool is_full : {false, true}) {
      if (is_full) (void)disk_.remove_all(journal_path / "snapshot");
      loop_ = world_.open(disk_);
      RC_ASSERT(loop_->fold().save() == state);
    }
  }

  trade::testing::Chance chance_;
  SimDisk disk_;
  World world_;
  std::unique_ptr<Loop> loop_;
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::string> events_;
};

RC_GTEST_PROP(SiteProperty, units_balance_and_the_state_is_the_same_after_any_restart, ()) {
  RandomLife(*rc::gen::arbitrary<std::uint64_t>()).run(40);
}

}  // namespace
}  // namespace site
