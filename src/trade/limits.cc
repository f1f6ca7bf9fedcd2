#include "trade/limits.h"

#include <array>

#include "trade/handlers.h"

namespace trade {
namespace {

constexpr auto pence = total_pence_max;

constexpr auto rows = std::to_array<LimitRow>({
    {"contactless_pence", &Limits::contactless_pence, pence},
    {"store_sale_pence", &Limits::store_sale_pence, pence},
    {"store_till_pence", &Limits::store_till_pence, pence},
    {"store_count", &Limits::store_count, 10'000},
    {"store_contactless_pence", &Limits::store_contactless_pence, pence},
    // What is older the acquirer does not take.
    {"store_age_hours", &Limits::store_age_hours, 24},
    {"card_day_pence", &Limits::card_day_pence, pence},
    {"exposure_order_pence", &Limits::exposure_order_pence, pence},
    {"exposure_day_pence", &Limits::exposure_day_pence, pence},
    {"drawer_pence", &Limits::drawer_pence, pence},
    {"pay_out_alone_pence", &Limits::pay_out_alone_pence, pence},
    {"void_line_alone_pence", &Limits::void_line_alone_pence, pence},
    {"void_basket_alone_pence", &Limits::void_basket_alone_pence, pence},
    {"override_alone_pence", &Limits::override_alone_pence, pence},
    {"over_short_alone_pence", &Limits::over_short_alone_pence, pence},
    {"refund_alone_pence", &Limits::refund_alone_pence, pence},
    {"refund_unreceipted_alone_pence", &Limits::refund_unreceipted_alone_pence, pence},
});
static_assert(rows.size() == std::tuple_size_v<decltype(Limits::fields())>);

}  // namespace

std::span<const LimitRow> limit_rows() { return rows; }

Verdict fits(const Partition&, const LimitsSet& set) {
  for (const LimitRow& row : rows)
    if (!within(set.limits.*row.value, 0, row.most)) return no(Refusal::value_out_of_range);
  return {};
}

void apply(Partition& partition, const LimitsSet& set) {
  partition.limits = set.limits;
  if (set.is_of_tables) partition.table_limits = set.limits;
}

// A person sets no tables.
Verdict complete(const Decision& decision, LimitsSet& set) {
  if (set.is_of_tables && decision.command.role != Role::site) return no(Refusal::role_not_allowed);
  return {};
}

}  // namespace trade
