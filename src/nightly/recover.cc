#include "nightly/recover.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "estate/csv_writer.h"
#include "nightly/range_days.h"
#include "nightly/recover_page.h"
#include "nightly/true_stock.h"

namespace nightly {
namespace {

using base::Result;
using estate::Estate;

constexpr std::string_view marker = "summary.json";

bool is_output(std::string_view name) {
  return name == "availability.csv" || name == "recover.html" || name == "by_supplier" ||
         name == "surplus.csv" || name == marker;
}

Result<> write_availability(io::Disk& disk, const io::Path& path, const PlayPlan& plan,
                            std::span<const PlayedPath> paths) {
  const OrderRunInput& in = plan.input().tonight;
  auto csv = TRY(estate::CsvWriter::create(disk, path, "site,category,date,lines,share,low,high"));
  const std::vector<Availability> cells = availability_by_cell(plan, paths);
  for (std::size_t cell = 0; cell < cells.size(); ++cell)
    for (std::int32_t day = 0; day < plan.days(); ++day) {
      const auto at = static_cast<std::size_t>(day);
      if (cells[cell].lines[at] == 0) continue;
      csv.text(in.estate.sites[plan.cells()[cell].site].id)
          .text(plan.categories()[plan.cells()[cell].category])
          .date(date_of(in.columns.kind, in.columns.history.last_period + day + 1))
          .whole(cells[cell].lines[at])
          .decimal(cells[cell].share[at], 4)
          .decimal(cells[cell].low[at], 4)
          .decimal(cells[cell].high[at], 4)
          .end_row();
    }
  return csv.finish();
}

Result<> write_surplus(io::Disk& disk, const io::Path& path, const Estate& estate,
                       std::span<const Commitment> commitments) {
  auto csv = TRY(estate::CsvWriter::create(
      disk, path, "supplier,depot,product,made_for,units,taken_units,surplus_units,until"));
  for (const Commitment& one : commitments) {
    csv.text(estate.suppliers[one.supplier].id)
        .text(estate.sites[one.depot].id)
        .text(estate.products[one.product].id)
        .date(one.due)
        .whole(one.units)
        .whole(one.taken_units)
        .whole(one.surplus());
    if (one.until == base::date_max)
      csv.empty();
    else
      csv.date(one.until);
    csv.end_row();
  }
  return csv.finish();
}

using Json = nlohmann::ordered_json;

Json day_json(const Recovery& recovery, std::optional<std::int32_t> day) {
  if (!day) return nullptr;
  return base::to_string(recovery.dates[static_cast<std::size_t>(*day)]);
}

Json return_json(const Recovery& recovery, const Return& part) {
  return {{"back", day_json(recovery, part.back)},
          {"earliest", day_json(recovery, part.earliest)},
          {"latest", day_json(recovery, part.latest)}};
}

Json error_json(const ForecastError& error) {
  return {{"mean_absolute_error_points", error.estate_points},
          {"by_category_points", error.category_points},
          {"by_site_points", error.site_points}};
}

Json days_json(const Recovery& recovery, const std::optional<Availability>& played) {
  Json days = Json::array();
  const Availability& all = recovery.all.availability;
  for (std::size_t day = 0; day < recovery.dates.size(); ++day) {
    Json row{{"date", base::to_string(recovery.dates[day])},
             {"lines", all.lines[day]},
             {"share", all.share[day]},
             {"low", all.low[day]},
             {"high", all.high[day]}};
    if (played) row["played_out"] = played->share[day];
    days.push_back(std::move(row));
  }
  return days;
}

struct Truth {
  ForecastError error;
  Availability played;
};

Result<std::string> summary_of(const PlayPlan& plan, const Recovery& recovery,
                               const RecoverOptions& options, const std::optional<Truth>& truth,
                               double seconds) {
  try {
    const Estate& estate = plan.input().tonight.estate;
    Json json;
    json["name"] = estate.name;
    json["from"] = base::to_string(recovery.dates.front());
    json["days"] = recovery.dates.size();
    json["paths"] = options.paths;
    json["seed"] = options.seed;
    json["answer"] = answer_of(recovery);
    json["weekend"] = base::to_string(recovery.dates[static_cast<std::size_t>(recovery.weekend)]);
    json["weekend_share"] =
        recovery.all.availability.share[static_cast<std::size_t>(recovery.weekend)];
    json.update(return_json(recovery, recovery.all));
    for (const Return& category : recovery.categories) {
      Json& entry = json["categories"][category.id];
      entry = return_json(recovery, category);
      entry["back_without_supplier_limits"] = day_json(recovery, category.back_without_suppliers);
      entry["back_without_depot_limits"] = day_json(recovery, category.back_without_depots);
    }
    if (recovery.lifeline) json["lifeline"] = return_json(recovery, *recovery.lifeline);
    json["lost_share_of_sales"] =
        recovery.wanted_value > 0 ? recovery.lost_value / recovery.wanted_value : 0;
    json["committed_units"] = recovery.committed_units;
    json["surplus_units"] = recovery.surplus_units;
    if (truth) json.update(error_json(truth->error));
    json["by_day"] = days_json(recovery, truth ? std::optional(truth->played) : std::nullopt);
    json["digest_in"] = estate.digest;
    json["seconds"] = seconds;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  } catch (const std::exception& failure) {
    return base::fail(base::ErrorCode::io_failed, std::string("summary.json: ") + failure.what());
  }
}

Result<> write_text(io::Disk& disk, const io::Path& path, std::string_view text) {
  const auto file = TRY(disk.create(path));
  TRY(file->write(text));
  return file->finish();
}

Result<> write_suppliers(io::Disk& disk, const io::Path& folder, const PlayPlan& plan,
                         const Recovery& recovery) {
  TRY(disk.make_folders(folder));
  for (const SupplierReturn& supplier : recovery.suppliers)
    TRY(write_text(disk,
                   folder / (plan.input().tonight.estate.suppliers[supplier.supplier].id + ".html"),
                   supplier_html(plan, recovery, supplier)));
  return disk.sync_folder(folder);
}

// The same futures three times: as things are, and with one kind of limit lifted.
Futures play_futures(const PlayPlan& plan, const RecoverOptions& options) {
  constexpr double plays = 3;
  double before = 0;
  const auto play = [&](PlayLimits limits) {
    PlayOptions how{
        .paths = options.paths, .seed = options.seed, .threads = options.threads, .limits = limits};
    if (options.progress)
      how.progress = [&](double share) {
        options.progress((before + share) / plays, "futures played");
      };
    auto paths = play_paths(plan, how);
    ++before;
    return paths;
  };
  Futures futures;
  futures.paths = play({});
  futures.without_suppliers = play({.depots = true, .suppliers = false});
  futures.without_depots = play({.depots = false, .suppliers = true});
  return futures;
}

Result<std::optional<Truth>> play_truth(io::Disk& disk, const PlayPlan& plan,
                                        const RecoverOptions& options,
                                        std::span<const PlayedPath> paths) {
  if (options.truth.empty()) return std::optional<Truth>{};
  const OrderRunInput& in = plan.input().tonight;
  const auto wanted = TRY(read_truth(disk, options.truth, in.estate));
  const auto stock = options.true_stock.empty()
                         ? std::vector<TrueStock>{}
                         : TRY(read_true_stock(disk, options.true_stock, in.estate));
  const std::int32_t origin = in.columns.history.last_period;
  const PlayedPath played =
      play_path(plan, KnownDemand(in.columns, wanted, {origin + 1, origin + plan.days()}), stock);
  return Truth{forecast_error(plan, paths, played),
               availability(plan, {&played, 1}, [](const PlayPlan::Cell&) { return true; })};
}

// Everything that a play needs of an estate, kept together: the plan refers to all of it.
class Evening {
 public:
  Evening(const Estate& estate, Date as_of, std::int32_t periods, int threads)
      : columns_(build_columns(estate, as_of, order_horizon_periods + periods)),
        routes_(Routes::build(estate, columns_, as_of, threads)),
        in_range_(in_range_of(estate, columns_, routes_, as_of, threads)),
        fold_(planner::default_settings(columns_.kind)),
        outlook_(
            columns_,
            planner::rebuild(columns_.history, columns_.pools, columns_.events, fold_, threads),
            fold_, order_horizon_periods + periods),
        positions_(stock_positions(estate, columns_, outlook_, in_range_, as_of)),
        tonight_{estate,           columns_,  outlook_, positions_,
                 fold_.settings(), in_range_, as_of,    threads},
        plan_({tonight_, periods}) {}
  Evening(const Evening&) = delete;
  Evening& operator=(const Evening&) = delete;

