#pragma once
// Sales rows on their way from text to columns: sixteen bytes each, grouped, then sorted by site.

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "estate/estate.h"
#include "estate/words.h"

namespace estate {

inline constexpr std::uint64_t sales_rows_max = 2'000'000'000;
// One channel's units of a day; the sum over all channels fits 32 bits.
inline constexpr std::int64_t sale_units_max = 500'000'000;
static_assert(sale_units_max * static_cast<std::int64_t>(Words<Channel>::list.size()) <= INT32_MAX);

struct SaleRow {
  std::uint32_t site, product;
  std::int32_t units;
  std::uint16_t day;
  std::uint8_t flags;
  Channel channel;
};
static_assert(sizeof(SaleRow) == 16);

// What a row is known by; two rows with the same one are duplicates.
struct SaleKey {
  std::uint32_t site, product;
  std::uint16_t day;
  Channel channel;
  friend auto operator<=>(const SaleKey&, const SaleKey&) = default;
};

// Reduced-to-clear units of the few rows that have any.
struct ReducedRow {
  SaleKey key;
  std::int32_t units;
};

// Neighbouring rows of one site.
struct SiteRun {
  std::uint32_t site, begin, size;
};

// The rows of one block of the file, of each site in file order.
struct SaleBlock {
  std::vector<SaleRow> rows;
  std::vector<SiteRun> runs;  // all rows, in their order; of a site there may be several
};
// Copies rows that are in file order into a block of their own.
SaleBlock block_of(std::span<const SaleRow> rows);

struct SortedSales {
  Sales sales;
  std::vector<SaleKey> duplicates;    // of each duplicate row, sorted, at most duplicates_max
  std::uint64_t duplicate_count = 0;  // of all
};

// Sorts by site, product and day, and sums channels. Of duplicates the first in file order is kept;
// `blocks` come in file order. `reduced`, if not null, becomes the column reduced_units. Results do
// not depend on `threads`. At its peak the memory holds two copies of the rows.
SortedSales sort_sales(std::vector<SaleBlock> blocks, std::size_t sites,
                       std::vector<ReducedRow>* reduced, std::size_t duplicates_max, int threads);

}  // namespace estate
