#pragma once
// One request on its way to its answer: what is answered is counted and logged, once.

#include <atomic>
#include <cstdint>
#include <functional>
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
struct Desk {
  io::Clock& clock;
  LogSink log;
  Metrics metrics{};
  std::atomic<std::uint64_t> requests = 0;
};

class Exchange {
 public:
  // A route that is routes().size() stands for none.
  Exchange(Desk& desk, http::Reply reply, std::size_t route)
      : desk_(&desk),
        reply_(std::move(reply)),
        route_(route),
        request_(desk.requests.fetch_add(1) + 1),
        begin_seconds_(desk.clock.seconds()) {}

  // Requires, as all of these, that nothing was answered yet.
  void answer(http::Response response);
  void answer(const Problem& problem) { answer(response_of(problem)); }
  // A JSON text.
  void answer(int status, std::string json) {
    answer(http::Response{status, "application/json", std::move(json)});
  }
  http::Stream stream();

 private:
  void tell(int status);

  Desk* desk_;
  http::Reply reply_;
  std::size_t route_;
  std::uint64_t request_;
  double begin_seconds_;
};

}  // namespace api
