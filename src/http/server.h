#pragma once
// The HTTP server that one site stands behind: HTTP/1.1, plain on loopback or TLS 1.3, bounded.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/certificate.h"
#include "http/message.h"
#include "http/request_reader.h"
#include "io/clock.h"

namespace http {

class Connection;
struct StreamState;

struct ServerOptions {
  std::string address = "127.0.0.1";      // an IP address; without certificates it must be loopback
  std::uint16_t port = 0;                 // 0: any free one, see Server::port
  std::vector<Certificate> certificates;  // with any: TLS 1.3 and nothing else
  int threads = 1;
  std::vector<std::string> headers_wanted;  // what Request::headers may hold

  RequestLimits request;
  std::size_t connections_max = 20'000;
  std::size_t connections_per_address_max = 1'024;  // an IPv6 /64 counts as one address
  std::size_t requests_in_flight_max = 4'096;       // handed to the handler, not yet answered
  std::size_t streams_max = 1'024;
  std::size_t stream_bytes_max = 256 << 10;    // unsent bytes of a stream; beyond: it is cut off
  std::size_t buffered_bytes_max = 256 << 20;  // bodies of all requests and unsent responses
  std::uint64_t requests_per_connection_max = 1'000'000;

  // Milliseconds. They are looked at ten times a second.
  std::int64_t idle_ms_max = 60'000;     // between requests
  std::int64_t head_ms_max = 10'000;     // TLS handshake; first byte of a request to end of head
  std::int64_t body_ms_max = 30'000;     // end of head to end of body
  std::int64_t write_ms_max = 30'000;    // a response, on top of its size at write_bytes_per_ms_min
  std::int64_t linger_ms_max = 2'000;    // for the peer to take the last response before the end
  std::int64_t heartbeat_ms = 15'000;    // silence on a stream before a comment is sent
  std::int64_t retry_after_seconds = 1;  // told with every 503
  std::int64_t write_bytes_per_ms_min = 8;
};

// One client's reading end of server-sent events. All calls may come from any thread.
class Stream {
 public:
  Stream() = default;
  explicit Stream(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&& other) noexcept;
  // Ends the stream once everything is sent.
  ~Stream();

  // Queues an event. False if the client is gone, or was cut off because it reads too slowly; it
  // may come back with Last-Event-ID.
  bool send(const Event& event);
  // False once nothing can be sent any more.
  bool is_open() const;

 private:
  std::shared_ptr<StreamState> state_;
};

// The right and the duty to answer one request, exactly once, now or later, from any thread. A
// Reply that goes unanswered answers 500.
class Reply {
 public:
  explicit Reply(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&& other) noexcept;
  ~Reply();

  // Requires that nothing was answered yet.
  void answer(Response response);
  // Answers 200 with text/event-stream. With streams_max open already the client gets 503, and the
  // stream is not open. Requires that nothing was answered yet.
  Stream stream();

 private:
  std::shared_ptr<Connection> connection_;
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Called on the network threads, by several at once: it must not wait for anything.
  virtual void handle(Request request, Reply reply) = 0;
};

// Counted since the start, but for those with "open" in their name.
struct ServerCounts {
  std::uint64_t connections = 0, connections_open = 0, connections_refused = 0;
  std::uint64_t requests = 0, requests_open = 0;  // handed to the handler
  std::uint64_t refused_malformed = 0;            // answered with 4xx or 5xx before the handler
  std::uint64_t refused_busy = 0;                 // 503: too many in flight, too much memory
  std::uint64_t timed_out = 0;                    // slow heads, bodies, readers
  std::uint64_t streams_open = 0, streams_cut = 0;
};

class Server {
 public:
  // Listens and serves at once. The handler and the clock must outlive the server, and the handler
  // must go on answering while stop() waits. Errors: usage (options that do not fit together),
  // input_bad (a certificate), io_failed (the address cannot be listened on).
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler& handler,
                                                     io::Clock& clock = io::real_clock());
  // Stops with no patience.
  ~Server();

  std::uint16_t port() const;
  ServerCounts counts() const;

  // Ends the connections of peers who proved to hold a key that `is_ended` says so of; nothing more
  // is written to them. From any thread; it happens soon after, on the network threads.
  void end_connections(const std::function<bool(const crypto::PublicKey& key)>& is_ended);

  // Accepts no more connections and no more requests, waits until every request that the handler
  // has is answered and the answer taken by the client, then closes. True if all of that happened
  // within `patience_ms`; what is still open then is cut off. Only the first call does anything.
  bool stop(std::int64_t patience_ms);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace http
