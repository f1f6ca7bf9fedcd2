#include "nightly/guard_sales.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <mutex>
#include <set>

#include "base/parallel.h"
#include "nightly/by_site.h"
#include "nightly/state_file.h"

namespace nightly {
namespace {

using estate::Estate;
using estate::Sales;

// A remembered site-period may lose so much of its lines, a product so much of its line-periods.
constexpr double site_kept_min = 0.8, product_kept_min = 0.7;
// A new period must sell so much of what the same weekday did in the last weeks.
constexpr double site_low_max = 0.2;
constexpr std::int32_t weeks = 8;
// Smaller counts say nothing.
constexpr std::int32_t lines_sold_min = 10, product_sold_min = 20;
// A row is suspicious above so many times the line's largest older row plus so many times what a
// row of the product usually says.
constexpr std::int64_t own_factor = 8, usual_factor = 16;
// A stock record is suspicious above so many times all that the line sold in eight weeks, and the
// largest of its shelf, its packs and a handful.
constexpr std::int64_t stock_factor = 4, stock_handful = 25;
constexpr std::int32_t stock_days = 56;

constexpr std::string_view site_lost = "sales.lost", site_low = "sales.low",
                           product_lost = "sales.product_lost", row_high = "sales.high";

planner::Period kind_of(const Estate& estate) { return period_kind(estate); }

std::int32_t period_at(planner::Period kind, const Sales& sales, std::size_t row) {
  return period_of(kind, estate::sale_date(sales.day[row]));
}

// The estate's sales, a few sites at a time, on several threads.
class SalesParts {
 public:
  SalesParts(const Estate& estate, int threads)
      : begins_(begins_by_site(estate.sales, estate.sites.size())), threads_(threads) {}

  // work(begin, end, part) for the rows of each part; parts are numbered from 0.
  template <class Work>
  void each(Work work) const {
    base::for_ranges(threads_, begins_.size() - 1, sites_per_part,
                     [&](std::size_t begin, std::size_t end, std::size_t part) {
                       work(begins_[begin], begins_[end], part);
                     });
  }
  // The sum, number by number, of what count(begin, end, counts) adds to `size` zeros for each
  // part.
  template <class Number, class Count>
  std::vector<Number> sum(std::size_t size, Count count) const {
    std::vector<Number> sums(size, 0);
    std::mutex adding;
    each([&](std::size_t begin, std::size_t end, std::size_t) {
      std::vector<Number> counts(size, 0);
      count(begin, end, counts);
      const std::lock_guard lock(adding);
      for (std::size_t i = 0; i < size; ++i) sums[i] += counts[i];
    });
    return sums;
  }
  std::size_t size() const { return (begins_.size() - 1 + sites_per_part - 1) / sites_per_part; }

