#pragma once
// The receipt of a priced basket as lines of plain text.

#include <cstdint>
#include <string>
#include <vector>

#include "selling/basket.h"

namespace selling {

inline constexpr std::size_t receipt_columns_min = 40, receipt_columns_max = 80;

struct ReceiptHead {
  std::string shop;        // its name and place, one line
  std::string vat_number;  // as it is printed
  Moment sold;
  std::uint32_t number = 0;  // of the receipt at its till
  std::uint16_t till = 0;
  std::uint16_t copy = 0;  // 0 = the first print; every later one says that it is a copy
};

// Lines of exactly `columns` characters or fewer, without line ends. Texts that are too long are
// cut; amounts never are. A void line is printed with VOID in place of its price. Requires
// printable ASCII, columns within their bounds, and no refusals.
std::vector<std::string> print_receipt(const ReceiptHead& head, const PricedBasket& basket,
                                       std::size_t columns);

}  // namespace selling
