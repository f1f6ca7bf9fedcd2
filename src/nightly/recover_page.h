#pragma once
// recover.html and the suppliers' pages: when shelves are full again, for people.

#include <string>

#include "nightly/recovery.h"

namespace nightly {

// What was played, for the lines under the answer.
struct RecoverFacts {
  std::uint32_t paths = 0;
  std::uint64_t seed = 0;
  std::optional<ForecastError> error;
};

// One document without script or anything from elsewhere; light, dark, narrow, wide and on paper.
// Lists that may be long are cut and say so.
std::string recover_html(const PlayPlan& plan, const Recovery& recovery, const RecoverFacts& facts);

// What one supplier may expect: nights, products, and what was made for us.
std::string supplier_html(const PlayPlan& plan, const Recovery& recovery,
                          const SupplierReturn& supplier);

}  // namespace nightly
