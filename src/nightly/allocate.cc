#include "nightly/allocate.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <vector>

namespace nightly {
namespace {

double cover(const Share& share) {
  return (share.on_hand + share.given_units) / std::max(share.demand_per_period, 1e-9);
}

}  // namespace

void allocate_scarce(std::int64_t available_units, std::span<Share> shares) {
  std::int64_t wanted = 0;
  for (const Share& share : shares) wanted += share.wanted_units;
  if (wanted <= available_units) {
    for (Share& share : shares) share.given_units = share.wanted_units;
    return;
  }
  struct Next {
    double cover;
    std::size_t index;
    bool operator<(const Next& other) const {  // the queue's top is the smallest
      return cover != other.cover ? cover > other.cover : index > other.index;
    }
  };
  std::priority_queue<Next> queue;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i].given_units = 0;
    if (shares[i].wanted_units > 0) queue.push({cover(shares[i]), i});
  }
  while (!queue.empty()) {
    Share& share = shares[queue.top().index];
    const std::size_t index = queue.top().index;
    queue.pop();
    const std::int32_t pack = std::min(share.multiple, share.wanted_units - share.given_units);
    if (pack > available_units) continue;
    share.given_units += pack;
    available_units -= pack;
    if (share.given_units < share.wanted_units) queue.push({cover(share), index});
  }
}

void allocate_whole(std::int64_t units, std::span<Share> shares) {
  if (shares.empty() || units <= 0) return;
  std::int64_t wanted = 0;
  for (Share& share : shares) {
    share.given_units = 0;
    wanted += share.wanted_units;
  }
  struct Claim {
    double remainder;
    std::size_t index;
  };
  std::vector<Claim> claims;
  std::int64_t left = units;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double part =
        wanted > 0 ? static_cast<double>(shares[i].wanted_units) / static_cast<double>(wanted)
                   : 1.0 / static_cast<double>(shares.size());
    const double packs = part * static_cast<double>(units) / shares[i].multiple;
    const double whole = std::floor(packs);
    shares[i].given_units =
        static_cast<std::int32_t>(std::min<double>(whole * shares[i].multiple, share_units_max));
    left -= shares[i].given_units;
    claims.push_back({packs - whole, i});
  }
  std::stable_sort(claims.begin(), claims.end(),
                   [](const Claim& a, const Claim& b) { return a.remainder > b.remainder; });
  for (const Claim& claim : claims) {
    Share& share = shares[claim.index];
    if (share.multiple > left || share.given_units > share_units_max - share.multiple) continue;
    share.given_units += share.multiple;
    left -= share.multiple;
  }
  const auto largest = std::max_element(
      shares.begin(), shares.end(),
      [](const Share& a, const Share& b) { return a.wanted_units < b.wanted_units; });
  largest->given_units = static_cast<std::int32_t>(
      std::min<std::int64_t>(largest->given_units + left, share_units_max));
}

}  // namespace nightly
