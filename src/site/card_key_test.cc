#include "site/card_key.h"

#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "io/program.h"

namespace site {
namespace {

const auto code = trade::make_card_code(std::array<std::uint8_t, 16>{1, 2, 3});

CardKey key_of(std::uint64_t seed) {
  io::SimEntropy entropy(seed);
  return CardKey::make(entropy);
}

TEST(CardKey, gives_a_code_the_same_digest_at_every_site_and_another_under_another_key) {
  const CardKey key = key_of(1);
  const auto again = CardKey::parse(key.secret_text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->digest_of(code), key.digest_of(code));
  EXPECT_EQ(again->id(), key.id());
  EXPECT_NE(key_of(2).digest_of(code), key.digest_of(code));
  EXPECT_NE(key_of(2).id(), key.id());
  // However it was typed, a code is one code.
  const auto typed = trade::parse_card_code(to_string(code).insert(0, 1, ' '));
  ASSERT_TRUE(typed);
  EXPECT_EQ(key.digest_of(*typed), key.digest_of(code));
}

TEST(CardKey, that_was_changed_anywhere_is_none_and_is_not_repeated_in_the_error) {
  const std::string text = key_of(1).secret_text();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = CardKey::parse(changed);
    ASSERT_FALSE(read) << i;
    EXPECT_EQ(read.error().message.find(text.substr(text.rfind(' ') + 1, 8)), std::string::npos);
    EXPECT_FALSE(CardKey::parse(text.substr(0, i)));
  }
}

// With the real age.
class SealedCardKey : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!io::run_program(std::vector<std::string>{"age", "--version"}))
      GTEST_SKIP() << "age is not installed (Debian's package age)";
    folder_ = io::Path(::testing::TempDir()) /
              (std::string("card-key-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    new_identity("anna");
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  void new_identity(const std::string& who) {
    const std::string identity = at(who).string();
    ASSERT_TRUE(io::must_run(std::vector<std::string>{"age-keygen", "--output", identity}));
    ASSERT_TRUE(io::must_run(std::vector<std::string>{
        "sh", "-c", "age-keygen -y \"$1\" >\"$1.public\"", "sh", identity}));
  }
  io::Path at(const std::string& name) const { return folder_ / name; }
  base::Result<CardKey> make() {
    return make_card_key(io::real_disk(), io::real_entropy(), at("anna.public"), at("key.age"),
                         at("key"));
  }
  base::Result<CardKey> open(const std::string& who, const std::string& out) {
    return open_card_key(io::real_disk(), at("key.age"), at(who), at(out));
  }

  io::Path folder_;
};

TEST_F(SealedCardKey, is_opened_again_by_an_approver_and_gives_the_same_digests) {
  const auto made = make();
  ASSERT_TRUE(made) << made.error().message;
  const auto used = CardKey::read(io::real_disk(), at("key"));
  ASSERT_TRUE(used);
  std::filesystem::remove(at("key"));
  const auto opened = open("anna", "restored");
  ASSERT_TRUE(opened) << opened.error().message;
  const auto restored = CardKey::read(io::real_disk(), at("restored"));
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->digest_of(code), used->digest_of(code));
  EXPECT_EQ(restored->id(), made->id());
  EXPECT_EQ(std::filesystem::status(at("restored")).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SealedCardKey, is_read_by_nobody_else_and_nothing_plain_stays_behind) {
  ASSERT_TRUE(make());
  new_identity("thief");
  const auto stolen = open("thief", "stolen");
  ASSERT_FALSE(stolen);
  EXPECT_FALSE(std::filesystem::exists(at("stolen")));
  const auto secret = CardKey::read(io::real_disk(), at("key"))->secret_text();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file() || entry.path() == at("key")) continue;
    EXPECT_EQ(io::read_file(io::real_disk(), entry.path())->find(secret.substr(secret.rfind(' '))),
              std::string::npos)
        << entry.path();
  }
}

TEST_F(SealedCardKey, is_never_made_over_another_one) {
  ASSERT_TRUE(make());
  const std::string before = *io::read_file(io::real_disk(), at("key"));
  EXPECT_FALSE(make());
  std::filesystem::remove(at("key.age"));
  EXPECT_FALSE(make());
  EXPECT_EQ(*io::read_file(io::real_disk(), at("key")), before);
}

TEST_F(SealedCardKey, is_not_made_where_it_cannot_be_sealed) {
  const auto made =
      make_card_key(io::real_disk(), io::real_entropy(), at("nobody"), at("key.age"), at("key"));
  EXPECT_FALSE(made);
  EXPECT_FALSE(std::filesystem::exists(at("key")));
  EXPECT_FALSE(std::filesystem::exists(at("key.age")));
}

TEST_F(SealedCardKey, that_is_opened_onto_another_key_leaves_it_there) {
  ASSERT_TRUE(make());
  ASSERT_TRUE(open("anna", "key")) << "the same key";
  ASSERT_TRUE(io::write_secret_file(io::real_disk(), at("other"), key_of(3).secret_text() + "\n"));
  EXPECT_FALSE(open("anna", "other"));
  EXPECT_EQ(CardKey::read(io::real_disk(), at("other"))->id(), key_of(3).id());
}

}  // namespace
}  // namespace site
