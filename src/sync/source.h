#pragma once
// Reads a journal's folder, up to its newest checkpoint, for a site that lacks a part of it.

#include <cstdint>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/files.h"
#include "journal/frame_cursor.h"
#include "sync/blocks.h"
#include "sync/message.h"

namespace syncing {

// Remembers where each 1,024th entry lies, about 120 bytes for it, and reads anything else again.
// The journal may be written meanwhile. One thread at a time.
class Source {
 public:
  // Reads everything that is signed, once. Error: io_failed; evidence_bad where there is no
  // journal, or it does not hold. After any error of this class, open it anew.
  static base::Result<Source> open(io::Disk& disk, const io::Path& folder);
  // Reads on to the newest checkpoint.
  base::Result<> refresh();

  const journal::VerifierKey& key() const { return frames_.key(); }
  // Entries that are signed; what lies behind them is not spoken of.
  std::uint64_t size() const { return blocks_.size(); }
  // The newest checkpoint. Requires size() > 0.
  const journal::SignedCheckpoint& checkpoint() const { return *checkpoint_; }

  // The bytes from an entry on, as many as fit into a message, with their proof; from the end
  // none. Requires from <= size() and size() > 0. Error: evidence_bad where no commit begins with
  // that entry.
  base::Result<Run> run(std::uint64_t from);
  // What the signed tree was at an earlier size. Requires old_size <= size().
  base::Result<Growth> growth(std::uint64_t old_size);

 private:
  // Where a block's first entry can be read: before the frame that holds it.
  struct Mark {
    std::uint64_t segment_first = 0, offset = 0, next = 0;
    crypto::Digest link;
  };

  Source(io::Disk& disk, io::Path folder, journal::FrameCursor frames)
      : disk_(&disk), folder_(std::move(folder)), frames_(std::move(frames)) {}
  base::Result<> take_frame();
  base::Result<journal::FrameCursor> cursor_before(std::uint64_t entry) const;
  base::Result<std::vector<crypto::Digest>> leaves(std::uint64_t size) const;
  std::unexpected<base::Error> bad(std::string_view why) const;

  io::Disk* disk_;
  io::Path folder_;
  journal::FrameCursor frames_;  // behind the last signed frame
  Blocks blocks_;
  std::vector<Mark> marks_;  // one a block, the unfinished one included
  std::optional<journal::SignedCheckpoint> checkpoint_;
};

}  // namespace syncing
