#pragma once
// A closed wave at a depot: what each order gets of what is there, by the planner's rule for
// scarcity and never by who came first. Pure.

#include <cstdint>
#include <functional>
#include <vector>

#include "planner/scarcity.h"
#include "trade/partition.h"

namespace site {

// What the depot knows of a store's line. What it cannot know has a default: then the shelf counts
// as empty, and what is ordered as what will be sold.
struct ClaimFacts {
  std::uint8_t tier = 5, lifeline = 0;
  float on_hand_units = 0;  // expected when the goods arrive
  // Until the drop after this one is on the shelf. Mean 0: as many as are ordered.
  float demand_mean = 0, demand_variance = 0;
  float days = 1;                          // length of that time, > 0
  std::uint32_t need = planner::no_index;  // goods that stand in for each other have one number
  float need_weight = 1;
};
using FactsOf = std::function<ClaimFacts(const trade::OrderKey& order, trade::LineNo line)>;

// Hands for the wave: picks of one case each.
using planner::no_limit;

// Orders of the wave that are acknowledged, or allocated and not yet picked, in the order of their
// keys; each with the rows that get something. Free are units on hand that no other wave has and
// no stop-sale holds back; a lot goes only where it arrives with the life that its line promises.
// The same for any number of threads. Requires that the wave is closed.
std::vector<trade::OrderAllocated> share_wave(const trade::Partition& depot, std::uint32_t wave,
                                              const FactsOf& facts_of, std::int64_t picks_max,
                                              int threads);

}  // namespace site
