#include "nightly/night.h"

#include "nightly/carried_state.h"
#include "nightly/depot_orders.h"
#include "nightly/direct_orders.h"
#include "nightly/range_days.h"

namespace nightly {
namespace {

// Seconds since the last lap, under a name.
class Stages {
 public:
  explicit Stages(io::Clock& clock) : clock_(clock), start_(clock.seconds()), last_(start_) {}
  void lap(const std::string& name) {
    const double now = clock_.seconds();
    seconds_[name] += now - last_;
    last_ = now;
  }
  void add(const std::string& name, double seconds) {
    seconds_[name] += seconds;
    start_ -= seconds;
  }
  const std::map<std::string, double>& seconds() const { return seconds_; }
  double total() const { return clock_.seconds() - start_; }

 private:
  io::Clock& clock_;
  double start_, last_;
  std::map<std::string, double> seconds_;
};

}  // namespace

base::Result<NightResult> run_night(io::Disk& disk, io::Clock& clock, const estate::Estate& estate,
                                    NightOptions options) {
  Stages stages(clock);
  stages.add("read", options.read_seconds);
  TRY(check_out_folder(disk, options.out));
  // The close of the period that holds the day.
  const planner::Period kind = period_kind(estate);
  const Date as_of = date_of(kind, period_of(kind, options.as_of) + 1) - 1;
  const planner::Fold fold(planner::default_settings(period_kind(estate)));
  std::optional<SavedState>& saved = options.carried.saved;
  NightResult result;
  result.carried = saved.has_value();
  result.rebuilt_because = options.carried.rebuild_because;
  const auto more =
      saved ? lines_of(*saved, estate) : std::vector<std::pair<std::uint32_t, std::uint32_t>>{};
  const Columns columns = build_columns(estate, as_of, order_horizon_periods, more);
  stages.lap("columns");
  const Routes routes = Routes::build(estate, columns, as_of, options.threads);
  const std::vector<std::uint8_t> in_range =
      in_range_of(estate, columns, routes, as_of, options.threads);
  stages.lap("routes");
  planner::State state =
      saved
          ? planner::advance(fitted(std::move(*saved), estate, columns), columns.history,
                             columns.pools, columns.events, fold, options.threads)
          : planner::rebuild(columns.history, columns.pools, columns.events, fold, options.threads);
  stages.lap("state");
  const Outlook outlook(columns, std::move(state), fold, order_horizon_periods, options.threads);
  const Positions positions = stock_positions(estate, columns, outlook, in_range, as_of);
  stages.lap("stock");
  const OrderRunInput input{estate,           columns,           outlook, positions,
                            fold.settings(),  in_range,          as_of,   options.threads,
                            options.tier_max, options.share_rule};
  result.calendars_ignored = Schedule::build(estate, as_of).ignores_calendars();
  const DepotDemand demand = DepotDemand::build(input);
  const DepotStock depots = DepotStock::build(input, demand);
  stages.lap("depots");
  result.night = order_run(input, routes, depots);
  fit_direct_orders(input, result.night);
  stages.lap("orders");
  order_from_suppliers(input, demand, depots, result.night);
  stages.lap("suppliers");
  if (!options.state_folder.empty())
    TRY(save_state(disk, options.state_folder, estate, columns, fold.settings(), as_of,
                   outlook.state()));
  stages.lap("save state");
  RunFacts facts{stages.seconds(), stages.total(), result.calendars_ignored, result.carried,
                 result.rebuilt_because};
  result.summary = TRY(write_night(disk, options.out, input, result.night, facts));
  return result;
}

}  // namespace nightly
