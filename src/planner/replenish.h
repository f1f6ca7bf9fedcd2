#pragma once
// How much a line needs: stock projected to the arrival with lost sales, an order-up-to quantile,
// freshness, one rounding rule.

#include <cstdint>
#include <span>

#include "planner/demand.h"
#include "planner/distribution.h"

namespace planner {

// Units that come onto the shelf at the start of a period.
struct Receipt {
  std::int32_t period = 0;
  std::int32_t units = 0;
};

// Stock on hand that can be sold in `last_period` for the last time.
struct Batch {
  std::int32_t last_period = 0;
  std::int32_t units = 0;
};

// All that decides one line's order. Periods are absolute; the order is on the shelf from
// `on_shelf` and has to last until the period before `next_on_shelf`.
struct Position {
  bool stock_known = true;
  std::int32_t on_hand_units = 0;     // at the close of the origin; below 0 counts as 0
  std::span<const Receipt> receipts;  // ascending, after the origin
  std::span<const Batch> batches;     // ascending; their units are part of on_hand_units
  std::int32_t on_shelf = 0;
  std::int32_t next_on_shelf = 0;
  double service_level = 0.97;  // quantile of demand over the interval, 0 to 1
  double life_level = 0.3;      // quantile of demand within the life that may be on the shelf
  std::int32_t life_periods =
      0;  // periods in which ordered goods can be sold after on_shelf; 0 = no limit
  std::int32_t presentation_units_min = 0;
  std::int32_t shelf_units_max = 0;  // 0 = no limit
  std::int32_t order_multiple_units = 1;
  std::int32_t order_units_max = 0;  // 0 = no limit
};

enum class Limit : std::uint8_t { none, shelf, life, order_max };

struct Replenishment {
  double expected_demand = 0;    // over the interval [on_shelf, next_on_shelf)
  double demand_variance = 0;    // of the same
  double expected_on_hand = 0;   // at on_shelf, before the order arrives
  std::int32_t order_up_to = 0;  // units that should be there at on_shelf, this order included
  std::int32_t need_units = 0;   // before rounding and limits
  std::int32_t units = 0;        // to order
  std::int32_t cut_units = 0;    // need that `limit` withholds
  Limit limit = Limit::none;
  bool raised_to_presentation = false;  // the presentation minimum asks for more than demand does
  // What led there, for those who explain it; nothing of it where the stock is unknown.
  double for_demand_units = 0;   // that should be there at on_shelf for demand alone
  double waste_units = 0;        // of what is there, expected to expire before the next goods come
  std::int32_t room_units = -1;  // what the limits leave to the order; -1 = not asked, or no limit
  bool runs_empty = false;       // without the order the shelf does not last
};

// Sales from now until a period, never more than the stock that is there: moments of the units gone
// (sold or expired).
//
// With W units gone before a stretch, B units made available so far and demand D in the stretch,
// W' = min(W + D, B): what finds no stock is lost. W is a number c that is gone for certain, since
// its life has ended, and a rest. Each step takes the first two moments of the rest + D, treats the
// sum as gamma and bounds it (see `bounded`). Levels are uncertain together:
// cov(W, D) = level_variance * f * mean(D), f being the part of W that follows demand.
//
// Each step asks one question about a bounded gamma and is told the answer, so that the questions
// of many lines can be answered together.
class Gone {
 public:
  Gone() = default;
  explicit Gone(double level_variance) : level_variance_(level_variance) {}

  // Demand of a stretch meets `available` units in all. Requires: available >= certain().
  BoundedAsk ask_sale(Moments demand, double available) const;
  void sold(Moments demand, double available, const Bounded& answer);
  // So many units in all, more than certain(), are gone by now whether they were sold or not:
  // W' = max(W, units). Two questions; what `expired` returns is the second.
  BoundedAsk ask_expiry(double units) const;
  BoundedAsk expired(double units, const Bounded& answer);
  void settled(const Bounded& answer);
  // The same for one line, answered on the spot.
  void sell(Moments demand, double available);
  void expire(double units);

  double certain() const { return certain_; }
  // Beyond certain(); what was wanted of all that was ever there, as if stock had no end; and the
  // part of what is gone that follows demand.
  Moments rest() const { return rest_; }
  Moments wanted() const { return wanted_; }
  double follows() const { return follows_; }
  // What is gone beyond certain(), plus the demand of a further stretch, unbounded.
  Moments with(Moments demand) const;
  Moments moments() const { return {certain_ + rest_.mean, rest_.variance}; }

 private:
  double level_variance_ = 0;
  double available_ = 0;  // when it was last sold from
  double certain_ = 0;
  Moments rest_;
  Moments wanted_;  // of all stretches, as if stock had no end
  double follows_ = 0;
};

// The order of one line. A line whose stock is unknown orders its expected sales of the interval,
// rounded down, never more.
Replenishment replenish(const Demand::Line& demand, std::int32_t origin, const Position& position,
                        const Settings& settings);

// The orders of many lines, bit for bit as one by one, in a fraction of the time. The spans have
// one entry per line. Needs no memory beyond the stack.
void replenish(std::span<const Demand::Line> demand, std::int32_t origin,
               std::span<const Position> positions, const Settings& settings,
               std::span<Replenishment> results);

// The one rounding rule, in units. Up to the next multiple; where that passes `room`, down; where
// down leaves nothing though the shelf is expected to run empty, one multiple still goes if at
// least half of it has room.
std::int32_t round_to_multiple(std::int32_t need, std::int32_t multiple, std::int32_t room,
                               bool runs_empty);

}  // namespace planner
