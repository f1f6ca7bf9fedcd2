// Rehearsals of whole estates, and proof that what watches them can see.
#include "rehearse/rehearsal.h"

#include <gtest/gtest.h>

namespace rehearse {
namespace {

std::string all_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(Rehearsal, the_same_seed_happens_byte_for_byte_the_same) {
  const Outcome first = rehearse({.seed = 3, .commands = 400});
  const Outcome second = rehearse({.seed = 3, .commands = 400});
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_NE(first.digest, rehearse({.seed = 4, .commands = 400}).digest);
}

// The first complaint with the word; empty if there is none.
std::string complaint_of(Planted planted, std::string_view word) {
  const Outcome outcome =
      rehearse({.seed = 5, .commands = 1'600, .is_attacked = false, .planted = planted});
  for (const std::string& complaint : outcome.complaints)
    if (complaint.find(word) != std::string::npos) return complaint;
  return {};
}

TEST(Planted, nothing_is_complained_of_where_nothing_is_planted) {
  const Outcome outcome = rehearse({.seed = 5, .commands = 800, .is_attacked = false});
  EXPECT_TRUE(outcome.complaints.empty()) << all_of(outcome.complaints);
}

TEST(Planted, an_acknowledged_entry_that_is_gone_is_missed) {
  EXPECT_NE(complaint_of(Planted::lost_entry, "acknowledged are lost"), "");
}

TEST(Planted, a_cargo_that_is_dispatched_twice_is_noticed) {
  EXPECT_NE(complaint_of(Planted::double_dispatch, "dispatched twice"), "");
}

TEST(Planted, a_copy_that_differs_is_named_with_its_holder) {
  EXPECT_NE(complaint_of(Planted::altered_copy, "0001: its copy of 0101 is not the original"), "");
}

TEST(Planted, a_book_that_says_something_else_than_its_journal_is_noticed) {
  EXPECT_NE(complaint_of(Planted::altered_book, "on hand: the book says"), "");
}

class Seeds : public ::testing::TestWithParam<std::uint64_t> {};
TEST_P(Seeds, an_estate_agrees_after_everything_went_wrong) {
  const Outcome outcome = rehearse({.seed = GetParam(), .commands = 500});
  EXPECT_TRUE(outcome.complaints.empty()) << all_of(outcome.complaints);
  EXPECT_GT(outcome.events, 300u);
}
INSTANTIATE_TEST_SUITE_P(Thirty, Seeds, ::testing::Range<std::uint64_t>(1, 31));

}  // namespace
}  // namespace rehearse
