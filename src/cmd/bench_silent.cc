// stockade bench silent: what silence costs a store that gets its standing order.

#include "cmd/bench_silent.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "cmd/json.h"
#include "cmd/scratch.h"
#include "cmd/text.h"
#include "estate/read.h"
#include "estate/sample.h"
#include "nightly/backtest.h"
#include "nightly/demand_paths.h"
#include "nightly/guards.h"
#include "nightly/night.h"
#include "nightly/standing_orders.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;
using nightly::StandingPlan;

constexpr int days = 7;  // of silence
constexpr std::uint8_t lifeline_min = 2;

// One world's shelf of one line, day by day.
class Shelf {
 public:
  Shelf(const StandingPlan& plan) : on_hand_(std::max(plan.now.on_hand_units, 0)) {
    receipts_.assign(plan.now.receipts.begin(), plan.now.receipts.end());
  }
  void order(std::int32_t on_shelf, std::int32_t units) {
    const auto place = std::ranges::upper_bound(receipts_, on_shelf, {}, &planner::Receipt::period);
    receipts_.insert(place, {on_shelf, units});
    ordered += units;
  }
  void live(std::int32_t period, std::int32_t demand) {
    while (!receipts_.empty() && receipts_.front().period <= period) {
      on_hand_ += receipts_.front().units;
      receipts_.erase(receipts_.begin());
    }
    const std::int32_t sold = std::min(on_hand_, demand);
    on_hand_ -= sold;
    lost += demand - sold;
  }
  // As the planner would be told at the close of a day.
  planner::Position position(const planner::Position& now) const {
    planner::Position told = now;
    told.on_hand_units = on_hand_;
    told.receipts = receipts_;
    told.batches = {};
    return told;
  }

  std::int64_t ordered = 0, lost = 0;

 private:
  std::int32_t on_hand_;
  std::vector<planner::Receipt> receipts_;
};

struct Sums {
  std::int64_t lines = 0, demand = 0, lost_heard = 0, lost_silent = 0;
  std::int64_t heard = 0, standing = 0;
  double order_error = 0, forecast_error = 0;
};

// Both worlds of a line for a week; each begins with what is known tonight.
class Week {
 public:
  Week(const nightly::DecidedNight& night, const nightly::KnownDemand& truth)
      : night_(night), input_(night.input()), truth_(truth) {}

  void play(const StandingPlan& plan, Sums& sums) const {
    const std::int32_t origin = input_.columns.history.last_period;
    const auto demand = input_.outlook.line(plan.line);
    const auto standing = nightly::standing_units(demand, plan.sells_after, plan.has_sold, plan.now,
                                                  plan.drops, input_.settings);
    Shelf heard(plan), silent(plan);
    std::int64_t wanted = 0;
    for (int day = 0; day < days; ++day) {
      for (std::size_t i = 0; i < plan.drops.size(); ++i) {
        if (plan.order_dates[i] != input_.as_of + day) continue;
        silent.order(plan.drops[i].on_shelf, standing[i]);
        heard.order(plan.drops[i].on_shelf,
                    day == 0 ? standing[i] : asked(plan, plan.drops[i], heard, origin + day));
      }
      const std::int32_t period = origin + 1 + day;
      const std::int32_t units = truth_.units(plan.line, period, demand.in(period));
      heard.live(period, units);
      silent.live(period, units);
      wanted += units;
    }
    const double expected = demand.over(origin + 1, origin + 1 + days).mean;
    ++sums.lines;
    sums.demand += wanted;
    sums.lost_heard += heard.lost;
    sums.lost_silent += silent.lost;
    sums.heard += heard.ordered;
    sums.standing += silent.ordered;
    sums.order_error += std::abs(static_cast<double>(heard.ordered - silent.ordered));
    sums.forecast_error += std::abs(static_cast<double>(wanted) - expected);
  }

