#pragma once
// The tree of a long journal in little memory: 64 bytes for 1,024 entries. Proofs that begin within
// an older block need its leaves again, which whoever asks reads from the journal.

#include <cstdint>
#include <span>
#include <vector>

#include "journal/tree.h"

namespace syncing {

class Blocks {
 public:
  static constexpr std::uint64_t entries = 1'024;  // of a block; a power of two

  void append(const crypto::Digest& leaf);
  std::uint64_t size() const { return blocks_.size() * entries + tail_.size(); }

  // Whether root() and growth() of this size need leaves: the `entries` of the block that
  // begins at size / entries * entries. Requires size <= size().
  bool needs_leaves(std::uint64_t size) const;
  // The root of the first `size` entries. Leaves are ignored where they are not needed.
  crypto::Digest root(std::uint64_t size, std::span<const crypto::Digest> leaves) const;
  // The proof of consistency from `size` to size(). Requires 0 < size <= size().
  journal::Proof growth(std::uint64_t size, std::span<const crypto::Digest> leaves) const;

 private:
  crypto::Digest range(std::uint64_t begin, std::uint64_t end,
                       std::span<const crypto::Digest> leaves) const;

  journal::Tree blocks_;              // its leaves are the roots of whole blocks
  std::vector<crypto::Digest> tail_;  // leaves behind them
};

}  // namespace syncing
