#include "carry/rounds.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "carry/gate.h"

namespace carry {
namespace {

using base::Result;

// Exchanges that come soon after one another must not share numbers.
constexpr std::uint64_t numbers_a_round = 1u << 20;

}  // namespace

Result<syncing::Exchanged> exchange(Port& port, http::Client& client, io::Clock& clock,
                                    std::uint64_t first_number) {
  const auto now_s = static_cast<std::uint64_t>(clock.wall_ms() / 1'000);
  std::optional<syncing::Dialler> dialler;
  std::optional<std::string> request;
  port.lend([&](syncing::Holdings& holdings) {
    dialler.emplace(holdings, first_number, now_s);
    request = dialler->next();
  });
  // The port goes on answering others while the network is waited for.
  while (request) {
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
        : upstream(&to), client(to.dial), wait_ms(every_ms) {}
    const Upstream* upstream;
    http::Client client;
    std::int64_t wait_ms, next_ms = 0;
  };

  void run() {
    std::list<Way> ways;
    for (const Upstream& one : options.upstreams) ways.emplace_back(one, options.every_ms);
    std::uint64_t number = static_cast<std::uint64_t>(clock.wall_ms()) * numbers_a_round;
    std::unique_lock held(lock);
    while (!stops) {
      held.unlock();
      const auto now_ms = static_cast<std::int64_t>(clock.seconds() * 1'000);
      std::int64_t next_ms = now_ms + options.retry_ms_max;
      for (Way& way : ways) {
        if (way.next_ms <= now_ms) go(way, number += numbers_a_round);
        next_ms = std::min(next_ms, way.next_ms);
      }
      const auto rest_ms = next_ms - static_cast<std::int64_t>(clock.seconds() * 1'000);
      held.lock();
      wakes.wait_for(held, std::chrono::milliseconds(std::max<std::int64_t>(rest_ms, 1)),
                     [&] { return stops; });
    }
  }

  void go(Way& way, std::uint64_t number) {
    const Round round{way.upstream->name, exchange(port, way.client, clock, number)};
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
  bool stops = false;
  std::thread thread;
};

Rounds::Rounds(Port& port, io::Clock& clock, RoundsOptions options)
    : parts_(std::make_unique<Parts>(port, clock, std::move(options))) {
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
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
