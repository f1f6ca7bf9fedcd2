#pragma once
// An estate folder in memory: what a retailer handed over, checked, as tables and columns. See
// docs/formats/estate.md.
//
// Sites, products, suppliers and promotions are numbered by their id in byte order, so an index
// order is an id order and no result depends on the order of rows in a file. `none` stands where an
// optional reference is empty.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/numbers.h"

namespace estate {

using base::Date;
using base::Money;

enum class PeriodKind : std::uint8_t { day, week };
enum class SiteKind : std::uint8_t { store, depot, online };
enum class Ownership : std::uint8_t { own, franchise, society, wholesale };
enum class Measure : std::uint8_t { each, g };
enum class Chain : std::uint8_t { ambient, chilled, frozen };
enum class DateKind : std::uint8_t { none, use_by, best_before };
enum class RangeStatus : std::uint8_t { active, launch, run_down, seasonal, blocked };
enum class Flow : std::uint8_t { stock, cross_dock, direct };
enum class OrderBasis : std::uint8_t { units, cases, layers, pallets, kg, pence };
enum class DayState : std::uint8_t { open, closed, no_delivery };
enum class CapacityBasis : std::uint8_t { units, cases, cages, kg };
enum class Mechanic : std::uint8_t { none, price, multibuy, meal_deal, member };
enum class MovementReason : std::uint8_t {
  received,
  waste,
  damage,
  theft,
  count,
  transfer_in,
  transfer_out,
  donated,
  recalled
};

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

// [policy] of estate.toml, and what range.csv may override for one line. Service level and costs
// exclude each other: where both costs are set, the level is shortage / (shortage + holding) per
// period.
struct Policy {
  std::int32_t lead_periods = 1;
  std::int32_t review_periods = 1;
  std::optional<double> service_level;  // set to 0.97 by the reader when no cost is given either
  std::optional<double> shortage_cost;  // per unit of lost sale
  std::optional<double> holding_cost;   // per unit and period
  friend bool operator==(const Policy&, const Policy&) = default;
};

struct Site {
  std::string id, name, region, format, postcode, nation;
  SiteKind kind = SiteKind::store;
  Ownership ownership = Ownership::own;
  std::uint32_t depot = none;      // index into sites
  std::uint32_t like_site = none;  // index into sites
  std::uint8_t lifeline = 0;       // 0 to 3
  std::optional<double> lat, lon;
  Date opened_on = base::date_min,
       closed_on = base::date_max;  // first day open, first day closed again
  friend bool operator==(const Site&, const Site&) = default;
};

struct Product {
  std::string id, name, group, category, department, need_group, substitute_group, gtin, vat_code,
      age_rule;
  Measure measure = Measure::each;
  Chain chain = Chain::ambient;
  DateKind date_kind = DateKind::none;
  std::uint32_t supplier = none;  // index into suppliers
  std::int32_t case_units = 1, inner_units = 0, layer_cases = 0, pallet_cases = 0, cage_cases = 0;
  std::int32_t case_weight_g = 0, case_volume_ml = 0;  // 0 = unknown, as in the line above
  std::int32_t shelf_life_days = 0, life_into_depot_days = 0,
               life_on_receipt_days = 0;  // 0 = unknown
  std::optional<Money> unit_cost, unit_price;
  std::uint8_t tier = 5;  // 1 (what a community cannot do without) to 9
  bool own_label = false;
  friend bool operator==(const Product&, const Product&) = default;
};

struct Supplier {
  std::string id, name, gln, email, phone;
  std::int32_t lead_days = 0;          // 0 = unknown
  std::uint8_t order_weekdays = 0x7f;  // bit 0 = Monday
  OrderBasis order_basis = OrderBasis::units;
  std::int64_t min_order = 0, max_order = 0;  // in order_basis; 0 = none
  std::int64_t surge_max = 0;                 // in order_basis; 0 = none
  friend bool operator==(const Supplier&, const Supplier&) = default;
};

struct SupplierItem {  // sorted by supplier, product
  std::uint32_t supplier, product;
  std::string supplier_item, case_gtin;
  std::int32_t case_units = 0;  // 0 = the product's
  std::optional<Money> case_cost;
  friend bool operator==(const SupplierItem&, const SupplierItem&) = default;
};

struct Barcode {
  std::string barcode;
  std::uint32_t product;
  std::int32_t units = 1;
  std::uint8_t kind = 0;  // each, inner, case, plu
  Date from = base::date_min, to = base::date_max;
  friend bool operator==(const Barcode&, const Barcode&) = default;
};

// Flags of a sales row.
inline constexpr std::uint8_t sale_empty_shelf =
    1;  // in_stock = 0: demand was at least the units sold
inline constexpr std::uint8_t sale_promotion = 2;  // the row names a promotion

// Columns of sales.csv, one entry per (date, site, product), channels summed; sorted by site,
// product, date. In a weekly estate the date is the Monday the week begins on.
struct Sales {
  std::vector<std::uint32_t> site, product;
  std::vector<std::uint16_t> day;   // days since sales_epoch
  std::vector<std::int32_t> units;  // all channels, reduced-to-clear included, returns negative
  std::vector<std::int32_t> reduced_units;  // empty where the file has no such column
  std::vector<std::uint8_t> flags;

