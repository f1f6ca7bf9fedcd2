#include "carry/rounds.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "carry/gate.h"

namespace carry {
namespace {

using base::Result;

// Exchanges that come soon after one another must not share numbers.
constexpr std::uint64_t numbers_a_round = 1u << 20;

}  // namespace

Result<syncing::Exchanged> exchange(Port& port, http::Client& client, io::Clock& clock,
                                    std::uint64_t first_number,
                                    const std::function<Result<>()>& goes_on) {
  const auto now_s = static_cast<std::uint64_t>(clock.wall_ms() / 1'000);
  std::optional<syncing::Dialler> dialler;
  std::optional<std::string> request;
  port.lend([&](syncing::Holdings& holdings) {
    dialler.emplace(holdings, first_number, now_s);
    request = dialler->next();
  });
  // The port goes on answering others while the network is waited for.
  while (request) {
    if (goes_on) TRY(goes_on());
    const auto answer = TRY(client.send({.method = http::Method::post,
                                         .target = std::string(sync_path),
                                         .headers = {{"Content-Type", std::string(sync_type)}},
                                         .body = *request}));
    if (answer.status != 200)
      return base::fail(
          base::ErrorCode::io_failed,
          fmt::format("answered with {} {}", answer.status, http::reason(answer.status)));
    bool is_taken = false;
    port.lend([&](syncing::Holdings&) {
      is_taken = dialler->take(answer.body);
      request = dialler->next();
    });
    if (!is_taken)
      return base::fail(base::ErrorCode::evidence_bad, "the answer is not one to the request");
  }
  // What was taken is on disk before anybody relies on it.
  Result<> synced;
  port.lend([&](syncing::Holdings& holdings) { synced = holdings.copies().sync(); });
  TRY(std::move(synced));
  return dialler->exchanged();
}

struct Rounds::Parts {
  Parts(Port& the_port, io::Clock& the_clock, RoundsOptions the_options)
      : port(the_port), clock(the_clock), options(std::move(the_options)) {}

  struct Way {
    Way(const Upstream& to, std::int64_t every_ms)
        : upstream(&to), dial(to.dial), wait_ms(every_ms) {}
    const Upstream* upstream;
    http::Dial dial;
    std::optional<http::Client> client{};  // to whom the dial pins
    std::int64_t wait_ms, next_ms = 0;
  };

  // Whether the one whom a connection leads to is still the one to dial.
  static Result<> check_key(const Way& way) {
    if (!way.upstream->key) return {};
    const crypto::PublicKey key = TRY(way.upstream->key());
    if (way.dial.pin == http::Pin(key)) return {};
    return base::fail(base::ErrorCode::evidence_bad, "another key is to answer there now");
  }
  Result<syncing::Exchanged> exchange_along(Way& way, std::uint64_t number) {
    if (way.upstream->key) {
      const http::Pin pin = TRY(way.upstream->key());
      if (way.dial.pin != pin) way.client.reset();
      way.dial.pin = pin;
    }
    if (!way.client) way.client.emplace(way.dial);
    return exchange(port, *way.client, clock, number, [&way] { return check_key(way); });
  }

  void run() {
    std::list<Way> ways;
    for (const Upstream& one : options.upstreams) ways.emplace_back(one, options.every_ms);
    std::uint64_t number = static_cast<std::uint64_t>(clock.wall_ms()) * numbers_a_round;
    std::unique_lock held(lock);
    while (!stops) {
      const bool is_hurried = std::exchange(hurries, false);
      held.unlock();
      if (is_hurried)
        for (Way& way : ways) {
          way.next_ms = 0;
          way.wait_ms = options.every_ms;
        }
      const auto now_ms = static_cast<std::int64_t>(clock.seconds() * 1'000);
      std::int64_t next_ms = now_ms + options.retry_ms_max;
      for (Way& way : ways) {
        if (way.next_ms <= now_ms) go(way, number += numbers_a_round);
        next_ms = std::min(next_ms, way.next_ms);
      }
      const auto rest_ms = next_ms - static_cast<std::int64_t>(clock.seconds() * 1'000);
      held.lock();
      wakes.wait_for(held, std::chrono::milliseconds(std::max<std::int64_t>(rest_ms, 1)),
                     [&] { return stops || hurries; });
    }
  }

  void go(Way& way, std::uint64_t number) {
    const Round round{way.upstream->name, exchange_along(way, number)};
    if (!check_key(way)) way.client.reset();
    way.wait_ms =
        round.outcome ? options.every_ms : std::min(2 * way.wait_ms, options.retry_ms_max);
    way.next_ms = static_cast<std::int64_t>(clock.seconds() * 1'000) + way.wait_ms;
    if (options.on_round) options.on_round(round);
  }

  Port& port;
  io::Clock& clock;
  const RoundsOptions options;
  std::mutex lock;
  std::condition_variable wakes;
  bool stops = false, hurries = false;
  std::thread thread;
};

Rounds::Rounds(Port& port, io::Clock& clock, RoundsOptions options)
    : parts_(std::make_unique<Parts>(port, clock, std::move(options))) {
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
}

void Rounds::hurry() {
  {
    const std::lock_guard held(parts_->lock);
    parts_->hurries = true;
  }
  parts_->wakes.notify_one();
}

Rounds::~Rounds() {
  {
    const std::lock_guard held(parts_->lock);
    parts_->stops = true;
  }
  parts_->wakes.notify_one();
  parts_->thread.join();
}

}  // namespace carry
