#pragma once
// Calendar dates as day numbers; ISO 8601 in and out. No clock is read here.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// Days since 1970-01-01 (proleptic Gregorian).
struct Date {
  std::int32_t days = 0;

  friend auto operator<=>(Date, Date) = default;
  friend Date operator+(Date date, int count) { return {date.days + count}; }
  friend Date operator-(Date date, int count) { return {date.days - count}; }
  friend std::int32_t operator-(Date a, Date b) { return a.days - b.days; }
};

inline constexpr Date date_min{-(1 << 30)};  // before every date that a file can hold
inline constexpr Date date_max{1 << 30};     // after every date that a file can hold

// "YYYY-MM-DD", years 1900 to 2199, or nothing.
std::optional<Date> parse_date(std::string_view text);
std::string to_string(Date date);

Date make_date(int year, int month, int day);
struct YearMonthDay {
  int year, month, day;
};
YearMonthDay year_month_day(Date date);

// 0 = Monday … 6 = Sunday.
int weekday(Date date);
// The Monday on or before the date.
Date monday_of(Date date);
// ISO 8601 week number, 1 to 53.
int iso_week(Date date);
// Day of the year, 0 to 365.
int day_of_year(Date date);

}  // namespace base
