#pragma once
// The files of a comparison: our orders.csv and somebody else's orders in, every line as CSV out.

#include "io/disk.h"
#include "nightly/compare.h"

namespace nightly {

// Reads orders.csv (or .gz, .zst) of an output folder. Units that were cut or held name that as
// their `why`, other units the reason of the order. Errors: input_missing (no such folder, file or
// column), input_bad, input_too_large, io_failed.
base::Result<> read_ours(io::Disk& disk, const io::Path& folder, ComparedOrders& into);

// Reads somebody else's orders: columns site, product and units, and due_date if it is there; rows
// of one line that differ in due_date are summed, others that come twice are input_bad. Errors as
// above.
base::Result<> read_theirs(io::Disk& disk, const io::Path& file, ComparedOrders& into);

// Writes every line, the largest difference first. The file appears whole or not at all. Errors:
// io_failed.
base::Result<> write_comparison(io::Disk& disk, const io::Path& file, const ComparedOrders& orders,
                                const Comparison& comparison);

}  // namespace nightly
