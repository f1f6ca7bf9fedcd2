#include "planner/history.h"

#include <cstring>

#include <gtest/gtest.h>

#include "planner/testing/random_estate.h"

namespace planner {
namespace {

using testing::random_estate;
using testing::RandomEstate;
using testing::RandomOptions;

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

void expect_same(const State& a, const State& b, int note) {
  EXPECT_EQ(a.period, b.period) << note;
  EXPECT_EQ(a.origin, b.origin) << note;
  EXPECT_EQ(a.series.first_period, b.series.first_period) << note;
  EXPECT_EQ(a.series.period_count, b.series.period_count) << note;
  EXPECT_TRUE(same_bytes(a.series.units, b.series.units)) << note;
  EXPECT_TRUE(same_bytes(a.series.line_periods, b.series.line_periods)) << note;
  EXPECT_TRUE(same_bytes(a.settled, b.settled)) << note;
  EXPECT_TRUE(same_bytes(a.current, b.current)) << note;
  EXPECT_EQ(a.raw, b.raw) << note;
}

std::vector<RandomEstate> estates() {
  std::vector<RandomEstate> all;
  all.push_back(random_estate(51, {Period::day, 450}));
  all.push_back(random_estate(52, {Period::day, 60}));
  all.push_back(random_estate(53, {Period::week, 120}));
  all.push_back(random_estate(54, {Period::week, 40, 9, 30}));
  all.push_back(random_estate(59, {Period::day, 200, 4, 6, true}));
  return all;
}

State rebuilt(const RandomEstate& estate, const Fold& fold, std::int32_t origin, int threads = 1) {
  return rebuild(estate.history(origin), estate.pools, estate.events, fold, threads);
}

// What an estate knew at the close of `origin`: since then rows were changed, added and lost, and
// sites reported late.
RandomEstate as_known_then(RandomEstate estate, std::int32_t origin, std::uint64_t seed) {
  base::Prng prng(seed);
  for (auto& rows : estate.rows)
    for (std::int32_t t = std::max(origin - raw_periods + 1, estate.first_period); t <= origin;
         ++t) {
      if (prng.below(4) != 0) continue;
      auto& row = rows[estate.index(t)];
      row.present = prng.below(2) == 0;
      row.units = static_cast<std::int32_t>(prng.below(30));
      row.flags = static_cast<std::uint8_t>(prng.below(4));
    }
  for (auto& known : estate.known)
    for (std::int32_t t = std::max(origin - raw_periods + 1, estate.first_period); t <= origin; ++t)
      if (prng.below(10) == 0) known[estate.index(t)] ^= 1;
  return estate;
}

TEST(State, it_is_the_same_bytes_with_1_2_and_16_threads) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    const State one = rebuilt(estate, fold, estate.last_period, 1);
    for (const int threads : {2, 16}) {
      expect_same(one, rebuilt(estate, fold, estate.last_period, threads), threads);
      const State before = rebuilt(estate, fold, estate.last_period - 3, threads);
      expect_same(one,
                  advance(before, estate.history(), estate.pools, estate.events, fold, threads),
                  threads);
    }
  }
}

TEST(State, more_lines_than_one_chunk_fold_the_same_on_any_number_of_threads) {
  const RandomEstate estate = random_estate(55, {Period::week, 30, 50, 100});
  ASSERT_GT(estate.size(), 4096u);
  const Fold fold(estate.settings);
  expect_same(rebuilt(estate, fold, estate.last_period, 1),
              rebuilt(estate, fold, estate.last_period, 16), 16);
}

TEST(State, night_by_night_from_the_first_period_it_is_the_rebuilt_one) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    const std::int32_t until = std::min(estate.first_period + 75, estate.last_period);
    State state = rebuilt(estate, fold, estate.first_period);
    for (std::int32_t t = estate.first_period + 1; t <= until; ++t) {
      state = advance(state, estate.history(t), estate.pools, estate.events, fold, 2);
      expect_same(state, rebuilt(estate, fold, t), t - estate.first_period);
    }
  }
}

