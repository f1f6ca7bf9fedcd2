#pragma once
// The limits of selling at a site, as its retailer sets them: what a card may do at the terminal,
// what is taken or paid back unasked, what the drawer holds, and what needs a second person.

#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

namespace trade {

// Pence, unless the name says otherwise. Above an `alone` limit a manager has to allow it.
struct Limits {
  std::int64_t contactless_pence = 10'000;  // of a charge: above it, chip and PIN
  // Card payments at our own risk, while nobody can be asked; zero: never.
  std::int64_t store_sale_pence = 5'000;
  std::int64_t store_till_pence = 200'000;  // not answered, all together
  std::int64_t store_count = 100;
  std::int64_t store_contactless_pence = 3'000;
  std::int64_t store_age_hours = 24;  // of offline approvals as well
  // Without asking the owner: from a gift card on a day, of an order ever, of orders on a day.
  std::int64_t card_day_pence = 5'000;
  std::int64_t exposure_order_pence = 10'000;
  std::int64_t exposure_day_pence = 50'000;
  std::int64_t drawer_pence = 100'000;  // of cash, while nothing else is taken
  std::int64_t pay_out_alone_pence = 2'000;
  std::int64_t void_line_alone_pence = 2'000;
  std::int64_t void_basket_alone_pence = 5'000;
  std::int64_t override_alone_pence = 500;  // of what is given away
  std::int64_t over_short_alone_pence = 1'000;
  std::int64_t refund_alone_pence = 5'000;
  std::int64_t refund_unreceipted_alone_pence = 0;
  static constexpr auto fields() {
    return std::tuple(
        &Limits::contactless_pence, &Limits::store_sale_pence, &Limits::store_till_pence,
        &Limits::store_count, &Limits::store_contactless_pence, &Limits::store_age_hours,
        &Limits::card_day_pence, &Limits::exposure_order_pence, &Limits::exposure_day_pence,
        &Limits::drawer_pence, &Limits::pay_out_alone_pence, &Limits::void_line_alone_pence,
        &Limits::void_basket_alone_pence, &Limits::override_alone_pence,
        &Limits::over_short_alone_pence, &Limits::refund_alone_pence,
        &Limits::refund_unreceipted_alone_pence);
  }
  friend bool operator==(const Limits&, const Limits&) = default;
};

// What a limit is called, and the highest that it may be; none is below zero.
struct LimitRow {
  std::string_view name;
  std::int64_t Limits::*value;
  std::int64_t most;
};
std::span<const LimitRow> limit_rows();  // in the order of fields()

// All of them at once. Those of the retailer's tables are remembered beside those in force: only
// other tables take back what somebody has set by hand.
struct LimitsSet {
  Limits limits = {};
  bool is_of_tables = false;
  static constexpr auto fields() {
    return std::tuple(&LimitsSet::limits, &LimitsSet::is_of_tables);
  }
  friend bool operator==(const LimitsSet&, const LimitsSet&) = default;
};

}  // namespace trade
