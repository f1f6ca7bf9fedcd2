#pragma once
// Pools: lines that share profiles. A tree of three levels: everything, category, category in a
// region.

#include <cstdint>
#include <span>
#include <vector>

namespace planner {

inline constexpr std::uint32_t no_index = 0xffffffff;

struct Pool {
  std::uint32_t parent = no_index;
  std::uint32_t category = no_index;  // no_index in the root
  std::uint32_t region = no_index;    // no_index above the leaves
};

struct Pools {
  std::vector<Pool> pools;          // parents before children, the root first
  std::vector<std::uint32_t> leaf;  // one entry per line: its pool

  std::size_t size() const { return pools.size(); }
};

// One entry per line in both spans. Pools are numbered by level, then category, then region.
Pools build_pools(std::span<const std::uint32_t> category, std::span<const std::uint32_t> region);

}  // namespace planner
