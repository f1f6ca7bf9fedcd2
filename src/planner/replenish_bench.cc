// What one line's quantity costs, by its parts: its demand, its stock, its order.
#include "planner/replenish.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "planner/testing/many_lines.h"

namespace planner {
namespace {

const testing::ManyLines& lines() {
  static const testing::ManyLines made(400'000);
  return made;
}
// Made before anything is timed.
[[maybe_unused]] const std::size_t line_count = lines().size();

// Nanoseconds for each of `count` that an iteration goes through.
void count_ns(benchmark::State& bench, std::size_t count) {
  bench.counters["ns"] = benchmark::Counter(
      static_cast<double>(count) / 1e9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void moments(benchmark::State& bench) {
  for (auto _ : bench)
    for (std::size_t i = 0; i < lines().size(); ++i) {
      const Position p = lines().position(i);
      const Demand::Line line = lines().demand().line(i);
      benchmark::DoNotOptimize(line.over(testing::ManyLines::origin + 1, p.on_shelf));
      benchmark::DoNotOptimize(line.over(p.on_shelf, p.next_on_shelf));
    }
  count_ns(bench, lines().size());
}

void one_by_one(benchmark::State& bench) {
  for (auto _ : bench)
    for (std::size_t i = 0; i < lines().size(); ++i)
      benchmark::DoNotOptimize(replenish(lines().demand().line(i), testing::ManyLines::origin,
                                         lines().position(i), lines().settings()));
  count_ns(bench, lines().size());
}

void many_at_once(benchmark::State& bench) {
  constexpr std::size_t count = 256;
  std::vector<Demand::Line> demand(count);
  std::vector<Position> positions(count);
  std::vector<Replenishment> results(count);
  for (auto _ : bench)
    for (std::size_t begin = 0; begin + count <= lines().size(); begin += count) {
      for (std::size_t k = 0; k < count; ++k) {
        demand[k] = lines().demand().line(begin + k);
        positions[k] = lines().position(begin + k);
      }
      replenish(demand, testing::ManyLines::origin, positions, lines().settings(), results);
      benchmark::DoNotOptimize(results.data());
    }
  count_ns(bench, lines().size());
}
BENCHMARK(many_at_once)->Unit(benchmark::kMillisecond);

// Demand of the lead and of the lead and interval together.
template <class Ask>
std::vector<Ask> asks(bool lead_only) {
  std::vector<Ask> made;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const Position p = lines().position(i);
    const Moments demand = lines().demand().line(i).over(testing::ManyLines::origin + 1,
                                                         lead_only ? p.on_shelf : p.next_on_shelf);
    made.push_back({demand, lead_only ? static_cast<double>(p.on_hand_units) : p.service_level});
  }
  return made;
}

void lost_sales(benchmark::State& bench) {
  const auto all = asks<BoundedAsk>(true);
  std::vector<Bounded> results(all.size());
  for (auto _ : bench) bounded(all, results);
  count_ns(bench, all.size());
}

void order_up_to(benchmark::State& bench) {
  const auto all = asks<QuantileAsk>(false);
  std::vector<std::int32_t> results(all.size());
  for (auto _ : bench) quantiles(all, results);
  count_ns(bench, all.size());
}

BENCHMARK(lost_sales)->Unit(benchmark::kMillisecond);
BENCHMARK(order_up_to)->Unit(benchmark::kMillisecond);
BENCHMARK(moments)->Unit(benchmark::kMillisecond);
BENCHMARK(one_by_one)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace planner
