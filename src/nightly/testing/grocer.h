#pragma once
// A small grocer whose nights can be run one after the other, and whose files can be spoilt.

#include <functional>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "estate/testing/small_estate.h"
#include "nightly/night.h"

namespace nightly::testing {

// Eight stores and a depot, twelve products, thirteen weeks of sales; every line sells every day,
// between 2 and 6 units, and has 3 on the shelf.
class Grocer {
 public:
  static constexpr int sites = 8, products = 12, days = 91;
  inline static const Date first = base::make_date(2026, 3, 2);

  // What the estate holds at the close of day `day`, 0 to days - 1.
  estate::testing::Files files(int day) const {
    estate::testing::Files files{
        {"estate.toml", "format = 1\nname = \"Grocer\"\nperiod = \"day\"\n"},
        {"suppliers.csv", "supplier,lead_days\nA,2\nB,3\nC,1\n"},
        {"supply.csv", "to_site,from,lead_days\nD1,A,2\nD1,B,3\nD1,C,1\n"}};
    std::string& site = files["sites.csv"] = "site,kind,depot,lifeline\nD1,depot,,0\n";
    std::string& product = files["products.csv"] =
        "product,category,supplier,case_units,unit_cost,unit_price\n";
    std::string& range = files["range.csv"] =
        "site,product,status,presentation_units_min,launch_units,to_date\n";
    std::string& stock = files["stock.csv"] = "site,product,on_hand_units\n";
    std::string& sales = files["sales.csv"] = "date,site,product,units\n";
    std::string& deliveries = files["deliveries.csv"] =
        "site,chain,order_weekday,drop,deliver_weekday\n";
    for (int p = 1; p <= products; ++p)
      product += fmt::format("P{:02},food,{},1,0.5,0.9\n", p, std::string_view("ABC")[p % 3]);
    for (int s = 1; s <= sites; ++s) {
      site += fmt::format("S{:02},store,D1,{}\n", s, s == 1 ? 3 : 0);
      for (int weekday = 1; weekday <= 7; ++weekday)
        deliveries += fmt::format("S{:02},ambient,{},1,{}\n", s, weekday, weekday % 7 + 1);
      for (int p = 1; p <= products; ++p) {
        range += fmt::format("S{:02},P{:02},active,1,0,\n", s, p);
        stock += fmt::format("S{:02},P{:02},3\n", s, p);
        for (int d = 0; d <= day; ++d)
          sales += fmt::format("{},S{:02},P{:02},{}\n", base::to_string(first + d), s, p,
                               2 + (7 * s + 3 * p + 5 * d) % 11 % 5);
      }
    }
    return files;
  }
};

// Replaces all of one text by another.
inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

class StandingClock final : public io::Clock {
 public:
  double seconds() override { return 0; }
  std::int64_t wall_ms() override { return 0; }
};

// Nights of a grocer with a state folder of their own.
class GrocerTest : public ::testing::Test {
 protected:
  using Spoil = std::function<void(estate::testing::Files&)>;

  void SetUp() override {
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(disk_.make_folders(folder_));
  }
  void TearDown() override { ASSERT_TRUE(disk_.remove_all(folder_)); }

  NightResult night(int day, const Spoil& spoil = {}, std::vector<Release> releases = {}) {
    auto files = grocer_.files(day);
    if (spoil) spoil(files);
    auto estate = estate::testing::read_files(files);
    EXPECT_TRUE(estate) << estate.error().message;
    NightOptions options;
    options.as_of = Grocer::first + day;
    options.out = folder_ / "out";
    if (carried_) {
      options.state_folder = folder_ / "state";
      auto carried = load_state(disk_, options.state_folder, options.as_of);
      EXPECT_TRUE(carried) << carried.error().message;
      options.carried = std::move(*carried);
    }
    Guards guards(disk_, options.state_folder, std::move(releases), options.as_of);
    EXPECT_TRUE(guards.inspect(*estate, options.carried.saved));
    auto result = run_night(disk_, clock_, *estate, guards, std::move(options));
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }

  std::string file(std::string_view name) {
    return io::read_file(disk_, folder_ / "out" / name).value_or("");
  }

  Grocer grocer_;
  bool carried_ = true;
  io::Disk& disk_ = io::real_disk();
  StandingClock clock_;
  const io::Path folder_ =
      io::Path(::testing::TempDir()) /
      fmt::format("stockade_grocer_{}",
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

}  // namespace nightly::testing
