#pragma once
// What a guard finds: suspicious values, grouped by cause so that one decision settles all of them.

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "estate/estate.h"

namespace nightly {

using base::Date;

// Stands for a value that is absent, or that nobody remembers.
inline constexpr std::int64_t not_said = std::numeric_limits<std::int64_t>::min();

// Which lines a value reaches. Indexes into the estate; estate::none and -1 stand for all.
struct Scope {
  std::uint32_t site = estate::none, product = estate::none, supplier = estate::none;
  std::int32_t chain = -1;

  friend auto operator<=>(const Scope&, const Scope&) = default;
};

struct Suspect {
  Scope scope = {};
  std::uint32_t row = 0;        // of the table that the cause is about
  Date day = base::date_min;    // what is said about one day only; else date_min
  std::int64_t was = not_said;  // as the last night believed
  std::int64_t is = not_said;   // as the estate says now
};

// Suspects that share what is wrong with them: one row of held.csv.
struct Cause {
  std::string id;      // "unit_price.zero"; with the digest of its suspects: see id_of
  std::string what;    // "products.unit_price"
  std::string why;     // one sentence
  bool money = false;  // values are ten-thousandths of a pound
  std::vector<Suspect> suspects;
  // Puts what was believed before, or else nothing known, in the place of every suspect value.
  // Empty: there is nothing to put.
  std::function<void(estate::Estate&, const std::vector<Suspect>&)> believe;
  bool magnitude = false;  // what is accepted is the size of `is`, since it moves every day
};

// The same for the same suspect on every night: what was accepted once is known by it.
std::uint64_t fingerprint(const estate::Estate& estate, const Cause& cause, const Suspect& suspect);

// A row of held.csv. The id names exactly the values that a person saw: other values, even of the
// same kind, have another one.
struct HeldRow {
  std::string id, where, what, was, is, why;
};
HeldRow held_row(const estate::Estate& estate, const Cause& cause);

}  // namespace nightly
