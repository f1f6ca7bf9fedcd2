#include "sync/repair.h"

#include <gtest/gtest.h>

#include "journal/verify.h"
#include "sync/testing/kit.h"

namespace syncing {
namespace {

using testing::bytes_of;
using testing::Site;

// Copies a journal's folder, two levels deep, to another disk.
void copy_folder(io::Disk& from, const io::Path& folder, io::Disk& to, const io::Path& target) {
  CHECK(to.make_folders(target).has_value());
  const auto names = *from.list(folder);
  for (const std::string& name : names) {
    if (const auto bytes = io::read_file(from, folder / name))
      CHECK(io::write_file(to, target / name, *bytes).has_value());
    else
      copy_folder(from, folder / name, to, target / name);
  }
}

class RepairTest : public ::testing::Test {
 protected:
  RepairTest() {
    store_.trade(40, 200);
    document_ = store_.store_document("a night");
    store_.exchange(depot_);
    copy_folder(depot_.disk(), testing::copy_folder("0101"), store_.disk(), "donor");
    whole_ = bytes_of(store_.disk(), "journal");
  }
  base::Result<Repaired> repair() { return syncing::repair(disk(), "journal", "donor", {}); }
  io::SimDisk& disk() { return store_.disk(); }
  bool holds() { return journal::verify(disk(), "journal", {})->ok; }
  io::Path segment(std::size_t index) const { return io::Path("journal") / whole_[index].first; }

  const RosterIndex roster_{testing::roster_of(2)};
  Site depot_{"0002", roster_, 1}, store_{"0101", roster_, 2};
  Digest document_;
  std::vector<std::pair<std::string, std::string>> whole_;
};

TEST_F(RepairTest, a_flipped_bit_anywhere_is_put_right_and_what_was_there_is_kept) {
  const auto size = io::read_file(disk(), segment(0))->size();
  for (std::uint64_t byte = 250; byte < size; byte += 97) {
    SCOPED_TRACE(byte);
    const std::string original = *io::read_file(disk(), segment(0));
    disk().flip_bit(segment(0), 8 * byte);
    const auto done = repair();
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_EQ(done->replaced.size(), 1u);
    EXPECT_EQ(done->replaced[0].begin, byte);
    EXPECT_EQ(done->replaced[0].end, byte + 1);
    const auto kept = io::read_file(disk(), io::Path("journal") / done->replaced[0].set_aside);
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, std::string(1, static_cast<char>(original[byte] ^ 1)));
    EXPECT_TRUE(holds());
    EXPECT_EQ(*io::read_file(disk(), segment(0)), original);
  }
}

TEST_F(RepairTest, entries_behind_the_copys_end_are_kept) {
  store_.trade(10, 200);
  whole_ = bytes_of(disk(), "journal");
  disk().flip_bit(segment(1), 8 * 400);
  const auto done = repair();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->entries, 51u);
  EXPECT_EQ(done->signed_entries, 51u);
  EXPECT_EQ(bytes_of(disk(), "journal"), whole_);
}

TEST_F(RepairTest, a_missing_segment_a_missing_document_and_a_broken_checkpoint_are_replaced) {
  ASSERT_TRUE(disk().remove_all(segment(1)));
  ASSERT_TRUE(disk().remove_all(journal::document_path("journal", document_)));
  disk().flip_bit("journal/checkpoint", 8 * 20);
  const auto done = repair();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->replaced.size(), 3u);
  EXPECT_EQ(bytes_of(disk(), "journal"), whole_);
  EXPECT_TRUE(holds());
}

TEST_F(RepairTest, a_journal_that_lost_its_end_gets_it_back) {
  disk().cut(segment(whole_.size() - 1), 300);
  ASSERT_TRUE(repair());
  EXPECT_EQ(bytes_of(disk(), "journal"), whole_);
}

TEST_F(RepairTest, the_repaired_journal_takes_entries_again) {
  disk().flip_bit(segment(0), 8 * 400);
  ASSERT_TRUE(repair());
  store_.start();
  ASSERT_EQ(store_.journal().opening().standing, journal::Standing::ready);
  store_.trade(1);
  EXPECT_TRUE(holds());
}

// What was set aside stays with its site, so copies have only the entry that says so.
TEST_F(RepairTest, a_journal_that_once_set_a_torn_record_aside_is_repaired_and_so_is_its_copy) {
  const auto file = disk().open_file(segment(whole_.size() - 1));
  const auto end = journal::testing::end_of(disk(), "journal");
  ASSERT_TRUE((*file)->write_at(end.offset, "a torn record"));
  ASSERT_TRUE((*file)->sync());
  store_.start();
  ASSERT_EQ(store_.journal().opening().standing, journal::Standing::undecided);
  ASSERT_TRUE(store_.journal().resume("anna", "power", store_.journal().last_stamp()));
  store_.trade(3);
  store_.exchange(depot_);
  copy_folder(depot_.disk(), testing::copy_folder("0101"), disk(), "donor");
  whole_ = bytes_of(disk(), "journal");
  disk().flip_bit(segment(0), 8 * 400);
  const auto done = repair();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(holds());
  EXPECT_EQ(bytes_of(disk(), "journal"), whole_);
  disk().flip_bit(io::Path("donor") / whole_[0].first, 8 * 400);
  const auto copy = syncing::repair(disk(), "donor", "journal", {}, true);
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_EQ(bytes_of(disk(), "donor"), whole_);
}

