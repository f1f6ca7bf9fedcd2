#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

constexpr std::int64_t cut_off_ms = 1'000'000;
const OrderKey chilled{store_code, depot_code, in_days(1), 1, Chain::chilled};

std::string rows_of(const std::vector<CargoRow>& cargo) {
  std::string text;
  for (const CargoRow& row : cargo) {
    text += std::to_string(index(row.line)) + ":" + std::to_string(row.units) + "@";
    text += row.lot.expiry.given() ? std::to_string(row.lot.expiry.days - today.days) : "-";
    text += ' ';
  }
  return text;
}

// A store's order on its way through a depot, one step at a time.
class OrderEstate : public Estate {
 public:
  OrderEstate() {
    must(depot_code, WaveOpened{0, in_days(1), Chain::chilled, cut_off_ms});
    stock(depot_code, milk, 10, until(2));
    stock(depot_code, milk, 10, until(3));
    stock(depot_code, milk, 10, until(6));
    stock(depot_code, soap, 50);
  }

  DocumentNumber place(std::vector<OrderRow> rows = {{milk, 12}, {soap, 4}}) {
    must(store_code, OrderConfirmed{chilled, std::move(rows)});
    const Event placed = must(store_code, OrderPlaced{chilled, 0, {}});
    return store().number(std::get<OrderPlaced>(placed.body).counter);
  }
  OrderAcknowledged acknowledgement(DocumentNumber order) const {
    return {chilled, order, {}, 1, {{milk, 12}, {soap, 4}}};
  }
  // Until the pick list is out.
  DocumentNumber release(std::vector<OrderRow> allocated = {{milk, 12}, {soap, 4}}) {
    const DocumentNumber order = place();
    must(depot_code, acknowledgement(order));
    must(depot_code, WaveClosed{1});
    must(depot_code, OrderAllocated{chilled, std::move(allocated)});
    must(depot_code, FulfilmentMoved{chilled, FulfilmentVerb::release});
    return order;
  }
  DocumentNumber dispatch() {
    const Event sent = must(depot_code, OrderDispatched{chilled, 0, *Text<16>::of("AB12"), 3});
    return depot().number(std::get<OrderDispatched>(sent.body).counter);
  }
  const Fulfilment& fulfilment() const { return depot().fulfilments.at(chilled); }
  Seen seen_now() const {
    const auto state = [](const auto& table) {
      const auto row = table.find(chilled);
      return row == table.end() ? decltype(row->second.state){} : row->second.state;
    };
    return seen(state(at(centre_code).proposals), state(store().orders),
                state(depot().fulfilments));
  }
};

TEST(Order, goes_from_proposal_to_closed_and_every_unit_is_accounted_for) {
  OrderEstate estate;
  EXPECT_EQ(estate.seen_now(), Seen::nothing);
  estate.must(centre_code, OrderProposed{chilled, {{milk, 12}}});
  EXPECT_EQ(estate.seen_now(), Seen::proposed);
  const DocumentNumber order = estate.place();
  EXPECT_EQ(estate.seen_now(), Seen::placed);
  estate.must(depot_code, estate.acknowledgement(order));
  EXPECT_EQ(estate.seen_now(), Seen::acknowledged);
  estate.must(depot_code, WaveClosed{1});
  estate.must(depot_code, OrderAllocated{chilled, {{milk, 12}, {soap, 4}}});
  EXPECT_EQ(estate.depot().stock.reserved(milk), 12);
  estate.must(depot_code, FulfilmentMoved{chilled, FulfilmentVerb::release});
  EXPECT_EQ(estate.seen_now(), Seen::being_picked);
  estate.must(depot_code, OrderPicked{chilled, {}, {}});
  EXPECT_EQ(estate.seen_now(), Seen::picked);
  EXPECT_EQ(estate.depot().stock.reserved(milk), 0);
  EXPECT_EQ(estate.depot().stock.total(Place::dock), 16);
  const DocumentNumber advice = estate.dispatch();
  EXPECT_EQ(estate.seen_now(), Seen::on_the_way);
  EXPECT_EQ(estate.depot().stock.total(Place::vehicle), 16);
  estate.must(store_code, GoodsReceived{Place::vehicle, advice, {}, 45, {}, {}});
  EXPECT_EQ(estate.seen_now(), Seen::received);
  EXPECT_EQ(estate.on_hand(store_code, milk), 12);
  EXPECT_EQ(estate.store().orders.at(chilled).rows[0].received, 12);
  EXPECT_EQ(estate.store().stock.total(Place::vehicle), -16);
  estate.must(depot_code, FulfilmentMoved{chilled, FulfilmentVerb::close});
  estate.must(store_code, OrderMoved{chilled, OrderVerb::close});
  EXPECT_EQ(estate.seen_now(), Seen::closed);
}

