#include "http/client.h"

#include <utility>

#include <fmt/core.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/text.h"

namespace http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::response_parser<beast::http::string_body>;

base::Result<> take(Parser& parser, std::string& unread) {
  beast::error_code error;
  const std::size_t taken =
      parser.put(boost::asio::const_buffer(unread.data(), unread.size()), error);
  unread.erase(0, taken);
  if (error == beast::http::error::body_limit)
    return base::fail(base::ErrorCode::input_too_large, "a response is too large");
  if (error && error != beast::http::error::need_more)
    return base::fail(base::ErrorCode::input_bad, "a response is no HTTP: " + error.message());
  return {};
}

base::Result<> take_end(Parser& parser) {
  beast::error_code error = beast::http::error::end_of_stream;
  if (parser.got_some()) parser.put_eof(error);
  if (error) return base::fail(base::ErrorCode::io_failed, "the server ended the connection early");
  return {};
}

Response response_of(Parser& parser) {
  Response response;
  response.status = static_cast<int>(parser.get().result_int());
  response.body = std::move(parser.get().body());
  for (const auto& field : parser.get())
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  response.type = std::string(parser.get()[beast::http::field::content_type]);
  return response;
}

base::Result<std::unique_ptr<Parser>> read_response(Wire& wire, bool is_head,
                                                    std::size_t body_bytes_max) {
  auto parser = std::make_unique<Parser>();
  parser->eager(true);
  parser->skip(is_head);
  parser->body_limit(body_bytes_max);
  std::string unread;
  while (!parser->is_done()) {
    const std::string more = TRY(wire.read());
    if (more.empty()) {
      TRY(take_end(*parser));
      break;
    }
    unread += more;
    TRY(take(*parser, unread));
  }
  return parser;
}

}  // namespace

std::string request_text(const ClientRequest& request, std::string_view host) {
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", name(request.method), request.target, host);
  const bool may_have_body = request.method != Method::get && request.method != Method::head;
  if (may_have_body || !request.body.empty())
    text += fmt::format("Content-Length: {}\r\n", request.body.size());
  for (const auto& field : request.headers)
    text += fmt::format("{}: {}\r\n", field.name, field.value);
  return text + "\r\n" + request.body;
}

Client::Client(Dial dial, std::size_t body_bytes_max)
    : dial_(std::move(dial)), body_bytes_max_(body_bytes_max) {}
Client::~Client() = default;

base::Result<Response> Client::send(const ClientRequest& request) {
  auto response = exchange(request);
  if (!response) wire_.reset();
  return response;
}

base::Result<Response> Client::exchange(const ClientRequest& request) {
  for (const auto& field : request.headers)
    if (!is_field_name(field.name) || !is_field_value(field.value))
      return base::fail(base::ErrorCode::input_bad, "no header may look like " + field.name);
  if (!wire_) wire_ = TRY(Wire::open(dial_));
  TRY(wire_->write(request_text(request, dial_.address)));
  const auto parser = TRY(read_response(*wire_, request.method == Method::head, body_bytes_max_));
  if (!parser->keep_alive()) wire_.reset();
  return response_of(*parser);
}

}  // namespace http
