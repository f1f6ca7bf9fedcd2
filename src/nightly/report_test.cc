#include "nightly/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using nightly::testing::as_of;
using nightly::testing::Evening;
using nightly::testing::FullEvening;
using ::testing::HasSubstr;
using ::testing::Not;

std::string report(const Evening& evening, const RunFacts& facts = {}) {
  const OrderRunInput input = evening.input();
  return report_html(input, evening.night, figures_of(input, evening.night), facts, "d1g357");
}

TEST(Report, names_the_estate_the_day_and_the_orders_that_it_is_about) {
  Evening evening;
  EXPECT_THAT(report(evening), HasSubstr("<h1><bdi>Small</bdi></h1>"));
  EXPECT_THAT(report(evening), HasSubstr("close of <strong>Tuesday 6 January 2026</strong>"));
  EXPECT_THAT(report(evening), HasSubstr("<code>d1g357</code>"));
  EXPECT_THAT(report(evening), Not(HasSubstr("synthetic sample</span>")));
  evening.estate.name = "Grocer, seed 4 (Synthetic sample)";
  EXPECT_THAT(report(evening), HasSubstr("synthetic sample</span>"));
}

TEST(Report, says_what_is_not_there) {
  for (const char* sentence :
       {"Nothing was ordered.", "No units were withheld.", "No shelf needs a count.",
        "No order was overdue.", "No store wanted anything of a depot.",
        "No supplier has an order tonight.", "No stage was timed.",
        "Nothing was held: all inputs were plausible."})
    EXPECT_THAT(report(Evening()), HasSubstr(sentence));
}

TEST(Report, sets_tonight_beside_last_week_the_dearest_change_first) {
  Evening evening;
  EXPECT_THAT(report(evening), HasSubstr("cannot be set beside last week"));
  OrderLine milk = evening.line("S1", "P1");
  milk.units = 30;
  milk.product = find_product(evening.estate, "P1");
  evening.night.orders = {milk};
  const std::uint32_t s1 = find_site(evening.estate, "S1");
  const std::uint32_t bread = find_product(evening.estate, "P2");
  const std::vector<RunMemory::Ordered> before{{s1, milk.product, 6}, {s1, bread, 10}};
  RunFacts facts;
  facts.changes = week_changes(evening.input(), evening.night, as_of - 7, before);
  const std::string page = report(evening, facts);
  EXPECT_THAT(page, HasSubstr("1 line and £24 tonight, 2 lines and £10 on Tue 30 Dec."));
  EXPECT_THAT(page, HasSubstr("+£19.32"));  // 24 more at 80.5 p
  EXPECT_THAT(page, HasSubstr("-£5.00"));
  EXPECT_LT(page.find("+£19.32"), page.find("-£5.00"));
}

TEST(Report, warns_of_what_makes_its_figures_doubtful) {
  const FullEvening evening;
  EXPECT_THAT(report(evening), HasSubstr("12.5% of tonight&#39;s expected sales"));
  EXPECT_THAT(report(evening), Not(HasSubstr("calendars")));
  EXPECT_THAT(report(evening, {{}, 0, true}), HasSubstr("calendars were not followed"));
}

TEST(Report, sets_what_depots_give_beside_what_was_wanted_by_owner_and_by_lifeline) {
  Evening evening;
  OrderLine milk = evening.line("S1", "P1");
  milk.units = 9;
  milk.cut_units = 3;
  milk.cut_reason = CutReason::pick_capacity;
  evening.night.orders = {milk};
  const std::string page = report(evening);
  EXPECT_THAT(page, HasSubstr("lifeline 0"));
  EXPECT_THAT(page, HasSubstr("75.0%"));  // 9 of 12
}

TEST(Report, each_cause_that_waits_for_a_person_says_what_goes_out_meanwhile) {
  FullEvening evening;
  evening.night.held = {{"case_units.changed-1a2b", "product P1", "products.case_units", "6", "144",
                         "many changed at once"}};
  OrderLine milk = evening.line("S1", "P1");
  milk.units = 37;
  milk.cut_units = 1'009;
  milk.cut_reason = CutReason::held;
  milk.held = 1;
  evening.night.orders = {milk};
  const std::string page = report(evening);
  const std::size_t card = page.find("Held for a person");
  ASSERT_NE(card, std::string::npos);
  const std::string held = page.substr(card, page.find("</section>", card) - card);
  for (const char* text :
       {"case_units.changed-1a2b", "many changed at once", "144", ">37<", ">1,009<"})
    EXPECT_THAT(held, HasSubstr(text));
}

TEST(Report, a_long_list_ends_with_how_many_more_there_are_and_where) {
  Evening evening;
  evening.positions.tasks.assign(1'020, {1, 0, TaskReason::unknown, {100}});
  EXPECT_THAT(report(evening), HasSubstr("1,000 more in count_tasks.csv."));
  evening.positions.tasks.resize(20);
  EXPECT_THAT(report(evening), Not(HasSubstr("more in count_tasks.csv")));
}

TEST(Report, the_most_valuable_overdue_order_comes_first) {
  Evening evening;
  const estate::OnOrderRow bread = evening.estate.on_order[0];
  estate::OnOrderRow dear = bread;
  dear.units = 500;
  dear.order = "DEAR";
  evening.estate.on_order = {bread, dear};
  evening.positions.overdue = {{0, as_of - 4}, {1, as_of - 9}};
  const std::string page = report(evening);
  EXPECT_LT(page.find("DEAR"), page.find("OLD-7"));
}

TEST(Report, fetches_and_runs_nothing) {
  const FullEvening evening;
  const std::string page = report(evening);
  for (const char* way :
       {"<script", "<link", "<img", "<iframe", "url(", "@import", "http:", "href"})
    EXPECT_THAT(page, Not(HasSubstr(way)));
}

}  // namespace
}  // namespace nightly
