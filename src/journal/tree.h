#pragma once
// The Merkle tree of RFC 6962 over a journal's entries: roots, proofs, and their checking.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/sha256.h"

namespace journal {

using crypto::Digest;
using Proof = std::vector<Digest>;

// SHA-256 of 0x00 and the entry.
Digest leaf_hash(std::string_view entry);
// SHA-256 of 0x01 and both children.
Digest node_hash(const Digest& left, const Digest& right);
// SHA-256 of nothing: the root of a tree without entries.
Digest empty_root();

// The roots of the largest whole subtrees, left to right: all that appending and the root need.
class Frontier {
 public:
  Frontier() = default;
  // Nothing if there are not as many hashes as `size` has bits that are 1.
  static std::optional<Frontier> restore(std::uint64_t size, std::vector<Digest> hashes);

  // Appends an entry by its leaf hash; on average one more hash is computed.
  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  Digest root() const;
  const std::vector<Digest>& hashes() const { return hashes_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> hashes_;
};

// All hashes of whole subtrees, 64 bytes an entry, so that any proof takes a few look-ups.
class Tree {
 public:
  void append(const Digest& leaf);
  std::uint64_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }
  // Roots of `1 << level` entries each, left to right. Requires level < level_count().
  std::span<const Digest> level(std::size_t level) const { return levels_[level]; }
  std::size_t level_count() const { return levels_.size(); }

  // The root of the first `size` entries. Requires size <= size().
  Digest root(std::uint64_t size) const;
  // PATH of RFC 6962 section 2.1.1. Requires index < size <= size().
  Proof inclusion(std::uint64_t index, std::uint64_t size) const;
  // PROOF of RFC 6962 section 2.1.2. Requires 0 < size1 <= size2 <= size().
  Proof consistency(std::uint64_t size1, std::uint64_t size2) const;

 private:
  Digest range(std::uint64_t begin, std::uint64_t end) const;
  void path(std::uint64_t index, std::uint64_t begin, std::uint64_t end, Proof& proof) const;

  std::vector<std::vector<Digest>> levels_;
};

// The root of the entries [begin, end) of a tree, where begin is a multiple of the smallest power
// of two that is not below end - begin.
using RangeRoot = std::function<Digest(std::uint64_t begin, std::uint64_t end)>;
// PROOF of RFC 6962 section 2.1.2 from any source of roots. Requires 0 < size1 <= size2.
Proof consistency_proof(std::uint64_t size1, std::uint64_t size2, const RangeRoot& root);

// RFC 9162 section 2.1.3.2: the entry with this leaf hash has this index in the tree.
bool proves_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                      std::span<const Digest> proof, const Digest& root);
// RFC 9162 section 2.1.4.2: the first size1 entries of the second tree are the first tree. False
// for a size1 of 0: there is nothing to be consistent with.
bool proves_consistency(std::uint64_t size1, std::uint64_t size2, const Digest& root1,
                        const Digest& root2, std::span<const Digest> proof);

}  // namespace journal
