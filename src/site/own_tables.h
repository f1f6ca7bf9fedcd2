#pragma once
// What a site knows itself, as rows of an estate's tables: for planners, which read nothing else.

#include <map>
#include <vector>

#include "base/date.h"
#include "estate/estate.h"
#include "trade/partition.h"

namespace site {

// Which line of the site is which product of the estate.
struct OwnLines {
  OwnLines(const estate::Estate& estate, const trade::Partition& own);

  std::vector<trade::LineNo> line_of;     // of each product; no_line: the site has none
  std::vector<std::uint32_t> product_of;  // of each line; estate::none: the estate has dropped it
};

// Stock as the book has it, at the close of the day; goods that may not be sold do not count.
estate::Stock own_stock(std::uint32_t site, const trade::Partition& own, const OwnLines& lines,
                        base::Date day);

// Orders that the site has placed and that have not come, by product.
std::vector<estate::OnOrderRow> own_orders(std::uint32_t site, const trade::Partition& own,
                                           const OwnLines& lines, base::Date day);

// The estate's stock, for each of the sites with its own rows in place of those that the estate
// has of it. Both in the order of their sites.
estate::Stock stock_with(const estate::Stock& known,
                         const std::map<std::uint32_t, estate::Stock>& own);

}  // namespace site
