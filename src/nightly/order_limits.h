#pragma once
// What a supplier sets as the minimum and maximum of one order, and how much of them goods make.

#include "nightly/schedule.h"
#include "planner/history.h"
#include "planner/supplier_order.h"

namespace nightly {

// The limits of an order on the terms of a source, in the measure that measure_of counts.
planner::SupplierLimits limits_of(const Source& source, planner::Period kind);

// How much of those limits so many units of a product make; 0 where nothing says so, because its
// weight, price or layer is not known.
std::int64_t measure_of(const estate::Estate& estate, const Source& source, std::uint32_t product,
                        std::int32_t units);

// Units in a case as the supplier packs it, or else as the product says. At least 1.
std::int32_t supplier_case_units(const estate::Estate& estate, std::uint32_t supplier,
                                 std::uint32_t product);

}  // namespace nightly
