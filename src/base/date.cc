#include "base/date.h"

#include <array>

#include <fmt/core.h>

#include "base/result.h"

namespace base {
namespace {

// Howard Hinnant's days_from_civil, http://howardhinnant.github.io/date_algorithms.html
std::int32_t days_from_civil(int year, int month, int day) {
  year -= month <= 2;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(int year, int month) {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::array<int, 8> digits;
  constexpr std::array positions{0, 1, 2, 3, 5, 6, 8, 9};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    digits[i] = text[static_cast<std::size_t>(positions[i])] - '0';
    if (digits[i] < 0 || digits[i] > 9) return std::nullopt;
  }
  const int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
  const int month = digits[4] * 10 + digits[5];
  const int day = digits[6] * 10 + digits[7];
  if (year < 1900 || year > 2199 || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return Date{days_from_civil(year, month, day)};
}

Date make_date(int year, int month, int day) { return {days_from_civil(year, month, day)}; }

// Howard Hinnant's civil_from_days, same source as above.
YearMonthDay year_month_day(Date date) {
  const int shifted = date.days + 719468;
  const int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int day_of_era = shifted - era * 146097;
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

std::string to_string(Date date) {
  const YearMonthDay ymd = year_month_day(date);
  return fmt::format("{:04}-{:02}-{:02}", ymd.year, ymd.month, ymd.day);
}

int weekday(Date date) {
  const int shifted = (date.days + 3) % 7;  // 1970-01-01 was a Thursday
  return shifted < 0 ? shifted + 7 : shifted;
}

Date monday_of(Date date) { return date - weekday(date); }

int iso_week(Date date) {
  const Date thursday = monday_of(date) + 3;
  return day_of_year(thursday) / 7 + 1;
}

int day_of_year(Date date) { return date - make_date(year_month_day(date).year, 1, 1); }

}  // namespace base
