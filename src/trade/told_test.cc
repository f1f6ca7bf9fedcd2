// Orders that reach the depot by paper or file, what it assumes, and the centre's nights.
#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

const OrderKey key{store_code, depot_code, in_days(1), 1, Chain::ambient};
constexpr std::int64_t cut_off_ms = 1'000;

Sha256 document(std::uint8_t number) {
  Sha256 made;
  made.bytes.fill(number);
  return made;
}

DocumentNumber number(std::uint32_t counter) { return {store_code, 1, counter}; }

OrderTold told(std::uint32_t counter, OrderPath path = OrderPath::sealed) {
  OrderTold it{key, number(counter), path, {}, {}, 0, document(1), {{soap, 12}}};
  if (path == OrderPath::typed) it.called_back_by = ActorNo{4}, it.called_back_ms = 5;
  return it;
}

OrderAssumed standing() { return {0, key, OrderPath::standing, document(2), {}, {{soap, 24}}}; }

OrderAssumed customer(std::string_view reference, std::uint8_t drop) {
  OrderKey theirs = key;
  theirs.store = {};
  theirs.drop = drop;
  return {0, theirs, OrderPath::customer, {}, *Reference::of(reference), {{soap, 12}}};
}

class Told : public ::testing::Test {
 protected:
  std::uint32_t open_wave() {
    estate.must(depot_code, WaveOpened{0, key.delivery, key.chain, cut_off_ms});
    return estate.depot().last_counter;
  }
  std::string_view answer(Body body) { return estate.answer(depot_code, std::move(body)); }

  Estate estate;
};

TEST_F(Told, a_number_counts_once_whatever_paths_bring_it) {
  EXPECT_EQ(answer(told(5)), "done");
  for (const OrderPath path : {OrderPath::sealed, OrderPath::scanned, OrderPath::typed})
    EXPECT_EQ(answer(told(5, path)), "order_known") << text_of(path);
  EXPECT_EQ(estate.depot().told.at(key).rows.size(), 1u);
}

TEST_F(Told, what_was_typed_gives_way_to_the_same_order_with_a_signature) {
  EXPECT_EQ(answer(told(5, OrderPath::typed)), "done");
  OrderTold whole = told(5);
  whole.rows = {{milk, 6}, {soap, 36}};
  EXPECT_EQ(answer(whole), "done");
  EXPECT_EQ(estate.depot().told.at(key).rows, whole.rows);
  EXPECT_EQ(answer(told(5, OrderPath::typed)), "order_known");
}

TEST_F(Told, an_older_order_after_a_newer_one_is_outdated_and_names_the_newer) {
  EXPECT_EQ(answer(told(6)), "done");
  const auto late = estate.attempt(depot_code, told(5));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().why, Refusal::order_outdated);
  EXPECT_EQ(late.error().number, number(6));
  EXPECT_EQ(answer(told(7)), "done");
  EXPECT_EQ(estate.depot().told.at(key).order, number(7));
}

TEST_F(Told, what_the_stores_journal_says_goes_before_what_somebody_brings) {
  estate.must(store_code, OrderConfirmed{key, {{soap, 12}}});
  estate.must(store_code, OrderPlaced{key, 0, {}});
  const std::uint32_t placed = estate.store().last_counter;
  EXPECT_EQ(answer(told(placed)), "order_known");
  estate.must(store_code, OrderConfirmed{key, {{soap, 6}}});
  estate.must(store_code, OrderPlaced{key, 0, {}});
  EXPECT_EQ(answer(told(placed)), "order_outdated");
  estate.must(store_code, OrderMoved{key, OrderVerb::cancel});
  EXPECT_EQ(answer(told(estate.store().last_counter)), "order_outdated");
}

TEST_F(Told, a_typed_order_needs_a_call_back_and_the_others_have_none) {
  OrderTold typed = told(5, OrderPath::typed);
  typed.called_back_ms = 0;
  EXPECT_EQ(answer(typed), "call_back_missing");
  OrderTold sealed = told(5);
  sealed.called_back_by = ActorNo{4};
  EXPECT_EQ(answer(sealed), "value_out_of_range");
  OrderTold foreign = told(5);
  foreign.order.site = other_store_code;
  EXPECT_EQ(answer(foreign), "value_out_of_range");
}

