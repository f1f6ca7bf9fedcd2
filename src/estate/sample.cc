#include "estate/sample.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <fmt/core.h>

#include "base/parallel.h"
#include "estate/sample/depot.h"
#include "estate/sample/files.h"
#include "estate/sample/store.h"
#include "estate/sample/world.h"

namespace estate {
namespace {

using base::ErrorCode;
using base::Result;
using namespace sample;

// Above so many line-days, truth.csv and movements.csv hold the last days only: 20 million rows are
// what a laptop's tools still open.
constexpr std::int64_t whole_truth_line_days_max = 20'000'000;
constexpr int truth_days = 60, movement_days = 28, shipped_days = 60;
// Stores in memory at once are twice as many: one batch is written while the next is simulated.
constexpr std::size_t batch_stores = 8;

Result<> check_range(const char* option, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return base::fail(ErrorCode::usage,
                    fmt::format("sample: {} is {}, expected {} to {}", option, value, low, high));
}

Result<> check_options(const SampleOptions& options) {
  TRY(check_range("stores", options.stores, 2, sample_stores_max));
  TRY(check_range("lines", options.lines, 20, sample_lines_max));
  TRY(check_range("days", options.days, 60, sample_days_max));
  TRY(check_range("dark days", options.dark_days, 0, options.days / 2));
  TRY(check_range("dark share", options.dark_share, 0, 1));
  TRY(check_range("future days", options.future_days, 0, sample_future_days_max));
  if (options.last_day < sample_last_day_min || options.last_day > sample_last_day_max)
    return base::fail(
        ErrorCode::usage,
        fmt::format("sample: last day is {}, expected {} to {}", base::to_string(options.last_day),
                    base::to_string(sample_last_day_min), base::to_string(sample_last_day_max)));
  return {};
}

Windows windows_of(const SampleOptions& options) {
  const std::int64_t line_days = std::int64_t{options.stores} * options.lines * options.days;
  const bool whole = line_days <= whole_truth_line_days_max;
  const auto last = [&](int days) { return std::max(0, options.days - days); };
  return {.truth_from = whole ? 0 : last(truth_days),
          .movements_from = whole ? 0 : last(movement_days),
          .shipped_from = last(shipped_days)};
}

void add_facts(const SampleFacts& part, SampleFacts& sum) {
  sum.open_line_days += part.open_line_days;
  sum.empty_line_days += part.empty_line_days;
  sum.wrong_stock_lines += part.wrong_stock_lines;
  sum.negative_stock_lines += part.negative_stock_lines;
  sum.demand_units += part.demand_units;
  sum.lost_units += part.lost_units;
  sum.sold_units += part.sold_units;
  sum.fresh_received_units += part.fresh_received_units;
  sum.fresh_waste_units += part.fresh_waste_units;
}

// Simulates stores on all threads and hands them on in their order, a batch behind.
class Run {
 public:
  Run(const World& world, const Windows& windows, Streams& streams)
      : world_(world),
        windows_(windows),
        factors_(world),
        streams_(streams),
        shipped_(world.depots) {
    for (Shipped& depot : shipped_) {
      depot.from_day = windows.shipped_from, depot.days = world.days - windows.shipped_from;
      depot.units.resize(world.products.size() * static_cast<std::size_t>(depot.days));
    }
  }

  void stores(SampleFacts& facts) {
    std::thread writer;
    std::vector<StoreHistory> ready;
    for (std::size_t begin = 0; begin < world_.stores.size(); begin += batch_stores) {
      std::vector<StoreHistory> batch(std::min(batch_stores, world_.stores.size() - begin));
      base::for_ranges(world_.options.threads, batch.size(), 1,
                       [&](std::size_t i, std::size_t, std::size_t) {
                         batch[i] = simulate_store(world_, factors_, windows_, begin + i);
                       });
      if (writer.joinable()) writer.join();
      report(begin);
      ready = std::move(batch);
      writer = std::thread([this, begin, &ready, &facts] { hand_on(begin, ready, facts); });
    }
    writer.join();
    report(world_.stores.size());
  }

  std::vector<CapacityRow> depots() {
    std::vector<CapacityRow> capacity;
    for (std::uint32_t depot = 0; depot < world_.depots; ++depot) {
      streams_.add_depot(depot, run_depot(world_, shipped_[depot]));
      const auto rows = capacity_of(world_, depot, shipped_[depot]);
      capacity.insert(capacity.end(), rows.begin(), rows.end());
    }
    return capacity;
  }

 private:
  void report(std::size_t done) const {
    if (world_.options.progress)
      world_.options.progress(static_cast<double>(done) /
                              static_cast<double>(world_.stores.size()));
  }
  void hand_on(std::size_t begin, const std::vector<StoreHistory>& batch, SampleFacts& facts) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      streams_.add_store(begin + i, batch[i]);
      add_shipped(shipped_[world_.store_site(begin + i).depot], batch[i]);
      add_facts(batch[i].facts, facts);
      facts.lines += static_cast<std::int64_t>(batch[i].lines.size());
      facts.dark_stores += world_.stores[begin + i].dark;
    }
  }
  static void add_shipped(Shipped& depot, const StoreHistory& history) {
    const auto days = static_cast<std::size_t>(depot.days);
    for (std::size_t line = 0; line < history.lines.size(); ++line)
      for (std::size_t day = 0; day < days; ++day)
        depot.units[history.lines[line].product * days + day] += history.shipped[line * days + day];
  }

  const World& world_;
  const Windows& windows_;
  const DayFactors factors_;
  Streams& streams_;
  std::vector<Shipped> shipped_;  // by depot
};

bool is_sample_file(std::string_view name) {
  for (const std::string_view ending : {".csv", ".csv.gz", ".csv.zst"})
    if (name.ends_with(ending)) return true;
  return name == "README.txt" || name == "sample.toml" || name == "estate.toml";
}

}  // namespace

Result<SampleFacts> write_sample(io::Disk& disk, const SampleOptions& options) {
  TRY(check_options(options));
  auto staged = TRY(io::StagedFolder::create(disk, options.out, "sample.toml", is_sample_file));
  const World world = make_world(options);
  const Windows windows = windows_of(options);
  TRY(write_tables(disk, staged.path(), world, windows));
  TRY(write_till_tables(disk, staged.path(), world));

  SampleFacts facts;
  facts.first_day = world.first_day, facts.as_of = options.last_day;
  facts.truth_from = world.date(windows.truth_from);
  facts.stores = options.stores, facts.depots = static_cast<std::int32_t>(world.depots);
  facts.products = static_cast<std::int32_t>(world.products.size());
  facts.suppliers = static_cast<std::int32_t>(world.suppliers.size());

  auto streams = TRY(Streams::create(disk, staged.path(), world));
  Run run(world, windows, streams);
  run.stores(facts);
  TRY(write_capacity(disk, staged.path(), world, run.depots()));
  TRY(streams.finish(facts));
  TRY(staged.commit());
  return facts;
}

}  // namespace estate
