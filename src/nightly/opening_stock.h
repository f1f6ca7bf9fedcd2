#pragma once
// What is truly on a shelf at the close of the last day, where the record is old: one possibility.

#include <cstdint>
#include <vector>

#include "nightly/demand_paths.h"
#include "nightly/lots.h"
#include "nightly/outlook.h"

namespace nightly {

// Units on the shelf of a line that somebody counted, whatever the record says.
struct TrueStock {
  std::uint32_t site = 0, product = 0;
  std::int32_t units = 0;
};

// Lots of every line at the close of as_of. A record of that day is taken as it is. From an older
// one the shelf is played forward: what was recorded since (sales, receipts, waste) is booked, and
// in periods in which the site is unknown customers take what `demand` says. Goods past their date
// and blocked units do not count; a line without a record begins with nothing. Where `truth` has a
// row for a line, the units are its, with the dates of the record as far as they go.
std::vector<Lots> opening_stock(const estate::Estate& estate, const Columns& columns,
                                const Outlook& outlook, const DemandSource& demand,
                                std::span<const TrueStock> truth, Date as_of);

}  // namespace nightly
