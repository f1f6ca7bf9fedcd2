#pragma once
// VAT of a receipt: dated codes and rates, discounts shared out over units, VAT from the gross.

#include <cstdint>
#include <span>
#include <vector>

#include "selling/refusal.h"
#include "selling/words.h"
#include "trade/value.h"

namespace selling {

using trade::vat_codes;
using trade::VatCode;
using trade::VatRow;

// The letter of a code on a receipt.
constexpr char letter_of(VatCode code) { return "ABZEO"[static_cast<std::size_t>(code)]; }

// From a day on, until the next row of the same code. Any order.
struct VatRateRow {
  VatCode code = VatCode::standard;
  Day from;
  std::int32_t basis_points = 0;  // 2,000 = 20 %; 0 for zero, exempt and outside the scope
};

// A product's code from a day on, until the product's next row. Sorted by product.
struct VatCodeRow {
  ProductId product;
  Day from;
  VatCode code = VatCode::standard;
};

// Refuses vat_rate_missing.
Answer<std::int32_t> vat_basis_points(std::span<const VatRateRow> rates, VatCode code, Day day);
// Refuses vat_code_missing.
Answer<VatCode> vat_code(std::span<const VatCodeRow> codes, const ProductId& product, Day day);

// Shares an amount out in whole pence in proportion to the weights: each share is rounded down, and
// the pence that are left go to the largest remainders, among equals to the first. The shares add
// up to the amount, and none is larger than its weight. One share per weight.
// Requires 0 <= amount <= the sum of weights <= total_pence_max, and no weight below 0.
std::vector<std::int64_t> apportion(std::int64_t amount_pence,
                                    std::span<const std::int64_t> weights);

struct VatLine {
  VatCode code = VatCode::standard;
  std::int64_t gross_pence = 0;  // what is paid for the line, VAT included
};

// One row per code that occurs, in the order of the codes. VAT is the gross of the code times
// rate / (1 + rate), rounded once, half a penny up. Gross adds up to the lines. Refuses
// vat_rate_missing.
Answer<std::vector<VatRow>> vat_summary(std::span<const VatRateRow> rates,
                                        std::span<const VatLine> lines, Day day);

}  // namespace selling
