#include "io/private_folder.h"

#include <gtest/gtest.h>

namespace io {
namespace {

TEST(PrivateFolder, is_for_its_owner_alone_and_goes_with_what_is_in_it) {
  Path path;
  {
    const auto folder = PrivateFolder::make_temporary("stockade-test");
    ASSERT_TRUE(folder);
    path = folder->path();
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
    ASSERT_TRUE(write_file(real_disk(), path / "a", "one"));
  }
  EXPECT_FALSE(real_disk().exists(path));
}

TEST(PrivateFolder, cannot_be_made_where_there_is_nothing) {
  EXPECT_FALSE(PrivateFolder::make("no/such/folder", "a"));
}

}  // namespace
}  // namespace io
