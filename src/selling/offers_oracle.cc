#include "selling/offers_oracle.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "base/result.h"

namespace selling {
namespace {

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
      one.multiples +=
          offer->kind == OfferKind::price || offer->kind == OfferKind::percent_off ? 0 : 1;
      if (is_better(one, found)) found = one;
    }
  }
};

}  // namespace

std::optional<std::int64_t> saving_of(const Offer& offer, std::span<const OfferLine> lines,
                                      std::vector<std::uint32_t> of) {
  std::vector<std::int64_t> pence;
  for (const std::uint32_t line : of) pence.push_back(lines[line].pence);
  const std::int64_t all = std::accumulate(pence.begin(), pence.end(), std::int64_t{0});
  const bool is_single = offer.kind == OfferKind::price || offer.kind == OfferKind::percent_off;
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
  const std::size_t wanted = is_single ? 1 : static_cast<std::size_t>(offer.take);
  const bool are_in =
      std::ranges::all_of(of, [&](std::uint32_t line) { return is_in(offer, 0, lines[line]); });
  if (of.size() != wanted || !are_in) return std::nullopt;
  if (is_single) return single_saving(offer, lines[of[0]]);
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

}  // namespace selling
