#include "site/share_wave.h"

#include <gmock/gmock.h>

#include "base/prng.h"
#include "trade/testing/kit.h"

namespace site {
namespace {

using trade::LineNo;
using trade::OrderKey;
using trade::SiteCode;
using trade::testing::depot_code;
using trade::testing::in_days;
using trade::testing::milk;
using trade::testing::soap;
using trade::testing::today;

constexpr SiteCode store(int number) { return SiteCode{static_cast<std::uint16_t>(100 + number)}; }
OrderKey key_of(SiteCode code) { return {code, depot_code, in_days(1), 0, trade::Chain::ambient}; }

// A depot with one wave for tomorrow.
class WaveTest : public ::testing::Test {
 protected:
  WaveTest() {
    estate.must(depot_code, trade::WaveOpened{0, in_days(1), trade::Chain::ambient, 1'000});
    wave = estate.depot().last_counter;
  }
  void stock(LineNo line, trade::Units units, trade::Lot lot = {}) {
    estate.must(depot_code, trade::GoodsMoved{trade::Cause::opening, {{line, units, 0, lot}}});
  }
  void order(SiteCode code, std::vector<trade::OrderRow> rows) {
    estate.must(depot_code,
                trade::OrderAcknowledged{key_of(code), {code, 1, 5}, {}, wave, std::move(rows)});
  }
  void one_by_one(LineNo line) {
    trade::Terms terms = estate.depot().goods.terms(line);
    terms.case_units = 1;
    estate.must(depot_code, trade::LineChanged{line, terms, 0, false});
  }
  // What each store gets of the line; the book takes it.
  std::map<SiteCode, trade::Units> share(LineNo line, const FactsOf& facts_of,
                                         std::int64_t picks_max = no_limit) {
    if (!estate.depot().waves.at(wave).is_closed) estate.must(depot_code, trade::WaveClosed{wave});
    const auto shared = share_wave(estate.depot(), wave, facts_of, picks_max, 1);
    EXPECT_EQ(share_wave(estate.depot(), wave, facts_of, picks_max, 3), shared);
    std::map<SiteCode, trade::Units> given;
    for (const trade::OrderAllocated& one : shared) {
      estate.must(depot_code, one);
      for (const trade::OrderRow& row : one.rows)
        if (row.line == line) given[one.key.store] = row.units;
    }
    return given;
  }
  static ClaimFacts nothing_known(const OrderKey&, LineNo) { return {}; }

  trade::testing::Estate estate;
  std::uint32_t wave = 0;
};

TEST_F(WaveTest, gives_everybody_all_where_there_is_enough) {
  stock(soap, 100);
  order(store(1), {{soap, 24}});
  order(store(2), {{soap, 36}});
  EXPECT_THAT(share(soap, nothing_known),
              ::testing::ElementsAre(std::pair(store(1), 24), std::pair(store(2), 36)));
}

// Twenty stores need 420, the depot has 210; two are lifelines.
TEST_F(WaveTest, leaves_no_store_without_and_gives_lifelines_their_first_tier_whole) {
  one_by_one(soap);
  stock(soap, 210);
  for (int i = 1; i <= 20; ++i) order(store(i), {{soap, 21}});
  const auto given = share(soap, [](const OrderKey& key, LineNo) {
    ClaimFacts facts;
    facts.tier = 1;
    facts.lifeline = key.store < store(3) ? 2 : 0;
    facts.demand_mean = facts.demand_variance = 21;
    return facts;
  });
  trade::Units all = 0;
  for (const auto& [code, units] : given) all += units;
  EXPECT_EQ(all, 210);
  EXPECT_EQ(given.size(), 20u);
  EXPECT_EQ(given.at(store(1)), 21);
  EXPECT_EQ(given.at(store(2)), 21);
}

TEST_F(WaveTest, does_not_ask_who_came_first) {
  one_by_one(soap);
  stock(soap, 10);
  for (const int i : {9, 1, 5}) order(store(i), {{soap, 10}});
  const auto given = share(soap, [](const OrderKey& key, LineNo) {
    ClaimFacts facts;
    facts.on_hand_units = key.store == store(9) ? 30.0f : 0.0f;
    facts.demand_mean = facts.demand_variance = 10;
    return facts;
  });
  // The fair minimum of one each; the rest where shelves are empty.
  EXPECT_EQ(given.at(store(9)), 1);
  EXPECT_GE(given.at(store(1)), 4);
  EXPECT_GE(given.at(store(5)), 4);
}

TEST_F(WaveTest, sends_no_lot_that_would_arrive_with_too_little_life) {
  // Milk has to arrive with two days; the wave is for tomorrow.
  stock(milk, 12, trade::testing::until(2));
  stock(milk, 6, trade::testing::until(3));
  order(store(1), {{milk, 18}});
  EXPECT_EQ(share(milk, nothing_known).at(store(1)), 6);
}

TEST_F(WaveTest, keeps_back_what_a_stop_sale_or_another_wave_holds) {
  stock(soap, 24);
  estate.must(depot_code, trade::WaveOpened{0, in_days(2), trade::Chain::ambient, 1'000});
  const std::uint32_t other = estate.depot().last_counter;
  OrderKey later = key_of(store(7));
  later.delivery = in_days(2);
  estate.must(depot_code,
              trade::OrderAcknowledged{later, {store(7), 1, 5}, {}, other, {{soap, 12}}});
  estate.must(depot_code, trade::WaveClosed{other});
  estate.must(depot_code, trade::OrderAllocated{later, {{soap, 12}}});
  order(store(1), {{soap, 24}});
  EXPECT_EQ(share(soap, nothing_known).at(store(1)), 12);
  estate.must(depot_code, trade::StopSet{0, trade::testing::product("soap"), {}, {}, {}});
  EXPECT_EQ(share(soap, nothing_known).size(), 0u);
}

TEST_F(WaveTest, shares_anew_what_it_has_shared_before) {
  stock(soap, 24);
  order(store(1), {{soap, 24}});
  order(store(2), {{soap, 24}});
  const auto once = share(soap, nothing_known);
  EXPECT_EQ(share(soap, nothing_known), once);
}

TEST_F(WaveTest, picks_no_more_than_there_are_hands_for) {
  stock(soap, 120);
  for (int i = 1; i <= 5; ++i) order(store(i), {{soap, 24}});
  const auto given = share(soap, nothing_known, 5);
  trade::Units all = 0;
  for (const auto& [code, units] : given) all += units;
  EXPECT_EQ(all, 5 * 12);
  EXPECT_EQ(given.size(), 5u);
}

// Sharing goods apart, or all at once with hands that suffice, is the same.
TEST_F(WaveTest, comes_to_the_same_in_parts_and_at_once) {
  base::Prng prng(3);
  stock(soap, 300);
  stock(trade::testing::peas, 200);
  for (int i = 1; i <= 30; ++i)
    order(store(i), {{soap, static_cast<trade::Units>(12 * (1 + prng.below(3)))},
                     {trade::testing::peas, static_cast<trade::Units>(8 * (1 + prng.below(3)))}});
  estate.must(depot_code, trade::WaveClosed{wave});
  const auto facts_of = [](const OrderKey& key, LineNo line) {
    ClaimFacts facts;
    const auto mixed = static_cast<std::uint32_t>(key.store) * 7 + trade::index(line);
    facts.tier = mixed % 3 == 0 ? 1 : 4;
    facts.lifeline = static_cast<std::uint8_t>(mixed % 4);
    facts.on_hand_units = static_cast<float>(mixed % 9);
    facts.demand_mean = facts.demand_variance = 3 + static_cast<float>(mixed % 5);
    if (mixed % 2 == 0) facts.need = static_cast<std::uint32_t>(key.store);
    return facts;
  };
  EXPECT_EQ(share_wave(estate.depot(), wave, facts_of, no_limit, 2),
            share_wave(estate.depot(), wave, facts_of, 1'000'000'000, 1));
}

}  // namespace
}  // namespace site
