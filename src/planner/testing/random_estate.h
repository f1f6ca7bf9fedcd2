#pragma once
// Seeded estates with everything that makes sales hard to read; for tests.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/prng.h"
#include "planner/demand.h"
#include "planner/history.h"
#include "planner/replenish.h"

namespace planner::testing {

struct RandomEstate {
  struct Row {
    bool present = false;
    std::int32_t units = 0;
    std::uint8_t flags = 0;
  };

  Settings settings;
  std::int32_t first_period = 0, last_period = 0;
  std::vector<std::vector<Row>> rows;            // [line][index], index = period - first_period
  std::vector<std::vector<std::uint8_t>> known;  // [site][index]
  std::vector<std::uint32_t> site, product;      // per line
  std::vector<std::int32_t> line_to;
  std::vector<std::vector<Promotion>> promotions;  // per line
  std::vector<std::vector<std::int32_t>> closed;   // per site, after last_period
  std::vector<std::uint32_t> like_line;
  std::vector<Event> events;
  Pools pools;

  std::size_t size() const { return rows.size(); }
  Kin kin() const { return {product, like_line}; }
  std::size_t index(std::int32_t period) const {
    return static_cast<std::size_t>(period - first_period);
  }

  // What was known at the close of `origin`; from_period > first_period forgets what came before.
  History history(std::int32_t origin, std::int32_t from_period) const {
    History result;
    result.first_period = from_period;
    result.last_period = origin;
    result.table_periods = last_period - from_period + 1;
    result.line_count = size();
    result.row_begin.push_back(0);
    result.promotion_begin.push_back(0);
    for (std::size_t line = 0; line < size(); ++line) {
      for (std::int32_t t = from_period; t <= last_period; ++t) {
        const Row& row = rows[line][index(t)];
        if (!row.present) continue;
        result.row_period.push_back(t);
        result.row_units.push_back(row.units);
        result.row_flags.push_back(row.flags);
      }
      result.row_begin.push_back(static_cast<std::uint32_t>(result.row_period.size()));
      result.promotions.insert(result.promotions.end(), promotions[line].begin(),
                               promotions[line].end());
      result.promotion_begin.push_back(static_cast<std::uint32_t>(result.promotions.size()));
    }
    for (const auto& mask : known)
      result.known.insert(result.known.end(),
                          mask.begin() + static_cast<std::ptrdiff_t>(index(from_period)),
                          mask.end());
    result.line_mask = site;
    result.line_to = line_to;
    return result;
  }
  History history(std::int32_t origin) const { return history(origin, first_period); }
  History history() const { return history(last_period); }
};

struct RandomOptions {
  Period kind = Period::day;
  int periods = 500;
  std::uint32_t sites = 4, products = 6;
  bool weighed = false;  // a third of the lines count in grams
};

class RandomEstateMaker {
 public:
  RandomEstateMaker(std::uint64_t seed, const RandomOptions& options)
      : prng_(seed), options_(options) {}

  RandomEstate make() {
    const bool daily = options_.kind == Period::day;
    estate_.settings = default_settings(options_.kind);
    estate_.first_period = (daily ? 18'000 : 2'500) + whole(0, 400);
    estate_.last_period = estate_.first_period + options_.periods - 1;
    year_ = daily ? 365 : 52;
    add_lines();
    add_known();
    add_events();
    for (std::size_t line = 0; line < estate_.size(); ++line) {
      add_promotions(line);
      add_sales(line);
    }
    add_kin();
    return std::move(estate_);
  }

