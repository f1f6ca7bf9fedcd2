#include "http/load.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "http/connection.h"

namespace http {
namespace {

using Time = std::chrono::steady_clock;

constexpr std::size_t read_bytes_max = 16 << 10;
constexpr std::size_t latencies_max = 50'000'000;
constexpr std::chrono::milliseconds look_every{100};

// What all clients of one load share.
struct Run {
  const LoadOptions& options;
  asio::io_context context{1};
  SslContext tls{};
  bool is_over = false;
  int connected = 0;
  std::uint64_t failures = 0;
  std::vector<float> latencies_ms{};
};

// Status and length of a response of ours; nothing before its head is whole.
struct Answer {
  int status = 0;
  std::size_t bytes = 0;
};
std::optional<Answer> read_answer(std::string_view text) {
  constexpr std::string_view label = "Content-Length: ";
  const std::size_t end = text.find("\r\n\r\n");
  if (end == text.npos) return std::nullopt;
  const std::string_view head = text.substr(0, end);
  Answer answer;
  if (head.size() > 12) std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  std::size_t body = 0;
  if (const std::size_t at = head.find(label); at != head.npos)
    std::from_chars(head.data() + at + label.size(), head.data() + head.size(), body);
  answer.bytes = end + 4 + body;
  return answer;
}

class LoadClient {
 public:
  LoadClient(Run& run, int number)
      : run_(run),
        number_(number),
        transport_(tcp::socket(run.context), run.tls.get()),
        in_(read_bytes_max, '\0') {}

  void connect(const tcp::endpoint& endpoint) {
    transport_.socket().async_connect(endpoint, [this](ErrorCode error) {
      if (error) return fail();
      ErrorCode ignored;
      transport_.socket().set_option(tcp::no_delay(true), ignored);
      if (!transport_.is_secure()) return connected();
      transport_.handshake([this](ErrorCode broken, std::size_t) {
        if (broken) return fail();
        connected();
      });
    });
  }
  void send() {
    if (run_.is_over) return;
    out_ = run_.options.request(number_, count_++);
    filled_ = 0;
    begin_ = Time::now();
    transport_.write(out_, {}, [this](ErrorCode error, std::size_t) {
      if (error) return fail();
      receive();
    });
  }
  void close() {
    ErrorCode ignored;
    transport_.socket().close(ignored);
  }

 private:
  void connected() { ++run_.connected; }
  void fail() {
    if (!run_.is_over) ++run_.failures;
  }
  void receive() {
    if (filled_ == in_.size()) in_.resize(in_.size() * 2);
    transport_.read_some(asio::buffer(in_.data() + filled_, in_.size() - filled_),
                         [this](ErrorCode error, std::size_t bytes) {
                           if (error) return fail();
                           filled_ += bytes;
                           take();
                         });
  }
  void take() {
    const auto answer = read_answer(std::string_view(in_.data(), filled_));
    if (!answer || filled_ < answer->bytes) return receive();
    if (answer->status / 100 != 2)
      fail();
    else if (run_.latencies_ms.size() < latencies_max)
      run_.latencies_ms.push_back(
          std::chrono::duration<float, std::milli>(Time::now() - begin_).count());
    if (run_.options.answered)
      run_.options.answered(number_, count_ - 1, answer->status,
                            std::string_view(in_.data(), answer->bytes));
    send();
  }

  Run& run_;
  const int number_;
  Transport transport_;
  std::string in_, out_;
  std::size_t filled_ = 0;
  std::uint64_t count_ = 0;
  Time::time_point begin_;
};

double quantile(std::vector<float>& sorted_ms, double share) {
  if (sorted_ms.empty()) return 0;
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted_ms.size() - 1));
  return static_cast<double>(sorted_ms[rank]);
}

LoadFigures figures_of(Run& run, double seconds) {
  auto& latencies = run.latencies_ms;
  std::sort(latencies.begin(), latencies.end());
  return {.requests = latencies.size(),
          .failures = run.failures,
          .seconds = seconds,
          .requests_per_s = static_cast<double>(latencies.size()) / seconds,
          .p50_ms = quantile(latencies, 0.5),
          .p99_ms = quantile(latencies, 0.99),
          .max_ms = quantile(latencies, 1.0)};
}

}  // namespace

base::Result<LoadFigures> run_load(const LoadOptions& options) {
  ErrorCode error;
  const Dial& dial = options.dial;
  const auto address = asio::ip::make_address(dial.address, error);
  if (error) return base::fail(base::ErrorCode::usage, dial.address + " is not an IP address");
  Run run{.options = options};
  if (dial.pin) run.tls = TRY(client_context(*dial.pin, dial.own ? &*dial.own : nullptr));

  std::vector<std::unique_ptr<LoadClient>> clients;
  for (int i = 0; i < options.clients; ++i) {
    clients.push_back(std::make_unique<LoadClient>(run, i));
    clients.back()->connect(tcp::endpoint(address, dial.port));
  }
  run.context.run_for(std::chrono::milliseconds(dial.timeout_ms));
  if (run.connected < options.clients)
    return base::fail(base::ErrorCode::io_failed,
                      fmt::format("{} of {} clients could connect to {} port {}", run.connected,
                                  options.clients, dial.address, dial.port));
  for (const auto& client : clients) client->send();
  const auto begin = Time::now();
  const auto end = begin + std::chrono::milliseconds(options.milliseconds);
  while (Time::now() < end && !(options.is_over && options.is_over())) {
    run.context.restart();
    run.context.run_until(options.is_over ? std::min(end, Time::now() + look_every) : end);
  }
  const double seconds = std::chrono::duration<double>(Time::now() - begin).count();
  run.is_over = true;
  for (const auto& client : clients) client->close();
  run.context.restart();
  run.context.run();
  return figures_of(run, seconds);
}

}  // namespace http
