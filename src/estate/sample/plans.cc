// What everybody knew in advance: events, promotions, and the days on which shops or lorries rest.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "estate/sample/chance.h"
#include "estate/sample/world.h"
#include "estate/words.h"

namespace estate::sample {
namespace {

constexpr double known_uplift_share =
    0.75;  // of the promotions carry their uplift in promotions.csv
constexpr int promotion_days = 21;
constexpr double regional_promotion_share = 0.08, display_share = 0.25;
constexpr double ferry_storm_share = 0.03;  // of winter days without a boat

// Easter Sunday after the Gregorian rule (the anonymous algorithm printed in Nature, 20 April
// 1876).
Date easter_sunday(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
  const int m = (a + 11 * d + 22 * e) / 451;
  const int month_day = d + e - 7 * m + 114;
  return base::make_date(year, month_day / 31, month_day % 31 + 1);
}

Date first_monday(int year, int month) {
  const Date first = base::make_date(year, month, 1);
  return first + (7 - base::weekday(first)) % 7;
}

Date last_monday(int year, int month) { return first_monday(year, month + 1) - 7; }

class EventPlan {
 public:
  explicit EventPlan(World& world) : world_(world) {}

  void add_year(int year) {
    const Date easter = easter_sunday(year);
    whole_day(base::make_date(year, 1, 1), "new_year", 0.7);
    regional(base::make_date(year, 1, 2), "second_january", "Scotland", 0.85);
    regional(base::make_date(year, 7, 12), "twelfth_of_july", "Northern Ireland", 0.85);
    for (int back = 2; back >= 0; --back) {
      barbecue(easter + 1 - back, "easter_weekend");
      barbecue(first_monday(year, 5) - back, "early_may_holiday");
      barbecue(last_monday(year, 5) - back, "spring_holiday");
      barbecue(last_monday(year, 8) - back, "summer_holiday");
      category(base::make_date(year, 10, 31) - back, "halloween", "confectionery", 1.5, true);
    }
    for (int back = 7; back >= 1; --back)
      category(easter - back, "easter_eggs", "confectionery", 1.9, false);
    category(easter - 47, "pancake_day", "eggs", 1.8, true);
    category(easter - 48, "pancake_day", "eggs", 1.5, true);
    category(easter - 47, "pancake_day", "staples", 1.4, true);
    christmas(year);
    storms(year);
  }

 private:
  void add(Date date, std::string name, std::uint32_t region, std::uint32_t category_index,
           double uplift, bool given, bool learn = true) {
    const int day = world_.day(date);
    if (day < 0 || day >= world_.days + horizon_days) return;
    PlannedEvent event;
    event.row = {.date = date,
                 .event = std::move(name),
                 .region = {},
                 .category = {},
                 .uplift = uplift,
                 .learn = learn};
    if (region != none) event.row.region = world_.regions[region];
    if (category_index != none) event.row.category = categories()[category_index].name;
    event.region = region, event.category = category_index, event.given = given;
    world_.events.push_back(std::move(event));
  }
  void whole_day(Date date, const char* name, double uplift) {
    add(date, name, none, none, uplift, true);
  }
  void category(Date date, std::string_view name, std::string_view wanted, double uplift,
                bool given) {
    const auto all = categories();
    for (std::uint32_t c = 0; c < all.size(); ++c)
      if (all[c].name == wanted)
        add(date, fmt::format("{}.{}", name, wanted), none, c, uplift, given);
  }
  void regional(Date date, std::string_view name, std::string_view nation, double uplift) {
    for (std::uint32_t r = 0; r < world_.regions.size(); ++r) {
      const std::string& region = world_.regions[r];
      const bool scottish = region.starts_with("Scottish") || region.starts_with("Highlands");
      if (nation == "Scotland" ? scottish : region == nation)
        add(date, fmt::format("{}.{}", name, r), r, none, uplift, true);
    }
  }
  void barbecue(Date date, std::string_view name) {
    for (const Category& one : categories())
      if (std::abs(one.barbecue - 1) > 0.07) category(date, name, one.name, one.barbecue, true);
  }
  void christmas(int year) {
    constexpr std::array ramp{0.3, 0.4, 0.5, 0.6, 0.9, 1.2, 1.1};
    for (std::size_t i = 0; i < ramp.size(); ++i)
      for (const Category& one : categories())
        if (std::abs(one.christmas - 1) > 0.07)
          category(base::make_date(year, 12, 18) + static_cast<int>(i), "christmas_week", one.name,
                   1 + (one.christmas - 1) * ramp[i], false);
    whole_day(base::make_date(year, 12, 26), "boxing_day", 0.7);
  }
  // Two winter days a year on which hardly anybody left the house in one region: a lesson for
  // nobody.
  void storms(int year) {
    base::Prng prng =
        prng_of(world_.options.seed, Stream::storms, static_cast<std::uint64_t>(year));
    for (int i = 0; i < 2; ++i) {
      const auto region = static_cast<std::uint32_t>(prng.below(world_.regions.size()));
      add(base::make_date(year, 1, 5) + between(prng, 0, 60), fmt::format("storm.{}", i), region,
          none, 0.5, false, false);
    }
  }

