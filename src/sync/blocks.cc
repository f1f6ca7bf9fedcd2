#include "sync/blocks.h"

#include <bit>

#include "base/result.h"

namespace syncing {
namespace {

using crypto::Digest;
using journal::Proof;

static_assert(std::has_single_bit(Blocks::entries));
constexpr int block_level = std::countr_zero(Blocks::entries);

Digest root_of(std::span<const Digest> leaves) {
  journal::Frontier frontier;
  for (const Digest& leaf : leaves) frontier.append(leaf);
  return frontier.root();
}

}  // namespace

void Blocks::append(const Digest& leaf) {
  tail_.push_back(leaf);
  if (tail_.size() < entries) return;
  blocks_.append(root_of(tail_));
  tail_.clear();
}

bool Blocks::needs_leaves(std::uint64_t size) const {
  return size % entries != 0 && size / entries < blocks_.size();
}

// Begin and end as for a RangeRoot: a range of a block or more begins with a block, and ends with
// one or with the tree; a smaller one lies within one block.
Digest Blocks::range(std::uint64_t begin, std::uint64_t end, std::span<const Digest> leaves) const {
  const std::uint64_t count = end - begin;
  if (count < entries) {
    const bool is_tail = begin / entries == blocks_.size();
    const std::span<const Digest> block = is_tail ? std::span<const Digest>(tail_) : leaves;
    return root_of(block.subspan(begin % entries, count));
  }
  if (std::has_single_bit(count)) {
    const int level = std::countr_zero(count);
    return blocks_.level(static_cast<std::size_t>(level - block_level))[begin >> level];
  }
  const std::uint64_t middle = begin + std::bit_floor(count - 1);
  return journal::node_hash(range(begin, middle, leaves), range(middle, end, leaves));
}

Digest Blocks::root(std::uint64_t size, std::span<const Digest> leaves) const {
  CHECK(size <= this->size() && (!needs_leaves(size) || leaves.size() == entries));
  return size == 0 ? journal::empty_root() : range(0, size, leaves);
}

Proof Blocks::growth(std::uint64_t size, std::span<const Digest> leaves) const {
  CHECK(0 < size && size <= this->size() && (!needs_leaves(size) || leaves.size() == entries));
  return journal::consistency_proof(
      size, this->size(),
      [&](std::uint64_t begin, std::uint64_t end) { return range(begin, end, leaves); });
}

}  // namespace syncing
