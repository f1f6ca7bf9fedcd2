#include "site/core.h"

#include <atomic>
#include <chrono>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "journal/scan.h"
#include "site/testing/kit.h"

namespace site {
namespace {

using namespace testing;

class CoreTest : public ::testing::Test {
 protected:
  void SetUp() override { world_.open_new(disk_); }
  std::unique_ptr<Core> start(bool has_threads = true) {
    world_.options.has_threads = has_threads;
    auto core = Core::start(world_.options, disk_, world_.clock, world_.entropy);
    EXPECT_TRUE(core);
    return *std::move(core);
  }

  io::SimDisk disk_{1};
  World world_;
};

TEST_F(CoreTest, wishes_of_many_threads_all_happen_once) {
  constexpr int threads = 8, each = 200;
  {
    const auto core = start();
    std::atomic<int> done = 0;
    std::vector<std::thread> clients;
    for (int client = 0; client < threads; ++client)
      clients.emplace_back([&, client] {
        for (int i = 0; i < each; ++i) {
          std::latch told(1);
          const std::string key = std::to_string(client) + "-" + std::to_string(i);
          while (!core->submit(sale(key), [&](const Outcome& outcome, const View&) {
            done += outcome ? 1 : 0;
            told.count_down();
          }))
            std::this_thread::yield();
          told.wait();
        }
      });
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(done, threads * each);
    const CoreCounts counts = core->counts();
    EXPECT_EQ(counts.events, static_cast<std::uint64_t>(threads * each));
    EXPECT_LE(counts.commits, counts.events);
    EXPECT_EQ(core->committed(), counts.committed_entries);
  }
  EXPECT_EQ(on_hand(*world_.open(disk_)), -threads * each);
}

TEST_F(CoreTest, what_waits_at_the_end_is_answered_and_signed) {
  std::atomic<int> done = 0;
  {
    const auto core = start();
    for (int i = 0; i < 500; ++i)
      ASSERT_TRUE(core->submit(sale(std::to_string(i)), [&](const Outcome& outcome, const View&) {
        done += outcome ? 1 : 0;
      }));
  }
  EXPECT_EQ(done, 500);
  const auto loop = world_.open(disk_);
  EXPECT_EQ(loop->view().journal.unsigned_entries(), 0u);
  EXPECT_TRUE(loop->view().journal.opening().from_snapshot);
}

TEST_F(CoreTest, a_full_queue_turns_away_and_takes_again_when_it_has_room) {
  const auto core = start(false);
  int answered = 0;
  for (std::size_t i = 0; i < queue_max; ++i)
    ASSERT_TRUE(core->submit(sale(std::to_string(i)), [&](const Outcome& outcome, const View&) {
      EXPECT_EQ(word(outcome), "done");
      ++answered;
    }));
  EXPECT_FALSE(core->submit(sale("late"), [](const Outcome&, const View&) { FAIL(); }));
  EXPECT_FALSE(core->ask([](const View&) { FAIL(); }));
  EXPECT_FALSE(core->resume("x", "y", [](const base::Result<>&) { FAIL(); }));
  EXPECT_EQ(core->counts().turned_away, 3u);
  core->step();
  EXPECT_EQ(answered, static_cast<int>(queue_max));
  EXPECT_EQ(core->counts().commits, queue_max / batch_max);
  EXPECT_TRUE(core->submit(sale("late"), [](const Outcome&, const View&) {}));
}

TEST_F(CoreTest, readers_are_woken_by_a_commit_and_by_the_end) {
  auto core = start();
  const std::uint64_t seen = core->committed();
  EXPECT_EQ(core->wait_committed(seen, 1), seen) << "nothing came";
  std::atomic<std::uint64_t> woken = 0;
  std::thread reader([&, &the_core = *core] { woken = the_core.wait_committed(seen, 60'000); });
  ASSERT_TRUE(core->submit(sale("a"), [](const Outcome&, const View&) {}));
  reader.join();
  EXPECT_EQ(woken, seen + 1);
}

TEST_F(CoreTest, what_an_answer_names_is_committed_for_readers_too) {
  const auto core = start();
  const std::uint64_t before = core->committed();
  std::latch sold(1), kept(1);
  ASSERT_TRUE(core->submit(sale("a"), [&](const Outcome&, const View&) {
    EXPECT_EQ(core->committed(), before + 1);
    sold.count_down();
  }));
  sold.wait();
  ASSERT_TRUE(core->keep_document("{}", [&](const base::Result<journal::Digest>& digest) {
    EXPECT_TRUE(digest);
    EXPECT_EQ(core->committed(), before + 2);
    kept.count_down();
  }));
  kept.wait();
}

TEST_F(CoreTest, an_answer_may_ask_for_more) {
  const auto core = start();
  std::latch told(1);
  ASSERT_TRUE(core->submit(sale("a"), [&](const Outcome&, const View&) {
    EXPECT_TRUE(core->ask([&](const View& view) {
      EXPECT_EQ(view.own.stock.on_hand(soap), -1);
      told.count_down();
    }));
  }));
  told.wait();
}

TEST_F(CoreTest, a_person_resumes_an_undecided_journal_while_the_site_runs) {
  const io::Path segment = journal_path / journal::segment_name(0);
  auto file = *disk_.open_file(segment);
  ASSERT_TRUE(file->write_at(written_bytes(disk_), "half a record"));
  const auto core = start();
  std::latch told(3);
  ASSERT_TRUE(core->submit(sale("a"), [&](const Outcome& outcome, const View&) {
    EXPECT_EQ(word(outcome), "read_only");
    told.count_down();
  }));
  while (core->counts().refusals == 0) std::this_thread::yield();
  ASSERT_TRUE(core->resume("the manager", "no peer has more", [&](const base::Result<>& resumed) {
    EXPECT_TRUE(resumed);
    told.count_down();
  }));
  ASSERT_TRUE(core->submit(sale("a"), [&](const Outcome& outcome, const View&) {
    EXPECT_EQ(word(outcome), "done");
    told.count_down();
  }));
  told.wait();
}

// On a real disk, because a thread of its own reads there while another site writes.
TEST(CorePeers, another_site_is_read_while_both_write) {
  const io::Path folder = io::Path(::testing::TempDir()) / "stockade-core-peers";
  io::Disk& disk = io::real_disk();
  ASSERT_TRUE(disk.remove_all(folder));
  World world, depot;
  depot.options.data = folder / "depot";
  depot.options.site = {trade::testing::depot_code, trade::SiteKind::depot, 1};
  const auto other = depot.open(disk);
  world.options.data = folder / "store";
  world.options.peers = {folder / "depot" / "journal"};
  world.options.has_threads = true;
  const auto core = *Core::start(world.options, disk, world.clock, world.entropy);
  const auto entries = [&] {
    std::latch told(1);
    std::uint64_t read = 0;
    EXPECT_TRUE(core->ask([&](const View& view) {
      read = view.peers[0].entries;
      told.count_down();
    }));
    told.wait();
    return read;
  };
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(word(one(*other, wish(trade::DayOpened{trade::testing::in_days(i)}))), "done");
    ASSERT_EQ(word(one(*other, wish(trade::DayClosed{}))), "done");
    depot.clock.advance(1'000);
    other->settle();
    for (int tries = 0; entries() < other->counts().committed_entries && tries < 10'000; ++tries) {
      core->read_peers();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_EQ(entries(), other->counts().committed_entries);
  }
  ASSERT_TRUE(disk.remove_all(folder));
}

}  // namespace
}  // namespace site
