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
#include "io/process.h"
#include "planner/scarcity.h"
#include "planner/summed_demand.h"
#include "planner/supplier_order.h"

namespace cmd {
namespace {

using planner::Moments;

constexpr std::size_t lines_per_block = 128, products_per_block = 128;
// Few enough that what they want stays near, many enough that no thread waits long for the last.
constexpr std::size_t stores_per_round = 64, depots_at_once = 2;
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
      : before_(next_before()),
        memory_(io::big_memory(before_ + count * sizeof(Kind))),
        count_(count) {}
  Kind* data() { return reinterpret_cast<Kind*>(static_cast<std::byte*>(memory_.get()) + before_); }
  const Kind* data() const {
    return reinterpret_cast<const Kind*>(static_cast<const std::byte*>(memory_.get()) + before_);
  }
  std::size_t size() const { return count_; }
  // Leaves the first `count` entries.
  void shorten(std::size_t count) { count_ = count; }
  Kind& operator[](std::size_t at) { return data()[at]; }
  const Kind& operator[](std::size_t at) const { return data()[at]; }
  operator std::span<const Kind>() const { return {data(), size()}; }

 private:
  // Columns that all began on a large page would meet in the same few lines of every cache, and a
  // dozen of them written side by side would throw each other out at each entry.
  static std::size_t next_before() {
    constexpr std::size_t apart = 5 * 64, places = 32;
    static std::size_t made = 0;
    return made++ % places * apart;
  }

  std::size_t before_;
  io::BigMemory memory_;
  std::size_t count_;
};

// Wishes as the columns that sharing takes; these have room for more than there are. Groups and
// needs are numbered from the first of the depots that are looked at together.
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
  std::size_t size() const { return depot_begin.back(); }
  std::size_t capacity() const { return line.size(); }
  planner::Claims claims() const {
    const auto first = [this](const auto& column) { return std::span(column.data(), size()); };
    return {.depot_begin = depot_begin,
            .store = first(store),
            .group = first(group),
            .need = first(need),
            .wanted_units = first(units),
            .multiple_units = first(multiple),
            .on_hand_units = first(on_hand),
            .demand_mean = first(mean),
            .demand_variance = first(variance),
            .days = first(days),
            .tier = first(tier),
            .lifeline = first(lifeline)};
  }
};

// Seconds of each stage, in their order; one that comes in parts counts whole.
class Stages {
 public:
  template <class Work>
  void run(const char* name, Work&& work) {
    const Lap lap = timed(work);
    seconds_[name] = seconds_.value(name, 0.0) + lap.seconds;
    cpu_seconds_[name] = cpu_seconds_.value(name, 0.0) + lap.cpu_seconds;
    total_.seconds += lap.seconds;
    total_.cpu_seconds += lap.cpu_seconds;
  }
  const Json& seconds() const { return seconds_; }
  const Json& cpu_seconds() const { return cpu_seconds_; }
  Lap total() const { return total_; }

