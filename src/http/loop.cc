// The server's threads: their clocks, connections and outboxes, and the census of who is connected.
#include <algorithm>
#include <chrono>

#include <boost/asio/post.hpp>

#include "base/result.h"
#include "http/connection.h"

namespace http {
namespace {

constexpr std::chrono::milliseconds sweep_every{100};

}  // namespace

bool Census::enter(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (count_ >= all_max_) return false;
  std::size_t& here = addresses_[address];
  if (here >= address_max_) return false;
  ++here;
  ++count_;
  return true;
}

void Census::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto row = addresses_.find(address);
  CHECK(row != addresses_.end() && count_ > 0);
  if (--row->second == 0) addresses_.erase(row);
  if (--count_ == 0) left_.notify_all();
}

std::size_t Census::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

bool Census::wait_until_empty(std::int64_t patience_ms) const {
  std::unique_lock lock(mutex_);
  return left_.wait_for(lock, std::chrono::milliseconds(patience_ms), [&] { return count_ == 0; });
}

Loop::Loop(std::shared_ptr<Shared> the_shared)
    : shared(std::move(the_shared)), work_(context.get_executor()), timer_(context) {
  look_at_clock();
}

void Loop::start() {
  sweep();
  // The loop outlives its thread: join() is called before the server lets go of it.
  thread_ = std::thread([this] {
    thread_id_ = std::this_thread::get_id();
    context.run();
    thread_id_ = std::thread::id();
  });
}

void Loop::look_at_clock() {
  now_ms_ = static_cast<std::int64_t>(shared->clock.seconds() * 1000.0);
  const std::int64_t wall_ms = std::max<std::int64_t>(shared->clock.wall_ms(), 0);
  if (std::exchange(date_second_, wall_ms / 1000) != wall_ms / 1000) date_ = http_date(wall_ms);
}

void Loop::sweep() {
  if (is_ending_) return;
  look_at_clock();
  // From the back: a connection that goes leaves its place to the last one.
  for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->check();
  timer_.expires_after(sweep_every);
  timer_.async_wait([this](ErrorCode error) {
    if (!error) sweep();
  });
}

void Loop::add(tcp::socket socket, Peer peer) {
  if (is_stopping_) return shared->census.leave(peer.census_name);
  auto connection =
      std::make_shared<Connection>(shared_from_this(), std::move(socket), std::move(peer));
  connection->slot = connections_.size();
  connections_.push_back(connection);
  connection->start();
}

void Loop::remove(Connection& connection) {
  const std::size_t slot = connection.slot;
  CHECK(slot < connections_.size() && connections_[slot].get() == &connection);
  std::swap(connections_[slot], connections_.back());
  connections_[slot]->slot = slot;
  connections_.pop_back();
}

void Loop::deliver(const std::shared_ptr<Connection>& connection, Delivery delivery) {
  if (std::this_thread::get_id() == thread_id_.load()) return connection->take(std::move(delivery));
  const std::lock_guard lock(mutex_);
  if (!is_open_) return;
  const bool is_first = outbox_.empty();
  outbox_.push_back({connection, std::move(delivery)});
  if (is_first) asio::post(context, [this] { drain(); });
}

void Loop::drain() {
  {
    const std::lock_guard lock(mutex_);
    std::swap(drained_, outbox_);
  }
  for (auto& parcel : drained_) parcel.connection->take(std::move(parcel.delivery));
  drained_.clear();
}

void Loop::begin_stop() {
  asio::post(context, [this] {
    is_stopping_ = true;
    for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->end_gently();
  });
}

void Loop::cut_all() {
  asio::post(context, [this] {
    for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->drop();
  });
}

// From the back, as in sweep().
void Loop::cut_keys(const std::function<bool(const crypto::PublicKey&)>& is_ended) {
  asio::post(context, [this, is_ended] {
    for (std::size_t i = connections_.size(); i-- > 0;) {
      const auto connection = connections_[i];
      if (connection->key() && is_ended(*connection->key())) connection->drop();
    }
  });
}

// A context without work ends its thread. Deliveries that come after that have no connection to
// go to, and must not lie in a queue that nobody empties.
void Loop::join() {
  asio::post(context, [this] {
    CHECK(connections_.empty());
    const std::lock_guard lock(mutex_);
    is_open_ = false;
    is_ending_ = true;  // for a sweep that is due already, which cancel() no longer reaches
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

}  // namespace http
