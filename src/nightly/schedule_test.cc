#include "nightly/schedule.h"

#include <map>
#include <ostream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/result.h"

namespace nightly {
namespace {

using estate::CalendarRow;
using estate::Chain;
using estate::DayState;
using estate::DeliveryRow;
using estate::Estate;
using estate::none;

constexpr std::uint32_t shop = 0, depot = 1, other_depot = 2;
constexpr std::uint32_t dairy = 0, baker = 1;
constexpr Source from_depot{.site = depot};

Date date(std::string_view text) { return base::parse_date(text).value(); }

Estate small_estate() {
  Estate estate;
  estate.sites.resize(3);
  estate.sites[shop].depot = depot;
  for (const std::uint32_t site : {depot, other_depot})
    estate.sites[site].kind = estate::SiteKind::depot;
  estate.suppliers.resize(2);
  return estate;
}

int weekday_named(std::string_view text) {
  constexpr std::array names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const auto found = std::ranges::find(names, text);
  CHECK(found != names.end());
  return static_cast<int>(found - names.begin());
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// "Mon>Wed" or, for a second drop, "Mon>Wed#2"; "Mon>" does not say when it is delivered.
std::vector<DeliveryRow> deliveries(const std::string& text, Chain chain = Chain::chilled) {
  std::vector<DeliveryRow> rows;
  for (const std::string& word : words(text)) {
    const std::size_t number = word.find('#');
    const std::string arrives = word.substr(4, std::min(number, word.size()) - 4);
    rows.push_back({.site = shop,
                    .chain = chain,
                    .order_weekday = static_cast<std::uint8_t>(weekday_named(word.substr(0, 3))),
                    .drop = number == std::string::npos ? 1 : std::stoi(word.substr(number + 1)),
                    .route = {}});
    if (!arrives.empty()) rows.back().deliver_weekday = weekday_named(arrives);
  }
  return rows;
}

CalendarRow calendar_row(Date day, DayState state, std::uint32_t site = shop) {
  CalendarRow row;
  row.date = day;
  row.site = site;
  row.state = state;
  return row;
}

// "2026-12-25:closed" or "2026-12-25:no_delivery>2026-12-27".
std::vector<CalendarRow> calendar(const std::string& text) {
  std::vector<CalendarRow> rows;
  for (const std::string& word : words(text)) {
    const std::string_view state = std::string_view(word).substr(11);
    const std::size_t moved = word.find('>');
    CalendarRow row = calendar_row(date(std::string_view(word).substr(0, 10)), DayState::open);
    if (state.starts_with("closed")) row.state = DayState::closed;
    if (state.starts_with("no_delivery")) row.state = DayState::no_delivery;
    if (moved != std::string::npos) row.moved_to = date(word.substr(moved + 1));
    rows.push_back(row);
  }
  return rows;
}

// "no order", or the days that tonight's order is for: from on_shelf up to, without, next_on_shelf.
std::string covers(const Drop& drop) {
  if (!drop.orders_today) return "no order";
  return base::to_string(drop.on_shelf) + " to " + base::to_string(drop.next_on_shelf);
}

std::string tonight(const Estate& estate, std::string_view night, const Source& source = from_depot,
                    Chain chain = Chain::chilled) {
  return covers(Schedule::build(estate, date(night)).tonight(shop, chain, source));
}

struct CalendarCase {
  const char* words;
  const char* deliveries;
  const char* calendar;
  const char* night;
  const char* covers;
};

constexpr const char* town = "Mon>Tue Tue>Wed Wed>Thu Thu>Fri Fri>Sat Sat>Mon";

// 2026-03-02 is a Monday, 2026-12-25 a Friday, 2024-02-26 a Monday.
constexpr CalendarCase calendar_cases[] = {
    {"Monday's order comes on Wednesday and lasts until Friday's comes", "Mon>Wed Wed>Fri Fri>Mon",
     "", "2026-03-02", "2026-03-04 to 2026-03-06"},
    {"Friday's order comes on Monday and lasts until Wednesday", "Mon>Wed Wed>Fri Fri>Mon", "",
     "2026-03-06", "2026-03-09 to 2026-03-11"},
    {"no order leaves on a Tuesday that is no order day", "Mon>Wed Wed>Fri Fri>Mon", "",
     "2026-03-03", "no order"},
    {"a town shop's Friday order has to last over Sunday", town, "", "2026-03-06",
     "2026-03-07 to 2026-03-09"},
    {"a town shop's Saturday order comes on Monday", town, "", "2026-03-07",
     "2026-03-09 to 2026-03-10"},
    {"a town shop orders nothing on Sunday", town, "", "2026-03-08", "no order"},
    {"the island's boat on Thursday brings Monday's order", "Mon>Thu Thu>Mon", "", "2026-03-02",
     "2026-03-05 to 2026-03-09"},
    {"the island's boat on Monday brings Thursday's order", "Mon>Thu Thu>Mon", "", "2026-03-05",
     "2026-03-09 to 2026-03-12"},
    {"when the island's boat is cancelled its order does not leave", "Mon>Thu Thu>Mon",
     "2026-03-05:no_delivery", "2026-03-02", "no order"},
    {"the order before a cancelled boat has to last until the boat after it", "Mon>Thu Thu>Mon",
     "2026-03-05:no_delivery", "2026-02-26", "2026-03-02 to 2026-03-09"},
    {"a delivery on the order's own weekday is a week later", "Wed>Wed", "", "2026-03-04",
     "2026-03-11 to 2026-03-18"},
    {"a delivery on the weekday before is six days later", "Wed>Tue", "", "2026-03-04",
     "2026-03-10 to 2026-03-17"},
    {"Sunday's order comes on Monday", "Sun>Mon Mon>Sun", "", "2026-03-08",
     "2026-03-09 to 2026-03-15"},
    {"of two drops of one order day the earlier lasts until the later", "Mon>Wed#1 Mon>Tue#2", "",
     "2026-03-02", "2026-03-03 to 2026-03-04"},
    {"two drops on one morning last alike", "Mon>Tue#1 Mon>Tue#2 Wed>Thu", "", "2026-03-02",
     "2026-03-03 to 2026-03-05"},
    {"a later order that comes sooner does not shorten this one", "Mon>Thu Tue>Wed Wed>Fri", "",
     "2026-03-02", "2026-03-05 to 2026-03-06"},
    {"the year ends between order and delivery", "Tue>Fri Fri>Tue", "", "2026-12-29",
     "2027-01-01 to 2027-01-05"},
    {"29 February is a day like others", "Mon>Thu Thu>Fri", "", "2024-02-26",
     "2024-02-29 to 2024-03-01"},
    {"the night the clocks change is a night like others", town, "", "2026-03-28",
     "2026-03-30 to 2026-03-31"},
    {"no order leaves for a delivery on Christmas Day", town, "2026-12-25:closed", "2026-12-24",
     "no order"},
    {"Christmas Eve's goods last until Boxing Day", town, "2026-12-25:closed", "2026-12-23",
     "2026-12-24 to 2026-12-26"},
    {"over two closed days Christmas Eve's goods last until Monday", town,
     "2026-12-25:closed 2026-12-26:closed", "2026-12-23", "2026-12-24 to 2026-12-28"},
    {"Christmas Day's delivery moved to Sunday lasts until Monday", town,
     "2026-12-25:closed>2026-12-27", "2026-12-24", "2026-12-27 to 2026-12-28"},
    {"a delivery moved to the 24th brings the order of the 22nd", "Tue>Fri Fri>Tue",
     "2026-12-25:closed>2026-12-24", "2026-12-22", "2026-12-24 to 2026-12-29"},
    {"a delivery moved to a day that is over takes no order", town, "2026-12-25:closed>2026-12-24",
     "2026-12-24", "no order"},
    {"a delivery that is moved onto the next one's day lasts as long as that", town,
     "2026-12-25:closed>2026-12-26", "2026-12-24", "2026-12-26 to 2026-12-28"},
    {"a day that is open is delivered to", town, "2026-12-25:open", "2026-12-24",
     "2026-12-25 to 2026-12-26"},
    {"a closed shop may order, if the goods come when it is open", "Fri>Sat Sat>Mon",
     "2026-12-25:closed", "2026-12-25", "2026-12-26 to 2026-12-28"},
    {"without a calendar the policy's lead and review count", "", "", "2026-03-02",
     "2026-03-04 to 2026-03-05"},
    {"without a calendar an order still does not come to a closed shop", "", "2026-12-25:closed",
     "2026-12-23", "no order"},
    {"without a calendar the order before lasts over the closed day", "", "2026-12-25:closed",
     "2026-12-22", "2026-12-24 to 2026-12-26"},
    {"a calendar that does not say when it delivers takes the policy's lead", "Mon> Thu>", "",
     "2026-03-02", "2026-03-04 to 2026-03-07"},
};

TEST(Schedule, calendars_give_the_days_that_shopkeepers_expect) {
  for (const CalendarCase& c : calendar_cases) {
    Estate estate = small_estate();
    estate.deliveries = deliveries(c.deliveries);
    estate.calendar = calendar(c.calendar);
    EXPECT_EQ(tonight(estate, c.night), c.covers) << c.words;
  }
}

TEST(Schedule, a_calendar_of_one_chain_leaves_the_others_to_the_policy) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Wed", Chain::frozen);
  EXPECT_EQ(tonight(estate, "2026-03-03", from_depot, Chain::frozen), "no order");
  EXPECT_EQ(tonight(estate, "2026-03-03", from_depot, Chain::ambient), "2026-03-05 to 2026-03-06");
}

TEST(Schedule, a_sources_lead_beats_the_policy_and_its_weekdays_limit_the_nights) {
  const Estate estate = small_estate();
  Source source{.site = depot, .lead_days = 3};
  EXPECT_EQ(tonight(estate, "2026-03-02", source), "2026-03-05 to 2026-03-06");
  source.order_weekdays = 0b0001001;  // Monday and Thursday
  EXPECT_EQ(tonight(estate, "2026-03-02", source), "2026-03-05 to 2026-03-08");
  EXPECT_EQ(tonight(estate, "2026-03-03", source), "no order");
  EXPECT_EQ(tonight(estate, "2026-03-05", source), "2026-03-08 to 2026-03-12");
  source.lead_days = 0;
  EXPECT_EQ(tonight(estate, "2026-03-02", source), "2026-03-03 to 2026-03-06");
}

TEST(Schedule, a_source_that_orders_on_all_weekdays_keeps_the_policys_review) {
  Estate estate = small_estate();
  estate.policy.review_periods = 3;
  const Source source{.site = depot, .lead_days = 1, .order_weekdays = 0x7f};
  EXPECT_EQ(tonight(estate, "2026-03-02", source), "2026-03-03 to 2026-03-06");
  EXPECT_EQ(tonight(estate, "2026-03-03", source), "no order");
}

TEST(Schedule, a_calendar_without_delivery_weekdays_takes_the_sources_lead) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon> Thu>");
  const Source source{.site = depot, .lead_days = 4, .order_weekdays = 0b0000010};
  EXPECT_EQ(tonight(estate, "2026-03-02", source), "2026-03-06 to 2026-03-09");
}

TEST(Schedule, a_newer_row_for_the_same_weekday_and_drop_replaces_the_older_from_its_day) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Wed Mon>Thu");
  estate.deliveries[1].from = date("2026-03-09");
  EXPECT_EQ(tonight(estate, "2026-03-02"), "2026-03-04 to 2026-03-12");
  EXPECT_EQ(tonight(estate, "2026-03-09"), "2026-03-12 to 2026-03-19");
}

