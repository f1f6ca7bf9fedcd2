#include "selling/offers_oracle.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>

#include "base/result.h"

namespace selling {
namespace {

bool is_single(const Offer& offer) {
  return offer.kind == OfferKind::price || offer.kind == OfferKind::percent_off;
}

bool is_in(const Offer& offer, std::size_t part, const OfferLine& line) {
  return std::ranges::find(offer.parts[part], line.product) != offer.parts[part].end();
}

std::int64_t single_saving(const Offer& offer, const OfferLine& line) {
  if (offer.kind == OfferKind::percent_off) return (line.pence * offer.percent + 50) / 100;
  const std::int64_t pence =
      line.grams == 0 ? offer.pence : (std::int64_t{line.grams} * offer.pence + 500) / 1'000;
  return line.pence - pence;
}

struct Ways {
  std::vector<const Offer*> offers;
  std::span<const OfferLine> lines;
  std::vector<std::uint32_t> units;  // the line of each
  std::map<std::uint32_t, OracleBest> known;

  static bool is_better(const OracleBest& a, const OracleBest& b) {
    return a.saving_pence != b.saving_pence ? a.saving_pence > b.saving_pence
                                            : a.multiples < b.multiples;
  }

  // The best for the units of a mask: its first unit stands alone, or is in some offer with some of
  // the others.
  OracleBest best(std::uint32_t mask) {
    if (mask == 0) return {};
    if (const auto at = known.find(mask); at != known.end()) return at->second;
    const std::uint32_t first = mask & ~(mask - 1);
    OracleBest found = best(mask & ~first);
    const std::uint32_t others = mask & ~first;
    for (std::uint32_t with = others;; with = (with - 1) & others) {
      try_set(mask, first | with, found);
      if (with == 0) break;
    }
    return known[mask] = found;
  }

  void try_set(std::uint32_t mask, std::uint32_t set, OracleBest& found) {
    std::vector<std::uint32_t> of;
    for (std::uint32_t i = 0; i < units.size(); ++i)
      if (set >> i & 1) of.push_back(units[i]);
    for (const Offer* offer : offers) {
      const auto saving = saving_of(*offer, lines, of);
      if (!saving || *saving <= 0) continue;
      OracleBest one = best(mask & ~set);
      one.saving_pence += *saving;
      one.multiples += is_single(*offer) ? 0 : 1;
      if (is_better(one, found)) found = one;
    }
  }
};

// One choice of a unit: a place in a multibuy or meal deal, or (last) what it saves by itself.
struct Choice {
  std::uint32_t offer = 0;
  std::size_t part = 0;
  std::int64_t single_pence = -1;  // -1 = a place
};

std::vector<Choice> choices_of(std::span<const Offer> offers, const OfferLine& line,
                               const Shopper& shopper, Moment now) {
  std::vector<Choice> choices;
  Choice alone{0, 0, 0};
  for (std::uint32_t i = 0; i < offers.size(); ++i) {
    const Offer& offer = offers[i];
    if (!offer.when.holds(now) || (offer.members_only && !shopper.is_member)) continue;
    for (std::size_t part = 0; part < offer.parts.size(); ++part) {
      if (!is_in(offer, part, line)) continue;
      const bool may = line.grams == 0 || offer.kind == OfferKind::price;
      if (is_single(offer)) {
        const std::int64_t pence = may ? single_saving(offer, line) : 0;
        if (pence > alone.single_pence) alone = {i, 0, pence};
      } else if (may) {
        choices.push_back({i, part});
        if (offer.kind == OfferKind::n_for_m) choices.push_back({i, 1});
      }
    }
  }
  choices.push_back(alone);
  return choices;
}

// What the units in the places of one multibuy or meal deal save together, dearest first, and how
// many applications they make; nothing if they do not come out even, or a unit would be free before
// it was paid for.
std::optional<OracleBest> worth_of(const Offer& offer,
                                   const std::vector<std::pair<std::size_t, Pence>>& taken) {
  std::vector<std::int64_t> pence(6, 0);
  std::vector<Units> count(6, 0);
  const Units free = offer.take - offer.pay;
  for (const auto& [part, price] : taken) {
    pence[part] += price;
    ++count[part];
    const bool is_free = offer.kind == OfferKind::n_for_m && part == 1;
    if (is_free && count[1] > count[0] / offer.pay * free) return std::nullopt;
  }
  if (offer.kind == OfferKind::n_for_m) {
    if (count[0] % offer.pay != 0 || count[1] != count[0] / offer.pay * free) return std::nullopt;
    return OracleBest{pence[1], count[0] / offer.pay};
  }
  const bool is_meal = offer.kind == OfferKind::meal_deal;
  const Units each = is_meal ? 1 : offer.take;
  const std::size_t parts = is_meal ? offer.parts.size() : 1;
  if (count[0] % each != 0) return std::nullopt;
  for (std::size_t part = 0; part < parts; ++part)
    if (count[part] != count[0]) return std::nullopt;
  const std::int64_t all = std::accumulate(pence.begin(), pence.end(), std::int64_t{0});
  const Units times = count[0] / each;
  return OracleBest{all - std::int64_t{times} * offer.pence, times};
}

std::optional<OracleBest> worth_of(std::span<const Offer> offers, std::span<const OfferLine> lines,
                                   const std::vector<std::uint32_t>& units,
                                   const std::vector<Choice>& chosen) {
  OracleBest all;
  std::map<std::uint32_t, std::vector<std::pair<std::size_t, Pence>>> taken;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (chosen[i].single_pence >= 0)
      all.saving_pence += chosen[i].single_pence;
    else
      taken[chosen[i].offer].emplace_back(chosen[i].part, lines[units[i]].pence);
  }
  for (const auto& [offer, places] : taken) {
    const auto worth = worth_of(offers[offer], places);
    if (!worth) return std::nullopt;
    all.saving_pence += worth->saving_pence;
    all.multiples += worth->multiples;
  }
  return all;
}

}  // namespace

