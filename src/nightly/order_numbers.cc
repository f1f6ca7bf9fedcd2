#include "nightly/order_numbers.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "estate/words.h"

namespace nightly {
namespace {

std::string compact(Date date) {
  const auto ymd = base::year_month_day(date);
  return fmt::format("{:04}{:02}{:02}", ymd.year, ymd.month, ymd.day);
}

// An id as a part of a number. Parts are joined by dashes, and no id holds a tilde: so no two lists
// of ids make the same number.
std::string part(std::string_view id) {
  std::string text(id);
  std::ranges::replace(text, '-', '~');
  return text;
}

// What tells the orders of one site apart.
struct Key {
  std::uint32_t source_site, source_supplier;
  Date on_shelf;
  std::int32_t drop;
  estate::Chain chain;
  friend bool operator==(const Key&, const Key&) = default;
};

// The orders of one site that were met so far. A site has some tens of them and neighbours mostly
// share one, so a look at each, the latest first, is the fastest search.
class OrdersOfSite {
 public:
  // The place of the next line of that order; `name` is called for a new order.
  template <class Name>
  LineNumber next(const Key& key, std::vector<std::string>& orders, Name name) {
    auto open = std::find_if(open_.begin(), open_.end(),
                             [&](const Open& candidate) { return candidate.key == key; });
    if (open == open_.end()) {
      open = open_.insert(open_.begin(), {key, {static_cast<std::uint32_t>(orders.size()), 0}});
      orders.push_back(name());
    }
    ++open->last.line;
    return open->last;
  }
  void clear() { open_.clear(); }

 private:
  struct Open {
    Key key;
    LineNumber last;
  };
  std::vector<Open> open_;
};

void number_store_orders(const OrderRunInput& input, const Night& night, OrderNumbers& numbers) {
  const estate::Estate& estate = input.estate;
  OrdersOfSite orders;
  std::uint32_t site_before = estate::none;
  for (const OrderLine& line : night.orders) {
    const std::uint32_t site = input.columns.site[line.line];
    if (std::exchange(site_before, site) != site) orders.clear();
    const Key key{line.source_site, line.source_supplier, line.on_shelf, line.drop,
                  estate.products[input.columns.product[line.line]].chain};
    numbers.of_line.push_back(orders.next(key, numbers.orders, [&] {
      return fmt::format("{}-{}-{}-{}-{}", part(estate.sites[site].id),
                         part(source_id(estate, line)), compact(line.on_shelf), line.drop,
                         estate::text_of(key.chain));
    }));
  }
}

void number_depot_orders(const estate::Estate& estate, const Night& night, OrderNumbers& numbers) {
  OrdersOfSite orders;
  std::uint32_t depot_before = estate::none;
  for (const DepotOrderLine& line : night.depot_orders) {
    if (std::exchange(depot_before, line.depot) != line.depot) orders.clear();
    const Key key{estate::none, line.supplier, line.due, 0, estate::Chain::ambient};
    numbers.of_depot_line.push_back(orders.next(key, numbers.orders, [&] {
      return fmt::format("{}-{}-{}", part(estate.sites[line.depot].id),
                         part(estate.suppliers[line.supplier].id), compact(line.due));
    }));
  }
}

}  // namespace

OrderNumbers number_orders(const OrderRunInput& input, const Night& night) {
  OrderNumbers numbers;
  numbers.of_line.reserve(night.orders.size());
  numbers.of_depot_line.reserve(night.depot_orders.size());
  number_store_orders(input, night, numbers);
  number_depot_orders(input.estate, night, numbers);
  return numbers;
}

std::string_view source_id(const estate::Estate& estate, const OrderLine& line) {
  if (line.source_site != estate::none) return estate.sites[line.source_site].id;
  if (line.source_supplier != estate::none) return estate.suppliers[line.source_supplier].id;
  return {};
}

std::int64_t cases_of(const OrderLine& line) {
  return (std::int64_t{line.units} + line.multiple - 1) / line.multiple;
}

const estate::SupplierItem* find_supplier_item(const estate::Estate& estate, std::uint32_t supplier,
                                               std::uint32_t product) {
  const auto key = [](const estate::SupplierItem& item) {
    return std::pair(item.supplier, item.product);
  };
  const auto item =
      std::ranges::lower_bound(estate.supplier_items, std::pair(supplier, product), {}, key);
  const bool found =
      item != estate.supplier_items.end() && key(*item) == std::pair(supplier, product);
  return found ? &*item : nullptr;
}

}  // namespace nightly
