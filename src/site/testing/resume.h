#pragma once
// For tests that lose power: what a person does afterwards.

#include "site/loop.h"

namespace site::testing {

// Decides to go on without the broken end of the journal, where there is one.
inline bool resumes(Loop& loop) {
  if (loop.view().journal.opening().standing != journal::Standing::undecided) return true;
  return loop.resume("test", "power was lost").has_value();
}

}  // namespace site::testing
