#pragma once
// Guards over the small tables: case sizes, prices, leads, delivery days, lifeline flags.

#include <map>
#include <string>
#include <vector>

#include "nightly/guard_finding.h"

namespace nightly {

// What one column of one table said on an earlier night, by the keys of its rows, ascending.
struct Remembered {
  std::vector<std::string> keys;
  std::vector<std::int64_t> values;  // not_said where the field was empty

  // The value of a key; nothing where the key was not there.
  const std::int64_t* find(std::string_view key) const;
  friend bool operator==(const Remembered&, const Remembered&) = default;
};
using RememberedValues = std::map<std::string, Remembered>;  // by the column's name

// All watched columns as the estate has them.
RememberedValues remember_values(const estate::Estate& estate);

// Values that break a bound or changed too fast. `before` may be null: then bounds only.
std::vector<Cause> check_values(const estate::Estate& estate, const RememberedValues* before);

}  // namespace nightly
