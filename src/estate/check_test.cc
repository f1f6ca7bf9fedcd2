#include "estate/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/shared.h"
#include "estate/testing/small_estate.h"

namespace estate {
namespace {

using testing::Files;
using testing::read_files;
using testing::small_estate;

const Date as_of = base::make_date(2026, 1, 6);

bool nobody_asks(std::uint32_t, std::uint32_t) { return true; }

CheckReport check_files(const Files& files, Date day = as_of, bool lenient = false) {
  const auto estate = read_files(files, {.lenient = lenient});
  CHECK(estate.has_value());
  return check(*estate, day, nobody_asks);
}

std::vector<std::string> texts(const CheckReport& report, Severity severity) {
  std::vector<std::string> found;
  for (const Finding& finding : report.findings)
    if (finding.severity == severity) found.push_back(finding.file + ": " + finding.text);
  return found;
}

// Twenty-eight days of 100 units at S1 and S2 up to as_of.
Files four_weeks() {
  Files files = small_estate();
  files["sales.csv"] = "date,site,product,units\n";
  for (int day = 0; day < check_periods; ++day)
    for (const char* site : {"S1", "S2"})
      files["sales.csv"] += fmt::format("{},{},P1,100\n", base::to_string(as_of - day), site);
  return files;
}

TEST(Check, a_complete_estate_has_nothing_to_warn_of_but_its_missing_stock) {
  const CheckReport report = check_files(four_weeks());
  EXPECT_EQ(report.completeness.sites_open, 2u);
  EXPECT_EQ(report.completeness.sites_reported_last, 2u);
  EXPECT_EQ(report.completeness.periods_expected, 56u);
  EXPECT_EQ(report.completeness.periods_reported, 56u);
  EXPECT_TRUE(report.jumps.empty());
  EXPECT_EQ(report.files[3].age_periods, 0);
  EXPECT_EQ(report.orderable.lines.forecast, 2u);
  EXPECT_EQ(report.orderable.sites.forecast, 2u);
  EXPECT_THAT(texts(report, Severity::warn),
              ::testing::ElementsAre("stock.csv: no such file: every order is its forecast"));
  EXPECT_TRUE(texts(report, Severity::stop).empty());
}

TEST(Check, silent_sites_are_named_with_how_long_and_closed_days_are_not_silence) {
  Files files = four_weeks();
  files["sites.csv"] += "S3,store,D1\nS4,store,\n";
  files["sales.csv"] += "2026-01-03,S3,P1,1\n";
  const CheckReport report = check_files(files);
  EXPECT_THAT(
      texts(report, Severity::warn),
      ::testing::IsSupersetOf({"sales.csv: 2 of 4 open sites (50.0 %) reported the last period",
                               "sales.csv: S3 has been silent for 3 periods",
                               "sales.csv: S4 has never reported"}));
  EXPECT_EQ(report.completeness.periods_reported, 57u);
  EXPECT_EQ(report.completeness.periods_expected, 4u * 28);
  EXPECT_EQ(report.sites_without_depot, 1u);
  files["site_calendar.csv"] = "date,site,state\n2026-01-06,S3,closed\n2026-01-06,S4,closed\n";
  EXPECT_TRUE(check_files(files).completeness.silent.empty());
  EXPECT_EQ(check_files(files, as_of + 5).completeness.silent.size(), 4u);
}

TEST(Check, a_day_of_more_than_five_medians_or_less_than_a_fifth_is_a_jump) {
  Files files = four_weeks();
  files["sales.csv"] += "2026-01-05,S1,P2,401\n2026-01-04,S1,P2,400\n2026-01-03,S2,P2,-81\n";
  const CheckReport report = check_files(files);
  ASSERT_EQ(report.jumps.size(), 2u);
  EXPECT_EQ(report.jumps[0].units, 501);
  EXPECT_EQ(report.jumps[0].median_units, 100);
  EXPECT_EQ(report.jumps[1].units, 19);
  EXPECT_THAT(texts(report, Severity::warn),
              ::testing::Contains("sales.csv: S1 sold 501 units on 2026-01-05, usually 100"));
}

TEST(Check, lines_are_orderable_fully_by_forecast_or_not_with_the_reason) {
  Files files = small_estate();
  files["sites.csv"] += "S3,store,D1\n";
  files["range.csv"] =
      "site,product,status,like_product\nS1,P1,,\nS1,P2,,\nS1,P3,,\nS2,P2,launch,P1\n"
      "S2,P1,blocked,\n";
  files["stock.csv"] = "site,product,on_hand_units,as_of\nS1,P1,-3,2026-01-01\nS2,P3,1,\n";
  const CheckReport report = check_files(files);
  EXPECT_EQ(report.lines_in_range, 4u);
  EXPECT_EQ(report.lines_with_stock, 1u);
  EXPECT_EQ(report.lines_negative, 1u);
  EXPECT_EQ(report.orderable.lines.full, 1u);
  EXPECT_EQ(report.orderable.lines.forecast, 2u);
  EXPECT_EQ(report.orderable.lines.none, 2u);
  EXPECT_EQ(report.orderable.sites.full, 1u);
  EXPECT_EQ(report.orderable.sites.forecast, 1u);
  EXPECT_EQ(report.orderable.sites.none, 1u);
  EXPECT_EQ(report.stock_oldest, base::make_date(2026, 1, 1));
  EXPECT_THAT(texts(report, Severity::warn),
              ::testing::IsSupersetOf(
                  {": not ordered: blocked in range.csv (1 line; all lines of 0 sites)",
                   ": not ordered: no product in range (0 lines; all lines of 1 site)",
                   ": not ordered: never sold, no stock record, and nothing to learn from in "
                   "range.csv (1 line; all lines of 0 sites)",
                   "stock.csv: 1 line with less than nothing on hand, to be counted"}));
}

TEST(Check, weighed_goods_make_no_jump_and_no_odd_case) {
  Files files = four_weeks();
  files["products.csv"] = "product,measure,case_units\nP1,each,1\nP2,g,5000\n";
  files["sales.csv"] += "2026-01-06,S1,P2,25000\n";
  const CheckReport report = check_files(files);
  EXPECT_TRUE(report.jumps.empty());
  EXPECT_EQ(report.products.case_odd, 0u);
}

TEST(Check, odd_goods_and_rejected_rows_are_counted) {
  Files files = small_estate();
  files["products.csv"] =
      "product,unit_price,case_units,date_kind,shelf_life_days,colour\n"
      "P1,0,2000,use_by,,red\nP2,1.5,1000,best_before,9,red\nP3,,12,none,,red\nP4,x,1,,,\n";
  const CheckReport report = check_files(files, as_of, true);
  EXPECT_EQ(report.products.price_zero, 1u);
  EXPECT_EQ(report.products.no_price, 1u);
  EXPECT_EQ(report.products.case_odd, 1u);
  EXPECT_EQ(report.products.no_life, 1u);
  EXPECT_EQ(report.products.no_supplier, 3u);
  EXPECT_THAT(texts(report, Severity::warn),
              ::testing::Contains("products.csv: 1 row left out as bad"));
  EXPECT_THAT(texts(report, Severity::info),
              ::testing::Contains("products.csv: colour is not known and was not read"));
}

TEST(Check, a_case_of_more_than_twice_the_shelf_is_counted_and_exactly_twice_is_not) {
  Files files = small_estate();
  files["products.csv"] = "product,case_units\nP1,12\nP2,13\nP3,1\n";
  files["range.csv"] =
      "site,product,shelf_units_max,order_multiple_units\nS1,P1,6,\nS1,P2,6,\nS1,P3,6,13\n"
      "S2,P2,,\nS2,P1,6,1\n";
  const CheckReport report = check_files(files);
  EXPECT_EQ(report.lines_case_over_shelf, 2u);
  EXPECT_THAT(texts(report, Severity::warn),
              ::testing::Contains("range.csv: 2 lines with a case of more than twice the shelf: "
                                  "none fits, none is ordered"));
}

TEST(Check, lines_that_nobody_supplies_are_counted) {
  const auto estate = read_files(small_estate());
  ASSERT_TRUE(estate);
  const std::uint32_t milk = find_product(*estate, "P1");
  const CheckReport report =
      check(*estate, as_of, [&](std::uint32_t, std::uint32_t product) { return product != milk; });
  EXPECT_EQ(report.lines_without_source, 2u);
  EXPECT_THAT(texts(report, Severity::warn),
              ::testing::Contains(
                  "supply.csv: 2 lines that nobody supplies: ordered, with an empty source"));
}

TEST(Check, an_estate_that_cannot_be_ordered_for_is_stopped) {
  Files files = small_estate();
  files["sales.csv"] = "date,site,product,units\n";
  EXPECT_THAT(texts(check_files(files), Severity::stop),
              ::testing::ElementsAre("sales.csv: no sales up to this day",
                                     ": no line is in range: nothing can be ordered"));
  files["sites.csv"] = "site,kind\nD1,depot\n";
  EXPECT_THAT(texts(check_files(files), Severity::stop),
              ::testing::Contains("sites.csv: no store or online site is open on this day"));
}

TEST(Check, the_weekly_real_estate_is_complete_at_its_last_week) {
  const auto folder = base::testing::shared_path("data/vn2");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "NO REAL DATA: " << folder << " is missing";
  const auto estate = read_estate(io::real_disk(), folder, {});
  ASSERT_TRUE(estate) << estate.error().message;
  const CheckReport report = check(*estate, base::make_date(2024, 4, 14), nobody_asks);
  EXPECT_EQ(report.completeness.sites_open, 67u);
  EXPECT_EQ(report.completeness.sites_reported_last, 67u);
  EXPECT_EQ(report.orderable.lines.none, 0u);
  EXPECT_EQ(report.lines_in_range + report.lines_dormant, 599u);
}

}  // namespace
}  // namespace estate
