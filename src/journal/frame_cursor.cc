#include "journal/frame_cursor.h"

#include <algorithm>

#include <fmt/core.h>

namespace journal {

using base::ErrorCode;
using base::Result;

Result<FrameCursor> FrameCursor::open(io::Disk& disk, const io::Path& folder, std::uint64_t entry) {
  const auto names = TRY(list_segments(disk, folder));
  const auto behind = std::ranges::upper_bound(names, segment_name(entry));
  FrameCursor cursor(disk, folder);
  if (behind == names.begin()) {
    cursor.place_.segment = segment_name(entry);
    return cursor.bad(entry, 0, "no segment holds this entry");
  }
  // A place within the segment, so that nothing is asked of the ones before it.
  TRY(cursor.open_segment({*std::prev(behind), 1, 0, {}}));
  return cursor;
}

Result<FrameCursor> FrameCursor::open_at(io::Disk& disk, const io::Path& folder, const Place& place,
                                         const VerifierKey& key) {
  FrameCursor cursor(disk, folder);
  cursor.place_ = place;
  cursor.key_ = key;
  cursor.reader_ = TRY(disk.open(folder / place.segment));
  TRY(cursor.reader_->skip(place.offset));
  return cursor;
}

// The header is read on its own: what lies behind it in the file may change until it is committed.
Result<> FrameCursor::open_segment(const Place& begin) {
  place_ = begin;
  place_.offset = 0;
  reader_ = TRY(disk_->open(folder_ / begin.segment));
  bytes_.resize(header_bytes_max);
  bytes_.resize(TRY(read(0)));
  const auto parsed = parse_header(bytes_);
  if (!parsed) return bad(begin.next, 0, parsed.error().message);
  const std::string why = objection(parsed->header, begin, key_);
  if (!why.empty()) return bad(begin.next, 0, why);
  key_ = parsed->header.key;
  reader_ = TRY(disk_->open(folder_ / begin.segment));
  TRY(reader_->skip(parsed->bytes));
  place_.offset = parsed->bytes;
  place_.next = parsed->header.first;
  place_.link = parsed->check;
  return {};
}

Result<> FrameCursor::next() {
  bytes_.resize(frame_head_bytes);
  std::size_t got = TRY(read(0));
  if (got == 0) {
    const Place behind{segment_name(place_.next), 0, place_.next, place_.link};
    if (behind.segment == place_.segment || !disk_->exists(folder_ / behind.segment))
      return bad(place_.next, place_.offset, "the journal ends early");
    TRY(open_segment(behind));
    bytes_.resize(frame_head_bytes);
    got = TRY(read(0));
  }
  if (const auto size = frame_bytes(bytes_); size && got == frame_head_bytes) {
    bytes_.resize(*size);
    got += TRY(read(frame_head_bytes));
  }
  bytes_.resize(got);
  const FrameFault fault = read_frame(bytes_, place_.next, place_.link, frame_);
  if (fault != FrameFault::none) return bad(place_.next, place_.offset, to_text(fault));
  place_.offset += frame_.bytes;
  place_.next += frame_.entries.size();
  place_.link = frame_.check;
  return {};
}

// Fills the bytes from `begin` on; returns how many, fewer only at the file's end.
Result<std::size_t> FrameCursor::read(std::size_t begin) {
  std::size_t end = begin;
  while (end < bytes_.size()) {
    const std::size_t got = TRY(reader_->read(std::span(bytes_).subspan(end)));
    if (got == 0) break;
    end += got;
  }
  return end - begin;
}

std::unexpected<base::Error> FrameCursor::bad(std::uint64_t entry, std::uint64_t byte,
                                              std::string_view why) const {
  const Fault fault{place_.segment, entry, byte, std::string(why)};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", folder_.string(), to_string(fault)));
}

}  // namespace journal
