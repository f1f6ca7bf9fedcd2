#pragma once
// A simulated net between named sites: it drops, delays, reorders, doubles and cuts one way, the
// same way for the same seed.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/prng.h"
#include "io/net.h"

namespace io {

struct NetFaults {
  double drop_share = 0;                            // of messages, 0 to 1
  double duplicate_share = 0;                       // of messages that are not dropped, 0 to 1
  std::int64_t delay_ms_min = 0, delay_ms_max = 0;  // uniform; unequal bounds reorder
};

class SimNet {
 public:
  explicit SimNet(std::uint64_t seed) : prng_(seed) {}

  // The named site's end. Lives as long as this object.
  Net& end(const std::string& site);
  void set_faults(NetFaults faults) { faults_ = faults; }
  // Cuts the way from one site to another, or mends it. The way back is another one.
  void cut(const std::string& from, const std::string& to, bool is_cut);
  // Messages that are due by then arrive. Requires ms >= 0.
  void advance(std::int64_t ms) { now_ms_ += ms; }

 private:
  class End;
  struct Key {
    std::int64_t due_ms;
    std::uint64_t number;  // of messages sent so far: ties arrive in the order of sending
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Flight {
    std::string to;
    Message message;
  };

  void send(const std::string& from, std::string_view to, std::string_view bytes);
  std::optional<Message> receive(const std::string& site);

  base::Prng prng_;
  NetFaults faults_;
  std::int64_t now_ms_ = 0;
  std::uint64_t sent_ = 0;
  std::map<std::string, std::unique_ptr<Net>> ends_;
  std::set<std::pair<std::string, std::string>> cuts_;
  std::map<Key, Flight> flights_;
};

}  // namespace io
