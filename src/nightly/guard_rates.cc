#include "nightly/guard_rates.h"

#include <algorithm>

namespace nightly {

double ratio_of(std::int64_t was, std::int64_t is) {
  const std::int64_t low = std::max<std::int64_t>(std::min(was, is), 1);
  const std::int64_t high = std::max<std::int64_t>(std::max(was, is), 1);
  return static_cast<double>(high) / static_cast<double>(low);
}

std::vector<Suspect> suspicious(const std::vector<Suspect>& changes, std::size_t rows,
                                const Rates& rates) {
  const auto said = [](const Suspect& s) { return s.was != not_said && s.is != not_said; };
  const auto counts = [&](const Suspect& s) {
    return !said(s) || ratio_of(s.was, s.is) >= rates.counted_from;
  };
  const auto alone = [&](const Suspect& s) {
    return said(s) && ratio_of(s.was, s.is) >= rates.alone_from;
  };
  const auto counted =
      static_cast<std::size_t>(std::count_if(changes.begin(), changes.end(), counts));
  const bool together = counted >= rates.together_min &&
                        static_cast<double>(counted) > rates.share_max * static_cast<double>(rows);
  std::vector<Suspect> found;
  for (const Suspect& change : changes)
    if (together ? counts(change) : alone(change)) found.push_back(change);
  return found;
}

}  // namespace nightly
