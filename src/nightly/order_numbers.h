#pragma once
// Which order a line belongs to, what that order is called, and how its lines are numbered.

#include <cstdint>
#include <string>
#include <vector>

#include "nightly/order_run.h"

namespace nightly {

// Place of one line: an index into OrderNumbers::orders, and 1, 2, … within that order.
struct LineNumber {
  std::uint32_t order = 0, line = 0;
};

// Store orders are called SITE-SOURCE-YYYYMMDD-DROP-CHAIN, SOURCE being empty where nobody supplies
// the line; depots' orders DEPOT-SUPPLIER-YYYYMMDD. A dash within an id is written as a tilde,
// which no id holds, so that two orders never share a number. The date is the first day on the
// shelf, or in the depot's pick face. Lines are numbered in the order of the night.
struct OrderNumbers {
  std::vector<std::string> orders;
  std::vector<LineNumber> of_line;        // per entry of Night::orders
  std::vector<LineNumber> of_depot_line;  // per entry of Night::depot_orders
};

OrderNumbers number_orders(const OrderRunInput& input, const Night& night);

// The id of the site or supplier that a line comes from, empty where nobody supplies it.
std::string_view source_id(const estate::Estate& estate, const OrderLine& line);

// Whole cases of a store's line, begun ones included.
std::int64_t cases_of(const OrderLine& line);

// What the supplier calls a product, or nothing.
const estate::SupplierItem* find_supplier_item(const estate::Estate& estate, std::uint32_t supplier,
                                               std::uint32_t product);

}  // namespace nightly
