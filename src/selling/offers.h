#pragma once
// Which offers a basket gets: the best total for the customer, each unit in at most one offer.

#include <cstdint>
#include <span>
#include <vector>

#include "selling/price.h"

namespace selling {

enum class OfferKind : std::uint8_t {
  price,        // each unit for `pence`; of a weighed line, each kilogram
  percent_off,  // each unit `percent` cheaper, half a penny up
  n_for_m,      // `take` units, the cheapest `take - pay` of them free
  n_for_price,  // `take` units for `pence` together
  meal_deal,    // one unit of each part for `pence` together
};

using OfferId = trade::Text<16>;

// A dated offer. It begins and ends by itself.
struct Offer {
  OfferId id;
  trade::Text<40> title = {};  // as the receipt says it
  OfferKind kind = OfferKind::price;
  Period when = {};
  bool members_only = false;
  Units take = 0;
  Units pay = 0;
  Pence pence = 0;
  std::int32_t percent = 0;
  std::vector<std::vector<ProductId>> parts =
      {};  // each sorted; only a meal deal has more than one
};

inline constexpr Units take_max = 100;
inline constexpr std::size_t meal_parts_max = 6;

// Refuses offer_bad. An offer that is bad is never given.
Answer<void> check_offer(const Offer& offer);

// What a manager decided at the till: an offer is not given, or a product stands in for a missing
// part of a meal deal.
struct OfferDecision {
  enum class Kind : std::uint8_t { suspend, swap } kind = Kind::suspend;
  OfferId offer;
  std::uint32_t part = 0;  // of a swap
  ProductId product = {};  // of a swap
};

// The offers as they are after the decisions. Refuses offer_unknown and offer_part_unknown.
Answer<std::vector<Offer>> decide_offers(std::vector<Offer> offers,
                                         std::span<const OfferDecision> decisions);

// A line as offers see it. A line of 0 units takes no part.
struct OfferLine {
  ProductId product;
  Units units = 0;
  Grams grams = 0;  // of a weighed line, which has one unit and takes part in price offers only
  Pence pence = 0;  // of a unit, or of the whole weighed line
};

// One time that an offer was given.
struct Application {
  std::uint32_t offer = 0;                // index in the table
  std::int64_t saving_pence = 0;          // against the prices of its units; at least 1
  std::vector<std::uint32_t> lines = {};  // one entry per unit: the line that it is of; ascending
  friend bool operator==(const Application&, const Application&) = default;
};

struct OffersGiven {
  std::vector<Application> applications;  // by offer, then by their first lines
  std::int64_t saving_pence = 0;
  bool is_exact = true;  // false: some part of the basket was too large for the whole search
};

// How many partial answers may be held at once for offers that compete for the same units;
// docs/design/selling-arithmetic.md has the baskets that this reaches.
inline constexpr std::size_t search_states_max = 40'000;

// The offers that save the customer most. Of several best answers: the one with the fewest
// multibuys and meal deals; then the units are taken in the order of their price (dearest first)
// and of their lines, and the first unit on which two answers differ decides: the earlier offer in
// the table, in it the paying place before the free one and the earlier part of a meal deal, and
// last none of them. Beyond states_max the units that compete are split into two halves in the
// order of their lines, and each half gets its own best (is_exact = false).
OffersGiven give_offers(std::span<const Offer> offers, std::span<const OfferLine> lines,
                        const Shopper& shopper, Moment now,
                        std::size_t states_max = search_states_max);

}  // namespace selling
