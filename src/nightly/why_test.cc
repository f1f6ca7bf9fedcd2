#include "nightly/why.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using testing::steady_shop;
using testing::table;
using testing::tonight;

// A night that the guards have judged, without a memory of nights before.
struct Judge {
  explicit Judge(estate::Estate& estate) { EXPECT_TRUE(guards.inspect(estate, {})); }
  Guards guards{io::real_disk(), {}, {}, tonight};
};
struct Judged : Judge, DecidedNight {
  explicit Judged(estate::Estate& estate) : Judge(estate), DecidedNight(estate, tonight, {}, 1) {
    EXPECT_TRUE(decide(guards));
  }
};

// A decided night of a small estate, and what it says of S1's P1.
class Told {
 public:
  explicit Told(const Files& files)
      : estate(*estate::testing::read_files(files, {.as_of = tonight})),
        night(estate),
        explainer(night),
        why(explainer.why(*explainer.find("S1", "P1"))) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  double number(std::string_view name) const {
    const WhyStep* step = find(name);
    return step == nullptr ? -1e9 : std::get<double>(step->value);
  }
  std::string because(std::string_view name) const {
    const WhyStep* step = find(name);
    return step == nullptr ? "" : step->because;
  }
  // What stands in orders.csv.
  std::int64_t ordered() const {
    std::int64_t units = 0;
    for (const OrderLine& order : night.night.orders)
      if (order.line == *explainer.find("S1", "P1")) units += order.units;
    return units;
  }
  // The last step and the sum are the order; the line alone comes to what the run asked for.
  void expect_equal() const {
    EXPECT_EQ(why.units, ordered());
    EXPECT_EQ(why.steps.back().name, "units");
    EXPECT_EQ(std::get<double>(why.steps.back().value), static_cast<double>(ordered()));
    for (const WhyDrop& drop : why.drops) EXPECT_EQ(drop.asked, drop.wished);
  }

  estate::Estate estate;
  Judged night;
  Explainer explainer;
  Why why;

 private:
  const WhyStep* find(std::string_view name) const {
    const auto at = std::ranges::find(why.steps, name, &WhyStep::name);
    return at == why.steps.end() ? nullptr : &*at;
  }
};

Files with_range(const std::string& columns, const std::string& row, int on_hand = 0) {
  Files files = steady_shop();
  files["stock.csv"] = table(fmt::format("site,product,on_hand_units S1,P1,{}", on_hand));
  files["range.csv"] = table("site,product," + columns + " S1,P1," + row);
  return files;
}

TEST(Why, a_steady_line_is_told_from_its_level_to_its_units) {
  const Told told(with_range("status,service_level", "active,0.9", 13));
  told.expect_equal();
  EXPECT_GT(told.why.units, 0);
  EXPECT_NEAR(told.number("level"), 10, 0.5);
  EXPECT_EQ(told.number("stock"), 13);
  EXPECT_NEAR(told.number("demand of the lead"), 10, 0.5);
  EXPECT_NEAR(told.number("demand"), 10, 0.5);
  EXPECT_EQ(told.number("service level"), 0.9);
  EXPECT_EQ(told.because("service level"), "range.csv: service_level");
  EXPECT_GE(told.number("order-up-to"), 10);
  EXPECT_EQ(told.number("need"), told.number("rounding"));
  for (const char* absent : {"promotion", "due", "presentation minimum", "room", "cut", "launch",
                             "shared", "supplier's minimum", "waste expected"})
    EXPECT_FALSE(told.has(absent)) << absent;
}

TEST(Why, the_shelf_and_the_presentation_minimum_are_named_where_they_count) {
  const Told told(
      with_range("presentation_units_min,shelf_units_max,order_multiple_units", "40,26,12"));
  told.expect_equal();
  EXPECT_EQ(told.number("presentation minimum"), 40);
  EXPECT_NE(told.because("presentation minimum").find("and counts"), std::string::npos);
  EXPECT_EQ(told.number("room"), 26);
  EXPECT_EQ(told.number("rounding"), 24);
  EXPECT_LT(told.number("cut"), 0);
  EXPECT_NE(told.because("rounding").find("down"), std::string::npos);
}

TEST(Why, one_multiple_beyond_the_room_says_so) {
  const Told told(with_range("shelf_units_max,order_multiple_units", "8,12"));
  told.expect_equal();
  EXPECT_EQ(told.why.units, 12);
  EXPECT_NE(told.because("rounding").find("half of it fits"), std::string::npos);
}

TEST(Why, receipts_expiry_and_promotions_are_told) {
  Files files = with_range("status", "active");
  files["products.csv"] = table("product,date_kind,life_on_receipt_days P1,use_by,4");
  files["stock.csv"] =
      table("site,product,on_hand_units,expiry_date S1,P1,60,2026-03-04 S1,P1,9,2026-03-01");
  files["deliveries.csv"] = table("site,chain,order_weekday,drop,deliver_weekday S1,ambient,1,1,3");
  files["on_order.csv"] = table("site,product,due_date,units S1,P1,2026-03-05,7");
  files["promotions.csv"] =
      table("promotion,product,from_date,to_date,uplift O1,P1,2026-03-04,2026-03-20,2");
  const Told told(files);
  told.expect_equal();
  EXPECT_EQ(told.number("stock"), 60);
  EXPECT_NE(told.because("stock").find("9 past their date"), std::string::npos);
  EXPECT_EQ(told.number("due"), 7);
  EXPECT_GT(told.number("promotion"), 1.2);
  EXPECT_GT(told.number("waste expected"), 0);
  EXPECT_NE(told.because("room").find("of life"), std::string::npos);
}

