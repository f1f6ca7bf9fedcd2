#pragma once
// summary.json: the night in figures, for programs.

#include <string>

#include "nightly/figures.h"
#include "nightly/write_night.h"

namespace nightly {

// Keys in a fixed order, two spaces of indentation, a line end at the end.
base::Result<std::string> summary_json(const OrderRunInput& input, const Night& night,
                                       const Figures& figures, const RunFacts& facts,
                                       const std::string& digest_out);

}  // namespace nightly
