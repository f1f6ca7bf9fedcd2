#pragma once
// A journal as others read it: the public tile layout (C2SP tlog-tiles) of what is signed.

#include "io/disk.h"
#include "journal/tree.h"

namespace journal {

// "x001/x234/067" for 1234067.
std::string tile_number(std::uint64_t number);

// All hashes of a journal's whole entries, read from its segments. Error: io_failed, evidence_bad
// where an entry does not hold.
base::Result<Tree> load_tree(io::Disk& disk, const io::Path& folder);

struct Exported {
  std::uint64_t entries = 0, tiles = 0, bundles = 0;
};

// Fills `out`, a new folder or an earlier export, with the checkpoint, the tiles of its tree and
// bundles of its entries. Later entries are left out: nobody has signed them. Error: evidence_bad
// where the journal does not hold, or holds no checkpoint; input_bad for a folder of somebody else.
base::Result<Exported> export_tiles(io::Disk& disk, const io::Path& folder, const io::Path& out);

}  // namespace journal
