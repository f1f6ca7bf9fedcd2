#pragma once
// One request on its way to its answer: what is answered is counted and logged, once.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "api/metrics.h"
#include "api/problem.h"
#include "http/server.h"
#include "io/clock.h"

namespace api {

// Takes the lines of the access log, each a JSON object without its line end, from any thread.
using LogSink = std::function<void(std::string_view line)>;

// What every exchange of a server shares.
class Desk {
 public:
  Desk(io::Clock& clock, LogSink log) : clock_(clock), log_(std::move(log)) {}

  // Waits until no exchange is left.
  void wait_until_empty();
  const Metrics& metrics() const { return metrics_; }

 private:
  friend class Exchange;
  struct Leave {
    void operator()(Desk* desk) const { desk->leave(); }
  };
  std::uint64_t enter();
  void leave();

  io::Clock& clock_;
  LogSink log_;
  Metrics metrics_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::uint64_t entered_ = 0, open_ = 0;
};

class Exchange {
 public:
  // A route that is routes().size() stands for none.
  Exchange(Desk& desk, http::Reply reply, std::size_t route)
      : desk_(&desk),
        reply_(std::move(reply)),
        route_(route),
        request_(desk.enter()),
        begin_seconds_(desk.clock_.seconds()) {}

  // Requires, as all of these, that nothing was answered yet. The answer has the number of its line
  // in the access log as Request-Id.
  void answer(http::Response response);
  void answer(const Problem& problem) { answer(response_of(problem)); }
  // A JSON text.
  void answer(int status, std::string json) {
    answer(http::Response{status, "application/json", std::move(json)});
  }
  http::Stream stream();

 private:
  void tell(int status);

  std::unique_ptr<Desk, Desk::Leave> desk_;
  http::Reply reply_;
  std::size_t route_;
  std::uint64_t request_;
  double begin_seconds_;
};

}  // namespace api