TEST(Schedule, an_interval_ends_with_the_first_drop_of_the_calendar_that_follows) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Wed Tue>Thu");
  estate.deliveries[0].to = date("2026-03-09");
  estate.deliveries[1].from = date("2026-03-10");
  EXPECT_EQ(tonight(estate, "2026-03-02"), "2026-03-04 to 2026-03-11");
  EXPECT_EQ(tonight(estate, "2026-03-09"), "2026-03-11 to 2026-03-12");
  EXPECT_EQ(tonight(estate, "2026-03-16"), "no order");
  EXPECT_EQ(tonight(estate, "2026-03-17"), "2026-03-19 to 2026-03-26");
}

TEST(Schedule, after_the_last_day_of_a_calendar_the_policy_counts_again) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Tue");
  estate.deliveries[0].to = date("2026-03-02");
  EXPECT_EQ(tonight(estate, "2026-03-02"), "2026-03-03 to 2026-03-05");
  EXPECT_EQ(tonight(estate, "2026-03-03"), "2026-03-05 to 2026-03-06");
}

TEST(Schedule, calendar_rows_with_a_chain_or_drop_are_for_those_only) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Tue#1 Mon>Tue#2 Tue>Wed#1");
  estate.calendar = calendar("2026-03-03:no_delivery");
  estate.calendar[0].chain = Chain::frozen;
  EXPECT_EQ(tonight(estate, "2026-03-02"), "2026-03-03 to 2026-03-04");
  estate.calendar[0].chain = Chain::chilled;
  EXPECT_EQ(tonight(estate, "2026-03-02"), "no order");
  estate.calendar[0].drop = 1;
  const Drop second = Schedule::build(estate, date("2026-03-02")).tonight(shop, Chain::chilled, {});
  EXPECT_EQ(second.drop, 2);
  EXPECT_EQ(covers(second), "2026-03-03 to 2026-03-04");
}

