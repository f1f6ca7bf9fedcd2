#include "nightly/phantom.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using testing::Evening;
using testing::Files;

// A store that sells bread daily, and milk on each of 60 days and then not for `quiet` days.
Files shop(int quiet) {
  std::string sales = "date,site,product,units\n";
  for (int day = 0; day < 60 + quiet; ++day) {
    const std::string date = base::to_string(testing::as_of - (59 + quiet - day));
    sales += fmt::format("{},S1,P2,1\n", date);
    if (day < 60 && day % 2 == 0) sales += fmt::format("{},S1,P1,3\n", date);
  }
  return {{"estate.toml", "format = 1\nname = \"Small\"\nperiod = \"day\"\n"},
          {"sites.csv", "site,kind\nS1,store\n"},
          {"products.csv", "product,unit_price\nP1,0.90\nP2,1.20\n"},
          {"sales.csv", sales},
          {"stock.csv", "site,product,on_hand_units\nS1,P1,5\nS1,P2,5\n"}};
}

std::vector<CountTask> tasks(Files files) {
  Evening evening(files);
  evening.positions = stock_positions(evening.estate, evening.columns, evening.outlook,
                                      evening.in_range, testing::as_of);
  add_phantom_tasks(evening.estate, evening.columns, evening.in_range, evening.positions);
  return evening.positions.tasks;
}

TEST(Phantom, stock_that_has_not_sold_beyond_its_gap_is_to_be_counted) {
  const auto found = tasks(shop(12));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].why, TaskReason::phantom);
  EXPECT_EQ(found[0].product, 0u);
  EXPECT_EQ(found[0].value.e4, 5 * 9000);
}

TEST(Phantom, a_gap_that_chance_explains_makes_no_task) { EXPECT_TRUE(tasks(shop(6)).empty()); }

TEST(Phantom, an_empty_record_makes_no_task) {
  Files files = shop(12);
  files["stock.csv"] = "site,product,on_hand_units\nS1,P1,0\nS1,P2,5\n";
  EXPECT_TRUE(tasks(files).empty());
}

TEST(Phantom, goods_that_have_just_come_begin_a_new_gap) {
  Files files = shop(12);
  files["movements.csv"] = fmt::format("date,site,product,units,reason\n{},S1,P1,5,received\n",
                                       base::to_string(testing::as_of - 3));
  EXPECT_TRUE(tasks(files).empty());
}

TEST(Phantom, days_on_which_the_shelf_was_seen_bare_do_not_count) {
  Files files = shop(12);
  std::string& sales = files["sales.csv"];
  sales.replace(0, sales.find('\n'), "date,site,product,units,in_stock");
  testing::Files changed = files;
  std::string text = "date,site,product,units,in_stock\n";
  for (std::size_t at = sales.find('\n') + 1; at < sales.size();) {
    const std::size_t end = sales.find('\n', at);
    text += sales.substr(at, end - at) + ",1\n";
    at = end + 1;
  }
  for (int day = 0; day < 8; ++day)
    text += fmt::format("{},S1,P1,0,0\n", base::to_string(testing::as_of - day));
  files["sales.csv"] = text;
  EXPECT_TRUE(tasks(files).empty());
}

TEST(Phantom, days_without_any_report_do_not_count) {
  Files files = shop(12);
  std::string kept;
  const std::string& sales = files["sales.csv"];
  const std::string quiet_from = base::to_string(testing::as_of - 9);
  for (std::size_t at = 0; at < sales.size();) {
    const std::size_t end = sales.find('\n', at) + 1;
    const std::string row = sales.substr(at, end - at);
    if (at == 0 || row < quiet_from) kept += row;
    at = end;
  }
  files["sales.csv"] = kept;
  EXPECT_TRUE(tasks(files).empty());
}

}  // namespace
}  // namespace nightly
