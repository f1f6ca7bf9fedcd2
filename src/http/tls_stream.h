#pragma once
// One end of a TLS connection on a socket that does not block. It never waits: it says for what.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <openssl/types.h>
#include <boost/asio/ip/tcp.hpp>

namespace http {

enum class TlsNext : std::uint8_t {
  done,
  when_readable,  // the same call again, once the socket can be read
  when_writable,
  ended,  // the peer says nothing more
  failed,
};
struct TlsStep {
  TlsNext next = TlsNext::done;
  std::size_t bytes = 0;  // that were read or written
};

class TlsStream {
 public:
  // Client or server as the context is. The socket must be connected and stay where it is; it is
  // made not to block.
  TlsStream(SSL_CTX* context, boost::asio::ip::tcp::socket& socket);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  TlsStep handshake();
  // At least one byte if it is done. Requires a handshake that is done, and some room.
  TlsStep read(std::span<char> into);
  // At least one byte of these. Requires the same, and some bytes; a call again may have moved
  // them.
  TlsStep write(std::string_view from);
  // There are bytes of the peer that were taken from the socket already.
  bool has_unread() const;
  // Tells the peer that nothing more comes, if the socket takes it at once.
  void say_farewell();

  const SSL* ssl() const { return ssl_.get(); }

 private:
  struct Freer {
    void operator()(SSL* ssl) const;
  };
  friend struct SocketCalls;
  template <class Call>
  TlsStep step(Call call);

  boost::asio::ip::tcp::socket& socket_;
  bool has_ended_ = false;  // the socket gives nothing more
  std::unique_ptr<SSL, Freer> ssl_;
};

}  // namespace http
