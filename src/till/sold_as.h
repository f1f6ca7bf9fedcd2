#pragma once
// What an online shop sells by, of the tables of a till.

#include <optional>

#include "site/shop.h"
#include "till/tables.h"

namespace till {

// How a product is sold on a day: its VAT and the age of who takes it. Nothing for a product that
// the tables do not have, or have no VAT code or rate of.
std::optional<site::SoldAs> sold_as(const Tables& tables, const trade::ProductId& product,
                                    trade::Day day);

}  // namespace till
