#pragma once
// Ids of sites, products and suppliers: what is one, and from text to index in a few nanoseconds.

#include <array>
#include <cstdint>
#include <cstring>
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
  std::uint32_t find_near(std::string_view id, std::uint32_t before) const {
    if (id.empty() || id.size() > id_bytes_max) return none;
    const Key key = key_of(id);
    for (const std::uint64_t guess : {std::uint64_t{before}, std::uint64_t{before} + 1})
      if (guess < keys_.size() && same(keys_[guess], key)) return static_cast<std::uint32_t>(guess);
    return slots_.empty() ? none : slots_[place_of(key)];
  }
  std::size_t size() const { return keys_.size(); }

 private:
  using Key = std::array<std::uint64_t, id_bytes_max / 8>;

  // Keys are built and compared word by word, in line: as calls of memcpy and memcmp they would
  // take longer than all the rest of a find.
  static Key key_of(std::string_view id) {
    Key key{};
    for (std::size_t word = 0; word * 8 < id.size(); ++word)
      key[word] = word_of(id.data() + word * 8, id.size() - word * 8);
    return key;
  }
  static bool same(const Key& a, const Key& b) {
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
  }
  // The first eight of `size` bytes, zeros behind the last; of fewer the loads overlap, so that
  // none reads past the end. Little-endian.
  static std::uint64_t word_of(const char* text, std::size_t size) {
    const auto load = [text]<class T>(T, std::size_t at) {
      T value;
      std::memcpy(&value, text + at, sizeof value);
      return std::uint64_t{value};
    };
    if (size >= 8) return load(std::uint64_t{}, 0);
    if (size >= 4)
      return load(std::uint32_t{}, 0) | load(std::uint32_t{}, size - 4) << (8 * (size - 4));
    if (size >= 2)
      return load(std::uint16_t{}, 0) | load(std::uint16_t{}, size - 2) << (8 * (size - 2));
    return load(std::uint8_t{}, 0);
  }
  std::size_t place_of(const Key& key) const;
  void grow();

  std::vector<Key> keys_;
  std::vector<std::uint32_t> slots_;  // power of two; an index, or `none`
};

}  // namespace estate
