#pragma once
// Tables sorted by site, cut where a site begins, so that threads can take a few sites at a time.

#include <algorithm>
#include <ranges>
#include <vector>

#include "estate/estate.h"

namespace nightly {

// So many sites are one thread's work at a time.
inline constexpr std::size_t sites_per_part = 8;

// Where the rows of each site begin, and last where those of the last one end. Requires:
// site_of(row) ascends over the rows.
template <class SiteOf>
std::vector<std::size_t> begins_by_site(std::size_t rows, std::size_t sites, SiteOf site_of) {
  std::vector<std::size_t> begins{0};
  for (std::size_t site = 0; site < sites; ++site) {
    const auto rest = std::views::iota(begins.back(), rows);
    const auto end =
        std::ranges::partition_point(rest, [&](std::size_t row) { return site_of(row) <= site; });
    begins.push_back(begins.back() + static_cast<std::size_t>(end - rest.begin()));
  }
  return begins;
}
inline std::vector<std::size_t> begins_by_site(const estate::Sales& sales, std::size_t sites) {
  return begins_by_site(sales.size(), sites, [&](std::size_t row) { return sales.site[row]; });
}
inline std::vector<std::size_t> begins_by_site(const estate::Stock& stock, std::size_t sites) {
  return begins_by_site(stock.size(), sites, [&](std::size_t row) { return stock.site[row]; });
}
// Of rows with a member `site`.
template <class Row>
std::vector<std::size_t> begins_by_site(const std::vector<Row>& rows, std::size_t sites) {
  return begins_by_site(rows.size(), sites, [&](std::size_t row) { return rows[row].site; });
}

}  // namespace nightly
