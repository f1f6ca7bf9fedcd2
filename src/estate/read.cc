#include "estate/read.h"

#include <fmt/core.h>

#include "base/parallel.h"
#include "estate/read_columns.h"
#include "estate/read_files.h"
#include "estate/read_session.h"
#include "estate/read_toml.h"

namespace estate {
namespace {

using base::ErrorCode;
using base::Result;

// "sales.csv", "sales", "sales.csv.promotion" and "sales.promotion" are all understood.
bool known_requirement(std::string_view text) {
  for (const std::string_view file : known_files) {
    const std::string_view stem = file.substr(0, file.find('.'));
    if (text == file || text == stem) return true;
    for (const std::string_view name : {file, stem})
      if (text.starts_with(name) && text.substr(name.size()).starts_with('.') &&
          known_column(file, text.substr(name.size() + 1)))
        return true;
  }
  return false;
}

Result<> read_settings(Session& session, Estate& estate) {
  const std::string text = TRY(session.read_whole("estate.toml", toml_bytes_max));
  EstateToml settings = TRY(parse_estate_toml(text));
  for (const Requirement& requirement : settings.requirements)
    if (!known_requirement(requirement.text))
      return base::fail(ErrorCode::input_bad,
                        fmt::format("estate.toml:{}: requires \"{}\", which this reader does not "
                                    "know; expected files and columns of format 1",
                                    requirement.line, shown(requirement.text)));
  session.facts("estate.toml").unknown_columns = std::move(settings.unknown_keys);
  session.lookup.weekly = settings.period == PeriodKind::week;
  estate.name = std::move(settings.name);
  estate.currency = std::move(settings.currency);
  estate.timezone = std::move(settings.timezone);
  estate.period = settings.period;
  estate.policy = settings.policy;
  return {};
}

}  // namespace

bool known_column(std::string_view file, std::string_view column) {
  for (const auto& group :
       {goods_columns(), sales_columns(), routine_columns(), stock_columns(), event_columns()})
    for (const FileColumns& columns : group)
      if (columns.file == file)
        return std::find(columns.names.begin(), columns.names.end(), column) != columns.names.end();
  return false;
}

Result<Estate> read_estate(io::Disk& disk, const io::Path& folder, const ReadOptions& options) {
  Session session = TRY(Session::open(disk, folder, options));
  Estate estate;
  for (const auto read : {read_settings, read_suppliers, read_sites, read_products})
    TRY(read(session, estate));
  // sales.csv is about as large as all other files, and none of those needs the other.
  auto others = base::beside(options.threads, [&]() -> Result<> {
    for (const auto read :
         {read_supplier_items, read_barcodes, read_range, read_supply, read_deliveries,
          read_calendar, read_capacity, read_stock, read_on_order, read_movements,
          read_customer_orders, read_promotions, read_events, read_prices})
      TRY(read(session, estate));
    return {};
  });
  TRY(read_sales(session, estate));
  TRY(others.get());
  estate.files = session.finish_facts();
  estate.rejected = session.finish_rejected();
  estate.digest = session.digest();
  return estate;
}

}  // namespace estate