TEST(Schedule, the_most_specific_calendar_row_counts) {
  Estate estate = small_estate();
  estate.deliveries = deliveries(town);
  estate.calendar = calendar("2026-12-25:closed 2026-12-25:open 2026-12-25:closed>2026-12-27");
  estate.calendar[1].chain = Chain::chilled;
  EXPECT_EQ(tonight(estate, "2026-12-24"), "2026-12-25 to 2026-12-26");
  estate.calendar[2].chain = Chain::chilled;
  estate.calendar[2].drop = 1;
  EXPECT_EQ(tonight(estate, "2026-12-24"), "2026-12-27 to 2026-12-28");
}

TEST(Schedule, a_closed_day_is_no_selling_day_and_a_day_without_delivery_is_one) {
  Estate estate = small_estate();
  estate.sites[shop].opened_on = date("2026-03-02");
  estate.sites[shop].closed_on = date("2026-12-30");
  estate.calendar = calendar("2026-12-25:closed 2026-12-26:no_delivery 2026-12-27:closed");
  estate.calendar[2].chain = Chain::frozen;
  const Schedule schedule = Schedule::build(estate, date("2026-12-01"));
  EXPECT_FALSE(schedule.open_on(shop, date("2026-03-01")));
  EXPECT_TRUE(schedule.open_on(shop, date("2026-03-02")));
  EXPECT_FALSE(schedule.open_on(shop, date("2026-12-25")));
  EXPECT_TRUE(schedule.open_on(shop, date("2026-12-26")));
  EXPECT_TRUE(schedule.open_on(shop, date("2026-12-27")));
  EXPECT_TRUE(schedule.open_on(shop, date("2026-12-29")));
  EXPECT_FALSE(schedule.open_on(shop, date("2026-12-30")));
  EXPECT_TRUE(schedule.open_on(depot, date("2026-12-25")));
}

