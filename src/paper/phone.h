#pragma once
// An order as a list to be read aloud over a phone.

#include <string>
#include <string_view>

#include "base/result.h"
#include "paper/order.h"

namespace paper {

inline constexpr std::size_t phone_columns_max = 120;

// The digits of a text in words, "dash" for '-': "four two". Other characters stand as they are.
std::string spoken(std::string_view digits);

// A line for each of typed_lines, whose digits that a bad line could garble are in words as well.
// Only what 5 minutes are enough for: errors as check, and input_too_large beyond changes_max rows.
base::Result<std::string> phone_list(const Order& order);

}  // namespace paper
