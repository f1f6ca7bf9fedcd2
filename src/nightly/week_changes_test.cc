#include "nightly/week_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nightly/testing/evening.h"

namespace nightly {
namespace {

using nightly::testing::as_of;
using nightly::testing::Evening;

class WeekChangesTest : public ::testing::Test {
 protected:
  std::uint32_t site(std::string_view id) const { return find_site(evening.estate, id); }
  std::uint32_t product(std::string_view id) const { return find_product(evening.estate, id); }
  void order(std::string_view at, std::string_view what, std::int32_t units) {
    OrderLine line = evening.line(at, what);
    line.product = product(what);
    line.units = units;
    evening.night.orders.push_back(line);
  }
  WeekChanges changes(const std::vector<RunMemory::Ordered>& before) const {
    return week_changes(evening.input(), evening.night, as_of - 7, before);
  }

  Evening evening;
};

TEST_F(WeekChangesTest, a_line_of_either_night_counts_on_its_side) {
  order("S1", "P1", 12);
  const auto changed = changes({{site("S1"), product("P2"), 4}});
  EXPECT_EQ(changed.now.lines, 1);
  EXPECT_EQ(changed.now.value.pence(), 966);
  EXPECT_EQ(changed.before.lines, 1);
  EXPECT_EQ(changed.before.value.pence(), 200);
  ASSERT_EQ(changed.lines.size(), 2u);
  EXPECT_EQ(changed.lines[0].product, product("P1"));
  EXPECT_EQ(changed.lines[0].units_before, 0);
  EXPECT_EQ(changed.lines[1].units_now, 0);
}

TEST_F(WeekChangesTest, drops_of_one_line_are_added_up_on_both_nights) {
  order("S1", "P1", 12);
  order("S1", "P1", 6);
  const auto changed = changes({{site("S1"), product("P1"), 10}, {site("S1"), product("P1"), 8}});
  EXPECT_EQ(changed.now.lines, 1);
  EXPECT_TRUE(changed.lines.empty());
  EXPECT_TRUE(changed.by_category.empty());
}

TEST_F(WeekChangesTest, the_largest_difference_comes_first_whichever_way_it_goes) {
  order("S1", "P1", 7);
  const auto changed = changes({{site("S1"), product("P1"), 6}, {site("S1"), product("P2"), 90}});
  ASSERT_EQ(changed.by_category.size(), 2u);
  EXPECT_EQ(changed.by_category[0].name, "bread");
  EXPECT_EQ(changed.lines[0].product, product("P2"));
}

}  // namespace
}  // namespace nightly
