#pragma once
// Cursors of paged tables: the key of the last row that was seen, as text, and back.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "api/queries.h"

namespace api {

inline std::string cursor_of(const trade::OrderKey& key) { return to_string(key); }
inline std::string cursor_of(const trade::DocumentNumber& number) {
  return trade::to_string(number);
}
inline std::string cursor_of(std::uint32_t counter) { return std::to_string(counter); }
template <class No>
requires std::is_enum_v<No> std::string cursor_of(No number) {
  return cursor_of(static_cast<std::uint32_t>(number));
}

// Nothing for a text that cursor_of did not make.
template <class Key>
std::optional<Key> parse_cursor(std::string_view text) {
  if constexpr (std::is_same_v<Key, trade::OrderKey>) {
    return parse_order_key(text);
  } else if constexpr (std::is_same_v<Key, trade::DocumentNumber>) {
    return trade::parse_number(text);
  } else {
    std::uint32_t value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
    return Key{value};
  }
}

}  // namespace api
