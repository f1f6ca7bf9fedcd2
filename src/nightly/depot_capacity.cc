#include "nightly/depot_capacity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nightly {
namespace {

using estate::CapacityBasis;
using estate::CapacityRow;

constexpr std::int64_t cages_scale = 10'000;
constexpr std::int64_t grams_per_kg = 1000;

std::int32_t rounded_up(double value) {
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::min(std::ceil(value - 1e-9), most));
}

double cases_of(const estate::Product& product, std::int64_t units) {
  return static_cast<double>(units) / std::max(product.case_units, 1);
}

double pallets_per_case(const estate::Product& product) {
  if (product.pallet_cases > 0) return 1.0 / product.pallet_cases;
  if (product.cage_cases > 0)
    return static_cast<double>(pallets_per_load) / cages_per_load / product.cage_cases;
  return static_cast<double>(product.case_volume_ml) / pallet_volume_ml;
}

// How closely a row is for a day: 3 its date, 2 its weekday, 1 every day; 0 another day.
int closeness(const CapacityRow& row, Date day) {
  if (row.date) return *row.date == day ? 3 : 0;
  if (row.weekday < 0) return 1;
  return row.weekday == base::weekday(day) ? 2 : 0;
}

}  // namespace

std::int32_t picks_of(const estate::Product& product, std::int64_t units) {
  return rounded_up(cases_of(product, units) * picks_per_case);
}

std::int32_t load_of(const estate::Product& product, std::int64_t units) {
  return rounded_up(cases_of(product, units) * pallets_per_case(product) * load_per_pallet);
}

std::int64_t drop_capacity_of(const Drop& drop) {
  switch (drop.capacity_basis) {
    case CapacityBasis::units:
      return drop.capacity;
    case CapacityBasis::cases:
      return drop.capacity * picks_per_case;
    case CapacityBasis::cages:
      return drop.capacity * cages_scale;
    case CapacityBasis::kg:
      return drop.capacity * grams_per_kg;
  }
  return planner::no_limit;
}

std::int32_t drop_part_of(CapacityBasis basis, const estate::Product& product, std::int64_t units) {
  const double cases = cases_of(product, units);
  switch (basis) {
    case CapacityBasis::units:
      return rounded_up(static_cast<double>(units));
    case CapacityBasis::cases:
      return picks_of(product, units);
    case CapacityBasis::cages:
      return product.cage_cases > 0 ? rounded_up(cases * cages_scale / product.cage_cases) : 0;
    case CapacityBasis::kg:
      return rounded_up(product.measure == estate::Measure::g ? static_cast<double>(units)
                                                              : cases * product.case_weight_g);
  }
  return 0;
}

std::uint32_t Lanes::of(std::uint32_t depot, estate::Chain chain, Date day) {
  const Key key{depot, chain, day};
  if (last_number_ != planner::no_index && key == last_) return last_number_;
  const auto [place, is_new] =
      numbers_.try_emplace(key, static_cast<std::uint32_t>(picks_max_.size()));
  if (is_new) {
    picks_max_.push_back(limit(key, &CapacityRow::pick_cases, picks_per_case));
    load_max_.push_back(limit(key, &CapacityRow::loads, pallets_per_load * load_per_pallet));
  }
  last_ = key;
  return last_number_ = place->second;
}

std::int64_t Lanes::limit(const Key& key, std::int64_t CapacityRow::*field,
                          std::int64_t scale) const {
  const auto [depot, chain, first] = key;
  const int days = estate_.period == estate::PeriodKind::week ? 7 : 1;
  std::int64_t sum = -1;
  for (Date day = first; day < first + days; day = day + 1) {
    int closest = 0;
    std::int64_t said = -1;
    for (const CapacityRow& row : estate_.capacity) {
      if (row.depot != depot || row.chain != chain || row.*field < 0) continue;
      if (const int close = closeness(row, day); close > closest) {
        closest = close;
        said = row.*field;
      }
    }
    if (said >= 0) sum = std::max<std::int64_t>(sum, 0) + said;
  }
  return sum < 0 ? planner::no_limit : sum * scale;
}

std::vector<LaneUse> Lanes::uses(const planner::Allocation& allocation,
                                 std::span<const std::array<std::int64_t, 2>> withheld) const {
  std::vector<LaneUse> uses;
  for (const auto& [key, number] : numbers_) {
    LaneUse use;
    std::tie(use.depot, use.chain, use.day) = key;
    use.picks_used = allocation.picks_used[number];
    use.load_used = allocation.load_used[number];
    if (picks_max_[number] != planner::no_limit) use.picks_max = picks_max_[number];
    if (load_max_[number] != planner::no_limit) use.load_max = load_max_[number];
    use.withheld_for_hands = withheld[number][0];
    use.withheld_for_vehicles = withheld[number][1];
    uses.push_back(use);
  }
  return uses;
}

}  // namespace nightly
