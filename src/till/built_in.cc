#include "till/built_in.h"

#include <array>
#include <optional>
#include <string_view>

#include "base/date.h"

namespace till {
namespace {

using selling::Category;
using selling::MinimumAge;
using selling::MinimumUnitPrice;
using selling::Nation;
using selling::RestrictionRow;
using selling::Rule;
using selling::SaleHours;
using selling::VatCode;
using selling::VatRateRow;
using trade::Day;
using enum selling::Nation;

// What has been in force since before the first day that trade can hold.
constexpr Day always{1};

Day day(int year, int month, int of_month) {
  return trade::to_day(base::make_date(year, month, of_month));
}

constexpr std::uint16_t hours(int hour) { return static_cast<std::uint16_t>(hour * 60); }
constexpr std::uint8_t every_day = 0b1111111, monday_to_saturday = 0b0111111, sunday = 0b1000000;

struct Law {
  std::string_view category;
  std::optional<Nation> nation;  // none: all four
  Day from, until;
  Rule rule;
};

std::vector<Law> laws() {
  return {
      {"alcohol", england, day(2005, 11, 24), {}, MinimumAge{18}},
      {"alcohol", wales, day(2005, 11, 24), {}, MinimumAge{18}},
      {"alcohol", scotland, day(2009, 9, 1), {}, MinimumAge{18}},
      {"alcohol", northern_ireland, always, {}, MinimumAge{18}},
      {"alcohol", scotland, day(2009, 9, 1), {}, SaleHours{every_day, hours(10), hours(22)}},
      {"alcohol", northern_ireland, always, {}, SaleHours{monday_to_saturday, hours(8), hours(23)}},
      {"alcohol", northern_ireland, always, {}, SaleHours{sunday, hours(10), hours(22)}},
      {"alcohol", scotland, day(2018, 5, 1), day(2024, 9, 30), MinimumUnitPrice{50}},
      {"alcohol", scotland, day(2024, 9, 30), {}, MinimumUnitPrice{65}},
      {"alcohol", wales, day(2020, 3, 2), day(2026, 10, 1), MinimumUnitPrice{50}},
      {"alcohol", wales, day(2026, 10, 1), {}, MinimumUnitPrice{65}},
      {"tobacco", {}, always, {}, MinimumAge{18}},
      {"vapes", {}, always, {}, MinimumAge{18}},
      {"knives", {}, always, {}, MinimumAge{18}},
      {"fireworks", {}, always, {}, MinimumAge{18}},
      {"lighter_refills", {}, always, {}, MinimumAge{18}},
      {"spray_paint", {}, always, {}, MinimumAge{16}},
  };
}

}  // namespace

std::span<const VatRateRow> built_in_vat_rates() {
  static const std::array<VatRateRow, 5> rates{
      VatRateRow{VatCode::standard, day(2011, 1, 4), 2'000},
      VatRateRow{VatCode::reduced, always, 500},
      VatRateRow{VatCode::zero, always, 0},
      VatRateRow{VatCode::exempt, always, 0},
      VatRateRow{VatCode::outside_scope, always, 0},
  };
  return rates;
}

std::vector<RestrictionRow> built_in_restrictions() {
  std::vector<RestrictionRow> rows;
  for (const Law& law : laws()) {
    RestrictionRow row{*Category::of(law.category), england, law.from, law.until, law.rule};
    for (const Nation nation : {england, scotland, wales, northern_ireland}) {
      if (law.nation && *law.nation != nation) continue;
      row.nation = nation;
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace till
