// Real estates, which are not part of the repository: set STOCKADE_SHARED to their folder.
#include <gtest/gtest.h>

#include "base/testing/shared.h"
#include "estate/read.h"

namespace estate {
namespace {

struct RealEstate {
  const char* folder;
  std::size_t lines, sales_rows;
  std::int64_t units;
  const char *first, *last;
};

class ReadReal : public ::testing::TestWithParam<RealEstate> {};

TEST_P(ReadReal, estates_have_the_known_number_of_lines_rows_and_units) {
  const RealEstate& known = GetParam();
  const auto folder = base::testing::shared_path(std::string("data/") + known.folder);
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "NO REAL DATA: " << folder << " is missing";
  const auto estate = read_estate(io::real_disk(), folder, {.threads = 2});
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->sales.size(), known.sales_rows);
  std::size_t lines = 0;
  std::int64_t units = 0;
  for (std::size_t i = 0; i < estate->sales.size(); ++i) {
    const Sales& sales = estate->sales;
    units += sales.units[i];
    lines +=
        i == 0 || sales.site[i] != sales.site[i - 1] || sales.product[i] != sales.product[i - 1];
  }
  EXPECT_EQ(lines, known.lines);
  EXPECT_EQ(units, known.units);
  for (const FileFacts& facts : estate->files) {
    EXPECT_TRUE(facts.unknown_columns.empty()) << facts.file;
    if (facts.file != "sales.csv") continue;
    EXPECT_EQ(base::to_string(facts.first), known.first);
    EXPECT_EQ(base::to_string(facts.last), known.last);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Folders, ReadReal,
    ::testing::Values(RealEstate{"vn2", 599, 599 * 157, 276'648, "2021-04-12", "2024-04-08"},
                      RealEstate{"m5-foods", 100, 191'400, 3'939'516, "2011-02-25", "2016-05-22"}));

}  // namespace
}  // namespace estate