  const PlayPlan& plan() const { return plan_; }

 private:
  Columns columns_;
  Routes routes_;
  std::vector<std::uint8_t> in_range_;
  planner::Fold fold_;
  Outlook outlook_;
  Positions positions_;
  OrderRunInput tonight_;
  PlayPlan plan_;
};

}  // namespace

Result<RecoverResult> run_recover(io::Disk& disk, io::Clock& clock, const Estate& estate,
                                  const RecoverOptions& options) {
  const double start = clock.seconds();
  auto staged = TRY(io::StagedFolder::create(disk, options.out, marker, is_output));
  const auto told = options.committed.empty()
                        ? std::vector<SupplierForecastRow>{}
                        : TRY(read_committed(disk, options.committed, estate));
  const planner::Period kind = period_kind(estate);
  const bool daily = kind == planner::Period::day;
  const Evening evening(estate, date_of(kind, period_of(kind, options.from)) - 1,
                        daily ? options.days : std::max(1, options.days / 7), options.threads);
  const PlayPlan& plan = evening.plan();
  const auto in_range = plan.input().tonight.in_range;
  if (std::ranges::none_of(in_range, [](std::uint8_t in) { return in != 0; }))
    return base::fail(base::ErrorCode::nothing_to_do, "no line is in range on that day");
  const Futures futures = play_futures(plan, options);
  std::vector<Commitment> commitments =
      commitments_of(plan.input().tonight, plan.day(0).demand, told);
  take_up(futures.paths, commitments);
  const Recovery recovery = recovery_of(plan, futures, commitments);
  const auto truth = TRY(play_truth(disk, plan, options, futures.paths));

  RecoverResult result;
  result.answer = answer_of(recovery);
  if (truth) result.error = truth->error;
  const io::Path& folder = staged.path();
  TRY(write_availability(disk, folder / "availability.csv", plan, futures.paths));
  TRY(write_surplus(disk, folder / "surplus.csv", estate, commitments));
  TRY(write_suppliers(disk, folder / "by_supplier", plan, recovery));
  TRY(write_text(disk, folder / "recover.html",
                 recover_html(plan, recovery, {options.paths, options.seed, result.error})));
  result.summary = TRY(summary_of(plan, recovery, options, truth, clock.seconds() - start));
  TRY(write_text(disk, folder / marker, result.summary));
  TRY(staged.commit());
  for (const Return& category : recovery.categories)
    result.categories.push_back({category.name, day_text(recovery, category.back),
                                 day_text(recovery, category.back_without_suppliers),
                                 day_text(recovery, category.back_without_depots)});
  return result;
}

}  // namespace nightly