TEST(Why, sharing_tells_what_all_want_and_what_goes_out) {
  Files files = with_range("status", "active");
  files["stock.csv"] = table("site,product,on_hand_units S1,P1,0 D1,P1,4");
  const Told told(files);
  told.expect_equal();
  EXPECT_EQ(told.why.units, 4);
  EXPECT_EQ(told.number("shared"), 4 - told.number("rounding"));
  EXPECT_NE(told.because("shared").find("withheld for no_stock; 1 order want"), std::string::npos)
      << told.because("shared");
}

TEST(Why, goods_that_pass_through_a_depot_go_out_whole) {
  Files files = with_range("status", "active");
  files["suppliers.csv"] = table("supplier A");
  files["supply.csv"] = table("to_site,from,flow S1,D1,cross_dock D1,A,stock");
  files["on_order.csv"] = table("site,product,due_date,units D1,P1,2026-03-04,60");
  const Told told(files);
  told.expect_equal();
  EXPECT_EQ(told.why.units, 60);
  EXPECT_GT(told.number("shared"), 0);
}

TEST(Why, a_suppliers_minimum_raises_or_withholds) {
  for (const int minimum : {30, 5000}) {
    Files files = with_range("status", "active");
    files["suppliers.csv"] = table("supplier,surge_max B,1000000");
    files["supply.csv"] =
        table(fmt::format("to_site,from,product,flow,min_order S1,B,P1,direct,{}", minimum));
    const Told told(files);
    told.expect_equal();
    EXPECT_TRUE(told.has("supplier's minimum")) << minimum;
    EXPECT_EQ(told.number("supplier's minimum") > 0, minimum == 30);
  }
}

TEST(Why, a_launch_starts_with_its_launch_units) {
  Files files = with_range("status,launch_units", "launch,24");
  files["sales.csv"] = table("date,site,product,units 2026-03-01,S1,P2,3");
  files["products.csv"] = table("product P1 P2");
  const Told told(files);
  told.expect_equal();
  EXPECT_EQ(told.number("launch"), 24);
  EXPECT_EQ(told.why.units, 24);
}

TEST(Why, a_line_without_a_stock_record_says_so) {
  Files files = with_range("order_multiple_units", "4");
  files.erase("stock.csv");
  const Told told(files);
  told.expect_equal();
  EXPECT_EQ(told.why.units, 8);
  EXPECT_NE(told.because("rounding").find("never more than expected sales"), std::string::npos);
  EXPECT_FALSE(told.has("order-up-to"));
}

TEST(Why, each_drop_of_a_night_has_its_steps_and_the_sum_is_the_order) {
  Files files = with_range("status", "active");
  files["deliveries.csv"] =
      table("site,chain,order_weekday,drop,deliver_weekday S1,ambient,1,1,3 S1,ambient,1,2,5");
  const Told told(files);
  told.expect_equal();
  ASSERT_EQ(told.why.drops.size(), 2u);
  for (const WhyDrop& drop : told.why.drops) {
    EXPECT_EQ(told.why.steps[drop.first_step].name, "drop");
    EXPECT_EQ(told.why.steps[drop.first_step + drop.step_count - 1].name, "units");
  }
  EXPECT_EQ(told.why.units, told.why.drops[0].units + told.why.drops[1].units);
  EXPECT_EQ(told.because("units"), "orders.csv: reason demand");
}

TEST(Why, a_line_that_is_not_ordered_says_why_as_its_last_step) {
  const auto last = [](const Files& files) {
    const Told told(files);
    told.expect_equal();
    EXPECT_EQ(told.why.units, 0);
    return told.why.steps.back().because;
  };
  EXPECT_EQ(last(with_range("status", "blocked")), "range.csv: status blocked on 2026-03-03");
  EXPECT_NE(last(with_range("status", "run_down")).find("status run_down"), std::string::npos);
  EXPECT_EQ(last(with_range("to_date", "2026-02-01")),
            "range.csv: not in range, no row is valid on 2026-03-03");
  EXPECT_NE(last(with_range("status", "active", 500)).find("nothing is ordered"),
            std::string::npos);
  Files other_day = with_range("status", "active");
  other_day["deliveries.csv"] =
      table("site,chain,order_weekday,drop,deliver_weekday S1,ambient,2,1,4");
  EXPECT_NE(last(other_day).find("no order leaves at the close of 2026-03-02"), std::string::npos);
  Files closed = with_range("status", "active");
  closed["sites.csv"] = table("site,kind,depot,closed_on S1,store,D1,2026-02-01 D1,depot,,");
  EXPECT_EQ(last(closed), "sites.csv: S1 does not sell on 2026-03-02");
  Files dormant = steady_shop();
  dormant["products.csv"] = table("product P1 P2");
  dormant["sales.csv"] = table("date,site,product,units 2025-03-01,S1,P1,3 2026-03-01,S1,P2,3");
  EXPECT_NE(last(dormant).find("dormant"), std::string::npos);
}

TEST(Why, a_pair_that_is_no_line_says_what_is_known) {
  Files files = with_range("status", "active");
  files["products.csv"] = table("product P1 P2");
  const Told told(files);
  const auto message = [&](std::string_view site, std::string_view product) {
    const auto found = told.explainer.find(site, product);
    return found ? std::string() : found.error().message;
  };
  EXPECT_EQ(message("S9", "P1"), "S9 P1: sites.csv has no such site");
  EXPECT_EQ(message("S1", "P9"), "S1 P9: products.csv has no such product");
  EXPECT_NE(message("D1", "P1").find("the site is a depot"), std::string::npos);
  EXPECT_NE(message("S1", "P2").find("no range row, stock record or sale"), std::string::npos);
}

}  // namespace
}  // namespace nightly
