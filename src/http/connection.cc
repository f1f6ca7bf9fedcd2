#include "http/connection.h"

#include <algorithm>
#include <utility>

#include "base/result.h"

namespace http {
namespace {

constexpr std::size_t read_bytes_first = 4 << 10;
constexpr std::size_t read_bytes_max = 32 << 10;
// Bodies up to here are not counted: there is at most one on each connection.
constexpr std::size_t uncounted_bytes_max = 4 << 10;
constexpr std::size_t linger_bytes_max = 4 << 20;
constexpr std::string_view continue_text = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view heartbeat_text = ":\n\n";

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

}  // namespace

Response busy(const ServerOptions& options) {
  Response response = problem(503);
  response.headers.push_back({"Retry-After", std::to_string(options.retry_after_seconds)});
  return response;
}

Connection::Connection(std::shared_ptr<Loop> loop, tcp::socket socket, Peer peer)
    : loop_(std::move(loop)),
      transport_(std::move(socket), loop_->shared->tls.get()),
      peer_(std::move(peer)),
      reader_(loop_->shared->options.request, loop_->shared->options.headers_wanted) {}

void Connection::enter(Phase phase, std::int64_t limit_ms) {
  phase_ = phase;
  deadline_ms_ = limit_ms == 0 ? 0 : loop_->now_ms() + limit_ms;
}

void Connection::start() {
  if (!transport_.is_secure()) {
    enter(Phase::idle, shared().options.head_ms_max);
    return read();
  }
  enter(Phase::handshake, shared().options.head_ms_max);
  transport_.handshake([self = shared_from_this()](ErrorCode error, std::size_t) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->drop();
    self->peer_key_ = peer_key(self->transport_.ssl());
    self->enter(Phase::idle, self->shared().options.head_ms_max);
    self->read();
  });
}

// --- reading -------------------------------------------------------------------------------------

void Connection::make_room() {
  if (in_begin_ == in_end_) in_begin_ = in_end_ = 0;
  if (in_end_ < in_.size()) return;
  if (in_begin_ > 0) {
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(in_begin_), in_.end(), in_.begin());
    in_end_ -= std::exchange(in_begin_, 0);
    return;
  }
  // One byte more than a head may have, so that its excess is seen.
  const std::size_t size_max =
      std::max(read_bytes_max, shared().options.request.head_bytes_max + 1);
  in_.resize(std::min(size_max, std::max(read_bytes_first, in_.size() * 2)));
  CHECK(in_end_ < in_.size());
}

// Counts what this connection keeps of large bodies. False if that is too much with all others'.
bool Connection::hold(std::size_t bytes) {
  if (bytes <= uncounted_bytes_max) bytes = 0;
  if (bytes == held_bytes_) return true;
  auto& all = shared().buffered_bytes;
  const std::size_t others = all.fetch_add(bytes - held_bytes_) - held_bytes_;
  held_bytes_ = bytes;
  return bytes == 0 || others + bytes <= shared().options.buffered_bytes_max;
}

void Connection::read() {
  make_room();
  transport_.read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                       [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
                         self->on_read(error, bytes);
                       });
}

void Connection::on_read(ErrorCode error, std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  if (overdue_status_ != 0) return refuse(overdue_status_);
  if (error) {
    const bool is_called_off = error == asio::error::operation_aborted && loop_->is_stopping();
    return is_called_off ? linger() : drop();
  }
  in_end_ += bytes;
  process();
}

// Takes what there is of the next request.
void Connection::process() {
  in_begin_ += reader_.feed(unread());
  switch (reader_.state()) {
    case RequestReader::State::refused:
      return refuse(reader_.refusal());
    case RequestReader::State::complete:
      return dispatch();
    case RequestReader::State::head:
    case RequestReader::State::body:
      return go_on_reading();
  }
}

