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

}  // namespace
}  // namespace io
