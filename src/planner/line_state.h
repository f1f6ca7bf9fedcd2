#pragma once
// What the planner remembers of a line, and the one step that takes it past a period.

#include <array>
#include <cstdint>

#include "planner/settings.h"

namespace planner {

// What is known of a line in one period.
enum class Seen : std::uint8_t {
  unknown,   // the site did not report, was closed, or the period is said to teach nothing
  full,      // the shelf held stock: units are demand
  censored,  // the shelf was empty at some time: demand was at least units
  promoted,  // full, on promotion: teaches the promotion factor and nothing else
};

struct Observation {
  std::int32_t units = 0;  // full-price demand >= 0; 0 where unknown
  Seen seen = Seen::unknown;

  friend bool operator==(const Observation&, const Observation&) = default;
};

// The factors that a pool gives to one period.
struct Factors {
  float weekday = 1;  // of the line's pool; the line's own profile leans on it
  float common = 1;   // season times events
};

// 68 bytes, all a line carries from night to night beside its raw periods. Zero-initialised = never
// seen.
struct LineState {
  std::array<float, rates_max> level_units{};    // discounted units
  std::array<float, rates_max> level_factors{};  // discounted factors; their ratio is the level
  std::array<float, weekdays>
      own_weekday{};              // discounted units of each weekday, other factors divided out
  float dispersion = 0;           // discounted squared error over its expectation
  float promotion_units = 0;      // discounted units sold on promotion
  float promotion_expected = 0;   // and what would have sold without
  std::uint16_t known_count = 0;  // full periods seen, saturating
  std::uint16_t error_count = 0;  // errors in `dispersion`, saturating

  friend bool operator==(const LineState&, const LineState&) = default;
};

// Constants that every line shares, precomputed from the settings.
class Fold {
 public:
  explicit Fold(const Settings& settings);

  // Takes the state past one period. `weekday` is 0 (Monday) to 6, ignored in weekly estates. A
  // line begins with its first sale: periods before it leave the state as it is.
  void step(LineState& state, Observation seen, Factors factors, int weekday) const;

  // Whether the line has sold anything yet, promotions aside.
  bool begun(const LineState& state) const;
  // Units per period at factor 1, from own history and `prior` (units per period) where that is
  // short.
  double level(const LineState& state, double prior) const;
  // The line's own weekday factor, shrunk to its pool's.
  double weekday_factor(const LineState& state, float pool_factor, int weekday) const;
  // The line's variance over what a line of its mean is expected to have.
  double dispersion_ratio(const LineState& state) const;
  // Variance of one period's demand of mean `mean` for a line with this ratio, `ahead` >= 1 periods
  // after the origin.
  double variance(double mean, double ratio, int ahead) const;

  const Settings& settings() const { return settings_; }

 private:
  Settings settings_;
  // 1 - (1 - rate)^n: the weight that a discounted sum of n ones has gathered. [n] up to a named
  // bound, then 1.
  static constexpr int counts_max = 4096;
  std::array<float, counts_max> own_weekday_weight_;
  std::array<float, counts_max> dispersion_weight_;
  std::array<std::array<float, counts_max>, rates_max>
      prior_weight_;  // level_prior rate (1 - rate)^n
};

}  // namespace planner
