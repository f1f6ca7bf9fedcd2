#include "nightly/carried_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nightly/testing/whole_night.h"

namespace nightly {
namespace {

using testing::Files;
using ::testing::HasSubstr;
using testing::tonight;

Files shop() {
  Files files = testing::steady_shop();
  files["products.csv"] = testing::table("product,category P1,milk");
  files["range.csv"] = testing::table("site,product,from_date,to_date S1,P1,2025-01-01,");
  files["events.csv"] = testing::table("date,event 2025-12-25,christmas 2026-12-25,christmas");
  return files;
}

// The state of a night over `shop()`, and what an estate of other files makes of it.
class CarriedStateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const testing::WholeNight night(shop());
    ASSERT_TRUE(disk_.remove_all(folder_));
    ASSERT_TRUE(save_state(disk_, folder_, tonight,
                           pack_state(night.estate, night.columns, night.fold.settings(), tonight,
                                      night.outlook.state())));
    auto loaded = load_state(disk_, folder_, tonight + 1);
    ASSERT_TRUE(loaded && loaded->saved);
    saved_ = std::move(*loaded->saved);
  }
  void TearDown() override { ASSERT_TRUE(disk_.remove_all(folder_)); }

  base::Result<std::string> changed(const Files& files) const {
    return changed_past(saved_, *estate::testing::read_files(files, {.as_of = tonight + 1}));
  }

  io::Disk& disk_ = io::real_disk();
  const io::Path folder_ = io::Path(::testing::TempDir()) / "stockade_carried_state_test";
  SavedState saved_;
};

TEST_F(CarriedStateTest, more_sales_and_new_lines_are_no_change_of_the_past) {
  Files files = shop();
  files["sales.csv"] += "2026-03-03,S1,P1,7\n";
  files["products.csv"] += "P2,milk\n";
  files["range.csv"] += "S1,P2,2026-03-03,\n";
  files["events.csv"] += "2026-07-01,fair\n";
  EXPECT_EQ(*changed(files), "");
}

TEST_F(CarriedStateTest, each_change_of_the_past_is_named) {
  struct Case {
    const char* file;
    std::string content, why;
  };
  const Case cases[] = {
      {"products.csv", testing::table("product,category P1,cheese"),
       "P1 at S1 is now in another category or region"},
      {"sites.csv", testing::table("site,kind,depot,region S1,store,D1,north D1,depot,,"),
       "P1 at S1 is now in another category or region"},
      {"range.csv", testing::table("site,product,from_date,to_date S1,P1,2025-01-01,2026-01-01"),
       "P1 at S1 left the range on another day than was known"},
      {"events.csv", testing::table("date,event 2025-12-25,christmas 2025-12-01,fair"),
       "an event of the past was added, moved or withdrawn"},
      {"sales.csv", shop()["sales.csv"] + "2024-01-01,S1,P1,3\n",
       "sales.csv begins earlier than it did"},
      {"estate.toml", "format = 1\nname = \"Small\"\nperiod = \"week\"\n",
       "the estate's period is another one now"}};
  for (const Case& one : cases) {
    Files files = shop();
    files[one.file] = one.content;
    if (one.why.starts_with("the estate's"))
      files["sales.csv"] = testing::table("date,site,product,units 2026-02-23,S1,P1,3");
    const auto why = changed(files);
    ASSERT_TRUE(why) << why.error().message;
    EXPECT_EQ(*why, one.why) << one.file;
  }
}

TEST_F(CarriedStateTest, the_state_of_another_estate_is_refused) {
  Files files = shop();
  files["estate.toml"] = "format = 1\nname = \"Other\"\nperiod = \"day\"\n";
  const auto why = changed(files);
  ASSERT_FALSE(why);
  EXPECT_EQ(why.error().code, base::ErrorCode::state_mismatch);
  EXPECT_THAT(why.error().message, HasSubstr("belongs to the estate \"Small\""));
}

TEST_F(CarriedStateTest, sales_are_needed_for_the_guards_and_from_the_oldest_stock_record) {
  Files files = shop();
  const Date guarded = tonight - (night_sales_periods - 1);
  const auto needed = [&] {
    return sales_needed_from(saved_, *estate::testing::read_files(files, {.as_of = tonight + 1}));
  };
  EXPECT_EQ(needed(), guarded);
  files["stock.csv"] = testing::table("site,product,on_hand_units,as_of S1,P1,4,2025-11-30");
  EXPECT_EQ(needed(), base::make_date(2025, 12, 1));
  files.erase("range.csv");  // lines are then known by their sales alone
  EXPECT_EQ(needed(), base::date_min);
}

}  // namespace
}  // namespace nightly
