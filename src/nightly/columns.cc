#include "nightly/columns.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "base/parallel.h"
#include "base/result.h"
#include "nightly/by_site.h"

namespace nightly {
namespace {

using estate::Estate;

using LineKey = std::pair<std::uint32_t, std::uint32_t>;

using SalesOfSites = std::vector<std::size_t>;  // as begins_by_site has it

bool sells(const Estate& estate, std::size_t site) {
  return estate.sites[site].kind != estate::SiteKind::depot;
}

// Adds products that ascend, each perhaps several times, to those of a site.
class LinesOfSite {
 public:
  template <class ProductOf>
  void add(std::size_t begin, std::size_t end, ProductOf product_of) {
    added_.clear();
    for (std::size_t row = begin; row < end; ++row)
      if (const std::uint32_t product = product_of(row); added_.empty() || added_.back() != product)
        added_.push_back(product);
    union_.clear();
    std::ranges::set_union(products_, added_, std::back_inserter(union_));
    std::swap(products_, union_);
  }
  std::vector<std::uint32_t> take() { return std::exchange(products_, {}); }

 private:
  std::vector<std::uint32_t> products_, added_, union_;
};

void add_lines(Columns& columns, const Estate& estate, const SalesOfSites& sales,
               std::span<const LineKey> more, int threads) {
  const std::size_t sites = estate.sites.size();
  const auto more_begin =
      begins_by_site(more.size(), sites, [&](std::size_t row) { return more[row].first; });
  const auto range_begin = begins_by_site(estate.range, sites);
  const auto stock_begin = begins_by_site(estate.stock, sites);
  std::vector<std::vector<std::uint32_t>> products(sites);
  base::for_ranges(
      threads, sites, sites_per_part, [&](std::size_t begin, std::size_t end, std::size_t) {
        LinesOfSite lines;
        for (std::size_t s = begin; s < end; ++s) {
          if (!sells(estate, s)) continue;
          lines.add(more_begin[s], more_begin[s + 1],
                    [&](std::size_t r) { return more[r].second; });
          lines.add(sales[s], sales[s + 1], [&](std::size_t r) { return estate.sales.product[r]; });
          lines.add(range_begin[s], range_begin[s + 1],
                    [&](std::size_t r) { return estate.range[r].product; });
          lines.add(stock_begin[s], stock_begin[s + 1],
                    [&](std::size_t r) { return estate.stock.product[r]; });
          products[s] = lines.take();
        }
      });
  columns.site_begin.assign(1, 0);
  for (const auto& of_site : products)
    columns.site_begin.push_back(columns.site_begin.back() + of_site.size());
  columns.site.reserve(columns.site_begin.back());
  columns.product.reserve(columns.site_begin.back());
  for (std::uint32_t s = 0; s < sites; ++s) {
    columns.site.insert(columns.site.end(), products[s].size(), s);
    columns.product.insert(columns.product.end(), products[s].begin(), products[s].end());
  }
}

// The range row that counts on a day: valid then, the one that began last; else the next to begin;
// else the last to end.
void add_range_rows(Columns& columns, const Estate& estate, Date day) {
  columns.range_row.assign(columns.size(), estate::none);
  AscendingFind lines(columns);
  for (std::uint32_t r = 0; r < estate.range.size(); ++r) {
    const estate::RangeRow& row = estate.range[r];
    const std::uint32_t line = lines.find(row.site, row.product);
    if (line == estate::none) continue;
    std::uint32_t& best = columns.range_row[line];
    const auto rank = [&](const estate::RangeRow& candidate) {
      const bool valid = candidate.from <= day && day <= candidate.to;
      const bool ahead = candidate.from > day;
      return std::tuple(valid   ? 2
                        : ahead ? 1
                                : 0,
                        ahead ? -candidate.from.days : candidate.from.days);
    };
    if (best == estate::none || rank(row) > rank(estate.range[best])) best = r;
  }
}

// Numbers distinct texts in byte order.
std::map<std::string, std::uint32_t> numbered(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  std::map<std::string, std::uint32_t> numbers;
  for (const std::string& text : texts)
    numbers.emplace(text, static_cast<std::uint32_t>(numbers.size()));
  return numbers;
}

struct Names {
  std::map<std::string, std::uint32_t> category, region;
  std::vector<std::uint32_t> of_product, of_site;
};

Names name_pools(const Estate& estate) {
  Names names;
  std::vector<std::string> categories, regions;
  for (const estate::Product& product : estate.products) categories.push_back(product.category);
  for (const estate::Site& site : estate.sites) regions.push_back(site.region);
  names.category = numbered(categories);
  names.region = numbered(regions);
  for (const std::string& category : categories)
    names.of_product.push_back(names.category.at(category));
  for (const std::string& region : regions) names.of_site.push_back(names.region.at(region));
  return names;
}

void add_pools(Columns& columns, const Names& names) {
  std::vector<std::uint32_t> category, region;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    category.push_back(names.of_product[columns.product[i]]);
    region.push_back(names.of_site[columns.site[i]]);
  }
  columns.pools = planner::build_pools(category, region);
  std::vector<const std::string*> category_name(names.category.size()),
      region_name(names.region.size());
  for (const auto& [name, number] : names.category) category_name[number] = &name;
  for (const auto& [name, number] : names.region) region_name[number] = &name;
  for (const planner::Pool& pool : columns.pools.pools) {
    std::string key;
    if (pool.category != planner::no_index) key += "c:" + *category_name[pool.category];
    key += '\x1f';
    if (pool.region != planner::no_index) key += "r:" + *region_name[pool.region];
    columns.pool_key.push_back(key);
  }
}

// How many of a site's sales are no later than the last period; and the first period of all.
struct SitePeriods {
  std::size_t rows = 0;
  std::int32_t first;
};
SitePeriods periods_of(const Estate& estate, const SalesOfSites& begin, std::size_t site,
                       planner::Period kind, std::int32_t last) {
  SitePeriods found{0, last};
  if (!sells(estate, site)) return found;
  for (std::size_t i = begin[site]; i < begin[site + 1]; ++i) {
    const std::int32_t period = period_of(kind, estate::sale_date(estate.sales.day[i]));
    if (period > last) continue;  // the reader has none; an estate in memory may
    found.first = std::min(found.first, period);
    ++found.rows;
  }
  return found;
}

// Writes a site's sales as rows of the history, from `row` on, and where those of its lines begin.
void add_rows_of(Columns& columns, const Estate& estate, const SalesOfSites& begin,
                 std::size_t site, std::size_t row) {
  planner::History& history = columns.history;
  const estate::Sales& sales = estate.sales;
  std::size_t i = begin[site];
  for (std::size_t line = columns.site_begin[site]; line < columns.site_begin[site + 1]; ++line) {
    history.row_begin[line] = static_cast<std::uint32_t>(row);
    for (; i < begin[site + 1] && sales.product[i] == columns.product[line]; ++i) {
      const std::int32_t period = period_of(columns.kind, estate::sale_date(sales.day[i]));
      if (period > history.last_period) continue;
      const bool reduced = !sales.reduced_units.empty();
      history.row_period[row] = period;
      columns.row_sold[row] = sales.units[i];
      history.row_units[row] = sales.units[i] - (reduced ? sales.reduced_units[i] : 0);
      history.row_flags[row] = static_cast<std::uint8_t>(
          ((sales.flags[i] & estate::sale_empty_shelf) ? planner::row_censored : 0) |
          ((sales.flags[i] & estate::sale_promotion) ? planner::row_promoted : 0));
      ++row;
    }
  }
}

void add_rows(Columns& columns, const Estate& estate, const SalesOfSites& begin, Date as_of,
              int threads) {
  planner::History& history = columns.history;
  const std::size_t sites = estate.sites.size();
  history.last_period = period_of(columns.kind, as_of);
  history.line_count = columns.size();
  std::vector<SitePeriods> found(sites);
  base::for_ranges(
      threads, sites, sites_per_part, [&](std::size_t first, std::size_t end, std::size_t) {
        for (std::size_t site = first; site < end; ++site)
          found[site] = periods_of(estate, begin, site, columns.kind, history.last_period);
      });
  history.first_period = history.last_period;
  std::vector<std::size_t> row_begin{0};
  for (const SitePeriods& of_site : found) {
    history.first_period = std::min(history.first_period, of_site.first);
    row_begin.push_back(row_begin.back() + of_site.rows);
  }
  const std::size_t rows = row_begin.back();
  CHECK(rows <= std::numeric_limits<std::uint32_t>::max());
  history.row_begin.assign(columns.size() + 1, static_cast<std::uint32_t>(rows));
  history.row_period.resize(rows);
  history.row_units.resize(rows);
  history.row_flags.resize(rows);
  columns.row_sold.resize(rows);
  base::for_ranges(threads, sites, sites_per_part,
                   [&](std::size_t first, std::size_t end, std::size_t) {
                     for (std::size_t site = first; site < end; ++site)
                       if (sells(estate, site))
                         add_rows_of(columns, estate, begin, site, row_begin[site]);
                   });
  history.table_periods = history.last_period - history.first_period + 1;
}

bool teaches_nothing(const estate::EventRow& event, const estate::Site& site, std::uint32_t index) {
  if (event.learn) return false;
  if (event.site != estate::none && event.site != index) return false;
  return event.region.empty() || event.region == site.region;
}

// One mask per site; a category that some event keeps from teaching gets masks of its own.
void add_masks(Columns& columns, const Estate& estate, const Names& names) {
  planner::History& history = columns.history;
  const auto width = static_cast<std::size_t>(history.table_periods);
  history.known.assign(estate.sites.size() * width, 0);
  for (std::size_t line = 0; line < columns.size(); ++line)
    for (std::uint64_t row = history.row_begin[line]; row < history.row_begin[line + 1]; ++row)
      history.known[columns.site[line] * width +
                    static_cast<std::size_t>(history.row_period[row] - history.first_period)] = 1;
  columns.reported = history.known;
  history.line_mask = columns.site;

  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> mask_of;  // (site, category)
  for (const estate::EventRow& event : estate.events) {
    if (event.learn || event.category.empty()) continue;
    const auto category = names.category.find(event.category);
    if (category == names.category.end()) continue;
    for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
      if (!teaches_nothing(event, estate.sites[site], site)) continue;
      const auto number = static_cast<std::uint32_t>(history.known.size() / width);
      if (!mask_of.try_emplace({site, category->second}, number).second) continue;
      history.known.resize(history.known.size() + width);
      std::copy_n(history.known.begin() + static_cast<std::ptrdiff_t>(site * width), width,
                  history.known.end() - static_cast<std::ptrdiff_t>(width));
    }
  }
  for (std::size_t line = 0; line < columns.size() && !mask_of.empty(); ++line) {
    const auto own = mask_of.find({columns.site[line], names.of_product[columns.product[line]]});
    if (own != mask_of.end()) history.line_mask[line] = own->second;
  }
  const auto quieten = [&](std::uint32_t mask, const estate::EventRow& event) {
    const std::int32_t offset = period_of(columns.kind, event.date) - history.first_period;
    if (offset >= 0 && offset < history.table_periods)
      history.known[mask * width + static_cast<std::size_t>(offset)] = 0;
  };
  for (const estate::EventRow& event : estate.events) {
    for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
      if (!teaches_nothing(event, estate.sites[site], site)) continue;
      if (event.category.empty()) {
        quieten(site, event);
        for (auto own = mask_of.lower_bound({site, 0});
             own != mask_of.end() && own->first.first == site; ++own)
          quieten(own->second, event);
      } else if (const auto category = names.category.find(event.category);
                 category != names.category.end()) {
        quieten(mask_of.at({site, category->second}), event);
      }
    }
  }
}