TEST(Schedule, nothing_comes_to_a_site_that_has_shut_and_the_last_order_lasts_the_bound) {
  Estate estate = small_estate();
  estate.sites[shop].closed_on = date("2026-03-06");
  EXPECT_EQ(tonight(estate, "2026-03-03"), "2026-03-05 to 2026-04-02");
  EXPECT_EQ(tonight(estate, "2026-03-04"), "no order");
}

TEST(Schedule, a_drop_carries_its_number_capacity_order_date_and_source) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Tue#3 Tue>Wed");
  estate.deliveries[0].capacity = 900;
  estate.deliveries[0].capacity_basis = estate::CapacityBasis::cages;
  estate.deliveries[0].source_site = other_depot;
  const Drop drop =
      Schedule::build(estate, date("2026-03-02")).tonight(shop, Chain::chilled, from_depot);
  EXPECT_EQ(drop, (Drop{.orders_today = true,
                        .drop = 3,
                        .on_shelf = date("2026-03-03"),
                        .next_on_shelf = date("2026-03-04"),
                        .capacity = 900,
                        .capacity_basis = estate::CapacityBasis::cages,
                        .order_date = date("2026-03-02"),
                        .source_site = other_depot,
                        .source_supplier = none}));
  const Drop plain =
      Schedule::build(estate, date("2026-03-03")).tonight(shop, Chain::chilled, from_depot);
  EXPECT_EQ(plain.source_site, depot);
}

TEST(Schedule, the_dairys_van_carries_no_bread_and_the_depots_lorry_no_milk) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Tue Tue>Wed Wed>Thu#2");
  estate.deliveries[0].source_site = depot;
  estate.deliveries[1].source_supplier = dairy;
  const Source milk{.supplier = dairy, .flow = estate::Flow::direct};
  const Source bread{.supplier = baker, .flow = estate::Flow::direct, .lead_days = 1};
  EXPECT_EQ(tonight(estate, "2026-03-02"), "2026-03-03 to 2026-03-05");
  EXPECT_EQ(tonight(estate, "2026-03-03"), "no order");
  EXPECT_EQ(tonight(estate, "2026-03-02", milk), "no order");
  EXPECT_EQ(tonight(estate, "2026-03-03", milk), "2026-03-04 to 2026-03-05");
  EXPECT_EQ(tonight(estate, "2026-03-04", milk), "2026-03-05 to 2026-03-11");
  EXPECT_EQ(tonight(estate, "2026-03-02", bread), "no order");
  estate.deliveries.pop_back();
  EXPECT_EQ(tonight(estate, "2026-03-02", bread), "2026-03-03 to 2026-03-04");
}

TEST(Schedule, where_every_row_names_a_supplier_he_brings_the_depots_goods_too) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Tue Mon>Wed#2");
  estate.deliveries[0].source_supplier = dairy;
  estate.deliveries[1].to = date("2026-03-01");  // the depot's last lorry
  const Drop drop =
      Schedule::build(estate, date("2026-03-02")).tonight(shop, Chain::chilled, from_depot);
  EXPECT_EQ(covers(drop), "2026-03-03 to 2026-03-10");
  EXPECT_EQ(drop.source_supplier, dairy);
  EXPECT_EQ(drop.source_site, none);
}

TEST(Schedule, future_drops_come_in_the_order_of_their_order_dates) {
  Estate estate = small_estate();
  estate.deliveries = deliveries("Mon>Wed#1 Mon>Tue#2 Thu>Fri");
  const Schedule schedule = Schedule::build(estate, date("2026-03-01"));
  std::string all;
  for (const Drop& drop :
       schedule.drops(shop, Chain::chilled, from_depot, date("2026-03-02"), date("2026-03-09")))
    all += base::to_string(drop.order_date) + " " + std::to_string(drop.drop) + ": " +
           covers(drop) + "\n";
  EXPECT_EQ(all,
            "2026-03-02 2: 2026-03-03 to 2026-03-04\n"
            "2026-03-02 1: 2026-03-04 to 2026-03-06\n"
            "2026-03-05 1: 2026-03-06 to 2026-03-10\n"
            "2026-03-09 2: 2026-03-10 to 2026-03-11\n"
            "2026-03-09 1: 2026-03-11 to 2026-03-13\n");
}

TEST(Schedule, a_weekly_estate_counts_in_mondays_and_ignores_calendars) {
  Estate estate = small_estate();
  estate.period = estate::PeriodKind::week;
  EXPECT_FALSE(Schedule::build(estate, date("2026-03-02")).ignores_calendars());
  estate.deliveries = deliveries("Tue>Wed");
  estate.calendar = calendar("2026-03-16:no_delivery 2026-03-09:closed");
  EXPECT_TRUE(Schedule::build(estate, date("2026-03-02")).ignores_calendars());
  for (const char* night : {"2026-03-02", "2026-03-05", "2026-03-08"})
    EXPECT_EQ(tonight(estate, night), "2026-03-16 to 2026-03-23") << night;
  estate.policy.lead_periods = 0;
  estate.policy.review_periods = 2;
  EXPECT_EQ(tonight(estate, "2026-12-31"), "2027-01-04 to 2027-01-18");

  estate.period = estate::PeriodKind::day;
  EXPECT_FALSE(Schedule::build(estate, date("2026-03-02")).ignores_calendars());
}

