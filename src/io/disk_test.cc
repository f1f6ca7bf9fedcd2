#include "io/disk.h"

#include <gtest/gtest.h>

#include "io/testing/failing_disk.h"

namespace io {
namespace {

using base::Result;
using testing::FailingDisk;

bool ours(std::string_view name) { return name == "summary.json"; }

class DiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = Path(::testing::TempDir()) / "stockade_disk_test";
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(disk_.make_folders(folder_));
  }
  void TearDown() override { ASSERT_TRUE(disk_.remove_all(folder_)); }

  Disk& disk_ = real_disk();
  Path folder_;
};

TEST_F(DiskTest, a_written_file_reads_back_and_leaves_nothing_beside_it) {
  ASSERT_TRUE(write_file(disk_, folder_ / "a", "one"));
  ASSERT_TRUE(write_file(disk_, folder_ / "a", "two"));
  EXPECT_EQ(*read_file(disk_, folder_ / "a"), "two");
  EXPECT_EQ(disk_.list(folder_)->size(), 1u);
}

TEST_F(DiskTest, a_file_is_never_renamed_onto_another_where_its_name_must_be_new) {
  ASSERT_TRUE(write_file(disk_, folder_ / "a", "one"));
  ASSERT_TRUE(write_file(disk_, folder_ / "b", "two"));
  EXPECT_FALSE(disk_.rename_new(folder_ / "a", folder_ / "b"));
  EXPECT_FALSE(disk_.Disk::rename_new(folder_ / "a", folder_ / "b"));
  EXPECT_EQ(*read_file(disk_, folder_ / "b"), "two");
  ASSERT_TRUE(disk_.rename_new(folder_ / "a", folder_ / "c"));
  EXPECT_EQ(*read_file(disk_, folder_ / "c"), "one");
}

TEST_F(DiskTest, a_reader_passes_bytes_over_and_ends_where_the_file_does) {
  ASSERT_TRUE(write_file(disk_, folder_ / "a", "0123456789"));
  const auto reader = *disk_.open(folder_ / "a");
  ASSERT_TRUE(reader->skip(7));
  char bytes[8];
  ASSERT_EQ(*reader->read(bytes), 3u);
  EXPECT_EQ(std::string_view(bytes, 3), "789");
  ASSERT_TRUE(reader->skip(5));
  EXPECT_EQ(*reader->read(bytes), 0u);
}

TEST_F(DiskTest, a_volume_of_a_folder_can_be_synced_and_one_of_nothing_is_refused) {
  const auto volume = disk_.open_volume(folder_);
  ASSERT_TRUE(volume);
  EXPECT_TRUE((*volume)->sync());
  EXPECT_FALSE(disk_.open_volume(folder_ / "nowhere"));
}

TEST_F(DiskTest, a_file_is_written_in_place_by_one_holder_at_a_time) {
  ASSERT_TRUE(write_file(disk_, folder_ / "a", "0123"));
  {
    const auto file = disk_.open_file(folder_ / "a");
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write_at(2, "xyz"));
    ASSERT_TRUE((*file)->sync());
    const auto second = disk_.open_file(folder_ / "a");
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find("another process"), std::string::npos);
  }
  const auto file = disk_.open_file(folder_ / "a");
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->truncate(4));
  char bytes[8] = {};
  EXPECT_EQ(*(*file)->read_at(1, bytes), 3u);
  EXPECT_EQ(std::string(bytes), "1xy");
}

