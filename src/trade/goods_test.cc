#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

GoodsMoved sale(LineNo line, Units units, Pence pence = 100, Lot lot = {}) {
  return {Cause::sale, {{line, units, pence, lot}}};
}

TEST(Sale, moves_units_from_the_site_to_the_customer_and_is_a_fact_whatever_the_book_says) {
  Estate estate;
  estate.stock(store_code, soap, 3);
  estate.must(store_code, sale(soap, 5));
  EXPECT_EQ(estate.on_hand(store_code, soap), -2);
  EXPECT_EQ(estate.store().stock.total(Place::customer), 5);
  EXPECT_EQ(estate.store().stock.total(Place::opening), -3);
}

TEST(Sale, takes_the_earliest_date_first_and_skips_a_use_by_date_that_has_passed) {
  Estate estate;
  estate.stock(store_code, milk, 4, until(3));
  estate.stock(store_code, milk, 2, until(0));
  estate.stock(store_code, milk, 3, until(1));
  EXPECT_EQ(estate.lots(store_code, milk), "2@0 3@1 4@3");
  estate.must(store_code, sale(milk, 3));
  EXPECT_EQ(estate.lots(store_code, milk), "2@1 4@3");
  estate.must(store_code, DayClosed{});
  estate.must(store_code, DayOpened{in_days(2)});
  estate.must(store_code, sale(milk, 1));
  EXPECT_EQ(estate.lots(store_code, milk), "2@1 3@3");
}

TEST(Sale, of_use_by_goods_is_refused_after_their_date_named_or_not) {
  Estate estate;
  estate.stock(store_code, milk, 2, until(0));
  estate.stock(store_code, milk, 3);
  estate.must(store_code, DayClosed{});
  estate.must(store_code, DayOpened{in_days(1)});
  EXPECT_EQ(estate.answer(store_code, sale(milk, 1, 100, until(0))), "use_by_passed");
  EXPECT_EQ(estate.answer(store_code, sale(milk, 4)), "use_by_passed");
  EXPECT_EQ(estate.answer(store_code, sale(milk, 3)), "done");
  EXPECT_EQ(estate.answer(store_code, sale(milk, 1)), "use_by_passed");
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::waste, {{milk, 2, 90, until(0)}}}), "done");
}

TEST(Sale, of_best_before_goods_goes_on_after_their_date) {
  Estate estate;
  estate.stock(store_code, peas, 2, until(0));
  estate.must(store_code, DayClosed{});
  estate.must(store_code, DayOpened{in_days(1)});
  EXPECT_EQ(estate.answer(store_code, sale(peas, 2)), "done");
}

TEST(Sale, needs_an_open_day_a_line_and_sensible_numbers) {
  Estate estate;
  EXPECT_EQ(estate.answer(store_code, sale(LineNo{3}, 1)), "line_unknown");
  EXPECT_EQ(estate.answer(store_code, sale(soap, 0)), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, sale(soap, -1)), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, sale(soap, row_units_max + 1)), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1, -row_pence_max - 1)), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::sale, {}}), "document_empty");
  EXPECT_EQ(estate.answer(depot_code, sale(soap, 1)), "kind_not_allowed");
  estate.must(store_code, DayClosed{});
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "day_not_open");
  EXPECT_EQ(estate.answer(SiteCode{77}, sale(soap, 1)), "site_unknown");
}

TEST(Sale, from_a_device_counts_once) {
  Estate estate;
  const Command command{Role::device, {ActorNo{3}, DeviceNo{5}, 1}, 0, sale(soap, 1)};
  const auto event = decide(estate.book, store_code, command);
  ASSERT_TRUE(event);
  apply(estate.book, store_code, *event);
  EXPECT_EQ(decide(estate.book, store_code, command), no(Refusal::already_done));
  EXPECT_EQ(estate.on_hand(store_code, soap), -1);
}

