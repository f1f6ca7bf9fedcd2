#include "nightly/night.h"

#include "base/parallel.h"
#include "nightly/carried_state.h"
#include "nightly/depot_orders.h"
#include "nightly/direct_orders.h"
#include "nightly/phantom.h"
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

// The close of the period that holds the day.
Date close_of(const estate::Estate& estate, Date day) {
  const planner::Period kind = period_kind(estate);
  return date_of(kind, period_of(kind, day) + 1) - 1;
}

Columns columns_of(const estate::Estate& estate, Date as_of, const std::optional<SavedState>& saved,
                   int threads) {
  using Lines = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  return build_columns(estate, as_of, order_horizon_periods,
                       saved ? lines_of(*saved, estate) : Lines{}, threads);
}

planner::State state_of(const estate::Estate& estate, const Columns& columns,
                        const planner::Fold& fold, std::optional<SavedState> saved, int threads) {
  if (!saved)
    return planner::rebuild(columns.history, columns.pools, columns.events, fold, threads);
  return planner::advance(fitted(std::move(*saved), estate, columns), columns.history,
                          columns.pools, columns.events, fold, threads);
}

Positions positions_of(const estate::Estate& estate, const Columns& columns, const Outlook& outlook,
                       std::span<const std::uint8_t> in_range, Date as_of, int threads) {
  Positions positions = stock_positions(estate, columns, outlook, in_range, as_of, threads);
  add_phantom_tasks(estate, columns, in_range, positions);
  return positions;
}

// Passes a value on, once the stage that made it has been told.
template <class Value>
Value after(const std::function<void(const char*)>& lap, const char* stage, Value value) {
  lap(stage);
  return value;
}

}  // namespace

DecidedNight::DecidedNight(const estate::Estate& of, Date day, std::optional<SavedState> saved,
                           int thread_count, std::function<void(const char*)> told)
    : estate(of),
      as_of(close_of(estate, day)),
      threads(thread_count),
      lap(std::move(told)),
      fold(planner::default_settings(period_kind(estate))),
      columns(after(lap, "columns", columns_of(estate, as_of, saved, threads))),
      routes(Routes::build(estate, columns, as_of, threads)),
      in_range(after(lap, "routes", in_range_of(estate, columns, routes, as_of, threads))),
      outlook(columns,
              after(lap, "state", state_of(estate, columns, fold, std::move(saved), threads)), fold,
              order_horizon_periods, threads),
      positions(
          after(lap, "stock", positions_of(estate, columns, outlook, in_range, as_of, threads))) {}

base::Result<> DecidedNight::decide(Guards& guards) {
  const DepotDemand demand = DepotDemand::build(input());
  const DepotStock depots = DepotStock::build(input(), demand);
  lap("depots");
  night = TRY(guards.order(input(), routes, depots));
  fit_direct_orders(input(), night);
  lap("orders");
  order_from_suppliers(input(), demand, depots, night);
  lap("suppliers");
  TRY(guards.hold(input(), night));
  lap("guards");
  return {};
}

// Beside the night of a week before, where the folder remembers it.
base::Result<std::optional<WeekChanges>> changes_of(io::Disk& disk, const io::Path& folder,
                                                    const DecidedNight& decided) {
  if (folder.empty()) return std::nullopt;
  const Date before = decided.as_of - 7;
  const auto ordered = TRY(load_orders_of(disk, folder, decided.estate, before));
  if (!ordered) return std::nullopt;
  return week_changes(decided.input(), decided.night, before, *ordered);
}

base::Result<NightResult> run_night(io::Disk& disk, io::Clock& clock, const estate::Estate& estate,
                                    Guards& guards, NightOptions options) {
  Stages stages(clock);
  stages.add("read", options.read_seconds);
  TRY(check_out_folder(disk, options.out));
  NightResult result;
  result.carried = options.carried.saved.has_value();
  result.rebuilt_because = options.carried.rebuild_because;
  DecidedNight decided(estate, options.as_of, std::move(options.carried.saved), options.threads,
                       [&](const char* stage) { stages.lap(stage); });
  decided.tier_max = options.tier_max;
  decided.share_rule = options.share_rule;
  const bool keeps = !options.state_folder.empty();
  auto state_file = base::beside(decided.threads, [&] {
    return keeps ? pack_state(estate, decided.columns, decided.fold.settings(), decided.as_of,
                              decided.outlook.state())
                 : std::string();
  });
  TRY(decided.decide(guards));
  result.calendars_ignored = Schedule::build(estate, decided.as_of).ignores_calendars();
  result.unused_releases = guards.unused_releases();
  if (keeps) {
    const std::string memory =
        pack_memory(estate, guards.memory(estate, decided.columns, decided.night, decided.threads));
    TRY(save_state(disk, options.state_folder, decided.as_of, state_file.get()));
    TRY(save_memory(disk, options.state_folder, decided.as_of, memory));
  }
  stages.lap("save state");
  auto changes = TRY(changes_of(disk, options.state_folder, decided));
  RunFacts facts{stages.seconds(), stages.total(),         result.calendars_ignored,
                 result.carried,   result.rebuilt_because, std::move(changes)};
  result.summary = TRY(write_night(disk, options.out, decided.input(), decided.night, facts));
  result.night = std::move(decided.night);
  return result;
}

}  // namespace nightly
