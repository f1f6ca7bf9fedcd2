#include "vault/sums.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace vault {
namespace {

using Line = std::pair<std::uint32_t, std::uint32_t>;  // site, product

// Regular prices that are a site's own; the one that began last. Rows are sorted by their first
// day.
std::map<Line, base::Money> own_prices(const estate::Estate& estate) {
  std::map<Line, base::Money> prices;
  for (const estate::PriceRow& row : estate.prices)
    if (row.site != estate::none && row.to == base::date_max)
      prices[{row.site, row.product}] = row.price;
  return prices;
}

}  // namespace

Sums sums_of(const estate::Estate& estate) {
  Sums sums;
  sums.sites = estate.sites.size();
  std::map<Line, std::int64_t> units;
  for (std::size_t row = 0; row < estate.stock.size(); ++row)
    units[{estate.stock.site[row], estate.stock.product[row]}] += estate.stock.on_hand_units[row];
  const auto prices = own_prices(estate);
  sums.lines = units.size();
  for (const auto& [line, count] : units) {
    sums.units += count;
    const auto own = prices.find(line);
    const auto& listed = estate.products[line.second].unit_price;
    if (own != prices.end())
      sums.pence += (own->second * count).e4 / 100;
    else if (listed)
      sums.pence += (*listed * count).e4 / 100;
  }
  std::set<std::pair<std::uint32_t, std::string_view>> orders;
  for (const estate::OnOrderRow& row : estate.on_order) {
    orders.emplace(row.site, row.order);
    sums.order_units += row.units;
  }
  sums.orders = orders.size();
  return sums;
}

}  // namespace vault
