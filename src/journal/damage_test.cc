// Damage is found and located: every flipped bit of a small journal, many of a larger one, and
// every truncation below what was signed or seen.
#include <cstdlib>

#include <gtest/gtest.h>

#include "base/prng.h"
#include "io/sim_disk.h"
#include "journal/files.h"
#include "journal/testing/kit.h"
#include "journal/verify.h"

namespace journal {
namespace {

using testing::EventList;

const io::Path folder = "j";

// A part of a file that one verdict must name.
struct Part {
  std::string file;
  std::uint64_t begin, end;            // bytes
  std::optional<std::uint64_t> entry;  // the first one in it
};

class Damage : public ::testing::Test {
 protected:
  // One commit an entry, several segments, a checkpoint over all but the last `tail` entries.
  void build(std::uint64_t entries, std::uint64_t tail, Options options) {
    options_ = options;
    const Signer signer = testing::test_signer();
    ASSERT_TRUE(Journal::create(disk_, folder, signer.verifier));
    EventList fold;
    auto journal = Journal::open(disk_, folder, options, fold);
    ASSERT_TRUE(journal);
    for (std::uint64_t i = 0; i < entries; ++i) {
      if (i == entries - tail) {
        ASSERT_TRUE(testing::sign_now(*journal, signer));
      }
      ASSERT_TRUE(testing::append(*journal, {"event " + std::to_string(i)}, std::ssize(parts_)));
    }
    if (tail == 0) {
      ASSERT_TRUE(testing::sign_now(*journal, signer));
    }
    find_parts();
  }

  void find_parts() {
    parts_.clear();
    const auto end = scan(disk_, folder, {}, [&](const Frame& frame, const Place& begin) {
      if (parts_.empty() || parts_.back().file != begin.segment)
        parts_.push_back({begin.segment, 0, begin.offset, frame.first});
      parts_.push_back({begin.segment, begin.offset, begin.offset + frame.bytes, frame.first});
    });
    ASSERT_TRUE(end && !end->fault);
    const auto& [segment, offset, next, link] = end->place;
    space_ = {segment, offset, io::read_file(disk_, folder / segment)->size(), next};
    const auto checkpoint = *io::read_file(disk_, folder / checkpoint_file);
    parts_.push_back({std::string(checkpoint_file), 0, checkpoint.size(), std::nullopt});
  }

  std::uint64_t bits() const {
    std::uint64_t sum = 0;
    for (const Part& part : parts_) sum += (part.end - part.begin) * 8;
    return sum;
  }

  // Flips the bit with this number over all parts, and gives the complaint about the verdict.
  std::string flip(std::uint64_t number) {
    for (const Part& part : parts_) {
      const std::uint64_t size = (part.end - part.begin) * 8;
      if (number < size) return flip_in(part, number);
      number -= size;
    }
    return "no such bit";
  }

  std::string flip_in(const Part& part, std::uint64_t number) {
    const std::uint64_t bit = part.begin * 8 + number;
    disk_.flip_bit(folder / part.file, bit);
    std::string complaint = judge(part);
    disk_.flip_bit(folder / part.file, bit);
    if (!complaint.empty()) complaint += fmt::format(" ({} bit {})", part.file, bit);
    return complaint;
  }

  std::string judge(const Part& part) {
    const auto report = verify(disk_, folder, {});
    if (!report) return "verify gave up: " + report.error().message;
    if (report->ok) return "not detected";
    const Fault& first = report->faults[0];
    if (first.file != part.file) return "located in " + to_string(first);
    if (part.entry && (first.entry != part.entry || first.byte != part.begin))
      return fmt::format("located at {}, expected byte {}, entry {}", to_string(first), part.begin,
                         *part.entry);
    if (part.entry && report->trustworthy != *part.entry) return "trusts another beginning";
    return "";
  }