  std::size_t size() const { return day.size(); }
  friend bool operator==(const Sales&, const Sales&) = default;
};
inline constexpr Date sales_epoch{-25567};                        // 1900-01-01
inline constexpr Date sale_date_last{sales_epoch.days + 65535};  // 2079-06-06
inline Date sale_date(std::uint16_t day) { return sales_epoch + day; }

struct RangeRow {  // sorted by site, product, from
  std::uint32_t site, product;
  Date from = base::date_min, to = base::date_max;  // both included
  RangeStatus status = RangeStatus::active;
  std::uint32_t like_product = none, replaces = none;
  std::int32_t launch_units = 0;
  std::int32_t presentation_units_min = 0;
  std::int32_t shelf_units_max = 0;       // 0 = no limit
  std::int32_t order_multiple_units = 0;  // 0 = the product's case_units
  std::int32_t order_units_max = 0;       // 0 = no limit
  std::optional<double> service_level, shortage_cost, holding_cost;
  friend bool operator==(const RangeRow&, const RangeRow&) = default;
};

// Which product a supply row is for: the first of product, category, chain that is set; all
// products otherwise.
struct SupplyRow {  // sorted by to_site, priority, then file order
  std::uint32_t to_site;
  std::uint32_t from_site = none, from_supplier = none;  // exactly one is set
  std::uint32_t product = none;
  std::string category;
  std::optional<Chain> chain;
  Flow flow = Flow::stock;
  std::int32_t priority = 1;
  std::optional<std::int32_t> lead_days;
  std::uint8_t order_weekdays = 0;  // 0 = not said
  std::int32_t cut_off_minute = -1;
  std::optional<OrderBasis> order_basis;
  std::int64_t min_order = 0, max_order = 0;  // 0 = none
  Date from = base::date_min, to = base::date_max;
  friend bool operator==(const SupplyRow&, const SupplyRow&) = default;
};

struct DeliveryRow {  // sorted by site, chain, order_weekday, drop
  std::uint32_t site;
  Chain chain;
  std::uint8_t order_weekday;  // 0 = Monday; the file counts from 1
  std::int32_t drop;
  std::uint32_t source_site = none, source_supplier = none;
  std::int32_t deliver_weekday = -1;  // 0 = Monday
  std::int32_t on_shelf_from_minute = -1, cut_off_minute = -1;
  std::string route;
  std::int32_t stop = 0;
  std::int64_t capacity = 0;  // 0 = none
  CapacityBasis capacity_basis = CapacityBasis::cases;
  Date from = base::date_min, to = base::date_max;
  friend bool operator==(const DeliveryRow&, const DeliveryRow&) = default;
};

struct CalendarRow {  // sorted by site, date
  Date date;
  std::uint32_t site;
  DayState state = DayState::open;
  std::optional<Chain> chain;
  std::int32_t drop = -1;
  std::optional<Date> moved_to;
  std::int32_t cut_off_minute = -1;
  friend bool operator==(const CalendarRow&, const CalendarRow&) = default;
};

struct CapacityRow {
  std::uint32_t depot;
  Chain chain;
  std::optional<Date> date;
  std::int32_t weekday = -1;                                       // 0 = Monday; -1 = every day
  std::int64_t pick_cases = -1, receive_pallets = -1, loads = -1;  // -1 = not said
  friend bool operator==(const CapacityRow&, const CapacityRow&) = default;
};

struct Stock {  // sorted by site, product, expiry, batch
  std::vector<std::uint32_t> site, product;
  std::vector<std::int32_t> on_hand_units, blocked_units;
  std::vector<Date> expiry;        // date_max = not said
  std::vector<Date> as_of;         // date_min = not said: at the close of --as-of
  std::vector<Date> counted_on;    // date_min = not said
  std::vector<std::string> batch;  // empty where the file has no such column

