#pragma once
// Ids of sites, products and suppliers: what is one, and from text to index in a few nanoseconds.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "estate/estate.h"

namespace estate {

inline constexpr std::size_t id_bytes_max = 32;

// Whether the text matches [A-Za-z0-9._-]{1,32}.
bool valid_id(std::string_view text);

// Which index an id has. Ids are added in index order; open addressing over ids padded to 32 bytes.
class IdTable {
 public:
  // Requires a valid id that is not in the table yet; its index is the number of ids before it.
  void add(std::string_view id);
  // The index of an id, or `none`.
  std::uint32_t find(std::string_view id) const;
  // As find, faster where one of `before` and the index after it is often right. Any value is
  // allowed.
  std::uint32_t find_near(std::string_view id, std::uint32_t before) const;
  std::size_t size() const { return keys_.size(); }

 private:
  using Key = std::array<std::uint64_t, id_bytes_max / 8>;
  static Key key_of(std::string_view id);
  std::size_t place_of(const Key& key) const;
  void grow();

  std::vector<Key> keys_;
  std::vector<std::uint32_t> slots_;  // power of two; an index, or `none`
};

}  // namespace estate
