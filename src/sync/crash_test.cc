// The listener's disk loses power, or fails, at every operation: what was acknowledged is there.
#include <gtest/gtest.h>

#include "journal/verify.h"
#include "sync/testing/kit.h"

namespace syncing {
namespace {

using io::SimDisk;
using testing::copy_folder;
using testing::Site;

base::Result<Copies> open_copies(SimDisk& disk, const RosterIndex& roster) {
  const auto wants = [](const auto& origin) { return testing::wants_of("0001", origin); };
  return Copies::open(disk, {"copies", wants, testing::witness_of("0001")}, roster);
}

// A listener of the centre over any disk.
struct Centre {
  explicit Centre(Copies held, SimDisk& disk)
      : copies(std::move(held)), holdings(disk, std::nullopt, copies), listener(holdings) {}
  Centre(SimDisk& disk, const RosterIndex& roster) : Centre(*open_copies(disk, roster), disk) {}
  Copies copies;
  Holdings holdings;
  Listener listener;
};

class CrashTest : public ::testing::Test {
 protected:
  CrashTest() {
    store_.trade(30, 300);
    store_.store_document("a document");
    store_.trade(30, 300);
  }

  // An exchange as far as the centre answers; the entries that it said it had.
  std::uint64_t exchange(Centre& centre) {
    std::uint64_t said = 0;
    Dialler dialler(store_.holdings(), 1, 0);
    while (const auto request = dialler.next()) {
      const auto answer = parse_answer(centre.listener.answer(*request, store_.key(), 0).bytes);
      CHECK(answer.has_value());
      if (const auto* taken = std::get_if<Taken>(&answer->body)) said = taken->size;
      const auto* refused = std::get_if<Refused>(&answer->body);
      if (refused != nullptr && refused->refusal == Refusal::failed) break;
      CHECK(dialler.take(encode(answer->number, answer->body)));
    }
    return said;
  }

  // Each entry is under a note that is held.
  static void expect_covered(const Copy& copy) {
    EXPECT_LE(copy.size(), std::max(copy.checkpoint() ? copy.checkpoint()->checkpoint.size : 0,
                                    copy.promise() ? copy.promise()->entries : 0));
  }

  // What a disk holds after a restart: at least what was said, only what is the store's, and all of
  // it after one more exchange.
  void expect_whole(SimDisk& disk, std::uint64_t said) {
    Centre centre(disk, roster_);
    Copy& copy = **centre.copies.find(store_.origin());
    EXPECT_TRUE(copy.damage().empty()) << copy.damage();
    EXPECT_GE(copy.size(), said);
    expect_covered(copy);
    EXPECT_EQ(exchange(centre), 61u);
    EXPECT_EQ(testing::bytes_of(disk, copy_folder("0101")),
              testing::bytes_of(store_.disk(), "journal"));
    const auto report = journal::verify(disk, copy_folder("0101"), {});
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->ok) << to_string(report->faults.at(0));
  }

  std::uint64_t operations_of_an_exchange() {
    SimDisk disk(1);
    Centre centre(disk, roster_);
    EXPECT_EQ(exchange(centre), 61u);
    return disk.operations();
  }

