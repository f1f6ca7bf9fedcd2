#pragma once
// truth_stock.csv of a sample estate: what is truly on the shelves.

#include "io/disk.h"
#include "nightly/opening_stock.h"

namespace nightly {

// Columns site, product, true_on_hand; plain or packed by the file's name. Rows of unknown ids are
// an error.
base::Result<std::vector<TrueStock>> read_true_stock(io::Disk& disk, const io::Path& file,
                                                     const estate::Estate& estate);

}  // namespace nightly
