#include "site/waves.h"

#include <gtest/gtest.h>

#include "site/share_wave.h"
#include "trade/testing/kit.h"

namespace site {
namespace {

using namespace trade::testing;
using trade::OrderKey;
using trade::OrderState;

const OrderKey key{store_code, depot_code, in_days(1), 1, trade::Chain::ambient};
constexpr std::int64_t cut_off_ms = 1'000;

OrderKey of(trade::SiteCode store) {
  OrderKey made = key;
  made.store = store;
  return made;
}
trade::DocumentNumber number(trade::SiteCode store, std::uint32_t counter) {
  return {store, 1, counter};
}
trade::Sha256 document() {
  trade::Sha256 made;
  made.bytes.fill(7);
  return made;
}

// A depot with a wave for tomorrow, and standing orders of 24 soaps for both stores.
class Waves : public ::testing::Test {
 protected:
  Waves() {
    estate.stock(depot_code, soap, 60);
    for (const trade::SiteCode store : {store_code, other_store_code})
      nights[store] = {{trade::to_date(today),
                        store,
                        {},
                        {{of(store), cut_off_ms, {{product("soap"), 24}, {product("wax"), 6}}}}},
                       document()};
  }
  std::uint32_t open() {
    const auto waves = waves_to_open(estate.depot(), nights);
    EXPECT_EQ(waves.size(), 1u);
    estate.must(depot_code, waves.at(0));
    return estate.depot().last_counter;
  }
  HeardOrder heard(trade::SiteCode store, std::uint32_t counter, trade::Units units,
                   OrderState state = OrderState::placed) {
    return {of(store),
            counter == 0 ? trade::DocumentNumber{} : number(store, counter),
            state,
            {{product("soap"), units}}};
  }
  void tell(std::uint32_t counter, trade::Units units) {
    estate.must(depot_code, trade::OrderTold{key,
                                             number(store_code, counter),
                                             trade::OrderPath::sealed,
                                             {},
                                             {},
                                             0,
                                             document(),
                                             {{soap, units}}});
  }
  // "0042 5 12, 0043 - 24": store, number, units; "-" is assumed.
  std::string orders(std::uint32_t wave, std::vector<HeardOrder> heard = {}) {
    std::string text;
    for (const WaveOrder& order : orders_of_wave(estate.depot(), wave, heard, nights)) {
      if (!text.empty()) text += ", ";
      text += fmt::format("{} {} {}", static_cast<int>(order.key.store),
                          order.order.given() ? std::to_string(order.order.counter) : "-",
                          order.rows.at(0).units);
    }
    return text;
  }

  trade::testing::Estate estate;
  HeldNights nights;
};

TEST_F(Waves, open_once_for_what_standing_orders_bring) {
  open();
  EXPECT_TRUE(waves_to_open(estate.depot(), nights).empty());
  EXPECT_EQ(estate.depot().waves.begin()->second.cut_off_ms, cut_off_ms);
}

TEST_F(Waves, fill_a_silent_store_from_its_standing_order) {
  const auto wave = open();
  EXPECT_EQ(orders(wave), "42 - 24, 43 - 24");
  const auto made = orders_of_wave(estate.depot(), wave, {}, nights);
  EXPECT_EQ(made.at(0).document, document());
  EXPECT_EQ(made.at(0).unknown_rows, 1u);
}

TEST_F(Waves, take_what_the_stores_journal_says_before_its_standing_order) {
  const auto wave = open();
  EXPECT_EQ(orders(wave, {heard(store_code, 5, 12)}), "42 5 12, 43 - 24");
}

TEST_F(Waves, take_the_newer_of_a_journals_order_and_a_told_one) {
  const auto wave = open();
  tell(6, 18);
  EXPECT_EQ(orders(wave), "42 6 18, 43 - 24");
  EXPECT_EQ(orders(wave, {heard(store_code, 5, 12)}), "42 6 18, 43 - 24");
  EXPECT_EQ(orders(wave, {heard(store_code, 6, 12)}), "42 6 12, 43 - 24");
  EXPECT_EQ(orders(wave, {heard(store_code, 7, 30)}), "42 7 30, 43 - 24");
}

TEST_F(Waves, give_nothing_to_who_said_that_nothing_is_wanted) {
  const auto wave = open();
  EXPECT_EQ(orders(wave, {heard(store_code, 5, 12, OrderState::cancelled),
                          heard(other_store_code, 0, 12, OrderState::skipped)}),
            "");
}

TEST_F(Waves, never_fill_a_delivery_twice_and_answer_who_came_too_late) {
  const auto wave = open();
  estate.must(depot_code, trade::OrderAssumed{
                              0, key, trade::OrderPath::standing, document(), {}, {{soap, 24}}});
  const auto winner = estate.depot().number(estate.depot().last_counter);
  estate.must(depot_code, trade::OrderAcknowledged{key, winner, {}, wave, {{soap, 24}}});
  estate.must(depot_code, trade::WaveClosed{wave});
  EXPECT_EQ(orders(wave, {heard(store_code, 5, 12)}), "43 - 24");
  const std::vector<HeardOrder> late{heard(store_code, 5, 12), heard(other_store_code, 9, 6)};
  const auto answers = late_answers(estate.depot(), late);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].why, trade::OrderFault::cycle_already_ordered);
  EXPECT_EQ(answers[0].winner, winner);
  EXPECT_EQ(answers[1].why, trade::OrderFault::cut_off_passed);
  for (const trade::OrderRefused& answer : answers) estate.must(depot_code, answer);
  EXPECT_TRUE(late_answers(estate.depot(), late).empty());
}

