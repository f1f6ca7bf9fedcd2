#include "trade/pick_list.h"

#include <gtest/gtest.h>

#include "trade/testing/kit.h"

namespace trade {
namespace {

using namespace testing;

const OrderKey key{store_code, depot_code, in_days(1), 1, Chain::chilled};
constexpr Cage roomy{1'000'000, 1'000'000};

// A dozen milk (6 to a case of 6.5 kg) and four soap (12 to a case of 2 kg) are ordered.
class PickEstate : public Estate {
 public:
  PickEstate() {
    must(depot_code, WaveOpened{0, in_days(1), Chain::chilled, 10});
    stock(depot_code, milk, 8, until(3));
    stock(depot_code, milk, 10, until(5));
    stock(depot_code, soap, 50);
    must(depot_code, OrderAcknowledged{key, {store_code, 1, 1}, {}, 1, {{milk, 12}, {soap, 4}}});
    must(depot_code, WaveClosed{1});
  }
};

TEST(PickList, goes_the_way_round_and_names_the_lots_of_a_whole_pick) {
  PickEstate estate;
  EXPECT_TRUE(pick_list(estate.depot(), key, roomy).rows.empty());
  estate.must(depot_code, OrderAllocated{key, {{milk, 12}, {soap, 4}}});
  EXPECT_EQ(pick_list(estate.depot(), key, roomy).rows,
            (std::vector<PickRow>{
                {{soap, 4, {}}, 0}, {{milk, 8, until(3)}, 0}, {{milk, 4, until(5)}, 0}}));
}

TEST(PickList, begins_another_cage_where_weight_or_volume_is_full) {
  PickEstate estate;
  estate.must(depot_code, OrderAllocated{key, {{milk, 12}, {soap, 4}}});
  // Soap takes 667 g; five milk of 1,083 g fit behind it, then six into a cage of their own.
  EXPECT_EQ(pick_list(estate.depot(), key, {6'500, 1'000'000}).rows,
            (std::vector<PickRow>{{{soap, 4, {}}, 0},
                                  {{milk, 5, until(3)}, 0},
                                  {{milk, 3, until(3)}, 1},
                                  {{milk, 3, until(5)}, 1},
                                  {{milk, 1, until(5)}, 2}}));
}

TEST(PickList, gives_a_cage_to_each_unit_that_is_too_large_for_one) {
  PickEstate estate;
  estate.must(depot_code, OrderAllocated{key, {{milk, 3}}});
  const auto rows = pick_list(estate.depot(), key, {1, 1}).rows;
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2], (PickRow{{milk, 1, until(3)}, 2}));
}

// Milk must keep for two days after its delivery tomorrow.
TEST(PickList, names_what_is_missing_and_picking_says_the_same) {
  PickEstate estate;
  estate.must(depot_code, OrderAllocated{key, {{milk, 12}, {soap, 4}}});
  estate.must(depot_code, FulfilmentMoved{key, FulfilmentVerb::release});
  const auto missing = [&] { return pick_list(estate.depot(), key, roomy).missing; };
  EXPECT_TRUE(missing().empty());
  estate.must(depot_code, GoodsMoved{Cause::waste, {{milk, 10, 0, until(5)}}});
  EXPECT_EQ(missing(), (std::vector<MissingRow>{{milk, 4, Refusal::not_enough}}));
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{key, {}, {}}), "not_enough");
  estate.stock(depot_code, milk, 1, until(2));
  EXPECT_EQ(missing(), (std::vector<MissingRow>{{milk, 4, Refusal::life_too_short}}));
  EXPECT_EQ(estate.answer(depot_code, OrderPicked{key, {}, {}}), "life_too_short");
  estate.must(depot_code, OrderPicked{key, {{milk, 8}}, {}});
  EXPECT_TRUE(missing().empty()) << "what was picked is not missing any more";
}

TEST(LoadSheet, has_the_last_stop_first) {
  OrderKey next_store = key;
  next_store.store = other_store_code;
  PickEstate estate;
  estate.must(depot_code, WaveOpened{0, in_days(1), Chain::chilled, 10});
  estate.must(depot_code,
              OrderAcknowledged{next_store, {other_store_code, 1, 1}, {}, 2, {{soap, 4}}});
  estate.must(depot_code, WaveClosed{2});
  std::uint16_t stop = 1;
  const auto vehicle = *Text<16>::of("AB12");
  for (const OrderKey& order : {key, next_store}) {
    estate.must(depot_code, OrderAllocated{order, {{soap, 4}}});
    estate.must(depot_code, FulfilmentMoved{order, FulfilmentVerb::release});
    estate.must(depot_code, OrderPicked{order, {}, {}});
    estate.must(depot_code, OrderDispatched{order, 0, vehicle, stop++});
  }
  EXPECT_EQ(load_sheet(estate.depot(), vehicle, in_days(1)), (std::vector{next_store, key}));
  EXPECT_TRUE(load_sheet(estate.depot(), vehicle, in_days(2)).empty());
}

}  // namespace
}  // namespace trade
