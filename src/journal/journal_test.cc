#include "journal/journal.h"

#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/files.h"
#include "journal/testing/kit.h"
#include "journal/verify.h"

namespace journal {
namespace {

using testing::EventList;
using testing::Events;

const io::Path folder = "j";

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Journal::create(disk_, folder, signer_.verifier)); }

  Journal open(EventList& fold, const Options& options = {}) {
    auto journal = Journal::open(disk_, folder, options, fold);
    EXPECT_TRUE(journal);
    return std::move(*journal);
  }

  io::SimDisk disk_{1};
  const Signer signer_ = testing::test_signer();
};

TEST_F(JournalTest, a_commit_is_one_write_and_one_sync) {
  EventList fold;
  Journal journal = open(fold);
  const std::uint64_t before = disk_.operations();
  ASSERT_TRUE(testing::append(journal, testing::batch(1, 512, 256), 1));
  EXPECT_EQ(disk_.operations() - before, 2u);
  EXPECT_EQ(journal.size(), 3u);  // entries of at most 65,535 bytes
}

TEST_F(JournalTest, a_segment_has_room_for_more_than_its_header) {
  EventList fold;
  EXPECT_DEATH((void)Journal::open(disk_, folder, {.segment_bytes_max = 100}, fold), "segment");
}