 private:
  // What the planner orders of a line whose shelf it hears of.
  std::int32_t asked(const StandingPlan& plan, const nightly::StandingDrop& drop,
                     const Shelf& shelf, std::int32_t period) const {
    const planner::Position now = shelf.position(plan.now);
    return nightly::standing_units(input_.outlook.line(plan.line), period, true, now,
                                   std::span(&drop, 1), input_.settings)
        .front();
  }

  const nightly::DecidedNight& night_;
  const nightly::OrderRunInput input_;
  const nightly::KnownDemand& truth_;
};

// Every lifeline, and so many of a hundred others.
bool is_silent(const estate::Site& site, std::uint32_t number, int percent) {
  return site.lifeline >= lifeline_min ||
         static_cast<int>(number * 2'654'435'761u >> 16) % 100 < percent;
}

Result<> tell(const BenchSilent& wanted, const Sums& sums, std::int64_t silent,
              std::int64_t lifelines) {
  const double orders =
      sums.order_error / static_cast<double>(std::max<std::int64_t>(sums.heard, 1));
  const auto demand = static_cast<double>(std::max<std::int64_t>(sums.demand, 1));
  const double forecast = sums.forecast_error / demand;
  const double lost_heard = static_cast<double>(sums.lost_heard) / demand;
  const double lost_silent = static_cast<double>(sums.lost_silent) / demand;
  if (wanted.json)
    print({{"stores", wanted.stores},
           {"silent", silent},
           {"lifelines", lifelines},
           {"lines", sums.lines},
           {"days", days},
           {"heard_units", sums.heard},
           {"standing_units", sums.standing},
           {"order_error", orders},
           {"forecast_error", forecast},
           {"lost_heard", lost_heard},
           {"lost_standing", lost_silent}});
  else
    fmt::print(
        "{} of {} stores silent for {} days, {} lifelines among them: {} lines\n"
        "ordered if heard {}, standing {}; orders differ by {:.1f} %, the forecast erred by "
        "{:.1f} %\nlost sales {:.2f} % if heard, {:.2f} % by standing orders\n",
        silent, wanted.stores, days, lifelines, grouped(sums.lines), grouped(sums.heard),
        grouped(sums.standing), 100 * orders, 100 * forecast, 100 * lost_heard, 100 * lost_silent);
  return {};
}

}  // namespace

Result<> bench_silent(const BenchSilent& wanted) {
  const Scratch scratch = TRY(Scratch::make(wanted.folder));
  io::Disk& disk = io::real_disk();
  estate::SampleOptions sample;
  sample.stores = static_cast<int>(wanted.stores);
  sample.lines = static_cast<int>(wanted.lines);
  sample.days = 200;
  sample.future_days = days + 7;
  sample.out = scratch.path() / "shop";
  const auto facts = TRY(estate::write_sample(disk, sample));
  estate::ReadOptions read;
  read.as_of = facts.as_of;
  read.threads = wanted.threads;
  estate::Estate estate = TRY(estate::read_estate(disk, sample.out, read));
  const auto truth = TRY(nightly::read_truth(disk, sample.out / "truth_future.csv", estate));
  nightly::Guards guards(disk, {}, {}, facts.as_of);
  TRY(guards.inspect(estate, std::nullopt));
  nightly::DecidedNight night(estate, facts.as_of, std::nullopt, wanted.threads);
  TRY(night.decide(guards));
  const std::int32_t origin = night.columns.history.last_period;
  const nightly::KnownDemand demand(night.columns, truth, {origin + 1, origin + days + 7});
  const Week week(night, demand);
  Sums sums;
  std::int64_t silent = 0, lifelines = 0;
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
    const estate::Site& store = estate.sites[site];
    if (store.kind != estate::SiteKind::store || !is_silent(store, site, wanted.silent_percent))
      continue;
    ++silent;
    lifelines += store.lifeline >= lifeline_min;
    for (const StandingPlan& plan : nightly::standing_plans(night.input(), site))
      week.play(plan, sums);
  }
  return tell(wanted, sums, silent, lifelines);
}

}  // namespace cmd
