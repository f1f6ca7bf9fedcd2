#pragma once
// What an event tells about: the lines and the documents that it names, whatever its kind.

#include <set>

#include "trade/events.h"
#include "trade/partition.h"

namespace site {

struct Told {
  std::set<trade::LineNo> lines;
  std::set<trade::DocumentNumber> documents;
};

// Of an event of the partition's site that has just been applied. The number that an event gives
// itself is among the documents, and so is that of the stop, wave or transfer that it refers to.
Told told_by(const trade::Partition& own, const trade::Event& event);

}  // namespace site