TEST_F(Told, after_the_wave_has_closed_the_winner_is_named) {
  const std::uint32_t wave = open_wave();
  estate.must(depot_code, standing());
  const DocumentNumber winner = estate.depot().number(estate.depot().last_counter);
  estate.must(depot_code, OrderAcknowledged{key, winner, {}, wave, {{soap, 24}}});
  EXPECT_EQ(answer(told(5)), "done");  // the wave is open: it may still be replaced
  estate.must(depot_code, WaveClosed{wave});
  const auto late = estate.attempt(depot_code, told(6));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().why, Refusal::cycle_already_ordered);
  EXPECT_EQ(late.error().number, winner);
  OrderTold other = told(6);
  other.key.store = other_store_code;
  other.order.site = other_store_code;
  EXPECT_EQ(answer(other), "cut_off_passed");
}

TEST_F(Told, the_depot_assumes_nothing_where_somebody_was_heard) {
  EXPECT_EQ(answer(told(5)), "done");
  EXPECT_EQ(answer(standing()), "cycle_already_ordered");
  OrderAssumed without = standing();
  without.document = {};
  EXPECT_EQ(answer(without), "value_out_of_range");
}

TEST_F(Told, a_customers_order_counts_once_by_its_reference) {
  EXPECT_EQ(answer(customer("C-1", 1)), "done");
  EXPECT_EQ(answer(customer("C-1", 2)), "order_known");
  EXPECT_EQ(answer(customer("C-2", 1)), "cycle_already_ordered");
  EXPECT_EQ(answer(customer("C-2", 2)), "done");
}

TEST_F(Told, after_its_cut_off_only_the_depot_itself_adds_to_a_wave) {
  const std::uint32_t wave = open_wave();
  const OrderAcknowledged late{key, number(5), {}, wave, {{soap, 12}}};
  const Command by_hand{Role::depot, {}, cut_off_ms + 1, late};
  EXPECT_EQ(decide(estate.book, depot_code, by_hand).error().why, Refusal::cut_off_passed);
  const Command by_itself{Role::site, {}, cut_off_ms + 1, late};
  EXPECT_TRUE(decide(estate.book, depot_code, by_itself));
}

TEST_F(Told, the_same_answer_is_given_to_an_order_once) {
  const OrderRefused late{key, number(5), OrderPath::carried, OrderFault::cut_off_passed, {}};
  EXPECT_EQ(answer(late), "done");
  EXPECT_EQ(answer(late), "order_known");
  EXPECT_EQ(answer(OrderRefused{key, number(5), OrderPath::sealed, OrderFault::outdated, {}}),
            "done");
}

TEST_F(Told, nights_of_a_store_are_kept_for_a_fortnight) {
  for (int day = 0; day < 20; ++day)
    estate.must(centre_code, NightTold{store_code, in_days(day), document(1)});
  estate.must(centre_code, NightTold{other_store_code, in_days(0), document(2)});
  const auto& nights = estate.at(centre_code).nights;
  EXPECT_EQ(nights.begin()->first.day, in_days(4));
  EXPECT_EQ(nights.size(), 17u);
  EXPECT_EQ(estate.answer(depot_code, NightTold{store_code, today, document(1)}),
            "kind_not_allowed");
}

TEST_F(Told, what_is_over_is_forgotten_with_its_orders) {
  EXPECT_EQ(answer(told(5)), "done");
  EXPECT_EQ(answer(OrderRefused{key, number(4), OrderPath::sealed, OrderFault::outdated, {}}),
            "done");
  estate.must(depot_code, DayClosed{});
  estate.must(depot_code, DayOpened{in_days(40)});
  EXPECT_TRUE(estate.depot().told.empty());
  EXPECT_TRUE(estate.depot().refused.empty());
}

}  // namespace
}  // namespace trade
