#include "selling/restrictions.h"

#include <algorithm>
#include <map>

#include "base/date.h"

namespace selling {
namespace {

// All that is in force for a category, the strictest of each kind; 0 = no such row.
struct InForce {
  std::uint8_t years = 0;
  bool has_hours = false, is_open = false;
  Pence unit_price_pence = 0;
  bool has_quantity = false;
  Units units_max = 0;

  void add(const MinimumAge& rule, Moment) { years = std::max(years, rule.years); }
  void add(const SaleHours& rule, Moment now) {
    const int weekday = base::weekday(trade::to_date(now.day));
    has_hours = true;
    is_open |= (rule.weekdays >> weekday & 1) != 0 && now.minute >= rule.from_minute &&
               now.minute < rule.until_minute;
  }
  void add(const MinimumUnitPrice& rule, Moment) {
    unit_price_pence = std::max(unit_price_pence, rule.pence);
  }
  void add(const QuantityLimit& rule, Moment) {
    units_max = has_quantity ? std::min(units_max, rule.units_max) : rule.units_max;
    has_quantity = true;
  }
};

InForce in_force(std::span<const RestrictionRow> table, Nation nation, Moment now,
                 const Category& category) {
  InForce all;
  for (const RestrictionRow& row : table) {
    const bool is_dated = row.from <= now.day && (!row.until.given() || now.day < row.until);
    if (row.category == category && row.nation == nation && is_dated)
      std::visit([&](const auto& rule) { all.add(rule, now); }, row.rule);
  }
  return all;
}

}  // namespace

std::int64_t minimum_pence(Pence unit_price_pence, std::int32_t ml, std::int32_t abv_tenths,
                           Units units) {
  // A unit of alcohol is 10 ml: ml x tenths of a percent / 10,000.
  const std::int64_t ten_thousandths = std::int64_t{ml} * abv_tenths * units;
  return (ten_thousandths * unit_price_pence + 9'999) / 10'000;
}

std::vector<LineRefusal> check_restrictions(std::span<const RestrictionRow> table, Nation nation,
                                            Moment now, const AgeCheck& age,
                                            std::span<const RestrictedLine> lines) {
  std::vector<LineRefusal> refusals;
  std::map<Category, Units> sold;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    const RestrictedLine& line = lines[i];
    if (!line.category.given() || line.units == 0) continue;
    const InForce rules = in_force(table, nation, now, line.category);
    const auto refuse = [&](Refusal why, std::int64_t bound) {
      refusals.push_back({i, why, bound});
    };
    if (rules.years > 0) {
      if (age.outcome == AgeOutcome::refused && age.years <= rules.years)
        refuse(Refusal::age_refused, rules.years);
      else if (age.outcome != AgeOutcome::passed || age.years < rules.years)
        refuse(Refusal::age_unchecked, rules.years);
    }
    if (rules.has_hours && !rules.is_open) refuse(Refusal::outside_hours, 0);
    const auto lowest = minimum_pence(rules.unit_price_pence, line.ml, line.abv_tenths, line.units);
    if (line.paid_pence < lowest) refuse(Refusal::below_minimum_price, lowest);
    Units& units = sold[line.category];
    units += line.units;
    if (rules.has_quantity && units > rules.units_max)
      refuse(Refusal::over_quantity_limit, rules.units_max);
  }
  return refusals;
}

}  // namespace selling
