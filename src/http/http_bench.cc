// The ceiling of the server: a handler that answers 200 with 100 bytes, 64 keep-alive clients, one
// server thread, plain and over TLS. CPU is that of the server's thread alone.
#include <ctime>

#include <benchmark/benchmark.h>

#include "http/client.h"
#include "http/load.h"
#include "http/server.h"

namespace {

// CPU microseconds that the calling thread has used.
double thread_cpu_us() {
  timespec time{};
  CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// Answers 100 bytes; /cpu answers what the serving thread has used.
class Hundred final : public http::Handler {
 public:
  void handle(http::Request request, http::Reply reply) override {
    if (request.path == "/cpu")
      return reply.answer({200, "text/plain", std::to_string(thread_cpu_us()), {}});
    reply.answer({200, "text/plain", body_, {}});
  }

 private:
  const std::string body_ = std::string(100, 'x');
};

double server_cpu_us(http::Client& client) {
  return std::stod(client.send({.target = "/cpu"}).value().body);
}

void serve(benchmark::State& state, bool is_tls) {
  const crypto::SigningKey key(crypto::Seed{1});
  Hundred handler;
  http::ServerOptions options;
  if (is_tls) options.certificates = {http::site_certificate(key)};
  const auto server = http::Server::start(options, handler).value();
  http::Dial dial{.address = "127.0.0.1", .port = server->port()};
  if (is_tls) dial.pin = key.public_key();

  const std::string text = http::request_text(
      {.method = http::Method::post, .target = "/sales", .body = std::string(400, 'b')}, "a");
  http::Client client(dial);
  for (auto _ : state) {
    const double before_us = server_cpu_us(client);
    const auto figures =
        http::run_load({.dial = dial, .request = [&](int, std::uint64_t) { return text; }}).value();
    const double used_us = server_cpu_us(client) - before_us;
    state.counters["requests_per_s"] = figures.requests_per_s;
    state.counters["p50_ms"] = figures.p50_ms;
    state.counters["p99_ms"] = figures.p99_ms;
    state.counters["failures"] = static_cast<double>(figures.failures);
    state.counters["cpu_us_per_request"] = used_us / static_cast<double>(figures.requests);
  }
}

BENCHMARK_CAPTURE(serve, plain, false)->Iterations(1)->Repetitions(3)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(serve, tls, true)->Iterations(1)->Repetitions(3)->Unit(benchmark::kSecond);

}  // namespace
