#pragma once
// Big-endian numbers in byte strings, as the public log formats write them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace journal {

// Appends the low `size` bytes of a number.
inline void put_number(std::string& to, std::uint64_t value, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    to += static_cast<char>(value >> shift & 255);
}

// The number in the first `size` bytes. Requires that many.
inline std::uint64_t get_number(std::string_view from, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i)
    value = value << 8 | static_cast<std::uint8_t>(from[static_cast<std::size_t>(i)]);
  return value;
}

// Takes bytes off the front of a text, and remembers whether there were enough.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(int size) {
    const std::string_view taken = bytes(static_cast<std::size_t>(size));
    return good_ ? get_number(taken, size) : 0;
  }
  std::string_view bytes(std::size_t size) {
    if (rest_.size() < size) good_ = false;
    if (!good_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // Up to the next line end, which is taken too.
  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) good_ = false;
    const std::string_view taken = bytes(good_ ? end : 0);
    (void)bytes(1);
    return taken;
  }
  // A line of "word value"; the value.
  std::string_view field(std::string_view word) {
    const std::string_view taken = line();
    if (!taken.starts_with(word) || taken.size() <= word.size() || taken[word.size()] != ' ') {
      good_ = false;
      return {};
    }
    return taken.substr(word.size() + 1);
  }
  std::string_view rest() const { return rest_; }
  // Nothing asked for was missing so far.
  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

// The bytes up to the last one that is not zero.
inline std::string_view without_zeros(std::string_view bytes) {
  return bytes.substr(0, bytes.find_last_not_of('\0') + 1);
}

// A decimal number as we write it: digits, no sign, no leading zero, below 2^63.
inline std::optional<std::uint64_t> parse_size(std::string_view text) {
  if (text.empty() || text.size() > 19 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (value >> 63 != 0) return std::nullopt;
  return value;
}

}  // namespace journal
