#pragma once
// The law as a till knows it where the retailer's tables say nothing: VAT rates and restrictions.
// Sources are in docs/formats/till-tables.md. It is no advice: a retailer's lawyers check it.

#include <span>
#include <vector>

#include "selling/restrictions.h"
#include "selling/vat.h"

namespace till {

std::span<const selling::VatRateRow> built_in_vat_rates();
std::vector<selling::RestrictionRow> built_in_restrictions();

}  // namespace till
