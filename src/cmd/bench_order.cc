// stockade bench order: one night of a whole estate on columns in memory, stage by stage.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/parallel.h"
#include "cmd/bench.h"
#include "cmd/bench_estate.h"
#include "cmd/bench_lines.h"
#include "cmd/json.h"
#include "io/big_memory.h"
#include "planner/scarcity.h"
#include "planner/summed_demand.h"
#include "planner/supplier_order.h"

namespace cmd {
namespace {

using planner::Moments;

constexpr std::size_t lines_per_block = 128, products_per_block = 128;
constexpr std::int32_t profile_periods = 60;
constexpr std::uint32_t needs_per_store = 20;
constexpr double service_level = 0.97, high_level = 0.9;
constexpr planner::CommonError common_error{0.05, 0.08};
// Depots get goods every third day, two days after they ask, and tell suppliers of a fortnight.
constexpr std::int32_t depot_lead = 2, depot_interval = 3, forecast_periods = 14, stock_lag = 1;
constexpr std::int32_t depot_periods = forecast_periods + depot_interval + stock_lag;
constexpr std::int64_t supplier_cases_min = 40;

// A line that wants something, or is of the first tier.
struct Wish {
  std::uint32_t line;
  std::int32_t units;
  float on_hand, mean, variance;
};

// A column that nobody fills in advance, so that its pages are first touched by the thread that
// writes them.
template <class Kind>
class Column {
 public:
  static_assert(std::is_trivially_copyable_v<Kind> && std::is_trivially_destructible_v<Kind>);
  explicit Column(std::size_t count)
      : memory_(io::big_memory(count * sizeof(Kind))), count_(count) {}
  Kind* data() { return static_cast<Kind*>(memory_.get()); }
  const Kind* data() const { return static_cast<const Kind*>(memory_.get()); }
  std::size_t size() const { return count_; }
  Kind& operator[](std::size_t at) { return data()[at]; }
  const Kind& operator[](std::size_t at) const { return data()[at]; }
  operator std::span<const Kind>() const { return {data(), size()}; }

 private:
  io::BigMemory memory_;
  std::size_t count_;
};

// All wishes as the columns that sharing takes.
struct Wishes {
  std::vector<std::size_t> depot_begin;
  Column<std::uint32_t> line, store, group, need;
  Column<std::int32_t> units, multiple;
  Column<float> on_hand, mean, variance, days;
  Column<std::uint8_t> tier, lifeline;

  explicit Wishes(std::size_t count)
      : line(count),
        store(count),
        group(count),
        need(count),
        units(count),
        multiple(count),
        on_hand(count),
        mean(count),
        variance(count),
        days(count),
        tier(count),
        lifeline(count) {}
  planner::Claims claims() const {
    return {.depot_begin = depot_begin,
            .store = store,
            .group = group,
            .need = need,
            .wanted_units = units,
            .multiple_units = multiple,
            .on_hand_units = on_hand,
            .demand_mean = mean,
            .demand_variance = variance,
            .days = days,
            .tier = tier,
            .lifeline = lifeline};
  }
};

// What is made of the state before any line is looked at.
struct Outlook {
  planner::Profiles profiles;
  planner::Priors priors;
  planner::Demand demand;

  explicit Outlook(const MadeEstate& estate)
      : profiles(planner::build_profiles(
            estate.state.series, estate.pools, estate.events, estate.fold.settings(),
            estate.state.origin, estate.state.origin + 1, estate.state.origin + profile_periods,
            estate.size.threads)),
        priors(estate.state, estate.pools, {estate.product, estate.like_line}, estate.fold,
               estate.size.threads),
        demand(estate.state, estate.pools, profiles, estate.fold, priors) {}
  Outlook(const Outlook&) = delete;

