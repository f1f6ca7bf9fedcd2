#pragma once
// What stores will ask of each depot, product by product, and who brings it there when.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "nightly/order_run.h"
#include "planner/summed_demand.h"

namespace nightly {

// See docs/design/depot-orders.md for how they were measured.
using planner::CommonError;
inline constexpr CommonError common_error_daily{0.05, 0.08};
inline constexpr CommonError common_error_weekly{0.1, 0.2};
// The periods [first, last) to come in which a line that depots buy for is in range and its store
// open, within order_horizon_periods. Empty: they buy nothing for it.
std::pair<std::int32_t, std::int32_t> periods_in_range(const OrderRunInput& input,
                                                       std::size_t line);
// The days of deliveries for which suppliers are told what to expect.
inline constexpr std::int32_t supplier_forecast_days = 14;
inline constexpr std::int32_t supplier_forecast_weeks = 12;
// Those days, first and last.
std::pair<Date, Date> forecast_span(planner::Period kind, std::int32_t origin);
// Nothing is asked further ahead than this.
inline constexpr std::int32_t depot_periods_max = 366;

// Goods picked from a depot's stock are on the stores' shelves the day after, so in a weekly estate
// in the same week. Cross-dock goods go on as they come: they have no lag.
inline constexpr std::int32_t stock_lag_days = 1;
inline std::int32_t stock_lag_periods(planner::Period kind) {
  return kind == planner::Period::day ? 1 : 0;
}

// One supplier's deliveries to one depot on one set of terms: what makes an order of its own.
struct DepotSupply {
  std::uint32_t depot = 0;
  Source source;                 // a supplier
  Drop tonight;                  // in dates of the depot's door
  std::vector<Drop> deliveries;  // of the days that the supplier's forecast covers
};

struct DepotProduct {
  std::uint32_t depot = 0, product = 0;
  std::uint32_t supply = estate::none;  // index into supplies(); none: nobody supplies it
  bool cross_dock = false;              // for every store that gets it
};

// All goods that a depot has to have: those of store lines that it serves and that may be ordered
// now or soon (flow `direct` passes it by), for the days on which they are in range, and those that
// customers have ordered from it. Goods that some stores get from stock are kept in stock for all.
// Demand is kept per product and period, summed over the lines in their order, so that it does not
// depend on the number of threads.
class DepotDemand {
 public:
  static DepotDemand build(const OrderRunInput& input);

  std::span<const DepotProduct> products() const { return products_; }  // by depot, product
  std::span<const DepotSupply> supplies() const { return supplies_; }
  // The lines of Columns that a product goes to, ascending.
  std::span<const std::uint32_t> lines_of(std::size_t product) const;
  // The index of a depot's product, or estate::none.
  std::uint32_t find(std::uint32_t depot, std::uint32_t product) const;

  // What the stores will sell in the periods [from, to), which begin after the origin. Periods
  // beyond those that the supply looks at are taken to be like the mean of those. The variance is
  // the lines' own, that of their levels (shared by the periods of a line), and the error that is
  // common to all of them.
  planner::Moments over(std::size_t product, std::int32_t from, std::int32_t to) const;
  double mean(std::size_t product, std::int32_t from, std::int32_t to) const {
    return over(product, from, to).mean;
  }

 private:
  void add_products(const OrderRunInput& input, std::span<const std::uint32_t> depot_of_line);
  void add_supplies(const OrderRunInput& input, const Sources& sources);
  void add_demand(const OrderRunInput& input);
  void sum_lines(const OrderRunInput& input, std::size_t product);
  std::int32_t periods_looked_at(std::size_t product, planner::Period kind) const;

  std::int32_t origin_ = 0;
  double level_variance_ = 0;
  CommonError common_error_ = common_error_daily;
  std::vector<DepotProduct> products_;
  std::vector<DepotSupply> supplies_;
  std::vector<std::uint64_t> line_begin_;  // per product and one more: into lines_
  std::vector<std::uint32_t> lines_;
  std::vector<std::uint64_t> period_begin_;  // per product and one more: into sums_
  std::vector<planner::Moments> sums_;       // per period from origin + 1 on
  std::vector<double>
      concentration_;  // per product: sum of squared means over lines / square of sum
};

}  // namespace nightly
