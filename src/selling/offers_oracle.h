#pragma once
// The slow obvious version of give_offers: tries every way to put the units into offers.

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "selling/offers.h"

namespace selling {

struct OracleBest {
  std::int64_t saving_pence = 0;
  std::int32_t multiples = 0;  // multibuys and meal deals given: the fewest that save so much
};

// Requires at most 16 units.
OracleBest best_of_all_ways(std::span<const Offer> offers, std::span<const OfferLine> lines,
                            const Shopper& shopper, Moment now);

// What a set of units, given as the lines that they are of, saves in one application of the offer;
// nothing if it is none.
std::optional<std::int64_t> saving_of(const Offer& offer, std::span<const OfferLine> lines,
                                      std::vector<std::uint32_t> of);

// Which unit is in which offer, as (offer, line) per unit in an offer, ascending.
using UnitOffers = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// The answer that the order of ties names, by trying every choice of every unit in that order and
// keeping the first of the best. Requires at most 6 units.
UnitOffers first_of_the_best(std::span<const Offer> offers, std::span<const OfferLine> lines,
                             const Shopper& shopper, Moment now);

}  // namespace selling
