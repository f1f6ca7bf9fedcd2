#include "nightly/allocate.h"

#include <algorithm>
#include <queue>
#include <vector>

namespace nightly {
namespace {

double cover(const Share& share) {
  return (share.on_hand + share.given_units) / std::max(share.demand_per_day, 1e-9);
}

// Whether what was given on each day can be met by the supplies. Days are served in their order,
// each from the supply that ends first: if any way of serving them works, this one does.
class Ledger {
 public:
  Ledger(std::span<const Supply> supplies, std::span<const Share> shares)
      : supplies_(supplies.begin(), supplies.end()) {
    std::ranges::stable_sort(supplies_, {}, &Supply::to);
    for (const Share& share : shares) days_.push_back(share.on_shelf);
    std::ranges::sort(days_);
    days_.erase(std::ranges::unique(days_).begin(), days_.end());
    given_.resize(days_.size());
    left_.resize(supplies_.size());
  }

  // Books units for a day; false, and nothing is booked, if they cannot be met.
  bool give(Date day, std::int64_t units) {
    std::int64_t& booked =
        given_[static_cast<std::size_t>(std::ranges::lower_bound(days_, day) - days_.begin())];
    booked += units;
    if (is_met()) return true;
    booked -= units;
    return false;
  }

 private:
  bool is_met() {
    for (std::size_t s = 0; s < supplies_.size(); ++s) left_[s] = supplies_[s].units;
    for (std::size_t d = 0; d < days_.size(); ++d) {
      std::int64_t open = given_[d];
      for (std::size_t s = 0; s < supplies_.size() && open > 0; ++s) {
        if (days_[d] < supplies_[s].from || supplies_[s].to < days_[d]) continue;
        const std::int64_t taken = std::min(open, left_[s]);
        left_[s] -= taken;
        open -= taken;
      }
      if (open > 0) return false;
    }
    return true;
  }

  std::vector<Supply> supplies_;  // the first to end first
  std::vector<Date> days_;
  std::vector<std::int64_t> given_;  // per day
  std::vector<std::int64_t> left_;   // per supply, while it is worked out
};

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

void allocate_scarce(std::span<const Supply> supplies, std::span<Share> shares) {
  Ledger all(supplies, shares);
  bool enough = true;
  for (Share& share : shares) {
    enough = enough && all.give(share.on_shelf, share.wanted_units);
    share.given_units = share.wanted_units;
  }
  if (enough) return;
  for (Share& share : shares) share.given_units = 0;
  Ledger ledger(supplies, shares);
  deal(shares, wanted_of,
       [&](const Share& share, std::int32_t pack) { return ledger.give(share.on_shelf, pack); });
}

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
