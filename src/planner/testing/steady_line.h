#pragma once
// One line with a level and factors of our choosing; for tests that need demand but no history.

#include <optional>
#include <vector>

#include "planner/demand.h"

namespace planner::testing {

class SteadyLine {
 public:
  static constexpr std::int32_t origin = 20'000;  // a Tuesday
  static constexpr std::int32_t horizon = 60;

  explicit SteadyLine(double units_per_period, Period kind = Period::day)
      : fold_(default_settings(kind)) {
    state_.period = kind;
    state_.origin = origin;
    state_.current.resize(1);
    LineState& line = state_.current[0];
    line.level_units.fill(static_cast<float>(units_per_period));
    line.level_factors.fill(1);
    line.known_count = 400;
    pools_ = build_pools(std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>{0});
    profiles_.first_period = origin + 1;
    profiles_.period_count = horizon;
    profiles_.weekday.assign(pools_.size() * horizon, 1);
    profiles_.common = profiles_.weekday;
  }

  LineState& state() { return state_.current[0]; }
  // The factor of every pool in a period.
  void set_factor(std::int32_t period, float factor) {
    for (std::uint32_t pool = 0; pool < pools_.size(); ++pool)
      profiles_.common[profiles_.at(pool, period)] = factor;
  }
  const Settings& settings() const { return fold_.settings(); }

  // Valid until the next call, for what was set before it.
  Demand::Line line(std::span<const Promotion> promotions = {},
                    std::span<const std::int32_t> closed = {}) {
    priors_.emplace(state_, pools_, Kin{product_, like_line_}, fold_, 1);
    demand_.emplace(state_, pools_, profiles_, fold_, *priors_);
    return demand_->line(0, promotions, closed);
  }

 private:
  Fold fold_;
  State state_;
  Pools pools_;
  Profiles profiles_;
  std::vector<std::uint32_t> product_{0}, like_line_{no_index};
  std::optional<Priors> priors_;
  std::optional<Demand> demand_;
};

}  // namespace planner::testing