TEST_F(RepairTest, a_journal_that_was_encrypted_with_the_space_behind_it_is_repaired) {
  for (const auto& [name, digest] : whole_) {
    const io::Path path = io::Path("journal") / name;
    const auto size = io::read_file(disk(), path)->size();
    for (std::uint64_t byte = 0; byte < size; byte += 3) disk().flip_bit(path, 8 * byte);
  }
  const auto done = syncing::repair(disk(), "journal", "donor", store_.signer().verifier);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(bytes_of(disk(), "journal"), whole_);
  EXPECT_TRUE(holds());
}

// A whole commit behind the copy's end is kept, although the one after it is broken.
TEST_F(RepairTest, of_what_nobody_has_signed_only_what_is_broken_goes_aside) {
  const auto tick = store_.journal().last_stamp().tick_ms;
  for (const int event : {1, 2})
    ASSERT_TRUE(
        journal::testing::append(store_.journal(), journal::testing::batch(event, 1, 100), tick));
  const auto names = *journal::list_segments(disk(), "journal");
  const auto end = journal::testing::end_of(disk(), "journal");
  disk().flip_bit(segment(0), 8 * 400);
  disk().flip_bit(io::Path("journal") / names.back(), 8 * (end.offset - 90));
  const auto done = repair();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->entries, 42u);
  EXPECT_TRUE(holds());
}

TEST_F(RepairTest, a_journal_that_holds_is_left_alone) {
  EXPECT_EQ(repair().error().code, base::ErrorCode::nothing_to_do);
}

TEST_F(RepairTest, damage_behind_the_copys_end_is_not_repaired_and_nothing_changes) {
  store_.trade(10, 200);
  const auto names = *journal::list_segments(disk(), "journal");
  disk().flip_bit(io::Path("journal") / names.back(), 8 * 400);
  const std::string before = *io::read_file(disk(), io::Path("journal") / names.back());
  const auto done = repair();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("do not repair it"), std::string::npos);
  EXPECT_EQ(*io::read_file(disk(), io::Path("journal") / names.back()), before);
}

TEST_F(RepairTest, a_copy_that_is_damaged_or_of_another_history_repairs_nothing) {
  disk().flip_bit(segment(0), 8 * 400);
  disk().flip_bit(io::Path("donor") / whole_[1].first, 8 * 400);
  EXPECT_EQ(repair().error().code, base::ErrorCode::evidence_bad);
  ASSERT_TRUE(disk().remove_all("donor"));
  Site liar("0101", roster_, 7);
  liar.trade(50, 201);
  copy_folder(liar.disk(), "journal", disk(), "donor");
  const auto done = repair();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("split view"), std::string::npos) << done.error().message;
}

TEST_F(RepairTest, the_journal_of_another_site_repairs_nothing) {
  disk().flip_bit(segment(0), 8 * 400);
  ASSERT_TRUE(disk().remove_all("donor"));
  Site other("0102", roster_, 7);
  other.trade(50);
  copy_folder(other.disk(), "journal", disk(), "donor");
  EXPECT_EQ(repair().error().code, base::ErrorCode::evidence_bad);
}

TEST_F(RepairTest, after_a_failure_at_any_operation_the_journal_is_the_old_one_or_the_new_one) {
  disk().flip_bit(segment(0), 8 * 400);
  const auto broken = bytes_of(disk(), "journal");
  for (std::uint64_t at = 0;; ++at) {
    const auto clone = disk().clone(at);
    clone->set_faults({.fails_at = clone->operations() + at});
    const auto done = syncing::repair(*clone, "journal", "donor", {});
    if (done) break;
    clone->set_faults({});
    const auto now = bytes_of(*clone, "journal");
    EXPECT_TRUE(now == broken || now == whole_) << at;
    ASSERT_LT(at, 200u);
  }
}

TEST_F(RepairTest, a_copy_that_is_repaired_keeps_its_promise) {
  syncing::Run part = *store_.holdings().run(store_.origin(), 0);
  const std::uint64_t size = store_.journal().size();
  store_.trade(3);
  const Growth growth = *store_.holdings().growth(store_.origin(), size);
  part.note = growth.note;
  part.proof = growth.proof;
  Site centre("0001", roster_, 3);
  const auto answer = [&](const Request& request) {
    EXPECT_FALSE(centre.listener().answer(encode(1, request), store_.key(), testing::now_s).no);
  };
  answer(Give{part});  // lacks the document
  answer(GiveDocument{store_.origin(), "a night"});
  answer(Give{part});
  const io::Path folder = testing::copy_folder("0101");
  ASSERT_TRUE(centre.disk().exists(folder / promise_file));
  centre.disk().flip_bit(folder / whole_[0].first, 8 * 700);
  copy_folder(depot_.disk(), folder, centre.disk(), "donor");
  const auto done = syncing::repair(centre.disk(), folder, "donor", {}, true);
  ASSERT_TRUE(done) << done.error().message;
  centre.start();
  const Copy& copy = **centre.copies().find(store_.origin());
  EXPECT_TRUE(copy.damage().empty()) << copy.damage();
  EXPECT_EQ(copy.size(), size);
  ASSERT_TRUE(copy.promise());
  EXPECT_TRUE(store_.exchange(centre).stopped.empty());
  EXPECT_EQ((*centre.copies().find(store_.origin()))->size(), store_.journal().size());
}

}  // namespace
}  // namespace syncing
