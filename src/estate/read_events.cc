// What bends demand: promotions.csv, events.csv, prices.csv.
#include "estate/read_columns.h"
#include "estate/read_files.h"

namespace estate {
namespace {

using base::Result;
using enum Need;
namespace v = values;

constexpr double uplift_max = 1000;

constexpr auto promotion_table_columns = std::to_array<Column<PromotionRow>>({
    {"promotion", required, v::text<&PromotionRow::promotion>},
    {"product", required, v::product<&PromotionRow::product>},
    {"from_date", required, v::date<&PromotionRow::from>},
    {"to_date", required, v::date<&PromotionRow::to>},
    {"site", optional, v::site<&PromotionRow::site>},
    {"region", optional, v::text<&PromotionRow::region>},
    {"mechanic", optional, v::word<&PromotionRow::mechanic>},
    {"price", optional, v::money<&PromotionRow::price>},
    {"uplift", optional, v::decimal<&PromotionRow::uplift, 0.0, uplift_max>},
    {"display_units", optional, v::whole<&PromotionRow::display_units, 0, units_max>},
    {"order_from_date", optional, v::date<&PromotionRow::order_from>},
});
constexpr Table<PromotionRow> promotion_table{"promotions.csv", promotion_table_columns,
                                              check_days<PromotionRow>, &PromotionRow::from};

constexpr auto event_table_columns = std::to_array<Column<EventRow>>({
    {"date", required, v::date<&EventRow::date>},
    {"event", required, v::text<&EventRow::event>},
    {"region", optional, v::text<&EventRow::region>},
    {"site", optional, v::site<&EventRow::site>},
    {"category", optional, v::text<&EventRow::category>},
    {"uplift", optional, v::decimal<&EventRow::uplift, 0.0, uplift_max>},
    {"learn", optional, v::flag<&EventRow::learn>},
});
constexpr Table<EventRow> event_table{"events.csv", event_table_columns, nullptr, &EventRow::date};

constexpr auto price_table_columns = std::to_array<Column<PriceRow>>({
    {"product", required, v::product<&PriceRow::product>},
    {"from_date", required, v::date<&PriceRow::from>},
    {"price", required, v::money<&PriceRow::price>},
    {"to_date", optional, v::date<&PriceRow::to>},
    {"site", optional, v::site<&PriceRow::site>},
    {"region", optional, v::text<&PriceRow::region>},
    {"kind", optional, v::text<&PriceRow::kind>},
});
constexpr Table<PriceRow> price_table{"prices.csv", price_table_columns, check_days<PriceRow>,
                                      &PriceRow::from};

}  // namespace

Result<> read_promotions(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, promotion_table));
  TRY(sort_unique(session, promotion_table.file, "product, from_date, promotion, site and region",
                  rows, [](const PromotionRow& row) {
                    return std::tie(row.product, row.from, row.promotion, row.site, row.region);
                  }));
  estate.promotions = without_lines<PromotionRow>(std::move(rows));
  return {};
}

Result<> read_events(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, event_table));
  TRY(sort_unique(session, event_table.file, "date, event, region, site and category", rows,
                  [](const EventRow& row) {
                    return std::tie(row.date, row.event, row.region, row.site, row.category);
                  }));
  estate.events = without_lines<EventRow>(std::move(rows));
  return {};
}

Result<> read_prices(Session& session, Estate& estate) {
  auto rows = TRY(read_rows(session, price_table));
  TRY(sort_unique(session, price_table.file, "product, from_date, site, region and kind", rows,
                  [](const PriceRow& row) {
                    return std::tie(row.product, row.from, row.site, row.region, row.kind);
                  }));
  estate.prices = without_lines<PriceRow>(std::move(rows));
  return {};
}

std::vector<FileColumns> event_columns() {
  return {columns_of(promotion_table), columns_of(event_table), columns_of(price_table)};
}

}  // namespace estate
