#include "site/code.h"

#include <gtest/gtest.h>

namespace site {
namespace {

using trade::SiteCode;
using trade::SiteKind;

TEST(SiteCodes, come_from_the_number_at_the_end_of_the_id) {
  EXPECT_EQ(code_of(SiteKind::store, "S0042"), SiteCode{42});
  EXPECT_EQ(code_of(SiteKind::store, "12-7"), SiteCode{7});
  EXPECT_EQ(to_text(SiteCode{42}), "0042");
}

TEST(SiteCodes, of_one_kind_never_meet_those_of_another) {
  EXPECT_EQ(code_of(SiteKind::depot, "D01"), SiteCode{9'001});
  EXPECT_EQ(code_of(SiteKind::online, "web"), SiteCode{9'500});
  EXPECT_EQ(code_of(SiteKind::centre, "C"), SiteCode{9'900});
  EXPECT_EQ(code_of(SiteKind::store, "S9000"), std::nullopt);
  EXPECT_EQ(code_of(SiteKind::depot, "D500"), std::nullopt);
}

TEST(SiteCodes, are_not_made_up_for_a_store_without_a_number) {
  EXPECT_EQ(code_of(SiteKind::store, "Romford"), std::nullopt);
  EXPECT_EQ(code_of(SiteKind::store, "S0"), std::nullopt);
  EXPECT_EQ(code_of(SiteKind::store, "S99999999999"), std::nullopt);
}

}  // namespace
}  // namespace site
