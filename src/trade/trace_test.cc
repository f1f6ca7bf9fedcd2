#include "trade/trace.h"

#include <sstream>

#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

// An estate whose events are also traced.
class Traced : public Estate {
 public:
  explicit Traced(const Lot& lot) : trace(product("milk"), lot) {
    for (const SiteCode site : {store_code, other_store_code, depot_code})
      for (const Body& body : opening_of(site)) happen(site, body);
  }

  void happen(SiteCode site, const Body& body) {
    const auto event =
        decide_as_anybody(trace.book(), site, {{}, {ActorNo{7}}, asked_at_ms(body), body});
    ASSERT_TRUE(event) << row_of(event.error().why).name;
    ASSERT_TRUE(trace.take(site, 0, encode(*event)));
  }
  std::string told() const {
    std::ostringstream text;
    for (const TraceRow& row : trace.rows()) {
      text << to_number(row.site) << ' ' << row.what << ' ' << row.units;
      if (row.unnamed_units != 0) text << '?' << row.unnamed_units;
      if (row.has_other) text << " > " << to_number(row.other);
      if (row.paper.given()) text << ' ' << row.paper.view();
      text << '\n';
    }
    for (const TraceRest& rest : trace.rest())
      text << to_number(rest.site) << " has " << rest.units << '?' << rest.unnamed_units << " and "
           << rest.quarantined_units << '\n';
    return text.str();
  }
  static int to_number(SiteCode code) { return static_cast<int>(code); }

  Trace trace;
};

const Lot b1{in_days(4), batch("B1")}, b2{in_days(6), batch("B2")};
const OrderKey key{store_code, depot_code, in_days(1), 1, Chain::chilled};

void deliver_b1_and_b2(Traced& estate) {
  estate.happen(depot_code,
                GoodsReceived{Place::supplier,
                              {},
                              *Reference::of("DN 7"),
                              40,
                              {},
                              {{milk, 0, 30, 0, 0, 0, b1}, {milk, 0, 30, 0, 0, 0, b2}}});
  estate.happen(depot_code, WaveOpened{0, in_days(1), Chain::chilled, 1'000});
  estate.happen(depot_code, OrderAcknowledged{key, {store_code, 1, 1}, {}, 1, {{milk, 40}}});
  estate.happen(depot_code, WaveClosed{1});
  estate.happen(depot_code, OrderAllocated{key, {{milk, 40}}});
  estate.happen(depot_code, FulfilmentMoved{key, FulfilmentVerb::release});
  estate.happen(depot_code, OrderPicked{key, {}, {}});
  estate.happen(depot_code, OrderDispatched{key, 0, *Text<16>::of("V1"), 1});
}

TEST(Trace, says_where_a_batch_came_from_where_it_went_and_what_is_left) {
  Traced estate({{}, batch("B1")});
  deliver_b1_and_b2(estate);
  estate.happen(store_code, GoodsReceived{Place::vehicle, {depot_code, 1, 2}, {}, 40, {}, {}});
  estate.happen(store_code, GoodsMoved{Cause::sale, {{milk, 12, 0, {}}}});
  estate.happen(store_code, GoodsMoved{Cause::quarantine, {{milk, 3, 0, b1}}});
  estate.happen(store_code, GoodsSent{0, other_store_code, false, {}, {{milk, 5, b1}}});
  EXPECT_EQ(estate.told(),
            "9 goods_received 30 DN 7\n"
            "9 order_picked -30 > 42\n"
            "9 order_dispatched 30 > 42\n"
            "42 goods_received 30 > 9\n"
            "42 sale -12\n"
            "42 quarantine -3\n"
            "42 goods_sent -5 > 43\n"
            "42 has 10?0 and 3\n");
}

TEST(Trace, of_another_batch_shows_only_that) {
  Traced estate({{}, batch("B2")});
  deliver_b1_and_b2(estate);
  EXPECT_EQ(estate.told(),
            "9 goods_received 30 DN 7\n"
            "9 order_picked -10 > 42\n"
            "9 order_dispatched 10 > 42\n"
            "9 has 20?0 and 0\n");
}

TEST(Trace, tells_units_whose_batch_nobody_has_read_apart) {
  Traced estate({{}, batch("B1")});
  estate.happen(store_code, GoodsMoved{Cause::opening, {{milk, 8, 0, {}}}});
  estate.happen(store_code, GoodsMoved{Cause::opening, {{milk, 2, 0, {in_days(4), {}}}}});
  estate.happen(store_code, GoodsMoved{Cause::waste, {{milk, 1, 0, {in_days(4), {}}}}});
  EXPECT_EQ(estate.told(), "42 opening 0?8\n42 opening 0?2\n42 waste 0?-1\n42 has 0?9 and 0\n");
}

TEST(Trace, of_a_product_shows_all_of_its_units_and_no_other_product) {
  Traced estate({});
  estate.happen(store_code, GoodsMoved{Cause::opening, {{milk, 8, 0, {}}, {soap, 5, 0, {}}}});
  estate.happen(store_code, GoodsMoved{Cause::sale, {{soap, 5, 0, {}}}});
  estate.happen(store_code, GoodsCounted{milk, {}, 6, 0});
  EXPECT_EQ(estate.told(), "42 opening 8\n42 goods_counted -2\n42 has 6?0 and 0\n");
}

TEST(Trace, ends_a_journal_at_an_event_that_cannot_be_true) {
  Traced estate({});
  EXPECT_EQ(estate.trace.take(store_code, 0, "nonsense"), no(Refusal::bytes_bad));
  EXPECT_TRUE(estate.trace.book().quarantine(store_code));
  estate.happen(depot_code, GoodsMoved{Cause::opening, {{milk, 8, 0, {}}}});
  EXPECT_EQ(estate.trace.rows().size(), 1u);
}

}  // namespace
}  // namespace trade
