#include "nightly/guard_values.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/core.h>

#include "nightly/guard_rates.h"

namespace nightly {
namespace {

using estate::Estate;

// What no honest column says, whatever it said before.
enum class Bound : std::uint8_t {
  none,
  never_zero,
  seldom_zero,      // not in more than half of the rows
  seldom_lifeline,  // 2 or 3 not at more than 60 % of the sites
};

constexpr double seldom_zero_share_max = 0.5;
constexpr double lifeline_share_max = 0.6;
constexpr std::size_t bound_rows_min = 5;  // smaller tables say nothing about shares
constexpr std::int64_t lifeline_from = 2;

struct Column {
  std::string_view name;  // of the cause
  std::string_view what;
  std::size_t (*rows)(const Estate&);
  std::string (*key)(const Estate&, std::size_t row);
  std::int64_t (*get)(const Estate&, std::size_t row);
  void (*set)(Estate&, std::size_t row, std::int64_t value);  // not_said: as if nothing was said
  Scope (*scope)(const Estate&, std::size_t row);
  Rates rates;
  Bound bound = Bound::none;
  std::string_view bound_why = {};
  bool money = false;
};

std::int64_t e4_of(const std::optional<base::Money>& money) { return money ? money->e4 : not_said; }
std::optional<base::Money> money_of(std::int64_t e4) {
  return e4 == not_said ? std::nullopt : std::optional(base::Money{e4});
}

std::size_t product_rows(const Estate& estate) { return estate.products.size(); }
std::string product_key(const Estate& estate, std::size_t row) { return estate.products[row].id; }
Scope product_scope(const Estate&, std::size_t row) {
  return {.product = static_cast<std::uint32_t>(row)};
}

std::string id_of(const std::vector<estate::Site>& sites, std::uint32_t index) {
  return index == estate::none ? std::string{} : sites[index].id;
}
std::string source_id(const Estate& estate, std::uint32_t site, std::uint32_t supplier) {
  return supplier == estate::none ? id_of(estate.sites, site) : estate.suppliers[supplier].id;
}

std::string supply_key(const Estate& estate, std::size_t row) {
  const estate::SupplyRow& supply = estate.supply[row];
  return fmt::format(
      "{}|{}|{}|{}|{}|{}", estate.sites[supply.to_site].id,
      source_id(estate, supply.from_site, supply.from_supplier),
      supply.product == estate::none ? std::string{} : estate.products[supply.product].id,
      supply.category, supply.chain ? static_cast<int>(*supply.chain) : -1, supply.from.days);
}

std::string delivery_key(const Estate& estate, std::size_t row) {
  const estate::DeliveryRow& delivery = estate.deliveries[row];
  return fmt::format("{}|{}|{}|{}|{}|{}", estate.sites[delivery.site].id,
                     static_cast<int>(delivery.chain), delivery.order_weekday, delivery.drop,
                     source_id(estate, delivery.source_site, delivery.source_supplier),
                     delivery.from.days);
}

// Days from the order to the delivery, 0 to 6.
std::int64_t delivery_days(const Estate& estate, std::size_t row) {
  const estate::DeliveryRow& delivery = estate.deliveries[row];
  if (delivery.deliver_weekday < 0) return not_said;
  return (delivery.deliver_weekday - delivery.order_weekday + 7) % 7;
}

constexpr Rates case_rates{.alone_from = 8};
constexpr Rates price_rates{.alone_from = 5, .counted_from = 1.5};
constexpr Rates lead_rates{.alone_from = 5, .share_max = 0.2, .together_min = 3};

const std::vector<Column>& columns() {
  static const std::vector<Column> all{
      {"case_units", "products.case_units", product_rows, product_key,
       [](const Estate& e, std::size_t row) { return std::int64_t{e.products[row].case_units}; },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.products[row].case_units = value == not_said ? 1 : static_cast<std::int32_t>(value);
       },
       product_scope, case_rates},
      {"supplier_case_units", "supplier_items.case_units",
       [](const Estate& e) { return e.supplier_items.size(); },
       [](const Estate& e, std::size_t row) {
         const estate::SupplierItem& item = e.supplier_items[row];
         return e.suppliers[item.supplier].id + "|" + e.products[item.product].id;
       },
       [](const Estate& e, std::size_t row) {
         const std::int32_t units = e.supplier_items[row].case_units;
         return units == 0 ? not_said : std::int64_t{units};
       },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.supplier_items[row].case_units =
             value == not_said ? 0 : static_cast<std::int32_t>(value);
       },
       [](const Estate& e, std::size_t row) {
         return Scope{.product = e.supplier_items[row].product,
                      .supplier = e.supplier_items[row].supplier};
       },
       case_rates},
      {"unit_cost", "products.unit_cost", product_rows, product_key,
       [](const Estate& e, std::size_t row) { return e4_of(e.products[row].unit_cost); },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.products[row].unit_cost = money_of(value);
       },
       product_scope, price_rates, Bound::never_zero, "nothing costs nothing", true},
      {"unit_price", "products.unit_price", product_rows, product_key,
       [](const Estate& e, std::size_t row) { return e4_of(e.products[row].unit_price); },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.products[row].unit_price = money_of(value);
       },
       product_scope, price_rates, Bound::never_zero, "nothing is sold for nothing", true},
      {"supply_lead", "supply.lead_days", [](const Estate& e) { return e.supply.size(); },
       supply_key,
       [](const Estate& e, std::size_t row) {
         return e.supply[row].lead_days ? std::int64_t{*e.supply[row].lead_days} : not_said;
       },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.supply[row].lead_days =
             value == not_said ? std::nullopt : std::optional(static_cast<std::int32_t>(value));
       },
       [](const Estate& e, std::size_t row) {
         const estate::SupplyRow& supply = e.supply[row];
         return Scope{supply.to_site, supply.product, supply.from_supplier,
                      supply.chain ? static_cast<std::int32_t>(*supply.chain) : -1};
       },
       lead_rates, Bound::never_zero, "goods cannot be on the shelf before they are ordered"},
      {"supplier_lead", "suppliers.lead_days", [](const Estate& e) { return e.suppliers.size(); },
       [](const Estate& e, std::size_t row) { return e.suppliers[row].id; },
       [](const Estate& e, std::size_t row) {
         const std::int32_t days = e.suppliers[row].lead_days;
         return days == 0 ? not_said : std::int64_t{days};
       },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.suppliers[row].lead_days = value == not_said ? 0 : static_cast<std::int32_t>(value);
       },
       [](const Estate&, std::size_t row) {
         return Scope{.supplier = static_cast<std::uint32_t>(row)};
       },
       lead_rates},
      {"delivery_days",
       "deliveries.deliver_weekday, days after the order",
       [](const Estate& e) { return e.deliveries.size(); },
       delivery_key,
       delivery_days,
       [](Estate& e, std::size_t row, std::int64_t value) {
         estate::DeliveryRow& delivery = e.deliveries[row];
         const std::int64_t days = value == not_said ? 1 : value;
         delivery.deliver_weekday = static_cast<std::int32_t>((delivery.order_weekday + days) % 7);
       },
       [](const Estate& e, std::size_t row) {
         return Scope{.site = e.deliveries[row].site,
                      .chain = static_cast<std::int32_t>(e.deliveries[row].chain)};
       },
       {.alone_from = never_alone, .share_max = 0.25},
       Bound::seldom_zero,
       "most deliveries would come on the weekday of their order, a week later"},
      {"lifeline",
       "sites.lifeline",
       [](const Estate& e) { return e.sites.size(); },
       [](const Estate& e, std::size_t row) { return e.sites[row].id; },
       [](const Estate& e, std::size_t row) { return std::int64_t{e.sites[row].lifeline}; },
       [](Estate& e, std::size_t row, std::int64_t value) {
         e.sites[row].lifeline = value == not_said ? 0 : static_cast<std::uint8_t>(value);
       },
       [](const Estate&, std::size_t row) {
         return Scope{.site = static_cast<std::uint32_t>(row)};
       },
       {.alone_from = never_alone, .share_max = 0.1, .together_min = 3},
       Bound::seldom_lifeline,
       "where nearly every store comes first, none does"},
  };
  return all;
}

