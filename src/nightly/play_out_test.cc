#include "nightly/play_out.h"

#include <memory>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "estate/testing/small_estate.h"
#include "nightly/availability.h"
#include "nightly/range_days.h"

namespace nightly {
namespace {

using estate::testing::Files;

// A Sunday; the first day played is a Monday.
const Date sunday = base::make_date(2026, 3, 1);

// An estate as text, with all that tonight's order run needs.
class Town {
 public:
  explicit Town(const Files& files)
      : estate_(*estate::testing::read_files(files, {})),
        columns_(build_columns(estate_, sunday, order_horizon_periods)),
        fold_(planner::default_settings(columns_.kind)),
        outlook_(columns_,
                 planner::rebuild(columns_.history, columns_.pools, columns_.events, fold_, 1),
                 fold_, order_horizon_periods),
        routes_(Routes::build(estate_, columns_, sunday, 1)),
        in_range_(in_range_of(estate_, columns_, routes_, sunday, 1)),
        positions_(stock_positions(estate_, columns_, outlook_, in_range_, sunday)),
        tonight_{estate_, columns_, outlook_, positions_, fold_.settings(), in_range_, sunday, 1} {}

  PlayPlan plan(std::int32_t days) const { return PlayPlan({tonight_, days}); }
  // What customers want of every line on every day.
  KnownDemand steady(std::int32_t units, std::int32_t days) const {
    std::vector<TrueDemand> rows;
    for (std::size_t line = 0; line < columns_.size(); ++line)
      for (std::int32_t day = 1; day <= days; ++day)
        rows.push_back({columns_.site[line], columns_.product[line], sunday + day, units});
    return {columns_, rows, {sunday.days + 1, sunday.days + days}};
  }
  const Columns& columns() const { return columns_; }
  const planner::Settings& settings() const { return fold_.settings(); }