std::optional<std::int64_t> saving_of(const Offer& offer, std::span<const OfferLine> lines,
                                      std::vector<std::uint32_t> of) {
  std::vector<std::int64_t> pence;
  pence.reserve(of.size());
  for (const std::uint32_t line : of) pence.push_back(lines[line].pence);
  const std::int64_t all = std::accumulate(pence.begin(), pence.end(), std::int64_t{0});
  const bool is_weighed =
      std::ranges::any_of(of, [&](std::uint32_t line) { return lines[line].grams > 0; });
  if (is_weighed && offer.kind != OfferKind::price) return std::nullopt;
  if (offer.kind == OfferKind::meal_deal) {
    if (of.size() != offer.parts.size()) return std::nullopt;
    std::ranges::sort(of);
    do {
      bool fits = true;
      for (std::size_t i = 0; i < of.size(); ++i) fits &= is_in(offer, i, lines[of[i]]);
      if (fits) return all - offer.pence;
    } while (std::ranges::next_permutation(of).found);
    return std::nullopt;
  }
  const std::size_t wanted = is_single(offer) ? 1 : static_cast<std::size_t>(offer.take);
  const bool are_in =
      std::ranges::all_of(of, [&](std::uint32_t line) { return is_in(offer, 0, lines[line]); });
  if (of.size() != wanted || !are_in) return std::nullopt;
  if (is_single(offer)) return single_saving(offer, lines[of[0]]);
  if (offer.kind == OfferKind::n_for_price) return all - offer.pence;
  std::ranges::sort(pence);
  return std::accumulate(pence.begin(), pence.begin() + offer.take - offer.pay, std::int64_t{0});
}

OracleBest best_of_all_ways(std::span<const Offer> offers, std::span<const OfferLine> lines,
                            const Shopper& shopper, Moment now) {
  Ways ways{.offers = {}, .lines = lines, .units = {}, .known = {}};
  for (const Offer& offer : offers)
    if (offer.when.holds(now) && (shopper.is_member || !offer.members_only))
      ways.offers.push_back(&offer);
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    for (Units n = 0; n < lines[i].units; ++n) ways.units.push_back(i);
  CHECK(ways.units.size() <= 16);
  return ways.best((std::uint32_t{1} << ways.units.size()) - 1);
}

UnitOffers first_of_the_best(std::span<const Offer> offers, std::span<const OfferLine> lines,
                             const Shopper& shopper, Moment now) {
  std::vector<std::uint32_t> units;
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    units.insert(units.end(), static_cast<std::size_t>(lines[i].units), i);
  CHECK(units.size() <= 6);
  std::ranges::stable_sort(units, std::greater<>{},
                           [&](std::uint32_t line) { return lines[line].pence; });
  std::vector<std::vector<Choice>> choices;
  choices.reserve(units.size());
  for (const std::uint32_t line : units)
    choices.push_back(choices_of(offers, lines[line], shopper, now));

  std::optional<OracleBest> best;
  std::vector<Choice> best_chosen;
  std::vector<Choice> chosen(units.size());
  const std::function<void(std::size_t)> choose = [&](std::size_t i) {
    if (i < units.size()) {
      for (const Choice& choice : choices[i]) chosen[i] = choice, choose(i + 1);
      return;
    }
    const auto worth = worth_of(offers, lines, units, chosen);
    if (!worth || (best && !Ways::is_better(*worth, *best))) return;
    best = worth;
    best_chosen = chosen;
  };
  choose(0);

  UnitOffers answer;
  for (std::size_t i = 0; i < units.size(); ++i)
    if (best_chosen[i].single_pence != 0) answer.emplace_back(best_chosen[i].offer, units[i]);
  std::ranges::sort(answer);
  return answer;
}

}  // namespace selling
