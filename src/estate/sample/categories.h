#pragma once
// What a grocer sells, by category: how it keeps, how it sells, how it is packed. Reasons are in
// docs/formats/sample.md.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "estate/estate.h"

namespace estate::sample {

enum class Week : std::uint8_t { even, weekend, midweek, lunch };

struct Category {
  std::string_view name, department;
  std::array<std::string_view, 6> goods;  // what a product is called; empty ones are skipped
  Chain chain;
  DateKind date_kind;
  int life_days_min, life_days_max;  // left when the goods reach a store
  double price_pounds;               // median
  int unit_weight_g, unit_volume_ml;
  std::array<int, 3> case_units;
  Week week;
  double season_amplitude;     // of a yearly cosine
  int season_peak_day;         // of the year
  double heat;                 // effect on the logarithm of demand of one unit of warm weather
  double range_share;          // of the products, in thousandths
  double rate;                 // sales of a middling product, relative to ambient grocery
  double christmas, barbecue;  // multiples of demand in Christmas week and on bank-holiday weekends
  double promoted_share;       // of three-week cycles in which a product is on promotion
  std::uint8_t tier;
  int grams_per_sale =
      0;  // above 0: some of its products are weighed, and this is a typical purchase
};

std::span<const Category> categories();

// Demand of a weekday (0 = Monday) relative to the mean day.
double week_factor(Week week, int weekday);

// A use-by date of at most two weeks: what a grocer calls fresh.
inline bool is_fresh(const Category& category) { return category.date_kind == DateKind::use_by; }

}  // namespace estate::sample
