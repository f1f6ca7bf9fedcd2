#pragma once
// What a depot has of its goods tonight, what is coming, and what it owes.

#include <cstdint>
#include <vector>

#include "nightly/depot_demand.h"

namespace nightly {

// Units of one product, seen from the order that leaves tonight.
struct DepotPosition {
  bool stock_known = false;
  double stock_units = 0;       // that can still reach a shelf in time
  double due_before_units = 0;  // on order, there before tonight's order
  double due_units = 0;    // on order, there with it or after it, but before the next order's goods
  double store_units = 0;  // what stores order tonight, also what the depot cannot send them
  double customer_units = 0;  // orders of other shops, due before the next order's goods get there
};

// Positions of all products of a DepotDemand whose supplier takes an order tonight.
//
// - Stock goes out in the order of its dates. Goods that would reach a shelf with less life than
//   life_on_receipt_days do not count, nor does what the stores will not sell until that day comes.
//   Blocked units and negative rows count as 0.
// - Stock recorded on an earlier day has since lost what stores sell in as many days to come.
// - An order that was due before the stock was recorded by a whole interval between deliveries or
//   more is not coming. One that was due since then has come or comes tomorrow.
class DepotPositions {
 public:
  DepotPositions(const OrderRunInput& input, const DepotDemand& demand, const Night& night);

  DepotPosition of(std::size_t product) const;
  // What a store line orders tonight, in all drops.
  std::int32_t ordered_units(std::uint32_t line) const;

 private:
  // Rows of stock.csv that were known tonight, by date.
  std::vector<std::uint32_t> stock_rows(const DepotProduct& goods) const;
  // Returns the day of the record.
  Date add_stock(std::size_t product, DepotPosition& position) const;
  void add_due(std::size_t product, Date known_on, DepotPosition& position) const;
  std::int32_t end_of_interval(const DepotProduct& product) const;

  const OrderRunInput& in_;
  const DepotDemand& demand_;
  const Night& night_;
  std::vector<std::int64_t> store_units_, customer_units_;  // per product
};

// The last day on which goods with this date may reach a shelf.
Date last_on_shelf(const estate::Product& product, Date expiry);

}  // namespace nightly
