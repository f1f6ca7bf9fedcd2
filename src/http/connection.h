#pragma once
// Inside the server: one connection's life, and the thread that it is bound to.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/server.h"
#include "http/text.h"
#include "http/tls.h"
#include "http/transport.h"

namespace http {

// One peer: the address that requests carry, and the name that the census counts it by.
struct Peer {
  std::string address, census_name;
};

// The answer when there is no room for more.
Response busy(const ServerOptions& options);

// Who is connected, in all and from each address.
class Census {
 public:
  Census(std::size_t all_max, std::size_t address_max)
      : all_max_(all_max), address_max_(address_max) {}

  // False if there are as many as may be; then nothing was counted.
  bool enter(const std::string& address);
  void leave(const std::string& address);
  std::size_t count() const;
  bool wait_until_empty(std::int64_t patience_ms) const;

 private:
  const std::size_t all_max_, address_max_;
  mutable std::mutex mutex_;
  mutable std::condition_variable left_;
  std::map<std::string, std::size_t> addresses_;
  std::size_t count_ = 0;
};

// What all threads of a server share.
struct Shared {
  Shared(const ServerOptions& the_options, Handler& the_handler, io::Clock& the_clock)
      : options(the_options),
        handler(the_handler),
        clock(the_clock),
        census(options.connections_max, options.connections_per_address_max) {}

  const ServerOptions options;
  Handler& handler;
  io::Clock& clock;
  SslContext tls;  // none: plain
  Census census;
  std::atomic<std::size_t> buffered_bytes{0};
  std::atomic<std::uint64_t> connections{0}, connections_refused{0}, requests{0}, requests_open{0},
      refused_malformed{0}, refused_busy{0}, timed_out{0}, streams_open{0}, streams_cut{0};
};

// The queue between whoever sends events and the connection's thread.
struct StreamState {
  std::mutex mutex;
  std::shared_ptr<Connection> connection;  // none once nothing can be sent any more
  std::string pending;                     // events that wait
  std::size_t writing_bytes = 0;           // events that the connection is writing
  bool ended = false;                      // the sender has no more
  bool cut = false;                        // the reader is too slow
  bool woken = false;                      // the connection knows that something is pending
};

// What a connection is told by others: a response, a stream to begin, or that its stream moved.
struct Wake {};
using Delivery = std::variant<Wake, Response, std::shared_ptr<StreamState>>;

// One thread, its connections, and the way to them from other threads: deliveries are collected,
// so that a batch of answers costs one wake-up.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(std::shared_ptr<Shared> the_shared);

  void start();
  // From any thread. Whatever is accepted before is connected, whatever comes later is not.
  void begin_stop();
  void cut_all();
  // Connections of peers with such keys.
  void cut_keys(const std::function<bool(const crypto::PublicKey&)>& is_ended);
  // Requires that no connection is left.
  void join();

  // From any thread: hands `delivery` to the connection on its own thread. Once the loop has ended
  // it is dropped.
  void deliver(const std::shared_ptr<Connection>& connection, Delivery delivery);

  // On the loop's thread only.
  void add(tcp::socket socket, Peer peer);
  void remove(Connection& connection);
  std::int64_t now_ms() const { return now_ms_; }
  std::string_view date() const { return date_; }
  bool is_stopping() const { return is_stopping_; }

  asio::io_context context{1};
  const std::shared_ptr<Shared> shared;

 private:
  void look_at_clock();
  void sweep();
  void drain();

  struct Parcel {
    std::shared_ptr<Connection> connection;
    Delivery delivery;
  };

  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer timer_;
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_;
  std::int64_t now_ms_ = 0, date_second_ = -1;
  std::string date_;
  bool is_stopping_ = false, is_ending_ = false;
  std::vector<std::shared_ptr<Connection>> connections_;

  std::mutex mutex_;
  std::vector<Parcel> outbox_;  // under mutex_
  bool is_open_ = true;         // under mutex_
  std::vector<Parcel> drained_;
};

// One connection: reads a request, hands it over, writes the answer, and only then looks at the
// next request, so that pipelined answers keep their order. Everything here runs on the loop's
// thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, tcp::socket socket, Peer peer);

  void start();
  void take(Delivery delivery);
  // Looks at deadlines and heartbeats.
  void check();
  // Ends the connection as soon as nothing is lost by it.
  void end_gently();
  // Ends it now.
  void drop();

  Loop& loop() { return *loop_; }
  Shared& shared() { return *loop_->shared; }
  const std::optional<crypto::PublicKey>& key() const { return peer_key_; }
  std::size_t slot = 0;  // its place among the loop's connections

 private:
  enum class Phase { handshake, idle, head, body, handling, writing, streaming, lingering, closed };

  void enter(Phase phase, std::int64_t limit_ms);
  std::string_view unread() const { return {in_.data() + in_begin_, in_end_ - in_begin_}; }
  void make_room();
  bool hold(std::size_t bytes);

  void read();
  void on_read(ErrorCode error, std::size_t bytes);
  void process();
  void go_on_reading();
  void send_continue();
  void dispatch();
  void refuse(int status);
  void refuse_busy();

  void respond(Response response);
  void on_written(ErrorCode error);
  void begin_stream(std::shared_ptr<StreamState> state);
  void pump();
  void write_stream();
  void watch_reader();
  void heartbeat();
  void abandon(StreamState& state);

  void linger();
  void discard();

  const std::shared_ptr<Loop> loop_;
  Transport transport_;
  const Peer peer_;
  std::optional<crypto::PublicKey> peer_key_;
  RequestReader reader_;

  Phase phase_ = Phase::idle;
  std::int64_t deadline_ms_ = 0;  // 0: none
  std::vector<char> in_;
  std::size_t in_begin_ = 0, in_end_ = 0;  // what of in_ is not taken yet
  std::string out_head_, out_body_;
  std::size_t held_bytes_ = 0, lingered_bytes_ = 0;
  std::uint64_t requests_ = 0;
  int overdue_status_ = 0;  // what to refuse with once the read that waits has been called off
  bool close_after_ = false, is_head_ = false, sent_continue_ = false;

  std::shared_ptr<StreamState> stream_;
  std::int64_t stream_written_ms_ = 0;
  bool is_writing_ = false;
};

}  // namespace http