  planner::Demand::Line line(const MadeEstate& estate, std::size_t store,
                             std::size_t product) const {
    return demand.line(store * estate.size.lines + product, estate.products[product].promotions,
                       estate.stores[store].closed);
  }
};

// Positions of a block of lines of one store, with what they refer to.
class Positions {
 public:
  void add(const MadeEstate& estate, std::size_t store, std::size_t p) {
    const MadeProduct& product = estate.products[p];
    const MadeDrop& drop = estate.stores[store].drops[product.chain];
    const StockOfLine& stock = estate.stock[store * estate.size.lines + p];
    planner::Position& position = all_[count_];
    position = {};
    position.on_hand_units = stock.on_hand_units;
    position.on_shelf = drop.on_shelf;
    position.next_on_shelf = drop.next_on_shelf;
    position.service_level = service_level;
    position.life_periods = product.life_periods;
    position.presentation_units_min = product.presentation_units;
    position.shelf_units_max = product.shelf_units_max;
    position.order_multiple_units = product.multiple_units;
    const std::int32_t tomorrow = estate.state.origin + 1;
    if (stock.due_units > 0) {
      receipts_[count_] = {tomorrow + static_cast<std::int32_t>(p % 2), stock.due_units};
      position.receipts = {&receipts_[count_], 1};
    }
    if (product.life_periods > 0 && stock.on_hand_units > 0) {
      auto& batches = batches_[count_];
      batches[0] = {tomorrow + static_cast<std::int32_t>(p % 2), stock.dated_units};
      batches[1] = {tomorrow + product.life_periods - 1, stock.on_hand_units - stock.dated_units};
      position.batches = stock.dated_units > 0 ? std::span(batches) : std::span(batches).last(1);
    }
    ++count_;
  }
  std::span<const planner::Position> all() const { return std::span(all_).first(count_); }
  void clear() { count_ = 0; }

 private:
  std::size_t count_ = 0;
  std::array<planner::Position, lines_per_block> all_;
  std::array<planner::Receipt, lines_per_block> receipts_;
  std::array<std::array<planner::Batch, 2>, lines_per_block> batches_;
};

// What the lines of one store want: demand, order-up-to, freshness and rounding.
std::vector<Wish> wishes_of_store(const MadeEstate& estate, const Outlook& outlook,
                                  std::size_t store) {
  std::array<planner::Demand::Line, lines_per_block> demand;
  std::array<planner::Replenishment, lines_per_block> results;
  Positions positions;
  const std::size_t lines = estate.size.lines;
  const auto wishes = std::make_unique_for_overwrite<Wish[]>(lines);
  std::size_t wish_count = 0;
  for (std::size_t begin = 0; begin < lines; begin += lines_per_block) {
    const std::size_t count = std::min(lines_per_block, lines - begin);
    positions.clear();
    for (std::size_t k = 0; k < count; ++k) {
      demand[k] = outlook.line(estate, store, begin + k);
      positions.add(estate, store, begin + k);
    }
    planner::replenish(std::span(demand).first(count), estate.state.origin, positions.all(),
                       estate.fold.settings(), std::span(results).first(count));
    for (std::size_t k = 0; k < count; ++k) {
      const planner::Replenishment& result = results[k];
      wishes[wish_count] = {static_cast<std::uint32_t>(store * lines + begin + k), result.units,
                            static_cast<float>(result.expected_on_hand),
                            static_cast<float>(result.expected_demand),
                            static_cast<float>(result.demand_variance)};
      // What is not wanted is written over by the next.
      wish_count += result.units > 0 || estate.products[begin + k].tier == planner::first_tier;
    }
  }
  return {wishes.get(), wishes.get() + wish_count};
}

Wishes as_columns(const MadeEstate& estate, std::vector<std::vector<Wish>>& of_stores) {
  std::vector<std::size_t> begin{0};
  for (const auto& wishes : of_stores) begin.push_back(begin.back() + wishes.size());
  Wishes all(begin.back());
  const std::size_t lines = estate.size.lines;
  base::for_ranges(
      estate.size.threads, of_stores.size(), 1, [&](std::size_t s, std::size_t, std::size_t) {
        const MadeStore& store = estate.stores[s];
        std::size_t at = begin[s];
        for (const Wish& wish : of_stores[s]) {
          const std::size_t p = wish.line - s * lines;
          const MadeProduct& product = estate.products[p];
          const MadeDrop& drop = store.drops[product.chain];
          all.line[at] = wish.line;
          all.store[at] = static_cast<std::uint32_t>(s);
          all.group[at] = static_cast<std::uint32_t>(store.depot * lines + p);
          all.need[at] =
              product.tier == planner::first_tier
                  ? static_cast<std::uint32_t>(s * needs_per_store + p / 10 % needs_per_store)
                  : planner::no_index;
          all.units[at] = wish.units;
          all.multiple[at] = product.multiple_units;
          all.on_hand[at] = wish.on_hand;
          all.mean[at] = wish.mean;
          all.variance[at] = wish.variance;
          all.days[at] = static_cast<float>(drop.next_on_shelf - drop.on_shelf);
          all.tier[at] = product.tier;
          all.lifeline[at] = store.lifeline;
          ++at;
        }
        of_stores[s] = {};
      });
  for (std::size_t s = 0; s < estate.size.stores; ++s)
    if (s == 0 || estate.stores[s].depot != estate.stores[s - 1].depot)
      all.depot_begin.push_back(begin[s]);
  all.depot_begin.push_back(begin.back());
  return all;
}

Wishes wishes_of(const MadeEstate& estate, const Outlook& outlook) {
  std::vector<std::vector<Wish>> of_stores(estate.size.stores);
  base::for_ranges(estate.size.threads, estate.size.stores, 1,
                   [&](std::size_t store, std::size_t, std::size_t) {
                     of_stores[store] = wishes_of_store(estate, outlook, store);
                   });
  return as_columns(estate, of_stores);
}

// What depots have: half of what is asked of one product in twenty, plenty of the others.
std::vector<std::int64_t> make_depot_stock(const MadeEstate& estate, const Wishes& wishes) {
  std::vector<std::int64_t> stock(estate.depots * estate.size.lines);
  for (std::size_t i = 0; i < wishes.units.size(); ++i) stock[wishes.group[i]] += wishes.units[i];
  for (std::size_t group = 0; group < stock.size(); ++group)
    stock[group] = group % 20 == 0 ? stock[group] / 2
                                   : stock[group] * static_cast<std::int64_t>(1 + group % 4);
  return stock;
}

planner::Allocation shared(const MadeEstate& estate, const Wishes& wishes,
                           std::span<const std::int64_t> depot_stock) {
  std::vector<std::size_t> lot_begin(depot_stock.size() + 1);
  for (std::size_t group = 0; group < lot_begin.size(); ++group) lot_begin[group] = group;
  const std::vector<std::int32_t> last_day(depot_stock.size());
  return planner::allocate(wishes.claims(),
                           {.lot_begin = lot_begin,
                            .lot_last_day = last_day,
                            .lot_units = depot_stock,
                            .need_count = estate.size.stores * needs_per_store},
                           estate.size.threads);
}

// What stores ask of each depot, by depot and product.
struct DepotDemand {
  Column<Moments> sums{0};  // [group * depot_periods + period to come]
  std::vector<double> concentration;

