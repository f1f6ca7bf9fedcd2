#pragma once
// GET /v1/events: what happens at the site, as server-sent events that can be resumed from any
// event of the past. One thread reads the journal for all streams, each at its own place.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/exchange.h"
#include "api/json_write.h"
#include "io/disk.h"
#include "site/core.h"
#include "site/door.h"

namespace api {

// Who reads a stream, and by which session; no token: a device by its key.
struct Listener {
  std::string token;
  site::Caller caller;
};

inline constexpr std::size_t turn_events_max = 256;  // of a stream, before the next has its turn
// Then a stream ends, and its client comes back with a session that holds.
inline constexpr double stream_seconds_max = 3'600;

class EventStreams {
 public:
  // All must outlive this. `journal` is the folder.
  EventStreams(site::Core& core, site::Door& door, io::Clock& clock, io::Disk& disk,
               io::Path journal);
  ~EventStreams();

  // Begins a stream behind the last event that the client has, or with none behind all that is
  // committed. It ends with the session, and an hour later at the latest; reading does not keep a
  // session from being idle. Error: event_id_wrong.
  void handle(Listener listener, std::string_view last_event_id, Exchange exchange);

  std::size_t count() const { return count_; }

 private:
  struct Reader;
  bool may_go_on(Reader& reader);
  void run(const std::stop_token& stop);
  void take_new(std::vector<std::unique_ptr<Reader>>& readers);
  bool turn(Reader& reader, std::uint64_t committed);
  bool send(Reader& reader);

  site::Core& core_;
  site::Door& door_;
  io::Clock& clock_;
  io::Disk& disk_;
  io::Path journal_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> new_;
  std::atomic<std::size_t> count_ = 0;
  std::jthread thread_;
};

}  // namespace api
