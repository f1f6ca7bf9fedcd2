#include "planner/instruction_sets.h"

#include <bit>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/prng.h"
#include "planner/distribution.h"
#include "planner/replenish.h"
#include "planner/summed_demand.h"
#include "planner/testing/many_lines.h"

namespace planner {
namespace {

using testing::ManyLines;

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

// What the kernels of each set that this machine has make of the same questions. The plain ones are
// the measure.
class InstructionSets : public ::testing::Test {
 protected:
  void TearDown() override { registers_in_use = widest_registers(); }

  // `answer` returns numbers, as bits.
  template <class Answer>
  void expect_the_same(const Answer& answer) {
    registers_in_use = Registers::plain;
    const std::vector<std::uint64_t> measure = answer();
    ASSERT_GT(measure.size(), 100u);
    if (widest_registers() == Registers::plain)
      GTEST_SKIP() << "this build or machine has the plain kernels alone: nothing to compare";
    for (const Registers set : {Registers::avx2, Registers::avx512}) {
      if (set > widest_registers()) continue;
      registers_in_use = set;
      EXPECT_EQ(answer(), measure) << "set " << static_cast<int>(set);
    }
  }
};

Moments drawn(base::Prng& prng) {
  const double mean = std::exp(prng.normal() * 2);
  return {mean, mean * (0.5 + 4 * prng.uniform())};
}

TEST_F(InstructionSets, give_the_same_quantiles) {
  base::Prng prng(3);
  std::vector<QuantileAsk> asks;
  for (int i = 0; i < 2000; ++i) asks.push_back({drawn(prng), 0.01 + 0.98 * prng.uniform()});
  expect_the_same([&] {
    std::vector<std::int32_t> units(asks.size());
    quantiles(asks, units);
    std::vector<std::uint64_t> all(units.begin(), units.end());
    for (std::size_t i = 0; i < 200; ++i) {
      all.push_back(static_cast<std::uint64_t>(quantile(asks[i].demand, asks[i].level)));
      all.push_back(bits(cumulative(asks[i].demand, units[i])));
    }
    return all;
  });
}

TEST_F(InstructionSets, give_the_same_lost_sales) {
  base::Prng prng(4);
  std::vector<BoundedAsk> asks;
  for (int i = 0; i < 2000; ++i) {
    const Moments demand = drawn(prng);
    asks.push_back({demand, demand.mean * 3 * prng.uniform()});
  }
  expect_the_same([&] {
    std::vector<Bounded> results(asks.size());
    bounded(asks, results);
    for (std::size_t i = 0; i < 200; ++i) results.push_back(bounded(asks[i].demand, asks[i].bound));
    std::vector<std::uint64_t> all;
    for (const auto& [moments, below] : results)
      all.insert(all.end(), {bits(moments.mean), bits(moments.variance), bits(below)});
    return all;
  });
}

TEST_F(InstructionSets, give_the_same_orders_and_sums_of_demand) {
  const ManyLines lines(1500);
  std::vector<Demand::Line> demand;
  std::vector<Position> positions;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    demand.push_back(lines.demand().line(i));
    positions.push_back(lines.position(i));
  }
  expect_the_same([&] {
    std::vector<Replenishment> orders(lines.size());
    replenish(demand, ManyLines::origin, positions, lines.settings(), orders);
    DemandSums sums(lines.demand(), ManyLines::origin + 3, 18, 2);
    for (std::size_t i = 0; i < lines.size(); ++i) sums.add(i % 2, demand[i]);
    std::vector<Moments> periods(18);
    std::vector<std::uint64_t> all;
    for (const std::size_t group : {0u, 1u}) {
      all.push_back(bits(sums.write(group, periods)));
      for (const Moments& one : periods)
        all.insert(all.end(), {bits(one.mean), bits(one.variance)});
    }
    for (const Replenishment& order : orders)
      all.insert(all.end(), {bits(order.expected_demand), bits(order.demand_variance),
                             bits(order.expected_on_hand), bits(order.waste_units),
                             static_cast<std::uint64_t>(order.units)});
    return all;
  });
}

TEST_F(InstructionSets, take_states_the_same_way) {
  constexpr std::size_t periods = 200;
  constexpr std::array kinds{Seen::unknown, Seen::full, Seen::full, Seen::censored, Seen::promoted};
  base::Prng prng(5);
  std::vector<RawPeriod> seen;
  std::vector<float> factors;
  for (std::size_t i = 0; i < periods * line_lanes; ++i) {
    const double mean = i % line_lanes == 0 ? 20'000 : std::exp(static_cast<double>(i % 8) - 3);
    seen.push_back(
        {static_cast<std::int32_t>(prng.poisson(mean)), kinds[prng.below(kinds.size())]});
    factors.push_back(static_cast<float>(std::exp(prng.normal() * 0.5)));
  }
  LaneTrack track{.periods = periods, .seen = seen.data()};
  for (std::size_t lane = 0; lane < line_lanes; ++lane) {
    track.weekday_factors[lane] = factors.data() + lane * periods;
    track.common_factors[lane] = factors.data() + (line_lanes - 1 - lane) * periods;
  }
  for (const Period kind : {Period::day, Period::week}) {
    const Fold fold(default_settings(kind));
    expect_the_same([&] {
      std::vector<std::uint64_t> all;
      for (std::size_t count = 1; count <= line_lanes; ++count) {
        std::vector<LineState> states(count);
        fold.steps(states, track, 3);
        for (const LineState& state : states)
          for (const auto part : std::bit_cast<std::array<std::uint32_t, 11>>(state))
            all.push_back(part);
      }
      return all;
    });
  }
}

}  // namespace
}  // namespace planner
