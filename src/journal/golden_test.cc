// A journal that version 1 wrote stays readable, byte for byte.
#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "journal/testing/kit.h"
#include "journal/verify.h"

namespace journal {
namespace {

const io::Path golden = STOCKADE_SOURCE_DIR "/tests/golden/journal-1";

TEST(Golden, a_journal_of_version_1_verifies_with_its_witness) {
  const auto depot = parse_verifier("depot+0e7d513e+BJ+tsXqjnV9FVv42B2T13Y6o4pCuVEDf0D0eSL16J1KJ");
  ASSERT_TRUE(depot);
  const auto report = verify(io::real_disk(), golden, {.witnesses = {*depot}, .witnesses_min = 1});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ok) << to_string(report->faults.at(0));
  EXPECT_EQ(report->origin, "stockade/sample/0042/1");
  EXPECT_EQ(report->entries, 4u);
  EXPECT_EQ(report->checkpoint_size, 4u);
}

TEST(Golden, its_events_are_read_and_it_can_be_gone_on_with) {
  io::SimDisk disk(1);
  ASSERT_TRUE(disk.make_folders("j"));
  for (const std::string name : {"segment-00000000000000000000", "checkpoint"})
    ASSERT_TRUE(
        io::write_file(disk, io::Path("j") / name, *io::read_file(io::real_disk(), golden / name)));
  testing::EventList fold;
  auto journal = Journal::open(disk, "j", {}, fold);
  ASSERT_TRUE(journal);
  EXPECT_EQ(fold.events, (testing::Events{"sold 3 of P1", "sold 1 of P2", "received 24 of P1",
                                          "sold 2 of P1", "sold 5 of P3"}));
  ASSERT_TRUE(testing::append(*journal, {"more"}, journal->last_stamp().tick_ms));
  EXPECT_TRUE(verify(disk, "j", {})->ok);
}

TEST(Golden, what_is_written_today_has_the_same_bytes) {
  const std::string segment = *io::read_file(io::real_disk(), golden / segment_name(0));
  const auto header = parse_header(segment);
  ASSERT_TRUE(header);
  std::string again = encode(header->header);
  FrameBuilder builder;
  const auto end = scan(io::real_disk(), golden, {}, [&](const Frame& frame, const Place& place) {
    builder.begin(frame.first, place.link);
    for (const std::string_view entry : frame.entries) EXPECT_TRUE(builder.add(entry));
    again += builder.finish();
  });
  ASSERT_TRUE(end && !end->fault);
  EXPECT_EQ(again, segment);
}

}  // namespace
}  // namespace journal
