#include "site/night_document.h"

#include <gmock/gmock.h>

#include "trade/testing/kit.h"

namespace site {
namespace {

using namespace trade::testing;
using ::testing::HasSubstr;

const trade::OrderKey chilled{store_code, depot_code, in_days(1), 1, trade::Chain::chilled};

ToldNight night_with(const Estate& estate) {
  const ProposedLine line{milk, 12, {{"demand", 14, "until the next drop"}}};
  ToldNight night{trade::to_date(today), {}, {}, lessons_of(estate.store())};
  night.orders.push_back({{chilled, {line}}, 1'000});
  night.inbound.push_back({{*trade::SupplierId::of("dairy"), in_days(2), {line}}, 2'000});
  return night;
}

TEST(NightDocument, tells_what_was_proposed_until_when_and_why) {
  const Estate estate;
  const std::string told = to_document(night_with(estate), estate.store());
  for (const char* part :
       {R"("product": "milk")", R"("units": 12)", R"("cut_off_ms": 1000)", R"("supplier": "dairy")",
        R"("cut_off_ms": 2000)", R"("because": "until the next drop")", R"("lessons": [])"})
    EXPECT_THAT(told, HasSubstr(part));
}

TEST(NightDocument, is_known_by_its_day_among_other_documents) {
  const Estate estate;
  const std::string told = to_document(night_with(estate), estate.store());
  EXPECT_EQ(night_of(told), trade::to_date(today));
  for (const char* other : {"", "[]", "{}", R"({"document":"night"})", R"({"day":"2026-11-22"})",
                            R"({"document":"night","day":7})", "\x01\x02"})
    EXPECT_FALSE(night_of(other)) << other;
}

TEST(NightDocument, says_why_an_order_that_it_tells_of_is_as_it_is) {
  const Estate estate;
  const std::string told = to_document(night_with(estate), estate.store());
  const auto reasons = reasons_of(told, chilled);
  ASSERT_TRUE(reasons);
  ASSERT_EQ(reasons->at("milk").size(), 1u);
  EXPECT_EQ(reasons->at("milk")[0].name, "demand");
  EXPECT_EQ(reasons->at("milk")[0].units, 14);
  EXPECT_EQ(reasons->at("milk")[0].because, "until the next drop");
  trade::OrderKey other = chilled;
  ++other.drop;
  EXPECT_FALSE(reasons_of(told, other));
  for (const char* wrong : {"", "[]", "7", R"({"orders":7})", R"({"orders":[7,[],{"key":1}]})"})
    EXPECT_FALSE(reasons_of(wrong, chilled)) << wrong;
}

TEST(Lessons, are_the_changes_that_somebody_wants_learned_from_line_by_line) {
  Estate estate;
  estate.must(store_code, trade::OrderProposed{chilled, {{milk, 12}, {soap, 4}, {peas, 8}}});
  EXPECT_TRUE(lessons_of(estate.store()).empty());
  const auto change = [&](bool learn) {
    estate.must(store_code,
                trade::ProposalChanged{
                    chilled, trade::ChangeReason::sold_out, {}, learn, {{milk, 24}, {peas, 8}}});
  };
  change(false);
  EXPECT_TRUE(lessons_of(estate.store()).empty());
  change(true);
  const auto lessons = lessons_of(estate.store());
  ASSERT_EQ(lessons.size(), 1u);
  EXPECT_EQ(lessons[0].reason, trade::ChangeReason::sold_out);
  ASSERT_EQ(lessons[0].lines.size(), 2u) << "of the peas nothing was changed";
  EXPECT_EQ(lessons[0].lines[0].line, milk);
  EXPECT_EQ(lessons[0].lines[0].proposed_units, 12);
  EXPECT_EQ(lessons[0].lines[0].wanted_units, 24);
  EXPECT_EQ(lessons[0].lines[1].line, soap);
  EXPECT_EQ(lessons[0].lines[1].wanted_units, 0);
}

}  // namespace
}  // namespace site
