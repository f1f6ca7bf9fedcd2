#include "nightly/forecast.h"

#include "base/parallel.h"
#include "estate/csv_writer.h"
#include "nightly/outlook.h"

namespace nightly {
namespace {

constexpr std::size_t lines_per_block = 4096;

struct Row {
  double mean;
  std::array<std::int32_t, forecast_levels.size()> quantiles;
};

Row row_of(const planner::Moments& demand) {
  Row row{demand.mean, {}};
  for (std::size_t i = 0; i < forecast_levels.size(); ++i)
    row.quantiles[i] = planner::quantile(demand, forecast_levels[i]);
  return row;
}

}  // namespace

base::Result<ForecastFacts> write_forecast(io::Disk& disk, const estate::Estate& estate,
                                           base::Date as_of, int horizon, const io::Path& file,
                                           int threads) {
  const Columns columns = build_columns(estate, as_of, horizon);
  const planner::Fold fold(planner::default_settings(columns.kind));
  const Outlook outlook(
      columns, planner::rebuild(columns.history, columns.pools, columns.events, fold, threads), fold,
      horizon);
  const io::Path aside = file.parent_path() / (".part-" + file.filename().string());
  auto csv = TRY(estate::CsvWriter::create(disk, aside,
                                           "site,product,date,mean,q05,q25,q50,q75,q95,q975"));
  const std::int32_t origin = columns.history.last_period;
  ForecastFacts facts{columns.size(), 0};
  std::vector<Row> rows;
  for (std::size_t first = 0; first < columns.size(); first += lines_per_block) {
    const std::size_t count = std::min(lines_per_block, columns.size() - first);
    const auto width = static_cast<std::size_t>(horizon);
    rows.resize(count * width);
    base::for_ranges(threads, count, 64, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        const auto line = outlook.line(first + i);
        for (std::size_t h = 0; h < width; ++h)
          rows[i * width + h] = row_of(line.in(origin + 1 + static_cast<std::int32_t>(h)));
      }
    });
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t h = 0; h < width; ++h) {
        const Row& row = rows[i * width + h];
        csv.text(estate.sites[columns.site[first + i]].id)
            .text(estate.products[columns.product[first + i]].id)
            .date(date_of(columns.kind, origin + 1 + static_cast<std::int32_t>(h)))
            .decimal(row.mean, 4);
        for (const std::int32_t quantile : row.quantiles) csv.whole(quantile);
        csv.end_row();
        ++facts.rows;
      }
  }
  if (auto done = csv.finish(); !done) {
    (void)disk.remove_all(aside);
    return std::unexpected(done.error());
  }
  TRY(disk.rename(aside, file));
  return facts;
}

}  // namespace nightly