 private:
  std::vector<std::size_t> begins_;
  int threads_;
};

Suspect cell(const Estate& estate, std::uint32_t site, std::int32_t period, std::int64_t was,
             std::int64_t is) {
  return {{.site = site}, 0, date_of(kind_of(estate), period), was, is};
}

bool far_below(std::int32_t is, std::int32_t was, double kept_min) {
  return static_cast<double>(std::max(is, 0)) < kept_min * static_cast<double>(was);
}

// The first period that the feed speaks of. A feed that has forgotten what is older takes nothing
// back: the carried state has it.
std::int32_t feed_begin(const Estate& estate, const SalesParts& parts) {
  const Sales& sales = estate.sales;
  if (sales.size() == 0) return std::numeric_limits<std::int32_t>::max();
  std::vector<std::uint16_t> first(parts.size(), std::numeric_limits<std::uint16_t>::max());
  parts.each([&](std::size_t begin, std::size_t end, std::size_t part) {
    for (std::size_t i = begin; i < end; ++i) first[part] = std::min(first[part], sales.day[i]);
  });
  return period_of(kind_of(estate), estate::sale_date(*std::ranges::min_element(first)));
}

// Periods that the last night knew and that lost their sales since.
Cause lost_sites(const Estate& estate, const SoldCounts& now, const SoldCounts& before,
                 std::int32_t feed_begin) {
  Cause cause{std::string(site_lost),
              "sales.csv: lines sold of a day already reported",
              "a day may be corrected, but not lose a fifth of its sales",
              false,
              {},
              {}};
  const std::int32_t first =
      std::max(before.last_period - SoldCounts::product_periods + 1, feed_begin);
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site)
    for (std::int32_t period = first; period <= before.last_period; ++period) {
      const std::int32_t was = before.at(site, period), is = now.at(site, period);
      if (was >= lines_sold_min && far_below(is, was, site_kept_min))
        cause.suspects.push_back(cell(estate, site, period, was, is));
    }
  return cause;
}

// The median of the same weekday in the last weeks, 0 where fewer than half of them reported.
std::int32_t usual_at(const SoldCounts& now, const SoldCounts* before, std::uint32_t site,
                      std::int32_t period, std::int32_t step) {
  std::vector<std::int32_t> counts;
  for (std::int32_t week = 1; week <= weeks; ++week) {
    const std::int32_t then = period - week * step;
    const std::int32_t remembered = before == nullptr ? -1 : before->at(site, then);
    const std::int32_t sold = remembered >= 0 ? remembered : now.at(site, then);
    if (sold >= 0) counts.push_back(sold);
  }
  if (counts.size() < weeks / 2) return 0;
  std::sort(counts.begin(), counts.end());
  return counts[counts.size() / 2];
}

Cause low_sites(const Estate& estate, const SoldCounts& now, const SoldCounts* before) {
  Cause cause{std::string(site_low),
              "sales.csv: lines sold in a day",
              "less than a fifth of this weekday's last eight weeks, or nothing in all weeks",
              false,
              {},
              {}};
  const std::int32_t step = kind_of(estate) == planner::Period::day ? 7 : 1;
  const std::int32_t first = now.last_period - SoldCounts::product_periods + 1;
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
    std::int32_t most = -1;
    for (std::int32_t k = 0; k < SoldCounts::site_periods; ++k)
      most = std::max(most, now.at(site, now.last_period - k));
    for (std::int32_t period = first; period <= now.last_period; ++period) {
      const std::int32_t is = now.at(site, period);
      // What was believed once is not asked again; what was not, is.
      if (is < 0 || (before != nullptr && before->at(site, period) >= 0)) continue;
      const std::int32_t usual = usual_at(now, before, site, period, step);
      const bool low = usual >= lines_sold_min && far_below(is, usual, site_low_max);
      if (low || (most == 0 && usual == 0))
        cause.suspects.push_back(cell(estate, site, period, usual == 0 ? not_said : usual, is));
    }
  }
  return cause;
}

// Sales of each product in the window that the last night counted, over the same periods.
Cause lost_products(const Estate& estate, const SalesParts& parts, const SoldCounts& before,
                    std::int32_t feed_begin) {
  Cause cause{std::string(product_lost),
              "sales.csv: line-days with a sale of a product",
              "sales already reported may be corrected, but not lose a third",
              false,
              {},
              {}};
  const planner::Period kind = kind_of(estate);
  const std::int32_t first = before.last_period - SoldCounts::product_periods + 1;
  if (feed_begin > first) return cause;
  const Sales& sales = estate.sales;
  const auto counts = parts.sum<std::int32_t>(
      estate.products.size(), [&](std::size_t begin, std::size_t end, auto& sold) {
        for (std::size_t i = begin; i < end; ++i) {
          const std::int32_t period = period_at(kind, sales, i);
          if (sales.units[i] > 0 && period >= first && period <= before.last_period)
            ++sold[sales.product[i]];
        }
      });
  for (std::uint32_t product = 0; product < counts.size(); ++product) {
    const std::int32_t was = before.of_product[product];
    if (was >= product_sold_min && far_below(counts[product], was, product_kept_min))
      cause.suspects.push_back({.scope = {.product = product}, .was = was, .is = counts[product]});
  }
  return cause;
}