  World& world_;
};

void add_events(World& world) {
  const int first_year = base::year_month_day(world.first_day).year;
  const int last_year = base::year_month_day(world.options.last_day + horizon_days).year;
  EventPlan plan(world);
  for (int year = first_year; year <= last_year; ++year) plan.add_year(year);
  std::stable_sort(world.events.begin(), world.events.end(),
                   [](const PlannedEvent& a, const PlannedEvent& b) {
                     return std::pair(a.row.date, std::string_view(a.row.event)) <
                            std::pair(b.row.date, std::string_view(b.row.event));
                   });
}

Mechanic mechanic_of(base::Prng& prng, const Category& category) {
  const double chance = prng.uniform();
  if (category.week == Week::lunch && chance < 0.5) return Mechanic::meal_deal;
  return chance < 0.6 ? Mechanic::price : chance < 0.8 ? Mechanic::multibuy : Mechanic::member;
}

PlannedPromotion make_promotion(const World& world, base::Prng& prng, std::uint32_t index,
                                Date from) {
  const Product& product = world.products[index];
  const double discount = 0.2 + 0.05 * static_cast<double>(prng.below(5));
  PlannedPromotion planned;
  PromotionRow& row = planned.row;
  row.product = index;
  row.from = from, row.to = from + promotion_days - 1;
  row.mechanic = mechanic_of(prng, categories()[world.traits[index].category]);
  double uplift = 1 + 4 * discount * lognormal(prng, 0.4);
  if (prng.uniform() < display_share && product.measure == Measure::each &&
      product.chain == Chain::ambient) {
    row.display_units = product.case_units * 2;
    row.order_from = from - 5;
    uplift *= 1.25;
  }
  row.uplift = std::round(std::min(uplift, 6.0) * 100) / 100;
  if (row.mechanic == Mechanic::price || row.mechanic == Mechanic::member)
    row.price = Money{
        std::llround(static_cast<double>(product.unit_price->e4) * (1 - discount) / 100) * 100};
  if (product.measure == Measure::g) row.price.reset();
  row.promotion = fmt::format("{}.{}", base::to_string(from), text_of(row.mechanic));
  if (prng.uniform() < regional_promotion_share) {
    planned.region = static_cast<std::uint32_t>(prng.below(world.regions.size()));
    row.region = world.regions[planned.region];
    row.promotion += fmt::format(".r{}", planned.region);
  }
  planned.given = prng.uniform() < known_uplift_share;
  planned.from_day = world.day(row.from), planned.to_day = world.day(row.to);
  return planned;
}

// Promotions run for three weeks from a Wednesday; the last ones start in the coming four weeks.
void add_promotions(World& world) {
  const Date first_start = base::monday_of(world.first_day) + 2 - promotion_days;
  for (std::uint32_t p = 0; p < world.products.size(); ++p) {
    world.promotions_from.push_back(static_cast<std::uint32_t>(world.promotions.size()));
    const double share = categories()[world.traits[p].category].promoted_share;
    int cycle = 0;
    for (Date from = first_start; from < world.date(world.days + horizon_days);
         from = from + promotion_days) {
      base::Prng prng =
          prng_of(world.options.seed, Stream::promotion, p, static_cast<std::uint64_t>(cycle++));
      if (prng.uniform() >= share) continue;
      PlannedPromotion planned = make_promotion(world, prng, p, from);
      if (planned.to_day >= 0) world.promotions.push_back(std::move(planned));
    }
  }
  world.promotions_from.push_back(static_cast<std::uint32_t>(world.promotions.size()));
}

// A store's closed day, or a day without a lorry whose goods come on the next one.
void add_rest_day(World& world, std::uint32_t site, Date date, DayState state) {
  CalendarRow row{.date = date, .site = site, .state = state, .chain = {}, .moved_to = {}};
  row.moved_to = date + 1;
  world.calendar.push_back(row);
}

void add_calendar(World& world) {
  for (std::uint32_t store = 0; store < world.stores.size(); ++store) {
    const std::uint32_t site = world.depots + store;
    const Site& row = world.sites[site];
    base::Prng prng = prng_of(world.options.seed, Stream::deliveries, store);
    // Large shops in England and Wales must not open on Easter Sunday; Scotland and Northern
    // Ireland have other rules.
    const bool easter_rule = world.stores[store].format == StoreFormat::large &&
                             (row.nation == "England" || row.nation == "Wales");
    for (int day = 0; day < world.days + horizon_days; ++day) {
      const Date date = world.date(day);
      const auto [year, month, month_day] = base::year_month_day(date);
      const bool storm = prng.uniform() < ferry_storm_share;
      if (month == 12 && month_day == 25) {
        add_rest_day(world, site, date, DayState::closed);
      } else if ((month == 12 && month_day == 26) || (month == 1 && month_day == 1)) {
        add_rest_day(world, site, date, DayState::no_delivery);
      } else if (easter_rule && date == easter_sunday(year)) {
        add_rest_day(world, site, date, DayState::closed);
      } else if (storm && day < world.days && world.stores[store].island &&
                 (month >= 11 || month <= 3)) {
        add_rest_day(world, site, date, DayState::no_delivery);
      }
    }
  }
  // Where two such days follow each other the goods wait for the end of both.
  for (std::size_t i = world.calendar.size(); i-- > 1;)
    if (world.calendar[i - 1].site == world.calendar[i].site &&
        *world.calendar[i - 1].moved_to == world.calendar[i].date)
      world.calendar[i - 1].moved_to = world.calendar[i].moved_to;
}

}  // namespace

void add_plans(World& world) {
  add_events(world);
  add_promotions(world);
  add_calendar(world);
}

World make_world(const SampleOptions& options) {
  World world;
  world.options = options;
  world.days = options.days;
  world.first_day = options.last_day - (options.days - 1);
  add_sites(world);
  add_goods(world);
  add_plans(world);
  return world;
}

}  // namespace estate::sample