void add_ends(Columns& columns, const Estate& estate) {
  columns.history.line_to.assign(columns.size(), std::numeric_limits<std::int32_t>::max());
  std::vector<Date> last(columns.size(), base::date_min);
  AscendingFind lines(columns);
  for (const estate::RangeRow& row : estate.range) {
    const std::uint32_t line = lines.find(row.site, row.product);
    if (line != estate::none) last[line] = std::max(last[line], row.to);
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (last[i] != base::date_min && last[i] != base::date_max)
      columns.history.line_to[i] = period_of(columns.kind, last[i]);
}

// Events of one site with an announced uplift, which work like a promotion there; per site.
std::vector<std::vector<const estate::EventRow*>> local_events(const Estate& estate) {
  std::vector<std::vector<const estate::EventRow*>> events(estate.sites.size());
  for (const estate::EventRow& event : estate.events)
    if (event.site != estate::none && event.uplift) events[event.site].push_back(&event);
  return events;
}

// Promotions of the product, and what works like one.
void add_promotions(Columns& columns, const Estate& estate) {
  planner::History& history = columns.history;
  history.promotion_begin.assign(1, 0);
  const auto clipped = [&](Date date) {
    return period_of(columns.kind,
                     std::clamp(date, base::make_date(1900, 1, 1), base::make_date(2199, 12, 31)));
  };
  const auto events = local_events(estate);
  // Where the promotions of each product begin.
  std::vector<std::size_t> of_product(estate.products.size() + 1);
  for (const estate::PromotionRow& row : estate.promotions) ++of_product[row.product + 1];
  std::partial_sum(of_product.begin(), of_product.end(), of_product.begin());
  for (std::size_t line = 0; line < columns.size(); ++line) {
    const std::uint32_t site = columns.site[line], product = columns.product[line];
    const auto begin = history.promotions.size();
    for (std::size_t i = of_product[product]; i < of_product[product + 1]; ++i) {
      const estate::PromotionRow& row = estate.promotions[i];
      if (row.site != estate::none && row.site != site) continue;
      if (!row.region.empty() && row.region != estate.sites[site].region) continue;
      history.promotions.push_back(
          {clipped(row.from), clipped(row.to), static_cast<float>(row.uplift.value_or(0))});
    }
    for (const estate::EventRow* event : events[site]) {
      if (!event->category.empty() && event->category != estate.products[product].category)
        continue;
      const std::int32_t period = period_of(columns.kind, event->date);
      history.promotions.push_back({period, period, static_cast<float>(*event->uplift)});
    }
    std::stable_sort(history.promotions.begin() + static_cast<std::ptrdiff_t>(begin),
                     history.promotions.end(),
                     [](const planner::Promotion& a, const planner::Promotion& b) {
                       return a.from_period < b.from_period;
                     });
    CHECK(history.promotions.size() <= std::numeric_limits<std::uint32_t>::max());
    history.promotion_begin.push_back(static_cast<std::uint32_t>(history.promotions.size()));
  }
}

void add_events(Columns& columns, const Estate& estate, const Names& names) {
  const auto number = [](const std::map<std::string, std::uint32_t>& numbers,
                         const std::string& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() ? planner::no_index - 1 : found->second;  // a scope without lines
  };
  std::map<std::tuple<std::string, std::string, std::string>, planner::Event> events;
  std::map<std::string, std::uint32_t> name_numbers;
  for (const estate::EventRow& row : estate.events) {
    if (row.site != estate::none || !row.learn) continue;
    planner::Event& event = events[{row.event, row.region, row.category}];
    event.name = name_numbers.emplace(row.event, static_cast<std::uint32_t>(name_numbers.size()))
                     .first->second;
    if (!row.region.empty()) event.region = number(names.region, row.region);
    if (!row.category.empty()) event.category = number(names.category, row.category);
    if (row.uplift) event.uplift = *row.uplift;
    event.periods.push_back(period_of(columns.kind, row.date));
  }
  for (auto& [key, event] : events) {
    std::sort(event.periods.begin(), event.periods.end());
    event.periods.erase(std::unique(event.periods.begin(), event.periods.end()),
                        event.periods.end());
    columns.events.push_back(std::move(event));
  }
}

void add_kin(Columns& columns, const Estate& estate) {
  columns.like_line.assign(columns.size(), planner::no_index);
  for (std::size_t line = 0; line < columns.size(); ++line) {
    const std::uint32_t site = columns.site[line];
    std::uint32_t like = estate::none;
    if (columns.range_row[line] != estate::none) {
      const estate::RangeRow& row = estate.range[columns.range_row[line]];
      if (row.replaces != estate::none) like = columns.find(site, row.replaces);
      if (like == estate::none && row.like_product != estate::none)
        like = columns.find(site, row.like_product);
    }
    if (like == estate::none && estate.sites[site].like_site != estate::none)
      like = columns.find(estate.sites[site].like_site, columns.product[line]);
    columns.like_line[line] = like;
  }
}

void add_closed(Columns& columns, const Estate& estate, std::int32_t horizon) {
  columns.closed.resize(estate.sites.size());
  if (columns.kind != planner::Period::day) return;
  const std::int32_t first = columns.history.first_period;
  const std::int32_t last = columns.history.last_period + horizon;
  for (std::uint32_t s = 0; s < estate.sites.size(); ++s)
    for (std::int32_t t = first; t <= last; ++t)
      if (Date{t} < estate.sites[s].opened_on || Date{t} >= estate.sites[s].closed_on)
        columns.closed[s].push_back(t);
  for (const estate::CalendarRow& row : estate.calendar)
    if (row.state == estate::DayState::closed && !row.chain && row.drop < 0 &&
        row.date.days >= first && row.date.days <= last)
      columns.closed[row.site].push_back(row.date.days);
  for (auto& periods : columns.closed) {
    std::sort(periods.begin(), periods.end());
    periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  }
}

}  // namespace

