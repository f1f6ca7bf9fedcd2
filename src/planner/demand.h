#pragma once
// Demand to come: what a line will sell in a period or a stretch of periods, as mean and variance.

#include <cstdint>
#include <span>
#include <vector>

#include "planner/demand_lanes.h"
#include "planner/distribution.h"
#include "planner/history.h"

namespace planner {

// Where a line without enough history of its own looks for a level. One entry per line in each
// span.
struct Kin {
  std::span<const std::uint32_t> product;  // lines of the same product at other sites
  std::span<const std::uint32_t>
      like_line;  // the line that a launch resembles or replaces; no_index: none
};

// The level that a line leans on, units per period: its like line's; else the mean of its product
// over the sites that know it; else the mean of its pool. Kept per product and pool, not per line.
class Priors {
 public:
  // Holds references: all that it is made of must outlive it.
  // The result does not depend on `threads`.
  Priors(const State& state, const Pools& pools, const Kin& kin, const Fold& fold, int threads);

  // Which of them that is.
  enum class Kind : std::uint8_t { like_line, product, pool };
  Kind kind(std::size_t line) const {
    const std::uint32_t like = kin_.like_line[line];
    if (like != no_index && state_.current[like].known_count > 0) return Kind::like_line;
    return of_product_[kin_.product[line]] != unknown ? Kind::product : Kind::pool;
  }
  float of(std::size_t line) const {
    switch (kind(line)) {
      case Kind::like_line:
        return static_cast<float>(fold_.level(state_.current[kin_.like_line[line]], 0));
      case Kind::product:
        return of_product_[kin_.product[line]];
      case Kind::pool:
        break;
    }
    return of_pool_[pools_.leaf[line]];
  }
  // Units sold on promotion and what would have sold without, in a pool with all below it.
  struct Promotions {
    double units, expected;
  };
  Promotions promotions_of(std::uint32_t pool) const { return promotions_[pool]; }

 private:
  const State& state_;
  const Pools& pools_;
  const Fold& fold_;
  Kin kin_;
  std::vector<float> of_product_;  // unknown where no site knows it
  std::vector<float> of_pool_;
  std::vector<Promotions> promotions_;  // per pool
  static constexpr float unknown = -1;
};

// Demand of every line after the state's origin. Holds references: all that it is made of must
// outlive it.
class Demand {
 public:
  // Periods past the end of `profiles` take the factors of the last one they have, of the same
  // weekday.
  Demand(const State& state, const Pools& pools, const Profiles& profiles, const Fold& fold,
         const Priors& priors);

  // One line's view.
  class Line {
   public:
    // Demand of one period after the origin.
    Moments in(std::int32_t period) const;
    // Demand of the periods [from, to). The level's uncertainty is shared by all of them:
    // variance = sum of variances + level_variance ((sum of means)^2 - sum of squared means).
    Moments over(std::int32_t from, std::int32_t to) const;
    // Demand before and after a period: of [from, middle) and of [middle, end), bit for bit as
    // over() has it, in a fraction of the time where the lines are many. One entry per line in all
    // columns; the lines are those of one Demand. Requires: from > its origin, end >= middle >=
    // from.
    struct Splits {
      std::span<const std::int32_t> middle, end;
      std::span<double> before_mean, before_variance, after_mean, after_variance;
    };
    static void over(std::span<const Line> lines, std::int32_t from, const Splits& splits);
    // Units per period at factor 1.
    double level() const {
      return demand_->fold_.level(state(), static_cast<double>(demand_->priors_.of(index_)));
    }
    // What makes the mean of one period out of the level: their product.
    struct Factors {
      double weekday = 1, common = 1, promotion = 1;
    };
    Factors factors(std::int32_t period) const;

   private:
    friend class Demand;
    friend class DemandSums;
    static void over_block(std::span<const Line> lines, std::int32_t from, std::size_t begin,
                           const Splits& splits);
    // Calls take(mean, variance) for each period of [from, to).
    template <class Take>
    void walk(std::int32_t from, std::int32_t to, Take take) const;
    const LineState& state() const { return demand_->state_.current[index_]; }
    std::uint32_t pool() const { return demand_->pools_.leaf[index_]; }
    // What promotions and closed periods make of the demand of `periods` from `from` on; writes
    // where they say something, `stride` apart.
    void fill_times(std::int32_t from, std::size_t periods, std::size_t stride,
                    double* times) const;
    bool is_plain() const { return promotions_.empty() && closed_.empty(); }
    bool is_closed(std::int32_t period) const;
    double uplift(std::int32_t period) const;
    double uplift_of(const Promotion& promotion) const;

    const Demand* demand_ = nullptr;
    std::size_t index_ = 0;
    std::span<const Promotion> promotions_;
    std::span<const std::int32_t> closed_;
  };

  // `promotions`: those of the line that touch the periods asked for; `closed`: periods in which
  // the site sells nothing. Both ascending, both must outlive the Line.
  Line line(std::size_t index, std::span<const Promotion> promotions = {},
            std::span<const std::int32_t> closed = {}) const {
    // Fetched from memory while its maker makes the next lines.
    __builtin_prefetch(&state_.current[index]);
    Line line;
    line.demand_ = this;
    line.index_ = index;
    line.promotions_ = promotions;
    line.closed_ = closed;
    return line;
  }

  const Settings& settings() const { return fold_.settings(); }
  std::int32_t origin() const { return state_.origin; }

 private:
  friend class DemandSums;
  // The period whose factors a period takes.
  std::int32_t covered(std::int32_t period) const;
  // What kernels are told of `periods.size()` periods from `from` on; fills `periods`, which must
  // outlive it.
  DemandTerms terms(std::int32_t from, std::span<PeriodTerms> periods) const;
  // What they are told of a line.
  void place(std::size_t line, std::int32_t& number, std::int32_t& pool_at, double& prior) const {
    number = static_cast<std::int32_t>(line);
    pool_at = static_cast<std::int32_t>(pools_.leaf[line]) * profiles_.period_count;
    prior = static_cast<double>(priors_.of(line));
  }
  int weekday_of(std::int32_t period) const {
    if (settings().period != Period::day) return 0;
    return ((period + 3) % weekdays + weekdays) % weekdays;
  }

  const State& state_;
  const Pools& pools_;
  const Profiles& profiles_;
  const Fold& fold_;
  const Priors& priors_;
  // Those of the profiles: the kernels' gather takes both of a period at once.
  std::vector<planner::Factors> factors_;
  std::vector<double> pool_uplift_;  // per pool: what promotions did to demand, all lines together
};

}  // namespace planner
