#pragma once
// A journal's bytes on disk: segments begin with a header, and each commit is one frame. Pure:
// bytes in, frames or the reason why not out.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/entry.h"
#include "journal/note.h"

namespace journal {

struct SegmentHeader {
  VerifierKey key;          // whose journal this is; its name is the origin
  std::uint64_t first = 0;  // index of the segment's first entry
  Digest link;              // the last check of the segment before; zeros for the first segment
};

inline constexpr std::size_t header_bytes_max = 1'024;

std::string encode(const SegmentHeader& header);
struct ParsedHeader {
  SegmentHeader header;
  std::size_t bytes = 0;  // its length
  Digest check;           // its last 32 bytes, the link of the first frame
};
// Error: evidence_bad.
base::Result<ParsedHeader> parse_header(std::string_view segment);

inline constexpr std::size_t frame_head_bytes = 18;  // magic, first, count, body size
inline constexpr std::size_t frame_body_bytes_max = 16u << 20;
inline constexpr std::size_t frame_entries_max = 65'535;

// Builds the frame of one commit. The last 32 bytes, its check, are SHA-256 over the link, the
// head and the leaf hashes: every frame vouches for all bytes before it.
class FrameBuilder {
 public:
  // Starts over.
  void begin(std::uint64_t first, const Digest& link);
  // False if the frame is full: the entry then does not belong to it. Requires an entry of at most
  // entry_bytes_max bytes.
  bool add(std::string_view entry);
  // The whole frame; valid until the next begin. Requires at least one entry.
  std::string_view finish();

  const Digest& check() const { return check_; }
  std::span<const Digest> leaves() const { return leaves_; }

 private:
  std::uint64_t first_ = 0;
  Digest link_, check_;
  std::string bytes_;
  std::vector<Digest> leaves_;
};

struct Frame {
  std::uint64_t first = 0;
  std::vector<std::string_view> entries;
  std::vector<Digest> leaves;  // one per entry
  Digest check;
  std::size_t bytes = 0;  // its length
};

// What is wrong with the bytes where a frame should begin.
enum class FrameFault : std::uint8_t {
  none,
  ends_early,   // fewer bytes than a frame has
  no_magic,     // not the beginning of a frame
  wrong_index,  // a frame, but not the next one
  bad_bounds,   // a count or a size that no frame has
  bad_lengths,  // the entries' lengths do not add up to the body
  wrong_check,  // the entries, the head or the link are not those that were written
};
std::string_view to_text(FrameFault fault);

// Reads the frame at the front of `bytes` into `frame`, whose views point into `bytes`.
FrameFault read_frame(std::string_view bytes, std::uint64_t first, const Digest& link,
                      Frame& frame);

// What a frame's head alone tells.
struct FrameSpan {
  std::uint64_t first = 0;           // index of its first entry
  std::size_t count = 0, bytes = 0;  // entries; length of the frame
};
// Nothing where no frame begins with these bytes.
std::optional<FrameSpan> frame_span(std::string_view bytes);
// The length of the frame that begins with these bytes.
std::optional<std::size_t> frame_bytes(std::string_view bytes);
// Where the row of frames behind a segment's header ends, told from their heads alone. Requires
// that a header of `header_bytes` is there.
std::size_t frames_end(std::string_view segment, std::size_t header_bytes);

// The offset of the first whole frame at or after `from`, with an index above `above`; its link is
// taken from the 32 bytes before it, wherever it lies. Used only behind a fault.
std::optional<std::size_t> find_frame(std::string_view segment, std::size_t from,
                                      std::uint64_t above);

}  // namespace journal
