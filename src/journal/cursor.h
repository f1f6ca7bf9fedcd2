#pragma once
// Reads a journal's entries in order while its site writes on: for readers in other threads, which
// share nothing with the writer but the folder and the number of entries that are committed.

#include <cstdint>
#include <optional>

#include "journal/entry.h"
#include "journal/frame_cursor.h"

namespace journal {

// Holds one frame in memory and reads no byte behind the last committed one. Each frame is checked,
// from the beginning of the segment that holds the first entry asked for. One thread at a time.
class Cursor {
 public:
  struct Item {
    std::uint64_t index = 0;
    Entry entry;  // its body is valid until the next call
  };

  // Stands before the entry `from`, which may be a later one than is there. Error: io_failed;
  // evidence_bad where no segment holds that entry, or its header is broken.
  static base::Result<Cursor> open(io::Disk& disk, const io::Path& folder, std::uint64_t from);

  // The next entry, or nothing where all of the first `committed_size` have been given. Requires
  // that so many entries are on disk: a Journal::size() that the writer has told. Error: io_failed;
  // evidence_bad with the fault. After an error the cursor stays where it is, with that error.
  base::Result<std::optional<Item>> next(std::uint64_t committed_size);

 private:
  Cursor(FrameCursor frames, std::uint64_t from) : frames_(std::move(frames)), from_(from) {}
  base::Result<Item> item();

  FrameCursor frames_;
  std::uint64_t from_;  // the next entry to give
  std::optional<base::Error> failed_;
};

}  // namespace journal
