#include "io/disk.h"

#include <gtest/gtest.h>

namespace io {
namespace {

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
  EXPECT_EQ(missing.error().code, base::ErrorCode::io_failed);
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

}  // namespace
}  // namespace io
