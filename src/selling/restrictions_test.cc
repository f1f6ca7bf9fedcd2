#include "selling/restrictions.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/date.h"

namespace selling {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum Nation;

Category category(std::string_view text) { return *Category::of(text); }
Day day(int year, int month, int of_month) {
  return trade::to_day(base::make_date(year, month, of_month));
}

constexpr std::uint8_t every_day = 0x7f, sunday = 0x40, not_sunday = 0x3f;
constexpr std::uint16_t hour = 60;

// The sample table of docs/design/selling-arithmetic.md, which names the sources.
std::vector<RestrictionRow> sample() {
  const auto alcohol = category("alcohol");
  std::vector<RestrictionRow> rows;
  const Day always{1};
  for (const Nation nation : {england, wales})
    rows.push_back({alcohol, nation, day(2005, 11, 24), {}, MinimumAge{18}});
  rows.push_back({alcohol, scotland, day(2009, 9, 1), {}, MinimumAge{18}});
  rows.push_back({alcohol, northern_ireland, always, {}, MinimumAge{18}});
  for (const Nation nation : {england, scotland, wales, northern_ireland})
    rows.push_back({category("painkillers"), nation, always, {}, QuantityLimit{2}});
  rows.push_back(
      {alcohol, scotland, day(2009, 9, 1), {}, SaleHours{every_day, 10 * hour, 22 * hour}});
  rows.push_back(
      {alcohol, northern_ireland, always, {}, SaleHours{not_sunday, 8 * hour, 23 * hour}});
  rows.push_back({alcohol, northern_ireland, always, {}, SaleHours{sunday, 10 * hour, 22 * hour}});
  rows.push_back({alcohol, scotland, day(2018, 5, 1), day(2024, 9, 30), MinimumUnitPrice{50}});
  rows.push_back({alcohol, scotland, day(2024, 9, 30), {}, MinimumUnitPrice{65}});
  rows.push_back({alcohol, wales, day(2020, 3, 2), {}, MinimumUnitPrice{50}});
  return rows;
}

const Day wednesday = day(2026, 11, 25), a_sunday = day(2026, 11, 22);
constexpr AgeCheck adult{18, AgeOutcome::passed};

RestrictedLine whisky(std::int64_t paid_pence, Units units = 1) {
  return {category("alcohol"), units, 700, 400, paid_pence};
}

std::vector<LineRefusal> check(Nation nation, Day on, int minute, const AgeCheck& age,
                               const std::vector<RestrictedLine>& lines) {
  const Moment moment{on, static_cast<std::uint16_t>(minute)};
  return check_restrictions(sample(), nation, moment, age, lines);
}

TEST(Restrictions, ask_for_the_age_once_and_keep_only_the_outcome) {
  const std::vector lines{whisky(2'000)};
  const auto with = [&](const AgeCheck& age) { return check(england, wednesday, 800, age, lines); };
  EXPECT_THAT(with({}), ElementsAre(LineRefusal{0, Refusal::age_unchecked, 18}));
  EXPECT_THAT(with({16, AgeOutcome::passed}),
              ElementsAre(LineRefusal{0, Refusal::age_unchecked, 18}));
  EXPECT_THAT(with({18, AgeOutcome::refused}),
              ElementsAre(LineRefusal{0, Refusal::age_refused, 18}));
  EXPECT_THAT(with({25, AgeOutcome::refused}),
              ElementsAre(LineRefusal{0, Refusal::age_unchecked, 18}));
  EXPECT_THAT(with(adult), IsEmpty());
}

TEST(Restrictions, know_the_hours_of_each_nation) {
  const std::vector lines{whisky(2'000)};
  const auto sold = [&](Nation nation, Day on, int minute) {
    return check(nation, on, minute, adult, lines).empty();
  };
  EXPECT_FALSE(sold(scotland, wednesday, 10 * hour - 1));
  EXPECT_TRUE(sold(scotland, wednesday, 10 * hour));
  EXPECT_TRUE(sold(scotland, wednesday, 22 * hour - 1));
  EXPECT_FALSE(sold(scotland, wednesday, 22 * hour));
  EXPECT_TRUE(sold(northern_ireland, wednesday, 22 * hour));
  EXPECT_FALSE(sold(northern_ireland, a_sunday, 22 * hour));
  EXPECT_TRUE(sold(england, a_sunday, 3 * hour));
  EXPECT_EQ(check(scotland, wednesday, 0, adult, lines)[0].why, Refusal::outside_hours);
}

// The figures of the Scottish Government's consultation on 65 pence a unit.
TEST(Restrictions, round_the_minimum_price_up_as_the_published_examples_do) {
  EXPECT_EQ(minimum_pence(65, 700, 400, 1), 1'820);
  EXPECT_EQ(minimum_pence(65, 700, 375, 1), 1'707);  // 1,706.25
  EXPECT_EQ(minimum_pence(65, 750, 130, 1), 634);
  EXPECT_EQ(minimum_pence(65, 440, 50, 4), 572);
  EXPECT_EQ(minimum_pence(65, 660, 46, 1), 198);  // 197.34
  EXPECT_EQ(minimum_pence(unit_pence_max, 100'000, 1'000, line_units_max), 99'900'000'000'000);
}

TEST(Restrictions, hold_the_minimum_price_of_the_day_against_what_is_paid) {
  const auto with = [](Nation nation, Day on, std::int64_t pence, Units units = 1) {
    return check(nation, on, 800, adult, {whisky(pence, units)});
  };
  EXPECT_THAT(with(scotland, wednesday, 1'819),
              ElementsAre(LineRefusal{0, Refusal::below_minimum_price, 1'820}));
  EXPECT_THAT(with(scotland, wednesday, 1'820), IsEmpty());
  EXPECT_THAT(with(scotland, wednesday, 3'639, 2),
              ElementsAre(LineRefusal{0, Refusal::below_minimum_price, 3'640}));
  EXPECT_THAT(with(scotland, day(2024, 9, 29), 1'400), IsEmpty());
  EXPECT_THAT(with(wales, wednesday, 1'400), IsEmpty());
  EXPECT_THAT(with(england, wednesday, 1), IsEmpty());
}

TEST(Restrictions, count_a_category_over_all_lines) {
  const RestrictedLine one{category("painkillers"), 1, 0, 0, 50};
  const RestrictedLine two{category("painkillers"), 2, 0, 0, 100};
  EXPECT_THAT(check(wales, wednesday, 800, {}, {one, one}), IsEmpty());
  EXPECT_THAT(check(wales, wednesday, 800, {}, {one, two}),
              ElementsAre(LineRefusal{1, Refusal::over_quantity_limit, 2}));
}

TEST(Restrictions, are_all_named_and_the_strictest_row_counts) {
  auto rows = sample();
  rows.push_back({category("alcohol"), scotland, day(2020, 1, 1), {}, MinimumAge{25}});
  rows.push_back({category("alcohol"), scotland, day(2020, 1, 1), {}, QuantityLimit{12}});
  rows.push_back({category("alcohol"), scotland, day(2020, 1, 1), {}, QuantityLimit{24}});
  const std::array lines{RestrictedLine{}, whisky(1, 13)};
  EXPECT_THAT(check_restrictions(rows, scotland, {wednesday, 0}, adult, lines),
              ElementsAre(LineRefusal{1, Refusal::age_unchecked, 25},
                          LineRefusal{1, Refusal::outside_hours, 0},
                          LineRefusal{1, Refusal::below_minimum_price, 23'660},
                          LineRefusal{1, Refusal::over_quantity_limit, 12}));
}

}  // namespace
}  // namespace selling
