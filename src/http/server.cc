#include "http/server.h"

#include <chrono>
#include <string>
#include <utility>

#include <fmt/core.h>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include "http/connection.h"
#include "io/process.h"

namespace http {
namespace {

constexpr std::chrono::milliseconds accept_again_after{100};

// What the census counts by: an IPv4 address, or the /64 that one IPv6 customer has.
std::string census_name(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string();
}

asio::ip::address plain_address(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

base::Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  ErrorCode error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return base::fail(base::ErrorCode::usage, options.address + " is not an IP address");
  if (options.certificates.empty() && !address.is_loopback())
    return base::fail(
        base::ErrorCode::usage,
        "without a certificate only this machine may be served, not " + options.address);
  return tcp::endpoint(address, options.port);
}

// Listens, and deals connections out to the loops in turn.
class Acceptor {
 public:
  Acceptor(const std::vector<std::shared_ptr<Loop>>& loops, std::shared_ptr<Shared> shared)
      : loops_(loops),
        shared_(std::move(shared)),
        acceptor_(loops_.front()->context),
        pause_(loops_.front()->context) {}

  base::Result<> listen(const tcp::endpoint& endpoint) {
    ErrorCode error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error)
      return base::fail(base::ErrorCode::io_failed, fmt::format("cannot listen on {} port {}: {}",
                                                                endpoint.address().to_string(),
                                                                endpoint.port(), error.message()));
    return {};
  }

  // On the first loop's thread, or before it runs.
  void accept() {
    Loop& loop = *loops_[next_++ % loops_.size()];
    acceptor_.async_accept(loop.context, [this, &loop](ErrorCode error, tcp::socket socket) {
      if (is_closed_) return;
      if (error) return accept_later();
      take(loop, std::move(socket));
      accept();
    });
  }

  // From any thread.
  void close() {
    asio::post(loops_.front()->context, [this] {
      ErrorCode ignored;
      is_closed_ = true;
      acceptor_.close(ignored);
      pause_.cancel();
    });
  }

  std::uint16_t port() const { return port_; }

 private:
  // Out of descriptors, most likely: asking again at once would fail again at once.
  void accept_later() {
    pause_.expires_after(accept_again_after);
    pause_.async_wait([this](ErrorCode error) {
      if (!error && !is_closed_) accept();
    });
  }

