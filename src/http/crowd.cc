#include "http/crowd.h"

#include <vector>

#include <fmt/core.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view begun_request = "POST /v1/sales HTTP/1.1\r\nHost: crowd\r\nX-Slow: ";

}  // namespace

struct Crowd::Parts {
  asio::io_context context;
  std::vector<tcp::socket> sockets;
};

base::Result<std::unique_ptr<Crowd>> Crowd::open(const Dial& dial, std::size_t connections) {
  auto parts = std::make_unique<Parts>();
  boost::system::error_code error;
  const tcp::endpoint to(asio::ip::make_address(dial.address, error), dial.port);
  for (std::size_t i = 0; i < connections && !error; ++i) {
    tcp::socket& socket = parts->sockets.emplace_back(parts->context);
    socket.connect(to, error);
    if (!error) asio::write(socket, asio::buffer(begun_request), error);
    if (!error) socket.non_blocking(true, error);
  }
  if (error)
    return base::fail(base::ErrorCode::io_failed,
                      fmt::format("of the crowd, {} could connect: {}", parts->sockets.size() - 1,
                                  error.message()));
  return std::unique_ptr<Crowd>(new Crowd(std::move(parts)));
}

Crowd::Crowd(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Crowd::~Crowd() = default;

void Crowd::dribble() {
  for (tcp::socket& socket : parts_->sockets) {
    boost::system::error_code error;
    socket.write_some(asio::buffer("x", 1), error);
  }
}

std::size_t Crowd::open_count() {
  std::size_t count = 0;
  for (tcp::socket& socket : parts_->sockets) {
    char byte = 0;
    boost::system::error_code error;
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    count += error == asio::error::would_block;
  }
  return count;
}

}  // namespace http
