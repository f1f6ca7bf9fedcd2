#pragma once
// Many daily lines in the mix that a large grocer has, with their stock tonight; for benchmarks and
// for tests that compare forms of the same computation.

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/prng.h"
#include "planner/demand.h"
#include "planner/replenish.h"

namespace planner::testing {

// Means of 0.05 to 30 units a day, evenly by their logarithm; leads of one or two days and
// intervals of one to three; 15 % fresh with one to three dates, 20 % with goods under way, cases,
// and stock for up to a week.
class ManyLines {
 public:
  static constexpr std::int32_t origin = 20'000;
  static constexpr std::int32_t horizon = 60;

  explicit ManyLines(std::size_t count, std::uint64_t seed = 1)
      : prng_(seed), fold_(default_settings(Period::day)) {
    make_pools(count);
    state_.period = Period::day;
    state_.origin = origin;
    receipt_begin_.push_back(0);
    batch_begin_.push_back(0);
    for (std::size_t i = 0; i < count; ++i) {
      const double mean = 0.05 * std::exp(prng_.uniform() * std::log(600.0));
      state_.current.push_back(line_state(mean));
      add_position(mean);
      product_.push_back(static_cast<std::uint32_t>(i % 8000));
      like_line_.push_back(no_index);
    }
    priors_.emplace(state_, pools_, Kin{product_, like_line_}, fold_, 1);
    demand_.emplace(state_, pools_, profiles_, fold_, *priors_);
  }
  ManyLines(const ManyLines&) = delete;
  ManyLines& operator=(const ManyLines&) = delete;

  std::size_t size() const { return state_.current.size(); }
  const Demand& demand() const { return *demand_; }
  const Settings& settings() const { return fold_.settings(); }
  Position position(std::size_t line) const {
    Position position = positions_[line];
    position.receipts = std::span(receipts_).subspan(
        receipt_begin_[line], receipt_begin_[line + 1] - receipt_begin_[line]);
    position.batches = std::span(batches_).subspan(batch_begin_[line],
                                                   batch_begin_[line + 1] - batch_begin_[line]);
    return position;
  }

 private:
  std::int32_t whole(int low, int high) {
    return low + static_cast<std::int32_t>(prng_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(double share) { return prng_.uniform() < share; }

  void make_pools(std::size_t count) {
    std::vector<std::uint32_t> category(count), region(count);
    for (std::size_t i = 0; i < count; ++i) {
      category[i] = static_cast<std::uint32_t>(i % 8000 / 200);
      region[i] = static_cast<std::uint32_t>(i / 8000 % 12);
    }
    pools_ = build_pools(category, region);
    profiles_.first_period = origin + 1;
    profiles_.period_count = horizon;
    for (std::size_t i = 0; i < pools_.size() * horizon; ++i) {
      profiles_.weekday.push_back(static_cast<float>(0.6 + 0.8 * prng_.uniform()));
      profiles_.common.push_back(static_cast<float>(0.8 + 0.4 * prng_.uniform()));
    }
  }

  LineState line_state(double mean) {
    LineState line;
    line.known_count = static_cast<std::uint16_t>(whole(60, 800));
    line.error_count = line.known_count;
    for (std::size_t r = 0; r < rates_max; ++r) {
      line.level_factors[r] = static_cast<float>(0.8 + 0.4 * prng_.uniform());
      line.level_units[r] = static_cast<float>(mean) * line.level_factors[r];
    }
    for (int weekday = 0; weekday < weekdays; ++weekday)
      line.own_weekday.set(weekday, mean * (0.5 + prng_.uniform()), line.own_weekday.total());
    line.dispersion = static_cast<float>(0.6 + 1.2 * prng_.uniform());
    return line;
  }

  void add_position(double mean) {
    Position p;
    p.on_shelf = origin + 1 + whole(1, 2);
    p.next_on_shelf = p.on_shelf + whole(1, 3);
    p.on_hand_units = static_cast<std::int32_t>(std::ceil(7 * prng_.uniform() * mean));
    p.order_multiple_units = mean < 0.5 ? 1 : whole(1, 12);
    if (chance(0.15)) {
      p.life_periods = whole(2, 10);
      std::int32_t left = p.on_hand_units;
      for (std::int32_t last = origin + 1, count = whole(1, 3); count > 0 && left > 0; --count) {
        batches_.push_back({last += whole(0, 3), count == 1 ? left : (left + 1) / 2});
        left -= batches_.back().units;
      }
    }
    if (chance(0.2))
      receipts_.push_back({origin + whole(1, 3), static_cast<std::int32_t>(2 * mean) + 1});
    positions_.push_back(p);
    receipt_begin_.push_back(receipts_.size());
    batch_begin_.push_back(batches_.size());
  }

  base::Prng prng_;
  Fold fold_;
  State state_;
  Pools pools_;
  Profiles profiles_;
  std::vector<std::uint32_t> product_, like_line_;
  std::vector<Position> positions_;
  std::vector<Receipt> receipts_;
  std::vector<Batch> batches_;
  std::vector<std::size_t> receipt_begin_, batch_begin_;
  std::optional<Priors> priors_;
  std::optional<Demand> demand_;
};

}  // namespace planner::testing
