#pragma once
// Reads a journal's frames in order while its site writes on, each with its bytes: for readers that
// share nothing with the writer but the folder and the number of entries that are committed.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "io/disk.h"
#include "journal/scan.h"

namespace journal {

// Holds one frame in memory, and some bytes behind it that are read again should they not be a
// frame yet. One thread at a time.
class FrameCursor {
 public:
  // Stands at the beginning of the segment that holds the entry, or would. Error: io_failed;
  // evidence_bad where there is none, or its header is broken.
  static base::Result<FrameCursor> open(io::Disk& disk, const io::Path& folder,
                                        std::uint64_t entry);
  // Stands between two frames of a segment under this key, at a place that is known to hold.
  static base::Result<FrameCursor> open_at(io::Disk& disk, const io::Path& folder,
                                           const Place& place, const VerifierKey& key);

  // Takes the next frame; where a segment ends before it, the next segment has it. Requires that
  // the frame is committed. Error: io_failed; evidence_bad with the fault.
  base::Result<> next();

  // Whether bytes behind the frame may be read with it, which many small frames are faster by. Only
  // while the frames that are asked for are on disk; false forgets what was read. Error: io_failed.
  base::Result<> read_ahead(bool may);

  const Frame& frame() const { return frame_; }
  std::string_view bytes() const { return bytes_; }
  // Behind the frame.
  const Place& place() const { return place_; }
  const VerifierKey& key() const { return key_; }
  // An error about an entry of this journal.
  std::unexpected<base::Error> bad(std::uint64_t entry, std::uint64_t byte,
                                   std::string_view why) const;

 private:
  FrameCursor(io::Disk& disk, io::Path folder) : disk_(&disk), folder_(std::move(folder)) {}
  base::Result<> open_segment(const Place& begin);
  base::Result<> stand_at(std::uint64_t offset);
  base::Result<std::size_t> read(std::size_t begin);
  base::Result<std::size_t> take_ahead(std::span<char> into);

  io::Disk* disk_;
  io::Path folder_;
  std::unique_ptr<io::Reader> reader_;
  Place place_;        // behind the frame that is held
  VerifierKey key_;    // of the segments' headers
  std::string bytes_;  // the frame that is held
  Frame frame_;
  bool may_read_ahead_ = false;
  std::string ahead_;           // what was read behind the frame
  std::size_t ahead_used_ = 0;  // of that
};

}  // namespace journal