TEST(Sale, is_refused_where_the_capability_is_switched_off_and_nothing_else_is) {
  Estate estate;
  estate.must(store_code, CapabilitySwitched{Capability::selling, Mode::closed});
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "capability_closed");
  EXPECT_EQ(estate.answer(store_code, GoodsCounted{soap, {}, 4, 0}), "done");
  EXPECT_EQ(estate.answer(other_store_code, sale(soap, 1)), "done");
  estate.must(store_code, CapabilitySwitched{Capability::selling, Mode::open});
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "done");
}

TEST(Returned, goods_go_to_the_shelf_to_quarantine_or_to_waste) {
  Estate estate;
  estate.must(store_code, GoodsMoved{Cause::returned_to_shelf, {{soap, 2, -420, {}}}});
  estate.must(store_code, GoodsMoved{Cause::returned_to_quarantine, {{soap, 1, -210, {}}}});
  estate.must(store_code, GoodsMoved{Cause::returned_to_waste, {{milk, 1, -155, {}}}});
  EXPECT_EQ(estate.on_hand(store_code, soap), 2);
  EXPECT_EQ(estate.store().stock.quarantined(soap), 1);
  EXPECT_EQ(estate.store().stock.total(Place::waste), 1);
  EXPECT_EQ(estate.store().stock.total(Place::customer), -4);
}

TEST(Waste, takes_what_is_there_and_no_more) {
  Estate estate;
  estate.stock(store_code, soap, 5);
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::waste, {{soap, 6, 0, {}}}}), "not_enough");
  EXPECT_EQ(estate.answer(store_code,
                          GoodsMoved{Cause::waste, {{soap, 3, 0, {}}, {soap, 3, 0, until(1)}}}),
            "not_enough");
  EXPECT_EQ(estate.answer(store_code,
                          GoodsMoved{Cause::waste, {{soap, 1, 0, until(1)}, {soap, 1, 0, {}}}}),
            "rows_not_sorted");
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::waste, {{soap, 5, 0, {}}}}), "done");
}

TEST(Quarantine, sets_units_apart_and_releases_or_wastes_them) {
  Estate estate;
  estate.stock(store_code, soap, 5);
  estate.must(store_code, GoodsMoved{Cause::quarantine, {{soap, 3, 0, {}}}});
  EXPECT_EQ(estate.on_hand(store_code, soap), 2);
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::release, {{soap, 4, 0, {}}}}),
            "not_enough");
  estate.must(store_code, GoodsMoved{Cause::release, {{soap, 1, 0, {}}}});
  estate.must(store_code, GoodsMoved{Cause::waste_of_quarantine, {{soap, 1, 210, {}}}});
  estate.must(store_code, GoodsMoved{Cause::returned_to_supplier, {{soap, 1, 0, {}}}});
  EXPECT_EQ(estate.store().stock.quarantined(soap), 0);
  EXPECT_EQ(estate.on_hand(store_code, soap), 3);
}

TEST(Cause, of_a_document_cannot_be_booked_by_hand) {
  Estate estate;
  estate.stock(store_code, soap, 5);
  for (std::size_t i = 0; i < count_of<Cause>; ++i) {
    const auto cause = static_cast<Cause>(i);
    if (row_of(cause).by_hand) continue;
    EXPECT_EQ(estate.answer(store_code, GoodsMoved{cause, {{soap, 1, 0, {}}}}), "cause_not_by_hand")
        << text_of(cause);
  }
}

TEST(Count, says_what_was_there_and_moves_the_difference_to_or_from_unexplained) {
  Estate estate;
  estate.stock(store_code, milk, 10, until(4));
  const Event fewer = estate.must(store_code, GoodsCounted{milk, {}, 7, 0});
  EXPECT_EQ(std::get<GoodsCounted>(fewer.body).moved_units, -3);
  EXPECT_EQ(estate.lots(store_code, milk), "7@4");
  estate.must(store_code, GoodsCounted{milk, {}, 9, 0});
  EXPECT_EQ(estate.on_hand(store_code, milk), 9);
  EXPECT_EQ(estate.lots(store_code, milk), "7@4");
  estate.must(store_code, GoodsCounted{milk, until(4), 8, 0});
  EXPECT_EQ(estate.on_hand(store_code, milk), 10);
  EXPECT_EQ(estate.lots(store_code, milk), "8@4");
  EXPECT_EQ(estate.store().stock.total(Place::unexplained), 0);
}

