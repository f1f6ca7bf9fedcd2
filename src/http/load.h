#pragma once
// A load on a server: many keep-alive clients on one thread, each with one request on its way.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/wire.h"

namespace http {

struct LoadOptions {
  Dial dial;
  int clients = 64;
  std::int64_t milliseconds = 3'000;  // from the moment when all clients are connected
  // Asked ten times a second; true ends the load before its time.
  std::function<bool()> is_over{};
  // The bytes of the n-th request of a client, both counted from 0 (see request_text).
  std::function<std::string(int client, std::uint64_t n)> request{};
  // Told of its answer, head and body, where somebody wants to know.
  std::function<void(int client, std::uint64_t n, int status, std::string_view answer)> answered{};
};

struct LoadFigures {
  std::uint64_t requests = 0;  // answered with 2xx
  std::uint64_t failures = 0;  // answered otherwise, or not at all
  double seconds = 0, requests_per_s = 0;
  double p50_ms = 0, p99_ms = 0, max_ms = 0;  // from the request's first byte to the answer's last
};

// Error: io_failed if not all clients can connect, and what Wire::open says of the dial.
base::Result<LoadFigures> run_load(const LoadOptions& options);

}  // namespace http
