#include "nightly/stock_position.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nightly/rolling_stock.h"
#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::steady_shop;
using testing::table;
using testing::tonight;
using testing::WholeNight;

// The steady shop with a stock.csv, its rows after "S1,P1," split at blanks.
Files with_stock(const std::string& columns, const std::string& rows) {
  Files files = steady_shop();
  std::string text = "site,product," + columns;
  if (!rows.empty()) text += " " + rows;
  files["stock.csv"] = table(text);
  return files;
}

TEST(StockPosition, stock_counted_earlier_has_lost_what_was_sold_since) {
  const WholeNight night(with_stock("on_hand_units,as_of", "S1,P1,50,2026-02-27"));
  EXPECT_EQ(night.on_hand(), 20);  // Saturday to Monday
}

TEST(StockPosition, more_sold_than_was_counted_makes_a_task_and_no_stock) {
  const WholeNight night(with_stock("on_hand_units,as_of", "S1,P1,25,2026-02-27"));
  EXPECT_EQ(night.on_hand(), 0);
  ASSERT_EQ(night.positions.tasks.size(), 1u);
  EXPECT_EQ(night.positions.tasks[0].why, TaskReason::negative);
}

TEST(StockPosition, a_closed_day_without_sales_takes_nothing) {
  Files files = with_stock("on_hand_units,as_of", "S1,P1,50,2026-02-27");
  std::string& sales = files["sales.csv"];
  const std::string row = "2026-02-28,S1,P1,10\n";
  sales.erase(sales.find(row), row.size());
  files["site_calendar.csv"] = table("date,site,state 2026-02-28,S1,closed");
  EXPECT_EQ(WholeNight(files).on_hand(), 30);
  files.erase("site_calendar.csv");  // then nobody reported, and a day's sales are guessed
  EXPECT_EQ(WholeNight(files).on_hand(), 20);
}

TEST(StockPosition, a_day_on_which_only_other_goods_sold_takes_nothing) {
  Files files = with_stock("on_hand_units,as_of", "S1,P1,50,2026-02-27");
  files["products.csv"] = table("product P1 P2");
  std::string& sales = files["sales.csv"];
  const std::string row = "2026-02-28,S1,P1,10\n";
  sales.replace(sales.find(row), row.size(), "2026-02-28,S1,P2,1\n");
  EXPECT_EQ(WholeNight(files).on_hand(), 30);
}

TEST(StockPosition, returns_come_back_and_reduced_sales_leave_too) {
  Files files = with_stock("on_hand_units,as_of", "S1,P1,50,2026-02-27");
  files["sales.csv"] = table(
      "date,site,product,units,reduced_units 2026-02-27,S1,P1,9,0 2026-02-28,S1,P1,12,8 "
      "2026-03-01,S1,P1,-4,0 2026-03-02,S1,P1,3,3");
  EXPECT_EQ(WholeNight(files).on_hand(), 50 - 12 + 4 - 3);
}

TEST(StockPosition, what_came_and_what_was_thrown_away_since_the_count_is_known) {
  Files files = with_stock("on_hand_units,as_of", "S1,P1,50,2026-02-27");
  files["movements.csv"] = table(
      "date,site,product,units,reason 2026-02-27,S1,P1,100,received 2026-02-28,S1,P1,7,received "
      "2026-03-01,S1,P1,2,waste");
  EXPECT_EQ(WholeNight(files).on_hand(), 50 + 7 - 2 - 30);
}

TEST(StockPosition, batches_counted_on_different_days_are_each_rolled_from_their_own) {
  // Saturday's and Sunday's sales are in Sunday's count of the second batch as far as the first
  // could not serve them; Monday's take what is left of the first, then the second.
  for (const auto& [first, on_hand, batches] : {std::tuple{24, 14, "14 until 20"},
                                                {12, 10, "10 until 20"},
                                                {45, 35, "15 until 10, 20 until 20"}}) {
    const WholeNight night(with_stock(
        "on_hand_units,expiry_date,as_of",
        fmt::format("S1,P1,{},2026-03-10,2026-02-27 S1,P1,20,2026-03-20,2026-03-01", first)));
    EXPECT_EQ(night.on_hand(), on_hand) << first;
    EXPECT_EQ(night.batches(), batches) << first;
  }
}

TEST(StockPosition, a_newer_count_of_what_expires_first_shows_that_nothing_else_was_sold) {
  for (const auto& [counted, batches] : {std::pair{5, "45 until 20"}, {0, "20 until 20"}}) {
    const WholeNight night(with_stock(
        "on_hand_units,expiry_date,as_of",
        fmt::format("S1,P1,50,2026-03-20,2026-02-27 S1,P1,{},2026-03-10,2026-03-01", counted)));
    EXPECT_EQ(night.batches(), batches) << counted;
  }
}

TEST(StockPosition, what_came_before_the_newest_count_is_in_it) {
  Files files =
      with_stock("on_hand_units,batch,as_of", "S1,P1,50,A,2026-02-27 S1,P1,40,B,2026-03-01");
  files["movements.csv"] = table(
      "date,site,product,units,reason 2026-02-28,S1,P1,40,received 2026-03-02,S1,P1,6,received");
  EXPECT_EQ(WholeNight(files).on_hand(), 50 + 40 + 6 - 30);
}

