#pragma once
// Numbers in sentences: separated thousands, and things in the singular or the plural.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/numbers.h"

namespace base {

// "12,345", "-7"
std::string grouped(std::int64_t value);
// Pounds and pence: "12,345.60", "-0.05"
std::string grouped(Money value);
// "1 row", "2 rows", "12,345 rows". `thing` is in the singular and takes an s.
std::string counted(std::int64_t count, std::string_view thing);

}  // namespace base
