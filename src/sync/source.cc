#include "sync/source.h"

#include <charconv>

#include <fmt/core.h>

namespace syncing {

using base::ErrorCode;
using base::Result;
using journal::FrameCursor;
using journal::Place;

Result<Source> Source::open(io::Disk& disk, const io::Path& folder) {
  Source source(disk, folder, TRY(FrameCursor::open(disk, folder, 0)));
  TRY(source.refresh());
  return source;
}

Result<> Source::refresh() {
  auto newest = TRY(journal::load_checkpoint(*disk_, folder_, key()));
  const std::uint64_t signed_size = newest ? newest->checkpoint.size : 0;
  if (signed_size < size()) return bad("its checkpoint is older than one that was read before");
  if (size() < signed_size) {
    TRY(frames_.read_ahead(true));  // what is signed is on disk
    while (size() < signed_size) TRY(take_frame());
    TRY(frames_.read_ahead(false));
  }
  if (!newest || size() == 0) return {};
  if (size() != signed_size) return bad("its checkpoint ends within a commit");
  if (blocks_.root(size(), {}) != newest->checkpoint.root)
    return bad(fmt::format("its entries are not the {} that its site has signed", signed_size));
  checkpoint_ = std::move(newest);
  return {};
}

Result<> Source::take_frame() {
  const Place before = frames_.place();
  TRY(frames_.next());
  for (const crypto::Digest& leaf : frames_.frame().leaves) {
    if (size() % Blocks::entries == 0) {
      Mark mark{0, before.offset, before.next, before.link};
      const std::string& name = before.segment;
      std::from_chars(name.data() + name.rfind('-') + 1, name.data() + name.size(),
                      mark.segment_first);
      marks_.push_back(mark);
    }
    blocks_.append(leaf);
  }
  return {};
}

// Before a frame that does not begin behind the entry. Requires entry < size().
Result<FrameCursor> Source::cursor_before(std::uint64_t entry) const {
  const Mark& mark = marks_[entry / Blocks::entries];
  const Place place{journal::segment_name(mark.segment_first), mark.offset, mark.next, mark.link};
  FrameCursor cursor = TRY(FrameCursor::open_at(*disk_, folder_, place, key()));
  TRY(cursor.read_ahead(true));  // for frames that are signed
  return cursor;
}

// What Blocks needs to speak of this size.
Result<std::vector<crypto::Digest>> Source::leaves(std::uint64_t size) const {
  std::vector<crypto::Digest> found;
  if (!blocks_.needs_leaves(size)) return found;
  const std::uint64_t begin = size / Blocks::entries * Blocks::entries;
  FrameCursor cursor = TRY(cursor_before(begin));
  while (found.size() < Blocks::entries) {
    TRY(cursor.next());
    const journal::Frame& frame = cursor.frame();
    for (std::size_t i = 0; i < frame.leaves.size() && found.size() < Blocks::entries; ++i)
      if (frame.first + i >= begin) found.push_back(frame.leaves[i]);
  }
  return found;
}

Result<Run> Source::run(std::uint64_t from) {
  CHECK(from <= size() && size() > 0);
  Run run{key().name, from, to_string(checkpoint_->note), {}, {}};
  if (from == size()) return run;
  FrameCursor cursor = TRY(cursor_before(from));
  if (from == 0) run.bytes = encode(journal::SegmentHeader{key(), 0, {}});
  std::uint64_t end = from;
  while (end < size()) {
    const Place before = cursor.place();
    TRY(cursor.next());
    const journal::Frame& frame = cursor.frame();
    if (frame.first < from) continue;
    if (frame.first != end) return bad(fmt::format("no commit begins with entry {}", from));
    if (end > from && run.bytes.size() + frame.bytes > run_bytes_aim) break;
    if (cursor.place().segment != before.segment)
      run.bytes += encode(journal::SegmentHeader{key(), frame.first, before.link});
    run.bytes += cursor.bytes();
    end += frame.entries.size();
  }
  run.proof = blocks_.growth(end, TRY(leaves(end)));
  return run;
}

Result<Growth> Source::growth(std::uint64_t old_size) {
  CHECK(old_size <= size() && size() > 0);
  const auto block = TRY(leaves(old_size));
  return Growth{key().name, old_size, blocks_.root(old_size, block), to_string(checkpoint_->note),
                old_size == 0 ? journal::Proof{} : blocks_.growth(old_size, block)};
}

std::unexpected<base::Error> Source::bad(std::string_view why) const {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder_.string(), why));
}

}  // namespace syncing
