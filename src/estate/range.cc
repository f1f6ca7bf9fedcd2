#include "estate/range.h"

#include <algorithm>

namespace estate {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;  // site, product

// Whether the site sells, is not shut on `day`, and opens until `opened_by`.
bool sells_soon(const Site& site, Date day, Date opened_by) {
  return site.kind != SiteKind::depot && site.opened_on <= opened_by && day < site.closed_on;
}

RangeLines from_file(const Estate& estate, Date as_of, Date opened_by) {
  RangeLines lines;
  const Date day = as_of + 1;
  const std::vector<RangeRow>& rows = estate.range;
  for (std::size_t i = 0; i < rows.size();) {
    const Pair pair{rows[i].site, rows[i].product};
    std::uint32_t valid = none;
    for (; i < rows.size() && Pair(rows[i].site, rows[i].product) == pair; ++i)
      if (rows[i].from <= day && day <= rows[i].to) valid = static_cast<std::uint32_t>(i);
    if (valid == none || !sells_soon(estate.sites[pair.first], as_of, opened_by)) continue;
    const bool blocked = rows[valid].status == RangeStatus::blocked;
    (blocked ? lines.blocked : lines.ordered).push_back({pair.first, pair.second, valid});
  }
  return lines;
}

// Steps over the sales of one pair, which begin at `at`; whether any in the window is above zero.
bool sold_lately(const Sales& sales, std::size_t& at, Date as_of) {
  const Pair pair{sales.site[at], sales.product[at]};
  bool sold = false;
  for (; at < sales.size() && Pair(sales.site[at], sales.product[at]) == pair; ++at) {
    const Date date = sale_date(sales.day[at]);
    sold = sold || (sales.units[at] > 0 && date <= as_of && date > as_of - dormant_days);
  }
  return sold;
}

bool has_units(const Stock& stock, std::size_t& at) {
  const Pair pair{stock.site[at], stock.product[at]};
  bool units = false;
  for (; at < stock.size() && Pair(stock.site[at], stock.product[at]) == pair; ++at)
    units = units || stock.on_hand_units[at] != 0;
  return units;
}

// Sales and stock are both sorted by site and product, so one walk over the two sees every pair
// once.
RangeLines from_traces(const Estate& estate, Date as_of, Date opened_by) {
  RangeLines lines;
  const Sales& sales = estate.sales;
  const Stock& stock = estate.stock;
  constexpr Pair after_all{none, none};
  for (std::size_t sale = 0, record = 0; sale < sales.size() || record < stock.size();) {
    const Pair sold_pair =
        sale < sales.size() ? Pair(sales.site[sale], sales.product[sale]) : after_all;
    const Pair held_pair =
        record < stock.size() ? Pair(stock.site[record], stock.product[record]) : after_all;
    const Pair pair = std::min(sold_pair, held_pair);
    bool active = false;
    if (sold_pair == pair) active = sold_lately(sales, sale, as_of);
    if (held_pair == pair && has_units(stock, record)) active = true;
    if (!sells_soon(estate.sites[pair.first], as_of, opened_by)) continue;
    (active ? lines.ordered : lines.dormant).push_back({pair.first, pair.second});
  }
  return lines;
}

}  // namespace

bool sells_on(const Site& site, Date day) { return sells_soon(site, day, day); }

RangeLines lines_in_range(const Estate& estate, Date as_of) {
  return lines_in_range(estate, as_of, as_of);
}

RangeLines lines_in_range(const Estate& estate, Date as_of, Date opened_by) {
  return estate.has_range ? from_file(estate, as_of, opened_by)
                          : from_traces(estate, as_of, opened_by);
}

}  // namespace estate
