// On which nights orders leave where no calendar says so.
#include <gtest/gtest.h>

#include "nightly/schedule.h"

namespace nightly {
namespace {

using estate::Estate;

Date date(std::string_view text) { return base::parse_date(text).value(); }

Estate one_shop() {
  Estate estate;
  estate.sites.resize(1);
  return estate;
}

std::string covered_by(const Estate& estate, Date night) {
  const Drop drop = Schedule::build(estate, night).tonight(0, estate::Chain::ambient, {});
  if (!drop.orders_today) return "no order";
  return base::to_string(drop.on_shelf) + " to " + base::to_string(drop.next_on_shelf);
}

// The nights of a stretch on which an order leaves, as "2026-03-05 to 2026-03-12" lines.
std::string nights(const Estate& estate, std::string_view first, int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    if (const std::string covered = covered_by(estate, date(first) + i); covered != "no order")
      text += covered + "\n";
  return text;
}

TEST(ReviewNights, without_a_calendar_only_every_nth_night_orders_and_for_n_periods) {
  Estate estate = one_shop();
  estate.policy.lead_periods = 0;
  estate.policy.review_periods = 7;
  // Day 0 was a Thursday.
  EXPECT_EQ(nights(estate, "2026-03-02", 14),
            "2026-03-06 to 2026-03-13\n2026-03-13 to 2026-03-20\n");
  estate.policy.review_periods = 3;
  EXPECT_EQ(nights(estate, "2026-03-02", 6),
            "2026-03-03 to 2026-03-06\n2026-03-06 to 2026-03-09\n");
  estate.policy.review_periods = 40;
  EXPECT_EQ(nights(estate, "2026-03-02", 40), "2026-03-09 to 2026-04-18\n");
}

TEST(ReviewNights, a_weekly_estate_orders_in_every_nth_week) {
  Estate estate = one_shop();
  estate.period = estate::PeriodKind::week;
  estate.policy.lead_periods = 0;
  estate.policy.review_periods = 2;
  EXPECT_EQ(nights(estate, "2026-03-02", 1), "");
  EXPECT_EQ(nights(estate, "2026-03-09", 1), "2026-03-16 to 2026-03-30\n");
  EXPECT_EQ(nights(estate, "2026-03-15", 1), "2026-03-16 to 2026-03-30\n");
  EXPECT_EQ(nights(estate, "2026-03-16", 1), "");
}

}  // namespace
}  // namespace nightly