TEST(Schedule, a_weekly_estate_has_goods_on_the_shelf_from_the_monday_of_the_week_they_are_due_in) {
  Estate estate = small_estate();
  estate.period = estate::PeriodKind::week;
  for (const auto& [lead_days, covered] : {std::pair{1, "2026-03-09 to 2026-03-16"},
                                           {7, "2026-03-09 to 2026-03-16"},
                                           {8, "2026-03-16 to 2026-03-23"},
                                           {14, "2026-03-16 to 2026-03-23"}}) {
    const Source source{.site = depot, .lead_days = lead_days, .order_weekdays = 0b0000010};
    EXPECT_EQ(tonight(estate, "2026-03-04", source), covered) << lead_days;
  }
}

TEST(Schedule, a_weekly_estate_lists_one_drop_a_week) {
  Estate estate = small_estate();
  estate.period = estate::PeriodKind::week;
  const auto drops = Schedule::build(estate, date("2026-03-04"))
                         .drops(shop, Chain::ambient, {}, date("2026-03-04"), date("2026-03-29"));
  ASSERT_EQ(drops.size(), 4u);
  EXPECT_EQ(base::to_string(drops[0].order_date), "2026-03-02");
  EXPECT_EQ(covers(drops[3]), "2026-04-06 to 2026-04-13");
}

TEST(Schedule, a_week_is_open_if_one_of_its_days_is) {
  Estate estate = small_estate();
  estate.period = estate::PeriodKind::week;
  for (Date day = date("2026-03-02"); day <= date("2026-03-08"); day = day + 1)
    estate.calendar.push_back(calendar_row(day, DayState::closed));
  EXPECT_FALSE(Schedule::build(estate, date("2026-02-01")).open_on(shop, date("2026-03-02")));
  estate.calendar.pop_back();
  EXPECT_TRUE(Schedule::build(estate, date("2026-02-01")).open_on(shop, date("2026-03-02")));
}

TEST(Schedule, a_depot_orders_from_a_supplier_on_his_weekdays_with_his_lead) {
  Estate estate = small_estate();
  estate.policy.lead_periods = 5;
  estate.policy.review_periods = 5;
  const auto order = [&](std::string_view night, const Source& source) {
    return Schedule::build(estate, date(night)).supplier_order(depot, source);
  };
  const Source daily{.supplier = dairy};
  EXPECT_EQ(covers(order("2026-03-02", daily)), "2026-03-04 to 2026-03-05");
  EXPECT_EQ(order("2026-03-02", daily).source_supplier, dairy);
  const Source weekly{.supplier = baker, .lead_days = 9, .order_weekdays = 0b0000001};
  EXPECT_EQ(covers(order("2026-03-02", weekly)), "2026-03-11 to 2026-03-18");
  EXPECT_EQ(covers(order("2026-03-03", weekly)), "no order");

  estate.calendar = {calendar_row(date("2026-03-11"), DayState::closed, depot)};
  EXPECT_EQ(covers(order("2026-03-02", weekly)), "no order");
  EXPECT_EQ(covers(order("2026-02-23", weekly)), "2026-03-04 to 2026-03-18");

  estate.period = estate::PeriodKind::week;
  EXPECT_EQ(covers(order("2026-03-03", weekly)), "2026-03-16 to 2026-03-23");
}

const Date epoch = date("2026-11-30");

Date random_date() { return epoch + *rc::gen::inRange(-10, 70); }

std::vector<DeliveryRow> random_deliveries() {
  std::vector<DeliveryRow> rows(*rc::gen::inRange<std::size_t>(0, 9));
  for (DeliveryRow& row : rows) {
    row = {.site = shop,
           .chain = Chain::chilled,
           .order_weekday = *rc::gen::inRange<std::uint8_t>(0, 7),
           .drop = *rc::gen::inRange(1, 3),
           .deliver_weekday = *rc::gen::inRange(-1, 7),
           .route = {}};
    if (*rc::gen::inRange(0, 4) == 0) row.source_supplier = *rc::gen::inRange(0u, 2u);
    if (*rc::gen::inRange(0, 4) == 0) row.source_site = *rc::gen::inRange(1u, 3u);
    if (*rc::gen::inRange(0, 3) == 0) row.from = random_date();
    if (*rc::gen::inRange(0, 3) == 0) row.to = random_date();
  }
  return rows;
}

std::vector<CalendarRow> random_calendar(bool moves) {
  std::vector<CalendarRow> rows(*rc::gen::inRange<std::size_t>(0, 12));
  for (CalendarRow& row : rows) {
    const DayState state =
        *rc::gen::element(DayState::open, DayState::closed, DayState::no_delivery);
    row = calendar_row(random_date(), state);
    row.drop = *rc::gen::inRange(-2, 3);
    if (*rc::gen::arbitrary<bool>()) row.chain = *rc::gen::element(Chain::chilled, Chain::frozen);
    if (moves && *rc::gen::arbitrary<bool>()) row.moved_to = row.date + *rc::gen::inRange(-4, 5);
  }
  return rows;
}

Source random_source() {
  Source source{.lead_days = *rc::gen::inRange(-1, 9),
                .order_weekdays = *rc::gen::inRange<std::uint8_t>(0, 0x80)};
  (*rc::gen::arbitrary<bool>() ? source.site : source.supplier) = *rc::gen::inRange(1u, 3u) - 1;
  return source;
}

