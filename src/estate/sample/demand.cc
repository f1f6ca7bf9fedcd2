#include "estate/sample/demand.h"

#include <cmath>
#include <numbers>

#include "estate/sample/chance.h"

namespace estate::sample {
namespace {

// Warmth against the time of year, in units of about one standard deviation (4 degrees); it
// persists for some days. Nine tenths of its variance are shared by the whole country.
std::vector<std::vector<double>> make_weather(const World& world) {
  constexpr double persistence = 0.8, national = 0.95, regional = 0.31;
  const auto walk = [&](std::uint64_t number) {
    base::Prng prng = prng_of(world.options.seed, Stream::weather, number);
    std::vector<double> warmth;
    double state = prng.normal();
    for (int day = 0; day < world.demand_days(); ++day) {
      state = persistence * state + std::sqrt(1 - persistence * persistence) * prng.normal();
      warmth.push_back(state);
    }
    return warmth;
  };
  const auto country = walk(0);
  std::vector<std::vector<double>> regions;
  for (std::size_t r = 0; r < world.regions.size(); ++r) {
    regions.push_back(walk(r + 1));
    for (std::size_t day = 0; day < country.size(); ++day)
      regions[r][day] = national * country[day] + regional * regions[r][day];
  }
  return regions;
}

double season(const Category& category, int day_of_year) {
  return 1 + category.season_amplitude *
                 std::cos(2 * std::numbers::pi * (day_of_year - category.season_peak_day) / 365.25);
}

// People buy a little more from the day most wages arrive until they are spent.
double payday(int month_day) { return month_day >= 26 || month_day <= 3 ? 1.04 : 0.99; }

}  // namespace

DayFactors::DayFactors(const World& world) : days_(static_cast<std::size_t>(world.demand_days())) {
  const auto all = categories();
  const auto weather = make_weather(world);
  factors_.resize(world.regions.size() * all.size() * days_);
  std::size_t at = 0;
  for (std::size_t r = 0; r < world.regions.size(); ++r)
    for (const Category& category : all)
      for (int day = 0; day < world.demand_days(); ++day) {
        const Date date = world.date(day);
        const double heat = std::exp(category.heat * weather[r][static_cast<std::size_t>(day)]);
        factors_[at++] = static_cast<float>(season(category, base::day_of_year(date)) * heat *
                                            payday(base::year_month_day(date).day));
      }
  for (const PlannedEvent& event : world.events) {
    const int day = world.day(event.row.date);
    if (day >= world.demand_days()) continue;
    for (std::size_t r = 0; r < world.regions.size(); ++r)
      for (std::size_t c = 0; c < all.size(); ++c)
        if ((event.region == none || event.region == r) &&
            (event.category == none || event.category == c))
          factors_[(r * all.size() + c) * days_ + static_cast<std::size_t>(day)] *=
              static_cast<float>(*event.row.uplift);
  }
}

std::span<const float> DayFactors::of(std::size_t region, std::size_t category) const {
  return std::span(factors_).subspan((region * categories().size() + category) * days_, days_);
}

}  // namespace estate::sample