// Milk is use-by, and a store gets two days of life after the delivery: day 3 at the earliest.
TEST(Picking, takes_the_earliest_lots_with_enough_life_for_the_store) {
  OrderEstate estate;
  estate.release();
  estate.must(depot_code, OrderPicked{chilled, {}, {}});
  EXPECT_EQ(rows_of(estate.fulfilment().cargo), "0:10@3 0:2@6 1:4@- ");
  EXPECT_EQ(estate.lots(depot_code, milk), "10@2 8@6");
}

TEST(Picking, asks_for_the_shorts_alone_and_refuses_what_is_not_there) {
  OrderEstate estate;
  estate.must(depot_code, GoodsMoved{Cause::waste, {{milk, 9, 0, until(6)}}});
  estate.release();
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{chilled, {}, {}}), "life_too_short")
      << "of ten units that are there, the date is too near";
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{chilled, {{milk, 12}}, {}}),
            "value_out_of_range");
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{chilled, {{peas, 0}}, {}}), "line_unknown");
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{chilled, {{milk, 11}}, {}}), "done");
  EXPECT_EQ(rows_of(estate.fulfilment().cargo), "0:10@3 0:1@6 1:4@- ");
  EXPECT_EQ(estate.depot().stock.reserved(milk), 0);
}

TEST(Picking, leaves_stopped_goods_where_they_are) {
  OrderEstate estate;
  estate.release();
  estate.must(depot_code, StopSet{0, product("milk"), {}, in_days(3), {}});
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{chilled, {}, {}}), "not_enough");
  estate.must(depot_code, OrderPicked{chilled, {{milk, 10}}, {}});
  EXPECT_EQ(rows_of(estate.fulfilment().cargo), "0:10@6 1:4@- ");
}

TEST(Dispatch, is_refused_for_what_was_stopped_or_went_off_on_the_dock) {
  OrderEstate estate;
  estate.release();
  estate.must(depot_code, OrderPicked{chilled, {}, {}});
  const OrderDispatched dispatched{chilled, 0, {}, 1};
  estate.must(depot_code, StopSet{0, product("soap"), {}, {}, {}});
  EXPECT_EQ(estate.answer(depot_code, dispatched), "stop_sale");
  estate.must(depot_code, StopLifted{2});
  estate.must(depot_code, DayClosed{});
  estate.must(depot_code, DayOpened{in_days(4)});
  EXPECT_EQ(estate.answer(depot_code, dispatched), "use_by_passed");
  estate.must(depot_code, FulfilmentMoved{chilled, FulfilmentVerb::put_back});
  EXPECT_EQ(estate.lots(depot_code, milk), "10@2 10@3 10@6");
  EXPECT_EQ(estate.depot().stock.reserved(milk), 12);
  EXPECT_EQ(estate.depot().stock.total(Place::dock), 0);
  estate.must(depot_code, OrderPicked{chilled, {{milk, 10}}, {}});
  EXPECT_EQ(estate.answer(depot_code, dispatched), "done");
}

