#include "paper/order.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "paper/testing/orders.h"

namespace paper {
namespace {

using base::ErrorCode;
using testing::small_order;

TEST(PaperOrder, is_what_its_bytes_say) {
  const Order order = small_order();
  EXPECT_EQ(decode(encode(order)).value(), order);
}

RC_GTEST_PROP(PaperOrder, of_any_rows_is_what_its_bytes_say, (std::uint64_t seed)) {
  base::Prng prng(seed);
  Order order = testing::random_order(prng, 1 + prng.below(changes_max));
  if (prng.below(2) == 0) order.standing_from = {};
  RC_ASSERT(decode(encode(order)).value() == order);
}

TEST(PaperOrder, has_one_form_of_bytes) {
  const std::string bytes = encode(small_order());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode(bytes.substr(0, size))) << size;
  EXPECT_FALSE(decode(bytes + '\0'));
  // Whatever a flipped bit makes, it writes back the same, so a signature covers all of it.
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    std::string other = bytes;
    other[i / 8] = static_cast<char>(other[i / 8] ^ (1 << i % 8));
    const auto read = decode(other);
    EXPECT_TRUE(!read || encode(*read) == other) << i;
  }
}

TEST(PaperOrder, that_could_not_be_delivered_or_typed_is_refused) {
  const auto refused = [](auto spoil, ErrorCode code = ErrorCode::input_bad) {
    Order order = small_order();
    spoil(order);
    const auto checked = check(order);
    return !checked && checked.error().code == code;
  };
  EXPECT_TRUE(check(small_order()));
  EXPECT_TRUE(refused([](Order& it) { it.estate = "two words"; }));
  EXPECT_TRUE(refused([](Order& it) { it.number.counter = 0; }));
  EXPECT_TRUE(refused([](Order& it) { it.number.site = trade::SiteCode{43}; }));
  EXPECT_TRUE(refused([](Order& it) { it.key.depot = it.key.store; }));
  EXPECT_TRUE(refused([](Order& it) { it.key.depot = trade::SiteCode{10'000}; }));
  EXPECT_TRUE(refused([](Order& it) { it.key.delivery = {}; }));
  EXPECT_TRUE(refused([](Order& it) { it.made_ms = -1; }));
  EXPECT_TRUE(refused([](Order& it) { it.rows.clear(); }));
  EXPECT_TRUE(refused([](Order& it) { it.rows[3].product = it.rows[2].product; }));
  EXPECT_TRUE(refused([](Order& it) { it.rows[3].units = -1; }));
  EXPECT_TRUE(refused([](Order& it) { it.rows[3].units = trade::row_units_max + 1; }));
  for (const char* product : {"", " P1", "P1 ", "P  1"})
    EXPECT_TRUE(refused([&](Order& it) { it.rows[3].product = testing::product(product); }));
}

TEST(PaperOrder, of_changes_has_sixty_rows_at_most_and_may_take_a_line_away) {
  base::Prng prng(1);
  Order order = testing::random_order(prng, changes_max + 1);
  EXPECT_EQ(check(order).error().code, ErrorCode::input_too_large);
  order.standing_from = {};
  EXPECT_TRUE(check(order));
  order.rows[0].units = 0;
  EXPECT_EQ(check(order).error().code, ErrorCode::input_bad);
  order.rows.pop_back();
  order.standing_from = order.key.delivery;
  EXPECT_TRUE(check(order));
}

}  // namespace
}  // namespace paper
