#include "estate/read_sales_rows.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "base/result.h"

namespace estate {
namespace {

constexpr int key_bytes = 6;  // two of the day, four of the product
constexpr std::size_t radix_rows_min = 256;

std::uint64_t key_of(const SaleRow& row) { return std::uint64_t{row.product} << 16 | row.day; }
bool key_before(const SaleRow& a, const SaleRow& b) { return key_of(a) < key_of(b); }

// Stable, by product and day, one byte of the key at a time from the lowest; bytes that do not
// differ are skipped.
void radix_sort(std::span<SaleRow> rows, std::vector<SaleRow>& scratch, int first_byte) {
  std::array<std::array<std::size_t, 256>, key_bytes> counts{};
  for (const SaleRow& row : rows) {
    std::uint64_t key = key_of(row);
    for (auto& count : counts) {
      ++count[key & 255];
      key >>= 8;
    }
  }
  scratch.resize(rows.size());
  std::span<SaleRow> from = rows, to = scratch;
  for (int byte = first_byte; byte < key_bytes; ++byte) {
    auto& places = counts[static_cast<std::size_t>(byte)];
    if (places[key_of(rows[0]) >> (8 * byte) & 255] == rows.size()) continue;
    std::size_t place = 0;
    for (std::size_t& count : places) place += std::exchange(count, place);
    for (const SaleRow& row : from) to[places[key_of(row) >> (8 * byte) & 255]++] = row;
    std::swap(from, to);
  }
  if (from.data() != rows.data()) std::copy(from.begin(), from.end(), rows.begin());
}

void sort_site(std::span<SaleRow> rows, std::vector<SaleRow>& scratch) {
  if (std::is_sorted(rows.begin(), rows.end(), key_before)) return;
  if (rows.size() < radix_rows_min) return std::stable_sort(rows.begin(), rows.end(), key_before);
  const bool by_day = std::is_sorted(
      rows.begin(), rows.end(), [](const SaleRow& a, const SaleRow& b) { return a.day < b.day; });
  radix_sort(rows, scratch, by_day ? 2 : 0);
}

// Sums the channels of each key into its first row; returns how many rows are left.
std::size_t sum_channels(std::span<SaleRow> rows, std::vector<SaleKey>& duplicates) {
  std::size_t kept = 0;
  unsigned channels = 0;
  for (const SaleRow& row : rows) {
    const unsigned channel = 1u << static_cast<unsigned>(row.channel);
    if (kept == 0 || key_of(rows[kept - 1]) != key_of(row)) {
      rows[kept++] = row;
      channels = channel;
    } else if ((channels & channel) != 0) {
      duplicates.push_back({row.site, row.product, row.day, row.channel});
    } else {
      rows[kept - 1].units += row.units;
      rows[kept - 1].flags |= row.flags;
      channels |= channel;
    }
  }
  return kept;
}

// Where each site's rows begin, and the end of the last.
std::vector<std::uint64_t> begins_of(const std::vector<std::uint64_t>& counts) {
  std::vector<std::uint64_t> begins{0};
  for (const std::uint64_t count : counts) begins.push_back(begins.back() + count);
  return begins;
}

// All rows grouped by site, in file order within each. Each thread takes a range of sites, of about
// equal rows.
std::vector<SaleRow> group_by_site(const SaleSlabs& slabs, const std::vector<std::uint64_t>& begins,
                                   int threads) {
  std::vector<SaleRow> rows(slabs.size());
  const std::size_t sites = begins.size() - 1;
  const std::size_t parts = std::min<std::size_t>(static_cast<std::size_t>(threads), 4);
  const auto first_site = [&](std::size_t part) {
    const auto at = std::lower_bound(begins.begin(), begins.end(), slabs.size() * part / parts);
    return part == parts ? sites : static_cast<std::size_t>(at - begins.begin());
  };
  base::for_ranges(threads, parts, 1, [&](std::size_t part, std::size_t, std::size_t) {
    const std::size_t low = first_site(part), high = first_site(part + 1);
    std::vector<std::uint64_t> places = begins;
    for (const auto& slab : slabs.slabs())
      for (const SaleRow& row : slab)
        if (row.site >= low && row.site < high) rows[places[row.site]++] = row;
  });
  return rows;
}

// Each row's place among the sales of its site, as the sorted rows of that site know it.
std::size_t place_of(const Sales& sales, const std::vector<std::uint64_t>& begins,
                     const SaleKey& key) {
  const auto wanted = std::pair(key.product, key.day);
  std::size_t low = begins[key.site], high = begins[key.site + 1];
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (std::pair(sales.product[middle], sales.day[middle]) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void add_reduced(Sales& sales, const std::vector<std::uint64_t>& begins,
                 std::vector<ReducedRow>& reduced) {
  sales.reduced_units.assign(sales.size(), 0);
  for (const ReducedRow& row : reduced)
    sales.reduced_units[place_of(sales, begins, row.key)] += row.units;
}

Sales columns_from(const std::vector<SaleRow>& rows, const std::vector<std::uint64_t>& begins,
                   const std::vector<std::uint64_t>& kept_begins, int threads) {
  Sales sales;
  const std::size_t size = kept_begins.back();
  sales.site.resize(size);
  sales.product.resize(size);
  sales.day.resize(size);
  sales.units.resize(size);
  sales.flags.resize(size);
  base::for_ranges(threads, begins.size() - 1, 1, [&](std::size_t site, std::size_t, std::size_t) {
    const SaleRow* row = rows.data() + begins[site];
    for (std::size_t i = kept_begins[site]; i < kept_begins[site + 1]; ++i, ++row) {
      sales.site[i] = row->site;
      sales.product[i] = row->product;
      sales.day[i] = row->day;
      sales.units[i] = row->units;
      sales.flags[i] = row->flags;
    }
  });
  return sales;
}

}  // namespace

void SaleSlabs::add(std::span<const SaleRow> rows) {
  for (const SaleRow& row : rows) ++rows_by_site_[row.site];
  size_ += rows.size();
  while (!rows.empty()) {
    if (slabs_.empty() || slabs_.back().size() == slab_rows) {
      slabs_.emplace_back();
      if (slabs_.size() > 1) slabs_.back().reserve(slab_rows);  // a small estate's only slab grows
    }
    std::vector<SaleRow>& slab = slabs_.back();
    const std::size_t count = std::min(rows.size(), slab_rows - slab.size());
    slab.insert(slab.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
    rows = rows.subspan(count);
  }
}

SortedSales sort_sales(SaleSlabs slabs, std::vector<ReducedRow>* reduced,
                       std::size_t duplicates_max, int threads) {
  const std::vector<std::uint64_t> begins = begins_of(slabs.rows_by_site());
  const std::size_t sites = begins.size() - 1;
  std::vector<SaleRow> rows = group_by_site(slabs, begins, threads);
  slabs = SaleSlabs(0);
  std::vector<std::uint64_t> kept(sites);
  std::vector<std::vector<SaleKey>> duplicates(sites);
  base::for_ranges(threads, sites, 8, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<SaleRow> scratch;
    for (std::size_t site = begin; site < end; ++site) {
      const std::span<SaleRow> of_site =
          std::span(rows).subspan(begins[site], begins[site + 1] - begins[site]);
      sort_site(of_site, scratch);
      kept[site] = sum_channels(of_site, duplicates[site]);
    }
  });
  SortedSales sorted;
  for (const auto& of_site : duplicates) {
    sorted.duplicate_count += of_site.size();
    const std::size_t room = duplicates_max - sorted.duplicates.size();
    sorted.duplicates.insert(
        sorted.duplicates.end(), of_site.begin(),
        of_site.begin() + static_cast<std::ptrdiff_t>(std::min(room, of_site.size())));
  }
  const std::vector<std::uint64_t> kept_begins = begins_of(kept);
  sorted.sales = columns_from(rows, begins, kept_begins, threads);
  std::vector<SaleRow>().swap(rows);
  if (reduced == nullptr) return sorted;
  std::stable_sort(reduced->begin(), reduced->end(),
                   [](const ReducedRow& a, const ReducedRow& b) { return a.key < b.key; });
  reduced->erase(
      std::unique(reduced->begin(), reduced->end(),
                  [](const ReducedRow& a, const ReducedRow& b) { return a.key == b.key; }),
      reduced->end());
  add_reduced(sorted.sales, kept_begins, *reduced);
  return sorted;
}

}  // namespace estate
