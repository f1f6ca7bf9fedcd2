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

// Rows of the lines [first, last), horizon rows each.
std::vector<Row> rows_of(const Columns& columns, const Outlook& outlook, std::size_t first,
                         std::size_t last, int horizon, int threads) {
  const auto width = static_cast<std::size_t>(horizon);
  const std::int32_t origin = columns.history.last_period;
  std::vector<Row> rows((last - first) * width);
  base::for_ranges(threads, last - first, 64, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto line = outlook.line(first + i);
      for (std::size_t h = 0; h < width; ++h)
        rows[i * width + h] = row_of(line.in(origin + 1 + static_cast<std::int32_t>(h)));
    }
  });
  return rows;
}

}  // namespace

base::Result<ForecastFacts> write_forecast(io::Disk& disk, const estate::Estate& estate,
                                           base::Date as_of, int horizon, const io::Path& file,
                                           int threads) {
  const Columns columns = build_columns(estate, as_of, horizon);
  const planner::Fold fold(planner::default_settings(columns.kind));
  const Outlook outlook(
      columns, planner::rebuild(columns.history, columns.pools, columns.events, fold, threads),
      fold, horizon);
  const std::int32_t origin = columns.history.last_period;
  ForecastFacts facts{columns.size(), 0};
  const auto fill = [&](estate::CsvWriter& csv) -> base::Result<> {
    std::vector<Row> rows;
    for (std::size_t first = 0; first < columns.size(); first += lines_per_block) {
      const std::size_t last = std::min(first + lines_per_block, columns.size());
      rows = rows_of(columns, outlook, first, last, horizon, threads);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t line = first + i / static_cast<std::size_t>(horizon);
        const auto ahead = static_cast<std::int32_t>(i % static_cast<std::size_t>(horizon)) + 1;
        csv.text(estate.sites[columns.site[line]].id)
            .text(estate.products[columns.product[line]].id)
            .date(date_of(columns.kind, origin + ahead))
            .decimal(rows[i].mean, 4);
        for (const std::int32_t quantile : rows[i].quantiles) csv.whole(quantile);
        csv.end_row();
        ++facts.rows;
      }
    }
    return {};
  };
  TRY(estate::write_csv(disk, file, "site,product,date,mean,q05,q25,q50,q75,q95,q975", fill));
  return facts;
}

}  // namespace nightly