TEST(Depot, is_the_arbiter_and_names_the_winner) {
  OrderEstate estate;
  const DocumentNumber first = estate.place();
  estate.must(depot_code, estate.acknowledgement(first));
  const DocumentNumber second{store_code, 2, 1};
  const auto refused = estate.attempt(depot_code, estate.acknowledgement(second));
  EXPECT_EQ(refused, no(Refusal::cycle_already_ordered, no_line, first));
  EXPECT_EQ(estate.attempt(depot_code, estate.acknowledgement(first)),
            no(Refusal::cycle_already_ordered, no_line, first));
}

TEST(Order, may_be_replaced_until_picking_starts) {
  OrderEstate estate;
  const DocumentNumber first = estate.place();
  estate.must(depot_code, estate.acknowledgement(first));
  const DocumentNumber second = estate.place({{milk, 6}});
  OrderAcknowledged replacement{chilled, second, first, 1, {{milk, 6}}};
  estate.must(depot_code, replacement);
  EXPECT_EQ(estate.fulfilment().order, second);
  estate.must(store_code, OrderConfirmed{chilled, {{milk, 7}}});
  estate.must(depot_code, WaveClosed{1});
  estate.must(depot_code, OrderAllocated{chilled, {{milk, 6}}});
  estate.must(depot_code, FulfilmentMoved{chilled, FulfilmentVerb::release});
  EXPECT_EQ(estate.attempt(store_code, OrderPlaced{chilled, 0, {}}),
            no(Refusal::picking_started, no_line, second));
  EXPECT_EQ(estate.attempt(store_code, OrderConfirmed{chilled, {{milk, 8}}}),
            no(Refusal::picking_started, no_line, second));
  replacement.order = {store_code, 1, 9};
  replacement.replaces = second;
  EXPECT_EQ(estate.answer(depot_code, replacement), "picking_started");
  EXPECT_EQ(estate.answer(store_code, OrderMoved{chilled, OrderVerb::cancel}), "picking_started");
}

// An order that was placed, and what somebody of the store wants of it later.
class ChangeTest : public ::testing::Test {
 protected:
  ChangeTest() { first_ = estate_.place(); }
  std::string_view answer(Body body, std::int64_t at_ms, std::optional<std::int64_t> calendar_ms,
                          Role role = Role::colleague) {
    const auto event = decide(estate_.book, store_code,
                              {role, {ActorNo{7}, {}, 0}, at_ms, std::move(body), calendar_ms});
    return event ? "done" : row_of(event.error().why).name;
  }
  OrderEstate estate_;
  DocumentNumber first_;
  const OrderConfirmed more_{chilled, {{milk, 18}}};
};

TEST_F(ChangeTest, is_taken_until_the_last_cut_off_that_the_store_knows_of) {
  EXPECT_EQ(answer(more_, cut_off_ms, {}), "done");
  EXPECT_EQ(answer(more_, cut_off_ms + 1, {}), "cut_off_passed");
  // The calendar's is earlier: what comes between the two goes into the wave that is open.
  EXPECT_EQ(answer(more_, cut_off_ms, cut_off_ms - 5), "done");
  EXPECT_EQ(answer(more_, cut_off_ms + 1, cut_off_ms - 5), "cut_off_passed");
  EXPECT_EQ(answer(OrderMoved{chilled, OrderVerb::cancel}, cut_off_ms, {}), "done");
  EXPECT_EQ(answer(OrderMoved{chilled, OrderVerb::cancel}, cut_off_ms + 1, {}), "cut_off_passed");
}