void Connection::go_on_reading() {
  if (reader_.state() == RequestReader::State::head) {
    const bool is_begun = !unread().empty();
    if (!is_begun && loop_->is_stopping()) return linger();
    if (is_begun && phase_ == Phase::idle) enter(Phase::head, shared().options.head_ms_max);
    return read();
  }
  if (phase_ != Phase::body) enter(Phase::body, shared().options.body_ms_max);
  if (!hold(reader_.body_bytes())) return refuse_busy();
  if (reader_.expects_continue() && !std::exchange(sent_continue_, true) && unread().empty())
    return send_continue();
  read();
}

void Connection::send_continue() {
  transport_.write(continue_text, {}, [self = shared_from_this()](ErrorCode error, std::size_t) {
    if (self->phase_ == Phase::closed) return;
    if (self->overdue_status_ != 0) return self->refuse(self->overdue_status_);
    if (error) return self->drop();
    self->read();
  });
}

void Connection::dispatch() {
  const ServerOptions& options = shared().options;
  is_head_ = reader_.is_head_request();
  close_after_ = !reader_.keep_alive() || ++requests_ >= options.requests_per_connection_max;
  const bool has_memory = hold(reader_.body_bytes());
  Request request = reader_.take();
  sent_continue_ = false;
  if (!has_memory) return refuse_busy();
  if (shared().requests_open.fetch_add(1) >= options.requests_in_flight_max) {
    shared().requests_open.fetch_sub(1);
    return refuse_busy();
  }
  shared().requests.fetch_add(1, std::memory_order_relaxed);
  enter(Phase::handling, 0);
  request.peer_address = peer_.address;
  request.peer_key = peer_key_;
  shared().handler.handle(std::move(request), Reply(shared_from_this()));
}

// After bytes that are no request nobody can say where the next one begins.
void Connection::refuse(int status) {
  shared().refused_malformed.fetch_add(1, std::memory_order_relaxed);
  close_after_ = true;
  is_head_ = false;
  respond(problem(status));
}

void Connection::refuse_busy() {
  shared().refused_busy.fetch_add(1, std::memory_order_relaxed);
  if (reader_.state() == RequestReader::State::body) close_after_ = true;
  respond(busy(shared().options));
}

// --- writing -------------------------------------------------------------------------------------

void Connection::take(Delivery delivery) {
  if (phase_ == Phase::closed) {
    if (const auto* state = std::get_if<std::shared_ptr<StreamState>>(&delivery)) abandon(**state);
    return;
  }
  std::visit(Overloaded{
                 [&](Wake) { pump(); },
                 [&](Response& response) { respond(std::move(response)); },
                 [&](std::shared_ptr<StreamState>& state) { begin_stream(std::move(state)); },
             },
             delivery);
}

void Connection::respond(Response response) {
  if (!has_clean_fields(response)) response = problem(500);
  close_after_ = close_after_ || loop_->is_stopping();
  out_head_.clear();
  append_response_head(response, {.date = loop_->date(), .close = close_after_}, out_head_);
  out_body_ = std::move(response.body);
  if (is_head_ || is_bodiless(response.status)) out_body_.clear();
  if (!hold(out_body_.size())) return drop();
  const ServerOptions& options = shared().options;
  enter(Phase::writing, options.write_ms_max + static_cast<std::int64_t>(out_body_.size()) /
                                                   options.write_bytes_per_ms_min);
  transport_.write(out_head_, out_body_, [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->on_written(error);
  });
}

void Connection::on_written(ErrorCode error) {
  if (phase_ == Phase::closed) return;
  if (error) return drop();
  out_body_ = {};
  hold(0);
  if (close_after_) return linger();
  enter(Phase::idle, shared().options.idle_ms_max);
  process();
}

// --- streams -------------------------------------------------------------------------------------

void Connection::begin_stream(std::shared_ptr<StreamState> state) {
  stream_ = std::move(state);
  hold(0);
  const Response response{200, "text/event-stream", {}, {}};
  out_head_.clear();
  append_response_head(response, {.date = loop_->date(), .stream = true}, out_head_);
  enter(Phase::streaming, 0);
  stream_written_ms_ = loop_->now_ms();
  watch_reader();
  write_stream();
}