Estate random_estate(bool moves = true) {
  Estate estate = small_estate();
  estate.policy.lead_periods = *rc::gen::inRange(0, 4);
  estate.deliveries = random_deliveries();
  estate.calendar = random_calendar(moves);
  return estate;
}

RC_GTEST_PROP(Schedule, every_drop_comes_after_its_order_and_lasts_until_the_next_on_shelf, ()) {
  Estate estate = random_estate();
  estate.policy.review_periods = *rc::gen::inRange(1, 5);
  if (*rc::gen::inRange(0, 5) == 0) estate.period = estate::PeriodKind::week;
  const Source source = random_source();
  const Schedule schedule = Schedule::build(estate, epoch);
  for (const Drop& drop : schedule.drops(shop, Chain::chilled, source, epoch, epoch + 60)) {
    RC_ASSERT(drop.orders_today);
    RC_ASSERT(drop.on_shelf > drop.order_date);
    Date next = drop.on_shelf + next_drop_days_max;
    bool found = false;
    for (const Drop& later : schedule.drops(shop, Chain::chilled, source, drop.order_date,
                                            drop.order_date + next_drop_days_max))
      if (later.on_shelf > drop.on_shelf && (!found || later.on_shelf < next))
        next = later.on_shelf, found = true;
    RC_ASSERT(drop.next_on_shelf == next);
    RC_ASSERT(drop.next_on_shelf > drop.on_shelf);
  }
}

RC_GTEST_PROP(Schedule, what_was_foretold_is_what_later_nights_order, ()) {
  const Estate estate = random_estate();
  const Source source = random_source();
  const auto foretold =
      Schedule::build(estate, epoch).drops(shop, Chain::chilled, source, epoch, epoch + 30);
  for (Date night = epoch; night <= epoch + 30; night = night + 1) {
    const Schedule schedule = Schedule::build(estate, night);
    const auto first = std::ranges::find(foretold, night, &Drop::order_date);
    RC_ASSERT(schedule.tonight(shop, Chain::chilled, source) ==
              (first == foretold.end() ? Drop{} : *first));
  }
}

// Where no next drop was found the bound stands in for it, and coverage proves nothing.
bool lasts_the_bound(const Drop& drop) {
  return drop.next_on_shelf == drop.on_shelf + next_drop_days_max;
}

// How often each day from the first on_shelf on is covered by the orders of the nights.
std::map<Date, int> times_covered(const std::vector<Drop>& drops) {
  std::map<Date, int> times;
  Date first = base::date_max, last = base::date_min;
  for (const Drop& drop : drops) {
    first = std::min(first, drop.on_shelf);
    last = std::max(last, drop.next_on_shelf);
  }
  for (Date day = first; day < last; day = day + 1) times[day] = 0;
  for (const Drop& drop : drops)
    for (Date day = drop.on_shelf; day < drop.next_on_shelf; day = day + 1) ++times[day];
  return times;
}

RC_GTEST_PROP(Schedule, with_equal_leads_the_nights_cover_every_day_exactly_once, ()) {
  Estate estate = random_estate(false);
  const int lead_days = *rc::gen::inRange(1, 8);
  std::set<int> order_weekdays;
  std::erase_if(estate.deliveries, [&](DeliveryRow& row) {
    row.deliver_weekday = (row.order_weekday + lead_days) % 7;
    row.drop = 1;
    row.source_site = row.source_supplier = none;
    return !order_weekdays.insert(row.order_weekday).second;
  });
  const Source source{.site = depot, .lead_days = lead_days};
  std::vector<Drop> drops;
  for (Date night = epoch; night < epoch + 45; night = night + 1) {
    const Drop drop = Schedule::build(estate, night).tonight(shop, Chain::chilled, source);
    if (drop.orders_today) drops.push_back(drop);
  }
  RC_PRE(std::ranges::none_of(drops, lasts_the_bound));
  for (const auto& [day, times] : times_covered(drops)) RC_ASSERT(times == 1);
}

RC_GTEST_PROP(Schedule, whatever_is_moved_the_drops_leave_no_day_out, ()) {
  const Estate estate = random_estate();
  const Source source = random_source();
  const Date last = epoch + 60;
  const auto drops =
      Schedule::build(estate, epoch).drops(shop, Chain::chilled, source, epoch, last);
  RC_PRE(std::ranges::none_of(drops, lasts_the_bound));
  // Days after the last night may belong to orders that are placed after it.
  for (const auto& [day, times] : times_covered(drops)) RC_ASSERT(times >= 1 || day > last);
}

Source plain(std::uint32_t site) { return {.site = site}; }

estate::SupplyRow supply_row(std::uint32_t to_site, std::uint32_t from_site) {
  estate::SupplyRow row;
  row.to_site = to_site;
  row.from_site = from_site;
  return row;
}

