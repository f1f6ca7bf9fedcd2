#pragma once
// What depots can pick and send for a chain on a day, and how much of that an order takes.

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "nightly/order_run.h"
#include "planner/scarcity.h"

namespace nightly {

inline constexpr std::int64_t picks_per_case = 1000;
inline constexpr std::int64_t load_per_pallet = 10'000;
// A lorry's load, where capacity.csv counts loads: so many pallets, or as many cages.
inline constexpr std::int64_t pallets_per_load = 26;
inline constexpr std::int64_t cages_per_load = 45;
// The goods on a pallet whose cases are known by their volume only.
inline constexpr std::int64_t pallet_volume_ml = 1'200'000;

// What `units` of a product take, rounded up: picks in thousandths of a case; load in
// ten-thousandths of a pallet, by pallet_cases, else cage_cases, else case_volume_ml, else nothing.
std::int32_t picks_of(const estate::Product& product, std::int64_t units);
std::int32_t load_of(const estate::Product& product, std::int64_t units);

// A drop's capacity, and what `units` take of it: units as they are, thousandths of a case,
// ten-thousandths of a cage, grams. Goods of unknown size or weight take nothing.
std::int64_t drop_capacity_of(const Drop& drop);
std::int32_t drop_part_of(estate::CapacityBasis basis, const estate::Product& product,
                          std::int64_t units);

// The lanes that a night asks for, each with its limits. A row of capacity.csv for the date counts
// before one for the weekday, and that before one for every day, field by field. In a weekly estate
// a lane is a week: the sum of its days.
class Lanes {
 public:
  explicit Lanes(const estate::Estate& estate) : estate_(estate) {}

  // False where the estate knows no limit at all.
  bool any() const { return !estate_.capacity.empty(); }
  // A lane's number, given out as they are first asked for.
  std::uint32_t of(std::uint32_t depot, estate::Chain chain, Date day);
  std::span<const std::int64_t> picks_max() const { return picks_max_; }  // no_limit = not said
  std::span<const std::int64_t> load_max() const { return load_max_; }
  // By depot, chain, day. `withheld` has, per lane, the picks that hands and vehicles kept back.
  std::vector<LaneUse> uses(const planner::Allocation& allocation,
                            std::span<const std::array<std::int64_t, 2>> withheld) const;

 private:
  using Key = std::tuple<std::uint32_t, estate::Chain, Date>;

  std::int64_t limit(const Key& key, std::int64_t estate::CapacityRow::*field,
                     std::int64_t scale) const;

  const estate::Estate& estate_;
  std::map<Key, std::uint32_t> numbers_;
  Key last_{};  // what was asked for last, and its number
  std::uint32_t last_number_ = planner::no_index;
  std::vector<std::int64_t> picks_max_, load_max_;
};

}  // namespace nightly
