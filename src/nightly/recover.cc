#include "nightly/recover.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "estate/csv_writer.h"
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

}  // namespace

Result<RecoverResult> run_recover(io::Disk& disk, io::Clock& clock, const Estate& estate,
                                  const RecoverOptions& options) {
  [[maybe_unused]] const double start = clock.seconds();
  const planner::Period kind = period_kind(estate);
  const Date as_of = date_of(kind, period_of(kind, options.from)) - 1;
  const std::int32_t periods =
      kind == planner::Period::day ? options.days : std::max(1, options.days / 7);
  auto staged = TRY(io::StagedFolder::create(disk, options.out, marker, is_output));
  const Columns columns = build_columns(estate, as_of, order_horizon_periods + periods);
  const std::vector<std::uint8_t> in_range =
      in_range_of(columns, estate::lines_in_range(estate, as_of));
  const planner::Fold fold(planner::default_settings(kind));
  const Outlook outlook(
      columns,
      planner::rebuild(columns.history, columns.pools, columns.events, fold, options.threads), fold,
      order_horizon_periods + periods);
  const Positions positions = stock_positions(estate, columns, outlook, in_range, as_of);
  const OrderRunInput tonight{estate,          columns,  outlook, positions,
                              fold.settings(), in_range, as_of,   options.threads};
  const PlayPlan plan({tonight, periods, true});
  if (plan.cells().empty())
    return base::fail(base::ErrorCode::nothing_to_do, "no line is in range on that day");
  PlayOptions play{options.paths, options.seed, options.threads, {}};
  if (options.progress)
    play.progress = [&](double share) { options.progress(share, "futures played"); };
  const std::vector<PlayedPath> paths = play_paths(plan, play);

  RecoverResult result;
  if (!options.truth.empty()) {
    const auto truth = TRY(read_truth(disk, options.truth, estate));
    const auto stock = options.true_stock.empty()
                           ? std::vector<TrueStock>{}
                           : TRY(read_true_stock(disk, options.true_stock, estate));
    const std::int32_t origin = columns.history.last_period;
    const PlayedPath played =
        play_path(plan, KnownDemand(columns, truth, {origin + 1, origin + periods}), stock);
    result.error = forecast_error(plan, paths, played);
    const auto all = [](const PlayPlan::Cell&) { return true; };
    const auto f = availability(plan, paths, all);
    const auto p = availability(plan, {&played, 1}, all);
    for (std::size_t d = 0; d < f.share.size(); ++d)
      fmt::print("{} {:.2f} {:.2f} {:.2f}  {:.2f}\n", d, 100 * f.share[d], 100 * f.low[d],
                 100 * f.high[d], 100 * p.share[d]);
    fmt::print("{} {} {}\n", result.error->estate_points, result.error->category_points,
               result.error->site_points);
  }
  TRY(write_availability(disk, staged.path() / "availability.csv", plan, paths));
  TRY(staged.commit());
  return result;
}

}  // namespace nightly