bool breaks(Bound bound, std::int64_t value) {
  switch (bound) {
    case Bound::none:
      return false;
    case Bound::never_zero:
    case Bound::seldom_zero:
      return value == 0;
    case Bound::seldom_lifeline:
      return value >= lifeline_from;
  }
  return false;
}

// How large a share of the rows may break the bound before those that do are suspicious.
double share_max_of(Bound bound) {
  switch (bound) {
    case Bound::seldom_zero:
      return seldom_zero_share_max;
    case Bound::seldom_lifeline:
      return lifeline_share_max;
    default:
      return 0;
  }
}

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

std::string why_changed(const Rates& rates) {
  std::string why;
  if (rates.alone_from != never_alone)
    why = fmt::format("changed by a factor of {} or more, or ", rates.alone_from);
  return why +
         fmt::format("more than {} of all rows changed in one night", percent(rates.share_max));
}

Cause cause_of(const Column& column, std::string_view rule, std::string why,
               std::vector<Suspect> suspects) {
  return {std::string(column.name) + "." + std::string(rule),
          std::string(column.what),
          std::move(why),
          column.money,
          std::move(suspects),
          [set = column.set](Estate& estate, const std::vector<Suspect>& found) {
            for (const Suspect& suspect : found) set(estate, suspect.row, suspect.was);
          }};
}