TEST_F(ChangeTest, is_taken_later_only_if_another_wave_is_open) {
  estate_.must(depot_code, WaveClosed{1});
  EXPECT_EQ(answer(more_, 1, {}), "cut_off_passed");
  estate_.must(depot_code, WaveOpened{0, in_days(1), Chain::frozen, 2 * cut_off_ms});
  estate_.must(depot_code, WaveOpened{0, in_days(2), Chain::chilled, 2 * cut_off_ms});
  EXPECT_EQ(answer(more_, cut_off_ms + 1, {}), "cut_off_passed");
  estate_.must(depot_code, WaveOpened{0, in_days(1), Chain::chilled, 2 * cut_off_ms});
  EXPECT_EQ(answer(more_, cut_off_ms + 1, {}), "done");
}

TEST_F(ChangeTest, goes_by_the_calendar_where_the_depot_is_not_heard) {
  estate_.book.forget(depot_code);
  EXPECT_EQ(answer(more_, 9 * cut_off_ms, {}), "done");
  EXPECT_EQ(answer(more_, cut_off_ms, cut_off_ms), "done");
  EXPECT_EQ(answer(more_, cut_off_ms + 1, cut_off_ms), "cut_off_passed");
  estate_.must(centre_code, OrderProposed{chilled, {{milk, 12}}});
  const ProposalChanged changed{chilled, ChangeReason::weather, {}, false, {{milk, 18}}};
  EXPECT_EQ(answer(changed, cut_off_ms + 1, cut_off_ms), "cut_off_passed");
}

// A site that plays an old estate, or whose clock is wrong.
TEST_F(ChangeTest, is_taken_where_the_clock_has_passed_the_delivery_and_the_trading_day_has_not) {
  const std::int64_t delivery_ms = std::int64_t{to_date(chilled.delivery).days} * 86'400'000;
  constexpr std::int64_t hour_ms = 3'600'000;
  EXPECT_EQ(answer(more_, delivery_ms + 47 * hour_ms, cut_off_ms), "cut_off_passed");
  EXPECT_EQ(answer(more_, delivery_ms + 48 * hour_ms, cut_off_ms), "done");
}

TEST_F(ChangeTest, is_not_held_up_where_nothing_has_gone_off_or_the_site_itself_asks) {
  EXPECT_EQ(answer(more_, cut_off_ms + 1, {}, Role::site), "done");
  const OrderKey other{store_code, depot_code, in_days(1), 2, Chain::chilled};
  EXPECT_EQ(answer(OrderConfirmed{other, {{milk, 18}}}, cut_off_ms + 1, cut_off_ms), "done");
}

TEST(Order, that_is_cancelled_before_picking_frees_the_cycle) {
  OrderEstate estate;
  const DocumentNumber first = estate.place();
  estate.must(depot_code, estate.acknowledgement(first));
  estate.must(store_code, OrderMoved{chilled, OrderVerb::cancel});
  EXPECT_EQ(estate.seen_now(), Seen::cancelled);
  estate.must(depot_code, FulfilmentMoved{chilled, FulfilmentVerb::cancel});
  const DocumentNumber second = estate.place();
  EXPECT_NE(second, first);
  EXPECT_EQ(estate.answer(depot_code, estate.acknowledgement(second)), "done");
}

TEST(Order, is_for_a_day_to_come_of_lines_that_are_open) {
  OrderEstate estate;
  OrderKey late = chilled;
  late.delivery = in_days(-1);
  EXPECT_EQ(estate.answer(store_code, OrderConfirmed{late, {{milk, 1}}}), "date_past");
  EXPECT_EQ(estate.answer(store_code, OrderConfirmed{chilled, {{LineNo{9}, 1}}}), "line_unknown");
  EXPECT_EQ(estate.answer(store_code, OrderConfirmed{chilled, {{soap, 1}, {milk, 1}}}),
            "rows_not_sorted");
  EXPECT_EQ(estate.answer(other_store_code, OrderConfirmed{chilled, {{milk, 1}}}),
            "document_not_ours");
  estate.must(store_code, LineChanged{soap, estate.store().goods.terms(soap), 0, true});
  EXPECT_EQ(estate.answer(store_code, OrderConfirmed{chilled, {{soap, 1}}}), "line_closed");
  EXPECT_EQ(estate.answer(store_code, OrderPlaced{chilled, 0, {}}), "document_unknown");
}

