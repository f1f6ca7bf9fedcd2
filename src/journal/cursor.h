#pragma once
// Reads a journal's entries in order while its site writes on: for readers in other threads, which
// share nothing with the writer but the folder and the number of entries that are committed.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "io/disk.h"
#include "journal/entry.h"
#include "journal/scan.h"

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
  Cursor(io::Disk& disk, io::Path folder, std::uint64_t from)
      : disk_(&disk), folder_(std::move(folder)), from_(from) {}
  base::Result<> open_segment(const Place& begin);
  base::Result<> read_frame();
  base::Result<Item> item();
  base::Result<std::size_t> read(std::size_t begin);
  std::unexpected<base::Error> bad(std::uint64_t entry, std::uint64_t byte,
                                   std::string_view why) const;

  io::Disk* disk_;
  io::Path folder_;
  std::uint64_t from_;  // the next entry to give
  std::unique_ptr<io::Reader> reader_;
  Place place_;        // behind the frame that is held
  VerifierKey key_;    // of the segments' headers
  std::string bytes_;  // the frame that is held
  Frame frame_;
  std::optional<base::Error> failed_;
};

}  // namespace journal