// Writes what waits. The stream ends when the sender says so, or when the server stops.
void Connection::pump() {
  if (phase_ != Phase::streaming) return;
  std::unique_lock lock(stream_->mutex);
  if (stream_->cut) {
    lock.unlock();
    return drop();
  }
  if (is_writing_) return;
  stream_->woken = false;
  out_head_.clear();
  std::swap(out_head_, stream_->pending);
  stream_->writing_bytes = out_head_.size();
  const bool is_over = stream_->ended || loop_->is_stopping();
  lock.unlock();
  if (is_head_ || (out_head_.empty() && is_over)) return linger();
  if (!out_head_.empty()) write_stream();
}

void Connection::write_stream() {
  is_writing_ = true;
  deadline_ms_ = loop_->now_ms() + shared().options.write_ms_max;
  transport_.write(out_head_, {}, [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->is_writing_ = false;
    if (self->phase_ != Phase::streaming) return;
    if (error) return self->drop();
    self->deadline_ms_ = 0;
    self->stream_written_ms_ = self->loop_->now_ms();
    self->pump();
  });
}

// A reader of events has nothing to say; that it is gone shows in a read.
void Connection::watch_reader() {
  in_.resize(read_bytes_first);
  transport_.read_some(asio::buffer(in_),
                       [self = shared_from_this()](ErrorCode error, std::size_t) {
                         if (self->phase_ == Phase::lingering) return self->discard();
                         if (self->phase_ != Phase::streaming) return;
                         if (error) return self->drop();
                         self->watch_reader();
                       });
}

void Connection::heartbeat() {
  if (is_writing_ || loop_->now_ms() - stream_written_ms_ < shared().options.heartbeat_ms) return;
  out_head_ = heartbeat_text;
  write_stream();
}

// --- ends ----------------------------------------------------------------------------------------

void Connection::check() {
  if (phase_ == Phase::streaming) heartbeat();
  if (deadline_ms_ == 0 || loop_->now_ms() < deadline_ms_) return;
  const bool is_late = phase_ != Phase::idle && phase_ != Phase::lingering;
  if (is_late) shared().timed_out.fetch_add(1, std::memory_order_relaxed);
  if (phase_ == Phase::streaming) shared().streams_cut.fetch_add(1, std::memory_order_relaxed);
  if ((phase_ != Phase::head && phase_ != Phase::body) || overdue_status_ != 0) return drop();
  overdue_status_ = 408;
  deadline_ms_ = loop_->now_ms() + shared().options.linger_ms_max;
  ErrorCode ignored;
  transport_.socket().cancel(ignored);
}

void Connection::end_gently() {
  ErrorCode ignored;
  if (phase_ == Phase::handshake) return drop();
  if (phase_ == Phase::idle) transport_.socket().cancel(ignored);
  if (phase_ == Phase::streaming) pump();
}

// The last response is sent; the connection stays until the peer has seen it. Closed at once with
// bytes of the peer still unread, the system would take back what it has not delivered.
void Connection::linger() {
  const bool was_stream = phase_ == Phase::streaming;
  enter(Phase::lingering, shared().options.linger_ms_max);
  transport_.say_farewell();
  ErrorCode ignored;
  transport_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  if (!was_stream) discard();  // of a stream, watch_reader goes on to discard
}

void Connection::discard() {
  in_.resize(read_bytes_max);
  transport_.socket().async_read_some(
      asio::buffer(in_), [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
        if (self->phase_ == Phase::closed) return;
        self->lingered_bytes_ += bytes;
        if (error || self->lingered_bytes_ > linger_bytes_max) return self->drop();
        self->discard();
      });
}

// Nothing can be sent any more. Both ends held each other until now.
void Connection::abandon(StreamState& state) {
  const std::lock_guard lock(state.mutex);
  state.connection.reset();
  shared().streams_open.fetch_sub(1);
}

void Connection::drop() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  phase_ = Phase::closed;
  hold(0);
  ErrorCode ignored;
  transport_.socket().close(ignored);
  if (stream_) abandon(*std::exchange(stream_, nullptr));
  loop_->remove(*this);
  shared().census.leave(peer_.census_name);
}

}  // namespace http
