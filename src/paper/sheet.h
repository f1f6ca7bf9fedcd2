#pragma once
// The sheet itself: a sealed order as a PDF that is scanned, or typed where nothing can be scanned.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "paper/order.h"

namespace paper {

// What helps people and is not signed. UTF-8; empty where it is not known.
struct Labels {
  std::string store, depot;           // their names
  std::vector<std::string> products;  // one for each row, or none at all
};

// Pages of A4: order number, how to use it, codes, rows with their check digits, boxes for the
// call-back. Equal input makes equal bytes. Errors: as check; input_too_large where the codes do
// not hold it.
base::Result<std::string> sheet_pdf(const Order& order, std::string_view sealed,
                                    const Labels& labels);

}  // namespace paper