  const RosterIndex roster_{testing::roster_of(1)};
  Site store_{"0101", roster_, 1, {.segment_bytes_max = 6'000}};
};

TEST_F(CrashTest, after_a_loss_of_power_at_any_operation_what_was_acknowledged_is_there) {
  const std::uint64_t operations = operations_of_an_exchange();
  ASSERT_GT(operations, 20u);
  for (std::uint64_t at = 0; at < operations; ++at)
    for (const io::Tear tear : io::tears) {
      SCOPED_TRACE(fmt::format("operation {}, tear {}", at, static_cast<int>(tear)));
      SimDisk disk(at);
      std::uint64_t said = 0;
      disk.set_faults({.power_lost_at = at});
      if (auto copies = open_copies(disk, roster_)) {
        Centre centre(*std::move(copies), disk);
        said = exchange(centre);
      }
      disk.restart(tear);
      expect_whole(disk, said);
    }
}

// Two parts of a store's journal, one behind the other, each under a note beyond both ends.
class PartTest : public CrashTest {
 protected:
  PartTest() {
    part_store_.trade(20);
    for (std::uint64_t from = 0; parts_.size() < 2;) {
      Give part{*part_store_.holdings().run(part_store_.origin(), from)};
      from = part_store_.journal().size();
      part_store_.trade(5);
      const Growth growth = *part_store_.holdings().growth(part_store_.origin(), from);
      part.run.note = growth.note;
      part.run.proof = growth.proof;
      parts_.push_back(part);
      ends_.push_back(from);
    }
  }

  // Gives the parts until one is refused; how many entries were acknowledged.
  std::uint64_t give(Centre& centre) {
    std::uint64_t said = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const auto request = encode(1, Request(parts_[i]));
      if (centre.listener.answer(request, part_store_.key(), 0).no) break;
      said = ends_[i];
    }
    return said;
  }
  const Copy& copy(Centre& centre) { return **centre.copies.find(part_store_.origin()); }
  // A disk with both parts.
  void fill(SimDisk& disk) {
    Centre centre(disk, roster_);
    EXPECT_EQ(give(centre), ends_.back());
  }

  Site part_store_{"0101", roster_, 2};
  std::vector<Give> parts_;
  std::vector<std::uint64_t> ends_;
  const io::Path promise_ = copy_folder("0101") / promise_file;
};

TEST_F(PartTest, after_a_loss_of_power_at_any_operation_each_entry_has_the_note_that_proved_it) {
  SimDisk whole(1);
  fill(whole);
  for (std::uint64_t at = 0; at < whole.operations(); ++at)
    for (const io::Tear tear : io::tears) {
      SCOPED_TRACE(fmt::format("operation {}, tear {}", at, static_cast<int>(tear)));
      SimDisk disk(at);
      disk.set_faults({.power_lost_at = at});
      std::uint64_t said = 0;
      if (auto copies = open_copies(disk, roster_)) {
        Centre centre(*std::move(copies), disk);
        said = give(centre);
      }
      // Power may go again at each operation of what follows, at first the start.
      for (std::uint64_t next = 0; next < 12; ++next) {
        const auto again = disk.clone(next);
        std::uint64_t said_again = said;
        again->restart(tear);
        again->set_faults({.power_lost_at = again->operations() + next});
        if (auto copies = open_copies(*again, roster_)) {
          Centre centre(*std::move(copies), *again);
          if (centre.copies.find(part_store_.origin())) said_again = std::max(said, give(centre));
        }
        again->restart(tear);
        Centre centre(*again, roster_);
        ASSERT_TRUE(copy(centre).damage().empty()) << copy(centre).damage();
        EXPECT_GE(copy(centre).size(), said_again);
        expect_covered(copy(centre));
      }
    }
}

TEST_F(PartTest, after_an_operation_that_failed_the_part_comes_again_with_its_note) {
  SimDisk whole(1);
  fill(whole);
  for (std::uint64_t at = 0; at < whole.operations(); ++at) {
    SCOPED_TRACE(at);
    SimDisk disk(at);
    disk.set_faults({.fails_at = at});
    auto copies = open_copies(disk, roster_);
    if (!copies) continue;
    Centre centre(*std::move(copies), disk);
    const std::uint64_t said = give(centre);
    EXPECT_LE(said, copy(centre).size());
    for (std::size_t i = said == 0 ? 0 : 1; said < ends_.back() && i < parts_.size(); ++i)
      EXPECT_FALSE(centre.listener.answer(encode(1, Request(parts_[i])), part_store_.key(), 0).no);
    EXPECT_EQ(copy(centre).size(), ends_.back());
    expect_covered(copy(centre));
    disk.restart(io::Tear::none);
    Centre later(disk, roster_);
    EXPECT_EQ(copy(later).size(), ends_.back());
    expect_covered(copy(later));
  }
}

TEST_F(PartTest, a_promise_that_rots_takes_no_entry_with_it_and_the_next_one_replaces_it) {
  SimDisk disk(1);
  fill(disk);
  const std::size_t size = io::read_file(disk, promise_)->size();
  for (std::size_t byte = 0; byte < size; ++byte) {
    SCOPED_TRACE(byte);
    const auto rotten = disk.clone(1);
    rotten->flip_bit(promise_, 8 * byte + byte % 8);
    Centre centre(*rotten, roster_);
    EXPECT_TRUE(copy(centre).damage().empty());
    ASSERT_EQ(copy(centre).size(), ends_.back());
  }
  disk.flip_bit(promise_, 3);
  Centre centre(disk, roster_);
  Dialler dialler(part_store_.holdings(), 1, 0);
  const auto outcome = carry(
      [&](std::string_view request) -> base::Result<std::string> {
        return centre.listener.answer(request, part_store_.key(), 0).bytes;
      },
      dialler);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(copy(centre).size(), part_store_.journal().size());
  expect_covered(copy(centre));
}

TEST_F(PartTest, what_a_rebuild_believes_without_a_note_stays) {
  SimDisk disk(1);
  fill(disk);
  ASSERT_TRUE(disk.remove_all(promise_));
  ASSERT_TRUE(io::write_file(disk, copy_folder("0101") / journal::believed_file, "so many"));
  Centre centre(disk, roster_);
  EXPECT_EQ(copy(centre).size(), ends_.back());
}

TEST_F(PartTest, entries_that_no_note_covers_go_aside_and_come_again) {
  SimDisk disk(1);
  fill(disk);
  ASSERT_TRUE(disk.remove_all(promise_));
  Centre centre(disk, roster_);
  EXPECT_EQ(copy(centre).size(), 0u);
  EXPECT_TRUE(disk.exists(copy_folder("0101") / journal::set_aside_folder));
  EXPECT_EQ(give(centre), ends_.back());
  EXPECT_EQ(copy(centre).size(), ends_.back());
}

TEST_F(CrashTest, after_an_operation_that_failed_it_goes_on_without_a_restart) {
  const std::uint64_t operations = operations_of_an_exchange();
  for (std::uint64_t at = 12; at < operations; ++at) {
    SCOPED_TRACE(at);
    SimDisk disk(at);
    Centre centre(disk, roster_);
    disk.set_faults({.fails_at = at});
    const std::uint64_t said = exchange(centre);
    EXPECT_LE(said, (*centre.copies.find(store_.origin()))->size());
    EXPECT_EQ(exchange(centre), 61u);
    disk.restart(io::Tear::none);
    const auto report = journal::verify(disk, copy_folder("0101"), {});
    EXPECT_TRUE(report->ok) << to_string(report->faults.at(0));
    EXPECT_EQ(testing::bytes_of(disk, copy_folder("0101")),
              testing::bytes_of(store_.disk(), "journal"));
  }
}

TEST_F(CrashTest, a_full_disk_refuses_and_keeps_what_there_was) {
  SimDisk disk(1);
  Centre centre(disk, roster_);
  disk.set_faults({.capacity_bytes = 9'000});
  EXPECT_EQ(exchange(centre), 0u);
  disk.set_faults({});
  EXPECT_EQ(exchange(centre), 61u);
}

TEST_F(CrashTest, a_start_reads_on_from_the_frontier_and_without_a_true_one_from_the_start) {
  store_.trade(5'000, 10);
  SimDisk disk(1);
  {
    Centre centre(disk, roster_);
    EXPECT_EQ(exchange(centre), 5'061u);
  }
  const io::Path frontier = copy_folder("0101") / frontier_file;
  ASSERT_TRUE(disk.exists(frontier));
  const auto starts_well = [&] {
    Centre centre(disk, roster_);
    const Copy& copy = **centre.copies.find(store_.origin());
    return copy.damage().empty() && copy.size() == store_.journal().size();
  };
  EXPECT_TRUE(starts_well());
  disk.flip_bit(frontier, 900);
  EXPECT_TRUE(starts_well());
}

TEST_F(CrashTest, a_copy_whose_signed_part_is_damaged_takes_nothing_and_says_why) {
  SimDisk disk(1);
  {
    Centre centre(disk, roster_);
    exchange(centre);
  }
  disk.flip_bit(copy_folder("0101") / journal::segment_name(0), 8 * 700);
  store_.trade(1);
  Centre centre(disk, roster_);
  Dialler dialler(store_.holdings(), 1, 0);
  const auto outcome = carry(
      [&](std::string_view request) -> base::Result<std::string> {
        return centre.listener.answer(request, store_.key(), 0).bytes;
      },
      dialler);
  ASSERT_TRUE(outcome);
  ASSERT_EQ(dialler.exchanged().stopped.size(), 1u);
  EXPECT_EQ(dialler.exchanged().stopped[0].no.refusal, Refusal::damaged);
  EXPECT_NE(dialler.exchanged().stopped[0].no.words.find("byte"), std::string::npos);
}

}  // namespace
}  // namespace syncing
