#include "vault/claim.h"

#include <gtest/gtest.h>

namespace vault {
namespace {

Claim a_claim() {
  Claim claim;
  claim.origin = "stockade/sample/9001/2";
  claim.made_s = 1'781'492'412;  // 2026-06-15T03:00:12Z
  claim.entries = 41;
  claim.root = crypto::sha256("root");
  claim.archive = {12'345, crypto::sha256("archive")};
  claim.manifest = {678, crypto::sha256("manifest")};
  claim.sums = {3, 120, -7, 4, 90, -1};
  return claim;
}

TEST(Claim, reads_back_as_it_was_written) {
  const auto read = parse_claim(to_text(a_claim()));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, a_claim());
}

TEST(Claim, has_one_spelling_so_that_every_changed_byte_is_another_claim_or_none) {
  const std::string text = to_text(a_claim());
  for (std::size_t at = 0; at < text.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      const auto read = parse_claim(changed);
      if (read) {
        EXPECT_NE(*read, a_claim()) << changed;
      }
    }
}

TEST(Claim, that_is_cut_or_longer_is_none) {
  const std::string text = to_text(a_claim());
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(parse_claim(text.substr(0, size)));
  EXPECT_FALSE(parse_claim(text + "more 1\n"));
}

TEST(CopyName, tells_site_epoch_and_time) {
  const CopyName name{"9001", 2, 1'781'492'412};
  EXPECT_EQ(to_string(name), "9001-2-20260615T030012Z");
  EXPECT_EQ(parse_copy_name("9001-2-20260615T030012Z"), name);
  EXPECT_EQ(parse_copy_name("a-b-2-20260615T030012Z")->site, "a-b");
}

TEST(CopyName, of_somebody_elses_file_is_none) {
  for (const char* text :
       {"", "letter", "9001-20260615T030012Z", "9001-0-20260615T030012Z", "9001-2-20260615T030012",
        "9001-2-20260615T030062Z", "9001-2-20260631T030012Z", "/-2-20260615T030012Z",
        "-2-20260615T030012Z", "9001-02-20260615T030012Z"})
    EXPECT_FALSE(parse_copy_name(text)) << text;
}

TEST(Time, reads_back_at_every_hour_of_a_leap_year) {
  for (std::int64_t s = 1'704'067'200; s < 1'735'689'600; s += 3'599)
    EXPECT_EQ(parse_time(text_of_time(s)), s);
}

}  // namespace
}  // namespace vault