TEST_F(DiskTest, a_secret_is_for_its_owner_alone) {
  ASSERT_TRUE(write_secret_file(disk_, folder_ / "key", "secret"));
  EXPECT_EQ(*read_file(disk_, folder_ / "key"), "secret");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder_ / "key").permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(DiskTest, a_missing_file_is_an_error_that_names_it) {
  const auto missing = read_file(disk_, folder_ / "absent.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::input_missing);
  EXPECT_NE(missing.error().message.find("absent.csv"), std::string::npos);
}

TEST_F(DiskTest, a_staged_folder_replaces_the_earlier_output_only_at_commit) {
  for (const char* content : {"first", "second"}) {
    auto staged = StagedFolder::create(disk_, folder_ / "out/", "summary.json", ours);
    ASSERT_TRUE(staged);
    ASSERT_TRUE(write_file(disk_, staged->path() / "summary.json", content));
    ASSERT_TRUE(staged->commit());
    EXPECT_EQ(*read_file(disk_, folder_ / "out/summary.json"), content);
  }
  {
    auto abandoned = StagedFolder::create(disk_, folder_ / "out", "summary.json", ours);
    ASSERT_TRUE(abandoned);
    ASSERT_TRUE(write_file(disk_, abandoned->path() / "summary.json", "third"));
  }
  EXPECT_EQ(*read_file(disk_, folder_ / "out/summary.json"), "second");
  EXPECT_EQ(disk_.list(folder_)->size(), 1u);
}

TEST_F(DiskTest, a_folder_of_somebody_else_is_never_replaced) {
  ASSERT_TRUE(disk_.make_folders(folder_ / "home"));
  ASSERT_TRUE(write_file(disk_, folder_ / "home/letter.txt", "dear"));
  const auto staged = StagedFolder::create(disk_, folder_ / "home", "summary.json", ours);
  ASSERT_FALSE(staged);
  EXPECT_EQ(*read_file(disk_, folder_ / "home/letter.txt"), "dear");
  // Not even when a file of the marker's name lies beside the letter.
  ASSERT_TRUE(write_file(disk_, folder_ / "home/summary.json", "{}"));
  EXPECT_FALSE(StagedFolder::create(disk_, folder_ / "home", "summary.json", ours));
}

// The one file of the earlier output or of the new one.
Result<StagedFolder> staged(Disk& disk, const Path& target, std::string_view content) {
  auto folder = TRY(StagedFolder::create(disk, target, "summary.json", ours));
  TRY(write_file(disk, folder.path() / "summary.json", content));
  return folder;
}

TEST_F(DiskTest, whatever_fails_a_staged_folder_says_whether_the_new_output_is_in_place) {
  const Path target = folder_ / "out", file = target / "summary.json";
  int failed_before = 0, failed_after = 0;
  for (int n = 1;; ++n) {
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(staged(disk_, target, "old")->commit());
    FailingDisk failing(disk_, n);
    bool in_place = false;
    std::string left;  // beside the output
    const auto outcome = [&]() -> base::Result<> {
      auto folder = TRY(staged(failing, target, "new"));
      const auto committed = folder.commit();
      in_place = folder.in_place();
      left = folder.path().string();
      return committed;
    }();
    ASSERT_EQ(*read_file(disk_, file), in_place ? "new" : "old") << n;
    if (!failing.has_failed()) {
      EXPECT_TRUE(outcome && in_place);
      EXPECT_EQ(disk_.list(folder_)->size(), 1u);
      break;
    }
    ASSERT_FALSE(outcome) << n;
    (in_place ? failed_after : failed_before) += 1;
    EXPECT_EQ(outcome.error().message.find("the new output is in place, but") != std::string::npos,
              in_place)
        << outcome.error().message;
    EXPECT_EQ(disk_.list(folder_)->size(), in_place ? 2u : 1u) << n;
    if (in_place) {
      EXPECT_EQ(*read_file(disk_, Path(left) / "summary.json"), "old");
    }
  }
  EXPECT_GE(failed_before,
            7);                // folder, file (create, write, finish, rename, sync), sync, exchange
  EXPECT_EQ(failed_after, 2);  // sync, removal
}

TEST_F(DiskTest, whatever_fails_a_file_is_the_old_one_or_the_error_says_that_it_is_the_new) {
  const Path file = folder_ / "a";
  int failed_after = 0;
  for (int n = 1;; ++n) {
    ASSERT_TRUE(write_file(disk_, file, "old"));
    FailingDisk failing(disk_, n);
    const auto outcome = write_file(failing, file, "new");
    const bool in_place =
        outcome || outcome.error().message.find("the new file is there") != std::string::npos;
    ASSERT_EQ(*read_file(disk_, file), in_place ? "new" : "old") << n;
    EXPECT_EQ(disk_.list(folder_)->size(), 1u) << n;
    failed_after += in_place && !outcome;
    if (!failing.has_failed()) break;
    ASSERT_FALSE(outcome) << n;
  }
  EXPECT_EQ(failed_after, 1);
}

}  // namespace
}  // namespace io
