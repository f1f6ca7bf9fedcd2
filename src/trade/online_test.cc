// Online orders: from a store's allotment over checkout and pick to the customer's hand.
#include "trade/online.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "trade/testing/chance.h"
#include "trade/testing/online_kit.h"
#include "trade/testing/walk.h"

namespace trade {
namespace {

using namespace testing;

TEST(OnlineLife, of_an_order_is_its_table) {
  walk<OnlineState, OnlineVerb>({{{"none", "place"}, "placed"},
                                 {{"placed", "start"}, "picking"},
                                 {{"placed", "pick"}, "picked"},
                                 {{"picking", "pick"}, "picked"},
                                 {{"placed", "cancel"}, "cancelled"},
                                 {{"picked", "complete"}, "completed"},
                                 {{"picked", "bring_back"}, "returned"},
                                 {{"completed", "bring_back"}, "returned"},
                                 {{"picked", "refund"}, "picked"},
                                 {{"completed", "refund"}, "completed"},
                                 {{"returned", "refund"}, "returned"}});
}

TEST(OnlineLife, of_a_parcel_is_its_table) {
  walk<ParcelState, ParcelVerb>({{{"none", "expect"}, "expected"},
                                 {{"expected", "pack"}, "arrived"},
                                 {{"expected", "cancel"}, "returned"},
                                 {{"arrived", "make_ready"}, "ready"},
                                 {{"arrived", "hold"}, "held"},
                                 {{"arrived", "cancel"}, "returning"},
                                 {{"ready", "hold"}, "held"},
                                 {{"ready", "hand_over"}, "collected"},
                                 {{"ready", "lapse"}, "returning"},
                                 {{"ready", "cancel"}, "returning"},
                                 {{"held", "lift"}, "ready"},
                                 {{"held", "hand_over"}, "collected"},
                                 {{"returning", "finish"}, "returned"},
                                 {{"arrived", "replace_food"}, "arrived"},
                                 {{"ready", "replace_food"}, "ready"},
                                 {{"held", "replace_food"}, "held"},
                                 {{"arrived", "pack"}, "arrived"},
                                 {{"ready", "pack"}, "ready"},
                                 {{"held", "pack"}, "held"}});
}

// What somebody does to a parcel, or an order, of every state: the tables are what decides.
TEST(OnlineLife, is_the_same_for_decide_in_every_state_and_with_every_verb) {
  for (std::size_t s = 1; s < count_of<ParcelState>; ++s)
    for (std::size_t v = 0; v < count_of<ParcelVerb>; ++v) {
      const auto state = static_cast<ParcelState>(s);
      const auto verb = static_cast<ParcelVerb>(v);
      Shop shop;
      shop.allot(soap, 5);
      const DocumentNumber number = shop.place(shop.basket({{soap, 2}}));
      if (verb == ParcelVerb::cancel || state == ParcelState::returned) {
        // Both begin with the customer's cancellation, which must come before the pick.
        shop.must(store_code, ParcelExpected{number, {}, {}, {}});
        shop.must(web_code, OnlineMoved{number.counter, OnlineVerb::cancel});
      } else {
        shop.must(store_code, ParcelExpected{number, {}, {}, {}});
      }
      const auto move = [&](ParcelVerb with, std::int64_t tick_ms) {
        EXPECT_TRUE(shop.at_tick(tick_ms, ParcelMoved{number, with, 0})) << text_of(with);
      };
      if (state == ParcelState::returned) move(ParcelVerb::cancel, 1);
      if (state != ParcelState::expected && state != ParcelState::returned) {
        shop.must(store_code, ParcelPacked{number, {}, {}, {}});
        if (state != ParcelState::arrived) move(ParcelVerb::make_ready, 1);
        if (state == ParcelState::held) move(ParcelVerb::hold, 2);
        if (state == ParcelState::collected) shop.must(store_code, Shop::by_code(number));
        if (state == ParcelState::returning) move(ParcelVerb::lapse, 1 + parcel_right_ms);
      }
      ASSERT_EQ(shop.parcel(number).state, state);
      const auto to = next(state, verb);
      Body body = ParcelMoved{number, verb, 0};
      if (verb == ParcelVerb::expect) body = ParcelExpected{number, {}, {}, {}};
      if (verb == ParcelVerb::pack) body = ParcelPacked{number, {}, {}, {}};
      if (verb == ParcelVerb::hand_over) body = Shop::by_code(number);
      if (verb == ParcelVerb::replace_food) body = ParcelFood{number, FoodChoice::refund, 0};
      const auto done = shop.at_tick(3 * parcel_right_ms, body);
      const std::string at = std::string(text_of(state)) + " " + std::string(text_of(verb));
      // Nothing is owed, and there is no food: the table allows what then has no object.
      const bool has_object = !(verb == ParcelVerb::pack && state != ParcelState::expected) &&
                              verb != ParcelVerb::replace_food;
      EXPECT_EQ(done.has_value(), to.has_value() && has_object) << at;
      if (done) {
        EXPECT_EQ(shop.parcel(number).state, *to) << at;
      }
    }
}

TEST(Allotment, is_what_the_store_gives_and_no_more_than_it_has) {
  Shop shop;
  EXPECT_EQ(shop.answer(store_code, StockAllotted{web_code, soap, 41}), "not_enough");
  EXPECT_EQ(shop.answer(web_code, AllotmentTaken{store_code, Shop::at_web(soap), 1}),
            "not_allotted");
  shop.must(store_code, StockAllotted{web_code, soap, 30});
  EXPECT_EQ(shop.answer(store_code, StockAllotted{web_code, soap, 11}), "not_enough");
  EXPECT_EQ(shop.answer(web_code, AllotmentTaken{store_code, Shop::at_web(soap), 31}),
            "not_allotted");
  shop.must(web_code, AllotmentTaken{store_code, Shop::at_web(soap), 30});
  EXPECT_EQ(shop.answer(web_code, AllotmentTaken{store_code, Shop::at_web(soap), 1}),
            "not_allotted");
}

TEST(Allotment, comes_back_only_by_what_the_holder_says) {
  Shop shop;
  shop.allot(soap, 30);
  EXPECT_EQ(shop.answer(store_code, AllotmentEnded{web_code, soap, 1}), "not_allotted");
  shop.place(shop.basket({{soap, 28}}));
  EXPECT_EQ(shop.answer(web_code, AllotmentReturned{store_code, Shop::at_web(soap), 3}),
            "not_allotted");
  shop.must(web_code, AllotmentReturned{store_code, Shop::at_web(soap), 2});
  EXPECT_EQ(shop.answer(store_code, AllotmentEnded{web_code, soap, 3}), "not_allotted");
  shop.must(store_code, AllotmentEnded{web_code, soap, 2});
  EXPECT_EQ(shop.store().given.at({web_code, soap}).outstanding(), 28);
}

TEST(Checkout, holds_units_and_records_the_payment_in_one_event) {
  Shop shop;
  shop.allot(soap, 5);
  const DocumentNumber number = shop.place(shop.basket({{soap, 3}}));
  EXPECT_EQ(shop.order(number).state, OnlineState::placed);
  EXPECT_EQ(shop.order(number).authorised_pence, 630);
  EXPECT_EQ(shop.allotment(soap).held, 3);
  EXPECT_EQ(shop.allotment(soap).available(), 2);
  EXPECT_EQ(shop.answer(web_code, shop.basket({{soap, 3}})), "not_allotted");
  EXPECT_EQ(shop.answer(web_code, shop.basket({{milk, 1}})), "not_allotted");
  EXPECT_EQ(shop.answer(web_code, shop.basket({{soap, 2}})), "done");
}

TEST(Checkout, takes_a_payment_once_and_for_the_price_that_holds) {
  Shop shop;
  shop.allot(soap, 5);
  OnlineOrdered first = shop.basket({{soap, 1}});
  OnlineOrdered short_paid = shop.basket({{soap, 1}});
  short_paid.authorised_pence = 209;
  EXPECT_EQ(shop.answer(web_code, short_paid), "payment_wrong");
  OnlineOrdered cheaper = shop.basket({{soap, 1}});
  cheaper.rows[0].pence = 209;
  EXPECT_EQ(shop.answer(web_code, cheaper), "price_changed");
  EXPECT_EQ(shop.answer(web_code, first), "done");
  EXPECT_EQ(shop.answer(web_code, first), "payment_wrong");
}

TEST(Checkout, stops_where_the_store_has_counted_less_than_it_gave) {
  Shop shop;
  shop.allot(soap, 30);
  shop.must(store_code, GoodsCounted{soap, {}, 29, 0});
  EXPECT_EQ(shop.answer(web_code, shop.basket({{soap, 1}})), "not_enough");
}

TEST(Slot, takes_as_many_orders_as_it_has_room_for_and_one_more_after_a_cancellation) {
  Shop shop;
  shop.allot(soap, 5);
  const Event opened = shop.must(web_code, SlotOpened{0, store_code, in_days(1), 600, 720, 2});
  const auto to_slot = [&] {
    OnlineOrdered ordered = shop.basket({{soap, 1}});
    ordered.way = OnlineWay::delivery;
    ordered.code = {};
    ordered.slot = std::get<SlotOpened>(opened.body).counter;
    return ordered;
  };
  const DocumentNumber first = shop.place(to_slot());
  shop.place(to_slot());
  EXPECT_EQ(shop.answer(web_code, to_slot()), "slot_full");
  shop.must(web_code, OnlineMoved{first.counter, OnlineVerb::cancel});
  EXPECT_EQ(shop.answer(web_code, to_slot()), "done");
  EXPECT_EQ(shop.answer(web_code, SlotOpened{0, store_code, in_days(1), 720, 720, 2}),
            "value_out_of_range");
}

TEST(Cancellation, gives_units_back_until_the_store_has_packed) {
  Shop shop;
  shop.allot(soap, 5);
  const DocumentNumber early = shop.place(shop.basket({{soap, 3}}));
  shop.must(web_code, OnlineMoved{early.counter, OnlineVerb::cancel});
  EXPECT_EQ(shop.allotment(soap).available(), 5);
  const DocumentNumber late = shop.ready(shop.basket({{soap, 3}}));
  EXPECT_EQ(shop.answer(web_code, OnlineMoved{late.counter, OnlineVerb::cancel}),
            "picking_started");
}

// The two sites did not hear each other: the goods go back, and both sides still count the same.
TEST(Cancellation, that_the_store_hears_after_packing_brings_the_goods_back) {
  Shop shop;
  shop.allot(soap, 5);
  const DocumentNumber number = shop.place(shop.basket({{soap, 3}}));
  shop.must(store_code, ParcelExpected{number, {}, {}, {}});
  shop.must(web_code, OnlineMoved{number.counter, OnlineVerb::cancel});
  shop.must(store_code, ParcelPacked{number, {}, {}, {}});
  EXPECT_EQ(shop.on_hand(store_code, soap), 37);
  EXPECT_EQ(shop.answer_at(5, ParcelMoved{number, ParcelVerb::cancel, 0}), "done");
  EXPECT_EQ(shop.answer_at(6, ParcelMoved{number, ParcelVerb::finish, 0}), "done");
  EXPECT_EQ(shop.on_hand(store_code, soap), 40);
  EXPECT_EQ(shop.store().given.at({web_code, soap}).outstanding(), 5);
  EXPECT_EQ(shop.allotment(soap).available(), 5);
}

TEST(Pick, captures_what_was_there_and_nothing_for_a_short) {
  Shop shop;
  shop.allot(soap, 5);
  shop.allot(peas, 5);
  const DocumentNumber number = shop.place(shop.basket({{soap, 3}, {peas, 2}}));
  EXPECT_EQ(shop.answer(web_code, OnlinePicked{number.counter, {}, 0}), "document_unknown");
  shop.must(store_code, ParcelExpected{number, {}, {}, {}});
  EXPECT_EQ(shop.answer(store_code, ParcelExpected{number, {}, {}, {}}), "order_known");
  shop.must(store_code, ParcelPacked{number, {{soap, 1}}, {}, {}});
  shop.must(web_code, OnlinePicked{number.counter, {}, 0});
  EXPECT_EQ(shop.order(number).captured_pence, 210 + 2 * 199);
  EXPECT_EQ(shop.allotment(soap).held, 0);
  EXPECT_EQ(shop.allotment(soap).available(), 2);
  EXPECT_EQ(shop.store().given.at({web_code, soap}).outstanding(), 2);
  EXPECT_EQ(shop.answer(web_code, OnlineRefunded{number.counter, 609}), "payment_wrong");
  EXPECT_EQ(shop.answer(web_code, OnlineRefunded{number.counter, 600}), "done");
  EXPECT_EQ(shop.answer(web_code, OnlineRefunded{number.counter, 9}), "payment_wrong");
  EXPECT_EQ(shop.answer(web_code, OnlineRefunded{number.counter, 8}), "done");
}

TEST(Pick, puts_in_a_substitute_only_with_consent_and_for_the_price_of_what_it_replaces) {
  Shop shop;
  shop.allot(soap, 10);
  const DocumentNumber plain = shop.place(shop.basket({{soap, 2}}));
  shop.must(store_code, ParcelExpected{plain, {}, {}, {}});
  EXPECT_EQ(shop.answer(store_code, ParcelPacked{plain, {{soap, 1}}, {{soap, peas, 1}}, {}}),
            "no_substitutes");
  const DocumentNumber number = shop.place(shop.basket({{soap, 3}}, true));
  shop.must(store_code, ParcelExpected{number, {}, {}, {}});
  EXPECT_EQ(shop.answer(store_code, ParcelPacked{number, {{soap, 1}}, {{soap, peas, 3}}, {}}),
            "value_out_of_range");
  shop.must(store_code, ParcelPacked{number, {{soap, 1}}, {{soap, peas, 2}}, {}});
  EXPECT_EQ(shop.on_hand(store_code, peas), 38);
  shop.must(web_code, OnlinePicked{number.counter, {}, 0});
  EXPECT_EQ(shop.order(number).captured_pence, 630);
}

TEST(Parcel, is_handed_over_for_the_code_or_to_the_customer_with_a_photo_id) {
  Shop shop;
  shop.allot(soap, 10);
  const auto ready = [&] { return shop.ready(shop.basket({{soap, 1}})); };
  const DocumentNumber number = ready();
  const auto answer = [&](HandOver by, const Sha256& code, bool is_nominee) {
    return shop.answer(store_code, ParcelHanded{number, by, code, is_nominee, false});
  };
  EXPECT_EQ(answer(HandOver::code, digest(7), false), "proof_wrong");
  EXPECT_EQ(answer(HandOver::code, {}, false), "proof_wrong");
  EXPECT_EQ(answer(HandOver::photo_id, {}, true), "proof_wrong");
  EXPECT_EQ(answer(HandOver::driver, {}, false), "proof_wrong");
  EXPECT_EQ(answer(HandOver::photo_id, {}, false), "done");
  EXPECT_EQ(answer(HandOver::photo_id, {}, false), "move_not_listed");
  EXPECT_EQ(shop.store().stock.total(Place::customer), 1);
  const DocumentNumber for_nominee = ready();
  EXPECT_EQ(
      shop.answer(store_code, ParcelHanded{for_nominee, HandOver::code, digest(901), true, false}),
      "done");
}

TEST(Parcel, with_goods_of_an_age_limit_needs_the_check) {
  Shop shop;
  shop.allot(soap, 10);
  OnlineOrdered ordered = shop.basket({{soap, 1}});
  ordered.rows[0].age_years = 18;
  const DocumentNumber number = shop.ready(ordered);
  EXPECT_EQ(shop.answer(store_code, Shop::by_code(number)), "age_unchecked");
  ParcelHanded checked = Shop::by_code(number);
  checked.age_is_checked = true;
  EXPECT_EQ(shop.answer(store_code, checked), "done");
}

TEST(Parcel, lapses_after_its_time_and_not_before) {
  Shop shop;
  shop.allot(soap, 10);
  const DocumentNumber number = shop.ready(shop.basket({{soap, 1}}), 1'000);
  const auto lapse = [&](std::int64_t tick_ms) {
    return shop.answer_at(tick_ms, ParcelMoved{number, ParcelVerb::lapse, 0});
  };
  EXPECT_EQ(lapse(999), "value_out_of_range");
  EXPECT_EQ(lapse(999 + parcel_right_ms), "parcel_kept");
  EXPECT_EQ(lapse(1'000 + parcel_right_ms), "done");
}

// Forty days without a centre, an order desk or a way to tell anybody.
TEST(Hold, of_40_days_takes_no_right_and_lets_no_unsafe_food_out) {
  Shop shop;
  shop.allot(soap, 10);
  shop.allot(milk, 10);
  const OnlineOrdered wanted = shop.basket({{milk, 2}, {soap, 1}});
  const DocumentNumber number = shop.ready(wanted, 1 * day_ms);
  shop.must(web_code, OnlinePicked{number.counter, {}, 0});
  ASSERT_EQ(shop.answer_at(3 * day_ms, ParcelMoved{number, ParcelVerb::hold, 0}), "done");
  // The store trades on; the milk was good for three days.
  for (int day = 1; day <= 40; ++day) {
    shop.must(store_code, DayClosed{});
    shop.must(store_code, DayOpened{in_days(day)});
    const std::int64_t tick_ms = (3 + day) * day_ms;
    for (const ParcelVerb verb : {ParcelVerb::lapse, ParcelVerb::cancel, ParcelVerb::finish})
      EXPECT_NE(shop.answer_at(tick_ms, ParcelMoved{number, verb, 0}), "done") << day;
    if (day > 3) {
      EXPECT_EQ(shop.answer(store_code, Shop::by_code(number)), "use_by_passed") << day;
    }
  }
  ASSERT_EQ(shop.parcel(number).state, ParcelState::held);
  // The customer has the milk picked again, and comes the day after.
  shop.must(store_code, ParcelFood{number, FoodChoice::pick_again, 0});
  shop.stock(store_code, milk, 10, until(45));
  EXPECT_EQ(shop.answer(store_code, ParcelPacked{number, {}, {}, {}}), "done");
  ASSERT_EQ(shop.answer_at(43 * day_ms, ParcelMoved{number, ParcelVerb::lift, 0}), "done");
  // Two of ten days had passed before the hold; the time in it does not count.
  EXPECT_EQ(shop.answer_at(51 * day_ms - 1, ParcelMoved{number, ParcelVerb::lapse, 0}),
            "parcel_kept");
  EXPECT_EQ(shop.answer(store_code, Shop::by_code(number)), "done");
  EXPECT_EQ(shop.store().stock.total(Place::customer), 3);
  EXPECT_EQ(shop.store().stock.total(Place::parcel), 0);
  EXPECT_EQ(shop.store().stock.total(Place::waste), 2);
  EXPECT_EQ(shop.parcel(number).refund_pence, 0);
}

TEST(Hold, refunds_food_in_full_where_the_customer_wants_that) {
  Shop shop;
  shop.allot(soap, 10);
  shop.allot(milk, 10);
  const DocumentNumber number = shop.ready(shop.basket({{milk, 2}, {soap, 1}}), 0);
  EXPECT_EQ(shop.answer(store_code, ParcelFood{number, FoodChoice::refund, 0}), "document_empty");
  shop.answer_at(1, ParcelMoved{number, ParcelVerb::hold, 0});
  shop.must(store_code, DayClosed{});
  shop.must(store_code, DayOpened{in_days(4)});
  shop.must(store_code, ParcelFood{number, FoodChoice::refund, 0});
  EXPECT_EQ(shop.parcel(number).refund_pence, 310);
  EXPECT_EQ(shop.answer(store_code, Shop::by_code(number)), "done");
  EXPECT_EQ(shop.store().stock.total(Place::customer), 1);
}

TEST(Parcel, whose_fresh_food_has_not_come_is_handed_over_and_that_is_refunded) {
  Shop shop;
  shop.allot(milk, 10);
  const DocumentNumber number = shop.ready(shop.basket({{milk, 2}}), 0);
  shop.must(store_code, DayClosed{});
  shop.must(store_code, DayOpened{in_days(4)});
  shop.must(store_code, ParcelFood{number, FoodChoice::pick_again, 0});
  EXPECT_EQ(shop.answer(store_code, ParcelPacked{number, {}, {}, {}}), "not_enough");
  EXPECT_EQ(shop.answer(store_code, Shop::by_code(number)), "done");
  EXPECT_EQ(shop.parcel(number).refund_pence, 310);
}

// A shop that opened no trading day for a week goes by the clock.
TEST(Parcel, is_not_handed_over_with_food_that_the_clock_says_has_passed) {
  Shop shop;
  shop.allot(milk, 10);
  const DocumentNumber number = shop.ready(shop.basket({{milk, 2}}), 0);
  const auto at_day = [&](int day) {
    return std::int64_t{to_date(in_days(day)).days} * day_ms + 5;
  };
  const auto late = shop.at_tick(0, Shop::by_code(number), at_day(4));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().why, Refusal::use_by_passed);
  EXPECT_TRUE(shop.at_tick(0, Shop::by_code(number), at_day(3)));
}

TEST(Parcel, gives_food_without_a_date_the_day_of_its_pick) {
  Shop shop;
  shop.must(store_code, GoodsCounted{milk, {}, 0, 0});
  shop.stock(store_code, milk, 5);
  shop.allot(milk, 5);
  const DocumentNumber number = shop.ready(shop.basket({{milk, 1}}), 0);
  EXPECT_EQ(shop.parcel(number).cargo.at(0).lot.expiry, today);
}

TEST(Parcel, under_a_stop_sale_stays) {
  Shop shop;
  shop.allot(soap, 10);
  const DocumentNumber number = shop.ready(shop.basket({{soap, 1}}), 0);
  shop.must(store_code, StopSet{0, product("soap"), {}, {}, {}});
  EXPECT_EQ(shop.answer(store_code, Shop::by_code(number)), "stop_sale");
}

TEST(OnlineOrders, that_are_over_are_forgotten_after_five_weeks_and_open_ones_never) {
  Shop shop;
  shop.allot(soap, 10);
  const DocumentNumber open = shop.place(shop.basket({{soap, 1}}));
  const DocumentNumber over = shop.place(shop.basket({{soap, 1}}));
  shop.must(web_code, OnlineMoved{over.counter, OnlineVerb::cancel});
  shop.must(web_code, DayClosed{});
  shop.must(web_code, DayOpened{in_days(36)});
  EXPECT_TRUE(shop.web().online_orders.contains(open.counter));
  EXPECT_FALSE(shop.web().online_orders.contains(over.counter));
  EXPECT_EQ(shop.web().online_payments.size(), 1u);
}

// Random customers, shop staff and pickers.
class Players {
 public:
  Players(Chance& chance, Shop& shop) : chance_(chance), shop_(shop) {}

  std::pair<SiteCode, Body> next() {
    switch (chance_.below(9)) {
      case 0:
        return {store_code, StockAllotted{web_code, line(), units()}};
      case 1:
        return {web_code, AllotmentTaken{store_code, line(), units()}};
      case 2:
      case 3:
        return {web_code, wanted()};
      case 4:
        return {web_code, order_step()};
      case 5:
        return {store_code, GoodsCounted{line(), {}, static_cast<Units>(chance_.below(60)), 0}};
      case 6:
        return other();
      default:
        return {store_code, parcel_step()};
    }
  }

 private:
  LineNo line() { return LineNo{static_cast<std::uint32_t>(chance_.below(3))}; }
  Units units() { return static_cast<Units>(1 + chance_.below(6)); }
  template <class Table>
  typename Table::key_type key_in(const Table& table) {
    if (table.empty()) return {};
    return std::next(table.begin(), static_cast<std::ptrdiff_t>(chance_.below(table.size())))
        ->first;
  }
  OnlineOrdered wanted() {
    std::vector<OrderRow> rows;
    for (const LineNo it : {milk, soap, peas})
      if (chance_.once_in(2)) rows.push_back({it, units()});
    OnlineOrdered made = shop_.basket(rows, chance_.once_in(2));
    if (chance_.once_in(8)) made.payment = digest(1);
    if (chance_.once_in(8)) --made.authorised_pence;
    return made;
  }
  Body order_step() {
    const std::uint32_t order = key_in(shop_.web().online_orders);
    switch (chance_.below(4)) {
      case 0:
        return OnlinePicked{order, {}, 0};
      case 1:
        return OnlineRefunded{order, static_cast<Pence>(chance_.below(900))};
      default:
        return OnlineMoved{order, static_cast<OnlineVerb>(chance_.below(count_of<OnlineVerb>))};
    }
  }
  std::pair<SiteCode, Body> other() {
    switch (chance_.below(5)) {
      case 0:
        return {web_code, AllotmentReturned{store_code, line(), units()}};
      case 1:
        return {store_code, AllotmentEnded{web_code, line(), units()}};
      case 2:
        return {web_code, SlotOpened{0, store_code, in_days(400), 0, 60, 1}};
      case 3:
        return {store_code, GoodsMoved{Cause::opening, {{milk, 9, 0, until(day_ + 2)}}}};
      default:
        return {store_code, DayOpened{in_days(++day_)}};
    }
  }
  Body parcel_step() {
    const DocumentNumber fresh =
        shop_.web().number(std::max<std::uint32_t>(key_in(shop_.web().online_orders), 1));
    const DocumentNumber known = key_in(shop_.store().parcels);
    switch (chance_.below(6)) {
      case 0:
        return ParcelExpected{fresh, {}, {}, {}};
      case 1:
      case 2:
        return packed(known);
      case 3:
        return chance_.once_in(2) ? Shop::by_code(known)
                                  : ParcelHanded{known, HandOver::photo_id, {}, false, true};
      case 4:
        return ParcelFood{known, chance_.once_in(2) ? FoodChoice::refund : FoodChoice::pick_again,
                          0};
      default:
        return ParcelMoved{known, static_cast<ParcelVerb>(chance_.below(count_of<ParcelVerb>)), 0};
    }
  }
  Body packed(const DocumentNumber& number) {
    ParcelPacked made{number, {}, {}, {}};
    const auto parcel = shop_.store().parcels.find(number);
    if (parcel == shop_.store().parcels.end()) return made;
    for (const OrderRow& row : parcel->second.owed) {
      if (chance_.once_in(2)) continue;
      const auto there = static_cast<Units>(chance_.below(static_cast<std::uint64_t>(row.units)));
      made.shorts.push_back({row.line, there});
      if (chance_.once_in(2)) made.substitutes.push_back({row.line, line(), 1});
    }
    return made;
  }

  Chance& chance_;
  Shop& shop_;
  int day_ = 0;
};

// What must be true of the two sites, from their events alone.
class OnlineAuditor {
 public:
  void hear(const Event& event) {
    if (const auto* taken = std::get_if<AllotmentTaken>(&event.body))
      taken_[taken->line] += taken->units;
    if (const auto* given = std::get_if<StockAllotted>(&event.body))
      given_[Shop::at_web(given->line)] += given->units;
    if (const auto* returned = std::get_if<AllotmentReturned>(&event.body))
      gone_[returned->line] += returned->units;
    if (const auto* ordered = std::get_if<OnlineOrdered>(&event.body)) {
      open_[ordered->counter] = ordered->rows;
      authorised_[ordered->counter] = ordered->authorised_pence;
      RC_ASSERT(payments_.insert(ordered->payment).second);
    }
    if (const auto* moved = std::get_if<OnlineMoved>(&event.body))
      if (moved->verb == OnlineVerb::cancel) open_.erase(moved->order);
    if (const auto* picked = std::get_if<OnlinePicked>(&event.body)) {
      RC_ASSERT(picked->captured_pence <= authorised_.at(picked->order));
      captured_[picked->order] += picked->captured_pence;
      for (const OnlineRow& row : open_.at(picked->order)) gone_[row.line] += row.units;
      open_.erase(picked->order);
    }
    if (const auto* refunded = std::get_if<OnlineRefunded>(&event.body)) {
      captured_[refunded->order] -= refunded->pence;
      RC_ASSERT(captured_.at(refunded->order) >= 0);
    }
  }

  void compare(const Shop& shop) const {
    std::map<LineNo, std::int64_t> held;
    for (const auto& [number, rows] : open_)
      for (const OnlineRow& row : rows) held[row.line] += row.units;
    for (const auto& [key, allotment] : shop.web().allotments) {
      RC_ASSERT(allotment.held == value(held, key.line));
      RC_ASSERT(allotment.available() ==
                value(taken_, key.line) - value(gone_, key.line) - value(held, key.line));
      RC_ASSERT(allotment.available() >= 0);
      RC_ASSERT(value(taken_, key.line) <= value(given_, key.line));
    }
    for (const auto& [line, units] : held)
      RC_ASSERT(shop.web().allotments.contains({store_code, line}));
    for (const auto& [number, parcel] : shop.store().parcels)
      if (parcel.state == ParcelState::collected) RC_ASSERT(parcel.cargo.empty());
  }

 private:
  static std::int64_t value(const std::map<LineNo, std::int64_t>& sums, LineNo line) {
    const auto row = sums.find(line);
    return row == sums.end() ? 0 : row->second;
  }
  std::map<LineNo, std::int64_t> taken_, given_, gone_;
  std::map<std::uint32_t, std::vector<OnlineRow>> open_;
  std::map<std::uint32_t, Pence> authorised_, captured_;
  std::set<Sha256> payments_;
};

// Goods that left went out with a code or an id, and no food among them had passed its date.
void check_stock(const Shop& shop) {
  std::int64_t in_parcels = 0;
  for (const auto& [number, parcel] : shop.store().parcels)
    for (const CargoRow& row : parcel.cargo) in_parcels += row.units;
  RC_ASSERT(shop.store().stock.total(Place::parcel) == in_parcels);
}

std::size_t play(std::uint64_t seed, int steps, std::set<std::size_t>& kinds) {
  Chance chance(seed);
  Shop shop;
  Players players(chance, shop);
  OnlineAuditor auditor;
  std::int64_t tick_ms = 0;
  std::size_t done = 0;
  for (int i = 0; i < steps; ++i) {
    auto [site, body] = players.next();
    tick_ms += static_cast<std::int64_t>(chance.below(6)) * day_ms;
    if (std::holds_alternative<DayOpened>(body) && shop.store().day_is_open)
      (void)shop.attempt(store_code, DayClosed{});
    const DeviceNo device{chance.once_in(3) ? 5u : 0u};
    const Command command{{},
                          {ActorNo{7}, device, static_cast<std::uint64_t>(i) + 1},
                          asked_at_ms(body),
                          body,
                          {},
                          tick_ms};
    const auto event = decide_as_anybody(shop.book, site, command);
    if (!event) continue;
    ++done;
    kinds.insert(event->body.index());
    const auto* handed = std::get_if<ParcelHanded>(&event->body);
    if (handed != nullptr)
      for (const CargoRow& row : shop.store().parcels.at(handed->order).cargo)
        RC_ASSERT(row.line != milk || row.lot.expiry >= shop.store().day);
    apply(shop.book, site, decode(encode(*event)).value());
    auditor.hear(*event);
    auditor.compare(shop);
    check_stock(shop);
    // The same message again, as a client sends it that heard no answer.
    if (device != DeviceNo{})
      RC_ASSERT((decide_as_anybody(shop.book, site, command) == no(Refusal::already_done)));
    if (chance.once_in(20)) {  // a crash: the book is read back
      for (const SiteCode it : {store_code, web_code}) {
        const std::string bytes = encode(shop.at(it));
        RC_ASSERT(shop.book.restore(bytes).has_value());
        RC_ASSERT(encode(shop.at(it)) == bytes);
      }
      auditor.compare(shop);
    }
  }
  return done;
}

RC_GTEST_PROP(OnlineOrders, promise_no_unit_that_is_not_allotted_and_capture_no_more_than_allowed,
              (std::uint64_t seed)) {
  std::set<std::size_t> kinds;
  play(seed, 300, kinds);
}

TEST(OnlineOrders, meet_every_kind_of_event_in_their_play) {
  std::set<std::size_t> kinds;
  for (std::uint64_t seed = 0; seed < 30; ++seed) play(seed, 400, kinds);
  for (std::size_t kind = Body(StockAllotted{}).index(); kind <= Body(ParcelFood{}).index(); ++kind)
    EXPECT_TRUE(kinds.contains(kind)) << kind;
}

}  // namespace
}  // namespace trade