TEST(Count, ends_a_negative_stock) {
  Estate estate;
  estate.must(store_code, sale(soap, 4));
  estate.must(store_code, GoodsCounted{soap, {}, 2, 0});
  EXPECT_EQ(estate.on_hand(store_code, soap), 2);
  EXPECT_EQ(estate.store().stock.total(Place::unexplained), -6);
}

TEST(Lots, can_be_given_the_date_that_they_really_bear) {
  Estate estate;
  estate.stock(store_code, milk, 10, until(4));
  estate.stock(store_code, milk, 5);
  estate.must(store_code, LotCorrected{milk, until(4), until(2), 6});
  EXPECT_EQ(estate.lots(store_code, milk), "6@2 4@4");
  estate.must(store_code, LotCorrected{milk, {}, until(3), 5});
  EXPECT_EQ(estate.lots(store_code, milk), "6@2 5@3 4@4");
  EXPECT_EQ(estate.answer(store_code, LotCorrected{milk, {}, until(3), 1}), "not_enough");
  EXPECT_EQ(estate.answer(store_code, LotCorrected{milk, until(2), until(3), 7}), "not_enough");
  estate.must(store_code, LotCorrected{milk, until(4), {}, 4});
  EXPECT_EQ(estate.lots(store_code, milk), "6@2 5@3");
  EXPECT_EQ(estate.on_hand(store_code, milk), 15);
}

TEST(Lots, never_hold_more_than_is_on_hand) {
  Estate estate;
  estate.must(store_code, sale(milk, 8));
  estate.stock(store_code, milk, 10, until(4));
  EXPECT_EQ(estate.lots(store_code, milk), "2@4");
  estate.stock(store_code, milk, 3, {in_days(4), batch("B7")});
  EXPECT_EQ(estate.lots(store_code, milk), "2@4 3@4/B7");
  estate.must(store_code, sale(milk, 1, 100, {{}, batch("B7")}));
  EXPECT_EQ(estate.lots(store_code, milk), "2@4 2@4/B7");
}

TEST(Price, is_the_regular_one_unless_a_promotion_covers_the_day) {
  Estate estate;
  estate.must(store_code, PriceSet{soap, 190, in_days(3), {}});
  estate.must(store_code, PriceSet{soap, 150, in_days(1), in_days(5)});
  estate.must(store_code, PriceSet{soap, 120, in_days(2), in_days(4)});
  const std::vector<Pence> expected{210, 150, 120, 120, 120, 150, 190, 190};
  for (int day = 0; day < 8; ++day)
    EXPECT_EQ(price_on(estate.store(), soap, in_days(day)), expected[static_cast<std::size_t>(day)])
        << day;
  EXPECT_EQ(price_on(estate.store(), milk, in_days(1)), 155);
}

TEST(Price, takes_effect_by_its_date_whether_or_not_days_were_opened_meanwhile) {
  for (const int opened : {1, 3, 4, 6}) {
    Estate estate;
    estate.must(store_code, PriceSet{soap, 190, in_days(3), {}});
    estate.must(store_code, PriceSet{soap, 150, in_days(1), in_days(5)});
    estate.must(store_code, DayClosed{});
    estate.must(store_code, DayOpened{in_days(opened)});
    for (int day = opened; day < 8; ++day)
      EXPECT_EQ(price_on(estate.store(), soap, in_days(day)), day <= 5 ? 150 : 190)
          << opened << " " << day;
  }
}

