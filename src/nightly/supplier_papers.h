#pragma once
// by_supplier/: for each supplier with an order, its lines as a table and as a page to print.

#include "io/disk.h"
#include "nightly/order_numbers.h"

namespace nightly {

// Writes SUPPLIER.csv and SUPPLIER.html into `folder`, which exists, and syncs it. Lines of depots
// and those that stores order straight from a supplier, by delivery date, then by site.
base::Result<> write_supplier_papers(io::Disk& disk, const io::Path& folder,
                                     const OrderRunInput& input, const Night& night,
                                     const OrderNumbers& numbers);

}  // namespace nightly
