#pragma once
// Sales rows on their way from text to columns: sixteen bytes each, kept in slabs, sorted per site.

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

// Rows in file order. A slab is larger than what malloc keeps in its heap (32 MiB in glibc), so
// that its memory goes back to the system when it is freed and the peak stays at two copies of the
// rows.
class SaleSlabs {
 public:
  static constexpr std::size_t slab_rows = (std::size_t{33} << 20) / sizeof(SaleRow);

  explicit SaleSlabs(std::size_t site_count) : rows_by_site_(site_count) {}
  void add(std::span<const SaleRow> rows);
  std::uint64_t size() const { return size_; }
  const std::vector<std::vector<SaleRow>>& slabs() const { return slabs_; }
  const std::vector<std::uint64_t>& rows_by_site() const { return rows_by_site_; }

 private:
  std::vector<std::vector<SaleRow>> slabs_;
  std::vector<std::uint64_t> rows_by_site_;
  std::uint64_t size_ = 0;
};

struct SortedSales {
  Sales sales;
  std::vector<SaleKey> duplicates;    // of each duplicate row, sorted, at most duplicates_max
  std::uint64_t duplicate_count = 0;  // of all
};

// Sorts by site, product and day, and sums channels. Of duplicates the first in file order is kept.
// `reduced`, if not null, becomes the column reduced_units. Results do not depend on `threads`.
SortedSales sort_sales(SaleSlabs slabs, std::vector<ReducedRow>* reduced,
                       std::size_t duplicates_max, int threads);

}  // namespace estate