Estate estate_with_goods() {
  Estate estate = small_estate();
  estate.products.resize(4);
  for (std::size_t i = 0; i < estate.products.size(); ++i) {
    estate.products[i].category = i < 2 ? "milk" : "bread";
    estate.products[i].chain = i < 2 ? Chain::chilled : Chain::ambient;
    estate.products[i].supplier = i % 2 == 0 ? dairy : none;
  }
  estate.suppliers[dairy].lead_days = 4;
  estate.suppliers[dairy].order_weekdays = 0b0000101;
  estate.suppliers[dairy].order_basis = estate::OrderBasis::pallets;
  estate.suppliers[dairy].min_order = 2;
  estate.suppliers[dairy].max_order = 26;
  return estate;
}

const Source dairy_terms{.supplier = dairy,
                         .lead_days = 4,
                         .order_weekdays = 0b0000101,
                         .order_basis = estate::OrderBasis::pallets,
                         .min_order = 2,
                         .max_order = 26};

TEST(Sources, without_supply_rows_the_sites_depot_serves_everything) {
  const Sources sources = Sources::build(estate_with_goods(), epoch);
  for (std::uint32_t product = 0; product < 4; ++product) {
    EXPECT_EQ(sources.of(shop, product), plain(depot));
    EXPECT_EQ(sources.alternatives(shop, product), std::vector{plain(depot)});
  }
}

TEST(Sources, a_depot_without_supply_rows_buys_from_the_products_supplier_on_his_terms) {
  const Sources sources = Sources::build(estate_with_goods(), epoch);
  EXPECT_EQ(sources.of(depot, 0), dairy_terms);
  EXPECT_EQ(sources.of(depot, 1), Source{});
  EXPECT_TRUE(sources.alternatives(depot, 1).empty());
}

TEST(Sources, a_depot_that_another_depot_serves_does_not_buy) {
  Estate estate = estate_with_goods();
  estate.sites[depot].depot = other_depot;
  EXPECT_EQ(Sources::build(estate, epoch).of(depot, 0), plain(other_depot));
}

TEST(Sources, a_product_that_no_row_reaches_keeps_its_default) {
  Estate estate = estate_with_goods();
  estate.supply = {supply_row(shop, other_depot), supply_row(depot, other_depot)};
  estate.supply[0].chain = Chain::frozen;
  estate.supply[1].category = "wine";
  const Sources sources = Sources::build(estate, epoch);
  EXPECT_EQ(sources.of(shop, 0), plain(depot));
  EXPECT_EQ(sources.of(depot, 0), dairy_terms);
}

TEST(Sources, the_second_source_is_the_next_best_row_of_another_origin) {
  Estate estate = estate_with_goods();
  estate.supply = {supply_row(shop, depot), supply_row(shop, depot), supply_row(shop, other_depot)};
  estate.supply[0].category = "milk";
  estate.supply[0].lead_days = 1;
  estate.supply[2].priority = 2;
  const Sources sources = Sources::build(estate, epoch);
  const Source milk{.site = depot, .lead_days = 1};
  EXPECT_EQ(sources.alternatives(shop, 0), (std::vector{milk, plain(other_depot)}));
  EXPECT_EQ(sources.alternatives(shop, 2), (std::vector{plain(depot), plain(other_depot)}));
}

TEST(Sources, a_row_says_what_it_says_and_the_supplier_the_rest) {
  Estate estate = estate_with_goods();
  estate.supply = {supply_row(shop, none)};
  estate::SupplyRow& row = estate.supply[0];
  row.from_supplier = dairy;
  row.flow = estate::Flow::direct;
  Source expected = dairy_terms;
  expected.flow = estate::Flow::direct;
  EXPECT_EQ(Sources::build(estate, epoch).of(shop, 0), expected);

  row.lead_days = expected.lead_days = 1;
  row.order_weekdays = expected.order_weekdays = 0b0010000;
  row.max_order = expected.max_order = 10;
  EXPECT_EQ(Sources::build(estate, epoch).of(shop, 0), expected);

  row.order_basis = expected.order_basis = estate::OrderBasis::cases;
  expected.min_order = 0;  // two pallets are not two cases
  EXPECT_EQ(Sources::build(estate, epoch).of(shop, 0), expected);
}

TEST(Sources, a_supplier_brings_only_his_own_goods_unless_his_row_names_others) {
  Estate estate = estate_with_goods();
  estate.products[0].supplier = dairy;
  estate.products[1].supplier = none;
  estate.supply = {supply_row(shop, none), supply_row(shop, other_depot)};
  estate.supply[0].from_supplier = dairy;
  EXPECT_EQ(Sources::build(estate, epoch).of(shop, 0).supplier, dairy);
  EXPECT_EQ(Sources::build(estate, epoch).of(shop, 1), plain(other_depot));
  estate.supply[0].product = 1;
  EXPECT_EQ(Sources::build(estate, epoch).of(shop, 1).supplier, dairy);
}

constexpr std::array categories{"", "milk", "bread"};

estate::SupplyRow random_supply_row() {
  estate::SupplyRow row = supply_row(*rc::gen::inRange(0u, 3u), none);
  const std::uint32_t from = *rc::gen::inRange(0u, 2u);
  (*rc::gen::arbitrary<bool>() ? row.from_site : row.from_supplier) = from;
  if (*rc::gen::inRange(0, 3) == 0) row.product = *rc::gen::inRange(0u, 4u);
  row.category = *rc::gen::elementOf(categories);
  if (*rc::gen::arbitrary<bool>()) row.chain = *rc::gen::element(Chain::chilled, Chain::ambient);
  row.priority = *rc::gen::inRange(1, 4);
  if (*rc::gen::arbitrary<bool>()) row.from = epoch + *rc::gen::inRange(-3, 2);
  if (*rc::gen::arbitrary<bool>()) row.to = epoch + *rc::gen::inRange(-1, 3);
  return row;
}

