#include "nightly/write_night.h"

#include <algorithm>
#include <optional>
#include <ranges>

#include "crypto/sha256.h"
#include "estate/csv_writer.h"
#include "estate/range.h"
#include "nightly/figures.h"
#include "nightly/order_numbers.h"
#include "nightly/report.h"
#include "nightly/summary.h"
#include "nightly/supplier_papers.h"

namespace nightly {
namespace {

using base::Result;
using estate::CsvWriter;
using estate::Estate;

// Marks a folder as an earlier output, which may be replaced.
constexpr std::string_view marker = "summary.json";

void add_to_digest(void* digest, std::string_view bytes) {
  static_cast<crypto::Sha256*>(digest)->add(bytes);
}

// All files of one night go into one staged folder; each function writes one of them.
class OutFolder {
 public:
  OutFolder(io::Disk& disk, io::Path folder, const OrderRunInput& input, const Night& night)
      : disk_(disk),
        folder_(std::move(folder)),
        in_(input),
        estate_(input.estate),
        night_(night),
        numbers_(number_orders(input, night)) {}

  // Returns digest_out.
  Result<std::string> write_orders() {
    crypto::Sha256 digest;
    TRY(write_store_orders(digest));
    TRY(write_depot_orders(digest));
    return digest.finish_hex();
  }

  Result<> write_lists() const {
    TRY(write_supplier_forecast());
    const io::Path by_supplier = folder_ / "by_supplier";
    TRY(disk_.make_folders(by_supplier));
    TRY(write_supplier_papers(disk_, by_supplier, in_, night_, numbers_));
    TRY(write_count_tasks());
    TRY(write_overdue());
    TRY(write_dormant());
    TRY(write_held());
    if (!night_.surge_held.empty()) TRY(write_surge());
    return estate_.rejected.empty() ? Result<>{} : write_rejected();
  }

  Result<> write_text(std::string_view name, std::string_view text) const {
    const auto file = TRY(disk_.create(folder_ / name));
    TRY(file->write(text));
    return file->finish();
  }

 private:
  Result<CsvWriter> create(std::string_view name, std::string_view header) const {
    return CsvWriter::create(disk_, folder_ / name, header);
  }

  Result<> write_store_orders(crypto::Sha256& digest) const {
    auto csv =
        TRY(create("orders.csv",
                   "order,line,site,product,units,cases,source,drop,due_date,"
                   "expected_demand,order_up_to,on_hand,on_order,cut,cut_reason,held,reason"));
    csv.set_tap(add_to_digest, &digest);
    for (std::size_t i = 0; i < night_.orders.size(); ++i) {
      const OrderLine& line = night_.orders[i];
      csv.text(numbers_.orders[numbers_.of_line[i].order])
          .whole(numbers_.of_line[i].line)
          .text(estate_.sites[in_.columns.site[line.line]].id)
          .text(estate_.products[in_.columns.product[line.line]].id)
          .whole(line.units)
          .whole(cases_of(line))
          .text(source_id(estate_, line))
          .whole(line.drop)
          .date(line.on_shelf)
          .decimal(line.expected_demand, 2)
          .whole(line.order_up_to);
      if (line.stock_known)
        csv.whole(line.on_hand);
      else
        csv.empty();
      csv.whole(line.on_order)
          .whole(line.cut_units)
          .text(text_of(line.cut_reason))
          .text(line.held == 0 ? std::string_view{} : night_.held[line.held - 1U].id)
          .text(text_of(line.reason))
          .end_row();
    }
    return csv.finish();
  }

  Result<> write_depot_orders(crypto::Sha256& digest) const {
    auto csv = TRY(create("depot_orders.csv",
                          "order,line,depot,supplier,product,supplier_item,units,cases,due_date,"
                          "reason"));
    csv.set_tap(add_to_digest, &digest);
    for (std::size_t i = 0; i < night_.depot_orders.size(); ++i) {
      const DepotOrderLine& line = night_.depot_orders[i];
      const auto* item = find_supplier_item(estate_, line.supplier, line.product);
      csv.text(numbers_.orders[numbers_.of_depot_line[i].order])
          .whole(numbers_.of_depot_line[i].line)
          .text(estate_.sites[line.depot].id)
          .text(estate_.suppliers[line.supplier].id)
          .text(estate_.products[line.product].id)
          .text(item == nullptr ? std::string_view{} : item->supplier_item)
          .whole(line.units)
          .whole(line.cases)
          .date(line.due)
          .text(line.reason)
          .end_row();
    }
    return csv.finish();
  }

  Result<> write_supplier_forecast() const {
    auto csv = TRY(create("supplier_forecast.csv",
                          "supplier,depot,product,date,units,units_high,committed_units"));
    for (const SupplierForecastRow& row : night_.supplier_forecast)
      csv.text(estate_.suppliers[row.supplier].id)
          .text(estate_.sites[row.depot].id)
          .text(estate_.products[row.product].id)
          .date(row.date)
          .whole(row.units)
          .whole(row.units_high)
          .whole(row.committed_units)
          .end_row();
    return csv.finish();
  }

