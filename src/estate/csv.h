#pragma once
// CSV in: RFC 4180 records out of blocks of bytes, without copying and without the whole file.
//
// Beyond the RFC: line ends may be LF or CRLF, the last one may be missing, a byte order mark is
// skipped, and so are empty lines. A quote opens a quoted field only as its first character.

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/disk.h"

namespace estate {

inline constexpr std::size_t columns_max = 256;
inline constexpr std::size_t field_bytes_max = 16 * 1024;
inline constexpr std::size_t record_bytes_max = 256 * 1024;
inline constexpr std::size_t block_bytes = 512 * 1024;
static_assert(record_bytes_max < block_bytes, "a block must be able to hold any record");

// One record. The fields point into the block and live as long as it does.
struct Record {
  std::vector<std::string_view> fields = std::vector<std::string_view>(columns_max);
  std::size_t count = 0;     // of fields
  std::uint64_t line = 0;    // line ends in the block before the record
  std::string_view problem;  // empty, or what is wrong with the record as a whole
  bool fatal = false;        // no later record can be trusted, because its beginning is not known
};

// Walks over the records of one block. Doubled quotes are undone in place, so the block changes.
class CsvCursor {
 public:
  explicit CsvCursor(std::span<char> block)
      : at_(block.data()), begin_(at_), end_(at_ + block.size()) {}
  // The next record, or false at the end of the block.
  bool next(Record& record);
  // What lies before the cursor, from the beginning of a record on.
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  // Steps over the next record where that is one line of at most field_bytes_max without quotes.
  bool skip_plain();
  // Line ends passed so far.
  std::uint64_t lines() const { return lines_; }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

 private:
  bool next_short(Record& record);
  std::string_view plain_field(Record& record);
  std::string_view quoted_field(Record& record);
  bool end_field();

  char* at_;
  char* begin_;
  char* end_;
  std::uint64_t lines_ = 0;
};

// Cuts a stream into blocks of whole records. Blocks depend on the bytes only, not on how they
// arrive.
class CsvBlocks {
 public:
  explicit CsvBlocks(io::Reader& reader, std::size_t size = block_bytes)
      : reader_(&reader), size_(size) {}
  // Fills `block` with the next records, at most `size` bytes; false at the end. A record that fits
  // no block comes last, cut, for CsvCursor to report. Every byte of the stream is handed to `tap`,
  // if set, in order.
  base::Result<bool> next(std::vector<char>& block);
  void set_tap(std::function<void(std::string_view)> tap) { tap_ = std::move(tap); }

 private:
  io::Reader* reader_;
  std::size_t size_;
  std::function<void(std::string_view)> tap_;
  std::vector<char> rest_;  // begins at a record
  bool first_ = true, ended_ = false;
};

}  // namespace estate
