#include "vault/thin.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vault {
namespace {

constexpr std::int64_t hour_s = 3'600, day_s = 24 * hour_s;
constexpr std::int64_t monday = 1'781'481'600;  // 2026-06-15, midnight

CopyName at(std::int64_t seconds, const std::string& site = "9001") { return {site, 1, seconds}; }

TEST(Thin, keeps_the_first_copy_of_each_day_and_the_newest) {
  const std::vector<CopyName> copies{at(monday + hour_s), at(monday + 2 * hour_s),
                                     at(monday + 3 * hour_s)};
  const auto plan = plan_thinning(copies, {1, 0, 0}, monday + day_s);
  EXPECT_EQ(plan.kept, (std::vector{copies[0], copies[2]}));
  EXPECT_EQ(plan.removed, std::vector{copies[1]});
}

TEST(Thin, counts_days_back_from_the_newest_copy_and_not_from_now) {
  std::vector<CopyName> copies;
  for (int day = 0; day < 10; ++day) copies.push_back(at(monday + day * day_s));
  const auto plan = plan_thinning(copies, {3, 0, 0}, monday + 400 * day_s);
  EXPECT_EQ(plan.kept, (std::vector{copies[7], copies[8], copies[9]}));
}

TEST(Thin, keeps_the_first_of_each_week_and_month) {
  std::vector<CopyName> copies;
  for (int day = 0; day < 60; ++day) copies.push_back(at(monday + day * day_s));
  const auto plan = plan_thinning(copies, {1, 2, 2}, monday + 60 * day_s);
  // 2026-08-13, the newest; Mondays 08-03 and 08-10; 07-01 and 08-01.
  EXPECT_EQ(plan.kept,
            (std::vector{at(monday + 16 * day_s), at(monday + 47 * day_s), at(monday + 49 * day_s),
                         at(monday + 56 * day_s), at(monday + 59 * day_s)}));
}

TEST(Thin, takes_no_copy_of_the_future_for_the_newest) {
  const std::vector<CopyName> copies{at(monday), at(monday + 9'000 * day_s)};
  const auto plan = plan_thinning(copies, {1, 0, 0}, monday + hour_s);
  EXPECT_EQ(plan.kept, std::vector{copies[0]});
  EXPECT_EQ(plan.from_the_future, std::vector{copies[1]});
  EXPECT_TRUE(plan.removed.empty());
}

std::vector<CopyName> some_copies() {
  std::vector<CopyName> copies;
  for (const int hours : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 24 * 900)))
    copies.push_back(at(monday + hours * hour_s, *rc::gen::element<std::string>("0042", "9001")));
  std::ranges::sort(copies);
  copies.erase(std::unique(copies.begin(), copies.end()), copies.end());
  return copies;
}

Keep some_keep() {
  return {*rc::gen::inRange(1, 20), *rc::gen::inRange(0, 10), *rc::gen::inRange(0, 10)};
}

RC_GTEST_PROP(ThinProperty, nothing_gets_lost_each_sites_newest_stays_and_twice_is_once, ()) {
  const auto copies = some_copies();
  const Keep keep = some_keep();
  const std::int64_t now = monday + 900 * day_s;
  const auto plan = plan_thinning(copies, keep, now);
  RC_ASSERT(plan.kept.size() + plan.removed.size() == copies.size());
  for (const CopyName& removed : plan.removed)
    RC_ASSERT(std::ranges::any_of(plan.kept, [&](const CopyName& kept) {
      return kept.site == removed.site && kept.made_s > removed.made_s;
    }));
  RC_ASSERT(plan_thinning(plan.kept, keep, now).removed.empty());
}

RC_GTEST_PROP(ThinProperty, thinning_every_night_keeps_what_thinning_at_the_end_keeps, ()) {
  auto copies = some_copies();
  std::ranges::sort(copies, {}, &CopyName::made_s);
  const Keep keep = some_keep();
  const std::int64_t now = monday + 900 * day_s;
  std::vector<CopyName> nightly;
  for (const CopyName& copy : copies) {
    nightly.push_back(copy);
    nightly = plan_thinning(nightly, keep, now).kept;
  }
  RC_ASSERT(nightly == plan_thinning(copies, keep, now).kept);
}

}  // namespace
}  // namespace vault
