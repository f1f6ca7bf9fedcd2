#pragma once
// Site codes: the four digits by which trade knows a site, from the id that people and estates use.

#include <optional>
#include <string_view>

#include "trade/words.h"

namespace site {

// The number at the end of the id, moved to where its kind begins: stores and tills 0, depots
// 9000, online 9500, centres 9900; an id without digits counts as 0. "S0042" is 42, "D01" is 9001.
// Nothing where it would reach into the next kind's codes, or is 0 for a store.
std::optional<trade::SiteCode> code_of(trade::SiteKind kind, std::string_view id);

// Four digits.
std::string to_text(trade::SiteCode code);

}  // namespace site
