#include "nightly/terms.h"

#include <algorithm>

#include "nightly/range_days.h"

namespace nightly {
namespace {

// A level beats costs where both are said; with neither, 0.97 goes.
void set_service(std::optional<double> level, std::optional<double> shortage,
                 std::optional<double> holding, Terms& terms) {
  const bool by_cost = shortage && holding && !level;
  terms.shortage_cost = by_cost ? *shortage : 0;
  terms.holding_cost = by_cost ? *holding : 0;
  terms.level = by_cost ? 0 : level.value_or(0.97);
}

Terms product_terms(const estate::Estate& estate, planner::Period kind,
                    const estate::Product& product) {
  Terms terms;
  terms.multiple = std::max(product.case_units, 1);
  // A weekly estate can promise only the weeks that lie wholly within the life.
  const std::int32_t life = life_days(product);
  if (life > 0) terms.life_periods = kind == planner::Period::day ? life : std::max(1, life / 7);
  if (terms.life_periods > life_periods_max) terms.life_periods = 0;
  if (product.unit_cost && product.unit_price && product.unit_price->e4 > product.unit_cost->e4)
    terms.margin = 1 - static_cast<double>(product.unit_cost->e4) /
                           static_cast<double>(product.unit_price->e4);
  set_service(estate.policy.service_level, estate.policy.shortage_cost, estate.policy.holding_cost,
              terms);
  return terms;
}

// What the row of the day says; where none is valid, the line's own row, and nothing is ordered.
void apply_range(const estate::Estate& estate, const Columns& columns, std::size_t line, Date on,
                 Terms& terms) {
  const std::uint32_t own = columns.range_row[line];
  if (own == estate::none) {
    terms.orderable = !estate.has_range;
    return;
  }
  const std::uint32_t valid = range_row_on(estate, columns, line, on);
  const estate::RangeRow& row = estate.range[valid == estate::none ? own : valid];
  terms.orderable = valid != estate::none && row.status != estate::RangeStatus::blocked &&
                    row.status != estate::RangeStatus::run_down;
  if (row.order_multiple_units > 0) terms.multiple = row.order_multiple_units;
  terms.presentation = row.presentation_units_min;
  terms.shelf_max = row.shelf_units_max;
  terms.order_max = row.order_units_max;
  if (row.status == estate::RangeStatus::launch) terms.launch = row.launch_units;
  if (row.service_level)
    set_service(row.service_level, std::nullopt, std::nullopt, terms);
  else if (row.shortage_cost || row.holding_cost)
    set_service(std::nullopt, row.shortage_cost ? row.shortage_cost : estate.policy.shortage_cost,
                row.holding_cost ? row.holding_cost : estate.policy.holding_cost, terms);
}

}  // namespace

std::int32_t life_days(const estate::Product& product) {
  if (product.date_kind == estate::DateKind::none) return 0;
  return product.life_on_receipt_days > 0 ? product.life_on_receipt_days : product.shelf_life_days;
}

double Terms::quantile(std::int32_t interval_periods, const planner::Settings& settings) const {
  if (level > 0) return level;
  const double held = settings.holding_intervals * holding_cost * interval_periods;
  return std::clamp(shortage_cost / (shortage_cost + held), 0.001, 0.999);
}

double Terms::life_quantile(const planner::Settings& settings) const {
  if (margin < 0) return settings.life_level;
  return std::clamp(margin - settings.life_handling, settings.life_level_min,
                    settings.life_level_max);
}

LineTerms::LineTerms(const estate::Estate& estate, const Columns& columns)
    : estate_(estate), columns_(columns) {
  for (const estate::Product& product : estate.products)
    of_product_.push_back(product_terms(estate, columns.kind, product));
}

Terms LineTerms::of(std::size_t line, Date on) const {
  Terms terms = of_product_[columns_.product[line]];
  apply_range(estate_, columns_, line, on, terms);
  return terms;
}

Terms terms_of(const estate::Estate& estate, const Columns& columns, std::size_t line, Date on) {
  Terms terms = product_terms(estate, columns.kind, estate.products[columns.product[line]]);
  apply_range(estate, columns, line, on, terms);
  return terms;
}

Interval interval_of(planner::Period kind, const Drop& drop) {
  if (!drop.orders_today) return {};
  Interval interval{true, period_of(kind, drop.on_shelf), period_of(kind, drop.next_on_shelf)};
  interval.next_on_shelf = std::max(interval.next_on_shelf, interval.on_shelf + 1);
  return interval;
}

}  // namespace nightly