  planner::SummedDemand of(std::size_t group) const {
    return {std::span<const Moments>(sums).subspan(group * depot_periods, depot_periods),
            concentration[group]};
  }
};

void sum_lines(const MadeEstate& estate, const Outlook& outlook, std::size_t group,
               std::size_t first_store, std::size_t store_end, std::size_t count,
               DepotDemand& demand) {
  const std::size_t p = group % estate.size.lines;
  planner::DemandSums sums(outlook.demand, estate.state.origin + 1, depot_periods, count);
  for (std::size_t store = first_store; store < store_end; ++store)
    for (std::size_t k = 0; k < count; ++k) sums.add(k, outlook.line(estate, store, p + k));
  for (std::size_t k = 0; k < count; ++k)
    demand.concentration[group + k] =
        sums.write(k, {demand.sums.data() + (group + k) * depot_periods, depot_periods});
}

DepotDemand depot_demand_of(const MadeEstate& estate, const Outlook& outlook) {
  const std::size_t lines = estate.size.lines, groups = estate.depots * lines;
  DepotDemand demand{Column<Moments>(groups * depot_periods), std::vector<double>(groups)};
  std::vector<std::size_t> store_begin(estate.depots + 1);
  for (const MadeStore& store : estate.stores) ++store_begin[store.depot + 1];
  for (std::size_t depot = 0; depot < estate.depots; ++depot)
    store_begin[depot + 1] += store_begin[depot];
  const std::size_t blocks = (lines + products_per_block - 1) / products_per_block;
  base::for_ranges(estate.size.threads, estate.depots * blocks, 1,
                   [&](std::size_t task, std::size_t, std::size_t) {
                     const std::size_t depot = task / blocks;
                     const std::size_t p = task % blocks * products_per_block;
                     sum_lines(estate, outlook, depot * lines + p, store_begin[depot],
                               store_begin[depot + 1], std::min(products_per_block, lines - p),
                               demand);
                   });
  return demand;
}

// What depots order, and what suppliers are told to expect at most of each delivery to come.
struct SupplierOrders {
  std::vector<std::int32_t> units;       // one entry per depot and product
  std::vector<std::int32_t> high_units;  // deliveries_told of each
};
constexpr std::size_t deliveries_told = forecast_periods / depot_interval;

SupplierOrders supplier_orders(const MadeEstate& estate, const DepotDemand& demand,
                               std::span<const std::int64_t> left) {
  const double level_variance = estate.fold.settings().level_variance;
  SupplierOrders orders{std::vector<std::int32_t>(left.size()),
                        std::vector<std::int32_t>(left.size() * deliveries_told)};
  const auto over = [&](std::size_t group, std::int32_t begin, std::int32_t end) {
    return planner::summed_over(demand.of(group), begin, end, common_error, level_variance);
  };
  const std::int32_t end = depot_lead + depot_interval + stock_lag;
  const auto line_of = [&](std::size_t group) {
    const Moments until_next = over(group, 0, end);
    planner::SupplierLine line{.position_units = static_cast<double>(left[group]),
                               .units_per_period = until_next.mean / end,
                               .until_next_units = until_next.mean,
                               .step_units = 24,
                               .step_measure = 1};
    const double need =
        std::max(0.0, planner::quantile(until_next, service_level) - line.position_units);
    line.steps = static_cast<std::int32_t>(std::ceil(need / line.step_units));
    line.steps_max = 4 * line.steps + 10;
    return line;
  };
  base::for_ranges(
      estate.size.threads, estate.depots * estate.suppliers, 1,
      [&](std::size_t task, std::size_t, std::size_t) {
        const std::size_t depot = task / estate.suppliers, supplier = task % estate.suppliers;
        std::vector<planner::SupplierLine> lines;
        std::vector<std::size_t> groups;
        for (std::size_t p = 0; p < estate.size.lines; ++p)
          if (estate.products[p].supplier == supplier)
            groups.push_back(depot * estate.size.lines + p);
        for (const std::size_t group : groups) {
          lines.push_back(line_of(group));
          for (std::size_t i = 0; i < deliveries_told; ++i) {
            const auto begin =
                static_cast<std::int32_t>(i) * depot_interval + depot_lead + stock_lag;
            orders.high_units[group * deliveries_told + i] =
                planner::quantile(over(group, begin, begin + depot_interval), high_level);
          }
        }
        planner::fit_order(lines, {.min = supplier_cases_min, .max = 0, .cover_periods_max = 91});
        for (std::size_t k = 0; k < groups.size(); ++k)
          orders.units[groups[k]] = lines[k].steps * lines[k].step_units;
      });
  return orders;
}

std::vector<std::int64_t> left_of(std::span<const std::int64_t> stock, const Wishes& wishes,
                                  const planner::Allocation& allocation) {
  std::vector<std::int64_t> left(stock.begin(), stock.end());
  for (std::size_t i = 0; i < wishes.group.size(); ++i)
    left[wishes.group[i]] -= allocation.given_units[i];
  return left;
}

// Bytes a second that this machine moves where every thread reads two columns and writes a third
// (McCalpin 1995), the best of a few rounds.
double triad_bytes_per_s(int threads) {
  constexpr std::size_t count = 16'000'000, grain = 1 << 16;
  constexpr int rounds = 5;
  std::vector<double> sum(count), first(count, 1), second(count, 2);
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const Lap lap = timed([&] {
      base::for_ranges(threads, count, grain, [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) sum[i] = first[i] + 3 * second[i];
      });
    });
    std::swap(sum, first);
    best = std::max(best, 3.0 * count * sizeof(double) / lap.seconds);
  }
  return best;
}

