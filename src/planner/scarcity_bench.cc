// How long sharing takes: a few products short everywhere, and hands for a fifth of the work.
#include "planner/scarcity.h"

#include <algorithm>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/prng.h"

namespace planner {
namespace {

constexpr std::uint32_t depots = 10, chains = 3, needs_of_store = 120;

// Ten depots; products by store, a third of them in the first tier; `wishing` of 100 lines want
// something.
struct Estate {
  Estate(std::uint32_t stores, std::uint32_t products, std::uint64_t wishing, bool lacks_goods,
         bool lacks_hands) {
    base::Prng prng(1);
    const std::uint32_t shops = stores / depots;
    std::vector<std::int64_t> wished_units(depots * products), wished_picks(depots * chains);
    for (std::uint32_t s = 0; s < stores; ++s) {
      if (s % shops == 0) depot_begin.push_back(wanted.size());
      const std::uint32_t depot = s / shops;
      for (std::uint32_t p = 0; p < products; ++p) add(prng, s, depot, p, products, wishing);
    }
    depot_begin.push_back(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      wished_units[group[i]] += wanted[i];
      wished_picks[lane[i]] += (wanted[i] + multiple[i] - 1) / multiple[i];
    }
    for (std::size_t g = 0; g < wished_units.size(); ++g) {
      lot_begin.push_back(g);
      lot_last_day.push_back(0);
      lot_units.push_back(lacks_goods && g % 20 == 0 ? wished_units[g] / 2 : wished_units[g]);
    }
    lot_begin.push_back(lot_units.size());
    for (const std::int64_t picks : wished_picks)
      lane_picks.push_back(lacks_hands ? picks / 5 : picks);
  }

  void add(base::Prng& prng, std::uint32_t store, std::uint32_t depot, std::uint32_t p,
           std::uint32_t products, std::uint64_t wishing) {
    const std::uint64_t drawn = prng.next();
    const auto part = [&](int from, std::uint64_t of) { return (drawn >> from & 0xff) % of; };
    const bool wishes = (drawn & 0xffff) * 100 / 0x10000 < wishing;
    const std::int32_t pack = 4 + 2 * static_cast<std::int32_t>(p % 5);
    this->store.push_back(store);
    group.push_back(depot * products + p);
    lane.push_back(depot * chains + p % chains);
    need.push_back(p % 3 == 0 ? store * needs_of_store + p / 3 % needs_of_store : no_index);
    multiple.push_back(pack);
    wanted.push_back(wishes ? pack * static_cast<std::int32_t>(1 + part(16, 8) / 6) : 0);
    mean.push_back(0.2f + static_cast<float>(part(24, 256) * part(32, 256)) / 8192);
    variance.push_back(mean.back() * 1.5f);
    on_hand.push_back(wishes ? static_cast<float>(part(40, 6)) : 10);
    tier.push_back(p % 3 == 0 ? 1 : 5);
    lifeline.push_back(store % 16 == 0 ? 2 : 0);
  }

  Claims claims() const {
    return {.depot_begin = depot_begin,
            .store = store,
            .group = group,
            .lane = lane,
            .need = need,
            .wanted_units = wanted,
            .multiple_units = multiple,
            .on_hand_units = on_hand,
            .demand_mean = mean,
            .demand_variance = variance,
            .tier = tier,
            .lifeline = lifeline};
  }
  Resources resources() const {
    return {.lot_begin = lot_begin,
            .lot_last_day = lot_last_day,
            .lot_units = lot_units,
            .lane_picks = lane_picks,
            .need_count = std::size_t{store.back() + 1} * needs_of_store};
  }

  std::vector<std::size_t> depot_begin, lot_begin;
  std::vector<std::int64_t> lot_units, lane_picks;
  std::vector<std::int32_t> lot_last_day, wanted, multiple;
  std::vector<std::uint32_t> store, group, lane, need;
  std::vector<float> on_hand, mean, variance;
  std::vector<std::uint8_t> tier, lifeline;
};

void share(benchmark::State& bench, bool lacks_goods, bool lacks_hands, std::uint64_t wishing) {
  const Estate estate(2500, static_cast<std::uint32_t>(bench.range(0)), wishing, lacks_goods,
                      lacks_hands);
  for (auto _ : bench) {
    const Allocation result =
        allocate(estate.claims(), estate.resources(), static_cast<int>(bench.range(1)));
    bench.counters["cuts"] = static_cast<double>(result.cuts.size());
  }
  bench.counters["claims"] = static_cast<double>(estate.wanted.size());
}

void goods_short(benchmark::State& bench) { share(bench, true, false, 30); }
void hands_short(benchmark::State& bench) { share(bench, false, true, 50); }
void both_short(benchmark::State& bench) { share(bench, true, true, 50); }

BENCHMARK(goods_short)
    ->Args({8000, 1})
    ->Args({8000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(hands_short)
    ->Args({1000, 1})
    ->Args({8000, 1})
    ->Args({8000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(both_short)->Args({8000, 1})->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace planner