TEST(Price, that_is_over_or_upside_down_is_refused) {
  Estate estate;
  EXPECT_EQ(estate.answer(store_code, PriceSet{soap, 1, in_days(3), in_days(2)}),
            "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, PriceSet{soap, 1, in_days(-3), in_days(-2)}), "date_past");
  EXPECT_EQ(estate.answer(store_code, PriceSet{soap, -1, {}, {}}), "value_out_of_range");
}

TEST(Reduction, has_a_number_for_its_labels_until_its_goods_expire) {
  Estate estate;
  estate.stock(store_code, milk, 9, until(4));
  const Event reduced = estate.must(store_code, PriceReduced{0, milk, in_days(0), 4, 77});
  EXPECT_EQ(
      to_string(estate.store().number(std::get<PriceReduced>(reduced.body).counter)).substr(0, 9),
      "0042-1-1-");
  EXPECT_EQ(estate.store().reductions.at(1).pence, 77);
  EXPECT_EQ(estate.answer(store_code, PriceReduced{0, milk, in_days(-1), 4, 77}), "date_past");
  estate.must(store_code, DayClosed{});
  estate.must(store_code, DayOpened{in_days(1)});
  EXPECT_TRUE(estate.store().reductions.empty());
}

TEST(Reduction, is_not_above_the_price_of_the_day_nor_of_more_than_is_there) {
  Estate estate;
  estate.stock(store_code, milk, 4, until(4));
  const auto reduce = [&](Units units, Pence pence) {
    return estate.answer(store_code, PriceReduced{0, milk, in_days(4), units, pence});
  };
  EXPECT_EQ(reduce(4, 156), "reduction_too_dear");
  EXPECT_EQ(reduce(5, 77), "not_enough");
  EXPECT_EQ(reduce(4, 155), "done");
  estate.must(store_code, PriceSet{milk, 99, today, in_days(1)});
  EXPECT_EQ(reduce(4, 100), "reduction_too_dear") << "a promotion is the price of the day";
  EXPECT_EQ(reduce(0, 77), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, PriceReduced{0, LineNo{99}, in_days(4), 1, 1}),
            "line_unknown");
}

// What older versions let through stays foldable.
TEST(Reduction, of_an_old_journal_is_taken_as_it_is) {
  Estate estate;
  apply(estate.book, store_code, {{}, PriceReduced{1, milk, in_days(4), 7, 999}});
  EXPECT_EQ(estate.store().reductions.at(1).pence, 999);
}

TEST(Goods, that_move_by_hand_have_no_negative_money_but_where_a_customer_brings_them_back) {
  Estate estate;
  estate.stock(store_code, soap, 9);
  for (const Cause cause : {Cause::sale, Cause::waste, Cause::opening})
    EXPECT_EQ(estate.answer(store_code, GoodsMoved{cause, {{soap, 1, -1, {}}}}),
              "value_out_of_range")
        << text_of(cause);
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::returned_to_shelf, {{soap, 1, -210, {}}}}),
            "done");
  apply(estate.book, store_code, {{}, GoodsMoved{Cause::sale, {{soap, 1, -1, {}}}}});
  EXPECT_EQ(estate.on_hand(store_code, soap), 9) << "what an old journal says is folded";
}

TEST(Day, opens_once_and_never_goes_back) {
  Estate estate;
  EXPECT_EQ(estate.answer(store_code, DayOpened{in_days(1)}), "day_open");
  estate.must(store_code, DayClosed{});
  EXPECT_EQ(estate.answer(store_code, DayClosed{}), "day_not_open");
  EXPECT_EQ(estate.answer(store_code, DayOpened{in_days(-1)}), "date_past");
  EXPECT_EQ(estate.answer(store_code, DayOpened{today}), "done");
}

// Of a store's last trading day, the date of its clock, and the day that somebody wants to open.
struct DayCase {
  int last, clock, wanted;
  std::string_view answer;
};

