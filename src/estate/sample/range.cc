#include "estate/sample/range.h"

#include <algorithm>
#include <cmath>

#include "estate/sample/chance.h"

namespace estate::sample {
namespace {

constexpr double taste_sigma = 0.5;   // how far a store's customers differ from the country's
constexpr double core_chance = 0.35;  // how much of a store's range is its own choice
constexpr double sold_in_life_min =
    2;  // a fresh product that sells less before its date is not kept

std::size_t line_count(const World& world, StoreFormat format) {
  constexpr std::array share{0.8, 0.88, 1.12, 1.3};
  const double wanted = world.options.lines * share[static_cast<std::size_t>(format)];
  return static_cast<std::size_t>(std::round(wanted));
}

// Fresh goods that sell less than a few cases in their life are sent in part cases, as depots do
// for small shops.
std::int32_t order_multiple(const Product& product, double sold_in_life) {
  if (product.measure == Measure::g || sold_in_life >= 3.0 * product.case_units)
    return product.case_units;
  if (product.inner_units > 0 && sold_in_life >= 3.0 * product.inner_units)
    return product.inner_units;
  return 1;
}

void set_shelf(const Product& product, const ProductTraits& traits, LinePlan& plan) {
  const double piece = traits.grams > 0 ? traits.grams : 1;
  const bool fresh = product.life_on_receipt_days > 0 && product.life_on_receipt_days <= 14;
  plan.order_multiple_units = product.case_units;
  if (fresh)
    plan.order_multiple_units =
        order_multiple(product, plan.mean * piece * product.life_on_receipt_days);
  const double facing =
      fresh ? (plan.mean < 1 ? 1 : 2) : std::clamp(std::round(plan.mean), 1.0, 6.0);
  plan.presentation_units = static_cast<std::int32_t>(facing * piece);
  const double days = fresh ? product.life_on_receipt_days + 2 : 21;
  plan.shelf_units_max = static_cast<std::int32_t>(std::ceil(plan.mean * piece * days)) +
                         plan.presentation_units + 2 * plan.order_multiple_units;
}

void set_life(const World& world, const ProductTraits& traits, const StoreTraits& store,
              LinePlan& plan) {
  plan.from_day = std::max(traits.launch_day, store.opened_day);
  plan.to_day = traits.delist_day;
  if (traits.launch_day >= world.days - horizon_days) plan.status = RangeStatus::launch;
  if (traits.delist_day < life_never) plan.status = RangeStatus::run_down;
}

}  // namespace

std::vector<LinePlan> choose_range(const World& world, std::size_t store) {
  const StoreTraits& traits = world.stores[store];
  base::Prng prng = prng_of(world.options.seed, Stream::range, store);
  std::vector<std::pair<double, std::uint32_t>> scores;
  for (std::uint32_t p = 0; p < world.products.size(); ++p) {
    const double score = world.traits[p].core + core_chance * prng.uniform();
    if (world.traits[p].delist_day > traits.opened_day) scores.emplace_back(score, p);
  }
  const std::size_t count = std::min(scores.size(), line_count(world, traits.format));
  std::nth_element(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(count - 1),
                   scores.end());
  scores.resize(count);
  std::vector<LinePlan> plans;
  for (const auto& [score, p] : scores) {
    const Product& product = world.products[p];
    base::Prng taste = prng_of(world.options.seed, Stream::range, store, p + 1);
    LinePlan plan;
    plan.product = p;
    plan.mean = traits.size * world.traits[p].rate * lognormal(taste, taste_sigma);
    if (product.life_on_receipt_days > 0)
      plan.mean = std::max(plan.mean, sold_in_life_min / product.life_on_receipt_days);
    set_shelf(product, world.traits[p], plan);
    set_life(world, world.traits[p], traits, plan);
    plans.push_back(plan);
  }
  std::sort(plans.begin(), plans.end(),
            [](const LinePlan& a, const LinePlan& b) { return a.product < b.product; });
  return plans;
}

std::vector<DayState> day_states(const World& world, std::size_t store) {
  const auto site = static_cast<std::uint32_t>(world.depots + store);
  std::vector<DayState> states(static_cast<std::size_t>(world.days + horizon_days), DayState::open);
  const auto before = [](const CalendarRow& row, std::uint32_t wanted) {
    return row.site < wanted;
  };
  for (auto row = std::lower_bound(world.calendar.begin(), world.calendar.end(), site, before);
       row != world.calendar.end() && row->site == site; ++row)
    states[static_cast<std::size_t>(world.day(row->date))] = row->state;
  return states;
}

std::vector<Drop> drops_of(const World& world, std::size_t store, Chain chain) {
  const StoreTraits& traits = world.stores[store];
  const auto states = day_states(world, store);
  const int mask = traits.deliver_weekdays[static_cast<std::size_t>(chain)];
  const auto planned = [&](int day) { return (mask >> base::weekday(world.date(day)) & 1) != 0; };
  const auto next_planned = [&](int day) {
    while (!planned(day)) ++day;
    return day;
  };
  const auto arrival = [&](int day) {
    while (day < world.days + horizon_days &&
           states[static_cast<std::size_t>(day)] != DayState::open)
      ++day;
    return day;
  };
  std::vector<Drop> drops(static_cast<std::size_t>(world.days));
  for (int day = 0; day < world.days; ++day) {
    const int due = day + traits.lead_days;
    if (!planned(due)) continue;
    const int after = arrival(next_planned(due + 1));
    drops[static_cast<std::size_t>(day)] = {arrival(due), after - day - 1};
  }
  return drops;
}

}  // namespace estate::sample