TEST(Wave, takes_orders_of_its_delivery_until_its_cut_off_and_is_allocated_after_it) {
  OrderEstate estate;
  const OrderAcknowledged taken = estate.acknowledgement(estate.place());
  OrderAcknowledged other = taken;
  other.key.chain = Chain::frozen;
  EXPECT_EQ(estate.answer(depot_code, other), "wave_mismatch");
  EXPECT_EQ(estate.answer(depot_code, taken, cut_off_ms + 1), "cut_off_passed");
  EXPECT_EQ(estate.answer(depot_code, taken, cut_off_ms), "done");
  EXPECT_EQ(estate.answer(depot_code, OrderAllocated{chilled, {{milk, 1}}}), "wave_open");
  estate.must(depot_code, WaveClosed{1});
  EXPECT_EQ(estate.answer(depot_code, WaveClosed{1}), "move_not_listed");
  EXPECT_EQ(estate.answer(depot_code, WaveClosed{2}), "document_unknown");
}

TEST(Allocation, promises_no_unit_twice_and_no_more_than_was_ordered) {
  OrderEstate estate;
  estate.must(depot_code, estate.acknowledgement(estate.place()));
  OrderKey next_store = chilled;
  next_store.store = other_store_code;
  estate.must(depot_code,
              OrderAcknowledged{next_store, {other_store_code, 1, 1}, {}, 1, {{milk, 25}}});
  estate.must(depot_code, WaveClosed{1});
  EXPECT_EQ(estate.answer(depot_code, OrderAllocated{chilled, {{milk, 13}}}), "value_out_of_range");
  EXPECT_EQ(estate.answer(depot_code, OrderAllocated{chilled, {{peas, 1}}}), "line_unknown");
  estate.must(depot_code, OrderAllocated{chilled, {{milk, 12}}});
  EXPECT_EQ(estate.answer(depot_code, OrderAllocated{next_store, {{milk, 19}}}), "not_enough");
  estate.must(depot_code, OrderAllocated{chilled, {{milk, 11}}});
  EXPECT_EQ(estate.answer(depot_code, OrderAllocated{next_store, {{milk, 19}}}), "done");
  EXPECT_EQ(estate.depot().stock.reserved(milk), 30);
  estate.must(depot_code, FulfilmentMoved{next_store, FulfilmentVerb::cancel});
  EXPECT_EQ(estate.depot().stock.reserved(milk), 11);
}

TEST(Receipt, of_an_order_short_is_disputed_until_the_depot_settles) {
  OrderEstate estate;
  estate.release();
  estate.must(depot_code, OrderPicked{chilled, {}, {}});
  const DocumentNumber advice = estate.dispatch();
  GoodsReceived received{Place::vehicle, advice, {}, no_temperature, {}, {}};
  received.rows = {{milk, 0, 8, 0, 0, 0, until(3)}};
  estate.must(store_code, received);
  EXPECT_EQ(estate.on_hand(store_code, milk), 10);
  EXPECT_EQ(estate.store().stock.total(Place::disputed), 2);
  estate.must(depot_code, GoodsMoved{Cause::dispute_lost, {{milk, 2, 300, {}}}});
  const auto both = [&](Place place) {
    return estate.store().stock.total(place) + estate.depot().stock.total(place);
  };
  EXPECT_EQ(both(Place::disputed), 0);
  EXPECT_EQ(both(Place::vehicle), 0);
}