// The stretches between counts never take a unit twice, nor create one.
RC_GTEST_PROP(StockPosition, no_more_leaves_than_was_sold_and_no_batch_grows, ()) {
  RollingStock stock;
  std::int64_t counted = 0, sold = 0;
  const auto rows = *rc::gen::inRange(1, 5);
  for (int i = 0; i < rows; ++i) {
    const auto units = *rc::gen::inRange(0, 20);
    counted += units;
    stock.count(tonight - *rc::gen::inRange(0, 5), tonight + *rc::gen::inRange(0, 9), units);
  }
  stock.leave_between_counts(tonight, [&](Date after, Date until) {
    RC_ASSERT(after < until);
    const std::int64_t units = *rc::gen::inRange(0, 30);
    sold += units;
    return units;
  });
  RC_ASSERT(stock.total() <= counted);
  RC_ASSERT(stock.total() >= counted - sold);
  for (const RollingStock::Lot& lot : stock.lots()) RC_ASSERT(lot.units >= 0);
  if (stock.oldest_count() == stock.newest_count()) RC_ASSERT(stock.total() == counted - sold);
}

TEST(StockPosition, dated_goods_that_only_have_a_shelf_life_are_dated_when_they_come) {
  Files files = with_stock("on_hand_units,as_of", "S1,P1,30,2026-02-27");
  files["products.csv"] = table("product,date_kind,shelf_life_days P1,use_by,6");
  files["movements.csv"] = table("date,site,product,units,reason 2026-03-01,S1,P1,8,received");
  EXPECT_EQ(WholeNight(files).batches(), "");  // the dated ones leave first
  files["stock.csv"] = table("site,product,on_hand_units,as_of S1,P1,30,2026-03-01");
  files["movements.csv"] = table("date,site,product,units,reason 2026-03-02,S1,P1,18,received");
  EXPECT_EQ(WholeNight(files).batches(), "8 until 7");
}

Files with_orders(const std::string& stock_day, const std::string& rows) {
  Files files = with_stock("on_hand_units,as_of", "S1,P1,50," + stock_day);
  files["on_order.csv"] = table("site,product,due_date,units,order,status " + rows);
  return files;
}

TEST(StockPosition, an_order_that_was_received_counts_once) {
  Files files = with_orders("2026-02-28", "S1,P1,2026-03-02,24,A,");
  EXPECT_EQ(WholeNight(files).receipts(), "");  // nobody has looked since: it came
  EXPECT_EQ(WholeNight(files).on_hand(), 50 + 24 - 20);
  files["movements.csv"] = table("date,site,product,units,reason 2026-03-02,S1,P1,24,received");
  EXPECT_EQ(WholeNight(files).receipts(), "");
  EXPECT_EQ(WholeNight(files).on_hand(), 50 + 24 - 20);
}

TEST(StockPosition, receipts_settle_the_oldest_order_first_and_what_is_missing_stays_open) {
  Files files = with_orders("2026-03-02", "S1,P1,2026-03-02,24,A, S1,P1,2026-03-05,6,B,");
  EXPECT_EQ(WholeNight(files).receipts(), "24 in 1, 6 in 3");
  for (const auto& [units, left] :
       {std::pair{10, "14 in 1, 6 in 3"}, {24, "6 in 3"}, {40, "6 in 3"}}) {
    files["movements.csv"] = table(fmt::format(
        "date,site,product,units,reason 2026-03-01,S1,P1,99,received 2026-03-02,S1,P1,{},received",
        units));
    EXPECT_EQ(WholeNight(files).receipts(), left) << units;
  }
}

TEST(StockPosition, what_comes_with_the_next_drop_does_not_settle_an_order_that_never_came) {
  Files files = with_orders("2026-03-02", "S1,P1,2026-02-26,24,A,");
  files["movements.csv"] = table("date,site,product,units,reason 2026-02-27,S1,P1,24,received");
  EXPECT_EQ(WholeNight(files).positions.overdue.size(), 1u);
  files["on_order.csv"] =
      table("site,product,due_date,units,order,status S1,P1,2026-02-26,24,A,reinstated");
  EXPECT_EQ(WholeNight(files).receipts(), "");
}

TEST(StockPosition, an_order_late_by_a_drop_is_overdue_unless_it_is_reinstated) {
  EXPECT_EQ(WholeNight(with_orders("2026-03-02", "S1,P1,2026-03-02,24,A,")).receipts(), "24 in 1");
  const WholeNight late(with_orders("2026-03-02", "S1,P1,2026-03-01,24,A,"));
  EXPECT_EQ(late.receipts(), "");
  ASSERT_EQ(late.positions.overdue.size(), 1u);
  EXPECT_EQ(late.positions.overdue[0].due, tonight - 1);
  for (const char* due : {"2026-03-01", "2026-01-05"}) {
    const WholeNight back(with_orders("2026-03-02", fmt::format("S1,P1,{},24,A,reinstated", due)));
    EXPECT_EQ(back.receipts(), "24 in 1");
    EXPECT_TRUE(back.positions.overdue.empty());
  }
}

TEST(StockPosition, cancelled_and_received_orders_do_not_come) {
  EXPECT_EQ(WholeNight(with_orders("2026-03-02",
                                   "S1,P1,2026-03-04,24,A,cancelled "
                                   "S1,P1,2026-03-04,6,B,received"))
                .receipts(),
            "");
}

}  // namespace
}  // namespace nightly
