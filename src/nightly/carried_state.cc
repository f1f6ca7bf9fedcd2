#include "nightly/carried_state.h"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/core.h>

namespace nightly {
namespace {

using estate::Estate;

// Where the ids of a saved state stand in the estate today; estate::none where they are gone.
struct Places {
  std::vector<std::uint32_t> site, product;

  Places(const SavedState& saved, const Estate& estate) {
    for (const std::string& id : saved.sites) site.push_back(estate::find_site(estate, id));
    for (const std::string& id : saved.products)
      product.push_back(estate::find_product(estate, id));
  }
  // The line's site and product, or none for both.
  std::pair<std::uint32_t, std::uint32_t> of(const SavedState& saved, std::size_t line) const {
    const std::uint32_t at = site[saved.line_site[line]];
    const std::uint32_t what = product[saved.line_product[line]];
    if (at == estate::none || what == estate::none) return {estate::none, estate::none};
    return {at, what};
  }
};

// The last day of each line in range, for lines asked for in ascending order.
class Ends {
 public:
  explicit Ends(const Estate& estate) : rows_(estate.range) {}

  // Nothing where the estate has no range row of the line.
  std::optional<Date> of(std::uint32_t site, std::uint32_t product) {
    const auto key = [](const estate::RangeRow& row) { return std::pair(row.site, row.product); };
    const std::pair wanted(site, product);
    while (at_ < rows_.size() && key(rows_[at_]) < wanted) ++at_;
    std::optional<Date> last;
    for (; at_ < rows_.size() && key(rows_[at_]) == wanted; ++at_)
      last = std::max(last.value_or(base::date_min), rows_[at_].to);
    return last;
  }

 private:
  const std::vector<estate::RangeRow>& rows_;
  std::size_t at_ = 0;
};

std::string name_of(const SavedState& saved, std::size_t line) {
  return fmt::format("{} at {}", saved.products[saved.line_product[line]],
                     saved.sites[saved.line_site[line]]);
}

// The category and region that a leaf pool's key names.
std::pair<std::string_view, std::string_view> scope_of(std::string_view key) {
  const std::size_t cut = key.find('\x1f');
  if (!key.starts_with("c:") || cut == key.npos || cut + 3 > key.size()) return {};
  return {key.substr(2, cut - 2), key.substr(cut + 3)};
}

std::string changed_line(const SavedState& saved, const Estate& estate) {
  const Places places(saved, estate);
  const planner::Period kind = saved.state.period;
  const std::int32_t settled = saved.state.origin - planner::raw_periods;
  Ends ends(estate);
  std::vector<std::pair<std::string_view, std::string_view>> scopes;
  for (const std::string& key : saved.pool_key) scopes.push_back(scope_of(key));
  for (std::size_t line = 0; line < saved.line_site.size(); ++line) {
    const auto [site, product] = places.of(saved, line);
    if (site == estate::none) continue;
    const auto& [category, region] = scopes[saved.line_pool[line]];
    if (category != estate.products[product].category || region != estate.sites[site].region)
      return name_of(saved, line) + " is now in another category or region";
    const auto end = ends.of(site, product);
    if (!end) continue;
    const std::int32_t now =
        *end == base::date_max ? std::numeric_limits<std::int32_t>::max() : period_of(kind, *end);
    if (std::min(now, settled) != std::min(saved.line_to[line], settled))
      return name_of(saved, line) + " left the range on another day than was known";
  }
  return {};
}

// Pools that the state knows, in the order of `columns`.
planner::GroupSeries fitted_series(const SavedState& saved, const Columns& columns) {
  std::map<std::string, std::size_t> saved_pool;
  for (std::size_t p = 0; p < saved.pool_key.size(); ++p) saved_pool[saved.pool_key[p]] = p;
  const planner::GroupSeries& from = saved.state.series;
  planner::GroupSeries to{from.first_period, from.period_count, columns.pools.size(), {}, {}};
  const auto width = static_cast<std::size_t>(from.period_count);
  to.units.assign(to.pool_count * width, 0);
  to.line_periods = to.units;
  for (std::size_t pool = 0; pool < to.pool_count; ++pool) {
    const auto known = saved_pool.find(columns.pool_key[pool]);
    if (known == saved_pool.end()) continue;
    const auto copy = [&](const std::vector<std::int64_t>& source,
                          std::vector<std::int64_t>& goal) {
      std::copy_n(source.begin() + static_cast<std::ptrdiff_t>(known->second * width), width,
                  goal.begin() + static_cast<std::ptrdiff_t>(pool * width));
    };
    copy(from.units, to.units);
    copy(from.line_periods, to.line_periods);
  }
  return to;
}

}  // namespace

base::Result<std::string> changed_past(const SavedState& saved, const Estate& estate) {
  if (saved.estate_name != estate.name)
    return base::fail(base::ErrorCode::state_mismatch,
                      fmt::format("{}: the state belongs to the estate \"{}\"; move it away to "
                                  "rebuild from history",
                                  saved.path, saved.estate_name));
  if (saved.state.period != period_kind(estate)) return "the estate's period is another one now";
  const auto sales = std::find_if(estate.files.begin(), estate.files.end(), [](const auto& file) {
    return file.file.starts_with("sales.csv");
  });
  if (sales != estate.files.end() &&
      period_of(saved.state.period, sales->first) < saved.state.series.first_period)
    return "sales.csv begins earlier than it did";
  if (saved.past_events != digest_of_past_events(estate, saved.state.origin))
    return "an event of the past was added, moved or withdrawn";
  return changed_line(saved, estate);
}

Date sales_needed_from(const SavedState& saved, const Estate& estate) {
  if (!estate.has_range) return base::date_min;
  Date from = saved.sales_from();
  for (const Date as_of : estate.stock.as_of)
    if (as_of != base::date_min) from = std::min(from, as_of + 1);
  return from;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> lines_of(const SavedState& saved,
                                                              const Estate& estate) {
  const Places places(saved, estate);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lines;
  for (std::size_t line = 0; line < saved.line_site.size(); ++line)
    if (const auto place = places.of(saved, line); place.first != estate::none)
      lines.push_back(place);
  return lines;
}

planner::State fitted(SavedState saved, const Estate& estate, const Columns& columns) {
  planner::State state;
  state.period = saved.state.period;
  state.origin = saved.state.origin;
  state.series = fitted_series(saved, columns);
  const Places places(saved, estate);
  std::vector<std::uint32_t> to(saved.line_site.size());
  bool same = to.size() == columns.size();
  AscendingFind lines(columns);
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto [site, product] = places.of(saved, i);
    to[i] = site == estate::none ? estate::none : lines.find(site, product);
    same = same && to[i] == i;
  }
  if (same) {
    state.settled = std::move(saved.state.settled);
    state.current = std::move(saved.state.current);
    state.raw = std::move(saved.state.raw);
    return state;
  }
  state.settled.resize(columns.size());
  state.current.resize(columns.size());
  state.raw.resize(columns.size() * planner::raw_periods);
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == estate::none) continue;
    state.settled[to[i]] = saved.state.settled[i];
    state.current[to[i]] = saved.state.current[i];
    for (std::int32_t column = 0; column < planner::raw_periods; ++column)
      state.raw[state.raw_index(to[i], column)] = saved.state.raw[saved.state.raw_index(i, column)];
  }
  return state;
}

}  // namespace nightly