TEST(Receipt, of_an_order_that_the_store_has_closed_is_still_taken_in) {
  OrderEstate estate;
  estate.release();
  estate.must(depot_code, OrderPicked{chilled, {}, {}});
  const DocumentNumber advice = estate.dispatch();
  estate.must(store_code, OrderMoved{chilled, OrderVerb::close});
  estate.must(store_code, GoodsReceived{Place::vehicle, advice, {}, no_temperature, {}, {}});
  EXPECT_EQ(estate.on_hand(store_code, milk), 12);
}

TEST(Receipt, without_an_advice_is_blind_and_of_an_unknown_one_refused) {
  OrderEstate estate;
  GoodsReceived received{Place::vehicle, {depot_code, 1, 77}, {}, no_temperature, {}, {}};
  EXPECT_EQ(estate.answer(store_code, received), "advice_unknown");
  received.advice = {};
  EXPECT_EQ(estate.answer(store_code, received), "document_empty");
  received.rows = {{soap, 99, 4, 0, 0, 0, {}}};
  estate.must(store_code, received);
  EXPECT_EQ(estate.store().stock.total(Place::vehicle), -4);
  EXPECT_EQ(estate.store().stock.total(Place::disputed), 0);
}

TEST(Inbound, is_expected_stopped_rebooked_and_received_against_what_was_announced) {
  OrderEstate estate;
  const SupplierId dairy = *SupplierId::of("dairy");
  const Event expected =
      estate.must(depot_code, InboundExpected{0, dairy, in_days(1), {{milk, 20}}});
  const std::uint32_t counter = std::get<InboundExpected>(expected.body).counter;
  estate.must(depot_code, InboundMoved{counter, InboundVerb::stop, {}});
  GoodsReceived received{Place::supplier, estate.depot().number(counter), {}, 30, {}, {}};
  received.rows = {{milk, 0, 15, 0, 0, 5, until(9)}};
  EXPECT_EQ(estate.answer(depot_code, received), "move_not_listed");
  EXPECT_EQ(estate.answer(depot_code, InboundMoved{counter, InboundVerb::rebook, {}}),
            "value_out_of_range");
  estate.must(depot_code, InboundMoved{counter, InboundVerb::rebook, in_days(2)});
  const Event taken = estate.must(depot_code, received);
  EXPECT_EQ(std::get<GoodsReceived>(taken.body).rows[0].advised, 20);
  EXPECT_EQ(estate.on_hand(depot_code, milk), 45);
  EXPECT_EQ(estate.depot().stock.total(Place::disputed), 0);
  EXPECT_EQ(estate.answer(depot_code, received), "move_not_listed");
}

TEST(Inbound, may_be_refused_at_the_door) {
  OrderEstate estate;
  const SupplierId dairy = *SupplierId::of("dairy");
  estate.must(depot_code, InboundExpected{0, dairy, in_days(1), {{milk, 20}}});
  estate.must(depot_code, InboundMoved{2, InboundVerb::refuse, {}});
  EXPECT_EQ(estate.answer(depot_code, InboundMoved{2, InboundVerb::rebook, in_days(2)}),
            "move_not_listed");
}

TEST(Inbound, that_is_proposed_is_not_received_before_it_is_placed) {
  OrderEstate estate;
  const SupplierId dairy = *SupplierId::of("dairy");
  const auto propose = [&] {
    const Event proposed =
        estate.must(depot_code, InboundProposed{0, dairy, in_days(1), {{milk, 20}}});
    return std::get<InboundProposed>(proposed.body).counter;
  };
  const std::uint32_t first = propose(), second = propose();
  GoodsReceived received{Place::supplier, estate.depot().number(first), {}, 30, {}, {}};
  received.rows = {{milk, 0, 20, 0, 0, 0, until(9)}};
  EXPECT_EQ(estate.answer(depot_code, received), "move_not_listed");
  EXPECT_EQ(estate.answer(depot_code, InboundMoved{first, InboundVerb::propose, {}}),
            "move_not_listed");
  estate.must(depot_code, InboundMoved{first, InboundVerb::place, {}});
  EXPECT_EQ(estate.answer(depot_code, received), "done");
  estate.must(depot_code, InboundMoved{second, InboundVerb::withdraw, {}});
  EXPECT_EQ(estate.answer(depot_code, InboundMoved{second, InboundVerb::place, {}}),
            "move_not_listed");
}

