#pragma once
// What stores order tonight beside what they ordered on the same night of the week before.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nightly/figures.h"
#include "nightly/run_memory.h"

namespace nightly {

// Values are as Figures has them, at tonight's cost on both sides: a changed price is no change.
struct WeekChanges {
  struct Of {
    std::int64_t lines = 0;
    Value value;
  };
  struct Category {
    std::string name;
    Of before, now;
  };
  struct Line {
    std::uint32_t site, product;
    std::int64_t units_before, units_now;
  };

  Date night;  // the night compared with
  Of before, now;
  std::vector<Category> by_category;  // the largest difference of values first; all that differ
  std::vector<Line> lines;            // the same, at most largest_lines_max
};

// `before`: the orders of that night, by site and product; drops of one line are added up.
WeekChanges week_changes(const OrderRunInput& input, const Night& night, Date night_before,
                         std::span<const RunMemory::Ordered> before);

}  // namespace nightly