  void take(Loop& loop, tcp::socket socket) {
    ErrorCode error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(tcp::no_delay(true), error);
    const auto address = plain_address(peer.address());
    auto name = census_name(address);
    if (!shared_->census.enter(name)) {
      shared_->connections_refused.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    shared_->connections.fetch_add(1, std::memory_order_relaxed);
    asio::post(loop.context, [&loop, taken = std::move(socket), text = address.to_string(),
                              name = std::move(name)]() mutable {
      loop.add(std::move(taken), {std::move(text), std::move(name)});
    });
  }

  const std::vector<std::shared_ptr<Loop>>& loops_;
  const std::shared_ptr<Shared> shared_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
  bool is_closed_ = false;
};

}  // namespace

struct Server::Parts {
  std::shared_ptr<Shared> shared;
  std::vector<std::shared_ptr<Loop>> loops;
  std::unique_ptr<Acceptor> acceptor;
  bool is_stopped = false;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { stop(0); }

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler& handler,
                                                    io::Clock& clock) {
  if (options.threads < 1)
    return base::fail(base::ErrorCode::usage, "a server needs at least one thread");
  const tcp::endpoint endpoint = TRY(endpoint_of(options));
  io::raise_open_files();
  auto parts = std::make_unique<Parts>();
  parts->shared = std::make_shared<Shared>(options, handler, clock);
  if (!options.certificates.empty()) parts->shared->tls = TRY(server_context(options.certificates));
  for (int i = 0; i < options.threads; ++i)
    parts->loops.push_back(std::make_shared<Loop>(parts->shared));
  parts->acceptor = std::make_unique<Acceptor>(parts->loops, parts->shared);
  TRY(parts->acceptor->listen(endpoint));
  parts->acceptor->accept();
  for (const auto& loop : parts->loops) loop->start();
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::uint16_t Server::port() const { return parts_->acceptor->port(); }

ServerCounts Server::counts() const {
  const Shared& shared = *parts_->shared;
  return {.connections = shared.connections,
          .connections_open = shared.census.count(),
          .connections_refused = shared.connections_refused,
          .requests = shared.requests,
          .requests_open = shared.requests_open,
          .refused_malformed = shared.refused_malformed,
          .refused_busy = shared.refused_busy,
          .timed_out = shared.timed_out,
          .streams_open = shared.streams_open,
          .streams_cut = shared.streams_cut};
}

void Server::end_connections(const std::function<bool(const crypto::PublicKey&)>& is_ended) {
  for (const auto& loop : parts_->loops) loop->cut_keys(is_ended);
}

bool Server::stop(std::int64_t patience_ms) {
  if (std::exchange(parts_->is_stopped, true)) return true;
  parts_->acceptor->close();
  for (const auto& loop : parts_->loops) loop->begin_stop();
  const bool is_empty = parts_->shared->census.wait_until_empty(patience_ms);
  for (const auto& loop : parts_->loops) loop->cut_all();
  // A connection on its way from one thread to another is in the census and ends by itself.
  constexpr std::int64_t end_ms_max = 10'000;
  CHECK(parts_->shared->census.wait_until_empty(end_ms_max));
  for (const auto& loop : parts_->loops) loop->join();
  return is_empty;
}

// --- replies and streams, from any thread --------------------------------------------------------

Reply::~Reply() {
  if (connection_) answer(problem(500));
}

Reply& Reply::operator=(Reply&& other) noexcept {
  std::swap(connection_, other.connection_);
  return *this;
}

void Reply::answer(Response response) {
  CHECK(connection_ != nullptr);
  const auto connection = std::exchange(connection_, nullptr);
  connection->shared().requests_open.fetch_sub(1);
  connection->loop().deliver(connection, std::move(response));
}

Stream Reply::stream() {
  CHECK(connection_ != nullptr);
  Shared& shared = connection_->shared();
  if (shared.streams_open.fetch_add(1) >= shared.options.streams_max) {
    shared.streams_open.fetch_sub(1);
    shared.refused_busy.fetch_add(1, std::memory_order_relaxed);
    answer(busy(shared.options));
    return {};
  }
  auto state = std::make_shared<StreamState>();
  const auto connection = std::exchange(connection_, nullptr);
  state->connection = connection;
  shared.requests_open.fetch_sub(1);
  connection->loop().deliver(connection, state);
  return Stream(std::move(state));
}

Stream& Stream::operator=(Stream&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Stream::~Stream() {
  if (!state_) return;
  std::unique_lock lock(state_->mutex);
  state_->ended = true;
  const auto connection = state_->connection;
  lock.unlock();
  if (connection) connection->loop().deliver(connection, Wake{});
}

bool Stream::is_open() const {
  if (!state_) return false;
  const std::lock_guard lock(state_->mutex);
  return state_->connection != nullptr && !state_->cut;
}

bool Stream::send(const Event& event) {
  if (!state_) return false;
  std::string text;
  append_event(event, text);
  std::unique_lock lock(state_->mutex);
  const auto connection = state_->connection;
  if (!connection || state_->cut) return false;
  Shared& shared = connection->shared();
  const std::size_t unsent = state_->pending.size() + state_->writing_bytes;
  if (unsent + text.size() > shared.options.stream_bytes_max) {
    state_->cut = true;
    shared.streams_cut.fetch_add(1, std::memory_order_relaxed);
  } else {
    state_->pending.append(text);
  }
  const bool is_cut = state_->cut;
  const bool needs_wake = is_cut || !std::exchange(state_->woken, true);
  lock.unlock();
  if (needs_wake) connection->loop().deliver(connection, Wake{});
  return !is_cut;
}

}  // namespace http
