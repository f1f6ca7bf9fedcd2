#pragma once
// Guards over sales and stock: history that was zeroed or rewritten, rows and records times a
// thousand.

#include <functional>
#include <vector>

#include "nightly/columns.h"
#include "nightly/guard_finding.h"

namespace nightly {

// How many lines sold, per site and period and per product: what a night remembers of sales. Counts
// of lines, not of units: pieces and grams do not add up, and one wrong row cannot hide a thousand.
struct SoldCounts {
  static constexpr std::int32_t site_periods = 57;     // this weekday's last 8, and the window
  static constexpr std::int32_t product_periods = 28;  // as long as sales may still be corrected

  std::int32_t last_period = 0;
  // [site * site_periods + k] of period last_period - site_periods + 1 + k; -1: did not report.
  std::vector<std::int32_t> of_site;
  std::vector<std::int32_t> of_product;  // line-periods with a sale in the last product_periods

  std::int32_t at(std::uint32_t site, std::int32_t period) const;
  friend bool operator==(const SoldCounts&, const SoldCounts&) = default;
};

// Counts of the periods up to the one that holds `as_of`.
SoldCounts count_sold(const estate::Estate& estate, Date as_of, int threads = 1);
// What a night remembers: older than any correction, the counts that the last night remembered.
SoldCounts carried(SoldCounts now, const SoldCounts* before);

// `before` may be null. Of periods that it remembers, sales may be corrected, but not vanish; newer
// ones are compared with the same weekday of the last weeks.
std::vector<Cause> check_sales(const estate::Estate& estate, const SoldCounts* before, Date as_of,
                               int threads = 1);

// Stock records far above what a line ever holds.
std::vector<Cause> check_stock(const estate::Estate& estate, Date as_of);

// What a carried state saw of a line in a period: units, and flags as in estate::Sales.
struct SeenSale {
  std::uint32_t site, product;
  std::int32_t period;
  std::int32_t units;
  std::uint8_t flags;
};

// What `causes` say about sales that are not to be believed: whole site-periods, and products over
// the window of corrections.
struct Disbelieved {
  std::vector<std::pair<std::uint32_t, std::int32_t>> site_periods;  // ascending
  std::vector<std::uint32_t> products;                               // ascending
  std::int32_t from_period = 0, to_period = -1;                      // of the products

  bool empty() const { return site_periods.empty() && products.empty(); }
  bool holds(std::uint32_t site, std::uint32_t product, std::int32_t period) const;
};
Disbelieved disbelieved_sales(const estate::Estate& estate, const std::vector<Cause>& causes,
                              const SoldCounts* before);

// Puts `seen`, what a carried state remembers of those periods, in the place of the rows. A
// site-period that the state does not hold has no rows afterwards: it did not report.
void replace_sales(estate::Estate& estate, const Disbelieved& disbelieved,
                   std::vector<SeenSale> seen);

}  // namespace nightly
