#pragma once
// A store's trade, made up for measurements: the same for the same numbers.

#include <cstdint>
#include <vector>

#include "base/prng.h"
#include "trade/events.h"

namespace cmd {

class MadeUpTrade {
 public:
  // Requires at least 61 lines and 10 events a day.
  MadeUpTrade(std::uint32_t lines, std::uint64_t events_per_day)
      : lines_(lines), events_per_day_(events_per_day) {}

  // Opens the lines.
  std::vector<trade::Body> opening() const;
  // What comes next. Each day begins by closing the one before; nearly all are sales of one to five
  // lines, a count is one in a hundred, a receipt of forty lines one in three hundred. A store may
  // refuse some, where a use-by date has passed.
  trade::Body next();

 private:
  trade::Body sale();
  trade::Body receipt();

  const std::uint32_t lines_;
  const std::uint64_t events_per_day_;
  base::Prng prng_{1};
  std::uint64_t events_ = 0;
  trade::Day day_;
  bool day_is_over_ = false;
};

}  // namespace cmd