TEST_F(JournalTest, events_come_back_in_order_through_rotation_and_snapshots) {
  const Options options{.segment_bytes_max = 1'500};
  Events expected;
  EventList state;
  Journal journal = open(state, options);
  for (int i = 0; i < 40; ++i) {
    const Events events = testing::batch(i, static_cast<std::size_t>(1 + i % 3), 80);
    ASSERT_TRUE(testing::append(journal, events, i));
    state.events.insert(state.events.end(), events.begin(), events.end());
    if (i == 25) {
      ASSERT_TRUE(journal.save_snapshot(state.save(), {1, i}));
    }
  }
  EXPECT_GT(list_segments(disk_, folder)->size(), 4u);
  EventList fast, full;
  const Journal quick = open(fast, options);
  EXPECT_TRUE(quick.opening().from_snapshot);
  EXPECT_EQ(quick.opening().entries_read, 15u);
  Options no_snapshot = options;
  no_snapshot.use_snapshot = false;
  const Journal slow = open(full, no_snapshot);
  EXPECT_FALSE(slow.opening().from_snapshot);
  EXPECT_EQ(fast.events, state.events);
  EXPECT_EQ(full.events, state.events);
  EXPECT_EQ(quick.checkpoint(), slow.checkpoint());
  EXPECT_EQ(quick.checkpoint(), journal.checkpoint());
}

TEST_F(JournalTest, a_snapshot_whose_digest_no_entry_states_is_not_believed) {
  EventList state;
  Journal journal = open(state);
  ASSERT_TRUE(testing::append(journal, {"true"}, 1));
  ASSERT_TRUE(journal.save_snapshot(testing::EventList().save(), {1, 2}));
  Snapshot forged = *parse_snapshot(*io::read_file(disk_, folder / snapshot_file));
  EventList lie;
  lie.events = {"false"};
  forged.state = lie.save();
  ASSERT_TRUE(io::write_file(disk_, folder / snapshot_file, encode(forged)));
  EventList fold;
  EXPECT_FALSE(open(fold).opening().from_snapshot);
  EXPECT_EQ(fold.events, Events{"true"});
  EXPECT_FALSE(verify(disk_, folder, {})->ok);
}

TEST_F(JournalTest, checkpoints_are_due_after_a_second_or_1024_entries) {
  EventList fold;
  Journal journal = open(fold);
  EXPECT_FALSE(journal.checkpoint_due(0));
  ASSERT_TRUE(testing::append(journal, {"one"}, 5));
  EXPECT_FALSE(journal.checkpoint_due(1'004));
  EXPECT_TRUE(journal.checkpoint_due(1'005));
  ASSERT_TRUE(testing::sign_now(journal, signer_));
  EXPECT_FALSE(journal.checkpoint_due(99'999));
  for (int i = 0; i < 1'024; ++i) ASSERT_TRUE(testing::append(journal, {"x"}, 100'000));
  EXPECT_TRUE(journal.checkpoint_due(100'000));
  EXPECT_EQ(journal.unsigned_entries(), 1'024u);
}

TEST_F(JournalTest, a_checkpoint_of_another_key_or_an_older_one_is_not_stored) {
  EventList fold;
  Journal journal = open(fold);
  ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  const auto early = sign(signer_, journal.checkpoint());
  const Signer other = testing::test_signer(signer_.verifier.name, 8);
  EXPECT_FALSE(journal.save_checkpoint(sign(other, journal.checkpoint())));
  ASSERT_TRUE(testing::append(journal, {"two"}, 2));
  ASSERT_TRUE(testing::sign_now(journal, signer_));
  EXPECT_FALSE(journal.save_checkpoint(early));
  Checkpoint ahead = journal.checkpoint();
  ahead.size = 9;
  EXPECT_FALSE(journal.save_checkpoint(sign(signer_, ahead)));
}

TEST_F(JournalTest, an_event_that_no_entry_can_hold_is_refused_and_nothing_is_written) {
  EventList fold;
  Journal journal = open(fold);
  const auto refused = testing::append(journal, {std::string(event_bytes_max + 1, 'x')}, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::input_too_large);
  EXPECT_EQ(journal.size(), 0u);
  ASSERT_TRUE(testing::append(journal, {std::string(event_bytes_max, 'x')}, 1));
}

TEST_F(JournalTest, a_journal_that_is_opened_anew_goes_on_and_knows_what_was_acknowledged) {
  EventList fold;
  Journal journal = open(fold);
  ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  disk_.set_faults({.fails_at = disk_.operations() + 1});
  ASSERT_FALSE(testing::append(journal, {"two"}, 2));
  EXPECT_EQ(testing::append(journal, {"two"}, 2).error().code, base::ErrorCode::read_only);
  disk_.set_faults({.fails_at = disk_.operations()});
  ASSERT_FALSE(journal.reopen(fold));
  EXPECT_EQ(testing::append(journal, {"two"}, 2).error().code, base::ErrorCode::read_only);
  ASSERT_TRUE(journal.reopen(fold));
  EXPECT_EQ(fold.events.front(), "one");
  ASSERT_TRUE(testing::append(journal, {"two"}, 2));
  const io::Path segment = folder / segment_name(0);
  disk_.cut(segment, io::read_file(disk_, segment)->find_last_not_of('\0'));
  ASSERT_TRUE(journal.reopen(fold));
  EXPECT_EQ(journal.opening().standing, Standing::damaged) << "not undecided: it was acknowledged";
}

TEST(Packing, says_where_pack_events_puts_each_event) {
  for (const std::size_t size : {1u, 100u, 30'000u, 32'759u, 32'760u, 65'516u}) {
    const Events events(7, std::string(size, 'x'));
    const std::vector<std::string_view> views(events.begin(), events.end());
    const auto entries = pack_events(views, {1, 1});
    ASSERT_TRUE(entries);
    std::vector<std::uint32_t> counts(entries->size());
    Packing packing;
    for (const Events::value_type& event : events) {
      const Packing::At at = packing.add(event.size());
      ASSERT_LT(at.entry, counts.size());
      EXPECT_EQ(at.place, counts[at.entry]++);
    }
    for (std::size_t i = 0; i < entries->size(); ++i) {
      const auto entry = parse_entry((*entries)[i]);
      EXPECT_EQ(unpack_events(entry->body)->size(), counts[i]) << size;
    }
  }
}

TEST_F(JournalTest, a_document_is_stored_once_under_its_digest) {
  EventList fold;
  Journal journal = open(fold);
  const std::string night(200'000, 'n');
  const auto first = journal.append_document(night, {1, 1});
  const auto second = journal.append_document(night, {1, 2});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, crypto::sha256(night));
  EXPECT_EQ(*second, *first);
  EXPECT_EQ(*io::read_file(disk_, document_path(folder, *first)), night);
  EXPECT_EQ(journal.size(), 2u);
  EXPECT_EQ(verify(disk_, folder, {})->documents, 2u);
}

TEST_F(JournalTest, a_broken_last_record_is_kept_aside_and_the_decision_is_journalled) {
  EventList fold;
  {
    Journal journal = open(fold);
    ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  }
  auto file = *disk_.open_file(folder / segment_name(0));
  ASSERT_TRUE(file->write_at(testing::end_of(disk_, folder).offset, "half a record"));
  Journal journal = open(fold);
  ASSERT_EQ(journal.opening().standing, Standing::undecided);
  EXPECT_EQ(testing::append(journal, {"two"}, 2).error().code, base::ErrorCode::read_only);
  EXPECT_EQ(*io::read_file(disk_, folder / journal.opening().set_aside), "half a record");
  EXPECT_FALSE(verify(disk_, folder, {})->ok);
  const std::string set_aside = journal.opening().set_aside;
  ASSERT_TRUE(journal.resume("the manager", "no peer has more than one entry", {1, 2}));
  ASSERT_TRUE(testing::append(journal, {"two"}, 3));
  const auto report = verify(disk_, folder, {});
  EXPECT_TRUE(report->ok);
  EXPECT_EQ(report->entries, 3u);
  EXPECT_EQ(report->set_aside, std::vector<std::string>{set_aside});
  ASSERT_TRUE(disk_.remove_all(folder / set_aside));
  EXPECT_FALSE(verify(disk_, folder, {})->ok);
}

TEST_F(JournalTest, small_frames_fill_space_that_was_written_before_them) {
  EventList fold;
  Journal journal = open(fold);
  const io::Path path = folder / segment_name(0);
  ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  const std::uint64_t size = io::read_file(disk_, path)->size();
  EXPECT_GT(size, 100'000u);
  for (int i = 2; i < 200; ++i) ASSERT_TRUE(testing::append(journal, {"next"}, i));
  EXPECT_EQ(io::read_file(disk_, path)->size(), size);
  EXPECT_TRUE(verify(disk_, folder, {})->ok);
  // A later start goes on filling it.
  Journal again = open(fold);
  EXPECT_EQ(again.opening().standing, Standing::ready);
  ASSERT_TRUE(testing::append(again, {"more"}, 200));
  EXPECT_EQ(io::read_file(disk_, path)->size(), size);
  EXPECT_EQ(verify(disk_, folder, {})->entries, 200u);
}

TEST_F(JournalTest, no_space_is_made_beyond_a_segments_bound_or_for_large_frames) {
  EventList fold;
  Journal journal = open(fold, {.segment_bytes_max = 5'000});
  ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  EXPECT_EQ(io::read_file(disk_, folder / segment_name(0))->size(), 5'000u);
  ASSERT_TRUE(testing::append(journal, testing::batch(1, 512, 256), 2));
  const Place end = testing::end_of(disk_, folder);
  EXPECT_EQ(io::read_file(disk_, folder / end.segment)->size(), end.offset);
  ASSERT_TRUE(testing::append(journal, testing::batch(2, 512, 256), 3));
  EXPECT_EQ(verify(disk_, folder, {})->entries, 7u);
}

TEST_F(JournalTest, a_disk_without_room_for_more_than_the_frame_takes_the_frame) {
  EventList fold;
  Journal journal = open(fold);
  disk_.set_faults({.capacity_bytes = 1'000});
  ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  const std::uint64_t before = disk_.operations();
  ASSERT_TRUE(testing::append(journal, {"two"}, 2));
  EXPECT_EQ(disk_.operations() - before, 2u);  // it is not asked for more again
  const Place end = testing::end_of(disk_, folder);
  EXPECT_EQ(io::read_file(disk_, folder / end.segment)->size(), end.offset);
  disk_.restart(io::Tear::none);
  EXPECT_EQ(open(fold).opening().standing, Standing::ready);
  EXPECT_EQ(fold.events, (Events{"one", "two"}));
}

TEST_F(JournalTest, a_closed_segment_ends_with_its_last_frame) {
  EventList fold;
  {
    Journal journal = open(fold);
    ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  }
  const std::uint64_t end = testing::end_of(disk_, folder).offset;
  {
    Journal journal = open(fold, {.segment_bytes_max = end});
    ASSERT_TRUE(testing::append(journal, {"two"}, 2));
  }
  EXPECT_EQ(list_segments(disk_, folder)->size(), 2u);
  EXPECT_EQ(io::read_file(disk_, folder / segment_name(0))->size(), end);
  ASSERT_TRUE(verify(disk_, folder, {})->ok);
  // There, zeros are no space for anything.
  ASSERT_TRUE((*disk_.open_file(folder / segment_name(0)))->write_at(end, std::string(9, '\0')));
  const auto report = verify(disk_, folder, {});
  ASSERT_FALSE(report->ok);
  EXPECT_EQ(report->faults[0].byte, end);
  EXPECT_EQ(open(fold).opening().standing, Standing::damaged);
}

TEST_F(JournalTest, a_journal_is_read_whole_while_it_is_written) {
  EventList fold;
  Journal journal = open(fold);
  ASSERT_TRUE(testing::append(journal, {"one"}, 1));
  // More than a scan reads at once, so that it has read space where a frame is when it reads on.
  const auto write_on = [&](const Frame&, const Place&) {
    for (int i = 0; i < 10 && journal.size() < 30; ++i)
      ASSERT_TRUE(testing::append(journal, testing::batch(i, 100, 400), 2));
  };
  const auto end = scan(disk_, folder, {}, write_on);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->fault) << to_string(*end->fault);
  EXPECT_TRUE(end->broken.empty());
  EXPECT_EQ(end->place.next, journal.size());
}

TEST_F(JournalTest, what_another_process_adds_while_a_journal_opens_is_not_written_over) {
  EventList fold;
  Journal first = open(fold);
  ASSERT_TRUE(testing::append(first, {"one"}, 1));
  // The disk has no lock here, so that the second writer is found by what it wrote meanwhile.
  class Meanwhile final : public Fold {
   public:
    explicit Meanwhile(Journal& other) : other_(other) {}
    void reset() override {}
    base::Result<> load(std::string_view) override { return {}; }
    void apply(std::uint64_t, const Entry&) override {
      EXPECT_TRUE(testing::append(other_, {"two"}, 2));
    }

   private:
    Journal& other_;
  } meanwhile(first);
  const auto second = Journal::open(disk_, folder, {}, meanwhile);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another process"), std::string::npos);
}

TEST_F(JournalTest, there_is_only_one_journal_in_a_folder) {
  const auto second = Journal::create(disk_, folder, signer_.verifier);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::input_bad);
  EventList fold;
  EXPECT_FALSE(Journal::open(disk_, "elsewhere", {}, fold));
}

}  // namespace
}  // namespace journal