class DayAhead : public ::testing::TestWithParam<DayCase> {};

TEST_P(DayAhead, is_bounded_by_the_clock_and_by_the_last_day) {
  const DayCase& row = GetParam();
  Estate estate;
  estate.must(store_code, DayClosed{});
  if (row.last > 0) {
    estate.must(store_code, DayOpened{in_days(row.last)});
    estate.must(store_code, DayClosed{});
  }
  const std::int64_t at_ms = asked_at_ms(DayOpened{in_days(row.clock)}) + 86'399'999;
  EXPECT_EQ(estate.answer(store_code, DayOpened{in_days(row.wanted)}, at_ms), row.answer);
}

INSTANTIATE_TEST_SUITE_P(
    Day, DayAhead,
    ::testing::Values(
        DayCase{0, 1, 1, "done"}, DayCase{0, 0, 2, "done"}, DayCase{0, 0, 3, "date_too_far"},
        DayCase{0, 0, 9'000, "date_too_far"},
        // Again and again leads no further.
        DayCase{2, 0, 3, "date_too_far"}, DayCase{2, 0, 2, "done"},
        // Shut for weeks, and for longer than a step: then in two.
        DayCase{0, 100, 100, "done"}, DayCase{0, 500, 366, "done"},
        DayCase{0, 500, 367, "date_too_far"}, DayCase{366, 500, 500, "done"},
        // A clock that is behind does not stop the shop, and one that is ahead moves it a step.
        DayCase{40, -9'000, 41, "done"}, DayCase{40, -9'000, 42, "done"},
        DayCase{40, -9'000, 43, "date_too_far"}, DayCase{40, 5'000, 5'000, "date_too_far"}));

TEST(Day, of_the_site_itself_is_bounded_by_the_last_one_alone) {
  Estate estate;
  estate.must(store_code, DayClosed{});
  const auto by_itself = [&](int day) {
    return decide(estate.book, store_code, {Role::site, {}, 0, DayOpened{in_days(day)}})
        .has_value();
  };
  EXPECT_TRUE(by_itself(366));
  EXPECT_FALSE(by_itself(367));
}

TEST(Line, is_opened_once_for_a_product_and_keeps_its_number) {
  Estate estate;
  const Terms terms{6, Chain::ambient, DateKind::none, 0, 0, 0, 0};
  EXPECT_EQ(estate.answer(store_code, LineOpened{product("milk"), terms, 1, 0}), "line_exists");
  EXPECT_EQ(estate.answer(store_code, LineOpened{ProductId{}, terms, 1, 0}), "value_out_of_range");
  estate.must(store_code, LineOpened{product("apples"), terms, 80, 0});
  EXPECT_EQ(estate.store().goods.find(product("apples")), LineNo{3});
  EXPECT_EQ(estate.store().goods.by_product(), (std::vector{LineNo{3}, milk, peas, soap}));
  estate.must(store_code, LineChanged{soap, terms, 5, true});
  EXPECT_TRUE(estate.store().goods.is_closed(soap));
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "done");
}

TEST(Transfer, leaves_one_store_on_a_vehicle_and_is_received_against_its_advice_once) {
  Estate estate;
  estate.stock(store_code, milk, 9, until(4));
  EXPECT_EQ(estate.answer(store_code, GoodsSent{0, other_store_code, false, {}, {{milk, 10, {}}}}),
            "not_enough");
  const Event sent =
      estate.must(store_code, GoodsSent{0, other_store_code, true, {}, {{milk, 5, until(4)}}});
  const DocumentNumber advice = estate.store().number(std::get<GoodsSent>(sent.body).counter);
  EXPECT_EQ(estate.on_hand(store_code, milk), 4);
  EXPECT_EQ(estate.store().stock.total(Place::vehicle), 5);
  GoodsReceived received{Place::vehicle, advice, {}, 40, {}, {}};
  EXPECT_EQ(estate.answer(depot_code, received), "advice_not_for_us");
  estate.must(other_store_code, received);
  EXPECT_EQ(estate.lots(other_store_code, milk), "5@4");
  EXPECT_EQ(estate.at(other_store_code).stock.total(Place::vehicle), -5);
  EXPECT_EQ(estate.answer(other_store_code, received), "advice_received");
  estate.must(store_code, SentClosed{advice.counter});
  EXPECT_EQ(estate.answer(store_code, SentClosed{advice.counter}), "document_unknown");
}

TEST(Receipt, of_a_supplier_may_be_blind_and_splits_into_good_quarantined_and_damaged) {
  Estate estate;
  GoodsReceived received{Place::supplier, {}, *Reference::of("note 17"), no_temperature, {}, {}};
  received.rows = {{soap, 0, 10, 2, 1, 3, {}}};
  estate.must(store_code, received);
  EXPECT_EQ(estate.on_hand(store_code, soap), 10);
  EXPECT_EQ(estate.store().stock.quarantined(soap), 2);
  EXPECT_EQ(estate.store().stock.total(Place::waste), 1);
  EXPECT_EQ(estate.store().stock.total(Place::supplier), -13);
  EXPECT_EQ(estate.store().stock.total(Place::disputed), 0);
}

TEST(Receipt, that_differs_from_its_advice_leaves_the_difference_disputed) {
  Estate estate;
  estate.stock(store_code, soap, 20);
  estate.stock(store_code, peas, 20);
  estate.must(store_code,
              GoodsSent{0, other_store_code, false, {}, {{soap, 10, {}}, {peas, 6, {}}}});
  GoodsReceived received{Place::vehicle, estate.store().number(1), {}, no_temperature, {}, {}};
  received.rows = {{soap, 0, 7, 0, 1, 1, {}}, {peas, 0, 8, 0, 0, 0, {}}};
  estate.must(other_store_code, received);
  const Stock& stock = estate.at(other_store_code).stock;
  EXPECT_EQ(stock.on_hand(soap), 7);
  EXPECT_EQ(stock.on_hand(peas), 8);
  EXPECT_EQ(stock.total(Place::vehicle), -16);
  EXPECT_EQ(stock.total(Place::disputed), 2 - 2);
  EXPECT_EQ(stock.total(Place::waste), 1);
}

TEST(Receipt,
     takes_a_row_without_a_lot_for_the_one_that_was_advised_and_asks_if_there_are_several) {
  Estate estate;
  estate.stock(store_code, milk, 9, until(4));
  estate.stock(store_code, milk, 9, until(6));
  estate.must(store_code, GoodsSent{0, other_store_code, false, {}, {{milk, 5, until(4)}}});
  estate.must(
      store_code,
      GoodsSent{0, other_store_code, false, {}, {{milk, 2, until(4)}, {milk, 3, until(6)}}});
  GoodsReceived received{Place::vehicle, estate.store().number(1), {}, 40, {}, {}};
  received.rows = {{milk, 0, 4, 0, 1, 0, {}}};
  estate.must(other_store_code, received);
  EXPECT_EQ(estate.lots(other_store_code, milk), "4@4");
  received.advice = estate.store().number(2);
  EXPECT_EQ(estate.answer(other_store_code, received), "lot_unclear");
  received.rows = {{milk, 0, 2, 0, 1, 0, until(6)}};
  estate.must(other_store_code, received);
  EXPECT_EQ(estate.lots(other_store_code, milk), "6@4 2@6");
}

TEST(Receipt, of_goods_that_are_too_warm_stopped_or_past_their_date_is_not_accepted) {
  Estate estate;
  GoodsReceived received{Place::supplier, {}, {}, 81, {}, {{milk, 0, 4, 0, 0, 0, until(5)}}};
  EXPECT_EQ(estate.answer(store_code, received), "too_warm");
  received.temperature = 80;
  EXPECT_EQ(estate.answer(store_code, received), "done");
  received.rows = {{milk, 0, 4, 0, 0, 0, until(-1)}};
  EXPECT_EQ(estate.answer(store_code, received), "use_by_passed");
  estate.must(store_code, StopSet{0, product("milk"), {}, {}, {}});
  received.rows = {{milk, 0, 4, 0, 0, 0, until(5)}};
  EXPECT_EQ(estate.answer(store_code, received), "stop_sale");
  received.rows = {{milk, 0, 0, 4, 0, 0, until(5)}};
  EXPECT_EQ(estate.answer(store_code, received), "done");
}

TEST(Stop, of_a_product_holds_all_of_it_back_until_it_is_lifted) {
  Estate estate;
  estate.stock(store_code, soap, 9);
  estate.must(store_code, StopSet{0, product("soap"), {}, {}, {}});
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "stop_sale");
  EXPECT_EQ(estate.answer(store_code, GoodsSent{0, other_store_code, false, {}, {{soap, 1, {}}}}),
            "stop_sale");
  EXPECT_EQ(estate.answer(store_code, sale(milk, 1)), "done");
  EXPECT_EQ(estate.answer(store_code, GoodsMoved{Cause::waste, {{soap, 1, 0, {}}}}), "done");
  estate.must(store_code, StopLifted{1});
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "done");
  EXPECT_EQ(estate.answer(store_code, StopLifted{1}), "stop_unknown");
}

TEST(Stop, of_a_batch_holds_unnamed_units_back_until_the_shelf_has_been_searched) {
  Estate estate;
  const Lot bad{{}, batch("B1")}, good{{}, batch("B2")};
  estate.stock(store_code, soap, 4, bad);
  estate.stock(store_code, soap, 6, good);
  estate.must(store_code, StopSet{0, product("soap"), batch("B1"), {}, {}});
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "stop_sale");
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1, 1, good)), "done");
  estate.must(store_code, StopPulled{1, {{4, bad}}});
  EXPECT_EQ(estate.store().stock.quarantined(soap), 4);
  EXPECT_EQ(estate.lots(store_code, soap), "5@-/B2");
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1)), "done");
  EXPECT_EQ(estate.answer(store_code, sale(soap, 1, 1, bad)), "stop_sale");
  EXPECT_EQ(estate.answer(store_code, StopPulled{1, {}}), "stop_pulled");
}