 private:
  Json seconds_ = Json::object(), cpu_seconds_ = Json::object();
  Lap total_;
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

// What the lines of one store want: demand, order-up-to, freshness and rounding. `wishes` has room
// for one a line; the first of them are set, as many as it returns.
std::size_t find_wishes(const MadeEstate& estate, const Outlook& outlook, std::size_t store,
                        std::span<Wish> wishes) {
  std::array<planner::Demand::Line, lines_per_block> demand;
  std::array<planner::Replenishment, lines_per_block> results;
  Positions positions;
  const std::size_t lines = estate.size.lines;
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
  return wish_count;
}

// Depots that are looked at together, [depot, depot_end), and their stores.
struct Depots {
  std::size_t depot = 0, depot_end = 0, store = 0, store_end = 0;
};

void write_wishes(const MadeEstate& estate, const Depots& depots, std::size_t s,
                  std::span<const Wish> wishes, std::size_t at, Wishes& all) {
  const std::size_t lines = estate.size.lines;
  const MadeStore& store = estate.stores[s];
  for (const Wish& wish : wishes) {
    const std::size_t p = wish.line - s * lines;
    const MadeProduct& product = estate.products[p];
    const MadeDrop& drop = store.drops[product.chain];
    all.line[at] = wish.line;
    all.store[at] = static_cast<std::uint32_t>(s);
    all.group[at] = static_cast<std::uint32_t>((store.depot - depots.depot) * lines + p);
    all.need[at] = product.tier == planner::first_tier
                       ? static_cast<std::uint32_t>((s - depots.store) * needs_per_store +
                                                    p / 10 % needs_per_store)
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
}

// Fills `all` with what the stores of some depots want. Some stores at a time: it is found, then
// written to where the columns go on.
void find_wishes(const MadeEstate& estate, const Outlook& outlook, const Depots& depots,
                 std::span<Wish> found, Wishes& all) {
  const std::size_t lines = estate.size.lines;
  const int threads = estate.size.threads;
  std::array<std::size_t, stores_per_round> begin, size;
  std::size_t end = 0;
  all.depot_begin.clear();
  for (std::size_t first = depots.store; first < depots.store_end; first += stores_per_round) {
    const std::size_t count = std::min(stores_per_round, depots.store_end - first);
    const auto of_store = [&](std::size_t k) { return found.subspan(k * lines, lines); };
    base::for_ranges(threads, count, 1, [&](std::size_t k, std::size_t, std::size_t) {
      size[k] = find_wishes(estate, outlook, first + k, of_store(k));
    });
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t store = first + k;
      if (store == depots.store || estate.stores[store].depot != estate.stores[store - 1].depot)
        all.depot_begin.push_back(end);
      begin[k] = end;
      end += size[k];
    }
    base::for_ranges(threads, count, 1, [&](std::size_t k, std::size_t, std::size_t) {
      write_wishes(estate, depots, first + k, of_store(k).first(size[k]), begin[k], all);
    });
  }
  all.depot_begin.push_back(end);
}

// What depots have: half of what is asked of one product in twenty, plenty of the others.
void make_depot_stock(const MadeEstate& estate, const Depots& depots, const Wishes& wishes,
                      std::span<std::int64_t> stock) {
  for (std::size_t i = 0; i < wishes.size(); ++i) stock[wishes.group[i]] += wishes.units[i];
  for (std::size_t at = 0; at < stock.size(); ++at) {
    const std::size_t group = depots.depot * estate.size.lines + at;
    stock[at] =
        group % 20 == 0 ? stock[at] / 2 : stock[at] * static_cast<std::int64_t>(1 + group % 4);
  }
}

planner::Allocation shared(const MadeEstate& estate, const Depots& depots, const Wishes& wishes,
                           std::span<const std::int64_t> depot_stock) {
  std::vector<std::size_t> lot_begin(depot_stock.size() + 1);
  for (std::size_t group = 0; group < lot_begin.size(); ++group) lot_begin[group] = group;
  const std::vector<std::int32_t> last_day(depot_stock.size());
  return planner::allocate(wishes.claims(),
                           {.lot_begin = lot_begin,
                            .lot_last_day = last_day,
                            .lot_units = depot_stock,
                            .need_count = (depots.store_end - depots.store) * needs_per_store},
                           estate.size.threads);
}

// What comes of all wishes, and what it leaves of each depot's stock of each product.
struct StoreOrders {
  Column<std::uint32_t> line;
  Column<std::int32_t> wanted, given;
  std::vector<std::int64_t> left;
  std::size_t cut_lines = 0;

