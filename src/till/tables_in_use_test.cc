#include "till/tables_in_use.h"

#include <gtest/gtest.h>

#include "io/sim_disk.h"
#include "till/testing/small_folder.h"

namespace till {
namespace {

using base::make_date;

const base::Date today = make_date(2026, 11, 27);

class TablesInUseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(disk_.make_folders("f"));
    for (const auto& [name, content] : testing::small_folder()) write(name, content);
  }
  void write(const std::string& name, const std::string& content) {
    ASSERT_TRUE(io::write_file(disk_, io::Path("f") / name, content));
  }
  std::shared_ptr<TablesInUse> open() {
    auto made = TablesInUse::open(disk_, "f", "S1", today);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return *made;
  }
  static trade::Pence first_price(const TablesInUse& tables) {
    return tables.get()->prices.front().pence;
  }

  io::SimDisk disk_{1};
};

TEST_F(TablesInUseTest, newer_files_are_taken_over_once_they_stood_still) {
  const auto tables = open();
  const TablesPtr before = tables->get();
  EXPECT_EQ(first_price(*tables), 165);  // cola
  EXPECT_FALSE(tables->look(today));
  write("prices.csv", "product,from_date,price\ncola,2026-01-01,1.8");
  EXPECT_FALSE(tables->look(today)) << "whoever writes may be half-way";
  write("prices.csv", "product,from_date,price\ncola,2026-01-01,1.80\n");
  EXPECT_FALSE(tables->look(today));
  const auto news = tables->look(today);
  ASSERT_TRUE(news);
  EXPECT_EQ(news->taken, tables->get());
  EXPECT_EQ(tables->get()->prices.size(), before->prices.size() + 1);
  EXPECT_EQ(before->prices.front().pence, 165) << "what was got stays as it is";
  EXPECT_FALSE(tables->look(today));
}

TEST_F(TablesInUseTest, broken_files_are_told_of_once_and_change_nothing) {
  const auto tables = open();
  const TablesPtr before = tables->get();
  write("prices.csv", "product,from_date,price\ncola,2026-01-01,free\n");
  EXPECT_FALSE(tables->look(today));
  const auto news = tables->look(today);
  ASSERT_TRUE(news);
  EXPECT_EQ(news->refused_why,
            "prices.csv:2: column price: \"free\": expected pounds from 0 to 1000000000 with at "
            "most 4 decimals");
  EXPECT_EQ(tables->get(), before);
  EXPECT_FALSE(tables->look(today));
  EXPECT_FALSE(tables->look(today + 1)) << "what is broken is so on every day";
  ASSERT_TRUE(disk_.remove_all("f/prices.csv"));
  EXPECT_FALSE(tables->look(today));
  const auto again = tables->look(today);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->taken);
}

TEST_F(TablesInUseTest, a_folder_that_is_gone_is_told_of_and_its_tables_stay) {
  const auto tables = open();
  ASSERT_TRUE(disk_.remove_all("f/sites.csv"));
  EXPECT_FALSE(tables->look(today));
  const auto news = tables->look(today);
  ASSERT_TRUE(news);
  EXPECT_NE(news->refused_why.find("sites.csv"), std::string::npos);
  EXPECT_NE(tables->get(), nullptr);
}

TEST_F(TablesInUseTest, files_that_no_till_reads_change_nothing) {
  const auto tables = open();
  write("sales.csv", "whatever");
  EXPECT_FALSE(tables->look(today));
  EXPECT_FALSE(tables->look(today));
}

TEST_F(TablesInUseTest, another_day_has_other_codes) {
  write("barcodes.csv",
        "barcode,product,from_date,to_date\n5000000000012,milk,,2026-11-27\n"
        "5000000000012,wrap,2026-11-28,\n");
  const auto tables = open();
  const auto owner = [&] { return tables->get()->gtins.front().product.view(); };
  EXPECT_EQ(owner(), "milk");
  const auto news = tables->look(today + 1);
  ASSERT_TRUE(news);
  EXPECT_TRUE(news->taken);
  EXPECT_EQ(owner(), "wrap");
  EXPECT_FALSE(tables->look(today + 1));
}

TEST(TablesInUse, without_a_folder_only_replace_changes_them) {
  TablesInUse tables(nullptr);
  EXPECT_EQ(tables.get(), nullptr);
  EXPECT_FALSE(tables.look(today));
  const auto made = std::make_shared<const Tables>();
  tables.replace(made);
  EXPECT_EQ(tables.get(), made);
}

TEST(TablesInUse, a_bad_folder_stops_the_start) {
  io::SimDisk disk(1);
  const auto made = TablesInUse::open(disk, "nowhere", "S1", today);
  ASSERT_FALSE(made);
}

}  // namespace
}  // namespace till
