#include "nightly/routes.h"

#include <algorithm>

#include "base/parallel.h"

namespace nightly {
namespace {

using estate::none;

constexpr std::size_t sites_per_chunk = 4;

}  // namespace

// The routes of a few sites.
class Routes::Search {
 public:
  Search(const estate::Estate& estate, const Columns& columns, const Sources& sources,
         const Schedule& schedule, Date as_of)
      : estate_(estate),
        columns_(columns),
        sources_(sources),
        schedule_(schedule),
        as_of_(as_of),
        newest_(estate.suppliers.size() + 1, none) {}

  // Writes the numbers of the site's lines, counted from this search's first route.
  void add_site(std::uint32_t site, std::span<std::uint32_t> line_route) {
    std::ranges::fill(newest_, none);
    for (std::uint64_t line = columns_.site_begin[site]; line < columns_.site_begin[site + 1];
         ++line) {
      const std::uint32_t product = columns_.product[line];
      line_route[line] = number(site, estate_.products[product].chain, sources_.of(site, product));
    }
  }

  std::vector<Route> routes;
  std::vector<Drop> drops;

 private:
  struct Known {
    estate::Chain chain;
    Source source;
    std::uint32_t before;  // the route met before this one at the site with the same supplier
  };

  std::uint32_t number(std::uint32_t site, estate::Chain chain, const Source& source) {
    std::uint32_t& newest = newest_[source.supplier == none ? newest_.size() - 1 : source.supplier];
    for (std::uint32_t i = newest; i != none; i = known_[i].before)
      if (known_[i].chain == chain && known_[i].source == source) return i;
    known_.push_back({chain, source, newest});
    newest = static_cast<std::uint32_t>(routes.size());
    const auto found = schedule_.drops(site, chain, source, as_of_, as_of_);
    routes.push_back({static_cast<std::uint32_t>(drops.size()),
                      static_cast<std::uint32_t>(found.size()), source.flow});
    drops.insert(drops.end(), found.begin(), found.end());
    return newest;
  }

  const estate::Estate& estate_;
  const Columns& columns_;
  const Sources& sources_;
  const Schedule& schedule_;
  Date as_of_;
  std::vector<std::uint32_t> newest_;  // per supplier, and last without one: the newest route
  std::vector<Known> known_;           // parallel to routes
};

Routes Routes::build(const estate::Estate& estate, const Columns& columns, Date as_of,
                     int threads) {
  const Sources sources = Sources::build(estate, as_of);
  const Schedule schedule = Schedule::build(estate, as_of);
  Routes result;
  result.line_route_.resize(columns.size());
  const std::size_t sites = estate.sites.size();
  std::vector<Search> parts((sites + sites_per_chunk - 1) / sites_per_chunk,
                            Search(estate, columns, sources, schedule, as_of));
  base::for_ranges(threads, sites, sites_per_chunk,
                   [&](std::size_t begin, std::size_t end, std::size_t chunk) {
                     for (std::size_t site = begin; site < end; ++site)
                       parts[chunk].add_site(static_cast<std::uint32_t>(site), result.line_route_);
                   });
  std::vector<std::uint32_t> first_route;
  for (const Search& part : parts) {
    first_route.push_back(static_cast<std::uint32_t>(result.routes_.size()));
    const auto first_drop = static_cast<std::uint32_t>(result.drops_.size());
    for (Route route : part.routes) {
      route.first_drop += first_drop;
      result.routes_.push_back(route);
    }
    result.drops_.insert(result.drops_.end(), part.drops.begin(), part.drops.end());
  }
  base::for_ranges(
      threads, sites, sites_per_chunk, [&](std::size_t begin, std::size_t end, std::size_t chunk) {
        for (std::uint64_t line = columns.site_begin[begin]; line < columns.site_begin[end]; ++line)
          result.line_route_[line] += first_route[chunk];
      });
  for (const Drop& drop : result.drops_)
    result.last_on_shelf_ = std::max(result.last_on_shelf_, drop.on_shelf);
  return result;
}

}  // namespace nightly
