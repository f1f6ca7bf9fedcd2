#pragma once
// A comparison of orders as text for a planner and as JSON for programs.

#include <string>

#include "cmd/json.h"
#include "nightly/compare.h"

namespace cmd {

struct ComparisonView {
  const nightly::ComparedOrders& orders;
  const nightly::Comparison& comparison;
  const estate::Estate* estate;  // nullptr without one; its names and currency are shown
  std::string ours, theirs;      // what was compared, as the user named it
  std::size_t top;               // entries of each list
};

std::string text_of(const ComparisonView& view);
Json json_of(const ComparisonView& view);

}  // namespace cmd