TEST(State, jumps_of_any_length_reach_the_rebuilt_one) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    for (const int start : {0, 5, 27, 28, 35})
      for (const int jump : {0, 1, 2, 7, 27, 28, 29, 56, 100}) {
        const std::int32_t from = estate.first_period + start, to = from + jump;
        if (to > estate.last_period) continue;
        const State state = advance(rebuilt(estate, fold, from), estate.history(to), estate.pools,
                                    estate.events, fold, 2);
        expect_same(state, rebuilt(estate, fold, to), jump);
      }
  }
}

TEST(State, a_night_needs_no_history_older_than_the_raw_periods) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    for (const int back : {1, 5, 29}) {
      const std::int32_t from = estate.last_period - back;
      const std::int32_t oldest = std::max(from - raw_periods + 1, estate.first_period);
      const State state =
          advance(rebuilt(estate, fold, from), estate.history(estate.last_period, oldest),
                  estate.pools, estate.events, fold, 2);
      expect_same(state, rebuilt(estate, fold, estate.last_period), back);
    }
  }
}

TEST(State, late_and_corrected_sales_count_as_if_they_had_come_in_time) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    for (const int jump : {0, 1, 4, 28, 33}) {
      const std::int32_t from = estate.last_period - jump;
      if (from < estate.first_period) continue;
      const RandomEstate then = as_known_then(estate, from, 60 + static_cast<unsigned>(jump));
      const State before = rebuilt(then, fold, from);
      EXPECT_NE(before.raw, rebuilt(estate, fold, from).raw);
      const State state = advance(before, estate.history(), estate.pools, estate.events, fold, 2);
      expect_same(state, rebuilt(estate, fold, estate.last_period), jump);
    }
  }
}

TEST(State, corrections_every_night_still_end_in_the_rebuilt_one) {
  const RandomEstate estate = random_estate(56, {Period::day, 130});
  const Fold fold(estate.settings);
  State state =
      rebuilt(as_known_then(estate, estate.last_period - 60, 1), fold, estate.last_period - 60);
  for (std::int32_t t = estate.last_period - 59; t <= estate.last_period; ++t) {
    const RandomEstate then =
        t == estate.last_period ? estate : as_known_then(estate, t, static_cast<unsigned>(t));
    // Rows that leave the raw periods tonight are final.
    RandomEstate tonight = then;
    for (std::size_t line = 0; line < tonight.size(); ++line)
      for (std::int32_t k = t - raw_periods; k < t - raw_periods + 2; ++k)
        tonight.rows[line][tonight.index(k)] = estate.rows[line][estate.index(k)];
    for (std::size_t site = 0; site < tonight.known.size(); ++site)
      for (std::int32_t k = t - raw_periods; k < t - raw_periods + 2; ++k)
        tonight.known[site][tonight.index(k)] = estate.known[site][estate.index(k)];
    state = advance(state, tonight.history(t), estate.pools, estate.events, fold, 2);
  }
  expect_same(state, rebuilt(estate, fold, estate.last_period), 0);
}

TEST(State, what_a_short_feed_does_not_speak_of_stays_as_it_was) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    for (const int feed : {1, 3, 27}) {
      State state = rebuilt(estate, fold, estate.last_period - 2);
      for (std::int32_t t = estate.last_period - 1; t <= estate.last_period; ++t)
        state = advance(std::move(state), estate.history(t, t - feed + 1), estate.pools,
                        estate.events, fold, 2);
      expect_same(state, rebuilt(estate, fold, estate.last_period), feed);
    }
  }
}

