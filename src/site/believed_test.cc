#include "site/believed.h"

#include <gmock/gmock.h>

#include "crypto/sha256.h"
#include "io/sim_disk.h"

namespace site {
namespace {

TEST(Believed, reads_what_it_wrote_in_one_line_of_reason) {
  const Believed written{1'234, crypto::sha256("root"), "two\nlines"};
  const auto read = parse_believed(to_text(written));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->entries, 1'234u);
  EXPECT_EQ(read->root, written.root);
  EXPECT_EQ(read->why, "two lines");
}

TEST(Believed, refuses_every_shorter_and_every_longer_text) {
  const std::string text = to_text({7, crypto::sha256("root"), "why"});
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(parse_believed(text.substr(0, size))) << size;
  EXPECT_FALSE(parse_believed(text + "more\n"));
}

TEST(Believed, is_nothing_where_nothing_was_decided_and_an_error_where_it_is_broken) {
  io::SimDisk disk(1);
  ASSERT_TRUE(disk.make_folders("journal"));
  EXPECT_FALSE(load_believed(disk, "journal").value().has_value());
  ASSERT_TRUE(io::write_file(disk, "journal/believed", "rubbish"));
  const auto read = load_believed(disk, "journal");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, ::testing::HasSubstr("journal/believed"));
}

}  // namespace
}  // namespace site
