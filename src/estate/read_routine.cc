// How goods flow by plan: range.csv, supply.csv, deliveries.csv, site_calendar.csv, capacity.csv.
#include "estate/read_columns.h"
#include "estate/read_files.h"

namespace estate {
namespace {

using base::Result;
using enum Need;
namespace v = values;

constexpr std::int64_t days_max = 36'500;
constexpr std::int64_t order_max = 1'000'000'000'000;
constexpr std::int64_t drop_max = 99;
constexpr double cost_max = 1e9;

constexpr auto range_table_columns = std::to_array<Column<RangeRow>>({
    {"site", required, v::site<&RangeRow::site>},
    {"product", required, v::product<&RangeRow::product>},
    {"from_date", optional, v::date<&RangeRow::from>},
    {"to_date", optional, v::date<&RangeRow::to>},
    {"status", optional, v::word<&RangeRow::status>},
    {"like_product", optional, v::product<&RangeRow::like_product>},
    {"replaces", optional, v::product<&RangeRow::replaces>},
    {"launch_units", optional, v::whole<&RangeRow::launch_units, 0, units_max>},
    {"presentation_units_min", optional, v::whole<&RangeRow::presentation_units_min, 0, units_max>},
    {"shelf_units_max", optional, v::whole<&RangeRow::shelf_units_max, 0, units_max>},
    {"order_multiple_units", optional, v::whole<&RangeRow::order_multiple_units, 0, units_max>},
    {"order_units_max", optional, v::whole<&RangeRow::order_units_max, 0, units_max>},
    {"service_level", optional, v::service_level<&RangeRow::service_level>},
    {"shortage_cost", optional, v::decimal<&RangeRow::shortage_cost, 0.0, cost_max>},
    {"holding_cost", optional, v::decimal<&RangeRow::holding_cost, 0.0, cost_max>},
});
RowFault check_range(const RangeRow& row) {
  if (row.service_level && (row.shortage_cost || row.holding_cost))
    return {"service_level", "either a service level or costs, not both"};
  return check_days(row);
}
constexpr Table<RangeRow> range_table{"range.csv", range_table_columns, check_range};

constexpr auto supply_table_columns = std::to_array<Column<SupplyRow>>({
    {"to_site", required, v::site<&SupplyRow::to_site>},
    {"from", required, v::source<&SupplyRow::from_site, &SupplyRow::from_supplier>},
    {"product", optional, v::product<&SupplyRow::product>},
    {"category", optional, v::text<&SupplyRow::category>},
    {"chain", optional, v::word<&SupplyRow::chain>},
    {"flow", optional, v::word<&SupplyRow::flow>},
    {"priority", optional, v::whole<&SupplyRow::priority, 1, 1000>},
    {"lead_days", optional, v::whole<&SupplyRow::lead_days, 0, days_max>},
    {"order_weekdays", optional, v::weekdays<&SupplyRow::order_weekdays>},
    {"cut_off", optional, v::minute<&SupplyRow::cut_off_minute>},
    {"order_basis", optional, v::word<&SupplyRow::order_basis>},
    {"min_order", optional, v::whole<&SupplyRow::min_order, 0, order_max>},
    {"max_order", optional, v::whole<&SupplyRow::max_order, 0, order_max>},
    {"from_date", optional, v::date<&SupplyRow::from>},
    {"to_date", optional, v::date<&SupplyRow::to>},
});
constexpr Table<SupplyRow> supply_table{"supply.csv", supply_table_columns, check_days<SupplyRow>};

constexpr auto delivery_table_columns = std::to_array<Column<DeliveryRow>>({
    {"site", required, v::site<&DeliveryRow::site>},
    {"chain", required, v::word<&DeliveryRow::chain>},
    {"order_weekday", required, v::weekday<&DeliveryRow::order_weekday>},
    {"drop", required, v::whole<&DeliveryRow::drop, 0, drop_max>},
    {"source", optional, v::source<&DeliveryRow::source_site, &DeliveryRow::source_supplier>},
    {"deliver_weekday", optional, v::weekday<&DeliveryRow::deliver_weekday>},
    {"on_shelf_from", optional, v::minute<&DeliveryRow::on_shelf_from_minute>},
    {"cut_off", optional, v::minute<&DeliveryRow::cut_off_minute>},
    {"route", optional, v::text<&DeliveryRow::route>},
    {"stop", optional, v::whole<&DeliveryRow::stop, 0, 10'000>},
    {"capacity", optional, v::whole<&DeliveryRow::capacity, 0, order_max>},
    {"capacity_basis", optional, v::word<&DeliveryRow::capacity_basis>},
    {"from_date", optional, v::date<&DeliveryRow::from>},
    {"to_date", optional, v::date<&DeliveryRow::to>},
});
constexpr Table<DeliveryRow> delivery_table{"deliveries.csv", delivery_table_columns,
                                            check_days<DeliveryRow>};

constexpr auto calendar_table_columns = std::to_array<Column<CalendarRow>>({
    {"date", required, v::date<&CalendarRow::date>},
    {"site", required, v::site<&CalendarRow::site>},
    {"state", optional, v::word<&CalendarRow::state>},
    {"chain", optional, v::word<&CalendarRow::chain>},
    {"drop", optional, v::whole<&CalendarRow::drop, 0, drop_max>},
    {"moved_to", optional, v::date<&CalendarRow::moved_to>},
    {"cut_off", optional, v::minute<&CalendarRow::cut_off_minute>},
});
constexpr Table<CalendarRow> calendar_table{"site_calendar.csv", calendar_table_columns, nullptr,
                                            &CalendarRow::date};

constexpr auto capacity_table_columns = std::to_array<Column<CapacityRow>>({
    {"depot", required, v::depot<&CapacityRow::depot>},
    {"chain", required, v::word<&CapacityRow::chain>},
    {"date", optional, v::date<&CapacityRow::date>},
    {"weekday", optional, v::weekday<&CapacityRow::weekday>},
    {"pick_cases", optional, v::whole<&CapacityRow::pick_cases, 0, order_max>},
    {"receive_pallets", optional, v::whole<&CapacityRow::receive_pallets, 0, order_max>},
    {"loads", optional, v::whole<&CapacityRow::loads, 0, order_max>},
});
RowFault check_capacity(const CapacityRow& row) {
  if (!row.date || row.weekday == -1) return {};
  return {"weekday", "either a date or a weekday, not both"};
}
constexpr Table<CapacityRow> capacity_table{"capacity.csv", capacity_table_columns, check_capacity};

}  // namespace

Result<> read_range(Session& session, Estate& estate) {
  estate.has_range = session.has(range_table.file);
  auto rows = TRY(read_rows(session, range_table));
  // One cost alone takes the other from [policy], which must have it then.
  const bool policy_has_costs = estate.policy.shortage_cost.has_value();
  const auto half_a_cost = [&](const RangeRow& row) -> std::optional<Problem> {
    if (policy_has_costs || row.shortage_cost.has_value() == row.holding_cost.has_value())
      return std::nullopt;
    const bool holding_missing = row.shortage_cost.has_value();
    return Problem{0, holding_missing ? "holding_cost" : "shortage_cost", "",
                   "expected a cost, because the row gives the other and [policy] gives none"};
  };
  TRY(drop_faulty(session, range_table.file, rows, half_a_cost));
  TRY(sort_unique(session, range_table.file, "site, product and from_date", rows,
                  [](const RangeRow& row) { return std::tie(row.site, row.product, row.from); }));
  estate.range = without_lines<RangeRow>(std::move(rows));
  return {};
}

Result<> read_supply(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, supply_table));
  TRY(sort_unique(session, supply_table.file,
                  "to_site, from, product, category, chain and from_date", rows,
                  [](const SupplyRow& row) {
                    return std::tie(row.to_site, row.from_site, row.from_supplier, row.product,
                                    row.category, row.chain, row.from);
                  }));
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.row.to_site, a.row.priority, a.line) <
           std::tie(b.row.to_site, b.row.priority, b.line);
  });
  estate.supply = without_lines<SupplyRow>(std::move(rows));
  return {};
}

