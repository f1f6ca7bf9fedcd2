#include "journal/export.h"

#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/archive.h"
#include "journal/bytes.h"
#include "journal/files.h"
#include "journal/testing/kit.h"
#include "journal/verify.h"

namespace journal {
namespace {

using testing::EventList;

class ExportTest : public ::testing::Test {
 protected:
  void build(int entries) {
    ASSERT_TRUE(Journal::create(disk_, "j", signer_.verifier));
    EventList fold;
    auto journal = Journal::open(disk_, "j", {.segment_bytes_max = 20'000}, fold);
    ASSERT_TRUE(journal);
    for (int i = 0; i < entries; ++i)
      ASSERT_TRUE(testing::append(*journal, {"event " + std::to_string(i)}, i));
    ASSERT_TRUE(journal->append_document("a document", {1, entries}));
    ASSERT_TRUE(testing::sign_now(*journal, signer_));
    ASSERT_TRUE(testing::append(*journal, {"unsigned"}, entries + 1));
  }

  io::SimDisk disk_{1};
  const Signer signer_ = testing::test_signer();
};

TEST(TileNumber, is_written_in_groups_of_three_digits) {
  EXPECT_EQ(tile_number(0), "000");
  EXPECT_EQ(tile_number(67), "067");
  EXPECT_EQ(tile_number(1'234'067), "x001/x234/067");
  EXPECT_EQ(tile_number(1'000'000), "x001/x000/000");
}

TEST_F(ExportTest, the_tiles_hold_the_signed_tree_and_nothing_empty) {
  build(599);
  const auto done = export_tiles(disk_, "j", "out");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->entries, 600u);
  EXPECT_EQ(done->tiles, 4u);  // 256 + 256 + 88 leaves, and 2 hashes above the whole tiles
  EXPECT_EQ(done->bundles, 3u);
  const auto note = io::read_file(disk_, "out/checkpoint");
  const auto checkpoint = open_checkpoint(*note, signer_.verifier);
  ASSERT_TRUE(checkpoint);
  // The root once more, from the tiles alone.
  Tree tree;
  for (const char* tile : {"out/tile/0/000", "out/tile/0/001", "out/tile/0/002.p/88"}) {
    const std::string bytes = *io::read_file(disk_, tile);
    for (std::size_t at = 0; at < bytes.size(); at += 32) {
      Digest leaf;
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 32, leaf.bytes.begin());
      tree.append(leaf);
    }
  }
  EXPECT_EQ(tree.root(600), checkpoint->checkpoint.root);
  EXPECT_EQ(io::read_file(disk_, "out/tile/1/000.p/2")->size(), 64u);
  const std::string bundle = *io::read_file(disk_, "out/tile/entries/002.p/88");
  const auto size = static_cast<std::size_t>(get_number(bundle, 2));
  EXPECT_EQ(leaf_hash(bundle.substr(2, size)), tree.level(0)[512]);
  EXPECT_FALSE(disk_.exists("out/tile/2"));
}

TEST_F(ExportTest, a_journal_that_does_not_hold_is_not_exported) {
  build(300);
  disk_.flip_bit(io::Path("j") / segment_name(0), 9'000);
  EXPECT_FALSE(export_tiles(disk_, "j", "out"));
  EXPECT_FALSE(disk_.exists("out"));
}

TEST_F(ExportTest, an_archive_ends_with_the_last_frame_even_if_that_ends_in_a_zero) {
  build(10);
  EventList fold;
  auto journal = Journal::open(disk_, "j", {}, fold);
  ASSERT_TRUE(journal && testing::append_until_zero(disk_, "j", *journal));
  ASSERT_TRUE(archive(disk_, "j", "copy", signer_, "x"));
  const Place end = testing::end_of(disk_, "j");
  const auto from = *io::read_file(disk_, io::Path("j") / end.segment);
  EXPECT_GT(from.size(), end.offset);
  EXPECT_EQ(*io::read_file(disk_, io::Path("copy") / end.segment), from.substr(0, end.offset));
  EXPECT_TRUE(verify(disk_, "copy", {})->ok);
}

TEST_F(ExportTest, an_archive_restores_to_the_same_journal) {
  build(300);
  const auto done = archive(disk_, "j", "copy", signer_, "night of 14 June");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->entries, 302u);
  const auto key = crypto::minisign_key(signer_.verifier.key);
  const auto restored = restore(disk_, "copy", "back", key);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->files, done->files);
  const auto report = verify(disk_, "back", {});
  EXPECT_TRUE(report->ok);
  EXPECT_EQ(report->documents, 1u);
  EXPECT_FALSE(restore(disk_, "copy", "back", key));  // never over something
}

TEST_F(ExportTest, an_archive_with_any_changed_file_or_another_key_is_not_used) {
  build(40);
  ASSERT_TRUE(archive(disk_, "j", "copy", signer_, "x"));
  const auto key = crypto::minisign_key(signer_.verifier.key);
  const auto other = crypto::minisign_key(testing::test_signer("x", 3).verifier.key);
  EXPECT_FALSE(restore(disk_, "copy", "back", other));
  for (const char* file :
       {"manifest", "manifest.minisig", "checkpoint", "segment-00000000000000000000"}) {
    const io::Path path = io::Path("copy") / file;
    // A signature file's first line is a comment that nobody signs.
    const std::uint64_t from = std::string_view(file) == "manifest.minisig" ? 60 * 8 : 0;
    for (std::uint64_t bit = from; bit < io::read_file(disk_, path)->size() * 8; bit += 41) {
      disk_.flip_bit(path, bit);
      ASSERT_FALSE(restore(disk_, "copy", "back", key)) << file << " " << bit;
      ASSERT_FALSE(disk_.exists("back"));
      disk_.flip_bit(path, bit);
    }
  }
  EXPECT_TRUE(restore(disk_, "copy", "back", key));
}

}  // namespace
}  // namespace journal