// Per product: what a row usually says, as the mean number of bits of its units; a few rows times a
// thousand do not move it.
std::vector<std::int64_t> usual_units(const Estate& estate, const SalesParts& parts,
                                      std::int32_t from_period) {
  const planner::Period kind = kind_of(estate);
  const Sales& sales = estate.sales;
  const std::size_t products = estate.products.size();
  // Bits of each product, then rows of each.
  const auto sums = parts.sum<std::int64_t>(2 * products, [&](std::size_t begin, std::size_t end,
                                                              auto& of_product) {
    for (std::size_t i = begin; i < end; ++i) {
      if (sales.units[i] <= 0 || period_at(kind, sales, i) < from_period) continue;
      of_product[sales.product[i]] += std::bit_width(static_cast<std::uint32_t>(sales.units[i]));
      ++of_product[products + sales.product[i]];
    }
  });
  std::vector<std::int64_t> usual(products, 0);
  for (std::size_t p = 0; p < products; ++p)
    if (sums[products + p] > 0) usual[p] = std::int64_t{1} << (sums[p] / sums[products + p]);
  return usual;
}

void believe_rows(Estate& estate, const std::vector<Suspect>& suspects) {
  for (const Suspect& s : suspects) {
    estate.sales.units[s.row] = static_cast<std::int32_t>(std::max<std::int64_t>(s.was, 0));
    // Empty and promoted at once is what the planner takes for unknown.
    estate.sales.flags[s.row] = estate::sale_empty_shelf | estate::sale_promotion;
    if (!estate.sales.reduced_units.empty()) estate.sales.reduced_units[s.row] = 0;
  }
}

// The rows that are too high of the line whose sales are [begin, end). Periods before `first` say
// nothing; those from `window` to `last` are judged.
void add_high_rows(const Estate& estate, std::size_t begin, std::size_t end, std::int32_t first,
                   std::int32_t last, std::int64_t usual, std::vector<Suspect>& suspects) {
  const Sales& sales = estate.sales;
  const planner::Period kind = kind_of(estate);
  const std::int32_t window = last - SoldCounts::product_periods + 1;
  std::int64_t largest = 0;
  for (std::size_t i = begin; i < end; ++i)
    if (const std::int32_t then = period_at(kind, sales, i); then >= first && then < window)
      largest = std::max<std::int64_t>(largest, sales.units[i]);
  const std::int64_t bound = own_factor * std::max(largest, usual) + usual_factor * usual;
  for (std::size_t i = begin; i < end; ++i) {
    if (sales.units[i] <= bound || period_at(kind, sales, i) < window) continue;
    if (period_at(kind, sales, i) > last) continue;
    suspects.push_back({{sales.site[i], sales.product[i]},
                        static_cast<std::uint32_t>(i),
                        estate::sale_date(sales.day[i]),
                        std::max(largest, usual),
                        sales.units[i]});
  }
}

Cause high_rows(const Estate& estate, const SalesParts& parts, Date as_of) {
  Cause cause{std::string(row_high),
              "sales.csv: units",
              "far above all that the line sold before, and its product elsewhere",
              false,
              {},
              believe_rows};
  const Sales& sales = estate.sales;
  const std::int32_t last = period_of(kind_of(estate), as_of);
  // What a carried night has of sales, so that a rebuilt one judges the same.
  const std::int32_t first = last - night_sales_periods + 1;
  const auto usual = usual_units(estate, parts, first);
  std::vector<std::vector<Suspect>> suspects(parts.size());
  parts.each([&](std::size_t begin, std::size_t part_end, std::size_t part) {
    while (begin < part_end) {
      std::size_t end = begin;
      while (end < part_end && sales.site[end] == sales.site[begin] &&
             sales.product[end] == sales.product[begin])
        ++end;
      add_high_rows(estate, begin, end, first, last, usual[sales.product[begin]], suspects[part]);
      begin = end;
    }
  });
  for (const auto& found : suspects)
    cause.suspects.insert(cause.suspects.end(), found.begin(), found.end());
  return cause;
}

// Drops the stock records of the suspects' lines: nobody knows what is there.
void forget_stock(Estate& estate, const std::vector<Suspect>& suspects) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> lines;
  for (const Suspect& s : suspects) lines.emplace(s.scope.site, s.scope.product);
  estate::Stock& stock = estate.stock;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < stock.size(); ++i) {
    if (lines.contains({stock.site[i], stock.product[i]})) continue;
    const auto keep = [&](auto& column) {
      if (kept != i && !column.empty()) column[kept] = std::move(column[i]);
    };
    keep(stock.site), keep(stock.product), keep(stock.on_hand_units), keep(stock.blocked_units);
    keep(stock.expiry), keep(stock.as_of), keep(stock.counted_on), keep(stock.batch);
    ++kept;
  }
  const auto cut = [&](auto& column) {
    if (!column.empty()) column.resize(kept);
  };
  cut(stock.site), cut(stock.product), cut(stock.on_hand_units), cut(stock.blocked_units);
  cut(stock.expiry), cut(stock.as_of), cut(stock.counted_on), cut(stock.batch);
}

}  // namespace

