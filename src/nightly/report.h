#pragma once
// report.html: the night on one page, for the people who answer for it in the morning.

#include <string>

#include "nightly/figures.h"
#include "nightly/write_night.h"

namespace nightly {

// One document without script or anything from elsewhere; light, dark, narrow, wide and on paper.
// Its size is bounded: lists that may be long end with how many more there are and in which file.
std::string report_html(const OrderRunInput& input, const Night& night, const Figures& figures,
                        const RunFacts& facts, std::string_view digest_out);

}  // namespace nightly
