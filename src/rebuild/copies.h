#pragma once
// Finds copies of journals: on stores, depots, sticks and in archives, whatever the folders around
// them are called.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/checkpoint.h"

namespace rebuild {

// A folder that holds some or all of a journal. Nothing in it is believed yet but what the
// checkpoint's signature says.
struct Copy {
  io::Path folder;
  journal::VerifierKey key;  // by its first segment
  std::optional<journal::SignedCheckpoint> checkpoint;
  std::string why;  // why there is no checkpoint, if there is none
};

struct Copies {
  std::map<std::string, std::vector<Copy>> journals;  // by origin
  std::vector<std::string> unreadable;                // folders, each with the reason
};

// Looks into the folders and `depth_max` levels below them. Error: input_missing for a folder that
// is not there.
inline constexpr int depth_max = 5;
base::Result<Copies> find_copies(io::Disk& disk, std::span<const io::Path> from);

}  // namespace rebuild
