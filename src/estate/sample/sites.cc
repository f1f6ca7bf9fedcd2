// Where the stores and depots stand, how large they are, and on which days a lorry calls.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include "estate/sample/chance.h"
#include "estate/sample/places.h"
#include "estate/sample/world.h"

namespace estate::sample {
namespace {

constexpr double island_share = 0.04, lone_share = 0.08;  // of the stores, at least one of each
constexpr int town_people_min = 5'000;   // a place of this size has another food shop
constexpr int people_per_store = 4'000;  // so that stores do not crowd in one place
constexpr int stores_per_depot = 250;
constexpr std::size_t depot_candidates = 120;
constexpr double new_store_share = 0.02;

// Distance to the nearest place with so many people, itself included; places are sorted by size.
double km_to_people(const Place& from, int people) {
  double nearest = 1e9;
  for (const Place& place : places()) {
    if (place.population < people) break;
    nearest = std::min(nearest, distance_km(from.lat, from.lon, place.lat, place.lon));
  }
  return nearest;
}

// 3: an island with no town within 10 km. 2: an island far from a larger town, or a mainland place
// with no town within 20 km. 1: any other island, or no town within 10 km. Water between two places
// is not looked at.
std::uint8_t lifeline_of(const Place& place) {
  const double town_km = km_to_people(place, town_people_min);
  if (place.island) return town_km > 10 ? 3 : km_to_people(place, 20'000) > 15 ? 2 : 1;
  return town_km > 20 ? 2 : town_km > 10 ? 1 : 0;
}

std::vector<const Place*> places_where(bool (*holds)(const Place&)) {
  std::vector<const Place*> found;
  for (const Place& place : places())
    if (holds(place)) found.push_back(&place);
  return found;
}

bool is_island(const Place& place) { return place.island; }
bool is_lone(const Place& place) {
  return !place.island && place.population < town_people_min && lifeline_of(place) >= 1;
}

// Draws places by population, each at most once per people_per_store inhabitants.
class TownDraw {
 public:
  TownDraw() {
    double total = 0;
    for (const Place& place : places()) {
      room_.push_back(place.island ? 0 : 1 + place.population / people_per_store);
      total += place.island ? 0 : place.population;
      cumulative_.push_back(total);
    }
  }
  const Place& draw(base::Prng& prng) {
    while (true) {
      const double at = prng.uniform() * cumulative_.back();
      const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
      const auto index = static_cast<std::size_t>(found - cumulative_.begin());
      if (room_[index] == 0) continue;
      --room_[index];
      return places()[index];
    }
  }

 private:
  std::vector<int> room_;
  std::vector<double> cumulative_;
};

// Takes `count` of the places in random order, round and round when there are fewer.
void take_some(base::Prng& prng, std::vector<const Place*> from, std::size_t count,
               std::vector<const Place*>& into) {
  for (std::size_t i = from.size(); i > 1; --i) std::swap(from[i - 1], from[prng.below(i)]);
  for (std::size_t i = 0; i < count; ++i) into.push_back(from[i % from.size()]);
}

std::vector<const Place*> choose_places(std::uint64_t seed, int stores) {
  base::Prng prng = prng_of(seed, Stream::stores);
  const auto share = [&](double part) {
    return static_cast<std::size_t>(std::max(1.0, std::round(part * stores)));
  };
  std::vector<const Place*> chosen;
  take_some(prng, places_where(is_island), share(island_share), chosen);
  if (stores > 2) take_some(prng, places_where(is_lone), share(lone_share), chosen);
  TownDraw towns;
  while (chosen.size() < static_cast<std::size_t>(stores)) chosen.push_back(&towns.draw(prng));
  for (std::size_t i = chosen.size(); i > 1; --i) std::swap(chosen[i - 1], chosen[prng.below(i)]);
  return chosen;
}

StoreFormat format_of(base::Prng& prng, const Place& place) {
  const double chance = prng.uniform();
  if (place.population < town_people_min)
    return chance < 0.85 ? StoreFormat::village : StoreFormat::convenience;
  if (place.population < 15'000)
    return chance < 0.65 ? StoreFormat::convenience : StoreFormat::supermarket;
  if (chance < 0.58) return StoreFormat::convenience;
  return chance < 0.84 ? StoreFormat::supermarket : StoreFormat::large;
}

double size_of(base::Prng& prng, StoreFormat format) {
  constexpr std::array median{0.45, 0.7, 1.5, 3.2};
  return median[static_cast<std::size_t>(format)] * lognormal(prng, 0.25);
}

std::uint8_t weekdays(std::initializer_list<int> days) {
  int mask = 0;
  for (const int day : days) mask |= 1 << (day - 1);  // the brief form: 1 = Monday
  return static_cast<std::uint8_t>(mask);
}

// On which weekdays goods of each chain arrive. The variant spreads the stores over the week.
void set_deliveries(base::Prng& prng, std::uint8_t lifeline, StoreTraits& store) {
  const bool second = prng.uniform() < 0.5;
  store.lead_days = store.island ? 2 : 1;
  auto& [ambient, chilled, frozen] = store.deliver_weekdays;
  if (store.island) {
    ambient = second ? weekdays({2, 5}) : weekdays({1, 4});
    chilled = second ? weekdays({2, 4, 6}) : weekdays({1, 3, 5});
    frozen = second ? weekdays({3}) : weekdays({5});
  } else if (lifeline >= 2 || store.format == StoreFormat::village) {
    ambient = second ? weekdays({1, 4}) : weekdays({2, 5});
    chilled = second ? weekdays({1, 2, 4, 5, 6}) : weekdays({1, 3, 4, 5, 6});
    frozen = second ? weekdays({4}) : weekdays({2});
  } else {
    const bool busy = store.format == StoreFormat::large;
    chilled = store.format == StoreFormat::convenience && second ? weekdays({1, 2, 4, 5, 6})
                                                                 : weekdays({1, 2, 3, 4, 5, 6});
    ambient = busy ? weekdays({1, 2, 3, 5, 6}) : second ? weekdays({1, 3, 5}) : weekdays({2, 4, 6});
    frozen = second ? weekdays({2, 5}) : weekdays({1, 4});
  }
}

// Picks `count` large places one after the other, each time the one that brings the stores closest
// to a depot.
std::vector<const Place*> choose_depots(const std::vector<const Place*>& stores,
                                        std::size_t count) {
  std::vector<double> nearest(stores.size(), 1e9);
  std::vector<const Place*> chosen;
  while (chosen.size() < count) {
    const Place* best = nullptr;
    double best_total = 1e300;
    for (std::size_t i = 0; i < depot_candidates; ++i) {
      const Place& candidate = places()[i];
      if (std::find(chosen.begin(), chosen.end(), &candidate) != chosen.end()) continue;
      double total = 0;
      for (std::size_t s = 0; s < stores.size(); ++s)
        total += std::min(
            nearest[s], distance_km(candidate.lat, candidate.lon, stores[s]->lat, stores[s]->lon));
      if (total < best_total) best_total = total, best = &candidate;
    }
    chosen.push_back(best);
    for (std::size_t s = 0; s < stores.size(); ++s)
      nearest[s] =
          std::min(nearest[s], distance_km(best->lat, best->lon, stores[s]->lat, stores[s]->lon));
  }
  return chosen;
}

void add_depots(World& world, const std::vector<const Place*>& stores) {
  const int count = std::max(2, (world.options.stores + stores_per_depot / 2) / stores_per_depot);
  for (const Place* place : choose_depots(stores, static_cast<std::size_t>(count))) {
    Site depot;
    depot.id = fmt::format("D{:02}", ++world.depots);
    depot.name = fmt::format("{} depot", place->name);
    depot.kind = SiteKind::depot;
    depot.region = place->region, depot.nation = place->nation;
    depot.lat = place->lat, depot.lon = place->lon;
    world.sites.push_back(std::move(depot));
  }
}

// The nearest depot other than `except`.
std::uint32_t nearest_depot(const World& world, double lat, double lon,
                            std::uint32_t except = none) {
  std::uint32_t best = 0;
  double best_km = 1e9;
  for (std::uint32_t depot = 0; depot < world.depots; ++depot) {
    if (depot == except) continue;
    const double km = distance_km(lat, lon, *world.sites[depot].lat, *world.sites[depot].lon);
    if (km < best_km) best_km = km, best = depot;
  }
  return best;
}

std::uint16_t region_index(const World& world, std::string_view region) {
  const auto found = std::lower_bound(world.regions.begin(), world.regions.end(), region);
  return static_cast<std::uint16_t>(found - world.regions.begin());
}

// Stores of one town lie around its centre, the wider the larger the town.
void set_position(base::Prng& prng, const Place& place, Site& site) {
  const double spread_km = place.island ? 0.3 : 0.004 * std::sqrt(place.population);
  const double km_per_degree = 111.2;
  site.lat = place.lat + spread_km * prng.normal() / km_per_degree;
  site.lon = place.lon + spread_km * prng.normal() / km_per_degree / 0.6;
}

void add_store(World& world, std::size_t store, const Place& place) {
  base::Prng prng = prng_of(world.options.seed, Stream::store, store);
  StoreTraits traits;
  Site site;
  site.id = fmt::format("S{:04}", store + 1);
  site.lifeline = lifeline_of(place);
  traits.format = format_of(prng, place);
  traits.island = place.island;
  traits.region = region_index(world, place.region);
  traits.size = size_of(prng, traits.format);
  set_deliveries(prng, site.lifeline, traits);
  set_position(prng, place, site);
  site.name = fmt::format("{} {}", place.name, store + 1);
  site.region = place.region, site.nation = place.nation;
  site.format = format_name(traits.format);
  site.depot = nearest_depot(world, *site.lat, *site.lon);
  site.ownership = prng.uniform() < 0.85 ? Ownership::own : Ownership::franchise;
  if (store > 0 && prng.uniform() < new_store_share) {
    traits.opened_day = between(prng, world.days / 4, world.days - 10);
    site.opened_on = world.date(traits.opened_day);
    site.like_site = world.depots + static_cast<std::uint32_t>(prng.below(store));
  }
  traits.dark =
      uniform_of(seed_of(world.options.seed, Stream::dark, store)) < world.options.dark_share;
  world.sites.push_back(std::move(site));
  world.stores.push_back(traits);
}

}  // namespace

std::string_view format_name(StoreFormat format) {
  constexpr std::array<std::string_view, store_formats> names{"village", "convenience",
                                                              "supermarket", "large"};
  return names[static_cast<std::size_t>(format)];
}

std::uint32_t second_depot(const World& world, std::size_t store) {
  const Site& site = world.store_site(store);
  return nearest_depot(world, *site.lat, *site.lon, site.depot);
}

void add_sites(World& world) {
  std::set<std::string> regions;
  for (const Place& place : places()) regions.emplace(place.region);
  world.regions.assign(regions.begin(), regions.end());
  const auto chosen = choose_places(world.options.seed, world.options.stores);
  add_depots(world, chosen);
  for (std::size_t store = 0; store < chosen.size(); ++store)
    add_store(world, store, *chosen[store]);
}

}  // namespace estate::sample
