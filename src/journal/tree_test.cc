#include "journal/tree.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/shared.h"
#include "crypto/hex.h"

namespace journal {
namespace {

std::string entry(std::uint64_t index) { return "entry " + std::to_string(index); }

Tree tree_of(std::uint64_t size) {
  Tree tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf_hash(entry(i)));
  return tree;
}

// MTH of RFC 6962 as it is written there.
Digest slow_root(std::uint64_t begin, std::uint64_t end) {
  if (begin == end) return empty_root();
  if (end - begin == 1) return leaf_hash(entry(begin));
  std::uint64_t k = 1;
  while (k * 2 < end - begin) k *= 2;
  return node_hash(slow_root(begin, begin + k), slow_root(begin + k, end));
}

TEST(Tree, roots_equal_the_definition_for_every_size_up_to_70) {
  const Tree tree = tree_of(70);
  Frontier frontier;
  for (std::uint64_t size = 0; size <= 70; ++size) {
    EXPECT_EQ(tree.root(size), slow_root(0, size));
    EXPECT_EQ(frontier.root(), slow_root(0, size));
    const auto restored = Frontier::restore(size, frontier.hashes());
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->root(), frontier.root());
    frontier.append(leaf_hash(entry(size)));
  }
}

TEST(Tree, every_inclusion_proof_up_to_33_holds_and_holds_nothing_else) {
  const Tree tree = tree_of(33);
  for (std::uint64_t size = 1; size <= 33; ++size)
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = tree.inclusion(index, size);
      const Digest leaf = leaf_hash(entry(index)), root = tree.root(size);
      EXPECT_TRUE(proves_inclusion(index, size, leaf, proof, root));
      EXPECT_FALSE(proves_inclusion(index + 1, size, leaf, proof, root));
      EXPECT_FALSE(proves_inclusion(index, size, leaf_hash("x"), proof, root));
      Proof longer = proof;
      longer.push_back(root);
      EXPECT_FALSE(proves_inclusion(index, size, leaf, longer, root));
    }
}

TEST(Tree, every_consistency_proof_up_to_33_holds_and_no_other_root_passes) {
  const Tree tree = tree_of(33);
  for (std::uint64_t size2 = 1; size2 <= 33; ++size2)
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      const Proof proof = tree.consistency(size1, size2);
      const Digest root1 = tree.root(size1), root2 = tree.root(size2);
      EXPECT_TRUE(proves_consistency(size1, size2, root1, root2, proof));
      EXPECT_FALSE(proves_consistency(size1, size2, leaf_hash("x"), root2, proof));
      EXPECT_FALSE(proves_consistency(size1, size2, root1, leaf_hash("x"), proof));
      EXPECT_FALSE(proves_consistency(size2 + 1, size1, root1, root2, proof));
    }
}

RC_GTEST_PROP(Tree, a_proof_with_any_flipped_bit_fails, ()) {
  const std::uint64_t size = *rc::gen::inRange<std::uint64_t>(2, 300);
  const std::uint64_t index = *rc::gen::inRange<std::uint64_t>(0, size);
  const Tree tree = tree_of(size);
  Proof proof = tree.inclusion(index, size);
  const auto at = *rc::gen::inRange<std::size_t>(0, proof.size());
  const auto bit = *rc::gen::inRange<std::size_t>(0, 256);
  proof[at].bytes[bit / 8] = static_cast<std::uint8_t>(proof[at].bytes[bit / 8] ^ 1u << (bit % 8));
  RC_ASSERT(!proves_inclusion(index, size, leaf_hash(entry(index)), proof, tree.root(size)));
}

// The recorded cases are flat JSON objects; a regular expression is parser enough for them.
class Vectors : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = base::testing::shared_path("data/tlog/rfc6962-testdata");
    if (!std::filesystem::exists(folder_))
      GTEST_SKIP() << "SKIPPED: the RFC 6962 vectors are not there: " << folder_;
  }

  struct Case {
    std::string text;
    std::uint64_t number(const std::string& key) const {
      std::smatch match;
      EXPECT_TRUE(std::regex_search(text, match, std::regex("\"" + key + "\": (\\d+)"))) << text;
      return std::stoull(match.str(1));
    }
    // Some cases hold words in place of roots. They become digests of them: equal words stay equal,
    // and fit nothing else. No word is a refusal by itself.
    static std::optional<Digest> digest(const std::string& base64) {
      const auto bytes = crypto::from_base64(base64);
      if (!bytes || bytes->empty()) return std::nullopt;
      if (bytes->size() != 32) return crypto::sha256("word " + *bytes);
      Digest digest;
      std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
      return digest;
    }
    std::optional<Digest> digest_of(const std::string& key) const {
      std::smatch match;
      if (!std::regex_search(text, match, std::regex("\"" + key + "\": \"([^\"]*)\"")))
        return std::nullopt;
      return digest(match.str(1));
    }
    std::optional<Proof> proof() const {
      std::smatch match;
      Proof proof;
      if (!std::regex_search(text, match, std::regex("\"proof\": \\[([^\\]]*)\\]"))) return proof;
      const std::string list = match.str(1);
      static const std::regex quoted("\"([^\"]*)\"");
      for (std::sregex_iterator it(list.begin(), list.end(), quoted), end; it != end; ++it) {
        const auto hash = digest(it->str(1));
        if (!hash) return std::nullopt;
        proof.push_back(*hash);
      }
      return proof;
    }
    bool is_wrong() const { return text.find("\"wantErr\": true") != std::string::npos; }
  };

  template <class Judge>
  void for_each(const std::string& kind, int cases_min, Judge judge) {
    int cases = 0, wrong = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder_ / kind)) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path());
      const Case one{{std::istreambuf_iterator<char>(stream), {}}};
      EXPECT_EQ(judge(one), !one.is_wrong()) << file.path();
      ++cases;
      wrong += one.is_wrong() ? 1 : 0;
    }
    EXPECT_GE(cases, cases_min);
    EXPECT_GT(wrong, 0);
    EXPECT_LT(wrong, cases);
  }

  std::filesystem::path folder_;
};

TEST_F(Vectors, inclusion_verdicts_agree_with_the_recorded_ones) {
  for_each("inclusion", 90, [](const Case& one) {
    const auto leaf = one.digest_of("leafHash"), root = one.digest_of("root");
    const auto proof = one.proof();
    return leaf && root && proof &&
           proves_inclusion(one.number("leafIdx"), one.number("treeSize"), *leaf, *proof, *root);
  });
}

TEST_F(Vectors, consistency_verdicts_agree_with_the_recorded_ones) {
  for_each("consistency", 90, [](const Case& one) {
    const auto root1 = one.digest_of("root1"), root2 = one.digest_of("root2");
    const auto proof = one.proof();
    return root1 && root2 && proof &&
           proves_consistency(one.number("size1"), one.number("size2"), *root1, *root2, *proof);
  });
}

}  // namespace
}  // namespace journal
