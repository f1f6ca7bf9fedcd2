#include "journal/tree.h"

#include <algorithm>
#include <bit>

#include "base/result.h"

namespace journal {
namespace {

// The largest power of two below n. Requires n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

crypto::Sha256& hasher() {
  static thread_local crypto::Sha256 hash;
  return hash;
}

}  // namespace

Digest leaf_hash(std::string_view entry) {
  crypto::Sha256& hash = hasher();
  hash.add(std::string_view("\0", 1));
  hash.add(entry);
  return hash.finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  char bytes[1 + 2 * sizeof(Digest)];
  bytes[0] = 1;
  left.view().copy(bytes + 1, sizeof(Digest));
  right.view().copy(bytes + 1 + sizeof(Digest), sizeof(Digest));
  crypto::Sha256& hash = hasher();
  hash.add({bytes, sizeof bytes});
  return hash.finish();
}

Digest empty_root() { return crypto::sha256({}); }

std::optional<Frontier> Frontier::restore(std::uint64_t size, std::vector<Digest> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size))) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_ = std::move(hashes);
  return frontier;
}

void Frontier::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::uint64_t bits = size_; bits & 1; bits >>= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

Digest Frontier::root() const {
  if (hashes_.empty()) return empty_root();
  Digest hash = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i-- > 0;) hash = node_hash(hashes_[i], hash);
  return hash;
}

void Tree::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& row = levels_[level];
    row.push_back(hash);
    if (row.size() % 2 != 0) return;
    hash = node_hash(row[row.size() - 2], row.back());
  }
}

// The root of the entries [begin, end). Requires begin < end, and begin a multiple of the smallest
// power of two that is not below end - begin; every range that this class splits is such a one.
Digest Tree::range(std::uint64_t begin, std::uint64_t end) const {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count)) {
    const int level = std::countr_zero(count);
    return levels_[static_cast<std::size_t>(level)][begin >> level];
  }
  const std::uint64_t middle = begin + split(count);
  return node_hash(range(begin, middle), range(middle, end));
}

Digest Tree::root(std::uint64_t size) const {
  CHECK(size <= this->size());
  return size == 0 ? empty_root() : range(0, size);
}

void Tree::path(std::uint64_t index, std::uint64_t begin, std::uint64_t end, Proof& proof) const {
  if (end - begin == 1) return;
  const std::uint64_t middle = begin + split(end - begin);
  const bool is_left = index < middle;
  path(index, is_left ? begin : middle, is_left ? middle : end, proof);
  proof.push_back(is_left ? range(middle, end) : range(begin, middle));
}

Proof Tree::inclusion(std::uint64_t index, std::uint64_t size) const {
  CHECK(index < size && size <= this->size());
  Proof proof;
  path(index, 0, size, proof);
  return proof;
}

Proof Tree::consistency(std::uint64_t size1, std::uint64_t size2) const {
  CHECK(0 < size1 && size1 <= size2 && size2 <= size());
  return consistency_proof(
      size1, size2, [this](std::uint64_t begin, std::uint64_t end) { return range(begin, end); });
}

// The ranges from the tree's root down to the one that ends with size1: what lies beside each step
// is in the proof, and so is that last range, unless it is the first tree itself.
Proof consistency_proof(std::uint64_t size1, std::uint64_t size2, const RangeRoot& root) {
  Proof proof;
  std::uint64_t begin = 0, end = size2;
  while (size1 != end) {
    const std::uint64_t middle = begin + split(end - begin);
    const bool is_left = size1 <= middle;
    proof.push_back(is_left ? root(middle, end) : root(begin, middle));
    (is_left ? end : begin) = middle;
  }
  if (begin != 0) proof.push_back(root(begin, end));
  std::ranges::reverse(proof);
  return proof;
}

bool proves_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                      std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t here = index, last = size - 1;
  Digest hash = leaf;
  for (const Digest& other : proof) {
    if (last == 0) return false;
    if ((here & 1) != 0 || here == last) {
      hash = node_hash(other, hash);
      while ((here & 1) == 0 && here != 0) here >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, other);
    }
    here >>= 1, last >>= 1;
  }
  return last == 0 && hash == root;
}

bool proves_consistency(std::uint64_t size1, std::uint64_t size2, const Digest& root1,
                        const Digest& root2, std::span<const Digest> proof) {
  if (size1 == 0 || size1 > size2) return false;
  if (size1 == size2) return proof.empty() && root1 == root2;
  std::uint64_t here = size1 - 1, last = size2 - 1;
  while ((here & 1) != 0) here >>= 1, last >>= 1;
  // Where the first tree is one whole subtree, its root starts the proof without being sent.
  const bool is_whole = here == 0;
  if (!is_whole && proof.empty()) return false;
  Digest old_hash = is_whole ? root1 : proof[0], new_hash = old_hash;
  for (const Digest& other : proof.subspan(is_whole ? 0 : 1)) {
    if (last == 0) return false;
    if ((here & 1) != 0 || here == last) {
      old_hash = node_hash(other, old_hash);
      new_hash = node_hash(other, new_hash);
      while ((here & 1) == 0 && here != 0) here >>= 1, last >>= 1;
    } else {
      new_hash = node_hash(new_hash, other);
    }
    here >>= 1, last >>= 1;
  }
  return last == 0 && old_hash == root1 && new_hash == root2;
}

}  // namespace journal