  explicit StoreOrders(const MadeEstate& estate)
      : line(estate.line_count()), wanted(estate.line_count()), given(estate.line_count()) {
    shorten(0);
  }
  void shorten(std::size_t count) {
    line.shorten(count);
    wanted.shorten(count);
    given.shorten(count);
  }
  void add(const Wishes& wishes, const planner::Allocation& allocation,
           std::span<std::int64_t> stock, int threads) {
    const std::size_t at = line.size();
    shorten(at + wishes.size());
    const std::size_t depots = wishes.depot_begin.size() - 1;
    base::for_ranges(threads, depots, 1, [&](std::size_t depot, std::size_t, std::size_t) {
      const std::size_t first = wishes.depot_begin[depot], end = wishes.depot_begin[depot + 1];
      std::copy_n(wishes.line.data() + first, end - first, line.data() + at + first);
      std::copy_n(wishes.units.data() + first, end - first, wanted.data() + at + first);
      std::copy_n(allocation.given_units.data() + first, end - first, given.data() + at + first);
      for (std::size_t i = first; i < end; ++i) stock[wishes.group[i]] -= allocation.given_units[i];
    });
    cut_lines += allocation.cuts.size();
  }
};

// The stores' part of the night, a few depots at a time: they share with nobody else, so that what
// only sharing asks for need not be there for all stores at once.
StoreOrders store_orders(const MadeEstate& estate, const Outlook& outlook, Stages& stages) {
  const std::size_t lines = estate.size.lines;
  StoreOrders orders(estate);
  orders.left.resize(estate.depots * lines);
  const auto store_of = [&](std::size_t depot) {
    return static_cast<std::size_t>(
        std::ranges::lower_bound(estate.stores, depot, {}, &MadeStore::depot) -
        estate.stores.begin());
  };
  std::vector<Wish> found;
  std::optional<Wishes> wishes;
  for (Depots now; now.depot < estate.depots;
       now.depot = now.depot_end, now.store = now.store_end) {
    now.depot_end = std::min<std::size_t>(now.depot + depots_at_once, estate.depots);
    now.store_end = store_of(now.depot_end);
    const std::span stock =
        std::span(orders.left).subspan(now.depot * lines, (now.depot_end - now.depot) * lines);
    stages.run("orders", [&] {
      const std::size_t most = (now.store_end - now.store) * lines;
      if (!wishes || wishes->capacity() < most) wishes.emplace(most);
      found.resize(std::min(estate.size.stores, stores_per_round) * lines);
      find_wishes(estate, outlook, now, found, *wishes);
    });
    make_depot_stock(estate, now, *wishes, stock);
    stages.run("scarcity", [&] {
      orders.add(*wishes, shared(estate, now, *wishes, stock), stock, estate.size.threads);
    });
  }
  return orders;
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
  std::array<planner::Demand::Line, products_per_block> of_store;
  for (std::size_t store = first_store; store < store_end; ++store) {
    for (std::size_t k = 0; k < count; ++k) of_store[k] = outlook.line(estate, store, p + k);
    sums.add(0, std::span(of_store).first(count));
  }
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
  // What making the estate frees is used again, as a night uses what reading its files frees.
  io::keep_freed_memory(io::KeptBlocks::all);
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
  const StoreOrders of_stores = store_orders(estate, *outlook, stages);
  DepotDemand depot_demand;
  stages.run("depots", [&] { depot_demand = depot_demand_of(estate, *outlook); });
  SupplierOrders orders;
  stages.run("suppliers", [&] { orders = supplier_orders(estate, depot_demand, of_stores.left); });

  crypto::Sha256 digest;
  add(digest, of_stores.line);
  add(digest, of_stores.wanted);
  add(digest, of_stores.given);
  add(digest, orders.units);
  add(digest, orders.high_units);
  const double bytes = bytes_of(estate, rows, of_stores.line.size());
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
  json["orders"] = std::ranges::count_if(std::span<const std::int32_t>(of_stores.given),
                                         [](auto units) { return units > 0; });
  json["sold_lines"] = rows;
  json["cut_lines"] = of_stores.cut_lines;
  json["made_in_memory"] = true;
  json["digest"] = digest.finish_hex();
  if (wanted.json)
    print(json);
  else
    print_text(json);
  return {};
}

}  // namespace cmd
