#include "cmd/text.h"

#include <gtest/gtest.h>

namespace cmd {
namespace {

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
