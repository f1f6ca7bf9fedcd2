#pragma once
// What the planner remembers of a line, and the one step that takes it past a period.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "planner/observation.h"
#include "planner/settings.h"
#include "planner/small_numbers.h"

namespace planner {

// The factors that a pool gives to one period.
struct Factors {
  float weekday = 1;  // of the line's pool; the line's own profile leans on it
  float common = 1;   // season times events
};

// 44 bytes without padding, all a line carries from night to night beside its raw periods.
// Zero-initialised = never seen.
struct LineState {
  std::array<float, rates_max> level_units{};    // discounted units
  std::array<float, rates_max> level_factors{};  // discounted factors; their ratio is the level
  WeekdayUnits own_weekday;       // discounted mean of each weekday, other factors divided out
  SmallFloat dispersion;          // discounted squared error over its expectation
  SmallFloat promotion_units;     // discounted units sold on promotion
  SmallFloat promotion_expected;  // and what would have sold without
  std::uint16_t known_count = 0;  // full periods seen, saturating
  std::uint16_t error_count = 0;  // errors in `dispersion`, saturating

  friend bool operator==(const LineState&, const LineState&) = default;
};

// Lines that take their steps side by side.
inline constexpr std::size_t line_lanes = 8;

// Consecutive periods of as many lines; the tracks of lines that are not there are unknown.
struct LaneTrack {
  std::size_t periods = 0;
  const RawPeriod* seen = nullptr;  // [period * line_lanes + line]
  // Of each line's pool, one a period.
  std::array<const float*, line_lanes> weekday_factors{}, common_factors{};
};

// Constants that every line shares, precomputed from the settings.
class Fold {
 public:
  explicit Fold(const Settings& settings);

  // Takes the state past one period. `weekday` is 0 (Monday) to 6, ignored in weekly estates. A
  // line begins with its first sale: periods before it leave the state as it is.
  void step(LineState& state, RawPeriod seen, Factors factors, int weekday) const;
  // The same, bit for bit, for consecutive periods of at most line_lanes lines, the first of which
  // falls on `weekday`.
  void steps(std::span<LineState> states, const LaneTrack& track, int weekday) const;

  // Whether the line has sold anything yet, promotions aside.
  bool begun(const LineState& state) const {
    return state.known_count > 0 || state.level_units[0] > 0 || state.level_units[1] > 0;
  }
  // Units per period at factor 1, from own history and `prior` (units per period) where that is
  // short.
  double level(const LineState& state, double prior) const {
    const Counted& by = counted(state.known_count);
    std::array<double, rates_max> units, factors;
    for (std::size_t r = 0; r < rates_max; ++r) {
      const double weight = prior > 0 ? by.prior_weight[r] : 0;
      units[r] = static_cast<double>(state.level_units[r]) + weight * prior;
      factors[r] = static_cast<double>(state.level_factors[r]) + weight;
    }
    return blended(units, factors);
  }
  // The line's own weekday factor, shrunk to its pool's; the pool's alone in the first week and on
  // a weekday that the line has not learned.
  double weekday_factor(const LineState& state, float pool_factor, int weekday) const;
  // What that is made of for all weekdays: the share of each part of own_weekday, and of the pool's
  // factor on weekdays that the line has learned.
  struct WeekdayBlend {
    double own = 0, pool = 1;

    // A weekday's factor is own + pool * the pool's factor.
    struct Shares {
      double own, pool;
    };
    Shares shares(const LineState& state, int weekday) const {
      return {own * state.own_weekday.part(weekday), state.own_weekday.learned(weekday) ? pool : 1};
    }
    double factor(const LineState& state, int weekday, float pool_factor) const {
      const Shares by = shares(state, weekday);
      return by.own + by.pool * static_cast<double>(pool_factor);
    }
  };
  WeekdayBlend weekday_blend(const LineState& state) const {
    const std::uint32_t total = state.own_weekday.total();
    if (settings_.period != Period::day || state.known_count < weekdays || total == 0) return {};
    const Counted& by = counted(state.known_count);
    return {by.own_share * state.own_weekday.learned_count() / total, by.pool_share};
  }
  // The line's variance over what a line of its mean is expected to have.
  double dispersion_ratio(const LineState& state) const {
    return (static_cast<double>(state.dispersion) + settings_.dispersion_prior) /
           (counted(state.error_count).dispersion_weight + settings_.dispersion_prior);
  }
  // Variance of one period's demand of mean `mean` for a line with this ratio, `ahead` >= 1 periods
  // after the origin.
  double variance(double mean, double ratio, int ahead) const {
    const double one_period =
        ratio * mean * (settings_.dispersion_linear + settings_.dispersion_quadratic * mean);
    return std::max(one_period + grown(ahead) * mean * mean, 1.02 * mean);
  }
  // What the time until then adds to it, over the mean squared.
  double grown(int ahead) const {
    return settings_.horizon_base + settings_.horizon_growth * (ahead - 1);
  }

  const Settings& settings() const { return settings_; }

  // What depends on the number of full periods seen.
  struct Counted {
    double own_weekday_gain;   // how far the mean of a weekday moves to what was sold
    double own_share;          // weights of the line's own weekday share
    double pool_share;         // and of its pool's, which add up to 1
    double dispersion_weight;  // what a discounted sum of that many ones has gathered
    std::array<double, rates_max> prior_weight;  // level_prior rate (1 - rate)^n, as a float
  };
  // By the number of periods seen; what has seen more is taken for the last.
  std::span<const Counted> counted() const { return counted_; }

 private:
  class Walk;
  const Counted& counted(std::uint16_t count) const {
    return counted_[std::min<std::size_t>(count, counted_.size() - 1)];
  }
  double weekday_factor(const LineState& state, std::uint32_t weekday_total, const Counted& by,
                        float pool_factor, int weekday) const;
  // The level: ratios of discounted units to discounted factors, blended.
  double blended(const std::array<double, rates_max>& units,
                 const std::array<double, rates_max>& factors) const {
    const auto& by = settings_.level_weight;
    // Two ratios over one denominator, for a division is what a step takes longest over.
    const double both = factors[0] * factors[1];
    if (both > 0) [[likely]]
      return (by[0] * units[0] * factors[1] + by[1] * units[1] * factors[0]) / both;
    return (factors[0] > 0 ? by[0] * units[0] / factors[0] : 0) +
           (factors[1] > 0 ? by[1] * units[1] / factors[1] : 0);
  }

  static constexpr int counts_max = 4096;  // counts above it are taken for it
  Settings settings_;
  std::vector<Counted> counted_;
};

}  // namespace planner
