#pragma once
// The continuity copy that a running site makes every night: by a process of its own, which reads
// what is on disk, and whose failure is told loudly and stops nothing.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace cmd {

struct NightlyCopyOptions {
  std::string data, estate, recipients, roster;
  std::vector<std::string> places;
  int minute = 3 * 60;  // of the day, by the machine's local time
  // Told how each try ended: true and what it printed, or false and why. From another thread.
  std::function<void(bool is_made, const std::string& said)> tell;
};

class NightlyCopy {
 public:
  // From then on a copy is made every day after that minute, and tried again every hour until it
  // is. A day that has one in the first place already needs no other.
  static std::unique_ptr<NightlyCopy> start(NightlyCopyOptions options);
  // How it stands; from any thread.
  struct Standing {
    std::int64_t newest_s = 0;  // when the newest in the first place was made; 0: none is
    bool is_failing = false;    // the last try failed
  };
  Standing standing() const;
  // Ends a copy that is being made.
  ~NightlyCopy();

 private:
  struct Parts;
  explicit NightlyCopy(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace cmd
