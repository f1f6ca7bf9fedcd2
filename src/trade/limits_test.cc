#include "trade/limits.h"

#include <gtest/gtest.h>

#include "trade/reconcile.h"
#include "trade/terminal.h"
#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

TEST(LimitsSet, is_what_a_decision_goes_by_from_then_on) {
  Estate estate;
  const auto pay_out = [&](std::int64_t pence) {
    return estate.answer(
        store_code,
        DrawerMoved{.verb = DrawerVerb::pay_out, .pence = pence, .reason = TillReason::test});
  };
  estate.must(store_code, DrawerMoved{.verb = DrawerVerb::open, .pence = 10'000});
  EXPECT_EQ(pay_out(2'000), "done");
  LimitsSet set;
  set.limits.pay_out_alone_pence = 1'999;
  set.limits.contactless_pence = 0;
  set.limits.card_day_pence = 7;
  estate.must(store_code, set);
  EXPECT_EQ(pay_out(2'000), "second_missing");
  EXPECT_EQ(pay_out(1'999), "done");
  EXPECT_EQ(card_rules_of(estate.store().limits).contactless_pence_max, 0);
  EXPECT_EQ(offline_caps_of(estate.store().limits).card_day_pence, 7);
  Book restored;
  ASSERT_TRUE(restored.restore(encode(estate.store())));
  EXPECT_EQ(restored.find(store_code)->limits, set.limits);
}

TEST(LimitsSet, of_the_tables_are_remembered_and_only_the_site_itself_sets_those) {
  Estate estate;
  LimitsSet tables{.limits = {}, .is_of_tables = true};
  tables.limits.drawer_pence = 70'000;
  const auto by = [&](Role role, const LimitsSet& set) {
    auto event = decide(estate.book, store_code, {role, {ActorNo{7}, {}, 0}, 0, set});
    if (event) apply(estate.book, store_code, *event);
    return event ? "done" : row_of(event.error().why).name;
  };
  EXPECT_EQ(by(Role::incident, tables), "role_not_allowed");
  EXPECT_EQ(by(Role::manager, {}), "role_not_allowed");
  EXPECT_EQ(by(Role::site, tables), "done");
  EXPECT_EQ(by(Role::incident, {}), "done");
  EXPECT_EQ(estate.store().limits, Limits{});
  EXPECT_EQ(estate.store().table_limits, tables.limits);
}

TEST(LimitsSet, takes_each_limit_up_to_its_most_and_none_below_zero) {
  for (const LimitRow& row : limit_rows()) {
    Estate estate;
    for (const std::int64_t bad : {std::int64_t{-1}, row.most + 1}) {
      LimitsSet wrong;
      wrong.limits.*row.value = bad;
      EXPECT_EQ(estate.answer(store_code, wrong), "value_out_of_range") << row.name << " " << bad;
    }
    EXPECT_EQ(estate.store().limits, Limits{});
    LimitsSet most;
    most.limits.*row.value = row.most;
    EXPECT_EQ(estate.answer(store_code, most), "done") << row.name;
    EXPECT_EQ(estate.store().limits, most.limits);
  }
}

}  // namespace
}  // namespace trade