std::int32_t SoldCounts::at(std::uint32_t site, std::int32_t period) const {
  const std::int32_t k = period - (last_period - site_periods + 1);
  if (k < 0 || k >= site_periods) return -1;
  return of_site[static_cast<std::size_t>(site) * site_periods + static_cast<std::size_t>(k)];
}

SoldCounts count_sold(const Estate& estate, Date as_of, int threads) {
  const planner::Period kind = kind_of(estate);
  SoldCounts counts;
  counts.last_period = period_of(kind, as_of);
  counts.of_site.assign(estate.sites.size() * SoldCounts::site_periods, -1);
  const Sales& sales = estate.sales;
  counts.of_product =
      SalesParts(estate, threads)
          .sum<std::int32_t>(
              estate.products.size(), [&](std::size_t begin, std::size_t end, auto& of_product) {
                for (std::size_t i = begin; i < end; ++i) {
                  const std::int32_t ago = counts.last_period - period_at(kind, sales, i);
                  if (ago < 0 || ago >= SoldCounts::site_periods) continue;
                  std::int32_t& count =
                      counts.of_site[std::size_t{sales.site[i]} * SoldCounts::site_periods +
                                     static_cast<std::size_t>(SoldCounts::site_periods - 1 - ago)];
                  count = std::max(count, 0) + (sales.units[i] > 0);
                  if (ago < SoldCounts::product_periods)
                    of_product[sales.product[i]] += sales.units[i] > 0;
                }
              });
  return counts;
}

std::vector<Cause> check_sales(const Estate& estate, const SoldCounts* before, Date as_of,
                               int threads) {
  const SoldCounts now = count_sold(estate, as_of, threads);
  const SalesParts parts(estate, threads);
  std::vector<Cause> causes;
  const auto add = [&](Cause cause) {
    if (!cause.suspects.empty()) causes.push_back(std::move(cause));
  };
  add(high_rows(estate, parts, as_of));  // first: it names rows, which the others move
  if (before != nullptr) {
    const std::int32_t begin = feed_begin(estate, parts);
    Cause lost = lost_sites(estate, now, *before, begin);
    // Where whole sites lost theirs, what a product lost in them says nothing about the product.
    if (lost.suspects.empty()) add(lost_products(estate, parts, *before, begin));
    add(std::move(lost));
  }
  add(low_sites(estate, now, before));
  return causes;
}

std::vector<Cause> check_stock(const Estate& estate, Date as_of) {
  Cause cause{"stock.high",
              "stock.on_hand_units",
              "four times what the line sold in eight weeks, its shelf and its packs",
              false,
              {},
              forget_stock,
              true};
  const Sales& sales = estate.sales;
  const estate::Stock& stock = estate.stock;
  const auto key = [](std::uint32_t site, std::uint32_t product) {
    return std::pair(site, product);
  };
  std::size_t sale = 0, range = 0;
  for (std::size_t row = 0; row < stock.size();) {
    const auto line = key(stock.site[row], stock.product[row]);
    std::int64_t on_hand = 0, sold = 0;
    std::int64_t room =
        std::max<std::int64_t>(estate.products[line.second].case_units, stock_handful);
    for (; row < stock.size() && key(stock.site[row], stock.product[row]) == line; ++row)
      on_hand += std::max(stock.on_hand_units[row], 0);
    if (estate.sites[line.first].kind == estate::SiteKind::depot) continue;
    while (sale < sales.size() && key(sales.site[sale], sales.product[sale]) < line) ++sale;
    for (; sale < sales.size() && key(sales.site[sale], sales.product[sale]) == line; ++sale) {
      const Date day = estate::sale_date(sales.day[sale]);
      if (day <= as_of && day > as_of - stock_days) sold += std::max(sales.units[sale], 0);
    }
    while (range < estate.range.size() &&
           key(estate.range[range].site, estate.range[range].product) < line)
      ++range;
    for (; range < estate.range.size() &&
           key(estate.range[range].site, estate.range[range].product) == line;
         ++range) {
      const estate::RangeRow& terms = estate.range[range];
      for (const std::int32_t units : {terms.shelf_units_max, terms.order_multiple_units,
                                       terms.presentation_units_min, terms.launch_units})
        room = std::max<std::int64_t>(room, units);
    }
    if (on_hand > stock_factor * (sold + room))
      cause.suspects.push_back({.scope = {.site = line.first, .product = line.second},
                                .was = sold + room,
                                .is = on_hand});
  }
  if (cause.suspects.empty()) return {};
  return {std::move(cause)};
}

