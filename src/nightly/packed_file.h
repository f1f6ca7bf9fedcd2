#pragma once
// Binary files that a night leaves for the next: columns in one checked Zstandard frame.

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "io/disk.h"

namespace nightly {

// Numbers are u64, texts and columns are led by their length; all little-endian.
class PackedOut {
 public:
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void column(const std::vector<T>& values) {
    number(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void number(std::uint64_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void texts(const std::vector<std::string>& values) {
    number(values.size());
    for (const std::string& value : values) text(value);
  }
  void raw(std::string_view value) { bytes_ += value; }
  void reserve(std::size_t size) { bytes_.reserve(size); }
  std::string take() { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Reads what PackedOut wrote; after the first lack of bytes everything is empty and ok() is false.
class PackedIn {
 public:
  explicit PackedIn(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    take(&value, sizeof value);
    return value;
  }
  std::string text() {
    const std::uint64_t size = number();
    std::string value(size <= rest_.size() ? size : 0, '\0');
    take(value.data(), size);
    return value;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> values;
    for (std::uint64_t count = number(); count > 0 && ok_; --count) values.push_back(text());
    return values;
  }
  template <class T>
  std::vector<T> column() {
    const std::uint64_t count = number();
    std::vector<T> values(count <= rest_.size() / sizeof(T) ? count : 0);
    take(values.data(), count * sizeof(T));
    return values;
  }
  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return ok_ = false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  void take(void* into, std::uint64_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return;
    }
    if (size > 0) std::memcpy(into, rest_.data(), size);
    rest_.remove_prefix(size);
  }
  std::string_view rest_;
  bool ok_ = true;
};

// The content of such a file.
std::string packed(std::string_view bytes);
// The front of the bytes, some 100 KB of them; less where the file is damaged. Errors: io_failed.
base::Result<std::string> read_packed_front(io::Disk& disk, const io::Path& path);
// The bytes again; nothing where the file is damaged. Errors: io_failed.
base::Result<std::optional<std::string>> read_packed(io::Disk& disk, const io::Path& path);

}  // namespace nightly
