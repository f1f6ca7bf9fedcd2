#pragma once
// One strict form of bytes for every value of trade: docs/formats/events.md is the grammar.
//
// A struct lists its members once, in fields(); writing, reading and comparing go through that
// list. Reading takes only what writing makes, so equal values have equal bytes and unequal values
// do not.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "trade/words.h"

namespace trade {

template <class T>
concept Struct = requires {
  T::fields();
};
template <class T>
concept Id = std::is_enum_v<T> && !Word<T>;

inline constexpr int varint_bytes_max = 10;

constexpr std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) {}

  // Seven bits a byte, the lowest first; all but the last have the highest bit set.
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      to_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    to_ += static_cast<char>(value);
  }
  void value(bool it) { to_ += static_cast<char>(it); }
  template <std::unsigned_integral T>
  void value(T it) {
    number(it);
  }
  template <std::signed_integral T>
  void value(T it) {
    number(zigzag(it));
  }
  template <class T>
  requires std::is_enum_v<T>
  void value(T it) { number(static_cast<std::underlying_type_t<T>>(it)); }
  void value(Day day) { number(day.days); }
  template <std::size_t size_max>
  void value(const Text<size_max>& text) {
    const std::string_view view = text.view();
    to_ += static_cast<char>(view.size());
    to_ += view;
  }
  template <std::size_t size>
  void value(const Octets<size>& octets) {
    value(octets.given());
    if (octets.given()) to_.append(octets.bytes.begin(), octets.bytes.end());
  }
  void value(const Blob& blob) {
    number(blob.bytes.size());
    to_ += blob.bytes;
  }
  template <class T>
  void value(const std::vector<T>& rows) {
    number(rows.size());
    for (const T& row : rows) value(row);
  }
  template <class T, std::size_t size>
  void value(const std::array<T, size>& values) {
    for (const T& it : values) value(it);
  }
  template <class Key, class T>
  void value(const std::map<Key, T>& table) {
    number(table.size());
    for (const auto& [key, it] : table) {
      value(key);
      value(it);
    }
  }
  template <Struct T>
  void value(const T& it) {
    std::apply([&](auto... members) { (value(it.*members), ...); }, T::fields());
  }
  template <class... Kinds>
  void value(const std::variant<Kinds...>& it) {
    to_ += static_cast<char>(it.index() + 1);
    std::visit([&](const auto& body) { value(body); }, it);
  }

 private:
  std::string& to_;
};

// Remembers whether everything so far was as a Writer writes it; after the first fault numbers are
// 0.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }
  void fail() { good_ = false; }

  std::uint64_t number(std::uint64_t max) {
    // Nearly all numbers are of one byte.
    if (!rest_.empty() && static_cast<std::uint8_t>(rest_[0]) < 0x80) {
      const std::uint64_t low = static_cast<std::uint8_t>(rest_[0]);
      rest_.remove_prefix(1);
      return within(low, max);
    }
    std::uint64_t made = 0;
    for (int i = 0; i < varint_bytes_max; ++i) {
      const std::uint64_t next = byte();
      if (i == varint_bytes_max - 1 && next > 1) break;
      made |= (next & 0x7f) << 7 * i;
      if (next >= 0x80) continue;
      if (next == 0 && i > 0) break;  // a shorter form exists
      return within(made, max);
    }
    fail();
    return 0;
  }
  void value(bool& it) { it = number(1) != 0; }
  template <std::unsigned_integral T>
  void value(T& it) {
    it = static_cast<T>(number(static_cast<T>(-1)));
  }
  template <std::signed_integral T>
  void value(T& it) {
    it = static_cast<T>(unzigzag(number(static_cast<std::make_unsigned_t<T>>(-1))));
  }
  template <Word T>
  void value(T& it) {
    it = static_cast<T>(number(count_of<T> - 1));
  }
  template <Id T>
  void value(T& it) {
    it = static_cast<T>(number(static_cast<std::underlying_type_t<T>>(-1)));
  }
  void value(Day& day) { value(day.days); }
  template <std::size_t size_max>
  void value(Text<size_max>& text) {
    const std::size_t size = number(size_max);
    if (rest_.size() < size) return fail();
    const auto read = Text<size_max>::of(rest_.substr(0, size));
    if (!good_ || !read) return fail();
    text = *read;
    rest_.remove_prefix(size);
  }
  template <std::size_t size>
  void value(Octets<size>& octets) {
    bool is_given = false;
    value(is_given);
    if (!is_given) return;
    if (rest_.size() < size) return fail();
    std::copy_n(rest_.begin(), size, octets.bytes.begin());
    rest_.remove_prefix(size);
    if (!octets.given()) fail();
  }
  void value(Blob& blob) {
    const std::size_t size = number(rest_.size());  // the size itself is among the rest until now
    if (!good_ || rest_.size() < size) return fail();
    blob.bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  template <class T>
  void value(std::vector<T>& rows) {
    const std::size_t count = number(rows_max);
    // Every row has a byte at least, so a count cannot make us reserve more than there is.
    if (count > rest_.size()) return fail();
    rows.resize(count);
    for (T& row : rows) {
      if (!good_) return;
      value(row);
    }
  }
  template <class T, std::size_t size>
  void value(std::array<T, size>& values) {
    for (T& it : values) value(it);
  }
  template <class Key, class T>
  void value(std::map<Key, T>& table) {
    const std::size_t count = number(rest_.size());
    for (std::size_t i = 0; i < count && good_; ++i) {
      Key key{};
      value(key);
      if (!table.empty() && !(table.rbegin()->first < key)) return fail();
      value(table.emplace_hint(table.end(), key, T{})->second);
    }
  }
  template <Struct T>
  void value(T& it) {
    std::apply([&](auto... members) { (value(it.*members), ...); }, T::fields());
  }
  template <class... Kinds>
  void value(std::variant<Kinds...>& it) {
    const std::size_t kind = number(sizeof...(Kinds));
    if (kind == 0) return fail();
    std::size_t at = 0;
    (void)((++at == kind && (value(it.template emplace<Kinds>()), true)) || ...);
  }

 private:
  std::uint64_t byte() {
    if (rest_.empty()) {
      fail();
      return 0;
    }
    const auto taken = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return taken;
  }
  std::uint64_t within(std::uint64_t value, std::uint64_t max) {
    if (value > max) fail();
    return good_ ? value : 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace trade