// Each input column read once and each output column written once. Of the raw periods only the one
// that goes and the one that comes are touched.
double bytes_of(const MadeEstate& estate, std::size_t row_count, std::size_t wish_count) {
  constexpr std::size_t state_of_line =
      2 * (2 * sizeof(planner::LineState) + sizeof(planner::RawPeriod));
  constexpr std::size_t columns_of_line = 3 * sizeof(std::uint32_t) + sizeof(StockOfLine) +
                                          sizeof(std::uint32_t);  // product, like, pool, mask
  constexpr std::size_t row = 2 * sizeof(std::int32_t) + 1;
  constexpr std::size_t order = 3 * sizeof(std::uint32_t);  // line, wanted and given units
  return static_cast<double>(estate.line_count()) *
             (state_of_line + columns_of_line + sizeof(std::uint32_t)) +
         static_cast<double>(row_count * row + wish_count * order) +
         static_cast<double>(estate.depots * estate.size.lines * (deliveries_told + 3) *
                             sizeof(std::int32_t));
}

// Seconds of each stage, in their order.
class Stages {
 public:
  template <class Work>
  void run(const char* name, Work&& work) {
    const Lap lap = timed(work);
    seconds_[name] = lap.seconds;
    cpu_seconds_[name] = lap.cpu_seconds;
    total_.seconds += lap.seconds;
    total_.cpu_seconds += lap.cpu_seconds;
  }
  const Json& seconds() const { return seconds_; }
  const Json& cpu_seconds() const { return cpu_seconds_; }
  Lap total() const { return total_; }

