#pragma once
// estate.toml: what kind of estate this is, and what a reader must know to read it.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "estate/estate.h"

namespace estate {

inline constexpr std::size_t toml_bytes_max = 1024 * 1024;

struct Requirement {
  std::string text;  // as written, for example "promotions.csv" or "sales.promotion"
  std::uint32_t line = 0;
};

struct EstateToml {
  std::string name, currency = "GBP", timezone = "Europe/London";
  PeriodKind period = PeriodKind::day;
  Policy policy;
  std::vector<Requirement> requirements;
  std::vector<std::string> unknown_keys;  // "policy.colour"
};

// Errors (input_bad, input_missing) name line and column: `estate.toml:3:10: key period: "moon":
// expected …`.
base::Result<EstateToml> parse_estate_toml(std::string_view text);

}  // namespace estate
