#include "nightly/backtest.h"

#include <gtest/gtest.h>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::tonight;

// Ten days of a shop that sells 10 a day, orders every night, and has the goods on the second day.
// By the benchmark rule: 15 on hand, 10 due on the first day, 5 ordered for the second, 10 for each
// day after it; so 10 are left on every day that counts, the first day on which orders arrive on.
constexpr int days = 10;
const Date first_day = tonight - (days - 1);

Files shop() { return testing::steady_shop(10, "shortage_cost = 1.0\nholding_cost = 0.2"); }

Played play(const Files& files, PolicyChoice policy, int threads = 1) {
  const auto estate = estate::testing::read_files(files, {.as_of = tonight});
  const auto result = backtest(*estate, {first_day, days, days, policy, threads}, {});
  return result->total;
}

TEST(Backtest, a_steady_shop_costs_what_the_rule_leaves_on_its_shelf) {
  const Played played = play(shop(), PolicyChoice::benchmark);
  EXPECT_DOUBLE_EQ(played.holding_cost, 9 * 10 * 0.2);
  EXPECT_DOUBLE_EQ(played.lost_sales_cost, 0);
  EXPECT_EQ(played.sold_units, 90);
  EXPECT_EQ(played.ordered_units, 5 + 8 * 10);
}

TEST(Backtest, each_decision_takes_the_range_row_of_its_own_day) {
  Files files = shop();
  // Blocked from the sixth day: the last order is placed at the close of the fourth, for the sixth.
  files["range.csv"] = fmt::format(
      "site,product,from_date,to_date,status\nS1,P1,2025-01-01,{},\n"
      "S1,P1,{},,blocked\n",
      base::to_string(first_day + 4), base::to_string(first_day + 5));
  const Played played = play(files, PolicyChoice::benchmark);
  EXPECT_EQ(played.ordered_units, 5 + 4 * 10);
  EXPECT_EQ(played.demand_units - played.sold_units, 3 * 10);  // the seventh day sells the rest
  EXPECT_DOUBLE_EQ(played.lost_sales_cost, 30);
}

TEST(Backtest, no_policy_sees_a_period_before_it_decides) {
  Files files = shop();
  const std::string last = base::to_string(tonight) + ",S1,P1,";
  std::string& sales = files["sales.csv"];
  sales.replace(sales.find(last), std::string::npos, last + "500\n");
  for (const PolicyChoice policy : {PolicyChoice::benchmark, PolicyChoice::ours}) {
    const Played steady = play(shop(), policy), surprised = play(files, policy);
    EXPECT_EQ(surprised.ordered_units, steady.ordered_units);
    EXPECT_GT(surprised.lost_units, 450);
  }
}

TEST(Backtest, the_play_is_the_same_with_any_number_of_threads) {
  const Played one = play(shop(), PolicyChoice::ours), three = play(shop(), PolicyChoice::ours, 3);
  EXPECT_EQ(one.ordered_units, three.ordered_units);
  EXPECT_EQ(one.cost(), three.cost());
}

TEST(Backtest, windows_outside_the_history_are_refused) {
  const auto estate = estate::testing::read_files(shop(), {.as_of = tonight});
  const auto result = backtest(*estate, {tonight, days, days, PolicyChoice::ours, 1}, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::input_bad);
}

}  // namespace
}  // namespace nightly
