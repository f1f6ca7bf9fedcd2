#pragma once
// Which products a site orders: range.csv on a day, or what stock and sales say where there is
// none.

#include <vector>

#include "estate/estate.h"

namespace estate {

// Without range.csv a pair is in range if it sold within this many days up to as_of, or has stock.
inline constexpr int dormant_days = 180;

struct RangeLine {
  std::uint32_t site, product;
  std::uint32_t range_row = none;  // index into Estate::range
  friend bool operator==(const RangeLine&, const RangeLine&) = default;
};

// Each list is sorted by site, product.
struct RangeLines {
  std::vector<RangeLine> ordered;  // what the planner plans
  std::vector<RangeLine> blocked;  // in range with status blocked: not ordered
  std::vector<RangeLine> dormant;  // without range.csv: known from sales or stock, but set aside
};

// Whether the site sells (store or online) and trades on that day.
bool sells_on(const Site& site, Date day);

// Lines of the sites that sell on `as_of`. Rows of range.csv count if they are valid on the day
// after it; of several, the one with the latest from_date. Sales after `as_of` are not looked at.
RangeLines lines_in_range(const Estate& estate, Date as_of);
// The same as if the sites that open until `opened_by` were open already.
RangeLines lines_in_range(const Estate& estate, Date as_of, Date opened_by);

}  // namespace estate
