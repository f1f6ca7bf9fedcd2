#include "nightly/allocate.h"

#include <algorithm>
#include <queue>
#include <vector>

namespace nightly {
namespace {

double cover(const Share& share) {
  return (share.on_hand + share.given_units) / std::max(share.demand_per_day, 1e-9);
}

// Multiple by multiple to the lowest cover, up to a limit of each share.
template <class LimitOf, class Give>
void deal(std::span<Share> shares, LimitOf limit_of, Give give) {
  struct Next {
    double cover;
    std::size_t index;
    bool operator<(const Next& other) const {  // the queue's top is the smallest
      return cover != other.cover ? cover > other.cover : index > other.index;
    }
  };
  std::priority_queue<Next> queue;
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (shares[i].given_units < limit_of(shares[i])) queue.push({cover(shares[i]), i});
  while (!queue.empty()) {
    const std::size_t index = queue.top().index;
    queue.pop();
    Share& share = shares[index];
    const std::int32_t pack = std::min(share.multiple, limit_of(share) - share.given_units);
    if (!give(share, pack)) continue;
    share.given_units += pack;
    if (share.given_units < limit_of(share)) queue.push({cover(share), index});
  }
}

std::int32_t wanted_of(const Share& share) { return share.wanted_units; }
std::int32_t most_of(const Share& share) { return share.most_units; }

}  // namespace

std::int64_t allocate_arrivals(std::int64_t units, std::span<Share> shares) {
  std::int64_t left = std::max<std::int64_t>(units, 0);
  const auto give = [&](const Share&, std::int32_t pack) {
    if (pack > left) return false;
    left -= pack;
    return true;
  };
  for (Share& share : shares) share.given_units = 0;
  deal(shares, wanted_of, give);
  deal(shares, most_of, [&](const Share& share, std::int32_t pack) {
    // A begun multiple would be left where a whole one was meant.
    return pack == share.multiple && give(share, pack);
  });
  while (left > 0) {
    Share* first = nullptr;
    for (Share& share : shares)
      if (share.given_units < share.most_units &&
          (first == nullptr || cover(share) < cover(*first)))
        first = &share;
    if (first == nullptr) break;
    const auto more = static_cast<std::int32_t>(
        std::min<std::int64_t>(left, first->most_units - first->given_units));
    first->given_units += more;
    left -= more;
  }
  return left;
}

}  // namespace nightly
