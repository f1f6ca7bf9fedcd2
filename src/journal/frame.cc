#include "journal/frame.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"
#include "journal/tree.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view header_magic = "stockade-journal-1";
constexpr std::string_view frame_magic = "\xf7SJ\x01";
static_assert(frame_magic[0] != '\0');  // or the zeros behind the newest frame could begin one
constexpr std::size_t digest_bytes = sizeof(Digest);

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("segment header: {}", why));
}

Digest digest_of(std::string_view bytes) {
  Digest digest;
  std::ranges::copy(bytes, digest.bytes.begin());
  return digest;
}

Digest check_of(const Digest& link, std::string_view head, std::span<const Digest> leaves) {
  static thread_local crypto::Sha256 hash;
  hash.add(link.view());
  hash.add(head);
  hash.add({reinterpret_cast<const char*>(leaves.data()), leaves.size_bytes()});
  return hash.finish();
}

struct FrameHead {
  std::uint64_t first = 0;
  std::size_t count = 0, body_bytes = 0;
  std::size_t frame_bytes() const { return frame_head_bytes + body_bytes + digest_bytes; }
};

// The head at the front of `bytes`, whichever its index.
FrameFault read_head(std::string_view bytes, FrameHead& head) {
  ByteReader reader(bytes);
  const std::string_view magic = reader.bytes(frame_magic.size());
  head.first = reader.number(8);
  head.count = static_cast<std::size_t>(reader.number(2));
  head.body_bytes = static_cast<std::size_t>(reader.number(4));
  if (!reader.good()) return FrameFault::ends_early;
  if (magic != frame_magic) return FrameFault::no_magic;
  if (head.count == 0 || head.body_bytes > frame_body_bytes_max) return FrameFault::bad_bounds;
  return FrameFault::none;
}

// The lengths must tile the body exactly; nothing is hashed before that is known.
bool split_entries(std::string_view body, std::size_t count,
                   std::vector<std::string_view>& entries) {
  entries.clear();
  ByteReader reader(body);
  for (std::size_t i = 0; i < count && reader.good(); ++i)
    entries.push_back(reader.bytes(static_cast<std::size_t>(reader.number(2))));
  return reader.at_end();
}

}  // namespace

std::string encode(const SegmentHeader& header) {
  std::string text = fmt::format("{}\nkey {}\nfirst {}\nlink {}\n\n", header_magic,
                                 to_string(header.key), header.first, to_hex(header.link));
  const Digest check = crypto::sha256(text);
  return text + std::string(check.view());
}

Result<ParsedHeader> parse_header(std::string_view segment) {
  ByteReader reader(segment);
  if (reader.line() != header_magic) return bad("not a segment of this version");
  const std::string_view key_text = reader.field("key");
  const auto first = parse_size(reader.field("first"));
  const auto link = crypto::from_hex(reader.field("link"));
  const std::string_view gap = reader.line();
  const std::size_t text_size = segment.size() - reader.rest().size();
  const std::string_view check = reader.bytes(digest_bytes);
  if (!reader.good() || !gap.empty()) return bad("its lines are not key, first, link");
  if (crypto::sha256(segment.substr(0, text_size)).view() != check) return bad("wrong check");
  VerifierKey key = TRY(parse_verifier(key_text));
  if (!first || !link || link->size() != digest_bytes) return bad("a value is malformed");
  return ParsedHeader{
      {std::move(key), *first, digest_of(*link)}, text_size + digest_bytes, digest_of(check)};
}

void FrameBuilder::begin(std::uint64_t first, const Digest& link) {
  first_ = first;
  link_ = link;
  bytes_.assign(frame_head_bytes, '\0');
  leaves_.clear();
}

bool FrameBuilder::add(std::string_view entry) {
  CHECK(entry.size() <= entry_bytes_max);
  const std::size_t body = bytes_.size() - frame_head_bytes;
  if (leaves_.size() == frame_entries_max || body + 2 + entry.size() > frame_body_bytes_max)
    return false;
  put_number(bytes_, entry.size(), 2);
  bytes_ += entry;
  leaves_.push_back(leaf_hash(entry));
  return true;
}

std::string_view FrameBuilder::finish() {
  CHECK(!leaves_.empty());
  std::string head(frame_magic);
  put_number(head, first_, 8);
  put_number(head, leaves_.size(), 2);
  put_number(head, bytes_.size() - frame_head_bytes, 4);
  std::ranges::copy(head, bytes_.begin());
  check_ = check_of(link_, head, leaves_);
  bytes_ += check_.view();
  return bytes_;
}

std::string_view to_text(FrameFault fault) {
  switch (fault) {
    case FrameFault::none:
      return "whole";
    case FrameFault::ends_early:
      return "the record ends early";
    case FrameFault::no_magic:
      return "no record begins here";
    case FrameFault::wrong_index:
      return "the record here is not the next one";
    case FrameFault::bad_bounds:
      return "the record's count or size is impossible";
    case FrameFault::bad_lengths:
      return "the entries do not fill their record";
    case FrameFault::wrong_check:
      return "the record's check does not fit its bytes";
  }
  return "";
}

FrameFault read_frame(std::string_view bytes, std::uint64_t first, const Digest& link,
                      Frame& frame) {
  FrameHead head;
  if (const FrameFault fault = read_head(bytes, head); fault != FrameFault::none) return fault;
  frame.first = head.first;
  frame.bytes = head.frame_bytes();
  if (frame.first != first) return FrameFault::wrong_index;
  if (bytes.size() < frame.bytes) return FrameFault::ends_early;
  const std::string_view body = bytes.substr(frame_head_bytes, head.body_bytes);
  const std::string_view check = bytes.substr(frame.bytes - digest_bytes, digest_bytes);
  if (!split_entries(body, head.count, frame.entries)) return FrameFault::bad_lengths;
  frame.leaves.clear();
  for (const std::string_view entry : frame.entries) frame.leaves.push_back(leaf_hash(entry));
  frame.check = check_of(link, bytes.substr(0, frame_head_bytes), frame.leaves);
  return frame.check.view() == check ? FrameFault::none : FrameFault::wrong_check;
}

std::optional<FrameSpan> frame_span(std::string_view bytes) {
  FrameHead head;
  if (read_head(bytes, head) != FrameFault::none) return std::nullopt;
  return FrameSpan{head.first, head.count, head.frame_bytes()};
}

std::optional<std::size_t> frame_bytes(std::string_view bytes) {
  const auto span = frame_span(bytes);
  return span ? std::optional(span->bytes) : std::nullopt;
}

std::size_t frames_end(std::string_view segment, std::size_t header_bytes) {
  std::size_t end = header_bytes;
  while (const auto size = frame_bytes(segment.substr(end))) {
    if (segment.size() - end < *size) break;
    end += *size;
  }
  return end;
}

std::optional<std::size_t> find_frame(std::string_view segment, std::size_t from,
                                      std::uint64_t above) {
  Frame frame;
  for (std::size_t at = segment.find(frame_magic, std::max(from, digest_bytes));
       at != std::string_view::npos; at = segment.find(frame_magic, at + 1)) {
    const std::string_view here = segment.substr(at);
    if (here.size() < frame_head_bytes) break;
    const std::uint64_t first = get_number(here.substr(frame_magic.size()), 8);
    const Digest link = digest_of(segment.substr(at - digest_bytes, digest_bytes));
    if (first > above && read_frame(here, first, link, frame) == FrameFault::none) return at;
  }
  return std::nullopt;
}

}  // namespace journal