  std::size_t size() const { return site.size(); }
  friend bool operator==(const Stock&, const Stock&) = default;
};

struct OnOrderRow {  // sorted by site, product, due
  std::uint32_t site, product;
  Date due;
  std::int32_t units;  // confirmed_units where given
  std::string order;
  std::string source;
  Date placed_on = base::date_min;
  std::string status;
  Date expiry = base::date_max;
  friend bool operator==(const OnOrderRow&, const OnOrderRow&) = default;
};

struct MovementRow {  // sorted by site, product, date
  Date date;
  std::uint32_t site, product;
  std::int32_t units;
  MovementReason reason;
  friend bool operator==(const MovementRow&, const MovementRow&) = default;
};

struct CustomerOrderRow {
  std::string order;
  std::uint32_t site, product;
  std::int32_t units;
  std::optional<Date> due;
  friend bool operator==(const CustomerOrderRow&, const CustomerOrderRow&) = default;
};

struct PromotionRow {  // sorted by product, from
  std::string promotion;
  std::uint32_t product;
  Date from, to = base::date_max;
  std::uint32_t site = none;  // none = every site
  std::string region;         // empty = every region
  Mechanic mechanic = Mechanic::none;
  std::optional<Money> price;
  std::optional<double> uplift;
  std::int32_t display_units = 0;
  std::optional<Date> order_from;
  friend bool operator==(const PromotionRow&, const PromotionRow&) = default;
};

struct EventRow {  // sorted by date, event
  Date date;
  std::string event;
  std::string region;         // empty = every region
  std::uint32_t site = none;  // none = every site
  std::string category;       // empty = every category
  std::optional<double> uplift;
  bool learn = true;
  friend bool operator==(const EventRow&, const EventRow&) = default;
};

struct PriceRow {  // sorted by product, from
  std::uint32_t product;
  Date from, to = base::date_max;
  Money price;
  std::uint32_t site = none;
  std::string region, kind;
  friend bool operator==(const PriceRow&, const PriceRow&) = default;
};

// A row that --lenient left out.
struct Rejected {
  std::string file;
  std::uint64_t line = 0;  // of the uncompressed file, the header is line 1
  std::string column, value, why;
  friend bool operator==(const Rejected&, const Rejected&) = default;
};

// What one file of the folder was, for reports and for `check`.
struct FileFacts {
  std::string file;        // as found, for example "sales.csv.zst"
  std::uint64_t rows = 0;  // accepted
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;                             // on disk
  Date first = base::date_max, last = base::date_min;  // of its main date column, if it has one
  std::vector<std::string> unknown_columns;
};

struct Estate {
  std::string name, currency = "GBP", timezone = "Europe/London";
  PeriodKind period = PeriodKind::day;
  Policy policy;

  std::vector<Site> sites;          // sorted by id
  std::vector<Product> products;    // sorted by id
  std::vector<Supplier> suppliers;  // sorted by id
  std::vector<SupplierItem> supplier_items;
  std::vector<Barcode> barcodes;
  Sales sales;
  std::vector<RangeRow> range;
  std::vector<SupplyRow> supply;
  std::vector<DeliveryRow> deliveries;
  std::vector<CalendarRow> calendar;
  std::vector<CapacityRow> capacity;
  Stock stock;
  std::vector<OnOrderRow> on_order;
  std::vector<MovementRow> movements;
  std::vector<CustomerOrderRow> customer_orders;
  std::vector<PromotionRow> promotions;
  std::vector<EventRow> events;
  std::vector<PriceRow> prices;

  std::vector<FileFacts> files;    // in the order of the format's table; only those that were found
  std::vector<Rejected> rejected;  // empty without --lenient
  std::string
      digest;  // SHA-256 over the folder's files as read, in name order; see docs/formats/estate.md
  bool has_range = false, has_stock = false, has_in_stock_flags = false;
};

// Index of an id in a table sorted by id, or `none`.
std::uint32_t find_site(const Estate& estate, std::string_view id);
std::uint32_t find_product(const Estate& estate, std::string_view id);
std::uint32_t find_supplier(const Estate& estate, std::string_view id);

}  // namespace estate
