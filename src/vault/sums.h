#pragma once
// What an estate comes to in a few numbers, by which a copy and what is restored from it compare.

#include <cstdint>

#include "estate/estate.h"

namespace vault {

struct Sums {
  std::uint64_t sites = 0;       // of sites.csv
  std::uint64_t lines = 0;       // a product at a site with a row in stock.csv
  std::int64_t units = 0;        // on hand, of all of them
  std::uint64_t orders = 0;      // an order of a site with a row in on_order.csv
  std::int64_t order_units = 0;  // of all their rows; confirmed ones, where there are such
  std::int64_t pence = 0;        // units on hand at the shelf price, each line cut to whole pence
  friend bool operator==(const Sums&, const Sums&) = default;
};

Sums sums_of(const estate::Estate& estate);

}  // namespace vault
