#include "site/store_night.h"

#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace site {
namespace {

using namespace trade::testing;

StoreNight sample() {
  const trade::OrderKey key{store_code, depot_code, in_days(1), 1, trade::Chain::chilled};
  trade::OrderKey next = key;
  next.delivery = in_days(2);
  return {trade::to_date(today),
          store_code,
          {{key, 5, {{product("milk"), 12}}}},
          {{key, 5, {{product("milk"), 18}, {product("peas"), 8}}}, {next, 6, {}}}};
}

TEST(StoreNight, is_read_as_it_was_written) {
  EXPECT_EQ(parse_store_night(to_document(sample())), sample());
}

TEST(StoreNight, is_nothing_where_the_document_is_another_or_does_not_hold_together) {
  EXPECT_FALSE(parse_store_night("{}"));
  EXPECT_FALSE(parse_store_night("no json"));
  const std::string text = to_document(sample());
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"store_night", "night"},
                                                        {"\"0042\"", "\"42\""},
                                                        {"chilled", "warm"},
                                                        {"[\"milk\",18]", "[\"milk\",0]"},
                                                        {"[\"milk\",18]", "[\"milk\",-1]"},
                                                        {"[\"milk\",18]", "[\"peas\",18]"},
                                                        {"[\"milk\",18]", "[\"milk\"]"},
                                                        {"\"drop\":1", "\"drop\":256"},
                                                        {"\"standing\"", "\"sitting\""}}) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    EXPECT_FALSE(parse_store_night(changed)) << to;
  }
  for (std::size_t size = 0; size < text.size() - 1; ++size)
    EXPECT_FALSE(parse_store_night(std::string_view(text).substr(0, size)));
}

TEST(StoreNight, changes_lead_from_one_order_to_another) {
  const std::vector<WantedRow> from{{product("milk"), 12}, {product("peas"), 8}};
  const std::vector<WantedRow> to{{product("milk"), 18}, {product("soap"), 36}};
  const auto changes = changes_between(from, to);
  EXPECT_EQ(changes, (std::vector<WantedRow>{
                         {product("soap"), 36}, {product("peas"), 0}, {product("milk"), 18}}));
  EXPECT_EQ(with_changes(from, changes), to);
  EXPECT_TRUE(changes_between(to, to).empty());
}

TEST(StoreNight, a_delivery_of_the_standing_order_is_found_by_its_key) {
  const StoreNight night = sample();
  EXPECT_EQ(standing_of(night, night.standing[1].key), &night.standing[1]);
  trade::OrderKey other = night.standing[1].key;
  other.drop = 9;
  EXPECT_EQ(standing_of(night, other), nullptr);
}

}  // namespace
}  // namespace site