TEST(Site, says_how_far_it_has_heard_of_another_and_never_less_than_before) {
  OrderEstate estate;
  TreeRoot root;
  root.bytes[0] = 1;
  estate.must(store_code, Heard{depot_code, 1, 20, root});
  EXPECT_EQ(estate.store().heard.at(depot_code).size, 20u);
  EXPECT_EQ(estate.answer(store_code, Heard{depot_code, 1, 20, root}), "number_not_next");
  EXPECT_EQ(estate.answer(store_code, Heard{store_code, 1, 21, root}), "value_out_of_range");
  EXPECT_EQ(estate.answer(store_code, Heard{depot_code, 1, 21, {}}), "value_out_of_range");
  estate.must(store_code, Heard{depot_code, 1, 21, root});
}

TEST(Proposal, that_is_changed_is_confirmed_as_changed_and_what_was_said_is_kept) {
  OrderEstate estate;
  estate.must(store_code, OrderProposed{chilled, {{milk, 12}, {soap, 4}}});
  const Note note = *Note::of("fair in the village");
  estate.must(store_code,
              ProposalChanged{chilled, ChangeReason::local_event, note, true, {{milk, 30}}});
  EXPECT_EQ(estate.seen_now(), Seen::confirmed);
  EXPECT_EQ(estate.store().orders.at(chilled).rows[0].ordered, 30);
  const Answer& answer = estate.store().answers.at(chilled);
  EXPECT_EQ(answer.reason, ChangeReason::local_event);
  EXPECT_EQ(answer.note, note);
  EXPECT_TRUE(answer.learn);
  EXPECT_EQ(answer.proposed, (std::vector<OrderRow>{{milk, 12}, {soap, 4}}));
  EXPECT_EQ(answer.wanted, (std::vector<OrderRow>{{milk, 30}}));
  EXPECT_EQ(estate.answer(store_code, OrderPlaced{chilled, 0, {}}), "done");
}

TEST(Proposal, that_is_skipped_is_not_placed_until_somebody_confirms) {
  OrderEstate estate;
  estate.must(centre_code, OrderProposed{chilled, {{milk, 12}}});
  estate.must(store_code, ProposalSkipped{chilled, ChangeReason::too_much_left, {}, false});
  EXPECT_EQ(estate.seen_now(), Seen::skipped);
  EXPECT_FALSE(estate.store().answers.at(chilled).learn);
  EXPECT_TRUE(estate.store().answers.at(chilled).wanted.empty());
  EXPECT_EQ(estate.answer(store_code, OrderPlaced{chilled, 0, {}}), "move_not_listed");
  estate.place();
  EXPECT_EQ(estate.seen_now(), Seen::placed);
  EXPECT_TRUE(estate.store().answers.empty());  // what was said last counts, and it had no reason
  EXPECT_EQ(estate.answer(store_code, ProposalSkipped{chilled, ChangeReason::weather, {}, false}),
            "move_not_listed");
}

TEST(Proposal, is_answered_only_where_there_is_one_and_by_the_store_it_is_for) {
  OrderEstate estate;
  const ProposalSkipped skipped{chilled, ChangeReason::weather, {}, false};
  const ProposalChanged changed{chilled, ChangeReason::weather, {}, false, {{milk, 3}}};
  EXPECT_EQ(estate.answer(store_code, skipped), "document_unknown");
  EXPECT_EQ(estate.answer(store_code, changed), "document_unknown");
  estate.must(store_code, OrderProposed{chilled, {{milk, 12}}});
  EXPECT_EQ(estate.answer(other_store_code, skipped), "document_not_ours");
  EXPECT_EQ(estate.answer(depot_code, skipped), "kind_not_allowed");
  estate.must(store_code, ProposalWithdrawn{chilled});
  EXPECT_EQ(estate.answer(store_code, changed), "document_unknown");
}

