#include "nightly/guard_range.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>

#include <fmt/core.h>

#include "base/parallel.h"
#include "nightly/guard_rates.h"

namespace nightly {
namespace {

using estate::Estate;
using estate::RangeRow;
using estate::RangeStatus;

using Pair = std::pair<std::uint32_t, std::uint32_t>;  // site, product

// More lines than this may not leave the range in one night without notice: of the estate, of one
// site; fewer than lines_gone_min never matter.
constexpr double estate_gone_max = 0.03, site_gone_max = 0.2;
constexpr std::size_t lines_gone_min = 20;
// Without a last night: of the lines that sold in so many days.
constexpr double sold_gone_max = 0.1;
constexpr int sold_days = 14;
// A quantity is suspicious from so many times its peers' on.
constexpr std::int64_t peers_factor = 10;

Pair pair_of(const RangeRow& row) { return {row.site, row.product}; }
auto key_of(const RangeRow& row) { return std::tuple(row.site, row.product, row.from); }

bool orderable(const RangeRow& row, Date day) {
  return row.from <= day && day <= row.to && row.status != RangeStatus::blocked &&
         row.status != RangeStatus::run_down;
}

std::vector<Pair> orderable_pairs(const std::vector<RangeRow>& rows, Date day) {
  std::vector<Pair> pairs;
  for (const RangeRow& row : rows)
    if (orderable(row, day) && (pairs.empty() || pairs.back() != pair_of(row)))
      pairs.push_back(pair_of(row));
  return pairs;
}

// Lines that sold in the last days.
std::vector<Pair> sold_pairs(const Estate& estate, Date as_of) {
  std::vector<Pair> pairs;
  const estate::Sales& sales = estate.sales;
  for (std::size_t i = 0; i < sales.size(); ++i) {
    const Date day = estate::sale_date(sales.day[i]);
    if (sales.units[i] <= 0 || day > as_of || day <= as_of - sold_days) continue;
    if (pairs.empty() || pairs.back() != Pair{sales.site[i], sales.product[i]})
      pairs.emplace_back(sales.site[i], sales.product[i]);
  }
  return pairs;
}

// Those of `pairs` that are gone, where too many are: of the whole estate, or of a site.
std::vector<Pair> gone_from(const std::vector<Pair>& pairs, const std::vector<Pair>& now,
                            double estate_max, double site_max) {
  std::vector<Pair> gone;
  std::set_difference(pairs.begin(), pairs.end(), now.begin(), now.end(), std::back_inserter(gone));
  const auto many = [](std::size_t part, std::size_t all, double share_max) {
    return part >= lines_gone_min &&
           static_cast<double>(part) > share_max * static_cast<double>(all);
  };
  if (many(gone.size(), pairs.size(), estate_max)) return gone;
  std::map<std::uint32_t, std::size_t> all_of, gone_of;
  for (const Pair& pair : pairs) ++all_of[pair.first];
  for (const Pair& pair : gone) ++gone_of[pair.first];
  std::erase_if(gone, [&](const Pair& pair) {
    return !many(gone_of[pair.first], all_of[pair.first], site_max);
  });
  return gone;
}

// Lines at `sites` that were out of range before, and of which the estate now says another end.
std::vector<Pair> rewritten_ends(const Estate& estate, const std::vector<RangeRow>& before,
                                 const std::vector<std::uint32_t>& sites, Date day) {
  std::vector<Pair> pairs;
  std::size_t old = 0;
  for (const RangeRow& row : estate.range) {
    while (old < before.size() && key_of(before[old]) < key_of(row)) ++old;
    if (old == before.size()) break;
    if (key_of(before[old]) == key_of(row) && before[old].to < day && before[old].to != row.to &&
        std::binary_search(sites.begin(), sites.end(), row.site))
      pairs.push_back(pair_of(row));
  }
  return pairs;
}

// Those that left the range, and with them what the same sites say anew of lines long gone: that
// would rewrite history.
std::vector<Suspect> suspects_of(const Estate& estate, const std::vector<Pair>& gone,
                                 const std::vector<RangeRow>* before, Date day) {
  std::vector<Suspect> suspects;
  std::vector<std::uint32_t> sites;
  for (const auto& [site, product] : gone) {
    suspects.push_back({.scope = {.site = site, .product = product}, .was = 1, .is = 0});
    if (sites.empty() || sites.back() != site) sites.push_back(site);
  }
  if (before == nullptr) return suspects;
  for (const auto& [site, product] : rewritten_ends(estate, *before, sites, day))
    suspects.push_back({.scope = {.site = site, .product = product}, .was = 0, .is = 0});
  return suspects;
}

// Replaces all rows of the suspects' lines that begin by tomorrow.
void put_back(Estate& estate, const std::vector<Suspect>& suspects,
              const std::vector<RangeRow>& rows, Date day) {
  std::vector<Pair> pairs;
  for (const Suspect& s : suspects) pairs.emplace_back(s.scope.site, s.scope.product);
  std::sort(pairs.begin(), pairs.end());
  const auto listed = [&](const RangeRow& row) {
    return std::binary_search(pairs.begin(), pairs.end(), pair_of(row));
  };
  std::erase_if(estate.range, [&](const RangeRow& row) { return row.from <= day && listed(row); });
  for (const RangeRow& row : rows)
    if (row.from <= day && listed(row)) estate.range.push_back(row);
  std::stable_sort(estate.range.begin(), estate.range.end(),
                   [](const RangeRow& a, const RangeRow& b) { return key_of(a) < key_of(b); });
  estate.has_range = true;
}

// Without a last night: the rows themselves, in range again.
void open_again(Estate& estate, const std::vector<Suspect>& suspects, Date day) {
  std::vector<RangeRow> rows;
  for (const Suspect& s : suspects) {
    const RangeRow* last = nullptr;
    for (auto row =
             std::lower_bound(estate.range.begin(), estate.range.end(),
                              std::tuple(s.scope.site, s.scope.product, base::date_min),
                              [](const RangeRow&r, const auto&key) { return key_of(r) < key; });
         row != estate.range.end() && pair_of(*row) == Pair(s.scope.site, s.scope.product) &&
         row->from <= day;
         ++row)
      last = &*row;
    RangeRow row;
    if (last != nullptr) row = *last;
    row.site = s.scope.site;
    row.product = s.scope.product;
    row.status = RangeStatus::active;
    row.to = base::date_max;
    rows.push_back(row);
  }
  put_back(estate, suspects, rows, day);
}

void check_gone(const Estate& estate, const std::vector<RangeRow>* before, Date as_of,
                std::vector<Cause>& causes) {
  const Date day = as_of + 1;
  if (before == nullptr && !estate.has_range) return;
  const auto now = orderable_pairs(estate.range, day);
  const auto was = before != nullptr ? orderable_pairs(*before, day) : sold_pairs(estate, as_of);
  auto gone = before != nullptr ? gone_from(was, now, estate_gone_max, site_gone_max)
                                : gone_from(was, now, sold_gone_max, 2);
  // A site that has shut orders nothing and misses nothing.
  std::erase_if(gone, [&](const Pair& pair) {
    const estate::Site& site = estate.sites[pair.first];
    return site.kind == estate::SiteKind::depot || day >= site.closed_on;
  });
  if (gone.empty()) return;
  Cause cause{"range.gone",
              "range.csv: 1 = ordered",
              fmt::format("{} of {} lines left the range without notice", gone.size(), was.size()),
              false,
              suspects_of(estate, gone, before, day),
              {}};
  if (before != nullptr) {
    cause.believe = [rows = std::make_shared<std::vector<RangeRow>>(*before), day](
                        Estate& e, const std::vector<Suspect>& found) {
      put_back(e, found, *rows, day);
    };
  } else {
    cause.believe = [day](Estate& e, const std::vector<Suspect>& found) {
      open_again(e, found, day);
    };
  }
  causes.push_back(std::move(cause));
}

struct Quantity {
  std::string_view name, what;
  std::int32_t RangeRow::*units;
  bool bounded;  // by peers: what makes orders grow
};
constexpr std::array quantities{
    Quantity{"presentation", "range.presentation_units_min", &RangeRow::presentation_units_min,
             true},
    Quantity{"launch_units", "range.launch_units", &RangeRow::launch_units, true},
    Quantity{"order_multiple", "range.order_multiple_units", &RangeRow::order_multiple_units,
             false},
    Quantity{"shelf_max", "range.shelf_units_max", &RangeRow::shelf_units_max, false},
    Quantity{"order_max", "range.order_units_max", &RangeRow::order_units_max, false},
};
constexpr Rates quantity_rates{
    .alone_from = 10, .counted_from = 2, .share_max = 0.05, .together_min = 50};

// Per product: the median of the quantity where it is set.
std::vector<std::int32_t> medians(const Estate& estate, const Quantity& quantity) {
  std::vector<std::pair<std::uint32_t, std::int32_t>> set;
  for (const RangeRow& row : estate.range)
    if (row.*quantity.units > 0) set.emplace_back(row.product, row.*quantity.units);
  std::sort(set.begin(), set.end());
  std::vector<std::int32_t> median(estate.products.size(), 0);
  for (std::size_t i = 0; i < set.size();) {
    std::size_t end = i;
    while (end < set.size() && set[end].first == set[i].first) ++end;
    median[set[i].first] = set[i + (end - i) / 2].second;
    i = end;
  }
  return median;
}

// Far above the shelf, the case and what the product's other sites say.
bool beyond_peers(const Estate& estate, const RangeRow& row, const Quantity& quantity,
                  const std::vector<std::int32_t>& median) {
  const std::int64_t units = row.*quantity.units;
  const std::int64_t pack =
      std::max(row.order_multiple_units, estate.products[row.product].case_units);
  if (row.shelf_units_max > 0)
    return units > peers_factor * std::max<std::int64_t>(row.shelf_units_max, pack);
  return units > peers_factor * std::max<std::int64_t>(median[row.product], pack);
}

// What stands in for a quantity that nobody remembers: the product's usual one, or one pack.
std::int64_t peers_units(const Estate& estate, const RangeRow& row,
                         const std::vector<std::int32_t>& median) {
  const std::int32_t pack = estate.products[row.product].case_units;
  return median[row.product] <= peers_factor * pack ? median[row.product] : pack;
}

void check_quantity(const Estate& estate, const std::vector<RangeRow>* before,
                    const Quantity& quantity, std::vector<Cause>& causes) {
  const auto median = quantity.bounded ? medians(estate, quantity) : std::vector<std::int32_t>{};
  std::vector<Suspect> changes, beyond;
  std::size_t old = 0;
  for (std::size_t r = 0; r < estate.range.size(); ++r) {
    const RangeRow& row = estate.range[r];
    const RangeRow* was = nullptr;
    if (before != nullptr) {
      while (old < before->size() && key_of((*before)[old]) < key_of(row)) ++old;
      if (old < before->size() && key_of((*before)[old]) == key_of(row)) was = &(*before)[old];
    }
    const std::int32_t units = row.*quantity.units;
    if (was != nullptr && was->*quantity.units == units) continue;
    // 0 says "none": what stops being said cannot make an order explode.
    const Suspect suspect{
        {row.site, row.product},
        static_cast<std::uint32_t>(r),
        base::date_min,
        was == nullptr || was->*quantity.units == 0 ? not_said : was->*quantity.units,
        units == 0 ? not_said : units};
    if (quantity.bounded && beyond_peers(estate, row, quantity, median)) {
      beyond.push_back(suspect);
      if (was == nullptr) beyond.back().was = peers_units(estate, row, median);
    } else if (was != nullptr) {
      changes.push_back(suspect);
    }
  }
  const auto add = [&](std::string_view rule, std::string_view why, std::vector<Suspect> found) {
    if (found.empty()) return;
    causes.push_back({std::string(quantity.name) + "." + std::string(rule),
                      std::string(quantity.what), std::string(why), false, std::move(found),
                      [units = quantity.units](Estate& e, const std::vector<Suspect>& suspects) {
                        for (const Suspect& s : suspects)
                          e.range[s.row].*units =
                              s.was == not_said ? 0 : static_cast<std::int32_t>(s.was);
                      }});
  };
  add("beyond", "ten times what the shelf, the pack and other sites say", std::move(beyond));
  add("changed", "changed tenfold, or more than 5 % of all rows changed in one night",
      suspicious(changes, estate.range.size(), quantity_rates));
}

}  // namespace

std::vector<Cause> check_range(const Estate& estate, const std::vector<RangeRow>* before,
                               Date as_of, int threads) {
  std::array<std::vector<Cause>, quantities.size()> of_quantity;
  base::for_ranges(threads, quantities.size(), 1, [&](std::size_t q, std::size_t, std::size_t) {
    check_quantity(estate, before, quantities[q], of_quantity[q]);
  });
  std::vector<Cause> causes;
  for (std::vector<Cause>& found : of_quantity)
    std::ranges::move(found, std::back_inserter(causes));
  check_gone(estate, before, as_of, causes);  // last: it moves the rows that the others name
  return causes;
}

}  // namespace nightly
