#include "nightly/release_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "estate/testing/memory_disk.h"

namespace nightly {
namespace {

using ::testing::HasSubstr;

base::Result<std::vector<Release>> read(std::string text) {
  estate::testing::MemoryDisk disk({{"release.csv", std::move(text)}});
  return read_releases(disk, "release.csv");
}

TEST(ReleaseFile, a_decision_is_an_id_and_a_name) {
  const auto releases = read("id,name,decided_at\na-1,\"Person, A.\",2026-06-14\nb-2,B,\n");
  ASSERT_TRUE(releases) << releases.error().message;
  ASSERT_EQ(releases->size(), 2u);
  EXPECT_EQ((*releases)[0].id, "a-1");
  EXPECT_EQ((*releases)[0].name, "Person, A.");
  EXPECT_EQ((*releases)[0].decided_at, base::make_date(2026, 6, 14));
  EXPECT_EQ((*releases)[1].decided_at, base::date_min);
}

TEST(ReleaseFile, a_decision_without_a_name_is_refused_with_its_line) {
  const auto releases = read("id,name\na-1,A\nb-2,\n");
  ASSERT_FALSE(releases);
  EXPECT_EQ(releases.error().code, base::ErrorCode::input_bad);
  EXPECT_THAT(releases.error().message, HasSubstr("release.csv:3"));
}

TEST(ReleaseFile, an_id_twice_is_refused) {
  EXPECT_THAT(read("id,name\na-1,A\na-1,B\n").error().message, HasSubstr("again"));
}

TEST(ReleaseFile, a_file_without_names_is_refused) { EXPECT_FALSE(read("id\na-1\n")); }

}  // namespace
}  // namespace nightly
