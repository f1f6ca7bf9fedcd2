#pragma once
// What a depot has of its goods tonight, what is coming, and what it owes.

#include <cstdint>
#include <vector>

#include "nightly/depot_stock.h"

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

// Positions of all products of a DepotDemand whose supplier takes an order tonight, from what
// DepotStock says they have. Stock goes out in the order of its dates: goods that would reach a
// shelf with less life than life_on_receipt_days do not count, nor does what the stores will not
// sell until that day comes.
class DepotPositions {
 public:
  DepotPositions(const OrderRunInput& input, const DepotDemand& demand, const DepotStock& depots,
                 const Night& night);

  DepotPosition of(std::size_t product) const;
  // What a store line orders tonight, in all drops.
  std::int32_t ordered_units(std::uint32_t line) const;

 private:
  void add_stock(std::size_t product, const DepotGoods& goods, DepotPosition& position) const;
  void add_due(std::size_t product, const DepotGoods& goods, DepotPosition& position) const;
  std::int32_t end_of_interval(const DepotProduct& product) const;

  const OrderRunInput& in_;
  const DepotDemand& demand_;
  const DepotStock& depots_;
  const Night& night_;
  std::vector<std::int64_t> store_units_, customer_units_;  // per product
};

}  // namespace nightly
