#pragma once
// Clock: the one way to time.

namespace io {

class Clock {
 public:
  virtual ~Clock() = default;
  // Seconds that only ever grow, from an arbitrary start.
  virtual double seconds() = 0;
};

Clock& real_clock();

}  // namespace io
