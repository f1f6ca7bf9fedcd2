#pragma once
// From estate tables to planner columns: which lines there are, what was seen of them, and what is
// known to come.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "estate/estate.h"
#include "planner/demand.h"
#include "planner/history.h"

namespace nightly {

using base::Date;

planner::Period period_kind(const estate::Estate& estate);
// The period that holds a date, and the first day of a period.
std::int32_t period_of(planner::Period kind, Date date);
Date date_of(planner::Period kind, std::int32_t period);

// One entry per line, sorted by site, then product. A line is any pair of a selling site (store or
// online) and a product that has a range row, a stock record or a sale.
struct Columns {
  planner::Period kind = planner::Period::day;
  std::vector<std::uint32_t> site, product;
  std::vector<std::uint32_t>
      range_row;  // index into estate.range of the row that counts; estate::none without one
  std::vector<std::uint64_t> site_begin;  // lines of site s are [site_begin[s], site_begin[s + 1])
  planner::Pools pools;
  std::vector<std::string> pool_key;  // "category\x1fregion", for carrying state across nights
  planner::History history;
  std::vector<std::int32_t> row_sold;  // per row of history: all units sold, reduced ones too
  std::vector<std::uint8_t> reported;  // per site, as history.known, whatever the period may teach
  std::vector<planner::Event> events;
  std::vector<std::uint32_t> like_line;
  std::vector<std::vector<std::int32_t>>
      closed;  // per site: periods without trade, past and to come, ascending

  std::size_t size() const { return site.size(); }
  planner::Kin kin() const { return {product, like_line}; }
  std::span<const planner::Promotion> promotions_of(std::size_t line) const;
  // The index of a line, or estate::none.
  std::uint32_t find(std::uint32_t site, std::uint32_t product) const;
};

// Columns::find, fast for lines that are asked for in ascending order.
class AscendingFind {
 public:
  explicit AscendingFind(const Columns& columns) : columns_(columns) {}

  std::uint32_t find(std::uint32_t site, std::uint32_t product) {
    if (site != site_ ||
        (at_ > columns_.site_begin[site] && columns_.product[at_ - 1] >= product)) {
      site_ = site;
      at_ = columns_.site_begin[site];
    }
    const std::uint64_t end = columns_.site_begin[site + 1];
    while (at_ < end && columns_.product[at_] < product) ++at_;
    return at_ < end && columns_.product[at_] == product ? static_cast<std::uint32_t>(at_)
                                                         : estate::none;
  }

 private:
  const Columns& columns_;
  std::uint32_t site_ = estate::none;
  std::uint64_t at_ = 0;
};

// Lets the range rows that are valid on a day count in columns.range_row; where none is, the next
// to begin, else the last to end.
void choose_range_rows(Columns& columns, const estate::Estate& estate, Date day);

// `more` are further lines to keep, as (site, product), ascending: those of a carried state. Closed
// periods are listed to `horizon` periods past as_of.
Columns build_columns(const estate::Estate& estate, Date as_of, std::int32_t horizon,
                      std::span<const std::pair<std::uint32_t, std::uint32_t>> more = {},
                      int threads = 1);

}  // namespace nightly