Result<> read_deliveries(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, delivery_table));
  TRY(sort_unique(session, delivery_table.file, "site, chain, order_weekday, drop and from_date",
                  rows, [](const DeliveryRow& row) {
                    return std::tie(row.site, row.chain, row.order_weekday, row.drop, row.from);
                  }));
  estate.deliveries = without_lines<DeliveryRow>(std::move(rows));
  return {};
}

Result<> read_calendar(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, calendar_table));
  TRY(sort_unique(
      session, calendar_table.file, "site, date, chain and drop", rows,
      [](const CalendarRow& row) { return std::tie(row.site, row.date, row.chain, row.drop); }));
  estate.calendar = without_lines<CalendarRow>(std::move(rows));
  return {};
}

Result<> read_capacity(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, capacity_table));
  TRY(sort_unique(session, capacity_table.file, "depot, chain, date and weekday", rows,
                  [](const CapacityRow& row) {
                    return std::tie(row.depot, row.chain, row.date, row.weekday);
                  }));
  estate.capacity = without_lines<CapacityRow>(std::move(rows));
  return {};
}

std::vector<FileColumns> routine_columns() {
  return {columns_of(range_table), columns_of(supply_table), columns_of(delivery_table),
          columns_of(calendar_table), columns_of(capacity_table)};
}

}  // namespace estate
