#include "paper/words.h"

#include <array>

#include <fmt/core.h>

namespace paper {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

}  // namespace

std::string day_text(trade::Day day) {
  const base::Date date = trade::to_date(day);
  const base::YearMonthDay parts = base::year_month_day(date);
  return fmt::format("{} {} {} {}", weekdays[static_cast<std::size_t>(base::weekday(date))],
                     parts.day, months[static_cast<std::size_t>(parts.month - 1)], parts.year);
}

std::string delivery_text(const trade::OrderKey& key) {
  return fmt::format("{}, drop {}, {}", day_text(key.delivery), key.drop, text_of(key.chain));
}

std::string form_text(const Order& order) {
  if (order.is_whole()) return "A whole order, in place of the standing order";
  return "Changes to the standing order of " + day_text(order.standing_from);
}

std::string intent_text(const Order& order) {
  if (!order.rehearsal.given()) return "Real";
  return fmt::format("Rehearsal of {}: deliver nothing", day_text(order.rehearsal));
}

std::string made_text(const Order& order) {
  const std::int64_t minutes = order.made_ms / 60'000;
  const base::Date date{static_cast<std::int32_t>(minutes / 1'440)};
  return fmt::format("{} {:02}:{:02} UTC", to_string(date), minutes / 60 % 24, minutes % 60);
}

}  // namespace paper