bool reaches(const estate::SupplyRow& row, const Estate& estate, std::uint32_t product) {
  if (row.product != none) return row.product == product;
  if (!row.category.empty()) return row.category == estate.products[product].category;
  if (row.chain) return row.chain == estate.products[product].chain;
  return row.from_supplier == none || row.from_supplier == estate.products[product].supplier;
}

bool better(const estate::SupplyRow& a, const estate::SupplyRow& b) {
  const auto level = [](const estate::SupplyRow& row) {
    if (row.product != none) return 0;
    if (!row.category.empty()) return 1;
    if (row.chain) return 2;
    return row.from_supplier != none ? 3 : 4;
  };
  if (level(a) != level(b)) return level(a) < level(b);
  if (a.priority != b.priority) return a.priority < b.priority;
  return a.from > b.from;
}

// The obvious way: look at every row of the file, and keep the better one.
const estate::SupplyRow* winner(const Estate& estate, std::uint32_t site, std::uint32_t product) {
  const estate::SupplyRow* best = nullptr;
  for (const estate::SupplyRow& row : estate.supply) {
    if (row.to_site != site || row.from > epoch || row.to < epoch) continue;
    if (!reaches(row, estate, product)) continue;
    if (!best || better(row, *best)) best = &row;
  }
  return best;
}

RC_GTEST_PROP(Sources, the_table_finds_the_row_that_a_look_at_every_row_finds, ()) {
  Estate estate = estate_with_goods();
  estate.supply.resize(*rc::gen::inRange<std::size_t>(0, 30));
  for (std::size_t i = 0; i < estate.supply.size(); ++i) {
    estate.supply[i] = random_supply_row();
    estate.supply[i].lead_days = static_cast<int>(i) + 1;  // tells the rows apart
  }
  std::ranges::stable_sort(estate.supply, {}, [](const estate::SupplyRow& row) {
    return std::pair(row.to_site, row.priority);
  });
  const Sources sources = Sources::build(estate, epoch);
  for (std::uint32_t site = 0; site < 3; ++site)
    for (std::uint32_t product = 0; product < 4; ++product) {
      const Source source = sources.of(site, product);
      const auto others = sources.alternatives(site, product);
      RC_ASSERT((others.empty() ? Source{} : others[0]) == source);
      if (const estate::SupplyRow* row = winner(estate, site, product)) {
        RC_ASSERT(source.lead_days == *row->lead_days);
        RC_ASSERT(source.site == row->from_site);
        RC_ASSERT(source.supplier == row->from_supplier);
      } else {
        RC_ASSERT(source.lead_days == -1 || source == dairy_terms);
      }
    }
}

std::string days_of(const std::vector<Drop>& drops) {
  std::string text;
  for (const Drop& drop : drops)
    text += base::to_string(drop.on_shelf).substr(5) + "<" +
            base::to_string(drop.order_date).substr(5) + " ";
  return text;
}

TEST(Schedule, a_depots_deliveries_are_listed_whenever_they_were_ordered) {
  const Schedule schedule = Schedule::build(small_estate(), date("2026-03-02"));
  const Source twice{.supplier = dairy, .lead_days = 3, .order_weekdays = 1 << 0 | 1 << 3};
  EXPECT_EQ(
      days_of(schedule.supplier_deliveries(depot, twice, date("2026-03-01"), date("2026-03-08"))),
      "03-01<02-26 03-05<03-02 03-08<03-05 ");
  const Source daily{.supplier = dairy, .lead_days = 30};
  EXPECT_EQ(
      days_of(schedule.supplier_deliveries(depot, daily, date("2026-03-03"), date("2026-03-04"))),
      "03-03<02-01 03-04<02-02 ");
}

TEST(Schedule, a_delivery_to_a_depot_that_a_calendar_moves_is_listed_on_its_new_day) {
  Estate estate = small_estate();
  estate.calendar = {calendar_row(date("2026-12-25"), DayState::closed, depot)};
  estate.calendar[0].moved_to = date("2026-12-27");
  const Source weekly{.supplier = dairy, .lead_days = 2, .order_weekdays = 1 << 2};
  const Schedule schedule = Schedule::build(estate, date("2026-12-20"));
  EXPECT_EQ(
      days_of(schedule.supplier_deliveries(depot, weekly, date("2026-12-21"), date("2027-01-03"))),
      "12-27<12-23 01-01<12-30 ");
}

TEST(Schedule, a_weekly_estates_depot_is_delivered_to_on_every_monday) {
  Estate estate = small_estate();
  estate.period = estate::PeriodKind::week;
  const Schedule schedule = Schedule::build(estate, date("2026-03-08"));
  EXPECT_EQ(days_of(schedule.supplier_deliveries(depot, {.supplier = dairy}, date("2026-03-09"),
                                                 date("2026-03-22"))),
            "03-09<03-02 03-16<03-09 ");
}

}  // namespace
}  // namespace nightly
