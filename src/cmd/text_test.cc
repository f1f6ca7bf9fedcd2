#include "cmd/text.h"

#include <limits>

#include <gtest/gtest.h>

namespace cmd {
namespace {

TEST(Text, separates_thousands_and_never_begins_with_a_comma) {
  EXPECT_EQ(grouped(std::int64_t{0}), "0");
  EXPECT_EQ(grouped(std::int64_t{999}), "999");
  EXPECT_EQ(grouped(std::int64_t{-999}), "-999");
  EXPECT_EQ(grouped(std::int64_t{1000}), "1,000");
  EXPECT_EQ(grouped(std::int64_t{-123456}), "-123,456");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Text, shows_money_as_pounds_and_whole_pence) {
  EXPECT_EQ(grouped(base::Money{12'345'678}), "1,234.57");
  EXPECT_EQ(grouped(base::Money{-500}), "-0.05");
  EXPECT_EQ(grouped(base::Money{0}), "0.00");
}

TEST(Text, counts_one_thing_and_several) {
  EXPECT_EQ(counted(1, "line"), "1 line");
  EXPECT_EQ(counted(0, "line"), "0 lines");
  EXPECT_EQ(counted(1200, "line"), "1,200 lines");
}

TEST(Text, is_cut_between_characters_only) {
  EXPECT_EQ(shortened("Crème", 5), "Crème");
  EXPECT_EQ(shortened("Crème brûlée", 5), "Crèm…");
  EXPECT_EQ(shortened("Café au lait", 4), "Caf…");
}

TEST(TextTable, is_as_wide_as_its_widest_cells_and_ends_lines_without_spaces) {
  TextTable table({{"name"}, {"units", true}, {"note"}});
  EXPECT_TRUE(table.empty());
  table.row({"Crème", "7", ""});
  table.row({"Milk", "12,345", "cut"});
  EXPECT_EQ(table.text("  "),
            "  name    units  note\n"
            "  Crème       7\n"
            "  Milk   12,345  cut\n");
}

TEST(TextTable, leaves_out_what_is_empty_throughout) {
  TextTable table({{""}, {""}, {""}});
  table.row({"sales.csv", "", "old"});
  EXPECT_EQ(table.text(), "sales.csv  old\n");
}

}  // namespace
}  // namespace cmd
