#include "journal/frame_cursor.h"

#include <algorithm>

#include <fmt/core.h>

namespace journal {

using base::ErrorCode;
using base::Result;

namespace {

// Frames are small, and a call of the system costs more than reading one.
constexpr std::size_t ahead_bytes = 32u << 10;

}  // namespace

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
  TRY(cursor.stand_at(place.offset));
  return cursor;
}

Result<> FrameCursor::open_segment(const Place& begin) {
  place_ = begin;
  place_.offset = 0;
  TRY(stand_at(0));
  // The header is read on its own: what lies behind it may change until it is committed.
  bytes_.resize(header_bytes_max);
  bytes_.resize(TRY(read(0)));
  const auto parsed = parse_header(bytes_);
  if (!parsed) return bad(begin.next, 0, parsed.error().message);
  const std::string why = objection(parsed->header, begin, key_);
  if (!why.empty()) return bad(begin.next, 0, why);
  key_ = parsed->header.key;
  TRY(stand_at(parsed->bytes));
  place_.offset = parsed->bytes;
  place_.next = parsed->header.first;
  place_.link = parsed->check;
  return {};
}

// Forgets what was read ahead.
Result<> FrameCursor::stand_at(std::uint64_t offset) {
  ahead_.clear();
  ahead_used_ = 0;
  reader_ = TRY(disk_->open(folder_ / place_.segment));
  return reader_->skip(offset);
}

Result<> FrameCursor::read_ahead(bool may) {
  may_read_ahead_ = may;
  return may || ahead_.empty() ? Result<>{} : stand_at(place_.offset);
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
    const std::span wanted = std::span(bytes_).subspan(end);
    const std::size_t got = TRY(may_read_ahead_ ? take_ahead(wanted) : reader_->read(wanted));
    if (got == 0) break;
    end += got;
  }
  return end - begin;
}

Result<std::size_t> FrameCursor::take_ahead(std::span<char> into) {
  if (ahead_used_ == ahead_.size()) {
    ahead_used_ = 0;
    ahead_.resize(ahead_bytes);
    const auto got = reader_->read(std::span(ahead_));
    ahead_.resize(got.value_or(0));
    if (!got) return got;
  }
  const std::size_t part = std::min(into.size(), ahead_.size() - ahead_used_);
  std::copy_n(ahead_.data() + ahead_used_, part, into.data());
  ahead_used_ += part;
  return part;
}

std::unexpected<base::Error> FrameCursor::bad(std::uint64_t entry, std::uint64_t byte,
                                              std::string_view why) const {
  const Fault fault{place_.segment, entry, byte, std::string(why)};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", folder_.string(), to_string(fault)));
}

}  // namespace journal
