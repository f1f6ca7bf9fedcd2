#pragma once
// What depots hold, await and send while the estate is played forward.

#include <cstdint>
#include <map>
#include <vector>

#include "nightly/depot_demand.h"

namespace nightly {

// Units of one date that left a depot or a supplier.
struct SentUnits {
  std::int32_t units = 0;
  Date expiry;  // date_max = not said
};

// Depots begin with what DepotStock says they have and await tonight; what it calls overdue never
// comes. Suppliers bring what is ordered, in full and on time.
class PlayedDepots {
 public:
  PlayedDepots(const OrderRunInput& tonight, const DepotDemand& demand);

  // The morning of a day: goods that are due can be picked.
  void receive(Date day);
  // The close of a day: returns the units past their date. A depot keeps to the dates that its
  // stores need (life_on_receipt_days) only when it sends.
  std::int64_t expire(Date day);
  // Takes up to `units` for a shelf that they reach on `on_shelf`, the oldest first, from stock and
  // then from what is there by then. Goods that pass through (cross_dock) may come on the same day.
  // A depot without a record of goods that it keeps sends all: nobody knows better.
  struct Shipment {
    std::vector<SentUnits> lots;
    std::int64_t unrecorded_units = 0;  // of these, from a depot without a record
  };
  Shipment ship(const OrderLine& order);
  void order(std::uint32_t depot, std::uint32_t product, Date due, std::int32_t units);
  // Other shops fetch what they ordered by the day after `day`, as far as it is there, and wait for
  // the rest.
  std::int64_t serve_customers(Date day);

  // Replaces the stock, on_order and customer_orders of an estate by those of now: rows of depots
  // only, stock as of the close of the day.
  void write(estate::Estate& estate) const;

  std::int64_t stock_units() const;
  std::int64_t coming_units() const;

 private:
  struct Lot {
    Date expiry;
    std::int64_t units;
  };
  struct Arrival {
    Date due;
    std::int64_t units;
    Date expiry;
  };
  struct Goods {
    bool known = false;
    std::vector<Lot> lots;          // ascending by expiry
    std::vector<Arrival> arrivals;  // ascending by due
  };
  using Key = std::pair<std::uint32_t, std::uint32_t>;  // depot, product

  static void add_lot(Goods& goods, Date expiry, std::int64_t units);
  Date expiry_of(std::uint32_t product, Date received) const;

  const estate::Estate& estate_;
  std::map<Key, Goods> goods_;
  std::vector<estate::CustomerOrderRow> customers_;
};

}  // namespace nightly
