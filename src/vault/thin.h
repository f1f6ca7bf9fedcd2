#pragma once
// Which copies of a place are old enough to go: by their age alone, whatever is in them. Pure.

#include <span>
#include <string>
#include <vector>

#include "vault/claim.h"

namespace vault {

// How far back, counted from a site's newest copy, the first copy of each day, of each week and of
// each month stays.
struct Keep {
  std::int64_t days = 14, weeks = 8, months = 24;
};

struct Thinning {
  std::vector<CopyName> kept, removed;  // sorted
  // Dated after now: they are no site's newest, and they stay, for a person to look at.
  std::vector<CopyName> from_the_future;
};

// A site's newest copy always stays. What is thinned again stays as it is, and copies that come
// later never make an earlier first copy of a day, week or month go before its time.
Thinning plan_thinning(std::span<const CopyName> copies, const Keep& keep, std::int64_t now_s);

}  // namespace vault
