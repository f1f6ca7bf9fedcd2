#include "journal/cursor.h"

#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/testing/kit.h"

namespace journal {
namespace {

using testing::EventList;
using testing::Events;

const io::Path folder = "j";

class CursorTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Journal::create(disk_, folder, signer_.verifier)); }

  Journal open(const Options& options = {}) {
    EventList fold;
    auto journal = Journal::open(disk_, folder, options, fold);
    EXPECT_TRUE(journal);
    return std::move(*journal);
  }

  // One event an entry, each in a commit of its own.
  void append(Journal& journal, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i)
      ASSERT_TRUE(testing::append(journal, {event(journal.size())}, 1));
  }
  static std::string event(std::uint64_t index) { return "event " + std::to_string(index); }

  Cursor cursor(std::uint64_t from) {
    auto cursor = Cursor::open(disk_, folder, from);
    EXPECT_TRUE(cursor) << cursor.error().message;
    return std::move(*cursor);
  }

  // Everything that a cursor gives, in order from `from`; its end.
  static std::uint64_t read(Cursor& cursor, std::uint64_t from, std::uint64_t committed_size) {
    while (true) {
      const auto item = cursor.next(committed_size);
      EXPECT_TRUE(item) << item.error().message;
      if (!item || !*item) return from;
      EXPECT_EQ((*item)->index, from);
      EXPECT_EQ(*unpack_events((*item)->entry.body), std::vector<std::string_view>{event(from)});
      ++from;
    }
  }

  io::SimDisk disk_{1};
  const Signer signer_ = testing::test_signer();
};

TEST_F(CursorTest, entries_are_read_while_the_journal_is_written_and_rotated) {
  for (const std::uint64_t bound : {300u, 1'000u, 1u << 20}) {
    SCOPED_TRACE(bound);
    disk_ = io::SimDisk(1);
    SetUp();
    Journal journal = open({.segment_bytes_max = bound});
    Cursor ahead = cursor(0), behind = cursor(0);
    std::uint64_t read_ahead = 0, read_behind = 0;
    for (std::uint64_t i = 0; i < 60; ++i) {
      append(journal, 1 + i % 4);
      read_ahead = read(ahead, read_ahead, journal.size());
      ASSERT_EQ(read_ahead, journal.size());
      if (i % 7 == 6) read_behind = read(behind, read_behind, journal.size());
    }
    EXPECT_EQ(read(behind, read_behind, journal.size()), journal.size());
    EXPECT_FALSE(*ahead.next(journal.size()));
  }
}

TEST_F(CursorTest, a_cursor_may_begin_at_any_entry_and_before_those_to_come) {
  Journal journal = open({.segment_bytes_max = 1'000});
  append(journal, 50);
  const std::uint64_t size = journal.size();
  std::vector<Cursor> cursors;
  for (std::uint64_t from = 0; from <= size + 20; ++from) {
    cursors.push_back(cursor(from));
    EXPECT_EQ(read(cursors.back(), from, size), std::max(from, size));
  }
  append(journal, 30);
  for (std::uint64_t from = 0; from < cursors.size(); ++from)
    EXPECT_EQ(read(cursors[from], std::max(from, size), journal.size()), journal.size());
}

TEST_F(CursorTest, nothing_at_or_above_the_committed_size_is_given) {
  Journal journal = open();
  ASSERT_TRUE(
      testing::append(journal, testing::batch(1, 512, 256), 1));  // one frame, three entries
  append(journal, 2);
  Cursor one = cursor(0);
  for (std::uint64_t committed = 0; committed <= journal.size(); ++committed) {
    for (int i = 0; i < 2; ++i) {
      const auto item = one.next(committed);
      ASSERT_TRUE(item);
      EXPECT_EQ(item->has_value(), i == 0 && committed > 0);
      if (*item) {
        EXPECT_EQ((*item)->index, committed - 1);
      }
    }
  }
}

// The entries that are committed next lie where the cursor would have read on.
TEST_F(CursorTest, no_byte_behind_the_committed_entries_is_read) {
  Journal journal = open();
  append(journal, 10);
  const std::uint64_t end = testing::end_of(disk_, folder).offset;
  Cursor one = cursor(4);
  EXPECT_EQ(read(one, 4, 10), 10u);
  auto file = *disk_.open_file(folder / segment_name(0));
  ASSERT_TRUE(file->write_at(end, "a frame that is half written"));
  EXPECT_FALSE(*one.next(10));
  append(journal, 10);
  EXPECT_EQ(read(one, 10, 20), 20u);
}

TEST_F(CursorTest, space_behind_the_last_frame_is_no_entry) {
  {
    Journal journal = open();
    append(journal, 5);
  }
  Cursor one = cursor(3);
  EXPECT_EQ(read(one, 3, 5), 5u);
  EXPECT_FALSE(*one.next(5));
  // Whoever says that there are more is wrong, and hears where they should be.
  const auto beyond = one.next(6);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, base::ErrorCode::evidence_bad);
  EXPECT_NE(beyond.error().message.find("entry 5"), std::string::npos) << beyond.error().message;
}

TEST_F(CursorTest, every_flipped_bit_is_found_before_its_entry_is_given) {
  Journal journal = open({.segment_bytes_max = 700});
  append(journal, 12);
  struct Span {
    std::string file;
    std::uint64_t begin, end, entry;
  };
  std::vector<Span> frames;
  ASSERT_TRUE(scan(disk_, folder, {}, [&](const Frame& frame, const Place& at) {
    frames.push_back({at.segment, at.offset, at.offset + frame.bytes, frame.first});
  }));
  for (const Span& frame : frames)
    for (std::uint64_t bit = frame.begin * 8; bit < frame.end * 8; ++bit) {
      disk_.flip_bit(folder / frame.file, bit);
      Cursor one = cursor(0);
      EXPECT_EQ(read(one, 0, frame.entry), frame.entry);
      const auto item = one.next(12);
      ASSERT_FALSE(item) << frame.file << " " << bit;
      ASSERT_EQ(item.error().code, base::ErrorCode::evidence_bad);
      const Fault where{frame.file, frame.entry, frame.begin, ""};
      ASSERT_NE(item.error().message.find(to_string(where)), std::string::npos)
          << item.error().message;
      ASSERT_FALSE(one.next(12));
      disk_.flip_bit(folder / frame.file, bit);
    }
}

TEST_F(CursorTest, a_segment_that_is_missing_or_another_is_named) {
  Journal journal = open({.segment_bytes_max = 400});
  append(journal, 12);
  const auto names = *list_segments(disk_, folder);
  ASSERT_EQ(names.size(), 4u);
  Cursor one = cursor(0);
  ASSERT_TRUE(disk_.remove_all(folder / names[2]));
  const auto end = [&] {
    while (true)
      if (const auto item = one.next(12); !item) return item.error();
  }();
  EXPECT_EQ(end.code, base::ErrorCode::evidence_bad);
  EXPECT_NE(end.message.find("the journal ends early"), std::string::npos) << end.message;
  ASSERT_TRUE(disk_.remove_all(folder / names[0]));
  EXPECT_FALSE(Cursor::open(disk_, folder, 0));
  const std::string other = *io::read_file(disk_, folder / names[1]);
  ASSERT_TRUE(io::write_file(disk_, folder / names[3], other));
  const auto misnamed = Cursor::open(disk_, folder, 11);
  ASSERT_FALSE(misnamed);
  EXPECT_NE(misnamed.error().message.find("not named after"), std::string::npos);
}

}  // namespace
}  // namespace journal