 private:
  Json seconds_, cpu_seconds_;
  Lap total_;
};

void print_text(const Json& json) {
  fmt::print("{} lines of {} stores on columns made in memory; nothing read or written\n",
             json["lines"].get<std::size_t>(), json["stores"].get<std::size_t>());
  for (const auto& [name, seconds] : json["stages"].items())
    fmt::print("{:10} {:7.3f} s\n", name, seconds.get<double>());
  fmt::print("{:10} {:7.3f} s on {} threads ({:.2f} s of processor time)\n", "all",
             json["seconds"].get<double>(), json["threads"].get<int>(),
             json["cpu_seconds"].get<double>());
  fmt::print("{:.2f} GB in and out once, triad {:.1f} GB/s: {:.1f} times as long as that takes\n",
             json["bytes"].get<double>() / 1e9, json["triad_gb_s"].get<double>(),
             json["ratio"].get<double>());
  fmt::print("{} orders; at most {:.0f} MiB in use; digest {}\n", json["orders"].get<std::size_t>(),
             json["rss_mib"].get<double>(), json["digest"].get<std::string>());
}

}  // namespace

base::Result<> bench_order(const BenchOrder& wanted) {
  if (wanted.stores * wanted.lines > lines_max)
    return base::fail(base::ErrorCode::usage,
                      fmt::format("bench order: more than {} lines in all", lines_max));
  const double triad = triad_bytes_per_s(wanted.threads);
  MadeEstate estate = make_estate({wanted.stores, wanted.lines, wanted.threads});
  Stages stages;
  stages.run("state", [&] {
    estate.state = planner::advance(std::move(estate.state), estate.day, estate.pools,
                                    estate.events, estate.fold, wanted.threads);
  });
  const std::size_t rows = estate.day.row_period.size();
  estate.day = {};  // what it said is in the state
  std::optional<Outlook> outlook;
  stages.run("demand", [&] { outlook.emplace(estate); });
  Wishes wishes(0);
  stages.run("orders", [&] { wishes = wishes_of(estate, *outlook); });
  const auto depot_stock = make_depot_stock(estate, wishes);
  planner::Allocation allocation;
  stages.run("scarcity", [&] { allocation = shared(estate, wishes, depot_stock); });
  DepotDemand depot_demand;
  stages.run("depots", [&] { depot_demand = depot_demand_of(estate, *outlook); });
  SupplierOrders orders;
  stages.run("suppliers", [&] {
    orders = supplier_orders(estate, depot_demand, left_of(depot_stock, wishes, allocation));
  });

  crypto::Sha256 digest;
  add(digest, wishes.line);
  add(digest, wishes.units);
  add(digest, allocation.given_units);
  add(digest, orders.units);
  add(digest, orders.high_units);
  const double bytes = bytes_of(estate, rows, wishes.line.size());
  Json json;
  json["stores"] = wanted.stores;
  json["lines"] = estate.line_count();
  json["threads"] = wanted.threads;
  json["seconds"] = stages.total().seconds;
  json["cpu_seconds"] = stages.total().cpu_seconds;
  json["stages"] = stages.seconds();
  json["stages_cpu"] = stages.cpu_seconds();
  json["rss_mib"] = io::peak_memory_mib();
  json["triad_gb_s"] = triad / 1e9;
  json["bytes"] = static_cast<std::uint64_t>(bytes);
  json["ratio"] = stages.total().seconds / (bytes / triad);
  json["orders"] =
      std::ranges::count_if(allocation.given_units, [](auto units) { return units > 0; });
  json["sold_lines"] = rows;
  json["cut_lines"] = allocation.cuts.size();
  json["made_in_memory"] = true;
  json["digest"] = digest.finish_hex();
  if (wanted.json)
    print(json);
  else
    print_text(json);
  return {};
}

}  // namespace cmd
