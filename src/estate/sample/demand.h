#pragma once
// How demand moves from day to day, as factors that all stores of a region share.

#include <span>
#include <vector>

#include "estate/sample/world.h"

namespace estate::sample {

// Season, weather, payday and events of every region, category and day of history; a factor of mean
// demand near 1.
class DayFactors {
 public:
  explicit DayFactors(const World& world);
  // One factor per day with a demand.
  std::span<const float> of(std::size_t region, std::size_t category) const;

 private:
  std::size_t days_;
  std::vector<float> factors_;  // by region, category, day
};

}  // namespace estate::sample
