#pragma once
// A rehearsal: an estate trades while everything goes wrong that can, then heals, and has to agree.

#include <cstdint>
#include <string>
#include <vector>

#include "rehearse/marks.h"

namespace rehearse {

inline constexpr std::size_t sites_min = 6, sites_max = 60;

// Mistakes that a test plants, to see that they are found.
enum class Planted : std::uint8_t {
  nothing,
  lost_entry,       // a site forgets what it has acknowledged
  double_dispatch,  // a depot sends the same cargo twice
  altered_copy,     // a held copy differs from its original
  altered_book,     // a book differs from what its journal says
};

struct Options {
  std::uint64_t seed = 1;
  std::size_t sites = 20;
  std::size_t commands = 2'000;  // at most, about
  bool prints = false;           // the diary, line by line
  bool is_attacked = true;
  Planted planted = Planted::nothing;
};

struct Outcome {
  std::uint64_t seed = 0;
  std::uint64_t commands = 0, events = 0;
  std::string digest;                   // of everything that happened
  std::string estate_digest;            // of what everybody agrees on in the end
  std::vector<std::string> complaints;  // empty: all is well
  Marks marks;
};

// The same options make the same outcome, byte for byte.
Outcome rehearse(const Options& options);

}  // namespace rehearse
