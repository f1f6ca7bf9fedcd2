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

class Seeds : public ::testing::TestWithParam<std::uint64_t> {};
TEST_P(Seeds, an_estate_agrees_after_everything_went_wrong) {
  const Outcome outcome = rehearse({.seed = GetParam(), .commands = 600});
  EXPECT_TRUE(outcome.complaints.empty()) << all_of(outcome.complaints);
  EXPECT_GT(outcome.events, 300u);
}
INSTANTIATE_TEST_SUITE_P(Thirty, Seeds, ::testing::Range<std::uint64_t>(1, 31));

}  // namespace
}  // namespace rehearse