 private:
  estate::Estate estate_;
  Columns columns_;
  planner::Fold fold_;
  Outlook outlook_;
  Routes routes_;
  std::vector<std::uint8_t> in_range_;
  Positions positions_;
  OrderRunInput tonight_;
};

// Every pair of a site and product sold 5 on each of the last 60 days.
std::string steady_sales(std::initializer_list<std::string_view> lines) {
  std::string csv = "date,site,product,units\n";
  for (int day = 59; day >= 0; --day)
    for (const std::string_view line : lines)
      csv += fmt::format("{},{},5\n", base::to_string(sunday - day), line);
  return csv;
}

// One shop that buys from nobody in particular: an order is on the shelf two days later.
Files corner_shop(std::string_view stock, std::string_view range = {}) {
  Files files{{"estate.toml", "format = 1\nname = \"Corner\"\nperiod = \"day\"\n"},
              {"sites.csv", "site,kind\nS1,store\n"},
              {"products.csv", "product,category,case_units\nP1,dairy,6\n"},
              {"sales.csv", steady_sales({"S1,P1"})},
              {"stock.csv", std::string(stock)}};
  if (!range.empty()) files["range.csv"] = std::string(range);
  return files;
}

// Lines on the shelf by day, over all cells.
std::vector<int> on_shelf(const PlayPlan& plan, const PlayedPath& path) {
  std::vector<int> result(static_cast<std::size_t>(plan.days()), 0);
  for (std::size_t i = 0; i < path.on_shelf.size(); ++i)
    result[i % result.size()] += static_cast<int>(path.on_shelf[i]);
  return result;
}

TEST(PlayOutTest, an_empty_shelf_fills_when_the_first_order_comes) {
  const Town town(corner_shop("site,product,on_hand_units\nS1,P1,0\n"));
  const PlayPlan plan = town.plan(5);
  const PlayedPath path = play_path(plan, town.steady(5, 5), {});
  EXPECT_EQ(on_shelf(plan, path), (std::vector{0, 1, 1, 1, 1}));
}

TEST(PlayOutTest, stock_lasts_until_customers_have_taken_it) {
  // A line that runs down is not ordered, and one that is not ordered is not counted.
  const Town town(corner_shop("site,product,on_hand_units\nS1,P1,12\n",
                              "site,product,status\nS1,P1,run_down\n"));
  const PlayPlan plan = town.plan(4);
  const PlayedPath path = play_path(plan, town.steady(5, 4), {});
  EXPECT_EQ(on_shelf(plan, path), (std::vector{0, 0, 0, 0}));
  EXPECT_EQ(path.units[0].sold, 5);
  EXPECT_EQ(path.units[1].sold, 10);
  EXPECT_EQ(path.units[2].sold, 12);
  EXPECT_EQ(path.units[3].sold, 12);
  EXPECT_EQ(path.units[3].ordered, 0);
}

TEST(PlayOutTest, nobody_sells_after_the_last_day_of_its_life) {
  const Town town(corner_shop("site,product,on_hand_units,expiry_date\nS1,P1,40,2026-03-03\n",
                              "site,product,status\nS1,P1,run_down\n"));
  const PlayPlan plan = town.plan(3);
  const PlayedPath path = play_path(plan, town.steady(5, 3), {});
  EXPECT_EQ(path.units[1].sold, 10);
  EXPECT_EQ(path.units[1].wasted, 30);
  EXPECT_EQ(path.units[2].sold, 10);
}

TEST(PlayOutTest, goods_on_order_come_on_their_day) {
  Files files =
      corner_shop("site,product,on_hand_units\nS1,P1,0\n", "site,product,status\nS1,P1,active\n");
  files["on_order.csv"] = "site,product,due_date,units\nS1,P1,2026-03-02,30\n";
  const Town town(files);
  const PlayPlan plan = town.plan(3);
  EXPECT_EQ(on_shelf(plan, play_path(plan, town.steady(5, 3), {})), (std::vector{1, 1, 1}));
}

TEST(PlayOutTest, what_is_truly_there_replaces_the_record) {
  const Town town(corner_shop("site,product,on_hand_units\nS1,P1,30\n"));
  const PlayPlan plan = town.plan(2);
  const std::vector<TrueStock> bare{{0, 0, 0}};
  EXPECT_EQ(on_shelf(plan, play_path(plan, town.steady(5, 2), {})), (std::vector{1, 1}));
  EXPECT_EQ(on_shelf(plan, play_path(plan, town.steady(5, 2), bare))[0], 0);
}

TEST(PlayOutTest, an_old_record_is_played_forward_by_the_demand_of_the_days_since) {
  // The shop has not reported for four days, in which customers wanted 5 a day of the 18.
  Files files = corner_shop("site,product,on_hand_units,as_of\nS1,P1,18,2026-02-25\n");
  std::string& sales = files["sales.csv"];
  sales.resize(sales.find("2026-02-26"));
  const Town town(files);
  const PlayPlan plan = town.plan(1);
  const PlayedPath path = play_path(plan, town.steady(5, 1), {});
  EXPECT_EQ(on_shelf(plan, path), (std::vector{0}));
  EXPECT_EQ(path.units[0].opening, 0);
}

// A depot with two shops. Its supplier brings goods on the third day after an order, and they are
// in the shops the day after: an order of Sunday is on shelves on Thursday.
Files town_files(std::string_view depot_stock) {
  return {{"estate.toml", "format = 1\nname = \"Town\"\nperiod = \"day\"\n"},
          {"sites.csv", "site,kind,depot\nD1,depot,\nS1,store,D1\nS2,store,D1\n"},
          {"suppliers.csv", "supplier,lead_days\nA,3\n"},
          {"products.csv",
           "product,category,supplier,case_units,date_kind,life_on_receipt_days,"
           "life_into_depot_days\nP1,dairy,A,6,use_by,4,7\nP2,tins,A,12,none,,\n"},
          {"sales.csv", steady_sales({"S1,P1", "S1,P2", "S2,P1", "S2,P2"})},
          {"stock.csv", "site,product,on_hand_units\nS1,P1,0\nS1,P2,0\nS2,P1,0\nS2,P2,0\n" +
                            std::string(depot_stock)},
          {"supply.csv", "to_site,from,flow,lead_days\nS1,D1,stock,1\nS2,D1,stock,1\n"}};
}

TEST(PlayOutTest, shelves_wait_for_an_empty_depot_and_its_supplier) {
  const Town town(town_files("D1,P1,0\nD1,P2,0\n"));
  const PlayPlan plan = town.plan(6);
  const PlayedPath path = play_path(plan, town.steady(5, 6), {});
  EXPECT_EQ(on_shelf(plan, path), (std::vector{0, 0, 0, 4, 4, 4}));
}

TEST(PlayOutTest, a_depot_without_a_record_is_taken_to_have_what_it_sends) {
  const Town town(town_files(""));
  const PlayPlan plan = town.plan(2);
  EXPECT_EQ(on_shelf(plan, play_path(plan, town.steady(5, 2), {})), (std::vector{4, 4}));
}

TEST(PlayOutTest, goods_that_pass_through_a_depot_reach_shelves_the_day_they_come) {
  Files files = town_files("");
  files["supply.csv"] = "to_site,from,flow,lead_days\nS1,D1,cross_dock,1\nS2,D1,cross_dock,1\n";
  const Town town(files);
  const PlayPlan plan = town.plan(4);
  EXPECT_EQ(on_shelf(plan, play_path(plan, town.steady(5, 4), {})), (std::vector{0, 0, 4, 4}));
}

TEST(PlayOutTest, every_unit_is_somewhere_on_every_day) {
  for (const std::string_view flow : {"stock", "cross_dock"}) {
    Files files = town_files("D1,P1,60\nD1,P2,7\n");
    files["supply.csv"] =
        fmt::format("to_site,from,flow,lead_days\nS1,D1,{0},1\nS2,D1,{0},2\n", flow);
    files["on_order.csv"] =
        "site,product,due_date,units\nD1,P1,2026-03-02,24\nS1,P2,2026-03-03,12\n";
    files["customer_orders.csv"] = "order,site,product,units\nC1,D1,P2,5\n";
    const Town town(files);
    const PlayPlan plan = town.plan(21);
    const SampledDemand demand(town.columns(), town.settings(), 3, 0,
                               {sunday.days - 27, sunday.days + 21});
    const PlayedPath path = play_path(plan, demand, {});
    ASSERT_EQ(path.units.size(), 21u);
    for (const UnitCount& units : path.units)
      EXPECT_EQ(units.opening + units.ordered, units.on_shelves + units.to_stores +
                                                   units.in_depots + units.to_depots + units.sold +
                                                   units.wasted + units.served);
    EXPECT_GT(path.units.back().sold, 0);
    // What passes through a depot goes on whole, and leaves nothing for other shops.
    EXPECT_EQ(path.units.back().served, flow == "stock" ? 5 : 0);
  }
}

TEST(PlayOutTest, futures_differ_by_path_and_seed_and_by_nothing_else) {
  const Town town(town_files("D1,P1,60\nD1,P2,60\n"));
  const PlayPlan plan = town.plan(14);
  const auto play = [&](std::uint64_t seed, int threads) {
    return play_paths(plan, {.paths = 5, .seed = seed, .threads = threads});
  };
  const auto one = play(1, 1), three = play(1, 3), other = play(2, 1);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].on_shelf, three[i].on_shelf);
    EXPECT_EQ(one[i].units, three[i].units);
    EXPECT_EQ(one[i].lost_value, three[i].lost_value);
  }
  EXPECT_NE(one[0].units, one[1].units);
  EXPECT_NE(one[0].units, other[0].units);
}

