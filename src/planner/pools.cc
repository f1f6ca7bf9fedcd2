#include "planner/pools.h"

#include <algorithm>

#include "base/result.h"

namespace planner {
namespace {

std::uint64_t key_of(std::uint32_t category, std::uint32_t region) {
  return static_cast<std::uint64_t>(category) << 32 | region;
}

}  // namespace

Pools build_pools(std::span<const std::uint32_t> category, std::span<const std::uint32_t> region) {
  CHECK(category.size() == region.size());
  std::vector<std::uint64_t> keys(category.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = key_of(category[i], region[i]);
  std::vector<std::uint64_t> distinct = keys;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());

  Pools result;
  result.pools.push_back({});
  for (const std::uint64_t key : distinct) {
    const auto owner = static_cast<std::uint32_t>(key >> 32);
    if (result.pools.back().category != owner) result.pools.push_back({0, owner, no_index});
  }
  const std::size_t categories = result.pools.size() - 1;
  std::uint32_t parent = 0;
  for (const std::uint64_t key : distinct) {
    const auto owner = static_cast<std::uint32_t>(key >> 32);
    while (parent == 0 || result.pools[parent].category != owner) ++parent;
    result.pools.push_back({parent, owner, static_cast<std::uint32_t>(key)});
  }
  result.leaf.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto at = std::lower_bound(distinct.begin(), distinct.end(), keys[i]) - distinct.begin();
    result.leaf[i] = static_cast<std::uint32_t>(1 + categories + static_cast<std::size_t>(at));
  }
  return result;
}

}  // namespace planner