TEST(Proposal, is_answered_with_a_reason_and_a_note_that_leads_to_nobody) {
  OrderEstate estate;
  estate.must(store_code, OrderProposed{chilled, {{milk, 12}}});
  const auto answer = [&](ChangeReason reason, std::string_view note) {
    return estate.answer(store_code, ProposalSkipped{chilled, reason, *Note::of(note), false});
  };
  EXPECT_EQ(answer(ChangeReason::other, ""), "value_out_of_range");
  EXPECT_EQ(answer(ChangeReason::weather, "ask jo@example.org"), "value_out_of_range");
  EXPECT_EQ(answer(ChangeReason::weather, "ring 01856 123456"), "value_out_of_range");
  EXPECT_EQ(answer(ChangeReason::other, "ferry 12345 off"), "done");
}

TEST(Documents, that_are_over_are_forgotten_some_weeks_after_their_delivery) {
  OrderEstate estate;
  estate.place();
  estate.must(store_code, OrderMoved{chilled, OrderVerb::cancel});
  estate.must(store_code, DayClosed{});
  estate.must(store_code, DayOpened{in_days(36)});
  EXPECT_EQ(estate.store().orders.size(), 1u);
  estate.must(store_code, DayClosed{});
  estate.must(store_code, DayOpened{in_days(37)});
  EXPECT_TRUE(estate.store().orders.empty());
}

// Every state of an order and of a fulfilment, reached by its own events, meets every verb.
TEST(Documents, refuse_by_name_every_verb_that_their_state_does_not_list) {
  const auto tried = [](auto&& reach, auto&& states) {
    for (std::size_t step = 0; step < states.size(); ++step)
      for (const auto verb :
           {FulfilmentVerb::acknowledge, FulfilmentVerb::allocate, FulfilmentVerb::release,
            FulfilmentVerb::pick, FulfilmentVerb::put_back, FulfilmentVerb::dispatch,
            FulfilmentVerb::close, FulfilmentVerb::cancel}) {
        OrderEstate estate;
        reach(estate, step);
        const auto answer = estate.attempt(depot_code, FulfilmentMoved{chilled, verb});
        const bool is_plain = verb == FulfilmentVerb::release || verb == FulfilmentVerb::put_back ||
                              verb == FulfilmentVerb::close || verb == FulfilmentVerb::cancel;
        const bool is_listed = is_plain && next(states[step], verb).has_value();
        EXPECT_EQ(answer.has_value(), is_listed) << text_of(states[step]) << text_of(verb);
        if (!is_listed) {
          EXPECT_EQ(answer, no(Refusal::move_not_listed));
        }
      }
  };
  const auto reach = [](OrderEstate& estate, std::size_t steps) {
    const DocumentNumber order = estate.place();
    const std::vector<Body> way{estate.acknowledgement(order),
                                OrderAllocated{chilled, {{milk, 5}}},
                                FulfilmentMoved{chilled, FulfilmentVerb::release},
                                OrderPicked{chilled, {}, {}},
                                OrderDispatched{chilled, 0, {}, 0},
                                FulfilmentMoved{chilled, FulfilmentVerb::close}};
    for (std::size_t i = 0; i < steps; ++i) {
      estate.must(depot_code, way[i]);
      if (i == 0) estate.must(depot_code, WaveClosed{1});
    }
  };
  tried(reach,
        std::vector{FulfilmentState::none, FulfilmentState::acknowledged,
                    FulfilmentState::allocated, FulfilmentState::picking, FulfilmentState::picked,
                    FulfilmentState::dispatched, FulfilmentState::closed});
}

}  // namespace
}  // namespace trade
