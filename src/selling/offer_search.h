#pragma once
// The exact search behind give_offers: which unit takes which place in which multibuy or meal deal.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "selling/offers.h"

namespace selling {

// A place in an offer: of a meal deal the part; of n_for_m 0 = paid, 1 = free; else 0.
struct Place {
  std::uint32_t offer = 0;  // index in the list of the search
  std::uint32_t part = 0;
};

struct SearchUnit {
  Pence pence = 0;
  Pence single_saving_pence = 0;  // what it saves by itself, in no multibuy and no meal deal
  std::vector<Place> places;      // that it may take, in the order in which ties prefer them
};

inline constexpr std::uint32_t no_place = 0xffff'ffff;

// How many counters an offer needs while units are assigned to it; of all offers of a search
// together at most search_slots_max.
std::size_t slots_of(const Offer& offer);
inline constexpr std::size_t search_slots_max = 32;

// One entry per unit: the index in its places, or no_place. The best answer by the rule of
// give_offers; nothing if more than states_max partial answers would have to be held.
// Requires units in falling order of price, at most search_slots_max slots.
std::optional<std::vector<std::uint32_t>> search_offers(std::span<const Offer* const> offers,
                                                        std::span<const SearchUnit> units,
                                                        std::size_t states_max);

}  // namespace selling
