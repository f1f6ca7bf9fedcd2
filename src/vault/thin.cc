#include "vault/thin.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/date.h"

namespace vault {
namespace {

constexpr std::int64_t day_s = 24 * 60 * 60;

// Days, weeks and months that a copy lies in, each counted from some beginning.
struct Spans {
  std::int64_t day, week, month;
};

Spans spans_of(const CopyName& copy) {
  const base::Date date{static_cast<std::int32_t>(copy.made_s / day_s)};
  const base::YearMonthDay ymd = base::year_month_day(date);
  // 1970-01-01 was a Thursday; weeks begin on Monday.
  return {date.days, (std::int64_t{date.days} + 3) / 7, std::int64_t{ymd.year} * 12 + ymd.month};
}

// Copies of one site, sorted by time, at least one.
void thin_site(std::span<const CopyName> copies, const Keep& keep, Thinning& into) {
  const Spans newest = spans_of(copies.back());
  std::set<std::int64_t> days, weeks, months;
  for (const CopyName& copy : copies) {
    const Spans spans = spans_of(copy);
    // All three must be noted, so no short cut.
    const bool first_of_day = days.insert(spans.day).second,
               first_of_week = weeks.insert(spans.week).second,
               first_of_month = months.insert(spans.month).second;
    const bool stays = (first_of_day && newest.day - spans.day < keep.days) ||
                       (first_of_week && newest.week - spans.week < keep.weeks) ||
                       (first_of_month && newest.month - spans.month < keep.months) ||
                       copy == copies.back();
    (stays ? into.kept : into.removed).push_back(copy);
  }
}

}  // namespace

Thinning plan_thinning(std::span<const CopyName> copies, const Keep& keep, std::int64_t now_s) {
  Thinning thinning;
  std::map<std::string_view, std::vector<CopyName>> by_site;
  for (const CopyName& copy : copies) {
    if (copy.made_s > now_s)
      thinning.from_the_future.push_back(copy);
    else
      by_site[copy.site].push_back(copy);
  }
  for (auto& [site, own] : by_site) {
    std::ranges::sort(own, {},
                      [](const CopyName& copy) { return std::pair(copy.made_s, copy.epoch); });
    thin_site(own, keep, thinning);
  }
  for (auto* list : {&thinning.kept, &thinning.removed, &thinning.from_the_future})
    std::ranges::sort(*list);
  return thinning;
}

}  // namespace vault
