#pragma once
// A socket, plain or with TLS on top, as connections of both ends read and write it.

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "http/tls_stream.h"

namespace http {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using tcp = asio::ip::tcp;

// Every `on_done(error, bytes)` is called later, never from inside the call, and keeps the
// transport alive. One read and one write may be on their way at once.
class Transport {
 public:
  // Plain without a context. With one, nothing is read or written before handshake().
  Transport(tcp::socket socket, SSL_CTX* context) : socket_(std::move(socket)), context_(context) {}

  tcp::socket& socket() { return socket_; }
  bool is_secure() const { return context_ != nullptr; }
  // Requires a handshake that is done.
  const SSL* ssl() const { return tls_->ssl(); }
  void say_farewell() {
    if (tls_) tls_->say_farewell();
  }

  // Requires is_secure() and a socket that is connected.
  template <class OnDone>
  void handshake(OnDone on_done) {
    tls_ = std::make_unique<TlsStream>(context_, socket_);
    begin([](TlsStream& tls) { return tls.handshake(); }, std::move(on_done));
  }

  template <class OnDone>
  void read_some(asio::mutable_buffer into, OnDone on_done) {
    if (!tls_) return socket_.async_read_some(into, std::move(on_done));
    const auto step = [into](TlsStream& tls) {
      return tls.read({static_cast<char*>(into.data()), into.size()});
    };
    // Asking the socket at once would mostly find nothing there.
    if (tls_->has_unread())
      begin(step, std::move(on_done));
    else
      wait(tcp::socket::wait_read, step, std::move(on_done));
  }

  // Writes both, which must stay where they are until then.
  template <class OnDone>
  void write(std::string_view head, std::string_view body, OnDone on_done) {
    if (!tls_) {
      const std::array buffers{asio::buffer(head), asio::buffer(body)};
      return asio::async_write(socket_, buffers, std::move(on_done));
    }
    // A small answer is one record.
    const std::size_t joined = std::min(body.size(), joined_bytes_max);
    joined_.assign(head).append(body.substr(0, joined));
    const auto step = [first = std::string_view(joined_), rest = body.substr(joined),
                       all = head.size() + body.size()](TlsStream& tls) mutable -> TlsStep {
      while (!first.empty() || !rest.empty()) {
        std::string_view& part = first.empty() ? rest : first;
        const TlsStep at = tls.write(part);
        if (at.next != TlsNext::done) return at;
        part.remove_prefix(at.bytes);
      }
      return {TlsNext::done, all};
    };
    begin(step, std::move(on_done));
  }

 private:
  static constexpr std::size_t joined_bytes_max = 8 << 10;

  static ErrorCode error_of(TlsNext next) {
    if (next == TlsNext::done) return {};
    if (next == TlsNext::ended) return asio::error::eof;
    return asio::error::connection_reset;
  }
  template <class Step, class OnDone>
  void begin(Step step, OnDone on_done) {
    const TlsStep at = step(*tls_);
    if (waits(at)) return wait(kind_of(at), std::move(step), std::move(on_done));
    asio::post(socket_.get_executor(),
               [at, done = std::move(on_done)]() mutable { done(error_of(at.next), at.bytes); });
  }
  template <class Step, class OnDone>
  void wait(tcp::socket::wait_type kind, Step step, OnDone on_done) {
    socket_.async_wait(
        kind, [this, next = std::move(step), done = std::move(on_done)](ErrorCode error) mutable {
          if (error) return done(error, std::size_t{0});
          const TlsStep at = next(*tls_);
          if (waits(at)) return wait(kind_of(at), std::move(next), std::move(done));
          done(error_of(at.next), at.bytes);
        });
  }
  static bool waits(const TlsStep& at) {
    return at.next == TlsNext::when_readable || at.next == TlsNext::when_writable;
  }
  static tcp::socket::wait_type kind_of(const TlsStep& at) {
    return at.next == TlsNext::when_readable ? tcp::socket::wait_read : tcp::socket::wait_write;
  }

  tcp::socket socket_;
  SSL_CTX* context_;
  std::unique_ptr<TlsStream> tls_;
  std::string joined_;  // what is being written
};

}  // namespace http
