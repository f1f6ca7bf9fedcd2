#pragma once
// Reads a journal's segments in order, frame by frame, up to the first byte that does not hold.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/frame.h"

namespace journal {

// Where something is wrong, and why.
struct Fault {
  std::string file;                    // inside the journal's folder
  std::optional<std::uint64_t> entry;  // index of the first entry concerned
  std::uint64_t byte = 0;              // offset in the file
  std::string why;
};
// "segment-…, byte 12, entry 3: why"
std::string to_string(const Fault& fault);

std::string segment_name(std::uint64_t first);
// Names of the segments, in order of their first entries.
base::Result<std::vector<std::string>> list_segments(io::Disk& disk, const io::Path& folder);

// Between two frames.
struct Place {
  std::string segment;       // file name; empty: before the first segment
  std::uint64_t offset = 0;  // bytes from its start; 0: before its header
  std::uint64_t next = 0;    // index of the next entry
  Digest link;               // what the next frame or header links to
};

// Why a segment with this header does not belong at a place; empty if it does. A place within the
// segment says nothing of what comes before it, nor does an empty key.
std::string objection(const SegmentHeader& header, const Place& place, const VerifierKey& key);

// In the newest segment, zeros may follow the last frame: space that was written beforehand. They
// are no entries and no fault.
struct ScanEnd {
  VerifierKey key;             // of the last segment's header
  Place place;                 // after the last whole frame
  std::optional<Fault> fault;  // at that place; none: the journal ends there
  // There is a fault, and nothing whole behind it: it is in the newest commit, which a loss of
  // power may have torn.
  bool is_last = false;
  std::string broken;  // then: the bytes from the fault to the last one that is not zero
  std::size_t last_frame_bytes = 0;  // of the last whole frame of the last segment; 0: it has none
};

using OnFrame = std::function<void(const Frame& frame, const Place& begin)>;

// Reads from `begin` to the end or the first fault. Error: io_failed, or evidence_bad where the
// folder holds no journal at all.
base::Result<ScanEnd> scan(io::Disk& disk, const io::Path& folder, const Place& begin,
                           const OnFrame& on_frame);

}  // namespace journal
