#include "cmd/bench_estate.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/prng.h"
#include "cmd/bench_lines.h"

namespace cmd {
namespace {

constexpr std::size_t model_stores_max = 12;  // one in each region
constexpr std::size_t stores_per_depot = 250;
constexpr std::uint32_t products_per_supplier = 20;
constexpr double stock_days_max = 7;
constexpr std::int32_t origin = last_made_period + 1;  // the day whose sales come in

std::int32_t whole(base::Prng& prng, std::int32_t low, std::int32_t high) {
  return low + static_cast<std::int32_t>(prng.below(static_cast<std::uint64_t>(high - low + 1)));
}

std::vector<MadeProduct> make_products(std::size_t count) {
  base::Prng prng(11);
  std::vector<MadeProduct> products(count);
  for (std::size_t p = 0; p < count; ++p) {
    MadeProduct& product = products[p];
    product.multiple_units = p % 3 == 0 ? 1 : whole(prng, 2, 12);
    product.presentation_units = p % 11 == 0 ? 2 : 0;
    product.shelf_units_max = p % 13 == 0 ? 60 : 0;
    product.life_periods = p % 20 < 3 ? whole(prng, 2, 10) : 0;
    product.chain = static_cast<std::uint32_t>(p % made_chains);
    product.supplier = static_cast<std::uint32_t>(p / products_per_supplier);
    product.tier = p % 10 == 0 ? 1 : 5;
    if (p % 20 == 7) product.promotions.push_back({origin + 1, origin + 7, 1.5f});
  }
  return products;
}

std::vector<MadeStore> make_stores(std::size_t count, std::uint32_t depots) {
  base::Prng prng(12);
  std::vector<MadeStore> stores(count);
  for (std::size_t s = 0; s < count; ++s) {
    MadeStore& store = stores[s];
    store.depot = static_cast<std::uint32_t>(s * depots / count);
    store.lifeline = s % 16 == 0 ? 2 : 0;
    for (MadeDrop& drop : store.drops) {
      drop.on_shelf = origin + whole(prng, 1, 2);
      drop.next_on_shelf = drop.on_shelf + whole(prng, 1, 3);
    }
    if (s % 50 == 0) store.closed.push_back(origin + 2);
  }
  return stores;
}

// Lines of the model stores, once for each store that is like them.
template <class T>
std::vector<T> repeated(const std::vector<T>& model, std::size_t count, int threads) {
  std::vector<T> all(count);
  base::for_ranges(
      threads, count, model.size(), [&](std::size_t begin, std::size_t end, std::size_t) {
        std::copy_n(model.begin(), end - begin, all.begin() + static_cast<std::ptrdiff_t>(begin));
      });
  return all;
}

planner::State repeated(const planner::State& model, std::size_t count, int threads) {
  planner::State state;
  state.period = model.period;
  state.origin = model.origin;
  state.series = model.series;
  const auto copies =
      static_cast<std::int64_t>(std::max<std::size_t>(count / model.line_count(), 1));
  for (std::int64_t& units : state.series.units) units *= copies;
  for (std::int64_t& periods : state.series.line_periods) periods *= copies;
  state.settled = repeated(model.settled, count, threads);
  state.current = repeated(model.current, count, threads);
  state.raw.resize(count * planner::raw_periods);
  base::for_ranges(threads, planner::raw_periods, 1,
                   [&](std::size_t column, std::size_t, std::size_t) {
                     for (std::size_t line = 0; line < count; ++line)
                       state.raw[column * count + line] =
                           model.raw[column * model.line_count() + line % model.line_count()];
                   });
  return state;
}

planner::History repeated(const planner::History& model, const EstateSize& size) {
  planner::History day;
  day.first_period = model.first_period;
  day.last_period = model.last_period;
  day.table_periods = 1;
  day.line_count = size.stores * size.lines;
  day.row_begin.reserve(day.line_count + 1);
  day.row_begin.push_back(0);
  day.line_mask.resize(day.line_count);
  const std::size_t copies = (day.line_count + model.line_count - 1) / model.line_count;
  const std::size_t rows = copies * model.row_period.size();
  day.row_period.reserve(rows);
  day.row_units.reserve(rows);
  day.row_flags.reserve(rows);
  for (std::size_t line = 0; line < day.line_count; ++line) {
    const std::size_t like = line % model.line_count;
    for (std::uint32_t row = model.row_begin[like]; row < model.row_begin[like + 1]; ++row) {
      day.row_period.push_back(model.row_period[row]);
      day.row_units.push_back(model.row_units[row]);
      day.row_flags.push_back(model.row_flags[row]);
    }
    day.row_begin.push_back(static_cast<std::uint32_t>(day.row_period.size()));
    day.line_mask[line] = static_cast<std::uint32_t>(line / size.lines);
  }
  for (std::size_t store = 0; store < size.stores; ++store)
    day.known.push_back(model.known[store % model.known.size()]);
  return day;
}

// Up to a week's stock; a fifth of the lines have goods under way.
StockOfLine stock_of(const MadeEstate& estate, std::size_t line) {
  base::Prng prng(base::mix(line));
  const double mean = estate.fold.level(estate.state.current[line], 0);
  const auto units = [](double value) {
    return static_cast<std::int32_t>(std::min(std::ceil(value), 30'000.0));
  };
  StockOfLine stock{units(stock_days_max * prng.uniform() * mean), 0, 0};
  if (estate.products[line % estate.size.lines].life_periods > 0)
    stock.dated_units = static_cast<std::uint16_t>(stock.on_hand_units / 2);
  if (prng.below(5) == 0) stock.due_units = static_cast<std::uint16_t>(units(2 * mean));
  return stock;
}

}  // namespace

MadeEstate make_estate(const EstateSize& size) {
  MadeEstate estate;
  estate.size = size;
  estate.depots = static_cast<std::uint32_t>(
      std::max<std::size_t>((size.stores + stores_per_depot - 1) / stores_per_depot, 1));
  estate.products = make_products(size.lines);
  estate.suppliers = estate.products.back().supplier + 1;
  estate.stores = make_stores(size.stores, estate.depots);

  const std::size_t models = std::min(size.stores, model_stores_max);
  const MadeLines made{models * size.lines, size.lines, size.threads};
  const std::int32_t first = last_made_period - made_periods + 1;
  planner::History history = make_history(made, first);
  const planner::History day = last_day_of(history);
  history.last_period = last_made_period;
  estate.pools = make_pools(made);
  estate.events = make_events(first);
  estate.state =
      repeated(planner::rebuild(history, estate.pools, estate.events, estate.fold, size.threads),
               estate.line_count(), size.threads);
  history = {};
  estate.day = repeated(day, size);
  estate.pools.leaf = repeated(estate.pools.leaf, estate.line_count(), size.threads);

  estate.product.resize(estate.line_count());
  estate.like_line.assign(estate.line_count(), planner::no_index);
  estate.stock.resize(estate.line_count());
  base::for_ranges(size.threads, size.stores, 1, [&](std::size_t store, std::size_t, std::size_t) {
    for (std::size_t p = 0; p < size.lines; ++p) {
      const std::size_t line = store * size.lines + p;
      estate.product[line] = static_cast<std::uint32_t>(p);
      estate.stock[line] = stock_of(estate, line);
    }
  });
  return estate;
}

}  // namespace cmd
