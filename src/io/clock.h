#pragma once
// Clock: the one way to time. Wall time is for people and may jump; seconds only ever grow.

#include <cstdint>

namespace io {

class Clock {
 public:
  virtual ~Clock() = default;
  // Seconds that only ever grow, from an arbitrary start.
  virtual double seconds() = 0;
  // Milliseconds UTC since 1970-01-01. May jump either way when somebody sets the clock.
  virtual std::int64_t wall_ms() = 0;
};

Clock& real_clock();

// A clock that stands still until it is told to move. It starts at 0 seconds.
class SimClock final : public Clock {
 public:
  explicit SimClock(std::int64_t wall_ms) : wall_ms_(wall_ms) {}
  double seconds() override { return static_cast<double>(run_ms_) / 1000.0; }
  std::int64_t wall_ms() override { return wall_ms_; }

  // Time passes, on both scales. Requires ms >= 0.
  void advance(std::int64_t ms) { run_ms_ += ms, wall_ms_ += ms; }
  // Somebody sets the wall clock.
  void set_wall(std::int64_t wall_ms) { wall_ms_ = wall_ms; }

 private:
  std::int64_t run_ms_ = 0, wall_ms_;
};

}  // namespace io
