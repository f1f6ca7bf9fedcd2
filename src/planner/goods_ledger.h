#pragma once
// Which goods of a depot can still go out, when some come later and some do not last.

#include <cstdint>
#include <span>
#include <vector>

namespace planner {

// One product at one depot. Units are booked for the day on which they have to be on a shelf.
class GoodsLedger {
 public:
  // Lots can be on a shelf from one day to another, both included.
  struct Lots {
    std::span<const std::int32_t> first_day;  // empty: all are there from the beginning
    std::span<const std::int32_t> last_day;   // ascending; empty: all last
    std::span<const std::int64_t> units;
  };

  explicit GoodsLedger(const Lots& lots) : lots_(lots) {}

  void book(std::int32_t day, std::int64_t units);
  // Whether all that is booked can be met.
  bool is_met() const;
  // How many of so many more units could go out on a day. Requires is_met().
  std::int64_t left(std::int32_t day, std::int64_t units_max);

 private:
  struct Booked {
    std::int32_t day = 0;
    std::int64_t units = 0;
  };

  std::int64_t& booked(std::int32_t day);

  Lots lots_;
  std::vector<Booked> booked_;  // ascending by day
  mutable std::vector<std::int64_t> lot_left_;
};

}  // namespace planner