bool Disbelieved::holds(std::uint32_t site, std::uint32_t product, std::int32_t period) const {
  if (period >= from_period && period <= to_period &&
      std::binary_search(products.begin(), products.end(), product))
    return true;
  return std::binary_search(site_periods.begin(), site_periods.end(), std::pair(site, period));
}

SoldCounts carried(SoldCounts now, const SoldCounts* before) {
  if (before == nullptr) return now;
  const auto window =
      static_cast<std::size_t>(SoldCounts::site_periods - SoldCounts::product_periods);
  for (std::size_t i = 0; i < now.of_site.size(); ++i) {
    const std::size_t k = i % SoldCounts::site_periods;
    if (k >= window) continue;
    const std::int32_t was =
        before->at(static_cast<std::uint32_t>(i / SoldCounts::site_periods),
                   now.last_period - SoldCounts::site_periods + 1 + static_cast<std::int32_t>(k));
    if (was >= 0) now.of_site[i] = was;
  }
  return now;
}

Disbelieved disbelieved_sales(const Estate& estate, const std::vector<Cause>& causes,
                              const SoldCounts* before) {
  Disbelieved found;
  const planner::Period kind = kind_of(estate);
  if (before != nullptr) {
    found.to_period = before->last_period;
    found.from_period = before->last_period - SoldCounts::product_periods + 1;
  }
  for (const Cause& cause : causes)
    for (const Suspect& s : cause.suspects) {
      if (cause.id == site_lost || cause.id == site_low)
        found.site_periods.emplace_back(s.scope.site, period_of(kind, s.day));
      else if (cause.id == product_lost)
        found.products.push_back(s.scope.product);
    }
  std::sort(found.site_periods.begin(), found.site_periods.end());
  std::sort(found.products.begin(), found.products.end());
  return found;
}

void replace_sales(Estate& estate, const Disbelieved& disbelieved, std::vector<SeenSale> seen) {
  const planner::Period kind = kind_of(estate);
  const Sales& old = estate.sales;
  std::erase_if(seen,
                [&](const SeenSale& s) { return !disbelieved.holds(s.site, s.product, s.period); });
  const auto key = [&](const SeenSale& s) { return std::tuple(s.site, s.product, s.period); };
  std::sort(seen.begin(), seen.end(),
            [&](const SeenSale& a, const SeenSale& b) { return key(a) < key(b); });
  Sales sales;
  const auto add = [&](std::uint32_t site, std::uint32_t product, std::uint16_t day,
                       std::int32_t units, std::int32_t reduced, std::uint8_t flags) {
    sales.site.push_back(site);
    sales.product.push_back(product);
    sales.day.push_back(day);
    sales.units.push_back(units);
    if (!old.reduced_units.empty()) sales.reduced_units.push_back(reduced);
    sales.flags.push_back(flags);
  };
  auto next = seen.begin();
  const auto add_seen = [&] {
    const Date day = date_of(kind, next->period);
    add(next->site, next->product, static_cast<std::uint16_t>(day - estate::sales_epoch),
        next->units, 0, next->flags);
    ++next;
  };
  for (std::size_t i = 0; i < old.size(); ++i) {
    const std::int32_t period = period_at(kind, old, i);
    while (next != seen.end() && key(*next) < std::tuple(old.site[i], old.product[i], period))
      add_seen();
    if (disbelieved.holds(old.site[i], old.product[i], period)) continue;
    add(old.site[i], old.product[i], old.day[i], old.units[i],
        old.reduced_units.empty() ? 0 : old.reduced_units[i], old.flags[i]);
  }
  while (next != seen.end()) add_seen();
  estate.sales = std::move(sales);
}

}  // namespace nightly
