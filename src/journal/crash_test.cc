// Power, sync, space and direction lost at every disk operation of a journal's life: nothing that
// was acknowledged is lost, nothing is invented, and the journal starts again or says why not.
#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/testing/kit.h"

namespace journal {
namespace {

using io::DiskFaults;
using io::SimDisk;
using io::Tear;
using testing::EventList;
using testing::Events;

const io::Path folder = "site/journal";

struct Told {
  Events acknowledged;
  Events in_flight;  // of the one commit that failed: may be there whole, or not at all
};

struct Shape {
  std::size_t batch, event_bytes;
  Options options;
};

// A day of a site: commits with everything that happens beside them. Stops at the first failure.
base::Result<> live(SimDisk& disk, const Shape& shape, Told& told) {
  const Signer signer = testing::test_signer();
  EventList fold;
  auto journal = TRY(Journal::open(disk, folder, shape.options, fold));
  if (journal.opening().standing != Standing::ready)
    return base::fail(base::ErrorCode::read_only, journal.opening().why);
  const int begin = static_cast<int>(fold.events.size());
  for (int number = 0; number < 6; ++number) {
    const std::int64_t tick_ms = journal.last_stamp().tick_ms + 1;
    if (number == 2) TRY(testing::sign_now(journal, signer));
    if (number == 3) TRY(journal.append_document("a document", {1, tick_ms}));
    if (number == 4) TRY(journal.save_snapshot(fold.save(), {1, tick_ms}));
    const Events events = testing::batch(begin + number, shape.batch, shape.event_bytes);
    told.in_flight = events;
    TRY(testing::append(journal, events, tick_ms));
    told.in_flight.clear();
    told.acknowledged.insert(told.acknowledged.end(), events.begin(), events.end());
    fold.events.insert(fold.events.end(), events.begin(), events.end());
  }
  return {};
}

SimDisk with_new_journal() {
  SimDisk disk(1);
  EXPECT_TRUE(disk.make_folders("site"));
  EXPECT_TRUE(disk.sync_folder("."));
  EXPECT_TRUE(Journal::create(disk, folder, testing::test_signer().verifier));
  return disk;
}

// The verdict of one crash: empty if all is well.
std::string judge(const Events& found, const Told& told) {
  if (found.size() < told.acknowledged.size()) return "acknowledged events are lost";
  if (!std::equal(told.acknowledged.begin(), told.acknowledged.end(), found.begin()))
    return "acknowledged events are others now";
  const Events rest(found.begin() + static_cast<std::ptrdiff_t>(told.acknowledged.size()),
                    found.end());
  if (!rest.empty() && rest != told.in_flight) return "events are there that nobody committed";
  return "";
}

// Opens as a site does after a crash; decides where it must; then commits once more and opens
// again. What was found at first is left in `found`.
std::string start_again(SimDisk& disk, const Shape& shape, Events& found) {
  EventList fold;
  auto journal = Journal::open(disk, folder, shape.options, fold);
  if (!journal) return "does not open: " + journal.error().message;
  found = fold.events;
  const Opening opening = journal->opening();
  const std::int64_t tick_ms = journal->last_stamp().tick_ms;
  if (opening.standing == Standing::damaged) return "damaged: " + opening.why;
  if (opening.standing == Standing::undecided) {
    if (opening.why.empty() || !disk.exists(folder / opening.set_aside))
      return "read-only without saying why, or without keeping the bytes";
    if (testing::append(*journal, {"too early"}, tick_ms)) return "appends while undecided";
    if (auto done = journal->resume("test", "power was lost", {1, tick_ms}); !done)
      return "does not resume: " + done.error().message;
  }
  if (auto done = testing::append(*journal, {"after"}, tick_ms); !done)
    return "does not append: " + done.error().message;
  EventList again;
  const auto second = Journal::open(disk, folder, shape.options, again);
  if (!second || second->opening().standing != Standing::ready) return "does not open twice";
  Events expected = found;
  expected.push_back("after");
  return again.events == expected ? "" : "another fold the second time";
}

std::uint64_t operations_of_a_life(const SimDisk& start, const Shape& shape) {
  const auto disk = start.clone(1);
  Told told;
  EXPECT_TRUE(live(*disk, shape, told));
  return disk->operations();
}

const Shape shapes[] = {
    {1, 64, {.segment_bytes_max = 1'000}},
    {8, 64, {.segment_bytes_max = 2'000}},
    {64, 256, {.segment_bytes_max = 40'000}},
    {512, 256, {.segment_bytes_max = 300'000}},  // three entries in one commit
};

struct Points {
  int all = 0, undecided = 0;
};

// Loses power at every operation of a life that begins with what `start` holds, `before`.
void lose_power_everywhere(const SimDisk& start, const Events& before, const Shape& shape,
                           std::uint64_t seeds, Points& points) {
  const std::uint64_t operations = operations_of_a_life(start, shape);
  EXPECT_GT(operations, 30u);
  for (std::uint64_t at = 0; at < operations; ++at)
    for (const Tear tear : io::tears)
      for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const auto disk = start.clone(seed);
        disk->set_faults({.power_lost_at = at});
        Told told{.acknowledged = before, .in_flight = {}};
        ASSERT_FALSE(live(*disk, shape, told));
        disk->restart(tear);
        Events found;
        std::string verdict = start_again(*disk, shape, found);
        if (verdict.empty()) verdict = judge(found, told);
        ASSERT_EQ(verdict, "") << "batch " << shape.batch << " operation " << at << " tear "
                               << static_cast<int>(tear) << " seed " << seed;
        points.undecided += disk->exists(folder / "set-aside") ? 1 : 0;
        ++points.all;
      }
}

TEST(Crash, nothing_is_lost_or_invented_by_a_loss_of_power_at_any_operation) {
  const SimDisk start = with_new_journal();
  Points points;
  for (const Shape& shape : shapes)
    lose_power_everywhere(start, {}, shape,
                          shape.batch < 64    ? 16
                          : shape.batch == 64 ? 8
                                              : 2,
                          points);
  RecordProperty("crash_points", points.all);
  std::printf("%d crash points, %d with a broken last record\n", points.all, points.undecided);
  EXPECT_GE(points.all, 10'000);
  EXPECT_GT(points.undecided, 100);
}

// The bound was larger when the space was made, so that rotation has some to cut off.
TEST(Crash, nothing_is_lost_by_a_loss_of_power_while_a_segment_with_space_is_closed) {
  SimDisk start = with_new_journal();
  EventList fold;
  {
    auto journal = Journal::open(start, folder, {.segment_bytes_max = 3'000}, fold);
    ASSERT_TRUE(journal && testing::append(*journal, {"before"}, 1));
    ASSERT_EQ(io::read_file(start, folder / segment_name(0))->size(), 3'000u);
  }
  Points points;
  lose_power_everywhere(start, {"before"}, {1, 64, {.segment_bytes_max = 280}}, 8, points);
  EXPECT_GE(points.all, 1'000);
}

TEST(Crash, a_second_loss_of_power_while_starting_again_loses_nothing_either) {
  const SimDisk start = with_new_journal();
  const Shape& shape = shapes[1];
  const std::uint64_t operations = operations_of_a_life(start, shape);
  int points = 0;
  for (std::uint64_t at = 0; at < operations; ++at)
    for (const Tear tear : io::tears) {
      const auto crashed = start.clone(at);
      crashed->set_faults({.power_lost_at = at});
      Told told;
      ASSERT_FALSE(live(*crashed, shape, told));
      crashed->restart(tear);
      for (std::uint64_t again = 0; again < 16; ++again) {
        const auto disk = crashed->clone(again);
        disk->set_faults({.power_lost_at = again});
        Events found, found_later;
        if (start_again(*disk, shape, found).empty()) break;  // it ended before the second crash
        disk->restart(io::tears[again % io::tears.size()]);
        ASSERT_EQ(start_again(*disk, shape, found_later), "") << at << " " << again;
        if (!found_later.empty() && found_later.back() == "after") found_later.pop_back();
        ASSERT_EQ(judge(found_later, told), "") << at << " " << again;
        ++points;
      }
    }
  EXPECT_GE(points, 1'000);
}

TEST(Crash, creating_a_journal_leaves_one_or_none) {
  for (const Tear tear : io::tears)
    for (std::uint64_t at = 0; at < 12; ++at) {
      SimDisk disk(at);
      disk.set_faults({.power_lost_at = at});
      (void)disk.make_folders("site");
      (void)disk.sync_folder(".");
      (void)Journal::create(disk, folder, testing::test_signer().verifier);
      disk.restart(tear);
      EventList fold;
      const auto journal = Journal::open(disk, folder, {}, fold);
      if (journal)
        EXPECT_EQ(journal->opening().standing, Standing::ready);
      else
        EXPECT_TRUE(Journal::create(disk, folder, testing::test_signer().verifier)) << at;
    }
}

// After a failed sync the process may end, start again, read back what never reached the medium,
// go on from it, and then lose power.
TEST(Crash, an_error_at_any_operation_followed_by_a_loss_of_power_loses_nothing) {
  const SimDisk start = with_new_journal();
  int points = 0, lived_on = 0;
  for (const Shape& shape : shapes) {
    const std::uint64_t operations = operations_of_a_life(start, shape);
    for (std::uint64_t at = 0; at < operations; ++at)
      for (const Tear tear : io::tears) {
        const auto disk = start.clone(at);
        disk->set_faults({.fails_at = at});
        Told told;
        lived_on += live(*disk, shape, told) ? 1 : 0;
        disk->set_faults({});
        Events found;
        ASSERT_EQ(start_again(*disk, shape, found), "") << at;
        ASSERT_EQ(judge(found, told), "") << at;
        const Events before = found;
        disk->restart(tear);
        ASSERT_EQ(start_again(*disk, shape, found), "") << at;
        ASSERT_GT(found.size(), before.size());
        ASSERT_EQ(judge(Events(found.begin(), found.begin() + std::ssize(before)), told), "") << at;
        ++points;
      }
  }
  EXPECT_GE(points, 1'000);
  // Only space for later frames is not needed to live on.
  EXPECT_GT(lived_on, 0);
  EXPECT_LT(lived_on, points / 8);
}

TEST(Crash, a_full_disk_refuses_and_the_journal_goes_on_when_there_is_room_again) {
  SimDisk disk = with_new_journal();
  EventList fold;
  auto journal = Journal::open(disk, folder, {}, fold);
  ASSERT_TRUE(journal);
  // Room for one commit, but not for space behind it.
  disk.set_faults({.capacity_bytes = 400});
  ASSERT_TRUE(testing::append(*journal, {"one"}, 1));
  const auto refused = testing::append(*journal, testing::batch(1, 8, 64), 2);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("nothing was written"), std::string::npos);
  EXPECT_FALSE(testing::append(*journal, testing::batch(2, 8, 64), 3));
  disk.set_faults({});
  ASSERT_TRUE(testing::append(*journal, {"two"}, 4));
  disk.restart(Tear::none);
  const auto again = Journal::open(disk, folder, {}, fold);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->opening().standing, Standing::ready);
  EXPECT_EQ(fold.events, (Events{"one", "two"}));
}

TEST(Crash, a_disk_that_fills_up_anywhere_and_then_loses_power_loses_nothing) {
  const SimDisk start = with_new_journal();
  const Shape& shape = shapes[1];
  int points = 0, filled = 0;
  for (std::uint64_t capacity = 200; capacity < 9'000; capacity += 67)
    for (const Tear tear : io::tears) {
      const auto disk = start.clone(capacity);
      disk->set_faults({.capacity_bytes = capacity});
      Told told;
      filled += live(*disk, shape, told) ? 0 : 1;
      disk->restart(tear);
      Events found;
      ASSERT_EQ(start_again(*disk, shape, found), "") << capacity;
      ASSERT_EQ(judge(found, told), "") << capacity;
      ++points;
    }
  EXPECT_GT(filled, points / 2);
}

TEST(Crash, a_misdirected_write_is_never_taken_for_a_healthy_journal) {
  const SimDisk start = with_new_journal();
  const Shape& shape = shapes[0];
  const std::uint64_t operations = operations_of_a_life(start, shape);
  int wrong = 0;
  for (std::uint64_t at = 0; at < operations; ++at)
    for (const std::int64_t by : {-400, -150, -7, 7, 150, 4096}) {
      const auto disk = start.clone(at);
      disk->set_faults({.misdirected_at = at, .misdirected_by_bytes = by});
      Told told;
      (void)live(*disk, shape, told);
      disk->restart(Tear::all);
      EventList fold;
      const auto journal = Journal::open(*disk, folder, shape.options, fold);
      const bool is_healthy = journal && journal->opening().standing == Standing::ready;
      if (is_healthy) {
        ASSERT_EQ(judge(fold.events, told), "") << at << " " << by;
      }
      wrong += is_healthy ? 0 : 1;
    }
  EXPECT_GT(wrong, 20);
}

TEST(Crash, a_lie_about_sizes_does_not_stop_a_healthy_site) {
  SimDisk disk = with_new_journal();
  Told told;
  ASSERT_TRUE(live(disk, shapes[0], told));
  for (const std::int64_t lie : {-1'000'000, -100, 100, 1'000'000}) {
    disk.set_faults({.size_lie_bytes = lie});
    Events found;
    EventList fold;
    const auto journal = Journal::open(disk, folder, shapes[0].options, fold);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->opening().standing, Standing::ready);
    EXPECT_EQ(judge(fold.events, told), "");
  }
}

}  // namespace
}  // namespace journal
