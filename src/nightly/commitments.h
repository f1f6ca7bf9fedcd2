#pragma once
// Product that suppliers made for us and that never left them: what is taken up, and what is left.

#include <cstdint>
#include <span>
#include <vector>

#include "io/disk.h"
#include "nightly/play_out.h"

namespace nightly {

// Units that a supplier made for a delivery to a depot that did not take place.
struct Commitment {
  std::uint32_t supplier = 0, depot = 0, product = 0;
  Date due;    // of that delivery
  Date until;  // the last day on which the depot can take them in; date_max = they keep
  std::int64_t units = 0;
  // Filled in by take_up.
  std::int64_t taken_units = 0;
  std::int64_t surplus() const { return units - taken_units; }
};

// Orders of depots that are no longer counted on (DepotStock::overdue), and rows of `more` for days
// up to as_of, such as the last night's supplier forecast; where both name a supplier, depot and
// product, the larger sum counts. Sorted by supplier, depot, product, due.
std::vector<Commitment> commitments_of(const OrderRunInput& tonight, const DepotDemand& demand,
                                       std::span<const SupplierForecastRow> more);

// Lets the orders of the futures take what was made, the earliest dates first: on average so many
// units are ordered from that supplier for that depot until it is too old.
void take_up(std::span<const PlayedPath> paths, std::span<Commitment> commitments);

// Reads supplier_forecast.csv of an earlier night; rows of unknown ids are an error.
base::Result<std::vector<SupplierForecastRow>> read_committed(io::Disk& disk, const io::Path& file,
                                                              const estate::Estate& estate);

}  // namespace nightly
