#pragma once
// When cut-offs say nothing.

#include <cstdint>

#include "trade/words.h"

namespace trade {

// Whether a delivery is over by the clock, whatever the time zone. Where the trading day still
// waits for it, the site plays an old estate, or its clock is wrong: then cut-offs say nothing.
constexpr bool lies_behind(Day delivery, std::int64_t wall_ms) {
  constexpr std::int64_t day_ms = 86'400'000;
  return wall_ms >= (std::int64_t{to_date(delivery).days} + 2) * day_ms;
}

}  // namespace trade
