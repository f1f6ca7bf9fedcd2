#include "io/sim_disk.h"

#include <gtest/gtest.h>

namespace io {
namespace {

std::string content(Disk& disk, const Path& path) { return read_file(disk, path).value_or("gone"); }

// A file that holds "synced" on the medium and " and more" only in memory.
std::unique_ptr<File> half_synced(SimDisk& disk) {
  EXPECT_TRUE(write_file(disk, "f", "synced"));
  auto file = *disk.open_file("f");
  EXPECT_TRUE(file->write_at(6, " and more"));
  return file;
}

TEST(SimDisk, synced_bytes_outlive_every_loss_of_power) {
  for (const Tear tear : tears)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      SimDisk disk(seed);
      const auto file = half_synced(disk);
      disk.restart(tear);
      EXPECT_TRUE(content(disk, "f").starts_with("synced"));
    }
}

TEST(SimDisk, a_volume_that_was_synced_keeps_bytes_and_names_of_all_files) {
  for (const Tear tear : tears) {
    SimDisk disk(5);
    const auto file = half_synced(disk);
    ASSERT_TRUE(disk.make_folders("new"));
    ASSERT_TRUE((*disk.create("new/g"))->write("unfinished"));
    ASSERT_TRUE((*disk.open_volume("new"))->sync());
    disk.restart(tear);
    EXPECT_EQ(content(disk, "f"), "synced and more");
    EXPECT_EQ(content(disk, "new/g"), "unfinished");
  }
}

TEST(SimDisk, a_volume_that_could_not_be_synced_keeps_nothing_of_what_was_to_be) {
  SimDisk disk(5);
  const auto file = half_synced(disk);
  const auto volume = *disk.open_volume(".");
  disk.set_faults({.fails_at = disk.operations()});
  EXPECT_FALSE(volume->sync());
  EXPECT_TRUE(volume->sync());  // as the kernel does: nothing is dirty any more
  disk.restart(Tear::all);
  EXPECT_EQ(content(disk, "f"), "synced");
}

TEST(SimDisk, each_shape_leaves_what_it_says) {
  const auto left = [](Tear tear) {
    SimDisk disk(3);
    const auto file = half_synced(disk);
    disk.restart(tear);
    return content(disk, "f");
  };
  EXPECT_EQ(left(Tear::none), "synced");
  EXPECT_EQ(left(Tear::all), "synced and more");
  EXPECT_EQ(left(Tear::zeros), std::string("synced") + std::string(9, '\0'));
  EXPECT_TRUE(std::string("synced and more").starts_with(left(Tear::prefix)));
  EXPECT_EQ(left(Tear::tail).size(), 15u);
  EXPECT_EQ(left(Tear::garbage).size(), 15u);
}

TEST(SimDisk, power_is_lost_at_the_operation_that_was_named_and_nothing_works_after_it) {
  SimDisk disk(1);
  disk.set_faults({.power_lost_at = 1});
  auto writer = *disk.create("f");
  EXPECT_FALSE(writer->write("one"));
  EXPECT_TRUE(disk.power_lost());
  EXPECT_FALSE(writer->finish());
  EXPECT_FALSE(disk.open("f"));
  disk.restart(Tear::none);
  EXPECT_FALSE(disk.exists("f"));
}

TEST(SimDisk, a_rename_is_durable_only_after_its_folder_was_synced) {
  SimDisk disk(1);
  ASSERT_TRUE(write_file(disk, "a", "old"));
  ASSERT_TRUE(disk.rename("a", "b"));
  disk.restart(Tear::none);
  EXPECT_EQ(content(disk, "a"), "old");
  ASSERT_TRUE(disk.rename("a", "b"));
  ASSERT_TRUE(disk.sync_folder("."));
  disk.restart(Tear::none);
  EXPECT_EQ(content(disk, "b"), "old");
}

TEST(SimDisk, write_file_shows_the_old_content_or_the_new_at_every_loss_of_power) {
  SimDisk start(1);
  ASSERT_TRUE(write_file(start, "f", "the old content"));
  for (const Tear tear : tears)
    for (std::uint64_t at = 0; at < 5; ++at)
      for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto disk = start.clone(seed);
        disk->set_faults({.power_lost_at = at});
        EXPECT_FALSE(write_file(*disk, "f", "the new content"));
        disk->restart(tear);
        const std::string found = content(*disk, "f");
        EXPECT_TRUE(found == "the old content" || found == "the new content") << found;
      }
}

TEST(SimDisk, a_failed_sync_leaves_bytes_that_can_be_read_but_never_reach_the_medium) {
  SimDisk disk(1);
  const auto file = half_synced(disk);
  disk.set_faults({.fails_at = disk.operations()});
  EXPECT_FALSE(file->sync());
  EXPECT_EQ(content(disk, "f"), "synced and more");
  EXPECT_TRUE(file->sync());
  disk.restart(Tear::all);
  EXPECT_EQ(content(disk, "f"), "synced");
}

TEST(SimDisk, a_full_disk_writes_what_fits_and_says_so) {
  SimDisk disk(1);
  disk.set_faults({.capacity_bytes = 4});
  auto writer = *disk.create("f");
  const auto outcome = writer->write("123456");
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("no space"), std::string::npos);
  EXPECT_EQ(content(disk, "f"), "1234");
}

TEST(SimDisk, a_misdirected_write_lands_elsewhere) {
  SimDisk disk(1);
  const auto file = half_synced(disk);
  disk.set_faults({.misdirected_at = disk.operations(), .misdirected_by_bytes = -4});
  ASSERT_TRUE(file->write_at(6, "XX"));
  EXPECT_EQ(content(disk, "f"), "syXXed and more");
}

TEST(SimDisk, a_lie_about_the_size_does_not_shorten_what_is_read) {
  SimDisk disk(1);
  ASSERT_TRUE(write_file(disk, "f", "0123456789"));
  for (const std::int64_t lie : {-7, 90}) {
    disk.set_faults({.size_lie_bytes = lie});
    EXPECT_EQ((*disk.open("f"))->size_bytes(), static_cast<std::uint64_t>(10 + lie));
    EXPECT_EQ(content(disk, "f"), "0123456789");
  }
}

TEST(SimDisk, folders_move_with_what_they_hold) {
  SimDisk disk(1);
  ASSERT_TRUE(disk.make_folders("a/b"));
  ASSERT_TRUE(write_file(disk, "a/b/f", "x"));
  ASSERT_TRUE(write_file(disk, "a.txt", "beside"));
  ASSERT_TRUE(disk.rename("a", "c"));
  EXPECT_EQ(content(disk, "c/b/f"), "x");
  EXPECT_EQ(content(disk, "a.txt"), "beside");
  EXPECT_EQ(disk.list("c")->size(), 1u);
  ASSERT_TRUE(disk.remove_all("c"));
  EXPECT_FALSE(disk.exists("c/b/f"));
}

}  // namespace
}  // namespace io
