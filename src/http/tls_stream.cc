#include "http/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <boost/asio/buffer.hpp>

#include "base/result.h"

namespace http {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

// How OpenSSL reaches the socket.
struct SocketCalls {
  static TlsStream& of(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    ErrorCode error;
    const auto got =
        of(bio).socket_.receive(asio::buffer(into, static_cast<std::size_t>(size)), 0, error);
    if (error == asio::error::would_block) BIO_set_retry_read(bio);
    of(bio).has_ended_ |= error == asio::error::eof;
    return error ? (error == asio::error::eof ? 0 : -1) : static_cast<int>(got);
  }
  static int write(BIO* bio, const char* from, int size) {
    BIO_clear_retry_flags(bio);
    ErrorCode error;
    const auto sent =
        of(bio).socket_.send(asio::buffer(from, static_cast<std::size_t>(size)), 0, error);
    if (error == asio::error::would_block) BIO_set_retry_write(bio);
    return error ? -1 : static_cast<int>(sent);
  }
  static long control(BIO* bio, int what, long, void*) {  // NOLINT(google-runtime-int)
    if (what == BIO_CTRL_EOF) return of(bio).has_ended_ ? 1 : 0;
    return what == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static const BIO_METHOD* method() {
    static BIO_METHOD* const calls = [] {
      BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
      CHECK(made != nullptr);
      BIO_meth_set_read(made, read);
      BIO_meth_set_write(made, write);
      BIO_meth_set_ctrl(made, control);
      return made;
    }();
    return calls;
  }
};

void TlsStream::Freer::operator()(SSL* ssl) const { SSL_free(ssl); }

TlsStream::TlsStream(SSL_CTX* context, asio::ip::tcp::socket& socket)
    : socket_(socket), ssl_(SSL_new(context)) {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  BIO* bio = BIO_new(SocketCalls::method());
  CHECK(ssl_ != nullptr && bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  // One call of the system fetches as many records as there are.
  SSL_set_read_ahead(ssl_.get(), 1);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_is_server(ssl_.get()) == 1)
    SSL_set_accept_state(ssl_.get());
  else
    SSL_set_connect_state(ssl_.get());
}

TlsStream::~TlsStream() = default;

template <class Call>
TlsStep TlsStream::step(Call call) {
  ERR_clear_error();
  const int outcome = call(ssl_.get());
  if (outcome > 0) return {TlsNext::done, static_cast<std::size_t>(outcome)};
  switch (SSL_get_error(ssl_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
      return {TlsNext::when_readable};
    case SSL_ERROR_WANT_WRITE:
      return {TlsNext::when_writable};
    case SSL_ERROR_ZERO_RETURN:
      return {TlsNext::ended};
    default:
      ERR_clear_error();
      return {TlsNext::failed};
  }
}

TlsStep TlsStream::handshake() {
  return step([](SSL* ssl) { return SSL_do_handshake(ssl); });
}

TlsStep TlsStream::read(std::span<char> into) {
  return step([&](SSL* ssl) { return SSL_read(ssl, into.data(), static_cast<int>(into.size())); });
}

TlsStep TlsStream::write(std::string_view from) {
  return step([&](SSL* ssl) { return SSL_write(ssl, from.data(), static_cast<int>(from.size())); });
}

bool TlsStream::has_unread() const { return SSL_has_pending(ssl_.get()) == 1; }

void TlsStream::say_farewell() {
  step([](SSL* ssl) { return SSL_shutdown(ssl); });
}

}  // namespace http
