#pragma once
// From names that are digests to row numbers: an open table, because a site asks it for every
// request and folds millions of them at a start.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace site {

class NameIndex {
 public:
  std::optional<std::uint64_t> find(std::uint64_t name) const;
  // In place of the row that the name had.
  void put(std::uint64_t name, std::uint64_t row);
  // Forgets the name, if this is its row.
  void erase(std::uint64_t name, std::uint64_t row);
  // Memory.
  std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t name = 0;
    std::uint64_t row_after = 0;  // the row and one more; 0: empty
  };
  // Where a search for the name begins: 8 bytes of a digest need no hashing.
  std::size_t home(std::uint64_t name) const { return name & (slots_.size() - 1); }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  // The slot of the name, or the empty one where it would go. Requires slots.
  std::size_t slot_of(std::uint64_t name) const;
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most two thirds of them full
  std::size_t count_ = 0;
};

}  // namespace site
