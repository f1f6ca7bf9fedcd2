#include "sync/blocks.h"

#include <gtest/gtest.h>

namespace syncing {
namespace {

using crypto::Digest;

// Every proof that the whole tree gives, from a size to all sizes that matter: around whole blocks
// and within them.
TEST(Blocks, roots_and_proofs_are_those_of_the_whole_tree) {
  constexpr std::uint64_t block = Blocks::entries;
  journal::Tree tree;
  Blocks blocks;
  std::vector<Digest> leaves;
  const std::vector<std::uint64_t> sizes{1,         2,         block - 1,     block,
                                         block + 1, block + 7, 2 * block,     2 * block + 513,
                                         3 * block, 5 * block, 5 * block + 1, 6 * block - 1};
  for (const std::uint64_t size : sizes) {
    while (tree.size() < size) {
      leaves.push_back(journal::leaf_hash(std::to_string(tree.size())));
      tree.append(leaves.back());
      blocks.append(leaves.back());
    }
    for (const std::uint64_t old_size : sizes) {
      if (old_size > size) break;
      const auto first = static_cast<std::size_t>(old_size / block * block);
      const auto needed = blocks.needs_leaves(old_size) ? std::span(leaves).subspan(first, block)
                                                        : std::span<Digest>();
      EXPECT_EQ(blocks.root(old_size, needed), tree.root(old_size));
      EXPECT_EQ(blocks.growth(old_size, needed), tree.consistency(old_size, size))
          << old_size << " to " << size;
    }
  }
  EXPECT_EQ(blocks.root(0, {}), journal::empty_root());
}

}  // namespace
}  // namespace syncing