 private:
  std::int32_t whole(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(prng_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(double share) { return prng_.uniform() < share; }

  void add_lines() {
    std::vector<std::uint32_t> category, region;
    for (std::uint32_t s = 0; s < options_.sites; ++s)
      for (std::uint32_t p = 0; p < options_.products; ++p) {
        if (chance(0.15)) continue;
        estate_.site.push_back(s);
        estate_.product.push_back(p);
        category.push_back(p % 3);
        region.push_back(s % 2);
        estate_.line_to.push_back(chance(0.1) ? estate_.last_period - whole(5, 60)
                                              : estate_.last_period + 1000);
      }
    estate_.pools = build_pools(category, region);
    estate_.rows.assign(estate_.site.size(),
                        std::vector<RandomEstate::Row>(static_cast<std::size_t>(options_.periods)));
  }

  void add_known() {
    estate_.known.assign(options_.sites,
                         std::vector<std::uint8_t>(static_cast<std::size_t>(options_.periods), 1));
    estate_.closed.resize(options_.sites);
    for (std::uint32_t s = 0; s < options_.sites; ++s) {
      for (std::uint8_t& known : estate_.known[s]) known = !chance(0.02);
      const int begin = whole(0, options_.periods - 1);
      for (int t = begin; t < std::min(begin + 20, options_.periods); ++t)
        estate_.known[s][static_cast<std::size_t>(t)] = 0;
      for (int ahead = 1; ahead <= 28; ++ahead)
        if (chance(0.05)) estate_.closed[s].push_back(estate_.last_period + ahead);
    }
  }

  void add_event(std::uint32_t region, std::uint32_t category, int every, double uplift) {
    Event event;
    event.name = static_cast<std::uint32_t>(estate_.events.size());
    event.region = region;
    event.category = category;
    event.uplift = uplift;
    std::int32_t t = estate_.first_period + whole(-5, std::min(every, 60));
    for (; t <= estate_.last_period + 40; t += every + whole(-1, 1)) event.periods.push_back(t);
    if (chance(0.3) && !event.periods.empty()) event.periods.push_back(event.periods.back() + 1);
    estate_.events.push_back(event);
  }

  void add_events() {
    add_event(no_index, no_index, year_, 1);
    add_event(no_index, no_index, year_ / 2, 1.5);
    add_event(no_index, 1, year_, 2);
    add_event(1, no_index, year_ / 3, 1);
    add_event(0, 2, year_, 1);
    add_event(no_index, no_index, 30, 1);
    add_event(no_index - 1, no_index, 30, 3);  // a region without lines
  }

  void add_promotions(std::size_t) {
    estate_.promotions.emplace_back();
    for (std::int32_t t = estate_.first_period + whole(0, 60); t < estate_.last_period + 28;
         t += whole(10, 150)) {
      if (chance(0.5)) continue;
      const auto uplift = chance(0.5) ? 0.0f : static_cast<float>(1 + prng_.uniform());
      estate_.promotions.back().push_back({t, t + whole(0, 9), uplift});
      if (chance(0.2)) estate_.promotions.back().push_back({t + 1, t + 20, 1.5f});
    }
    std::stable_sort(
        estate_.promotions.back().begin(), estate_.promotions.back().end(),
        [](const Promotion& a, const Promotion& b) { return a.from_period < b.from_period; });
  }

  double expected(std::size_t line, std::int32_t t) const {
    double mean = level_ * (1 + 0.4 * std::sin(t * 6.2832 / year_));
    if (options_.kind == Period::day) mean *= t % 7 < 2 ? 1.6 : 0.8;
    for (const Event& event : estate_.events)
      if (event.region == no_index &&
          std::binary_search(event.periods.begin(), event.periods.end(), t))
        mean *= event.name % 2 == 0 ? 2.5 : 0.3;
    for (const Promotion& promotion : estate_.promotions[line])
      if (promotion.from_period <= t && t <= promotion.to_period) mean *= 1.5;
    return mean;
  }

  void add_sales(std::size_t line) {
    level_ = std::exp(prng_.normal() * 1.5 + 0.5);
    const bool never = chance(0.06);
    const int launch = chance(0.3) ? whole(0, options_.periods - 1) : 0;
    const double empty = chance(0.3) ? 0.2 : 0.02;
    for (int t = launch; t < options_.periods; ++t) {
      auto& row = estate_.rows[line][static_cast<std::size_t>(t)];
      const std::int32_t period = estate_.first_period + t;
      if (period > estate_.line_to[line] + 3) break;
      row.units = static_cast<std::int32_t>(prng_.poisson(expected(line, period) * prng_.gamma(4)));
      if (options_.weighed && line % 3 == 0) row.units *= 997;
      if (never) row.units = 0;
      if (chance(0.01)) row.units = -whole(1, 3);
      if (chance(empty)) row.flags |= row_censored;
      if (chance(0.01)) row.flags |= row_promoted;
      row.present = row.units != 0 || row.flags != 0 || chance(0.3);
    }
  }

  void add_kin() {
    for (std::size_t line = 0; line < estate_.size(); ++line)
      estate_.like_line.push_back(
          chance(0.2) ? static_cast<std::uint32_t>(prng_.below(estate_.size())) : no_index);
  }

  base::Prng prng_;
  RandomOptions options_;
  RandomEstate estate_;
  int year_ = 365;
  double level_ = 1;
};

inline RandomEstate random_estate(std::uint64_t seed, const RandomOptions& options = {}) {
  return RandomEstateMaker(seed, options).make();
}

// Any stock position that an order run may meet, at the close of `origin`.
struct RandomPosition {
  std::vector<Receipt> receipts;
  std::vector<Batch> batches;
  Position position;

  // Spans point into this object, so they are set when it is used.
  const Position& get() {
    position.receipts = receipts;
    position.batches = batches;
    return position;
  }
};

inline RandomPosition random_position(base::Prng& prng, std::int32_t origin, double mean) {
  const auto whole = [&](int low, int high) {
    return low + static_cast<std::int32_t>(prng.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  const auto some = [&](double periods) {
    return static_cast<std::int32_t>(std::ceil(prng.uniform() * periods * (mean + 0.5)));
  };
  RandomPosition result;
  Position& p = result.position;
  p.stock_known = whole(0, 9) > 0;
  p.on_shelf = origin + whole(1, 7);
  p.next_on_shelf = p.on_shelf + whole(1, 7);
  std::int32_t undated = some(8);
  p.on_hand_units = undated;
  if (whole(0, 2) == 0)
    for (std::int32_t t = origin - 1; t < origin + 16; ++t)
      if (whole(0, 3) == 0) {
        result.batches.push_back({t, some(5) + 1});
        p.on_hand_units += result.batches.back().units;
      }
  if (whole(0, 9) == 0) p.on_hand_units = -whole(0, 5);
  if (p.on_hand_units <= 0) result.batches.clear();
  for (std::int32_t t = origin + 1; t < origin + 16; ++t)
    if (whole(0, 4) == 0) result.receipts.push_back({t, some(5)});
  p.service_level = 0.5 + 0.495 * prng.uniform();
  if (whole(0, 3) == 0) p.life_periods = whole(1, 8);
  p.life_level = 0.1 + 0.6 * prng.uniform();
  if (whole(0, 3) == 0) p.presentation_units_min = whole(1, 12);
  if (whole(0, 3) == 0) p.shelf_units_max = whole(1, 60);
  if (whole(0, 3) == 0) p.order_units_max = whole(1, 60);
  if (whole(0, 1) == 0) p.order_multiple_units = whole(1, 24);
  return result;
}

}  // namespace planner::testing
