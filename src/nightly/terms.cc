#include "nightly/terms.h"

#include <algorithm>

namespace nightly {

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

Terms terms_of(const estate::Estate& estate, const Columns& columns, std::size_t line, Date on) {
  const estate::Product& product = estate.products[columns.product[line]];
  const estate::RangeRow* row =
      columns.range_row[line] == estate::none ? nullptr : &estate.range[columns.range_row[line]];
  Terms terms;
  terms.multiple = std::max(product.case_units, 1);
  // A weekly estate can promise only the weeks that lie wholly within the life.
  const std::int32_t life = life_days(product);
  if (life > 0)
    terms.life_periods = columns.kind == planner::Period::day ? life : std::max(1, life / 7);
  if (terms.life_periods > life_periods_max) terms.life_periods = 0;
  if (product.unit_cost && product.unit_price && product.unit_price->e4 > product.unit_cost->e4)
    terms.margin = 1 - static_cast<double>(product.unit_cost->e4) /
                           static_cast<double>(product.unit_price->e4);
  std::optional<double> level = estate.policy.service_level;
  std::optional<double> shortage = estate.policy.shortage_cost,
                        holding = estate.policy.holding_cost;
  if (row != nullptr) {
    const bool valid = row->from <= on && on <= row->to;
    terms.orderable = valid && row->status != estate::RangeStatus::blocked &&
                      row->status != estate::RangeStatus::run_down;
    if (row->order_multiple_units > 0) terms.multiple = row->order_multiple_units;
    terms.presentation = row->presentation_units_min;
    terms.shelf_max = row->shelf_units_max;
    terms.order_max = row->order_units_max;
    if (row->service_level) {
      level = row->service_level;
      shortage = holding = std::nullopt;
    }
    if (row->shortage_cost) shortage = row->shortage_cost;
    if (row->holding_cost) holding = row->holding_cost;
    if (row->shortage_cost || row->holding_cost) level = std::nullopt;
  } else if (estate.has_range) {
    terms.orderable = false;
  }
  if (shortage && holding && !level) {
    terms.shortage_cost = *shortage;
    terms.holding_cost = *holding;
  } else {
    terms.level = level.value_or(0.97);
  }
  return terms;
}

Interval interval_of(planner::Period kind, const Drop& drop) {
  if (!drop.orders_today) return {};
  Interval interval{true, period_of(kind, drop.on_shelf), period_of(kind, drop.next_on_shelf)};
  interval.next_on_shelf = std::max(interval.next_on_shelf, interval.on_shelf + 1);
  return interval;
}

}  // namespace nightly