  Result<> write_count_tasks() const {
    auto csv = TRY(create("count_tasks.csv", "site,product,why,value"));
    for (const CountTask& task : in_.positions.tasks)
      csv.text(estate_.sites[task.site].id)
          .text(estate_.products[task.product].id)
          .text(text_of(task.why))
          .money(task.value)
          .end_row();
    return csv.finish();
  }

  Result<> write_overdue() const {
    auto csv = TRY(create("overdue.csv", "site,product,order,due_date,units,days_overdue,cause"));
    std::vector<OverdueOrder> all = in_.positions.overdue;
    all.insert(all.end(), night_.depot_overdue.begin(), night_.depot_overdue.end());
    std::ranges::sort(all, {}, &OverdueOrder::row);  // by site, product
    for (const OverdueOrder& overdue : all) {
      const estate::OnOrderRow& row = estate_.on_order[overdue.row];
      csv.text(estate_.sites[row.site].id)
          .text(estate_.products[row.product].id)
          .text(row.order)
          .date(overdue.due)
          .whole(row.units)
          .whole(in_.as_of - overdue.due)
          .text("missed_drop")
          .end_row();
    }
    return csv.finish();
  }

  // The last day on which a line sold anything, or nothing.
  std::optional<Date> last_sold(const estate::RangeLine& line) const {
    const estate::Sales& sales = estate_.sales;
    const auto key = [&](std::size_t i) { return std::pair(sales.site[i], sales.product[i]); };
    const auto rows = std::views::iota(std::size_t{0}, sales.size());
    const auto own = std::ranges::equal_range(rows, std::pair(line.site, line.product), {}, key);
    std::optional<Date> last;
    for (const std::size_t i : own)
      if (sales.units[i] > 0 && estate::sale_date(sales.day[i]) <= in_.as_of)
        last = estate::sale_date(sales.day[i]);
    return last;
  }

  // With range.csv nothing is dormant, and the walk over all sales that finds it is spared.
  Result<> write_dormant() const {
    auto csv = TRY(create("dormant.csv", "site,product,last_sold,cause"));
    const auto lines =
        estate_.has_range ? estate::RangeLines{} : estate::lines_in_range(estate_, in_.as_of);
    for (const estate::RangeLine& line : lines.dormant) {
      const auto last = last_sold(line);
      csv.text(estate_.sites[line.site].id).text(estate_.products[line.product].id);
      if (last)
        csv.date(*last);
      else
        csv.empty();
      csv.text(last ? "not_sold_lately" : "never_sold").end_row();
    }
    return csv.finish();
  }

  Result<> write_held() const {
    auto csv = TRY(create("held.csv", "id,where,what,was,is,why"));
    for (const HeldRow& row : night_.held)
      csv.text(row.id)
          .text(row.where)
          .text(row.what)
          .text(row.was)
          .text(row.is)
          .text(row.why)
          .end_row();
    return csv.finish();
  }

  Result<> write_surge() const {
    auto csv = TRY(create("surge.csv", "supplier,site,product,wanted,units,held,why"));
    for (const SurgeHeld& held : night_.surge_held)
      csv.text(estate_.suppliers[held.supplier].id)
          .text(estate_.sites[held.site].id)
          .text(estate_.products[held.product].id)
          .whole(held.wanted_units)
          .whole(held.units)
          .whole(held.wanted_units - held.units)
          .text(text_of(held.limit))
          .end_row();
    return csv.finish();
  }

  Result<> write_rejected() const {
    auto csv = TRY(create("rejected.csv", "file,line,column,value,why"));
    for (const estate::Rejected& row : estate_.rejected)
      csv.text(row.file)
          .whole(static_cast<std::int64_t>(row.line))
          .text(row.column)
          .text(row.value)
          .text(row.why)
          .end_row();
    return csv.finish();
  }

  io::Disk& disk_;
  const io::Path folder_;
  const OrderRunInput& in_;
  const Estate& estate_;
  const Night& night_;
  const OrderNumbers numbers_;
};

bool is_output(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{
      "orders.csv",      "depot_orders.csv", "supplier_forecast.csv", "by_supplier",
      "count_tasks.csv", "overdue.csv",      "dormant.csv",           "held.csv",
      "rejected.csv",    "surge.csv",        "report.html",           "summary.json"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<> check_out_folder(io::Disk& disk, const io::Path& out) {
  TRY(io::StagedFolder::create(disk, out, marker, is_output));
  return {};
}

Result<std::string> write_night(io::Disk& disk, const io::Path& out, const OrderRunInput& input,
                                const Night& night, const RunFacts& facts) {
  auto staged = TRY(io::StagedFolder::create(disk, out, marker, is_output));
  OutFolder folder(disk, staged.path(), input, night);
  const std::string digest_out = TRY(folder.write_orders());
  TRY(folder.write_lists());
  const Figures figures = figures_of(input, night);
  TRY(folder.write_text("report.html", report_html(input, night, figures, facts, digest_out)));
  const std::string summary = TRY(summary_json(input, night, figures, facts, digest_out));
  TRY(folder.write_text(marker, summary));
  TRY(staged.commit());
  return summary;
}

}  // namespace nightly