TEST(DemandPathsTest, draws_have_the_moments_of_the_outlook) {
  const Town town(corner_shop("site,product,on_hand_units\nS1,P1,0\n"));
  const planner::Moments wanted{4, 9};
  double sum = 0, squares = 0;
  constexpr int count = 20'000;
  for (int path = 0; path < count; ++path) {
    const SampledDemand demand(town.columns(), town.settings(), 1, static_cast<std::uint32_t>(path),
                               {0, -1});
    const double units = demand.units(0, 100, wanted);
    sum += units;
    squares += units * units;
  }
  const double mean = sum / count;
  EXPECT_NEAR(mean, wanted.mean, 0.08);
  EXPECT_NEAR(squares / count - mean * mean, wanted.variance, 0.5);
}

TEST(AvailabilityTest, the_range_holds_the_mean_and_counts_lines) {
  const Town town(town_files("D1,P1,30\nD1,P2,30\n"));
  const PlayPlan plan = town.plan(14);
  const auto paths = play_paths(plan, {.paths = 6});
  const auto all = availability(plan, paths, [](const auto&) { return true; });
  const auto sites = availability_by_site(plan, paths);
  for (std::size_t day = 0; day < 14; ++day) {
    EXPECT_EQ(all.lines[day], 4);
    EXPECT_EQ(sites[1].lines[day] + sites[2].lines[day], 4);
    EXPECT_LE(all.low[day], all.share[day]);
    EXPECT_LE(all.share[day], all.high[day]);
    EXPECT_NEAR(all.share[day], (sites[1].share[day] + sites[2].share[day]) / 2, 1e-12);
  }
}

TEST(AvailabilityTest, shelves_are_back_once_they_hold_the_level_for_a_week) {
  using Shares = std::vector<double>;
  EXPECT_EQ(Availability::back_at(Shares{0.5, 0.94, 0.95, 0.96}), 2);
  EXPECT_EQ(Availability::back_at(Shares{0.99, 0.96}), 0);
  EXPECT_EQ(Availability::back_at(Shares{0.5}), std::nullopt);
  // A first delivery that sells out again.
  EXPECT_EQ(Availability::back_at(Shares{0.5, 0.96, 0.8, 0.8, 0.9, 0.97, 0.97}), 5);
  // A Sunday in a good week.
  EXPECT_EQ(Availability::back_at(Shares{0.5, 0.97, 0.97, 0.97, 0.97, 0.97, 0.9, 0.97}), 1);
  // What comes after that week is another story.
  EXPECT_EQ(Availability::back_at(Shares{1, 1, 1, 1, 1, 1, 1, 0, 0, 0}), 0);
}

TEST(AvailabilityTest, a_forecast_that_came_true_has_no_error) {
  const Town town(town_files("D1,P1,0\nD1,P2,0\n"));
  const PlayPlan plan = town.plan(4);
  const PlayedPath steady = play_path(plan, town.steady(5, 4), {});
  PlayedPath bare = steady;
  std::ranges::fill(bare.on_shelf, 0);
  EXPECT_EQ(forecast_error(plan, {&steady, 1}, steady).category_points, 0);
  // All four lines were there on one of four days.
  EXPECT_DOUBLE_EQ(forecast_error(plan, {&steady, 1}, bare).estate_points, 25);
}

}  // namespace
}  // namespace nightly
