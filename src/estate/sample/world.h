#pragma once
// The made-up grocer before its first day: sites, goods, suppliers, and the plans that everybody
// knew in advance.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "estate/estate.h"
#include "estate/sample.h"
#include "estate/sample/categories.h"

namespace estate::sample {

inline constexpr int chains = 3;  // ambient, chilled, frozen, as estate::Chain counts them
// Plans reach so far past the last day of history.
inline constexpr int horizon_days = sample_future_days_max;
inline constexpr int life_never = 1 << 20;  // a day that no history reaches

// Days are counted from the first day of history; negative days are before it.

enum class StoreFormat : std::uint8_t { village, convenience, supermarket, large };
inline constexpr int store_formats = 4;
std::string_view format_name(StoreFormat format);

// What the simulation knows of a store beyond its row in sites.csv.
struct StoreTraits {
  StoreFormat format = StoreFormat::convenience;
  bool island = false;
  std::uint16_t region = 0;                             // index into World::regions
  double size = 1;                                      // sales relative to a middling store
  int opened_day = -1;                                  // below 0: before the history begins
  std::array<std::uint8_t, chains> deliver_weekdays{};  // bit 0 = Monday
  int lead_days = 1;  // from the close of the ordering day to the shelf
  bool dark = false;
};

struct ProductTraits {
  std::uint16_t category = 0;
  double rate = 0;         // mean sales a day in a store of size 1
  double dispersion = 4;   // shape of the gamma behind daily demand
  std::int32_t grams = 0;  // of one purchase; 0 = sold by the piece
  double core = 0;         // 0 to 1: the smaller, the more stores range it
  int launch_day = -life_never, delist_day = life_never;  // first and last day on sale
  std::uint32_t like_product = none;
};

struct PlannedEvent {
  EventRow row;                 // uplift is what truly happens
  std::uint32_t region = none;  // index into World::regions
  std::uint32_t category = none;
  bool given = true;  // false: events.csv names the day and leaves the uplift to be learned
};

struct PlannedPromotion {
  PromotionRow row;  // uplift is what truly happens
  int from_day = 0, to_day = 0;
  std::uint32_t region = none;
  bool given = true;
};

struct World {
  SampleOptions options;
  Date first_day;
  int days = 0;

  std::vector<std::string> regions;  // sorted
  std::vector<Site> sites;           // the depots, then the stores; sorted by id
  std::uint32_t depots = 0;
  std::vector<StoreTraits> stores;  // of sites[depots + i]

  std::vector<Product> products;
  std::vector<ProductTraits> traits;  // of products[i]
  std::vector<Supplier> suppliers;
  std::vector<SupplyRow> depot_supply;  // supplier to depot, one row per depot and supplier

  std::vector<PlannedEvent> events;          // sorted by date, event
  std::vector<PlannedPromotion> promotions;  // sorted by product, from
  std::vector<std::uint32_t>
      promotions_from;  // of product p: [promotions_from[p], promotions_from[p + 1])
  std::vector<PriceRow> prices;
  std::vector<CalendarRow> calendar;  // of stores; sorted by site, date

  const Site& store_site(std::size_t store) const { return sites[depots + store]; }
  Date date(int day) const { return first_day + day; }
  int day(Date when) const { return when - first_day; }
  // Days with a demand: the history's and those after it that are asked for.
  int demand_days() const { return days + options.future_days; }
  // No order is placed and nothing comes on that day.
  bool cut_off(int day) const {
    return options.dark_deliveries && day >= days - options.dark_days && day < days;
  }
};

// Builds everything; the same options give the same world. Requires options within their bounds.
World make_world(const SampleOptions& options);

// The parts of make_world, in the order in which they build on each other.
void add_sites(World& world);  // sites.cc: stores, depots, delivery patterns
void add_goods(World& world);  // goods.cc: products, suppliers, prices
void add_plans(World& world);  // plans.cc: events, promotions, closed days

// The depot that is nearest after the store's own.
std::uint32_t second_depot(const World& world, std::size_t store);

// A GS1 number: the digits and their check digit.
std::string with_check_digit(std::string digits);

// Goods that the depot passes through without keeping stock.
bool is_cross_dock(const Category& category);

}  // namespace estate::sample