  io::SimDisk disk_{1};
  Options options_;
  std::vector<Part> parts_;
  Part space_;  // the zeros behind the last frame
};

TEST_F(Damage, every_flipped_bit_of_64_entries_and_their_checkpoint_is_found_and_located) {
  build(64, 3, {.segment_bytes_max = 2'000});
  EXPECT_TRUE(verify(disk_, folder, {})->ok);
  std::printf("%zu bits\n", bits());
  for (std::uint64_t bit = 0; bit < bits(); ++bit) ASSERT_EQ(flip(bit), "");
}

TEST_F(Damage, every_bit_that_appears_behind_the_last_frame_is_found_and_waits_for_a_decision) {
  build(64, 3, {.segment_bytes_max = 2'000});
  const std::uint64_t bits = (space_.end - space_.begin) * 8;
  ASSERT_GT(bits, 2'000u);
  for (std::uint64_t bit = 0; bit < bits; ++bit) {
    ASSERT_EQ(flip_in(space_, bit), "");
    if (bit % 7 != 0) continue;
    const auto disk = disk_.clone(1);
    disk->flip_bit(folder / space_.file, space_.begin * 8 + bit);
    EventList fold;
    const auto journal = Journal::open(*disk, folder, options_, fold);
    ASSERT_TRUE(journal);
    ASSERT_EQ(journal->opening().standing, Standing::undecided);
    // From the last frame to the last byte that is not zero.
    const auto kept = io::read_file(*disk, folder / journal->opening().set_aside);
    ASSERT_EQ(kept->size(), bit / 8 + 1);
  }
}

// All bits where STOCKADE_SOAK is set, as ./dev soak does: about 20 minutes.
TEST_F(Damage, flipped_bits_of_1000_entries_are_found_and_located) {
  build(1'000, 10, {.segment_bytes_max = 30'000});
  base::Prng prng(1);
  const bool all = std::getenv("STOCKADE_SOAK") != nullptr;
  const std::uint64_t count = all ? bits() : 5'000;
  for (std::uint64_t i = 0; i < count; ++i) ASSERT_EQ(flip(all ? i : prng.below(bits())), "");
}

TEST_F(Damage, no_flipped_bit_lets_a_site_start_as_if_all_were_well) {
  build(64, 3, {.segment_bytes_max = 2'000});
  base::Prng prng(2);
  for (int i = 0; i < 3'000; ++i) {
    const Part& part = parts_[prng.below(parts_.size())];
    const std::uint64_t bit = part.begin * 8 + prng.below((part.end - part.begin) * 8);
    const auto disk = disk_.clone(1);
    disk->flip_bit(folder / part.file, bit);
    const std::string before = *io::read_file(*disk, folder / part.file);
    EventList fold;
    const auto journal = Journal::open(*disk, folder, options_, fold);
    if (!journal) continue;
    ASSERT_NE(journal->opening().standing, Standing::ready) << part.file << " " << bit;
    ASSERT_NE(journal->opening().why.find(part.file), std::string::npos) << journal->opening().why;
    // Nothing is cut, whatever was found.
    ASSERT_EQ(*io::read_file(*disk, folder / part.file), before);
  }
}

TEST_F(Damage, only_a_broken_record_that_nobody_signed_may_be_gone_on_without) {
  build(20, 1, {});
  const Part last = parts_[parts_.size() - 2], signed_one = parts_[parts_.size() - 3];
  for (const auto& [part, standing] :
       {std::pair{last, Standing::undecided}, std::pair{signed_one, Standing::damaged}}) {
    const auto disk = disk_.clone(1);
    disk->flip_bit(folder / part.file, part.begin * 8 + 300);
    EventList fold;
    const auto journal = Journal::open(*disk, folder, options_, fold);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->opening().standing, standing);
    EXPECT_EQ(journal->opening().fault->entry, part.entry);
  }
}

TEST_F(Damage, a_fault_before_a_frame_that_ends_in_a_zero_is_damage) {
  build(2, 0, {});
  EventList fold;
  auto journal = Journal::open(disk_, folder, {}, fold);
  ASSERT_TRUE(journal && testing::append_until_zero(disk_, folder, *journal));
  find_parts();
  const Part& before = parts_[parts_.size() - 3];
  disk_.flip_bit(folder / before.file, before.begin * 8 + 300);
  const auto damaged = Journal::open(disk_, folder, {}, fold);
  ASSERT_TRUE(damaged);
  EXPECT_EQ(damaged->opening().standing, Standing::damaged);
  EXPECT_EQ(damaged->opening().fault->entry, before.entry);
}

TEST_F(Damage, every_truncation_below_what_was_signed_or_seen_is_found) {
  build(64, 3, {.segment_bytes_max = 100'000});
  const std::string file = segment_name(0);
  for (std::uint64_t kept = 0; kept < space_.begin; ++kept) {
    const auto disk = disk_.clone(1);
    disk->cut(folder / file, kept);
    const auto report = verify(*disk, folder, {.known_entries = 64});
    ASSERT_TRUE(report);
    ASSERT_FALSE(report->ok) << kept;
    ASSERT_EQ(report->faults[0].file, file);
    ASSERT_LE(report->faults[0].byte, kept);
    if (kept % 50 != 0) continue;
    EventList fold;
    const auto journal = Journal::open(*disk, folder, {.known_entries = 64}, fold);
    ASSERT_TRUE(!journal || journal->opening().standing == Standing::damaged) << kept;
  }
}

TEST_F(Damage, every_truncation_of_the_space_behind_the_last_frame_takes_nothing_away) {
  build(64, 3, {.segment_bytes_max = 12'000});
  ASSERT_GT(space_.end, space_.begin + 1'000);
  for (std::uint64_t kept = space_.begin; kept <= space_.end; ++kept) {
    const auto disk = disk_.clone(1);
    disk->cut(folder / space_.file, kept);
    const auto report = verify(*disk, folder, {.known_entries = 64});
    ASSERT_TRUE(report && report->ok) << kept;
    EventList fold;
    auto journal = Journal::open(*disk, folder, options_, fold);
    ASSERT_TRUE(journal && journal->opening().standing == Standing::ready) << kept;
    ASSERT_TRUE(testing::append(*journal, {"after"}, 1'000));
    ASSERT_EQ(verify(*disk, folder, {})->entries, 65u);
  }
}

TEST_F(Damage, a_missing_segment_is_found_and_named) {
  build(64, 0, {.segment_bytes_max = 2'000});
  const auto names = *list_segments(disk_, folder);
  ASSERT_GE(names.size(), 3u);
  for (const std::string& name : names) {
    const auto disk = disk_.clone(1);
    ASSERT_TRUE(disk->remove_all(folder / name));
    const auto report = verify(*disk, folder, {});
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->ok) << name;
    EventList fold;
    const auto journal = Journal::open(*disk, folder, options_, fold);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->opening().standing, Standing::damaged) << name;
  }
}

TEST_F(Damage, what_is_written_after_a_commit_to_the_wrong_place_is_found) {
  build(64, 3, {.segment_bytes_max = 100'000});
  const Part& first = parts_[10];
  const Part& second = parts_[30];
  const std::string bytes = *io::read_file(disk_, folder / first.file);
  auto file = *disk_.open_file(folder / first.file);
  ASSERT_TRUE(file->write_at(first.begin, bytes.substr(second.begin, second.end - second.begin)));
  EXPECT_EQ(judge(first), "");
}

TEST_F(Damage, a_changed_or_missing_document_or_snapshot_is_found) {
  build(8, 0, {});
  EventList fold;
  auto journal = Journal::open(disk_, folder, options_, fold);
  ASSERT_TRUE(journal);
  const auto digest = journal->append_document("a document", {1, 100});
  ASSERT_TRUE(digest);
  ASSERT_TRUE(journal->save_snapshot(fold.save(), {1, 101}));
  ASSERT_TRUE(testing::append(*journal, {"after"}, 102));
  ASSERT_TRUE(verify(disk_, folder, {})->ok);
  const io::Path document = document_path(folder, *digest), snapshot = folder / snapshot_file;
  for (const io::Path& path : {document, snapshot}) {
    const std::uint64_t bits = io::read_file(disk_, path)->size() * 8;
    for (std::uint64_t bit = 0; bit < bits; ++bit) {
      disk_.flip_bit(path, bit);
      const auto report = verify(disk_, folder, {});
      ASSERT_FALSE(report->ok) << path << " " << bit;
      ASSERT_EQ((folder / report->faults[0].file), path);
      // A start does not need the snapshot and must not believe it.
      if (path == snapshot && bit % 97 == 0) {
        EventList again;
        const auto reopened = Journal::open(disk_, folder, options_, again);
        ASSERT_TRUE(reopened);
        EXPECT_FALSE(reopened->opening().from_snapshot);
        EXPECT_EQ(again.events.size(), 9u);
      }
      disk_.flip_bit(path, bit);
    }
  }
  ASSERT_TRUE(disk_.remove_all(document));
  EXPECT_EQ(verify(disk_, folder, {})->faults[0].entry, 8u);
}

}  // namespace
}  // namespace journal