TEST_F(Waves, replace_what_was_acknowledged_by_hand_by_the_stores_newer_order) {
  const auto wave = open();
  estate.must(depot_code,
              trade::OrderAcknowledged{key, number(store_code, 5), {}, wave, {{soap, 24}}});
  const auto made =
      orders_of_wave(estate.depot(), wave, std::vector{heard(store_code, 6, 12)}, nights);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].replaces, number(store_code, 5));
}

TEST_F(Waves, are_shared_like_all_others) {
  const auto wave = open();
  for (const WaveOrder& order :
       orders_of_wave(estate.depot(), wave, std::vector{heard(store_code, 5, 48)}, nights)) {
    auto name = order.order;
    if (!name.given()) {
      estate.must(depot_code,
                  trade::OrderAssumed{
                      0, order.key, trade::OrderPath::standing, order.document, {}, order.rows});
      name = estate.depot().number(estate.depot().last_counter);
    }
    estate.must(depot_code, trade::OrderAcknowledged{order.key, name, {}, wave, order.rows});
  }
  estate.must(depot_code, trade::WaveClosed{wave});
  const auto facts = [](const OrderKey&, trade::LineNo) { return ClaimFacts(); };
  std::int64_t units = 0;
  for (const auto& order : share_wave(estate.depot(), wave, facts, no_limit, 1))
    for (const auto& row : order.rows) units += row.units;
  EXPECT_EQ(units, 60);  // of 72
}

TEST_F(Waves, bring_customers_orders_in_once_and_each_on_its_own) {
  const std::vector<CustomerRow> rows{
      {"C-1", product("soap"), trade::Chain::ambient, 12, in_days(1)},
      {"C-2", product("soap"), trade::Chain::ambient, 24, in_days(1)},
      {"C-3", product("wax"), trade::Chain::ambient, 24, in_days(1)},
      {"C-4", product("soap"), trade::Chain::ambient, 24, today}};
  const auto assumed = customer_orders(estate.depot(), rows);
  ASSERT_EQ(assumed.size(), 2u);
  for (const trade::OrderAssumed& order : assumed) estate.must(depot_code, order);
  EXPECT_TRUE(customer_orders(estate.depot(), rows).empty());
  EXPECT_EQ(orders(open()), "0 1 12, 0 2 24, 42 - 24, 43 - 24");
}

TEST_F(Waves, hear_what_stores_have_placed_taken_back_and_skipped) {
  estate.must(store_code, trade::OrderConfirmed{key, {{soap, 12}}});
  EXPECT_TRUE(heard_orders(estate.book.partitions(), estate.depot()).empty());
  estate.must(store_code, trade::OrderPlaced{key, 0, {}});
  const auto heard = heard_orders(estate.book.partitions(), estate.depot());
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].number, number(store_code, estate.store().last_counter));
  EXPECT_EQ(heard[0].rows.at(0), (WantedRow{product("soap"), 12}));
}

}  // namespace
}  // namespace site
