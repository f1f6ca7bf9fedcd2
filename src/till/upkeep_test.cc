#include "till/upkeep.h"

#include <filesystem>
#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "io/entropy.h"
#include "site/cut_offs.h"
#include "site/testing/kit.h"
#include "till/testing/small_folder.h"

namespace till {
namespace {

using trade::Body;

constexpr trade::SiteCode till_code{701};
constexpr trade::Day monday{9'800};

TablesPtr small_tables() {
  auto tables = testing::read_files(testing::small_folder());
  EXPECT_TRUE(tables);
  return *tables;
}

// A till on the real disk, because upkeep and core have threads.
class UpkeepTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        io::Path(::testing::TempDir()) /
        (std::string("till-") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    open();
  }
  void TearDown() override {
    core_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    core_.reset();
    site::CoreOptions options;
    options.data = folder_;
    options.site = {till_code, trade::SiteKind::till, 1};
    options.estate = "sample";
    auto started = site::Core::start(options, io::real_disk(), clock_, io::real_entropy());
    ASSERT_TRUE(started) << started.error().message;
    core_ = *std::move(started);
  }
  // What the question makes of the till's partition.
  template <class Question>
  auto ask(Question question) {
    std::promise<std::invoke_result_t<Question, const trade::Partition&>> told;
    EXPECT_TRUE(core_->ask([&](const site::View& view) { told.set_value(question(view.own)); }));
    return told.get_future().get();
  }
  std::vector<Body> wanted(const Tables* tables, trade::Day day, std::size_t most) {
    return ask([&](const trade::Partition& own) { return upkeep_of(own, tables, day, most); });
  }
  std::uint32_t lines() {
    return ask([](const trade::Partition& own) { return own.goods.line_count(); });
  }

  io::SimClock clock_{std::int64_t{20'800} * 86'400'000};
  io::Path folder_;
  std::unique_ptr<site::Core> core_;
};

TEST_F(UpkeepTest, a_new_till_opens_the_day_and_then_a_line_for_each_product) {
  const TablesPtr tables = small_tables();
  const auto bodies = wanted(tables.get(), monday, 100);
  ASSERT_EQ(bodies.size(), 6u);
  EXPECT_EQ(std::get<trade::DayOpened>(bodies[0]).day, monday);
  EXPECT_EQ(std::get<trade::LineOpened>(bodies[1]).product.view(), "cola");
  EXPECT_EQ(wanted(tables.get(), monday, 3).size(), 3u);
  EXPECT_EQ(wanted(nullptr, monday, 3).size(), 1u);
}

TEST_F(UpkeepTest, the_start_has_done_it_all_and_another_start_does_nothing_more) {
  const auto tables = std::make_shared<TablesInUse>(small_tables());
  std::vector<std::string> refused;
  const auto start = [&] {
    UpkeepOptions options{tables};
    options.on_refused = [&](const std::string& why) { refused.push_back(why); };
    return Upkeep::start(std::move(options), *core_, clock_);
  };
  start().reset();
  EXPECT_EQ(lines(), 5u);
  const trade::Day today = trade::to_day(site::local_time(clock_.wall_ms()).day);
  EXPECT_EQ(ask([](const trade::Partition& own) { return own.day; }), today);
  EXPECT_TRUE(wanted(tables->get().get(), today, 100).empty());
  open();
  const std::uint64_t entries = core_->committed();
  start().reset();
  EXPECT_EQ(core_->committed(), entries);
  EXPECT_TRUE(refused.empty());

  // The next day, with a product more, and limits of the retailer's own.
  testing::Files files = testing::small_folder();
  files["limits.csv"] = "limit,value\ndrawer_pence,70000\n";
  files["products.csv"] += "bread,Bread,each,1.10,zero,,\n";
  tables->replace(*testing::read_files(files));
  clock_.advance(86'400'000);
  start().reset();
  EXPECT_EQ(lines(), 6u);
  EXPECT_EQ(ask([](const trade::Partition& own) { return own.day.days; }), today.days + 1);
  const auto drawer = [&] {
    return ask([](const trade::Partition& own) { return own.limits.drawer_pence; });
  };
  EXPECT_EQ(drawer(), 70'000);
  // What somebody sets by hand stays until the tables say something else.
  trade::LimitsSet by_hand;
  by_hand.limits.drawer_pence = 1;
  (void)core_->submit(site::testing::wish(by_hand), [](const site::Outcome&, const site::View&) {});
  start().reset();
  EXPECT_EQ(drawer(), 1);
}

TEST_F(UpkeepTest, more_products_than_a_round_takes_get_their_lines_at_the_start) {
  testing::Files files = testing::small_folder();
  for (int i = 0; i < 2'500; ++i)
    files["products.csv"] += fmt::format("p{},Thing,each,1,zero,,\n", i);
  const auto tables = std::make_shared<TablesInUse>(*testing::read_files(files));
  Upkeep::start({tables}, *core_, clock_).reset();
  EXPECT_EQ(lines(), 2'505u);
}

TEST_F(UpkeepTest, a_journal_that_takes_nothing_is_told_of_once) {
  core_->close("the key no longer counts");
  const auto tables = std::make_shared<TablesInUse>(small_tables());
  std::vector<std::string> refused;
  UpkeepOptions options{tables};
  options.on_refused = [&](const std::string& why) { refused.push_back(why); };
  Upkeep::start(std::move(options), *core_, clock_).reset();
  EXPECT_EQ(refused, std::vector<std::string>{"the key no longer counts"});
  EXPECT_EQ(lines(), 0u);
}

}  // namespace
}  // namespace till