TEST(State, periods_that_no_feed_spoke_of_are_unknown) {
  const RandomEstate estate = random_estate(60, {Period::day, 120});
  const Fold fold(estate.settings);
  const std::int32_t from = estate.last_period - 40, to = estate.last_period;
  RandomEstate silent = estate;
  for (auto& known : silent.known)
    for (std::int32_t t = from + 1; t < to - 1; ++t) known[estate.index(t)] = 0;
  expect_same(advance(rebuilt(estate, fold, from), estate.history(to, to - 1), estate.pools,
                      estate.events, fold, 2),
              rebuilt(silent, fold, to), 0);
}

TEST(State, a_correction_older_than_the_raw_periods_changes_nothing) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    const std::int32_t from = estate.last_period - 3;
    if (from - raw_periods < estate.first_period) continue;
    RandomEstate changed = estate;
    for (auto& rows : changed.rows) rows[estate.index(from - raw_periods)] = {true, 77, 0};
    const State state = rebuilt(estate, fold, from);
    expect_same(advance(state, changed.history(), estate.pools, estate.events, fold, 2),
                advance(state, estate.history(), estate.pools, estate.events, fold, 2), 0);
    // One period later it would have counted.
    for (auto& rows : changed.rows) rows[estate.index(from - raw_periods + 1)] = {true, 77, 0};
    EXPECT_NE(advance(state, changed.history(), estate.pools, estate.events, fold, 2).current,
              advance(state, estate.history(), estate.pools, estate.events, fold, 2).current);
  }
}

TEST(State, rows_after_the_origin_are_not_looked_at) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    RandomEstate changed = estate;
    const std::int32_t origin = estate.last_period - 10;
    for (auto& rows : changed.rows) rows[estate.index(origin + 1)] = {true, 500, 0};
    expect_same(rebuilt(changed, fold, origin), rebuilt(estate, fold, origin), 0);
  }
}

TEST(State, an_event_announced_for_later_changes_nothing_that_was_folded) {
  for (const RandomEstate& estate : estates()) {
    const Fold fold(estate.settings);
    std::vector<Event> events = estate.events;
    events.push_back({});
    events.back().uplift = 4;
    // Its eve, where eves count, is after the origin too.
    events.back().periods = {estate.last_period + 2, estate.last_period + 9};
    expect_same(rebuild(estate.history(), estate.pools, events, fold, 1),
                rebuilt(estate, fold, estate.last_period), 0);
  }
}

TEST(Observe, a_shelf_that_was_empty_on_promotion_teaches_nothing) {
  RandomEstate estate = random_estate(57, {Period::day, 30, 1, 1});
  ASSERT_EQ(estate.size(), 1u);
  for (auto& row : estate.rows[0]) row = {true, 5, row_censored};
  for (auto& known : estate.known[0]) known = 1;
  estate.promotions[0] = {{estate.first_period + 10, estate.first_period + 19, 0}};
  std::vector<Observation> seen(30);
  observe(estate.history(), 0, estate.first_period, seen);
  for (int t = 0; t < 30; ++t)
    EXPECT_EQ(seen[static_cast<std::size_t>(t)].seen,
              t >= 10 && t < 20 ? Seen::unknown : Seen::censored);
}

TEST(Observe, a_product_that_left_the_range_is_unknown_and_not_unsold) {
  RandomEstate estate = random_estate(58, {Period::day, 30, 1, 1});
  ASSERT_EQ(estate.size(), 1u);
  for (auto& row : estate.rows[0]) row = {};
  for (auto& known : estate.known[0]) known = 1;
  estate.promotions[0].clear();
  estate.line_to[0] = estate.first_period + 9;
  estate.rows[0][20] = {true, -4, 0};  // a return, long after
  std::vector<Observation> seen(30);
  observe(estate.history(), 0, estate.first_period, seen);
  for (std::size_t t = 0; t < 30; ++t)
    EXPECT_EQ(seen[t], (Observation{0, t < 10 || t == 20 ? Seen::full : Seen::unknown}));
}

}  // namespace
}  // namespace planner
