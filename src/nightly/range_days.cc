#include "nightly/range_days.h"

#include <algorithm>

#include "base/parallel.h"
#include "estate/range.h"
#include "nightly/routes.h"

namespace nightly {
namespace {

using estate::Estate;
using estate::none;
using estate::RangeRow;
using estate::RangeStatus;

constexpr std::size_t lines_per_chunk = 4096;

bool is_of(const Columns& columns, std::size_t line, const RangeRow& row) {
  return row.site == columns.site[line] && row.product == columns.product[line];
}

// All range rows of a line: they lie side by side around the one that its column names.
std::span<const RangeRow> rows_of(const Estate& estate, const Columns& columns, std::size_t line) {
  std::size_t first = columns.range_row[line];
  if (first == none) return {};
  std::size_t last = first + 1;
  while (first > 0 && is_of(columns, line, estate.range[first - 1])) --first;
  while (last < estate.range.size() && is_of(columns, line, estate.range[last])) ++last;
  return std::span(estate.range).subspan(first, last - first);
}

// Rows are in the order of their first days, so the last valid one began last.
const RangeRow* row_on(std::span<const RangeRow> rows, Date day) {
  for (std::size_t i = rows.size(); i-- > 0;)
    if (rows[i].from <= day && day <= rows[i].to) return &rows[i];
  return nullptr;
}

bool is_ordered(const RangeRow* row) {
  return row != nullptr && row->status != RangeStatus::blocked &&
         row->status != RangeStatus::run_down;
}

// The first day after `day` on which another row may count; date_max: none.
Date next_change(std::span<const RangeRow> rows, Date day) {
  Date next = base::date_max;
  for (const RangeRow& row : rows) {
    if (row.from > day) next = std::min(next, row.from);
    if (row.to >= day && row.to < base::date_max) next = std::min(next, row.to + 1);
  }
  return next;
}

std::optional<Stay> stay_in_range(std::span<const RangeRow> rows, Date day) {
  while (!is_ordered(row_on(rows, day)))
    if (day = next_change(rows, day); day == base::date_max) return std::nullopt;
  Date end = next_change(rows, day);
  while (end < base::date_max && is_ordered(row_on(rows, end))) end = next_change(rows, end);
  return Stay{day, end == base::date_max ? end : end - 1};
}

bool is_in_range(const Estate& estate, const Columns& columns, const Routes& routes,
                 std::size_t line, Date as_of) {
  const RangeRow* row = row_on(rows_of(estate, columns, line), as_of + 1);
  if (row != nullptr && row->status != RangeStatus::blocked &&
      estate::sells_on(estate.sites[columns.site[line]], as_of))
    return true;
  return std::ranges::any_of(routes.drops(line), [&](const Drop& drop) {
    const auto stay = stay_from(estate, columns, line, drop.on_shelf);
    return stay && period_of(columns.kind, stay->from) == period_of(columns.kind, drop.on_shelf);
  });
}

bool is_open_for(const Estate& estate, const Columns& columns, const Routes& routes,
                 std::size_t line, Date as_of) {
  const estate::Site& site = estate.sites[columns.site[line]];
  return site.opened_on <= as_of || std::ranges::any_of(routes.drops(line), [&](const Drop& drop) {
           return period_of(columns.kind, site.opened_on) <= period_of(columns.kind, drop.on_shelf);
         });
}

}  // namespace

std::uint32_t range_row_on(const Estate& estate, const Columns& columns, std::size_t line,
                           Date day) {
  const RangeRow* row = row_on(rows_of(estate, columns, line), day);
  return row == nullptr ? none : static_cast<std::uint32_t>(row - estate.range.data());
}

std::optional<Stay> stay_from(const Estate& estate, const Columns& columns, std::size_t line,
                              Date day) {
  const estate::Site& site = estate.sites[columns.site[line]];
  Stay stay{std::max(day, site.opened_on), base::date_max};
  if (estate.has_range) {
    const auto in_range = stay_in_range(rows_of(estate, columns, line), stay.from);
    if (!in_range) return std::nullopt;
    stay = *in_range;
  }
  if (site.closed_on < base::date_max) stay.to = std::min(stay.to, site.closed_on - 1);
  if (stay.to < stay.from) return std::nullopt;
  return stay;
}

std::vector<std::uint8_t> in_range_of(const Estate& estate, const Columns& columns,
                                      const Routes& routes, Date as_of, int threads) {
  std::vector<std::uint8_t> in_range(columns.size(), 0);
  if (estate.has_range) {
    base::for_ranges(threads, columns.size(), lines_per_chunk,
                     [&](std::size_t begin, std::size_t end, std::size_t) {
                       for (std::size_t line = begin; line < end; ++line)
                         in_range[line] = is_in_range(estate, columns, routes, line, as_of);
                     });
    return in_range;
  }
  const estate::RangeLines range =
      estate::lines_in_range(estate, as_of, std::max(as_of, routes.last_on_shelf()));
  for (const estate::RangeLine& line : range.ordered)
    if (const std::uint32_t at = columns.find(line.site, line.product); at != none)
      in_range[at] = is_open_for(estate, columns, routes, at, as_of);
  return in_range;
}

}  // namespace nightly
