#include "selling/offers.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

#include "base/result.h"
#include "selling/offer_search.h"

namespace selling {
namespace {

bool is_multiple(OfferKind kind) {
  return kind != OfferKind::price && kind != OfferKind::percent_off;
}

bool has(const std::vector<ProductId>& part, const ProductId& product) {
  return std::ranges::binary_search(part, product);
}

// A unit of a line, with the places in multibuys and meal deals that it might take. Offers are
// indices in the table.
struct Unit {
  std::uint32_t line = 0;
  Pence pence = 0;
  Pence single_saving_pence = 0;
  std::uint32_t single_offer = 0;
  std::vector<Place> places = {};
};

// What a unit in no multibuy and no meal deal saves by a price or percentage offer.
Pence single_saving(const Offer& offer, const OfferLine& line) {
  if (offer.kind == OfferKind::percent_off)
    return line.grams > 0
               ? 0
               : static_cast<Pence>((std::int64_t{line.pence} * offer.percent + 50) / 100);
  const std::int64_t pence = line.grams > 0 ? weighed_pence(line.grams, offer.pence) : offer.pence;
  return static_cast<Pence>(std::max<std::int64_t>(0, line.pence - pence));
}

void add_offer(std::uint32_t index, const Offer& offer, const OfferLine& line, Unit& unit) {
  for (std::uint32_t part = 0; part < offer.parts.size(); ++part) {
    if (!has(offer.parts[part], line.product)) continue;
    if (!is_multiple(offer.kind)) {
      const Pence saving = single_saving(offer, line);
      if (saving <= unit.single_saving_pence) continue;
      unit.single_saving_pence = saving;
      unit.single_offer = index;
    } else if (line.grams == 0) {
      unit.places.push_back({index, part});
      if (offer.kind == OfferKind::n_for_m) unit.places.push_back({index, 1});
    }
  }
}

// The units of all lines in the order of their lines.
std::vector<Unit> units_of(std::span<const Offer> offers, std::span<const OfferLine> lines,
                           const Shopper& shopper, Moment now) {
  std::vector<std::uint32_t> live;
  for (std::uint32_t i = 0; i < offers.size(); ++i) {
    const Offer& offer = offers[i];
    if (offer.when.holds(now) && (shopper.is_member || !offer.members_only) && check_offer(offer))
      live.push_back(i);
  }
  std::vector<Unit> units;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    if (lines[i].units == 0) continue;
    Unit unit{.line = i, .pence = lines[i].pence};
    for (const std::uint32_t offer : live) add_offer(offer, offers[offer], lines[i], unit);
    units.insert(units.end(), static_cast<std::size_t>(lines[i].units), unit);
  }
  return units;
}

using UnitRefs = std::vector<const Unit*>;

// Units that may be in an offer are joined with all others of it: offers that compete, directly or
// by others, come into one group, and each group can be solved by itself.
class Groups {
 public:
  explicit Groups(std::size_t offers) : parent_(offers) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }
  std::uint32_t top(std::uint32_t offer) {
    while (parent_[offer] != offer) offer = parent_[offer] = parent_[parent_[offer]];
    return offer;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = top(a), b = top(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

class Giving {
 public:
  Giving(std::span<const Offer> offers, std::size_t states_max)
      : offers_(offers), states_max_(states_max) {}

  OffersGiven run(std::vector<Unit> units) {
    solve(std::move(units));
    std::ranges::stable_sort(given_.applications, [](const Application& a, const Application& b) {
      return std::tie(a.offer, a.lines) < std::tie(b.offer, b.lines);
    });
    for (const Application& one : given_.applications) given_.saving_pence += one.saving_pence;
    return std::move(given_);
  }

 private:
  void solve(std::vector<Unit> units) {
    drop_unreachable(units);
    Groups groups(offers_.size());
    for (const Unit& unit : units)
      for (const Place& place : unit.places) groups.join(unit.places.front().offer, place.offer);
    std::map<std::uint32_t, std::vector<Unit>> parts;
    for (Unit& unit : units) {
      if (unit.places.empty())
        give_single(unit);
      else
        parts[groups.top(unit.places.front().offer)].push_back(std::move(unit));
    }
    for (auto& [top, part] : parts) solve_group(std::move(part));
  }

  // Offers that these units cannot fill even once would only cost states. Afterwards nobody is
  // alone in a group, so that halves of groups come to an end.
  void drop_unreachable(std::vector<Unit>& units) const {
    struct Reach {
      std::size_t units = 0;
      std::vector<std::size_t> parts;  // units that may be in each
    };
    std::map<std::uint32_t, Reach> reaches;
    for (const Unit& unit : units) {
      for (const Place& place : unit.places) {
        Reach& reach = reaches[place.offer];
        reach.parts.resize(slots_of(offers_[place.offer]));
        ++reach.parts[place.part];
      }
      for (const std::uint32_t offer : offers_of({&unit, 1})) ++reaches[offer].units;
    }
    for (const auto& [index, reach] : reaches) {
      const Offer& offer = offers_[index];
      const bool is_meal = offer.kind == OfferKind::meal_deal;
      const auto wanted = is_meal ? offer.parts.size() : static_cast<std::size_t>(offer.take);
      if (reach.units >= wanted && std::ranges::find(reach.parts, 0u) == reach.parts.end())
        continue;
      for (Unit& unit : units)
        std::erase_if(unit.places, [&](const Place& place) { return place.offer == index; });
    }
  }

  void solve_group(std::vector<Unit> units) {
    UnitRefs by_price;
    for (const Unit& unit : units) by_price.push_back(&unit);
    std::ranges::stable_sort(by_price, std::greater<>{}, &Unit::pence);
    const auto offers = offers_of(units);
    const auto chosen = search(offers, by_price);
    if (chosen) {
      give(offers, by_price, *chosen);
      return;
    }
    given_.is_exact = false;
    split(offers, std::move(units));
  }

  // Multibuys lose least when units of like price stay together; the parts of a meal deal have
  // different prices, and stay together in the order of the lines.
  void split(const std::vector<std::uint32_t>& offers, std::vector<Unit> units) {
    const bool has_meal = std::ranges::any_of(
        offers, [&](std::uint32_t offer) { return offers_[offer].kind == OfferKind::meal_deal; });
    if (!has_meal) std::ranges::stable_sort(units, std::greater<>{}, &Unit::pence);
    const auto half = units.begin() + static_cast<std::ptrdiff_t>(units.size() / 2);
    solve({half, units.end()});
    units.erase(half, units.end());
    solve(std::move(units));
  }

  static std::vector<std::uint32_t> offers_of(std::span<const Unit> units) {
    std::vector<std::uint32_t> offers;
    for (const Unit& unit : units)
      for (const Place& place : unit.places) offers.push_back(place.offer);
    std::ranges::sort(offers);
    const auto rest = std::ranges::unique(offers);
    offers.erase(rest.begin(), rest.end());
    return offers;
  }

  std::optional<std::vector<std::uint32_t>> search(const std::vector<std::uint32_t>& offers,
                                                   const UnitRefs& by_price) const {
    std::vector<const Offer*> wanted;
    std::size_t slots = 0;
    for (const std::uint32_t offer : offers) {
      wanted.push_back(&offers_[offer]);
      slots += slots_of(offers_[offer]);
    }
    if (slots > search_slots_max) return std::nullopt;
    std::vector<SearchUnit> units;
    for (const Unit* unit : by_price) {
      SearchUnit& one = units.emplace_back(unit->pence, unit->single_saving_pence, unit->places);
      for (Place& place : one.places)
        place.offer = static_cast<std::uint32_t>(std::ranges::lower_bound(offers, place.offer) -
                                                 offers.begin());
    }
    return search_offers(wanted, units, states_max_);
  }

  void give_single(const Unit& unit) {
    if (unit.single_saving_pence > 0)
      given_.applications.push_back({unit.single_offer, unit.single_saving_pence, {unit.line}});
  }

  // The units of each place in falling order of price; the first of every place make the first
  // application, and so on.
  void give(const std::vector<std::uint32_t>& offers, const UnitRefs& by_price,
            const std::vector<std::uint32_t>& chosen) {
    std::map<std::uint32_t, std::vector<UnitRefs>> places;
    for (const std::uint32_t offer : offers) places[offer].resize(slots_of(offers_[offer]));
    for (std::size_t i = 0; i < by_price.size(); ++i) {
      if (chosen[i] == no_place) {
        give_single(*by_price[i]);
        continue;
      }
      const Place& place = by_price[i]->places[chosen[i]];
      places[place.offer][place.part].push_back(by_price[i]);
    }
    for (const auto& [offer, units] : places) give_offer(offer, units);
  }

  void give_offer(std::uint32_t index, const std::vector<UnitRefs>& places) {
    const Offer& offer = offers_[index];
    const bool is_free = offer.kind == OfferKind::n_for_m;
    std::vector<Units> each(places.size(), 1);  // units of a place in one application
    if (is_free) each = {offer.pay, offer.take - offer.pay};
    if (offer.kind == OfferKind::n_for_price) each = {offer.take};
    const std::size_t count = places[0].size() / static_cast<std::size_t>(each[0]);
    for (std::size_t nth = 0; nth < count; ++nth) {
      Application one{.offer = index, .saving_pence = is_free ? 0 : -std::int64_t{offer.pence}};
      for (std::size_t part = 0; part < places.size(); ++part)
        for (Units i = 0; i < each[part]; ++i) {
          const Unit& unit = *places[part][nth * static_cast<std::size_t>(each[part]) + i];
          one.lines.push_back(unit.line);
          if (!is_free || part == 1) one.saving_pence += unit.pence;
        }
      std::ranges::sort(one.lines);
      given_.applications.push_back(std::move(one));
    }
  }

  std::span<const Offer> offers_;
  std::size_t states_max_;
  OffersGiven given_;
};

}  // namespace

Answer<void> check_offer(const Offer& offer) {
  const bool has_pence = offer.pence > 0 && offer.pence <= unit_pence_max;
  const bool has_take = offer.take >= 2 && offer.take <= take_max;
  const bool is_right = [&] {
    switch (offer.kind) {
      case OfferKind::price:
        return has_pence;
      case OfferKind::percent_off:
        return offer.percent >= 1 && offer.percent <= 100;
      case OfferKind::n_for_m:
        return has_take && offer.pay >= 1 && offer.pay < offer.take;
      case OfferKind::n_for_price:
        return has_take && has_pence;
      case OfferKind::meal_deal:
        return has_pence;
    }
    return false;
  }();
  const std::size_t parts = offer.parts.size();
  const bool has_parts =
      offer.kind == OfferKind::meal_deal ? parts >= 2 && parts <= meal_parts_max : parts == 1;
  const bool is_sorted = std::ranges::all_of(
      offer.parts, [](const auto& part) { return std::ranges::is_sorted(part); });
  if (!is_right || !has_parts || !is_sorted || !offer.id.given()) return no(Refusal::offer_bad);
  return {};
}

Answer<std::vector<Offer>> decide_offers(std::vector<Offer> offers,
                                         std::span<const OfferDecision> decisions) {
  for (const OfferDecision& decision : decisions) {
    const auto offer = std::ranges::find(offers, decision.offer, &Offer::id);
    if (offer == offers.end()) return no(Refusal::offer_unknown);
    if (decision.kind == OfferDecision::Kind::suspend) {
      offers.erase(offer);
      continue;
    }
    if (offer->kind != OfferKind::meal_deal || decision.part >= offer->parts.size())
      return no(Refusal::offer_part_unknown);
    auto& part = offer->parts[decision.part];
    if (!has(part, decision.product))
      part.insert(std::ranges::upper_bound(part, decision.product), decision.product);
  }
  return offers;
}

OffersGiven give_offers(std::span<const Offer> offers, std::span<const OfferLine> lines,
                        const Shopper& shopper, Moment now, std::size_t states_max) {
  return Giving(offers, states_max).run(units_of(offers, lines, shopper, now));
}

}  // namespace selling
