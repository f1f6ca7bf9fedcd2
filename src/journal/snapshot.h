#pragma once
// Snapshots: the state after the first n entries and where to read on, so that a start need not
// fold everything. A cache: it is believed only if entry n says the state's digest.

#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/scan.h"
#include "journal/tree.h"

namespace journal {

struct Snapshot {
  VerifierKey key;    // whose journal
  Place place;        // before entry n, which is the digest entry
  Frontier frontier;  // of the first n entries
  std::string state;
};

std::string encode(const Snapshot& snapshot);
// Error: evidence_bad for anything but what encode wrote.
base::Result<Snapshot> parse_snapshot(std::string_view bytes);

}  // namespace journal
