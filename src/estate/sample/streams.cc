// The files that grow with stores times lines.
#include <fmt/core.h>

#include "estate/sample/files.h"
#include "estate/words.h"

namespace estate::sample {
namespace {

enum File : int {
  range,
  sales,
  movements,
  stock,
  on_order,
  incumbent_orders,
  truth,
  truth_stock,
  truth_future
};

struct FileName {
  const char *name, *header;
};
constexpr FileName names[] = {
    {"range.csv",
     "site,product,from_date,to_date,status,like_product,launch_units,presentation_units_min,shelf_"
     "units_max,"
     "order_multiple_units"},
    {"sales.csv", "date,site,product,units,in_stock,promotion,reduced_units"},
    {"movements.csv", "date,site,product,units,reason"},
    {"stock.csv", "site,product,expiry_date,on_hand_units,as_of"},
    {"on_order.csv", "site,product,due_date,order,units,source,placed_on,status"},
    {"incumbent_orders.csv", "site,product,units,due_date,order"},
    {"truth.csv", "date,site,product,demand,lost_units,waste_units"},
    {"truth_stock.csv", "site,product,true_on_hand"},
    {"truth_future.csv", "date,site,product,demand"},
};

// These files are compressed as the options say.
std::string big_file(const char* name, Compression compress) {
  constexpr std::array<std::string_view, 3> endings{"", ".gz", ".zst"};
  return fmt::format("{}{}", name, endings[static_cast<std::size_t>(compress)]);
}

// One order a site, chain or supplier, and day.
std::string order_number(const std::string& site, std::string_view what, Date placed) {
  const auto [year, month, day] = base::year_month_day(placed);
  return fmt::format("{}-{}-{:04}{:02}{:02}", site, what, year, month, day);
}

}  // namespace

Streams::Streams(const World& world, std::vector<CsvWriter> writers)
    : world_(&world), writers_(std::move(writers)) {}

base::Result<Streams> Streams::create(io::Disk& disk, const io::Path& folder, const World& world) {
  std::vector<CsvWriter> writers;
  for (const FileName& file : names)
    if (&file != &names[truth_future] || world.options.future_days > 0)
      writers.push_back(TRY(CsvWriter::create(
          disk, folder / big_file(file.name, world.options.compress), file.header)));
  return Streams(world, std::move(writers));
}

void Streams::add_store(std::size_t store, const StoreHistory& history) {
  const Site& site = world_->store_site(store);
  add_range(site, history);
  add_sales(site, history);
  add_movements(site, history);
  add_stock(site, world_->stores[store].dark, history);
  add_orders(site, history);
  add_truth(site, history);
}

void Streams::add_range(const Site& site, const StoreHistory& history) {
  CsvWriter& csv = file(range);
  for (const LinePlan& plan : history.lines) {
    const std::uint32_t like = world_->traits[plan.product].like_product;
    csv.text(site.id).text(world_->products[plan.product].id);
    if (plan.from_day < 0)
      csv.empty();
    else
      csv.date(world_->date(plan.from_day));
    if (plan.to_day >= life_never)
      csv.empty();
    else
      csv.date(world_->date(plan.to_day));
    csv.text(text_of(plan.status)).text(like == none ? "" : world_->products[like].id);
    if (plan.status == RangeStatus::launch)
      csv.whole(plan.presentation_units + plan.order_multiple_units);
    else
      csv.empty();
    csv.whole(plan.presentation_units)
        .whole(plan.shelf_units_max)
        .whole(plan.order_multiple_units)
        .end_row();
  }
}

void Streams::add_sales(const Site& site, const StoreHistory& history) {
  CsvWriter& csv = file(sales);
  for (const SaleRow& row : history.sales) {
    if (row.day > history.stock_day) continue;  // a dark store
    csv.date(world_->date(row.day))
        .text(site.id)
        .text(world_->products[history.lines[row.line].product].id);
    csv.whole(row.units).whole(row.empty ? 0 : 1);
    csv.text(row.promotion == none ? "" : world_->promotions[row.promotion].row.promotion);
    csv.whole(row.reduced_units).end_row();
  }
}

void Streams::add_movements(const Site& site, const StoreHistory& history) {
  CsvWriter& csv = file(movements);
  for (const MoveRow& row : history.movements) {
    csv.date(world_->date(row.day))
        .text(site.id)
        .text(world_->products[history.lines[row.line].product].id);
    csv.whole(row.units).text(text_of(row.reason)).end_row();
  }
}

void Streams::add_stock(const Site& site, bool dark, const StoreHistory& history) {
  CsvWriter& csv = file(stock);
  for (const BatchRow& row : history.stock) {
    csv.text(site.id).text(world_->products[history.lines[row.line].product].id);
    if (row.expiry_day >= life_never)
      csv.empty();
    else
      csv.date(world_->date(row.expiry_day));
    csv.whole(row.units);
    if (dark)
      csv.date(world_->date(history.stock_day));
    else
      csv.empty();
    csv.end_row();
  }
  CsvWriter& true_csv = file(truth_stock);
  for (std::size_t line = 0; line < history.lines.size(); ++line)
    true_csv.text(site.id)
        .text(world_->products[history.lines[line].product].id)
        .whole(history.true_on_hand[line])
        .end_row();
}

void Streams::add_orders(const Site& site, const StoreHistory& history) {
  constexpr std::array<std::string_view, chains> letters{"A", "C", "F"};
  for (const OpenOrder& row : history.on_order) {
    const Product& product = world_->products[history.lines[row.line].product];
    const Date placed = world_->date(row.placed_day), due = world_->date(row.due_day);
    const std::string order =
        order_number(site.id, letters[static_cast<std::size_t>(product.chain)], placed);
    // What the incumbent orders at the close of the last day is what somebody else would decide
    // instead.
    if (placed == world_->options.last_day) {
      file(incumbent_orders).text(site.id).text(product.id).whole(row.units).date(due);
      file(incumbent_orders).text(order).end_row();
      continue;
    }
    CsvWriter& csv = file(on_order);
    csv.text(site.id).text(product.id).date(due).text(order).whole(row.units);
    // The depot knows that it sent nothing.
    csv.text(world_->sites[site.depot].id).date(placed);
    csv.text(world_->cut_off(row.due_day) ? "cancelled" : "placed").end_row();
  }
}

void Streams::add_truth(const Site& site, const StoreHistory& history) {
  CsvWriter& csv = file(truth);
  for (const TruthRow& row : history.truth) {
    csv.date(world_->date(row.day))
        .text(site.id)
        .text(world_->products[history.lines[row.line].product].id);
    csv.whole(row.demand).whole(row.lost).whole(row.waste).end_row();
  }
  for (const FutureRow& row : history.future)
    file(truth_future)
        .date(world_->date(row.day))
        .text(site.id)
        .text(world_->products[history.lines[row.line].product].id)
        .whole(row.demand)
        .end_row();
}

void Streams::add_depot(std::uint32_t depot, const DepotEnd& end) {
  const Site& site = world_->sites[depot];
  for (const DepotBatch& row : end.stock) {
    file(stock).text(site.id).text(world_->products[row.product].id);
    if (row.expiry_day >= life_never)
      file(stock).empty();
    else
      file(stock).date(world_->date(row.expiry_day));
    file(stock).whole(row.units).empty().end_row();
  }
  for (const DepotOrder& row : end.on_order) {
    const Product& product = world_->products[row.product];
    const std::string& supplier = world_->suppliers[product.supplier].id;
    const Date placed = world_->date(row.placed_day);
    if (placed == world_->options.last_day) continue;
    file(on_order).text(site.id).text(product.id).date(world_->date(row.due_day));
    file(on_order)
        .text(order_number(site.id, supplier, placed))
        .whole(row.units)
        .text(supplier)
        .date(placed);
    file(on_order).text("placed").end_row();
  }
}

base::Result<> Streams::finish(SampleFacts& facts) {
  facts.sales_rows = file(sales).rows();
  facts.truth_rows = file(truth).rows();
  for (CsvWriter& writer : writers_) TRY(writer.finish());
  return {};
}

}  // namespace estate::sample