void check_column(const Estate& estate, const Column& column, const Remembered* before,
                  std::vector<Cause>& causes) {
  const std::size_t rows = column.rows(estate);
  std::vector<Suspect> wrong, changes;
  std::size_t breaking = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t is = column.get(estate, row);
    const bool bad = breaks(column.bound, is);
    breaking += bad;
    const std::int64_t* was = before == nullptr ? nullptr : before->find(column.key(estate, row));
    if (was != nullptr && *was == is) continue;
    const Suspect suspect{column.scope(estate, row), static_cast<std::uint32_t>(row),
                          base::date_min, was == nullptr ? not_said : *was, is};
    if (bad) wrong.push_back(suspect);
    if (was != nullptr) changes.push_back(suspect);
  }
  const double share_max = share_max_of(column.bound);
  const bool many =
      share_max == 0 || (rows >= bound_rows_min &&
                         static_cast<double>(breaking) > share_max * static_cast<double>(rows));
  if (!many) wrong.clear();
  if (!wrong.empty()) {
    std::erase_if(changes, [&](const Suspect& s) { return breaks(column.bound, s.is); });
    causes.push_back(cause_of(column, column.bound == Bound::seldom_lifeline ? "many" : "zero",
                              std::string(column.bound_why), std::move(wrong)));
  }
  auto found = suspicious(changes, rows, column.rates);
  if (!found.empty())
    causes.push_back(cause_of(column, "changed", why_changed(column.rates), std::move(found)));
}

}  // namespace

const std::int64_t* Remembered::find(std::string_view key) const {
  const auto at = std::lower_bound(keys.begin(), keys.end(), key);
  if (at == keys.end() || *at != key) return nullptr;
  return &values[static_cast<std::size_t>(at - keys.begin())];
}

RememberedValues remember_values(const Estate& estate) {
  RememberedValues all;
  for (const Column& column : columns()) {
    std::vector<std::pair<std::string, std::int64_t>> rows;
    for (std::size_t row = 0; row < column.rows(estate); ++row)
      rows.emplace_back(column.key(estate, row), column.get(estate, row));
    std::sort(rows.begin(), rows.end());
    Remembered& remembered = all[std::string(column.name)];
    for (auto& [key, value] : rows) {
      remembered.keys.push_back(std::move(key));
      remembered.values.push_back(value);
    }
  }
  return all;
}

std::vector<Cause> check_values(const Estate& estate, const RememberedValues* before) {
  std::vector<Cause> causes;
  for (const Column& column : columns()) {
    const Remembered* remembered = nullptr;
    if (before != nullptr)
      if (const auto found = before->find(std::string(column.name)); found != before->end())
        remembered = &found->second;
    check_column(estate, column, remembered, causes);
  }
  return causes;
}

}  // namespace nightly
