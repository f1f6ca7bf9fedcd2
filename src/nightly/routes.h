#pragma once
// Tonight's drops of every line, searched once for each site, chain and source.

#include <cstdint>
#include <span>
#include <vector>

#include "nightly/columns.h"
#include "nightly/schedule.h"

namespace nightly {

// Lines of one site, chain and source share a route; a line finds its own by its number.
class Routes {
 public:
  // The same whatever the number of threads.
  static Routes build(const estate::Estate& estate, const Columns& columns, Date as_of,
                      int threads);

  // The drops that a line's order may leave with tonight, by on_shelf; empty: it does not order.
  std::span<const Drop> drops(std::size_t line) const {
    const Route& route = route_of(line);
    return std::span(drops_).subspan(route.first_drop, route.drop_count);
  }
  estate::Flow flow(std::size_t line) const { return route_of(line).flow; }
  // The last day on which goods ordered tonight are on a shelf; date_min if nobody orders.
  Date last_on_shelf() const { return last_on_shelf_; }
  std::size_t size() const { return routes_.size(); }

 private:
  struct Route {
    std::uint32_t first_drop, drop_count;
    estate::Flow flow;
  };
  class Search;

  const Route& route_of(std::size_t line) const { return routes_[line_route_[line]]; }

  std::vector<Route> routes_;
  std::vector<Drop> drops_;
  std::vector<std::uint32_t> line_route_;  // per line: into routes_
  Date last_on_shelf_ = base::date_min;
};

}  // namespace nightly
