#include "journal/cursor.h"

namespace journal {

using base::Result;

Result<Cursor> Cursor::open(io::Disk& disk, const io::Path& folder, std::uint64_t from) {
  return Cursor(TRY(FrameCursor::open(disk, folder, from)), from);
}

Result<std::optional<Cursor::Item>> Cursor::next(std::uint64_t committed_size) {
  if (failed_) return std::unexpected(*failed_);
  if (from_ >= committed_size) return std::nullopt;
  const auto read = [&]() -> Result<Item> {
    while (frames_.place().next <= from_) TRY(frames_.next());
    return item();
  }();
  if (read) return *read;
  failed_ = read.error();
  return std::unexpected(read.error());
}

Result<Cursor::Item> Cursor::item() {
  const Frame& frame = frames_.frame();
  const auto entry = parse_entry(frame.entries[static_cast<std::size_t>(from_ - frame.first)]);
  if (!entry)
    return frames_.bad(from_, frames_.place().offset - frame.bytes, entry.error().message);
  return Item{from_++, *entry};
}

}  // namespace journal
