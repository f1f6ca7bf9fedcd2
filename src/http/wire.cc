#include "http/wire.h"

#include <chrono>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace http {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t read_bytes_max = 64 << 10;

}  // namespace

struct Wire::Parts {
  explicit Parts(const Dial& the_dial) : dial(the_dial), socket(context) {}

  const Dial dial;
  asio::io_context context;
  tcp::socket socket;
  std::optional<asio::ssl::context> tls;
  std::optional<asio::ssl::stream<tcp::socket&>> secure;
  std::string in = std::string(read_bytes_max, '\0');

  // Begins an operation with `begin(on_done)` and waits for it; past its time the connection ends.
  template <class Begin>
  ErrorCode wait(Begin begin) {
    std::optional<ErrorCode> outcome;
    begin([&outcome](ErrorCode error, auto...) { outcome = error; });
    context.restart();
    context.run_for(std::chrono::milliseconds(dial.timeout_ms));
    if (outcome) return *outcome;
    ErrorCode ignored;
    socket.close(ignored);
    context.run();
    return asio::error::timed_out;
  }

  std::unexpected<base::Error> failure(std::string_view what, ErrorCode error) const {
    return base::fail(
        base::ErrorCode::io_failed,
        fmt::format("{} {} port {}: {}", what, dial.address, dial.port, error.message()));
  }

  base::Result<> shake_hands() {
    if (!dial.pin) return {};
    tls.emplace(TRY(client_context(*dial.pin, dial.own ? &*dial.own : nullptr)).release());
    secure.emplace(socket, *tls);
    const ErrorCode error = wait([&](auto on_done) {
      secure->async_handshake(asio::ssl::stream_base::client, std::move(on_done));
    });
    if (error) return failure("no TLS with", error);
    return {};
  }
};

Wire::Wire(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Wire::~Wire() = default;

base::Result<std::unique_ptr<Wire>> Wire::open(const Dial& dial) {
  ErrorCode error;
  const auto address = asio::ip::make_address(dial.address, error);
  if (error) return base::fail(base::ErrorCode::usage, dial.address + " is not an IP address");
  auto parts = std::make_unique<Parts>(dial);
  error = parts->wait([&](auto on_done) {
    parts->socket.async_connect(tcp::endpoint(address, dial.port), std::move(on_done));
  });
  if (error) return parts->failure("cannot connect to", error);
  parts->socket.set_option(tcp::no_delay(true), error);
  TRY(parts->shake_hands());
  return std::unique_ptr<Wire>(new Wire(std::move(parts)));
}

base::Result<> Wire::write(std::string_view bytes) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  const ErrorCode error = parts_->wait([&](auto on_done) {
    if (parts_->secure)
      asio::async_write(*parts_->secure, buffer, std::move(on_done));
    else
      asio::async_write(parts_->socket, buffer, std::move(on_done));
  });
  if (error) return parts_->failure("cannot write to", error);
  return {};
}

base::Result<std::string> Wire::read() {
  std::size_t size = 0;
  const auto buffer = asio::buffer(parts_->in);
  const ErrorCode error = parts_->wait([&](auto on_done) {
    const auto count = [&size, done = std::move(on_done)](ErrorCode code, std::size_t bytes) {
      size = bytes;
      done(code);
    };
    if (parts_->secure)
      parts_->secure->async_read_some(buffer, count);
    else
      parts_->socket.async_read_some(buffer, count);
  });
  if (error == asio::error::eof) return std::string();
  if (error) return parts_->failure("cannot read from", error);
  return parts_->in.substr(0, size);
}

void Wire::end_sending() {
  ErrorCode ignored;
  parts_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace http
