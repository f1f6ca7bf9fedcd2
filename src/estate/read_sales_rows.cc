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

// A run with the block that it is in.
struct FoundRun {
  std::uint32_t block, begin, size;
};

// The runs of all sites, site by site, in file order within each.
struct RunsOfSites {
  std::vector<std::uint64_t> run_begin;  // where each site's runs begin, and the end of the last
  std::vector<std::uint64_t> row_begin;  // the same in rows
  std::vector<FoundRun> runs;

  RunsOfSites(const std::vector<SaleBlock>& blocks, std::size_t sites) {
    std::vector<std::uint64_t> run_count(sites), row_count(sites);
    for (const SaleBlock& block : blocks)
      for (const SiteRun& run : block.runs) {
        ++run_count[run.site];
        row_count[run.site] += run.size;
      }
    run_begin = begins_of(run_count);
    row_begin = begins_of(row_count);
    runs.resize(run_begin.back());
    std::vector<std::uint64_t> place = run_begin;
    for (std::uint32_t b = 0; b < blocks.size(); ++b)
      for (const SiteRun& run : blocks[b].runs) runs[place[run.site]++] = {b, run.begin, run.size};
  }

  void gather(const std::vector<SaleBlock>& blocks, std::size_t site,
              std::vector<SaleRow>& rows) const {
    rows.clear();
    for (std::uint64_t i = run_begin[site]; i < run_begin[site + 1]; ++i) {
      const auto first =
          blocks[runs[i].block].rows.begin() + static_cast<std::ptrdiff_t>(runs[i].begin);
      rows.insert(rows.end(), first, first + static_cast<std::ptrdiff_t>(runs[i].size));
    }
  }
};

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

// Writes rows of one site from `place` on.
void write_rows(std::span<const SaleRow> rows, std::size_t place, Sales& sales) {
  for (const SaleRow& row : rows) {
    sales.site[place] = row.site;
    sales.product[place] = row.product;
    sales.day[place] = row.day;
    sales.units[place] = row.units;
    sales.flags[place] = row.flags;
    ++place;
  }
}

// Closes the gaps behind each site where fewer rows were kept than there was room for.
template <class T>
void close_gaps(std::vector<T>& column, const std::vector<std::uint64_t>& begins,
                const std::vector<std::uint64_t>& kept_begins) {
  for (std::size_t site = 0; site + 1 < begins.size(); ++site)
    if (kept_begins[site] != begins[site])
      std::copy_n(column.begin() + static_cast<std::ptrdiff_t>(begins[site]),
                  kept_begins[site + 1] - kept_begins[site],
                  column.begin() + static_cast<std::ptrdiff_t>(kept_begins[site]));
  column.resize(kept_begins.back());
}

}  // namespace

SaleBlock block_of(std::span<const SaleRow> rows) {
  constexpr std::size_t rows_per_run_min = 4;
  SaleBlock block{{rows.begin(), rows.end()}, {}};
  const auto find_runs = [&] {
    block.runs.clear();
    for (std::uint32_t i = 0; i < block.rows.size(); ++i) {
      if (block.runs.empty() || block.runs.back().site != block.rows[i].site)
        block.runs.push_back({block.rows[i].site, i, 0});
      ++block.runs.back().size;
    }
  };
  find_runs();
  if (block.runs.size() * rows_per_run_min <= rows.size()) return block;
  std::stable_sort(block.rows.begin(), block.rows.end(),
                   [](const SaleRow& a, const SaleRow& b) { return a.site < b.site; });
  find_runs();
  return block;
}

SortedSales sort_sales(std::vector<SaleBlock> blocks, std::size_t sites,
                       std::vector<ReducedRow>* reduced, std::size_t duplicates_max, int threads) {
  const RunsOfSites runs(blocks, sites);
  const std::vector<std::uint64_t>& begins = runs.row_begin;
  std::vector<std::uint64_t> kept(sites);
  std::vector<std::vector<SaleKey>> duplicates(sites);
  Sales sales;
  const auto each_column = [&sales](const auto& work) {
    work(sales.site), work(sales.product), work(sales.day), work(sales.units), work(sales.flags);
  };
  each_column([&](auto& column) { column.resize(begins.back()); });
  base::for_ranges(threads, sites, 8, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<SaleRow> rows, scratch;
    for (std::size_t site = begin; site < end; ++site) {
      runs.gather(blocks, site, rows);
      sort_site(rows, scratch);
      kept[site] = sum_channels(rows, duplicates[site]);
      write_rows(std::span(rows).first(kept[site]), begins[site], sales);
    }
  });
  blocks.clear();
  SortedSales sorted;
  for (const auto& of_site : duplicates) {
    sorted.duplicate_count += of_site.size();
    const std::size_t room = duplicates_max - sorted.duplicates.size();
    sorted.duplicates.insert(
        sorted.duplicates.end(), of_site.begin(),
        of_site.begin() + static_cast<std::ptrdiff_t>(std::min(room, of_site.size())));
  }
  const std::vector<std::uint64_t> kept_begins = begins_of(kept);
  each_column([&](auto& column) { close_gaps(column, begins, kept_begins); });
  sorted.sales = std::move(sales);
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