planner::Period period_kind(const Estate& estate) {
  return estate.period == estate::PeriodKind::day ? planner::Period::day : planner::Period::week;
}

std::int32_t period_of(planner::Period kind, Date date) {
  if (kind == planner::Period::day) return date.days;
  const std::int32_t shifted = date.days + 3;
  return shifted >= 0 ? shifted / 7 : (shifted - 6) / 7;
}

Date date_of(planner::Period kind, std::int32_t period) {
  return {kind == planner::Period::day ? period : period * 7 - 3};
}

std::span<const planner::Promotion> Columns::promotions_of(std::size_t line) const {
  return history.promotions_of(line);
}

std::uint32_t Columns::find(std::uint32_t site_wanted, std::uint32_t product_wanted) const {
  const auto begin = product.begin() + static_cast<std::ptrdiff_t>(site_begin[site_wanted]);
  const auto end = product.begin() + static_cast<std::ptrdiff_t>(site_begin[site_wanted + 1]);
  const auto at = std::lower_bound(begin, end, product_wanted);
  if (at == end || *at != product_wanted) return estate::none;
  return static_cast<std::uint32_t>(at - product.begin());
}

void choose_range_rows(Columns& columns, const Estate& estate, Date day) {
  add_range_rows(columns, estate, day);
}

Columns build_columns(const Estate& estate, Date as_of, std::int32_t horizon,
                      std::span<const LineKey> more, int threads) {
  Columns columns;
  columns.kind = period_kind(estate);
  const Names names = name_pools(estate);
  const SalesOfSites sales = begins_by_site(estate.sales, estate.sites.size());
  add_lines(columns, estate, sales, more, threads);
  add_range_rows(columns, estate, as_of + 1);
  add_pools(columns, names);
  add_rows(columns, estate, sales, as_of, threads);
  add_masks(columns, estate, names);
  add_ends(columns, estate);
  add_promotions(columns, estate);
  add_events(columns, estate, names);
  add_kin(columns, estate);
  add_closed(columns, estate, horizon);
  return columns;
}

}  // namespace nightly