TEST(Stop, up_to_a_date_concerns_what_expires_by_then) {
  Estate estate;
  estate.stock(store_code, milk, 4, until(3));
  estate.must(store_code, StopSet{0, product("milk"), {}, in_days(2), {}});
  EXPECT_EQ(estate.answer(store_code, sale(milk, 1, 1, until(2))), "stop_sale");
  EXPECT_EQ(estate.answer(store_code, sale(milk, 1, 1, until(3))), "done");
}

TEST(Stop, binds_a_line_that_is_opened_later) {
  Estate estate;
  estate.must(store_code, StopSet{0, product("toys"), {}, {}, estate.at(centre_code).number(3)});
  EXPECT_EQ(estate.answer(store_code, StopPulled{1, {}}), "line_unknown");
  estate.must(store_code, LineOpened{product("toys"), {1, {}, {}, 0, 0, 0, 0}, 500, 0});
  EXPECT_EQ(estate.answer(store_code, sale(LineNo{3}, 1)), "stop_sale");
}

TEST(Stop, finds_more_on_the_shelf_than_the_book_knew) {
  Estate estate;
  estate.stock(store_code, soap, 2);
  estate.must(store_code, StopSet{0, product("soap"), {}, {}, {}});
  estate.must(store_code, StopPulled{1, {{5, {}}}});
  EXPECT_EQ(estate.on_hand(store_code, soap), 0);
  EXPECT_EQ(estate.store().stock.quarantined(soap), 5);
  EXPECT_EQ(estate.store().stock.total(Place::unexplained), -3);
}

}  // namespace
}  // namespace trade
